/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb show: one deal as the provider's side sees it. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "shapes.h"

static gint show_revision;

const GOptionEntry ctl_show_options[] = { { "revision", 0, 0, G_OPTION_ARG_INT, &show_revision,
                                            "With this revision's lines and terms", "N" },
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
  { "id", "Deal", CTL_CELL_TEXT, NULL },
  { "title", "Title", CTL_CELL_TEXT, NULL },
  { "state", "State", CTL_CELL_TEXT, NULL },
  { "customer", "Customer", CTL_CELL_TEXT, format_customer },
  { "customerName", NULL, CTL_CELL_TEXT, NULL },
  { "externalId", "Customer's number", CTL_CELL_TEXT, NULL },
  { "owner", "Owner", CTL_CELL_TEXT, NULL },
  { "openedAt", "Opened", CTL_CELL_TIME, NULL },
  { "updatedAt", "Updated", CTL_CELL_TIME, NULL },
  { "expires", "Expires", CTL_CELL_TIME, NULL },
  { "accepted", "Accepted revision", CTL_CELL_TEXT, NULL },
  { "agreement", "Agreement", CTL_CELL_DIGEST, NULL },
  { "version", "Version", CTL_CELL_TEXT, NULL },
  { "head", "Chain head", CTL_CELL_DIGEST, NULL },
  { "development", "Development store", CTL_CELL_YES, NULL },
  { "number", NULL, CTL_CELL_DATA, NULL },
  { "kept", NULL, CTL_CELL_DATA, NULL },
  { "proposal", NULL, CTL_CELL_DATA, NULL },
  CTL_FIELD_END,
};

static const CtlField revision_fields[] = {
  { "revision", "Revision", CTL_CELL_NUMBER, NULL },
  { "side", "By", CTL_CELL_TEXT, NULL },
  { "author", "Author", CTL_CELL_TEXT, NULL },
  { "state", "State", CTL_CELL_TEXT, NULL },
  { "answers", "Answers", CTL_CELL_NUMBER, NULL },
  { "variant", "Variant", CTL_CELL_YES, NULL },
  { "openChoice", "Open choice", CTL_CELL_YES, NULL },
  { "summary", "Total", CTL_CELL_TEXT, ctl_shape_totals },
  { "tabledAt", "Tabled", CTL_CELL_TIME, NULL },
  { "validUntil", "Valid until", CTL_CELL_TIME, NULL },
  { "irrevocableUntil", "Irrevocable until", CTL_CELL_TIME, NULL },
  { "asks", "To acknowledge", CTL_CELL_TEXT, format_asks },
  { "fingerprint", "Fingerprint", CTL_CELL_DIGEST, NULL },
  { "sheet", NULL, CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlField request_fields[] = {
  { "revision", "Revision", CTL_CELL_NUMBER, NULL }, { "kind", "To", CTL_CELL_TEXT, NULL },
  { "requester", "Asked by", CTL_CELL_TEXT, NULL },  { "since", "Since", CTL_CELL_TIME, NULL },
  { "sheet", NULL, CTL_CELL_DIGEST, NULL },          CTL_FIELD_END,
};

static const CtlSection request_steps = { "steps", NULL, CTL_SHAPE_ROWS, ctl_step_fields, NULL, NULL };

static const CtlField question_fields[] = {
  { "number", "Question", CTL_CELL_NUMBER, NULL },
  { "side", "By", CTL_CELL_TEXT, NULL },
  { "subject", "About", CTL_CELL_TEXT, NULL },
  { "text", "Text", CTL_CELL_TEXT, NULL },
  { "answered", "Answered", CTL_CELL_YES, NULL },
  { "answer", "Answer", CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField signature_fields[] = {
  { "side", "Side", CTL_CELL_TEXT, NULL },
  { "person", "Person", CTL_CELL_TEXT, NULL },
  { "time", "Time", CTL_CELL_TIME, NULL },
  CTL_FIELD_END,
};

static const CtlSection show_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, deal_fields, NULL, NULL },
  { "revisions", "Revisions", CTL_SHAPE_ROWS, revision_fields, NULL, NULL },
  { "requests", "Open approvals", CTL_SHAPE_ROWS, request_fields, &request_steps, NULL },
  { "questions", "Questions", CTL_SHAPE_ROWS, question_fields, NULL, NULL },
  { "signatures", "Signatures", CTL_SHAPE_ROWS, signature_fields, NULL, NULL },
  { "orders", "Orders", CTL_SHAPE_ROWS, ctl_order_fields, NULL, NULL },
  { "remarks", "Kept from the request, and not understood", CTL_SHAPE_ROWS, ctl_remark_fields, NULL, NULL },
  CTL_SECTION_END,
};

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
                                *charge == '\0' ? "" : " on ", charge);
      }
  return g_string_free (text, FALSE);
}

