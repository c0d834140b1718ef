/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs that look at figures without a move: price, diff, advise. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "offer.h"
#include "shapes.h"

static gint price_revision;
static gboolean price_lines;
static char *price_explain;

const GOptionEntry dd_price_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &price_revision, "This revision, not the request", "N" },
  { "lines", 0, 0, G_OPTION_ARG_NONE, &price_lines, "Every line's charges", NULL },
  { "explain", 0, 0, G_OPTION_ARG_STRING, &price_explain, "How this line's charges came about, step by step",
    "LINE" },
  G_OPTION_ENTRY_NULL
};

static const DdField line_fields[] = {
  { "id", "Line", DD_CELL_TEXT, NULL },
  { "offering", "Offering", DD_CELL_TEXT, NULL },
  { "name", "Name", DD_CELL_TEXT, NULL },
  { "site", "Site", DD_CELL_TEXT, NULL },
  { "quantity", "Quantity", DD_CELL_NUMBER, NULL },
  DD_FIELD_END,
};

static const DdField charge_fields[] = {
  { "id", "Charge", DD_CELL_TEXT, NULL },
  { "name", NULL, DD_CELL_TEXT, NULL },
  { "type", "Kind", DD_CELL_TEXT, dd_shape_charge_kind },
  { "period", NULL, DD_CELL_TEXT, NULL },
  { "currency", NULL, DD_CELL_TEXT, NULL },
  { "list", "List", DD_CELL_MONEY, NULL },
  { "net", "Net", DD_CELL_MONEY, NULL },
  { "tax", "Tax", DD_CELL_MONEY, NULL },
  { "cost", "Cost", DD_CELL_MONEY, NULL },
  { "belowFloor", "Below floor", DD_CELL_YES, NULL },
  { "negativeMargin", "Loss", DD_CELL_YES, NULL },
  DD_FIELD_END,
};

static const DdField explained_fields[] = {
  { "id", "Charge", DD_CELL_TEXT, NULL },
  { "name", NULL, DD_CELL_TEXT, NULL },
  { "type", "Kind", DD_CELL_TEXT, dd_shape_charge_kind },
  { "period", NULL, DD_CELL_TEXT, NULL },
  { "currency", NULL, DD_CELL_TEXT, NULL },
  { "list", NULL, DD_CELL_MONEY, NULL },
  { "net", NULL, DD_CELL_MONEY, NULL },
  { "tax", NULL, DD_CELL_MONEY, NULL },
  { "cost", NULL, DD_CELL_MONEY, NULL },
  DD_FIELD_END,
};

static const DdField step_fields[] = {
  { "stage", "Stage", DD_CELL_TEXT, NULL },
  { "label", "Step", DD_CELL_TEXT, NULL },
  { "source", "Source", DD_CELL_TEXT, NULL },
  { "after", "After it", DD_CELL_MONEY, NULL },
  DD_FIELD_END,
};

static const DdField total_fields[] = {
  { "type", "Charges", DD_CELL_TEXT, dd_shape_charge_kind },
  { "period", NULL, DD_CELL_TEXT, NULL },
  { "currency", NULL, DD_CELL_TEXT, NULL },
  { "list", "List", DD_CELL_MONEY, NULL },
  { "net", "Net", DD_CELL_MONEY, NULL },
  { "tax", "Tax", DD_CELL_MONEY, NULL },
  { "cost", "Cost", DD_CELL_MONEY, NULL },
  { "unspread", "Not spread", DD_CELL_MONEY, NULL },
  DD_FIELD_END,
};

static const DdField figure_fields[] = {
  { "currency", "Currency", DD_CELL_TEXT, NULL },
  { "contractValue", "Contract value", DD_CELL_MONEY, NULL },
  { "monthly", "A month", DD_CELL_MONEY, NULL },
  { "cost", "Cost", DD_CELL_MONEY, NULL },
  { "margin", "Margin", DD_CELL_PERCENT, NULL },
  { "discountList", "Off list", DD_CELL_PERCENT, NULL },
  { "discountStanding", "Off standing", DD_CELL_PERCENT, NULL },
  { "discountDiscretionary", "Discretionary", DD_CELL_PERCENT, NULL },
  DD_FIELD_END,
};

static const DdField sheet_fields[] = { { "sheet", "Sheet", DD_CELL_DIGEST, NULL }, DD_FIELD_END };

