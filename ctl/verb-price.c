/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs that look at figures without a move: price, diff, advise. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "offer.h"
#include "shapes.h"

#include <string.h>

static gint price_revision;
static gboolean price_lines;
static char *price_explain;
static char *price_by;

const GOptionEntry ctl_price_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &price_revision, N_ ("This revision, not what the deal stands at"),
    "N" },
  { "lines", 0, 0, G_OPTION_ARG_NONE, &price_lines, N_ ("Every line's charges"), NULL },
  { "by", 0, 0, G_OPTION_ARG_STRING, &price_by, N_ ("What each line, site or category comes to"), "WHAT" },
  { "explain", 0, 0, G_OPTION_ARG_STRING, &price_explain,
    N_ ("How this line's charges came about, step by step"), "LINE" },
  G_OPTION_ENTRY_NULL
};

/* "1-2", "3-": contract years. */
static char *
format_years (const DdJsonNode *row)
{
  const char *first = ctl_shape_text (row, "firstYear");
  const char *last = ctl_shape_text (row, "lastYear");

  if (first[0] == '\0' && last[0] == '\0')
    return g_strdup ("");
  return g_str_equal (first, last) ? g_strdup (first)
                                   : g_strdup_printf ("%s-%s", first[0] == '\0' ? "1" : first, last);
}

/* "Quote 7 (2026-12-31), …" */
static char *
format_ends_early (const DdJsonNode *row)
{
  const DdJsonNode *ends = dd_json_member (row, "endsEarly");
  GString *text = g_string_new (NULL);

  if (ends != NULL && dd_json_type (ends) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (ends); each != NULL; each = dd_json_next (each))
      g_string_append_printf (text, "%s%s (%s)", text->len > 0 ? ", " : "", ctl_shape_text (each, "what"),
                              ctl_shape_text (each, "last"));
  return g_string_free (text, FALSE);
}

/* "EUR +12.00": what a step adds has its sign too. */
static char *
format_effect (const DdJsonNode *row)
{
  const char *effect = ctl_shape_text (row, "effect");
  const char *amount = strchr (effect, ' ');

  if (amount == NULL || amount[1] == '-' || strspn (amount + 1, "0.") == strlen (amount + 1))
    return g_strdup (effect);
  return g_strdup_printf ("%.*s+%s", (int)(amount + 1 - effect), effect, amount + 1);
}

