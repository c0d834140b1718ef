/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verb price: figures without a move. One thread.
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
