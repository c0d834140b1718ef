/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A dataset's rules between its rows: no two hold for the same thing on the same day.
 *
 * Each rule compares some columns. Rows are sorted by these and by their first day; among equal ones, a row
 * that begins before the latest end so far meets the row that ends then. Only importing asks, so what was
 * stored under other rules stays readable. Pure; any thread.
 */
#include "datasets/datasets.h"

#include "number/quoted.h"

typedef struct
{
  const GArray *columns;
  const DdCell *cells;
  guint n_rows;
  const guint32 *lines;
  const char *file_name;
  int from; /* columns of the validity; -1: there are none */
  int to;
} Rows;

typedef struct
{
  const Rows *rows;
  guint *compared; /* columns */
  guint n_compared;
} Rule;

/* The first and last day of a row. */
typedef struct
{
  gint64 from;
  gint64 to;
  guint32 row;
} Span;

static const DdColumn *
column_at (const Rows *rows, guint index)
{
  return &g_array_index (rows->columns, DdColumn, index);
}

static const DdCell *
cell_at (const Rows *rows, guint32 row, guint column)
{
  return &rows->cells[(gsize)row * rows->columns->len + column];
}

static Span
span_of (const Rows *rows, guint32 row)
{
  Span span = { G_MININT64, G_MAXINT64, row };

  if (rows->from < 0)
    return span;
  span.from = cell_at (rows, row, (guint)rows->from)->number;
  if (cell_at (rows, row, (guint)rows->to)->number != G_MININT64)
    span.to = cell_at (rows, row, (guint)rows->to)->number;
  return span;
}

static int
compare_cells (const Rule *rule, guint32 a, guint32 b)
{
  for (guint i = 0; i < rule->n_compared; i++)
    {
      guint column = rule->compared[i];
      int order = dd_cell_compare (column_at (rule->rows, column), cell_at (rule->rows, a, column),
                                   cell_at (rule->rows, b, column));

      if (order != 0)
        return order;
    }
  return 0;
}

static int
compare_spans (gconstpointer left, gconstpointer right, gpointer data)
{
  const Span *a = left;
  const Span *b = right;
  int order = compare_cells (data, a->row, b->row);

  if (order != 0)
    return order;
  if (a->from != b->from)
    return a->from < b->from ? -1 : 1;
  return (a->row > b->row) - (a->row < b->row);
}

/* "offering "x", segment """: what two rows have in common. (transfer full) */
static char *
describe (const Rule *rule, guint32 row)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rule->n_compared; i++)
    {
      guint column = rule->compared[i];
      g_autofree char *quoted = dd_quote (cell_at (rule->rows, row, column)->text, -1);

      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", column_at (rule->rows, column)->name,
                              quoted);
    }
  return g_string_free (text, FALSE);
}

/* " from 2026-01-01 to 2026-12-31"; "" without validity. (transfer full) */
static char *
describe_days (const Rows *rows, guint32 row)
{
  const char *from = rows->from < 0 ? "" : cell_at (rows, row, (guint)rows->from)->text;
  const char *to = rows->to < 0 ? "" : cell_at (rows, row, (guint)rows->to)->text;

  return g_strconcat (from[0] != '\0' ? " from " : "", from, to[0] != '\0' ? " to " : "", to, NULL);
}

static gboolean
complain (const Rule *rule, guint32 a, guint32 b, const char *right, GError **error)
{
  const Rows *rows = rule->rows;
  guint32 first = MIN (a, b);
  guint32 second = MAX (a, b);
  g_autofree char *same = describe (rule, second);
  g_autofree char *first_days = describe_days (rows, first);
  g_autofree char *second_days = describe_days (rows, second);

  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s:%u: %s%s%s meets line %u%s%s; %s", rows->file_name,
                  rows->lines[second], same, second_days[0] != '\0' ? ", valid" : "", second_days,
                  rows->lines[first], first_days[0] != '\0' ? ", valid" : "", first_days, right);
}

static gboolean
check_meeting (const Rule *rule, const char *right, GError **error)
{
  const Rows *rows = rule->rows;
  g_autofree Span *spans = g_new (Span, rows->n_rows);
  guint widest = 0;

  for (guint32 row = 0; row < rows->n_rows; row++)
    spans[row] = span_of (rows, row);
  g_qsort_with_data (spans, (gint)rows->n_rows, sizeof *spans, compare_spans, (gpointer)rule);
  for (guint i = 1; i < rows->n_rows; i++)
    {
      gboolean same = compare_cells (rule, spans[widest].row, spans[i].row) == 0;

      if (same && spans[i].from <= spans[widest].to)
        return complain (rule, spans[widest].row, spans[i].row, right, error);
      if (!same || spans[i].to > spans[widest].to)
        widest = i;
    }
  return TRUE;
}

static gboolean
check_ends (const Rows *rows, GError **error)
{
  for (guint32 row = 0; rows->from >= 0 && row < rows->n_rows; row++)
    {
      Span span = span_of (rows, row);

      if (span.from > span.to)
        return dd_fail (
          error, DD_ERROR_INVALID_ARGUMENT,
          "%s:%u: column \"%s\": %s is before %s, the row's \"%s\"; a row ends on its first day "
          "or later",
          rows->file_name, rows->lines[row], column_at (rows, (guint)rows->to)->name,
          cell_at (rows, row, (guint)rows->to)->text, cell_at (rows, row, (guint)rows->from)->text,
          column_at (rows, (guint)rows->from)->name);
    }
  return TRUE;
}

static gboolean
check_validity (const Rows *rows, GError **error)
{
  g_autofree guint *compared = g_new (guint, rows->columns->len);
  Rule rule = { rows, compared, 0 };

  for (guint i = 0; i < rows->columns->len; i++)
    if (column_at (rows, i)->key && (int)i != rows->from && (int)i != rows->to)
      compared[rule.n_compared++] = i;
  return check_meeting (&rule, "rows of one key are valid one after the other: end the earlier one before",
                        error);
}

static gboolean
check_unique (const DdDatasetDeclaration *declaration, const Rows *rows, GError **error)
{
  g_autofree guint *compared = g_new (guint, g_strv_length (declaration->unique) + 1);
  Rule rule = { rows, compared, 0 };

  for (guint i = 0; declaration->unique[i] != NULL; i++)
    compared[rule.n_compared++] = (guint)dd_dataset_declaration_find (declaration, declaration->unique[i]);
  if (declaration->priority != NULL)
    compared[rule.n_compared++] = (guint)dd_dataset_declaration_find (declaration, declaration->priority);
  return check_meeting (&rule,
                        declaration->priority != NULL
                          ? "which of the two comes first must be certain: give them different priorities"
                          : "which of the two holds must be certain: keep one",
                        error);
}

gboolean
dd_dataset_check_rules (const DdDatasetDeclaration *declaration,
                        const DdCell *cells,
                        guint n_rows,
                        const guint32 *lines,
                        const char *file_name,
                        GError **error)
{
  const Rows rows = { .columns = declaration->columns,
                      .cells = cells,
                      .n_rows = n_rows,
                      .lines = lines,
                      .file_name = file_name,
                      .from = dd_dataset_declaration_find (declaration, declaration->valid_from),
                      .to = dd_dataset_declaration_find (declaration, declaration->valid_to) };

  if (!check_ends (&rows, error) || (rows.from >= 0 && !check_validity (&rows, error)))
    return FALSE;
  return declaration->unique == NULL || check_unique (declaration, &rows, error);
}
