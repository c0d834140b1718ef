/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb show: one deal as the provider's side sees it. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "shapes.h"

static gint show_revision;

const GOptionEntry ctl_show_options[] = { { "revision", 0, 0, G_OPTION_ARG_INT, &show_revision,
                                            N_ ("With this revision's lines and terms"), "N" },
                                          G_OPTION_ENTRY_NULL };

/* "Linden Market GmbH (linden)" */
static char *
format_customer (const DdJsonNode *row)
{
  const char *name = ctl_shape_text (row, "customerName");
  const char *id = ctl_shape_text (row, "customer");

  return *name == '\0' ? g_strdup (id) : g_strdup_printf ("%s (%s)", name, id);
}

/* The clauses that still wait to be acknowledged. */
static char *
format_asks (const DdJsonNode *row)
{
  const DdJsonNode *asks = dd_json_member (row, "asks");
  GString *text = g_string_new (NULL);

  if (asks != NULL && dd_json_type (asks) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (asks); each != NULL; each = dd_json_next (each))
      {
        if (ctl_shape_is_true (each, "acknowledged"))
          continue;
        g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ", ", ctl_shape_text (each, "clause"));
      }
  return g_string_free (text, FALSE);
}

static const CtlField deal_fields[] = {
  { "id", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "title", N_ ("Title"), CTL_CELL_PROSE, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "customer", N_ ("Customer"), CTL_CELL_TEXT, format_customer },
  { "customerName", NULL, CTL_CELL_TEXT, NULL },
  { "externalId", N_ ("Customer's number"), CTL_CELL_TEXT, NULL },
  { "owner", N_ ("Owner"), CTL_CELL_TEXT, NULL },
  { "openedAt", N_ ("Opened"), CTL_CELL_TIME, NULL },
  { "updatedAt", N_ ("Updated"), CTL_CELL_TIME, NULL },
  { "expires", N_ ("Expires"), CTL_CELL_TIME, NULL },
  { "accepted", N_ ("Accepted revision"), CTL_CELL_NUMBER, NULL },
  { "agreement", N_ ("Agreement"), CTL_CELL_DIGEST, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  { "development", N_ ("Development store"), CTL_CELL_YES, NULL },
  { "number", NULL, CTL_CELL_DATA, NULL },
  { "kept", NULL, CTL_CELL_DATA, NULL },
  { "proposal", NULL, CTL_CELL_DATA, NULL },
  CTL_FIELD_END,
};

static const CtlField revision_fields[] = {
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "side", N_ ("By"), CTL_CELL_TEXT, NULL },
  { "author", N_ ("Author"), CTL_CELL_TEXT | CTL_GIVES_WAY (4), NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "answers", N_ ("Answers"), CTL_CELL_NUMBER | CTL_GIVES_WAY (5), NULL },
  { "variant", N_ ("Variant"), CTL_CELL_YES, NULL },
  { "openChoice", N_ ("Open choice"), CTL_CELL_YES, NULL },
  { "summary", N_ ("Total"), CTL_CELL_MEMBERS, ctl_shape_totals },
  { "tabledAt", N_ ("Tabled"), CTL_CELL_TIME | CTL_GIVES_WAY (6), NULL },
  { "validUntil", N_ ("Valid until"), CTL_CELL_TIME | CTL_GIVES_WAY (1), NULL },
  { "irrevocableUntil", N_ ("Irrevocable until"), CTL_CELL_TIME | CTL_GIVES_WAY (3), NULL },
  { "asks", N_ ("To acknowledge"), CTL_CELL_MEMBERS | CTL_GIVES_WAY (2), format_asks },
  { "fingerprint", N_ ("Fingerprint"), CTL_CELL_DIGEST | CTL_GIVES_WAY (7), NULL },
  { "sheet", NULL, CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlField request_fields[] = {
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "kind", N_ ("To"), CTL_CELL_TEXT | CTL_GIVES_WAY (1), NULL },
  { "requester", N_ ("Asked by"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "since", N_ ("Since"), CTL_CELL_TIME | CTL_GIVES_WAY (6), NULL },
  { "sheet", NULL, CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection request_steps = { "steps", NULL, CTL_SHAPE_ROWS, ctl_step_fields, NULL, NULL };

static const CtlField question_fields[] = {
  { "number", N_ ("Question"), CTL_CELL_NUMBER, NULL },
  { "side", N_ ("By"), CTL_CELL_TEXT, NULL },
  { "subject", N_ ("About"), CTL_CELL_PROSE, NULL },
  { "text", N_ ("Text"), CTL_CELL_PROSE, NULL },
  { "answered", N_ ("Answered"), CTL_CELL_YES, NULL },
  { "answer", N_ ("Answer"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlField signature_fields[] = {
  { "side", N_ ("Side"), CTL_CELL_TEXT, NULL },
  { "person", N_ ("Person"), CTL_CELL_TEXT, NULL },
  { "time", N_ ("Time"), CTL_CELL_TIME, NULL },
  CTL_FIELD_END,
};

static const CtlSection show_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, deal_fields, NULL, NULL },
  { "revisions", N_ ("Revisions"), CTL_SHAPE_ROWS, revision_fields, NULL, NULL },
  { "requests", N_ ("Open approvals"), CTL_SHAPE_ROWS, request_fields, &request_steps, NULL },
  { "questions", N_ ("Questions"), CTL_SHAPE_ROWS, question_fields, NULL, NULL },
  { "signatures", N_ ("Signatures"), CTL_SHAPE_ROWS, signature_fields, NULL, NULL },
  { "orders", N_ ("Orders"), CTL_SHAPE_ROWS, ctl_order_fields, NULL, NULL },
  { "remarks", N_ ("Kept from the request, and not understood"), CTL_SHAPE_VALUES, ctl_remark_fields, NULL,
    NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_show_forms[] = { { "", show_sections }, CTL_FORM_END };

/* "percent-off 12%, unit-override EUR 380.00 on rental" */
static char *
format_alterations (const DdJsonNode *row)
{
  const DdJsonNode *alterations = dd_json_member (row, "alterations");
  GString *text = g_string_new (NULL);

  if (alterations != NULL && dd_json_type (alterations) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (alterations); each != NULL; each = dd_json_next (each))
      {
        const char *charge = ctl_shape_text (each, "charge");

        g_string_append_printf (text, "%s%s %s%s%s", text->len == 0 ? "" : ", ",
                                ctl_shape_text (each, "kind"), ctl_shape_text (each, "value"),
                                *charge == '\0' ? "" : _ (" on "), charge);
      }
  return g_string_free (text, FALSE);
}

static const CtlField proposal_fields[] = {
  { "commitment", N_ ("Months"), CTL_CELL_NUMBER, NULL },
  { "currency", N_ ("Currency"), CTL_CELL_TEXT, NULL },
  { "effectiveFrom", N_ ("Effective from"), CTL_CELL_TEXT, NULL },
  { "effectiveTo", N_ ("Effective to"), CTL_CELL_TEXT, NULL },
  { "billingDay", N_ ("Billing day"), CTL_CELL_NUMBER, NULL },
  { "note", N_ ("Note"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlField line_fields[] = {
  { "id", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "action", N_ ("Action"), CTL_CELL_TEXT | CTL_GIVES_WAY (1), NULL },
  { "quantity", N_ ("Quantity"), CTL_CELL_QUANTITY, NULL },
  { "offering", N_ ("Offering"), CTL_CELL_TEXT, NULL },
  { "askedOffering", N_ ("Asked for"), CTL_CELL_TEXT | CTL_GIVES_WAY (3), NULL },
  { "name", N_ ("Name"), CTL_CELL_PROSE, NULL },
  { "site", N_ ("Site"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "commitment", N_ ("Months"), CTL_CELL_NUMBER | CTL_GIVES_WAY (4), NULL },
  { "start", N_ ("Starts on"), CTL_CELL_TEXT | CTL_GIVES_WAY (6), NULL },
  { "optional", N_ ("Optional"), CTL_CELL_YES | CTL_GIVES_WAY (5), NULL },
  { "chosen", N_ ("Chosen"), CTL_CELL_TEXT, NULL },
  { "alterations", N_ ("Negotiated"), CTL_CELL_MEMBERS, format_alterations },
  CTL_FIELD_END,
};

static const CtlField spread_fields[] = {
  { "kind", N_ ("Kind"), CTL_CELL_TEXT, NULL },
  { "value", N_ ("Value"), CTL_CELL_NUMBER, NULL },
  { "currency", N_ ("Currency"), CTL_CELL_TEXT, NULL },
  { "type", N_ ("Over"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  CTL_FIELD_END,
};

static const CtlField term_fields[] = {
  { "clause", N_ ("Clause"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "rung", N_ ("Rung"), CTL_CELL_TEXT, NULL },
  { "title", N_ ("Title"), CTL_CELL_PROSE, NULL },
  { "origin", N_ ("By"), CTL_CELL_TEXT, NULL },
  { "acknowledge", N_ ("To acknowledge"), CTL_CELL_YES | CTL_GIVES_WAY (1), NULL },
  CTL_FIELD_END,
};

static const CtlField part_fields[] = {
  { "id", N_ ("Order"), CTL_CELL_TEXT, NULL },
  { "requestedDate", N_ ("Wanted on"), CTL_CELL_TEXT, NULL },
  { "lines", N_ ("Lines"), CTL_CELL_LIST, NULL },
  CTL_FIELD_END,
};

static const CtlSection proposal_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, proposal_fields, NULL, NULL },
  { "lines", N_ ("Lines"), CTL_SHAPE_ROWS, line_fields, NULL, NULL },
  { "spread", N_ ("Over the deal"), CTL_SHAPE_ROWS, spread_fields, NULL, NULL },
  { "terms", N_ ("Terms"), CTL_SHAPE_ROWS, term_fields, NULL, NULL },
  { "orders", N_ ("To be ordered together"), CTL_SHAPE_ROWS, part_fields, NULL, NULL },
  CTL_SECTION_END,
};

gboolean
ctl_verb_show (CtlRun *run, GError **error)
{
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *proposal;

  if (show_revision < 0)
    return ctl_usage (error, _ ("--revision is a revision, from 1"));
  json = ctl_run_get (run, (guint)show_revision, error);
  if (json == NULL || !ctl_run_print (run, show_sections, dd_json_root (json), error))
    return FALSE;
  proposal = dd_json_member (dd_json_root (json), "proposal");
  if (run->json || proposal == NULL)
    return TRUE;
  return ctl_run_print_text ("\n", error) && ctl_run_print (run, proposal_sections, proposal, error);
}
