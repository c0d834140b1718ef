/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A dataset's rules between its rows: no two hold for the same thing on the same day.
 *
 * Each rule compares some columns. Rows are sorted by these and by their first day; among equal ones, a row
 * that begins before the latest end so far meets the row that ends then. A rule that asks rows to agree lets
 * those meet that do. Only importing asks, so what was stored under other rules stays readable. Pure; any
 * thread.
 */
#include "datasets/rules.h"

#include "number/quoted.h"

const DdColumn *
dd_rows_column (const DdRows *rows, guint index)
{
  return &g_array_index (rows->columns, DdColumn, index);
}

static const DdCell *
cell_at (const DdRows *rows, guint32 row, guint column)
{
  return &rows->cells[(gsize)row * rows->columns->len + column];
}

DdCell
dd_rows_cell (const DdRows *rows, guint32 row, guint column)
{
  const DdCell *cell = cell_at (rows, row, column);
  const DdColumn *declared = dd_rows_column (rows, column);

  return cell->text[0] == '\0' && declared->empty != NULL
           ? (DdCell){ .number = declared->empty_number, .text = declared->empty }
           : *cell;
}

DdRowSpan
dd_rows_span (const DdRows *rows, guint32 row)
{
  DdRowSpan span = { G_MININT64, G_MAXINT64, row };
  gint64 to;

  if (rows->from < 0)
    return span;
  span.from = dd_rows_cell (rows, row, (guint)rows->from).number;
  to = dd_rows_cell (rows, row, (guint)rows->to).number;
  if (to != G_MININT64)
    span.to = to;
  return span;
}

int
dd_rule_compare (const DdRule *rule, guint32 a, guint32 b)
{
  for (guint i = 0; i < rule->n_compared; i++)
    {
      guint column = rule->compared[i];
      DdCell left = dd_rows_cell (rule->rows, a, column);
      DdCell right = dd_rows_cell (rule->rows, b, column);
      int order = dd_cell_compare (dd_rows_column (rule->rows, column), &left, &right);

      if (order != 0)
        return order;
    }
  return 0;
}

static int
compare_spans (gconstpointer left, gconstpointer right, gpointer data)
{
  const DdRowSpan *a = left;
  const DdRowSpan *b = right;
  int order = dd_rule_compare (data, a->row, b->row);

  if (order != 0)
    return order;
  if (a->from != b->from)
    return a->from < b->from ? -1 : 1;
  return (a->row > b->row) - (a->row < b->row);
}

/* "offering "x", segment "y"": what two rows have in common, but for columns that both leave empty. (transfer
 * full) */
static char *
describe (const DdRule *rule, guint32 a, guint32 b)
{
  const DdRows *rows = rule->rows;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rule->n_compared; i++)
    {
      guint column = rule->compared[i];
      g_autofree char *quoted = dd_quote (dd_rows_cell (rows, a, column).text, -1);

      if (cell_at (rows, a, column)->text[0] != '\0' || cell_at (rows, b, column)->text[0] != '\0')
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "",
                                dd_rows_column (rows, column)->name, quoted);
    }
  return g_string_free (text, FALSE);
}

/* " from 2026-01-01 to 2026-12-31"; "" without validity. (transfer full) */
static char *
describe_days (const DdRows *rows, guint32 row)
{
  const char *from = rows->from < 0 ? "" : dd_rows_cell (rows, row, (guint)rows->from).text;
  const char *to = rows->to < 0 ? "" : dd_rows_cell (rows, row, (guint)rows->to).text;

  return g_strconcat (from[0] != '\0' ? " from " : "", from, to[0] != '\0' ? " to " : "", to, NULL);
}

gboolean
dd_rule_complain (const DdRule *rule, guint32 a, guint32 b, const char *right, GError **error)
{
  const DdRows *rows = rule->rows;
  guint32 first = MIN (a, b);
  guint32 second = MAX (a, b);
  g_autofree char *same = describe (rule, second, first);
  g_autofree char *first_days = describe_days (rows, first);
  g_autofree char *second_days = describe_days (rows, second);

  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s:%u: %s%s%s meets line %u%s%s; %s", rows->file_name,
                  rows->lines[second], same, second_days[0] != '\0' ? ", valid" : "", second_days,
                  rows->lines[first], first_days[0] != '\0' ? ", valid" : "", first_days, right);
}