static const DdSection charge_rows = { "charges", NULL, DD_SHAPE_ROWS, charge_fields, NULL, NULL };
static const DdSection step_rows = { "steps", NULL, DD_SHAPE_ROWS, step_fields, NULL, NULL };
static const DdSection explained_rows = {
  "charges", NULL, DD_SHAPE_ROWS, explained_fields, &step_rows, NULL
};

static const DdSection total_sections[] = {
  { "totals", "Totals", DD_SHAPE_ROWS, total_fields, NULL, "No charges." },
  { "figures", "Over the commitment", DD_SHAPE_ROWS, figure_fields, NULL, NULL },
  { NULL, NULL, DD_SHAPE_RECORD, sheet_fields, NULL, NULL },
  DD_SECTION_END,
};

static const DdSection line_sections[] = {
  { "lines", "Lines", DD_SHAPE_ROWS, line_fields, &charge_rows, "No lines." },
  { "totals", "Totals", DD_SHAPE_ROWS, total_fields, NULL, "No charges." },
  { "figures", "Over the commitment", DD_SHAPE_ROWS, figure_fields, NULL, NULL },
  { NULL, NULL, DD_SHAPE_RECORD, sheet_fields, NULL, NULL },
  DD_SECTION_END,
};

static const DdSection explain_sections[] = {
  { "lines", NULL, DD_SHAPE_ROWS, line_fields, &explained_rows, NULL },
  DD_SECTION_END,
};

static gboolean
print_explained (DdRun *run, const DdJsonNode *sheet, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const DdJsonNode *lines = NULL;
  const DdJsonNode *line;

  if (!dd_json_get_array (sheet, "lines", TRUE, &lines, error))
    return FALSE;
  for (line = dd_json_first (lines); line != NULL; line = dd_json_next (line))
    if (g_str_equal (dd_shape_text (line, "id"), price_explain))
      break;
  if (line == NULL)
    return dd_fail (error, DD_ERROR_NOT_FOUND, "--explain: there is no line \"%s\"", price_explain);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  dd_json_write_node (writer, line);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, explain_sections, writer, error);
}

gboolean
dd_verb_price (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Price", error);
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;

  if (request == NULL)
    return FALSE;
  if (price_revision < 0)
    return dd_usage (error, "--revision is a revision, from 1");
  dd_request_add (request, g_variant_new_uint32 ((guint32)price_revision));
  if (!dd_offer_add (run, request, (guint)price_revision, error))
    return FALSE;
  reply = dd_run_send (run, request, error);
  json = reply == NULL ? NULL : dd_reply_json (reply, 0, error);
  if (json == NULL)
    return FALSE;
  if (price_explain != NULL)
    return print_explained (run, dd_json_root (json), error);
  return dd_run_print (run, price_lines ? line_sections : total_sections, dd_json_root (json), error);
}

/* @text as it is or, when it is long, only what is next to a change. */
static void
append_unchanged (GString *out, const char *text, gboolean is_first, gboolean is_last)
{
  const glong shown = 30; /* characters on either side */
  glong length = g_utf8_strlen (text, -1);
  g_autofree char *start = NULL;
  g_autofree char *end = NULL;

  if (length <= 2 * shown)
    {
      g_string_append (out, text);
      return;
    }
  start = g_utf8_substring (text, 0, shown);
  end = g_utf8_substring (text, length - shown, length);
  g_string_append_printf (out, "%s…%s", is_first ? "" : start, is_last ? "" : end);
}

/* Words as wdiff marks them: "within [-30-]{+60+} days". */
static char *
format_words (const DdJsonNode *row)
{
  const DdJsonNode *words = dd_json_member (row, "words");
  GString *out = g_string_new (NULL);

  if (words == NULL || dd_json_type (words) != DD_JSON_ARRAY)
    return g_string_free (out, FALSE);
  for (const DdJsonNode *each = dd_json_first (words); each != NULL; each = dd_json_next (each))
    {
      const DdJsonNode *mark = dd_json_type (each) == DD_JSON_ARRAY ? dd_json_first (each) : NULL;
      const DdJsonNode *part = mark == NULL ? NULL : dd_json_next (mark);
      const char *sign = mark == NULL ? NULL : dd_json_text (mark);
      const char *text = part == NULL ? NULL : dd_json_text (part);

      if (sign == NULL || text == NULL)
        continue;
      if (g_str_equal (sign, "-"))
        g_string_append_printf (out, "[-%s-]", text);
      else if (g_str_equal (sign, "+"))
        g_string_append_printf (out, "{+%s+}", text);
      else
        append_unchanged (out, text, each == dd_json_first (words), dd_json_next (each) == NULL);
    }
  return g_string_free (out, FALSE);
}

