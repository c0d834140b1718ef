/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb show: one deal as the provider's side sees it. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "shapes.h"

static gint show_revision;

const GOptionEntry dd_show_options[] = { { "revision", 0, 0, G_OPTION_ARG_INT, &show_revision,
                                           "With this revision's lines and terms", "N" },
                                         G_OPTION_ENTRY_NULL };

/* "Linden Market GmbH (linden)" */
static char *
format_customer (const DdJsonNode *row)
{
  const char *name = dd_shape_text (row, "customerName");
  const char *id = dd_shape_text (row, "customer");

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
        const DdJsonNode *done = dd_json_member (each, "acknowledged");

        if (done != NULL && dd_json_type (done) == DD_JSON_BOOLEAN && dd_json_boolean (done))
          continue;
        g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ", ", dd_shape_text (each, "clause"));
      }
  return g_string_free (text, FALSE);
}

static const DdField deal_fields[] = {
  { "id", "Deal", DD_CELL_TEXT, NULL },
  { "title", "Title", DD_CELL_TEXT, NULL },
  { "state", "State", DD_CELL_TEXT, NULL },
  { "customer", "Customer", DD_CELL_TEXT, format_customer },
  { "customerName", NULL, DD_CELL_TEXT, NULL },
  { "externalId", "Customer's number", DD_CELL_TEXT, NULL },
  { "owner", "Owner", DD_CELL_TEXT, NULL },
  { "openedAt", "Opened", DD_CELL_TIME, NULL },
  { "updatedAt", "Updated", DD_CELL_TIME, NULL },
  { "expires", "Expires", DD_CELL_TIME, NULL },
  { "accepted", "Accepted revision", DD_CELL_TEXT, NULL },
  { "agreement", "Agreement", DD_CELL_DIGEST, NULL },
  { "version", "Version", DD_CELL_TEXT, NULL },
  { "head", "Chain head", DD_CELL_DIGEST, NULL },
  { "development", "Development store", DD_CELL_YES, NULL },
  { "number", NULL, DD_CELL_DATA, NULL },
  { "kept", NULL, DD_CELL_DATA, NULL },
  { "proposal", NULL, DD_CELL_DATA, NULL },
  DD_FIELD_END,
};

static const DdField revision_fields[] = {
  { "revision", "Revision", DD_CELL_NUMBER, NULL },
  { "side", "By", DD_CELL_TEXT, NULL },
  { "author", "Author", DD_CELL_TEXT, NULL },
  { "state", "State", DD_CELL_TEXT, NULL },
  { "answers", "Answers", DD_CELL_NUMBER, NULL },
  { "variant", "Variant", DD_CELL_YES, NULL },
  { "openChoice", "Open choice", DD_CELL_YES, NULL },
  { "summary", "Total", DD_CELL_TEXT, dd_shape_totals },
  { "tabledAt", "Tabled", DD_CELL_TIME, NULL },
  { "validUntil", "Valid until", DD_CELL_TIME, NULL },
  { "irrevocableUntil", "Irrevocable until", DD_CELL_TIME, NULL },
  { "asks", "To acknowledge", DD_CELL_TEXT, format_asks },
  { "fingerprint", "Fingerprint", DD_CELL_DIGEST, NULL },
  { "sheet", NULL, DD_CELL_DIGEST, NULL },
  DD_FIELD_END,
};

static const DdField request_fields[] = {
  { "revision", "Revision", DD_CELL_NUMBER, NULL }, { "kind", "To", DD_CELL_TEXT, NULL },
  { "requester", "Asked by", DD_CELL_TEXT, NULL },  { "since", "Since", DD_CELL_TIME, NULL },
  { "sheet", NULL, DD_CELL_DIGEST, NULL },          DD_FIELD_END,
};

static const DdSection request_steps = { "steps", NULL, DD_SHAPE_ROWS, dd_step_fields, NULL, NULL };