static const CtlField line_fields[] = {
  { "id", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "offering", N_ ("Offering"), CTL_CELL_TEXT, NULL },
  { "name", N_ ("Name"), CTL_CELL_PROSE | CTL_GIVES_WAY (3), NULL },
  { "site", N_ ("Site"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "quantity", N_ ("Quantity"), CTL_CELL_QUANTITY, NULL },
  CTL_FIELD_END,
};

static const CtlField charge_fields[] = {
  { "id", N_ ("Charge"), CTL_CELL_TEXT, NULL },
  { "name", NULL, CTL_CELL_PROSE, NULL },
  { "type", N_ ("Kind"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, format_years },
  { "lastYear", NULL, CTL_CELL_NUMBER, NULL },
  { "freeMonths", N_ ("Free months"), CTL_CELL_NUMBER, NULL },
  { "per", N_ ("For each"), CTL_CELL_QUANTITY, NULL },
  { "sourceCurrency", N_ ("Priced in"), CTL_CELL_TEXT, NULL },
  { "list", N_ ("List"), CTL_CELL_MONEY, NULL },
  { "net", N_ ("Net"), CTL_CELL_MONEY, NULL },
  { "tax", N_ ("Tax"), CTL_CELL_MONEY | CTL_GIVES_WAY (1), NULL },
  { "cost", N_ ("Cost"), CTL_CELL_MONEY, NULL },
  { "belowFloor", N_ ("Below floor"), CTL_CELL_YES, NULL },
  { "negativeMargin", N_ ("Loss"), CTL_CELL_YES, NULL },
  { "endsEarly", N_ ("Ends before the offer"), CTL_CELL_MEMBERS, format_ends_early },
  CTL_FIELD_END,
};

static const CtlField explained_fields[] = {
  { "id", N_ ("Charge"), CTL_CELL_TEXT, NULL },
  { "name", NULL, CTL_CELL_PROSE, NULL },
  { "type", N_ ("Kind"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "list", NULL, CTL_CELL_MONEY, NULL },
  { "net", NULL, CTL_CELL_MONEY, NULL },
  { "tax", NULL, CTL_CELL_MONEY, NULL },
  { "cost", NULL, CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField step_fields[] = {
  { "stage", N_ ("Stage"), CTL_CELL_TEXT, NULL },
  { "kind", NULL, CTL_CELL_TEXT, NULL },
  { "label", N_ ("Step"), CTL_CELL_PROSE, NULL },
  { "rule", N_ ("Rule"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "source", N_ ("Source"), CTL_CELL_TEXT, NULL },
  { "effect", N_ ("Effect"), CTL_CELL_MONEY, format_effect },
  { "after", N_ ("After it"), CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField total_fields[] = {
  { "type", N_ ("Charges"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, format_years },
  { "lastYear", NULL, CTL_CELL_NUMBER, NULL },
  { "list", N_ ("List"), CTL_CELL_MONEY, NULL },
  { "net", N_ ("Net"), CTL_CELL_MONEY, NULL },
  { "tax", N_ ("Tax"), CTL_CELL_MONEY, NULL },
  { "cost", N_ ("Cost"), CTL_CELL_MONEY, NULL },
  { "unspread", N_ ("Not spread"), CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

/* "3 of 4": the margin says nothing of the others. */
static char *
format_costed (const DdJsonNode *row)
{
  return g_strdup_printf (_ ("%s of %s"), ctl_shape_text (row, "chargesWithCost"),
                          ctl_shape_text (row, "charges"));
}

static const CtlField figure_fields[] = {
  { "currency", N_ ("Currency"), CTL_CELL_TEXT, NULL },
  { "contractValue", N_ ("Contract value"), CTL_CELL_MONEY, NULL },
  { "monthly", N_ ("A month"), CTL_CELL_MONEY, NULL },
  { "cost", N_ ("Cost"), CTL_CELL_MONEY, NULL },
  { "margin", N_ ("Margin"), CTL_CELL_PERCENT, NULL },
  { "chargesWithCost", N_ ("With cost"), CTL_CELL_NUMBER, format_costed },
  { "charges", NULL, CTL_CELL_NUMBER, NULL },
  { "discountList", N_ ("Off list"), CTL_CELL_PERCENT, NULL },
  { "discountStanding", N_ ("Off standing"), CTL_CELL_PERCENT | CTL_GIVES_WAY (1), NULL },
  { "discountDiscretionary", N_ ("Discretionary"), CTL_CELL_PERCENT, NULL },
  { "presentValue", N_ ("Present value"), CTL_CELL_MONEY, NULL },
  { "payback", N_ ("Months to pay back"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlField breakdown_fields[] = {
  { "key", N_ ("Of"), CTL_CELL_TEXT, NULL },
  { "currency", N_ ("Currency"), CTL_CELL_TEXT | CTL_GIVES_WAY (3), NULL },
  { "once", N_ ("Once"), CTL_CELL_MONEY, NULL },
  { "monthly", N_ ("A month"), CTL_CELL_MONEY, NULL },
  { "contractList", N_ ("Contract at list"), CTL_CELL_MONEY | CTL_GIVES_WAY (2), NULL },
  { "contractValue", N_ ("Contract value"), CTL_CELL_MONEY, NULL },
  { "cost", N_ ("Cost"), CTL_CELL_MONEY | CTL_GIVES_WAY (1), NULL },
  CTL_FIELD_END,
};

static const CtlField sheet_fields[] = { { "sheet", N_ ("Sheet"), CTL_CELL_DIGEST, NULL }, CTL_FIELD_END };

static const CtlSection charge_rows = { "charges", NULL, CTL_SHAPE_ROWS, charge_fields, NULL, NULL };
static const CtlSection step_rows = { "steps", NULL, CTL_SHAPE_ROWS, step_fields, NULL, NULL };
static const CtlSection explained_rows = {
  "charges", NULL, CTL_SHAPE_ROWS, explained_fields, &step_rows, NULL
};

static const CtlSection total_sections[] = {
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, figure_fields, NULL, NULL },
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

static const CtlSection line_sections[] = {
  { "lines", N_ ("Lines"), CTL_SHAPE_ROWS, line_fields, &charge_rows, N_ ("No lines.") },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, figure_fields, NULL, NULL },
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

static const CtlSection breakdown_sections[] = {
  { "breakdown", N_ ("Over the commitment"), CTL_SHAPE_ROWS, breakdown_fields, NULL, N_ ("No charges.") },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, figure_fields, NULL, NULL },
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

static const CtlSection explain_sections[] = {
  { "lines", NULL, CTL_SHAPE_ROWS, line_fields, &explained_rows, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_price_forms[] = { { "", total_sections },
                                    { "lines", line_sections },
                                    { "by", breakdown_sections },
                                    { "explain", explain_sections },
                                    CTL_FORM_END };

static gboolean
print_explained (CtlRun *run, const DdJsonNode *sheet, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const DdJsonNode *lines = NULL;
  const DdJsonNode *line;

  if (!dd_json_get_array (sheet, "lines", TRUE, &lines, error))
    return FALSE;
  for (line = dd_json_first (lines); line != NULL; line = dd_json_next (line))
    if (g_str_equal (ctl_shape_text (line, "id"), price_explain))
      break;
  if (line == NULL)
    return dd_fail (error, DD_ERROR_NOT_FOUND, _ ("--explain: there is no line “%s”"), price_explain);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  dd_json_write_node (writer, line);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, explain_sections, writer, error);
}

static const CtlSection *
sections_asked (void)
{
  return price_by != NULL ? breakdown_sections : price_lines ? line_sections : total_sections;
}

gboolean
ctl_verb_price (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Price", error);
  g_autoptr (DdJson) json = NULL;

  if (request == NULL)
    return FALSE;
  if (price_revision < 0)
    return ctl_usage (error, _ ("--revision is a revision, from 1"));
  if (!ctl_run_choice ("--by", price_by, CTL_PRICE_BY, error))
    return FALSE;
  ctl_request_option_text (request, "by", price_by);
  ctl_request_add (request, g_variant_new_uint32 ((guint32)price_revision));
  if (!ctl_offer_add (run, request, (guint)price_revision, error))
    return FALSE;
  json = ctl_run_fetch (run, request, error);
  if (json == NULL)
    return ctl_offer_refused (run, error);
  if (price_explain != NULL)
    return print_explained (run, dd_json_root (json), error);
  return ctl_run_print (run, sections_asked (), dd_json_root (json), error);
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

static const CtlField changed_fields[] = {
  { "name", N_ ("What"), CTL_CELL_PROSE, NULL },
  { "before", N_ ("Before"), CTL_CELL_MEMBERS, NULL },
  { "after", N_ ("After"), CTL_CELL_MEMBERS, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_line_fields[] = {
  { "id", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_total_fields[] = {
  { "type", N_ ("Charges"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "before", N_ ("Before"), CTL_CELL_MONEY, NULL },
  { "after", N_ ("After"), CTL_CELL_MONEY, NULL },
  { "difference", N_ ("Difference"), CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_term_fields[] = {
  { "clause", N_ ("Clause"), CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  { "words", N_ ("Words"), CTL_CELL_PROSE, format_words },
  CTL_FIELD_END,
};

static const CtlField changed_order_fields[] = {
  { "id", N_ ("Order"), CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField diff_fields[] = {
  { "from", N_ ("From revision"), CTL_CELL_NUMBER, NULL },
  { "to", N_ ("To revision"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlSection changed_line_rows = { "fields", NULL, CTL_SHAPE_ROWS, changed_fields, NULL, NULL };

static const CtlSection diff_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, diff_fields, NULL, NULL },
  { "fields", N_ ("The offer"), CTL_SHAPE_ROWS, changed_fields, NULL, NULL },
  { "lines", N_ ("Lines"), CTL_SHAPE_ROWS, changed_line_fields, &changed_line_rows, NULL },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, changed_total_fields, NULL, NULL },
  { "terms", N_ ("Terms"), CTL_SHAPE_ROWS, changed_term_fields, NULL, NULL },
  { "orders", N_ ("Orders"), CTL_SHAPE_ROWS, changed_order_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_diff_forms[] = { { "", diff_sections }, CTL_FORM_END };

gboolean
ctl_verb_diff (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Diff", error);
  guint from;
  guint to;

  if (request == NULL || !ctl_run_number (run->words[1], N_ ("revision"), &from, error) ||
      !ctl_run_number (run->words[2], N_ ("revision"), &to, error))
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (from));
  ctl_request_add (request, g_variant_new_uint32 (to));
  return ctl_run_print_reply (run, request, diff_sections, error);
}

static char *advise_plugin;

const GOptionEntry ctl_advise_options[] = { { "plugin", 0, 0, G_OPTION_ARG_STRING, &advise_plugin,
                                              N_ ("Ask this plugin"), "PLUGIN" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField advice_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "action", N_ ("Would"), CTL_CELL_TEXT, NULL },
  { "total", N_ ("Total"), CTL_CELL_MEMBERS, NULL },
  { "discount", N_ ("Off list"), CTL_CELL_PERCENT, NULL },
  { "reason", N_ ("Because"), CTL_CELL_PROSE, NULL },
  { "refused", N_ ("But"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlSection advice_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, advice_fields, NULL, NULL },
  { "needs", N_ ("Approvals it would take"), CTL_SHAPE_ROWS, ctl_step_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_advise_forms[] = { { "", advice_sections }, CTL_FORM_END };

gboolean
ctl_verb_advise (CtlRun *run, GError **error)
{
  static const CtlNames advisers = { CTL_PATH_PLUGINS, "Plugins", "List", "negotiation" };
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Advise", error);

  if (request == NULL)
    return FALSE;
  ctl_request_option_text (request, "plugin", advise_plugin);
  if (ctl_run_print_reply (run, request, advice_sections, error))
    return TRUE;
  if (advise_plugin != NULL)
    ctl_run_suggest (run, &advisers, advise_plugin, error);
  return FALSE;
}