static const DdField changed_fields[] = {
  { "name", "What", DD_CELL_TEXT, NULL },
  { "before", "Before", DD_CELL_MEMBERS, NULL },
  { "after", "After", DD_CELL_MEMBERS, NULL },
  DD_FIELD_END,
};

static const DdField changed_line_fields[] = {
  { "id", "Line", DD_CELL_TEXT, NULL },
  { "change", "Change", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdField changed_total_fields[] = {
  { "type", "Charges", DD_CELL_TEXT, dd_shape_charge_kind },
  { "period", NULL, DD_CELL_TEXT, NULL },
  { "currency", NULL, DD_CELL_TEXT, NULL },
  { "before", "Before", DD_CELL_MONEY, NULL },
  { "after", "After", DD_CELL_MONEY, NULL },
  { "difference", "Difference", DD_CELL_MONEY, NULL },
  DD_FIELD_END,
};

static const DdField changed_term_fields[] = {
  { "clause", "Clause", DD_CELL_TEXT, NULL },
  { "change", "Change", DD_CELL_TEXT, NULL },
  { "words", "Words", DD_CELL_TEXT, format_words },
  DD_FIELD_END,
};

static const DdField changed_order_fields[] = {
  { "id", "Order", DD_CELL_TEXT, NULL },
  { "change", "Change", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdField diff_fields[] = {
  { "from", "From revision", DD_CELL_TEXT, NULL },
  { "to", "To revision", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdSection changed_line_rows = { "fields", NULL, DD_SHAPE_ROWS, changed_fields, NULL, NULL };

static const DdSection diff_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, diff_fields, NULL, NULL },
  { "fields", "The offer", DD_SHAPE_ROWS, changed_fields, NULL, NULL },
  { "lines", "Lines", DD_SHAPE_ROWS, changed_line_fields, &changed_line_rows, NULL },
  { "totals", "Totals", DD_SHAPE_ROWS, changed_total_fields, NULL, NULL },
  { "terms", "Terms", DD_SHAPE_ROWS, changed_term_fields, NULL, NULL },
  { "orders", "Orders", DD_SHAPE_ROWS, changed_order_fields, NULL, NULL },
  DD_SECTION_END,
};

gboolean
dd_verb_diff (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Diff", error);
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;
  guint from;
  guint to;

  if (request == NULL || !dd_run_number (run, 1, "revision", &from, error) ||
      !dd_run_number (run, 2, "revision", &to, error))
    return FALSE;
  dd_request_add (request, g_variant_new_uint32 (from));
  dd_request_add (request, g_variant_new_uint32 (to));
  reply = dd_run_send (run, request, error);
  json = reply == NULL ? NULL : dd_reply_json (reply, 0, error);
  return json != NULL && dd_run_print (run, diff_sections, dd_json_root (json), error);
}

static char *advise_plugin;

const GOptionEntry dd_advise_options[] = {
  { "plugin", 0, 0, G_OPTION_ARG_STRING, &advise_plugin, "Ask this plugin", "ID" }, G_OPTION_ENTRY_NULL
};

static const DdField advice_fields[] = {
  { "plugin", "Plugin", DD_CELL_TEXT, NULL },
  { "action", "Would", DD_CELL_TEXT, NULL },
  { "total", "Total", DD_CELL_MEMBERS, NULL },
  { "discount", "Off list", DD_CELL_TEXT, NULL },
  { "reason", "Because", DD_CELL_TEXT, NULL },
  { "refused", "But", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdSection advice_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, advice_fields, NULL, NULL },
  { "needs", "Approvals it would take", DD_SHAPE_ROWS, dd_step_fields, NULL, NULL },
  DD_SECTION_END,
};

gboolean
dd_verb_advise (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Advise", error);
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;

  if (request == NULL)
    return FALSE;
  dd_request_option_text (request, "plugin", advise_plugin);
  reply = dd_run_send (run, request, error);
  json = reply == NULL ? NULL : dd_reply_json (reply, 0, error);
  return json != NULL && dd_run_print (run, advice_sections, dd_json_root (json), error);
}