/* Whether rows that are valid together may be. */
typedef gboolean (*Agree) (const DdRule *rule, guint32 a, guint32 b);

/* @agree: (nullable): none may. Of rows that agree only the one that ends last needs to be compared: those of
 * another kind that ended before it never met it. */
static gboolean
check_meeting (const DdRule *rule, Agree agree, const char *right, GError **error)
{
  const DdRows *rows = rule->rows;
  g_autofree DdRowSpan *spans = g_new (DdRowSpan, rows->n_rows);
  guint widest = 0;

  for (guint32 row = 0; row < rows->n_rows; row++)
    spans[row] = dd_rows_span (rows, row);
  g_qsort_with_data (spans, (gint)rows->n_rows, sizeof *spans, compare_spans, (gpointer)rule);
  for (guint i = 1; i < rows->n_rows; i++)
    {
      gboolean same = dd_rule_compare (rule, spans[widest].row, spans[i].row) == 0;

      if (same && spans[i].from <= spans[widest].to &&
          (agree == NULL || !agree (rule, spans[widest].row, spans[i].row)))
        return dd_rule_complain (rule, spans[widest].row, spans[i].row, right, error);
      if (!same || spans[i].to > spans[widest].to)
        widest = i;
    }
  return TRUE;
}

static gboolean
check_ends (const DdRows *rows, GError **error)
{
  for (guint32 row = 0; rows->from >= 0 && row < rows->n_rows; row++)
    {
      DdRowSpan span = dd_rows_span (rows, row);

      if (span.from > span.to)
        return dd_fail (
          error, DD_ERROR_INVALID_ARGUMENT,
          "%s:%u: column \"%s\": %s is before %s, the row's \"%s\"; a row ends on its first day "
          "or later",
          rows->file_name, rows->lines[row], dd_rows_column (rows, (guint)rows->to)->name,
          dd_rows_cell (rows, row, (guint)rows->to).text, dd_rows_cell (rows, row, (guint)rows->from).text,
          dd_rows_column (rows, (guint)rows->from)->name);
    }
  return TRUE;
}

static gboolean
check_validity (const DdRows *rows, GError **error)
{
  g_autofree guint *compared = g_new (guint, rows->columns->len);
  DdRule rule = { .rows = rows, .compared = compared };

  for (guint i = 0; i < rows->columns->len; i++)
    if (dd_rows_column (rows, i)->key && (int)i != rows->from && (int)i != rows->to)
      compared[rule.n_compared++] = i;
  return check_meeting (&rule, NULL,
                        "rows of one key are valid one after the other: end the earlier one before", error);
}

static gboolean
check_unique (const DdDatasetDeclaration *declaration, const DdRows *rows, GError **error)
{
  g_autofree guint *compared = g_new (guint, g_strv_length (declaration->unique) + 1);
  DdRule rule = { .rows = rows, .compared = compared };

  for (guint i = 0; declaration->unique[i] != NULL; i++)
    compared[rule.n_compared++] = (guint)dd_dataset_declaration_find (declaration, declaration->unique[i]);
  if (declaration->priority != NULL)
    compared[rule.n_compared++] = (guint)dd_dataset_declaration_find (declaration, declaration->priority);
  return check_meeting (&rule, NULL,
                        declaration->priority != NULL
                          ? "which of the two comes first must be certain: give them different priorities"
                          : "which of the two holds must be certain: keep one",
                        error);
}

/* --- tables of tiers --- */

static guint
rule_column (const DdDatasetDeclaration *declaration, DdDatasetRule rule, guint index)
{
  return (guint)dd_dataset_declaration_find (declaration, declaration->rules[rule][index]);
}

/* A row with neither is the last one of a table of ends. */
static gboolean
has_from (const DdRule *rule, guint32 row)
{
  return dd_rows_cell (rule->rows, row, rule->more[0]).text[0] != '\0';
}

