/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rule that rows of one key don't count for the same contract year on the same day.
 *
 * A row counts from its first year to its last; without a last one it counts until the next row begins, and
 * so meets none. Rows of one first year follow each other in time: validity was checked before. So they are
 * sorted by key, first year and first day, and each row looks up those that begin in one of its years. Pure;
 * any thread.
 */
#include "datasets/rules.h"

typedef struct
{
  const DdRule *rule; /* compares all of the key but the first year */
  const DdRows *rows;
  DdRowSpan *spans; /* sorted */
  guint first;      /* columns */
  guint last;
} Years;

static gint64
first_year (const Years *years, guint32 row)
{
  return dd_rows_cell (years->rows, row, years->first).number;
}

static int
compare_place (const Years *years, guint32 row, guint32 of_key, gint64 year)
{
  int order = dd_rule_compare (years->rule, row, of_key);
  gint64 first = first_year (years, row);

  return order != 0 ? order : (first > year) - (first < year);
}

static int
compare_years (gconstpointer left, gconstpointer right, gpointer data)
{
  const DdRowSpan *a = left;
  const DdRowSpan *b = right;
  int order = compare_place (data, a->row, b->row, first_year (data, b->row));

  return order != 0 ? order : (a->from > b->from) - (a->from < b->from);
}

/* The first place behind all rows of @row's key that begin in @year until @day. */
static guint
find_end (const Years *years, guint32 row, gint64 year, gint64 day)
{
  guint low = 0;
  guint high = years->rows->n_rows;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const DdRowSpan *span = &years->spans[middle];
      int order = compare_place (years, span->row, row, year);

      if (order < 0 || (order == 0 && span->from <= day))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Against the rows that begin in a later year of its own. */
static gboolean
check_row (const Years *years, const DdRowSpan *span, gint64 last, GError **error)
{
  static const char right[] = "both count for one contract year: end the earlier one before the other begins";
  gint64 year = first_year (years, span->row);
  guint place = find_end (years, span->row, year, G_MAXINT64);

  while (place < years->rows->n_rows &&
         dd_rule_compare (years->rule, years->spans[place].row, span->row) == 0 &&
         (year = first_year (years, years->spans[place].row)) <= last)
    {
      guint end = find_end (years, span->row, year, span->to);

      if (end > place && years->spans[end - 1].to >= span->from)
        return dd_rule_complain (years->rule, span->row, years->spans[end - 1].row, right, error);
      place = find_end (years, span->row, year, G_MAXINT64);
    }
  return TRUE;
}

static gboolean
check_all (const Years *years, GError **error)
{
  const DdRows *rows = years->rows;

  for (guint i = 0; i < rows->n_rows; i++)
    {
      const DdRowSpan *span = &years->spans[i];
      DdCell last = dd_rows_cell (rows, span->row, years->last);

      if (last.number == G_MININT64)
        continue;
      if (last.number < first_year (years, span->row))
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "%s:%u: column \"%s\": %s is before %s, the row's \"%s\"; a row ends in its first "
                        "year or later",
                        rows->file_name, rows->lines[span->row], dd_rows_column (rows, years->last)->name,
                        last.text, dd_rows_cell (rows, span->row, years->first).text,
                        dd_rows_column (rows, years->first)->name);
      if (!check_row (years, span, last.number, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
dd_rows_check_years (const DdDatasetDeclaration *declaration, const DdRows *rows, GError **error)
{
  char **names = declaration->rules[DD_RULE_YEARS];
  g_autofree guint *compared = g_new (guint, rows->columns->len);
  g_autofree DdRowSpan *spans = g_new (DdRowSpan, rows->n_rows);
  DdRule rule = { .rows = rows, .compared = compared };
  Years years = { .rule = &rule,
                  .rows = rows,
                  .spans = spans,
                  .first = (guint)dd_dataset_declaration_find (declaration, names[0]),
                  .last = (guint)dd_dataset_declaration_find (declaration, names[1]) };

  for (guint i = 0; i < rows->columns->len; i++)
    if (dd_rows_column (rows, i)->key && (int)i != rows->from && (int)i != rows->to && i != years.first)
      compared[rule.n_compared++] = i;
  for (guint32 row = 0; row < rows->n_rows; row++)
    spans[row] = dd_rows_span (rows, row);
  g_qsort_with_data (spans, (gint)rows->n_rows, sizeof *spans, compare_years, &years);
  return check_all (&years, error);
}
