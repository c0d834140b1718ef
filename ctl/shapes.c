/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Shapes that several verbs print (see shapes.h). Any thread.
 */
#include "shapes.h"
#include "i18n.h"
#include "authority/requirement.h"
#include "deal/proposal.h"

#include <string.h>

const char *
ctl_shape_text (const DdJsonNode *object, const char *key)
{
  const DdJsonNode *value = dd_json_member (object, key);
  const char *text = value == NULL ? NULL : dd_json_text (value);

  return text == NULL ? "" : text;
}

guint
ctl_shape_number (const DdJsonNode *object, const char *key)
{
  guint64 number = 0;

  g_ascii_string_to_unsigned (ctl_shape_text (object, key), 10, 0, G_MAXUINT32, &number, NULL);
  return (guint)number;
}

gboolean
ctl_shape_is_true (const DdJsonNode *object, const char *key)
{
  const DdJsonNode *value = dd_json_member (object, key);

  return value != NULL && dd_json_type (value) == DD_JSON_BOOLEAN && dd_json_boolean (value);
}

char *
ctl_shape_format_imported (const DdJsonNode *row)
{
  const char *version = ctl_shape_text (row, "version");

  return g_strdup (g_str_equal (version, "0") ? _ ("none imported") : version);
}

char *
ctl_shape_format_columns (const DdJsonNode *row)
{
  GString *text = g_string_new (ctl_shape_text (row, "columns"));

  g_string_replace (text, "|", " | ", 0);
  return g_string_free (text, FALSE);
}

/* "anna approved, ben refused: too low" */
static char *
format_decisions (const DdJsonNode *row)
{
  const DdJsonNode *decisions = dd_json_member (row, "decisions");
  GString *text = g_string_new (NULL);

  if (decisions != NULL && dd_json_type (decisions) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (decisions); each != NULL; each = dd_json_next (each))
      {
        const char *reason = ctl_shape_text (each, "reason");

        g_string_append_printf (text, "%s%s %s%s%s", text->len == 0 ? "" : ", ",
                                ctl_shape_text (each, "person"),
                                ctl_shape_is_true (each, "approved") ? _ ("approved") : _ ("refused"),
                                *reason == '\0' ? "" : ": ", reason);
      }
  return g_string_free (text, FALSE);
}

/* How many of the candidates have to agree. */
static char *
format_need (const DdJsonNode *row)
{
  guint need = ctl_shape_number (row, "need");

  return need == DD_NEED_ALL ? g_strdup (_ ("all")) : g_strdup (ctl_shape_text (row, "need"));
}

const CtlField ctl_step_fields[] = {
  { "step", N_ ("Step"), CTL_CELL_NUMBER, NULL },
  { "measure", N_ ("Measure"), CTL_CELL_TEXT, NULL },
  { "subject", N_ ("Of"), CTL_CELL_TEXT | CTL_GIVES_WAY (6), NULL },
  { "value", N_ ("Value"), CTL_CELL_MONEY | CTL_GIVES_WAY (3), NULL },
  { "limit", N_ ("Limit"), CTL_CELL_MONEY | CTL_GIVES_WAY (4), NULL },
  { "level", N_ ("Level"), CTL_CELL_NUMBER | CTL_GIVES_WAY (7), NULL },
  { "need", N_ ("Need"), CTL_CELL_NUMBER | CTL_GIVES_WAY (5), format_need },
  { "candidates", N_ ("Who may decide"), CTL_CELL_LIST, NULL },
  { "open", N_ ("Open"), CTL_CELL_YES, NULL },
  { "decisions", N_ ("Decisions"), CTL_CELL_MEMBERS, format_decisions },
  { "note", N_ ("Earlier approval"), CTL_CELL_PROSE, NULL },
  { "informed", N_ ("Informed"), CTL_CELL_LIST | CTL_GIVES_WAY (9), NULL },
  { "plugin", NULL, CTL_CELL_TEXT, NULL },
  { "rule", N_ ("Rule"), CTL_CELL_TEXT | CTL_GIVES_WAY (8), NULL },
  CTL_FIELD_END,
};