static const CtlField proposal_fields[] = {
  { "commitment", "Months", CTL_CELL_TEXT, NULL },
  { "currency", "Currency", CTL_CELL_TEXT, NULL },
  { "effectiveFrom", "Effective from", CTL_CELL_TEXT, NULL },
  { "effectiveTo", "Effective to", CTL_CELL_TEXT, NULL },
  { "note", "Note", CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField line_fields[] = {
  { "id", "Line", CTL_CELL_TEXT, NULL },
  { "action", "Action", CTL_CELL_TEXT, NULL },
  { "quantity", "Quantity", CTL_CELL_NUMBER, NULL },
  { "offering", "Offering", CTL_CELL_TEXT, NULL },
  { "askedOffering", "Asked for", CTL_CELL_TEXT, NULL },
  { "name", "Name", CTL_CELL_TEXT, NULL },
  { "site", "Site", CTL_CELL_TEXT, NULL },
  { "commitment", "Months", CTL_CELL_NUMBER, NULL },
  { "optional", "Optional", CTL_CELL_YES, NULL },
  { "chosen", "Chosen", CTL_CELL_TEXT, NULL },
  { "alterations", "Negotiated", CTL_CELL_TEXT, format_alterations },
  CTL_FIELD_END,
};

static const CtlField spread_fields[] = {
  { "kind", "Kind", CTL_CELL_TEXT, NULL },
  { "value", "Value", CTL_CELL_NUMBER, NULL },
  { "currency", "Currency", CTL_CELL_TEXT, NULL },
  { "type", "Over", CTL_CELL_TEXT, ctl_shape_charge_kind },
  CTL_FIELD_END,
};

static const CtlField term_fields[] = {
  { "clause", "Clause", CTL_CELL_TEXT, NULL },
  { "version", "Version", CTL_CELL_TEXT, NULL },
  { "rung", "Rung", CTL_CELL_TEXT, NULL },
  { "title", "Title", CTL_CELL_TEXT, NULL },
  { "origin", "By", CTL_CELL_TEXT, NULL },
  { "acknowledge", "To acknowledge", CTL_CELL_YES, NULL },
  CTL_FIELD_END,
};

static const CtlField part_fields[] = {
  { "id", "Order", CTL_CELL_TEXT, NULL },
  { "requestedDate", "Wanted on", CTL_CELL_TEXT, NULL },
  { "lines", "Lines", CTL_CELL_LIST, NULL },
  CTL_FIELD_END,
};

static const CtlSection proposal_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, proposal_fields, NULL, NULL },
  { "lines", "Lines", CTL_SHAPE_ROWS, line_fields, NULL, NULL },
  { "spread", "Over the deal", CTL_SHAPE_ROWS, spread_fields, NULL, NULL },
  { "terms", "Terms", CTL_SHAPE_ROWS, term_fields, NULL, NULL },
  { "orders", "To be ordered together", CTL_SHAPE_ROWS, part_fields, NULL, NULL },
  CTL_SECTION_END,
};

gboolean
ctl_verb_show (CtlRun *run, GError **error)
{
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *proposal;

  if (show_revision < 0)
    return ctl_usage (error, "--revision is a revision, from 1");
  json = ctl_run_get (run, (guint)show_revision, error);
  if (json == NULL || !ctl_run_print (run, show_sections, dd_json_root (json), error))
    return FALSE;
  proposal = dd_json_member (dd_json_root (json), "proposal");
  if (run->json || proposal == NULL)
    return TRUE;
  return ctl_run_print_text ("\n", error) && ctl_run_print (run, proposal_sections, proposal, error);
}