static const DdField question_fields[] = {
  { "number", "Question", DD_CELL_NUMBER, NULL },
  { "side", "By", DD_CELL_TEXT, NULL },
  { "subject", "About", DD_CELL_TEXT, NULL },
  { "text", "Text", DD_CELL_TEXT, NULL },
  { "answered", "Answered", DD_CELL_YES, NULL },
  { "answer", "Answer", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdField signature_fields[] = {
  { "side", "Side", DD_CELL_TEXT, NULL },
  { "person", "Person", DD_CELL_TEXT, NULL },
  { "time", "Time", DD_CELL_TIME, NULL },
  DD_FIELD_END,
};

static const DdField order_fields[] = {
  { "id", "Order", DD_CELL_TEXT, NULL },
  { "state", "State", DD_CELL_TEXT, NULL },
  { "attempts", "Attempts", DD_CELL_NUMBER, NULL },
  { "note", "Note", DD_CELL_TEXT, NULL },
  { "key", "Key", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdField remark_fields[] = { { "remark", "Remark", DD_CELL_TEXT, NULL }, DD_FIELD_END };

static const DdSection show_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, deal_fields, NULL, NULL },
  { "revisions", "Revisions", DD_SHAPE_ROWS, revision_fields, NULL, NULL },
  { "requests", "Open approvals", DD_SHAPE_ROWS, request_fields, &request_steps, NULL },
  { "questions", "Questions", DD_SHAPE_ROWS, question_fields, NULL, NULL },
  { "signatures", "Signatures", DD_SHAPE_ROWS, signature_fields, NULL, NULL },
  { "orders", "Orders", DD_SHAPE_ROWS, order_fields, NULL, NULL },
  { "remarks", "Kept from the request, and not understood", DD_SHAPE_ROWS, remark_fields, NULL, NULL },
  DD_SECTION_END,
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
        const char *charge = dd_shape_text (each, "charge");

        g_string_append_printf (text, "%s%s %s%s%s", text->len == 0 ? "" : ", ", dd_shape_text (each, "kind"),
                                dd_shape_text (each, "value"), *charge == '\0' ? "" : " on ", charge);
      }
  return g_string_free (text, FALSE);
}

static const DdField proposal_fields[] = {
  { "commitment", "Months", DD_CELL_TEXT, NULL },
  { "currency", "Currency", DD_CELL_TEXT, NULL },
  { "effectiveFrom", "Effective from", DD_CELL_TEXT, NULL },
  { "effectiveTo", "Effective to", DD_CELL_TEXT, NULL },
  { "note", "Note", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdField line_fields[] = {
  { "id", "Line", DD_CELL_TEXT, NULL },
  { "action", "Action", DD_CELL_TEXT, NULL },
  { "quantity", "Quantity", DD_CELL_NUMBER, NULL },
  { "offering", "Offering", DD_CELL_TEXT, NULL },
  { "askedOffering", "Asked for", DD_CELL_TEXT, NULL },
  { "name", "Name", DD_CELL_TEXT, NULL },
  { "site", "Site", DD_CELL_TEXT, NULL },
  { "commitment", "Months", DD_CELL_NUMBER, NULL },
  { "optional", "Optional", DD_CELL_YES, NULL },
  { "chosen", "Chosen", DD_CELL_TEXT, NULL },
  { "alterations", "Negotiated", DD_CELL_TEXT, format_alterations },
  DD_FIELD_END,
};

static const DdField spread_fields[] = {
  { "kind", "Kind", DD_CELL_TEXT, NULL },
  { "value", "Value", DD_CELL_MONEY, NULL },
  { "currency", "Currency", DD_CELL_TEXT, NULL },
  { "type", "Over", DD_CELL_TEXT, dd_shape_charge_kind },
  DD_FIELD_END,
};

static const DdField term_fields[] = {
  { "clause", "Clause", DD_CELL_TEXT, NULL },
  { "version", "Version", DD_CELL_TEXT, NULL },
  { "rung", "Rung", DD_CELL_TEXT, NULL },
  { "title", "Title", DD_CELL_TEXT, NULL },
  { "origin", "By", DD_CELL_TEXT, NULL },
  { "acknowledge", "To acknowledge", DD_CELL_YES, NULL },
  DD_FIELD_END,
};

static const DdField part_fields[] = {
  { "id", "Order", DD_CELL_TEXT, NULL },
  { "requestedDate", "Wanted on", DD_CELL_TEXT, NULL },
  { "lines", "Lines", DD_CELL_LIST, NULL },
  DD_FIELD_END,
};

static const DdSection proposal_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, proposal_fields, NULL, NULL },
  { "lines", "Lines", DD_SHAPE_ROWS, line_fields, NULL, NULL },
  { "spread", "Over the deal", DD_SHAPE_ROWS, spread_fields, NULL, NULL },
  { "terms", "Terms", DD_SHAPE_ROWS, term_fields, NULL, NULL },
  { "orders", "To be ordered together", DD_SHAPE_ROWS, part_fields, NULL, NULL },
  DD_SECTION_END,
};

gboolean
dd_verb_show (DdRun *run, GError **error)
{
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *proposal;

  if (show_revision < 0)
    return dd_usage (error, "--revision is a revision, from 1");
  json = dd_run_get (run, (guint)show_revision, error);
  if (json == NULL || !dd_run_print (run, show_sections, dd_json_root (json), error))
    return FALSE;
  proposal = dd_json_member (dd_json_root (json), "proposal");
  if (run->json || proposal == NULL)
    return TRUE;
  return dd_run_print_text ("\n", error) && dd_run_print (run, proposal_sections, proposal, error);
}