const CtlField ctl_order_fields[] = {
  { "id", N_ ("Order"), CTL_CELL_TEXT, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "attempts", N_ ("Attempts"), CTL_CELL_NUMBER | CTL_GIVES_WAY (1), NULL },
  { "note", N_ ("Note"), CTL_CELL_PROSE, NULL },
  { "key", N_ ("Key"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  CTL_FIELD_END,
};

const CtlField ctl_remark_fields[] = { { "remark", N_ ("Remark"), CTL_CELL_PROSE, NULL }, CTL_FIELD_END };

char *
ctl_shape_charge_kind (const DdJsonNode *row)
{
  static const struct
  {
    const char *period;
    const char *text;
  } periods[] = {
    { "day", N_ ("per day") },   { "week", N_ ("per week") },       { "month", N_ ("per month") },
    { "year", N_ ("per year") }, { "quarter", N_ ("per quarter") },
  };
  const char *type = ctl_shape_text (row, "type");
  const char *period = ctl_shape_text (row, "period");

  if (g_str_equal (type, "oneTime"))
    return g_strdup (_ ("once"));
  if (g_str_equal (type, "usage"))
    return g_strdup (_ ("usage"));
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    if (g_str_equal (period, periods[i].period))
      return g_strdup (_ (periods[i].text));
  return g_strdup (type);
}

/* "1-2", "3-": contract years. */
char *
ctl_shape_years (const DdJsonNode *row)
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

const CtlField ctl_line_fields[] = {
  { "id", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "offering", N_ ("Offering"), CTL_CELL_TEXT, NULL },
  { "name", N_ ("Name"), CTL_CELL_PROSE | CTL_GIVES_WAY (3), NULL },
  { "site", N_ ("Site"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "quantity", N_ ("Quantity"), CTL_CELL_QUANTITY, NULL },
  CTL_FIELD_END,
};

const CtlField ctl_charge_fields[] = {
  { "id", N_ ("Charge"), CTL_CELL_TEXT, NULL },
  { "name", NULL, CTL_CELL_PROSE, NULL },
  { "type", N_ ("Kind"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, ctl_shape_years },
  { "lastYear", NULL, CTL_CELL_NUMBER, NULL },
  { "freeMonths", N_ ("Free months"), CTL_CELL_NUMBER, NULL },
  { "per", N_ ("For each"), CTL_CELL_QUANTITY, NULL },
  { "sourceCurrency", N_ ("Priced in"), CTL_CELL_TEXT, NULL },
  { "list", N_ ("List"), CTL_CELL_MONEY, NULL },
  { "net", N_ ("Net"), CTL_CELL_MONEY, NULL },
  { "tax", N_ ("Tax"), CTL_CELL_MONEY | CTL_GIVES_WAY (1), NULL },
  { "cost", N_ ("Cost"), CTL_CELL_MONEY, NULL },
  { "margin", N_ ("Margin"), CTL_CELL_PERCENT | CTL_GIVES_WAY (2), NULL },
  { "belowFloor", N_ ("Below floor"), CTL_CELL_YES, NULL },
  { "negativeMargin", N_ ("Loss"), CTL_CELL_YES, NULL },
  { "endsEarly", N_ ("Ends before the offer"), CTL_CELL_MEMBERS, format_ends_early },
  CTL_FIELD_END,
};

const CtlField ctl_total_fields[] = {
  { "type", N_ ("Charges"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, ctl_shape_years },
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

const CtlField ctl_figure_fields[] = {
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

char *
ctl_shape_totals (const DdJsonNode *row)
{
  const DdJsonNode *totals = dd_json_member (dd_json_member (row, "summary"), "totals");
  GString *text = g_string_new (NULL);

  if (totals != NULL && dd_json_type (totals) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (totals); each != NULL; each = dd_json_next (each))
      {
        g_autofree char *kind = ctl_shape_charge_kind (each);

        g_string_append_printf (text, "%s%s %s", text->len == 0 ? "" : ", ", ctl_shape_text (each, "net"),
                                kind);
      }
  return g_string_free (text, FALSE);
}

static void
write_cell (DdJsonWriter *writer, const char *key, GVariant *cell)
{
  if (g_variant_is_of_type (cell, G_VARIANT_TYPE_STRING))
    dd_json_put_string (writer, key, g_variant_get_string (cell, NULL));
  else if (g_variant_is_of_type (cell, G_VARIANT_TYPE_UINT32))
    dd_json_put_int64 (writer, key, g_variant_get_uint32 (cell));
  else if (g_variant_is_of_type (cell, G_VARIANT_TYPE_UINT64))
    dd_json_put_int64 (writer, key, (gint64)MIN (g_variant_get_uint64 (cell), G_GUINT64_CONSTANT (1) << 52));
  else if (g_variant_is_of_type (cell, G_VARIANT_TYPE_INT64) && g_variant_get_int64 (cell) != 0)
    {
      g_autofree char *time = dd_time_format (g_variant_get_int64 (cell));

      dd_json_put_string (writer, key, time);
    }
}

void
ctl_shape_write_rows (DdJsonWriter *writer, const char *const *keys, GVariant *rows)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      dd_json_write_begin_object (writer);
      for (gsize k = 0; k < g_variant_n_children (row); k++)
        {
          g_autoptr (GVariant) cell = g_variant_get_child_value (row, k);

          write_cell (writer, keys[k], cell);
        }
      dd_json_write_end_object (writer);
    }
}

void
ctl_shape_copy_members (DdJsonWriter *writer, const DdJsonNode *object, const char *const *except)
{
  if (dd_json_type (object) != DD_JSON_OBJECT)
    return;
  for (const DdJsonNode *each = dd_json_first (object); each != NULL; each = dd_json_next (each))
    {
      if (g_strv_contains (except, dd_json_name (each)))
        continue;
      dd_json_write_key (writer, dd_json_name (each));
      dd_json_write_node (writer, each);
    }
}
