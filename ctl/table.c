/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Aligned columns (see table.h). Pure; one thread at a time.
 */
#include "table.h"
#include "text.h"

#define BOLD  "\033[1m"
#define PLAIN "\033[0m"
#define GAP   2

/* A column that yields keeps so many columns of the terminal, however narrow that is. */
#define YIELD_MIN 10

typedef struct
{
  char *heading;
  gboolean right;
  gboolean yields;
} Column;

struct _CtlTable
{
  GArray *columns;  /* Column */
  GPtrArray *cells; /* (element-type utf8) (nullable elements): row after row */
};

static void
clear_column (gpointer data)
{
  g_free (((Column *)data)->heading);
}

CtlTable *
ctl_table_new (void)
{
  CtlTable *table = g_new0 (CtlTable, 1);

  table->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (table->columns, clear_column);
  table->cells = g_ptr_array_new_with_free_func (g_free);
  return table;
}

void
ctl_table_free (CtlTable *table)
{
  if (table == NULL)
    return;
  g_array_unref (table->columns);
  g_ptr_array_unref (table->cells);
  g_free (table);
}

void
ctl_table_add_column (CtlTable *table, const char *heading, gboolean right)
{
  Column column = { .heading = g_strdup (heading), .right = right };

  g_assert (table->cells->len == 0);
  g_array_append_val (table->columns, column);
}

void
ctl_table_let_yield (CtlTable *table)
{
  g_array_index (table->columns, Column, table->columns->len - 1).yields = TRUE;
}

guint
ctl_table_n_columns (const CtlTable *table)
{
  return table->columns->len;
}

guint
ctl_table_n_rows (const CtlTable *table)
{
  return table->columns->len == 0 ? 0 : table->cells->len / table->columns->len;
}

void
ctl_table_add_row (CtlTable *table)
{
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (table->cells, NULL);
}

void
ctl_table_set (CtlTable *table, guint column, const char *text)
{
  guint at = table->cells->len - table->columns->len + column;

  g_assert (column < table->columns->len);
  g_free (table->cells->pdata[at]);
  table->cells->pdata[at] = ctl_text_clean (text);
}

static const char *
cell_text (const CtlTable *table, guint row, guint column)
{
  const char *text = table->cells->pdata[row * table->columns->len + column];

  return text == NULL ? "" : text;
}

/* The column's width, or 0 when no row has text in it. */
static guint
column_width (const CtlTable *table, guint column)
{
  guint width = 0;

  for (guint row = 0; row < ctl_table_n_rows (table); row++)
    width = MAX (width, ctl_text_width (cell_text (table, row, column)));
  if (width == 0)
    return 0;
  return MAX (width, ctl_text_width (g_array_index (table->columns, Column, column).heading));
}

static void
append_spaces (GString *out, guint count)
{
  for (guint i = 0; i < count; i++)
    g_string_append_c (out, ' ');
}

/* Takes from the columns that yield what the table is wider than @columns. */
static void
fit_widths (const CtlTable *table, guint columns, guint *widths)
{
  guint total = 0;

  for (guint i = 0; i < table->columns->len; i++)
    if (widths[i] > 0)
      total += widths[i] + (total == 0 ? 0 : GAP);
  for (guint i = 0; i < table->columns->len && total > columns; i++)
    {
      guint taken;

      if (!g_array_index (table->columns, Column, i).yields || widths[i] <= YIELD_MIN)
        continue;
      taken = MIN (total - columns, widths[i] - YIELD_MIN);
      widths[i] -= taken;
      total -= taken;
    }
}

/* @row: -1 for the heading. */
static void
print_row (const CtlTable *table, const guint *widths, gint row, GString *out)
{
  guint owed = 0; /* spaces due before the next text, so that no line ends in any */
  gboolean first = TRUE;

  for (guint i = 0; i < table->columns->len; i++)
    {
      const Column *column = &g_array_index (table->columns, Column, i);
      g_autofree char *text =
        ctl_text_cut (row < 0 ? column->heading : cell_text (table, (guint)row, i), widths[i]);
      guint padding;

      if (widths[i] == 0)
        continue;
      owed += first ? 0 : GAP;
      first = FALSE;
      padding = widths[i] - ctl_text_width (text);
      if (*text == '\0')
        {
          owed += padding;
          continue;
        }
      append_spaces (out, owed + (column->right ? padding : 0));
      g_string_append (out, text);
      owed = column->right ? 0 : padding;
    }
}

void
ctl_table_print (const CtlTable *table, guint columns, GString *out)
{
  g_autofree guint *widths = g_new0 (guint, table->columns->len + 1);

  for (guint i = 0; i < table->columns->len; i++)
    widths[i] = column_width (table, i);
  if (columns > 0)
    {
      fit_widths (table, columns, widths);
      g_string_append (out, BOLD);
    }
  print_row (table, widths, -1, out);
  g_string_append (out, columns > 0 ? PLAIN "\n" : "\n");
  for (guint row = 0; row < ctl_table_n_rows (table); row++)
    {
      print_row (table, widths, (gint)row, out);
      g_string_append_c (out, '\n');
    }
}