static gboolean
same_tiers (const DdRule *rule, guint32 a, guint32 b)
{
  return has_from (rule, a) == has_from (rule, b);
}

static gboolean
check_tiers (const DdDatasetDeclaration *declaration, const DdRows *rows, GError **error)
{
  g_autofree guint *compared = g_new (guint, rows->columns->len);
  guint ends[] = { rule_column (declaration, DD_RULE_TIERS, 0), rule_column (declaration, DD_RULE_TIERS, 1) };
  DdRule rule = { .rows = rows, .compared = compared, .more = ends };
  const char *from = dd_rows_column (rows, ends[0])->name;
  const char *up_to = dd_rows_column (rows, ends[1])->name;
  g_autofree char *right = g_strdup_printf (
    "one names its tier by \"%s\" and the other doesn't, which could leave a gap: all tiers of a table have "
    "\"%s\" (1, 11), or all have \"%s\" (10, 20) but for a last one without end",
    from, from, up_to);

  for (guint32 row = 0; row < rows->n_rows; row++)
    if (has_from (&rule, row) && dd_rows_cell (rows, row, ends[1]).text[0] != '\0')
      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                      "%s:%u: column \"%s\": %s beside \"%s\" %s could leave a gap to the next tier: give a "
                      "tier one of the two",
                      rows->file_name, rows->lines[row], up_to, dd_rows_cell (rows, row, ends[1]).text, from,
                      dd_rows_cell (rows, row, ends[0]).text);
  for (guint i = 0; i < rows->columns->len; i++)
    if (dd_rows_column (rows, i)->key && (int)i != rows->from && (int)i != rows->to && i != ends[0] &&
        i != ends[1])
      compared[rule.n_compared++] = i;
  return check_meeting (&rule, same_tiers, right, error);
}

/* --- rows that agree --- */

static gboolean
same_more (const DdRule *rule, guint32 a, guint32 b)
{
  DdRule rest = { .rows = rule->rows, .compared = rule->more, .n_compared = rule->n_more };

  return dd_rows_cell (rule->rows, a, rule->compared[0]).text[0] == '\0' ||
         dd_rule_compare (&rest, a, b) == 0;
}

static gboolean
check_agree (const DdDatasetDeclaration *declaration, const DdRows *rows, GError **error)
{
  char **names = declaration->rules[DD_RULE_AGREE];
  guint n = g_strv_length (names);
  g_autofree guint *columns = g_new (guint, n);
  g_autofree char *others = g_strjoinv (" and ", names + 1);
  g_autofree char *right = g_strdup_printf ("give all of a %s the same %s", names[0], others);
  DdRule rule = { .rows = rows, .compared = columns, .n_compared = 1, .more = columns + 1, .n_more = n - 1 };

  for (guint i = 0; i < n; i++)
    columns[i] = rule_column (declaration, DD_RULE_AGREE, i);
  return check_meeting (&rule, same_more, right, error);
}

gboolean
dd_dataset_check_rules (const DdDatasetDeclaration *declaration,
                        const DdCell *cells,
                        guint n_rows,
                        const guint32 *lines,
                        const char *file_name,
                        GError **error)
{
  const DdRows rows = { .columns = declaration->columns,
                        .cells = cells,
                        .n_rows = n_rows,
                        .lines = lines,
                        .file_name = file_name,
                        .from = dd_dataset_declaration_find (declaration, declaration->valid_from),
                        .to = dd_dataset_declaration_find (declaration, declaration->valid_to) };

  return check_ends (&rows, error) && (rows.from < 0 || check_validity (&rows, error)) &&
         (declaration->unique == NULL || check_unique (declaration, &rows, error)) &&
         (declaration->rules[DD_RULE_TIERS] == NULL || check_tiers (declaration, &rows, error)) &&
         (declaration->rules[DD_RULE_AGREE] == NULL || check_agree (declaration, &rows, error)) &&
         (declaration->rules[DD_RULE_YEARS] == NULL || dd_rows_check_years (declaration, &rows, error));
}
