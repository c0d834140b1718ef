/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Aligned columns (see table.h). Pure; one thread at a time.
 */
#include "table.h"
#include "layout.h"
#include "record.h"
#include "text.h"

#define WORDS_MIN       14 /* a column of sentences, of texts twice as wide at least, is no narrower */
#define WORDS_READABLE  28
#define WORDS_TOLERABLE 20 /* where no column is left that could give way */
#define INDENT          2  /* of a record within another */

typedef struct
{
  char *heading;
  guint flags;
  guint level;
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
ctl_table_add_column (CtlTable *table, const char *heading, guint flags, guint level)
{
  Column column = { .heading = g_strdup (heading), .flags = flags, .level = level };

  g_assert (table->cells->len == 0);
  g_array_append_val (table->columns, column);
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
  table->cells->pdata[at] = g_strdup (text);
}

static const Column *
column_at (const CtlTable *table, guint column)
{
  return &g_array_index (table->columns, Column, column);
}

static const char *
cell_text (const CtlTable *table, guint row, guint column)
{
  const char *text = table->cells->pdata[row * table->columns->len + column];

  return text == NULL ? "" : text;
}

static CtlColumnSize
column_size (const CtlTable *table, guint column)
{
  const Column *about = column_at (table, column);
  gboolean wraps = (about->flags & CTL_COLUMN_WRAPS) != 0;
  CtlColumnSize size = { .wraps = wraps };

  for (guint row = 0; row < ctl_table_n_rows (table); row++)
    {
      const char *text = cell_text (table, row, column);
      guint natural = ctl_text_width (text);

      size.natural = MAX (size.natural, natural);
      size.least = MAX (size.least, wraps ? ctl_text_widest_piece (text) : natural);
    }
  if (size.natural == 0)
    return size;
  if (wraps && size.natural >= 2 * WORDS_MIN)
    size.least = MAX (size.least, WORDS_MIN);
  size.natural = MAX (size.natural, ctl_text_width (about->heading));
  size.least = MAX (size.least, ctl_text_widest_piece (about->heading));
  size.readable = MAX (size.least, MIN (size.natural, WORDS_READABLE));
  return size;
}

static void
append_spaces (GString *out, guint count)
{
  for (guint i = 0; i < count; i++)
    g_string_append_c (out, ' ');
}

static CtlTone
cell_tone (const Column *column, const char *text, gboolean is_heading)
{
  if (is_heading)
    return CTL_TONE_HEADING;
  return column->flags & CTL_COLUMN_STATE ? ctl_colour_of_state (text) : CTL_TONE_PLAIN;
}

/* @lines: (element-type GStrv): of each column; @line: which of them. FALSE: no column has so many. */
static gboolean
print_line (const CtlTable *table,
            const guint *widths,
            const GPtrArray *lines,
            guint line,
            gboolean is_heading,
            gboolean colour,
            GString *out)
{
  guint owed = 0; /* spaces due before the next text, so that no line ends in any */
  gboolean first = TRUE;
  gboolean any = FALSE;

  for (guint i = 0; i < table->columns->len; i++)
    {
      const Column *column = column_at (table, i);
      char **texts = lines->pdata[i];
      const char *text = line < g_strv_length (texts) ? texts[line] : NULL;
      guint padding = widths[i];

      if (widths[i] == 0)
        continue;
      owed += first ? 0 : CTL_LAYOUT_GAP;
      first = FALSE;
      any = any || text != NULL;
      if (text == NULL || *text == '\0')
        {
          owed += padding;
          continue;
        }
      padding -= MIN (padding, ctl_text_width (text));
      append_spaces (out, owed + (column->flags & CTL_COLUMN_RIGHT ? padding : 0));
      ctl_colour_append (out, text, cell_tone (column, text, is_heading), colour);
      owed = column->flags & CTL_COLUMN_RIGHT ? 0 : padding;
    }
  return any;
}

/* @row: -1 for the heading. */
static void
print_row (const CtlTable *table, const guint *widths, gint row, gboolean colour, GString *out)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  guint line = 0;

  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (
      lines,
      ctl_text_wrap (row < 0 ? column_at (table, i)->heading : cell_text (table, (guint)row, i), widths[i]));
  while (print_line (table, widths, lines, line, row < 0, colour, out))
    {
      g_string_append_c (out, '\n');
      line++;
    }
}

/* Whether the rows, wrapped to @widths, would take more lines than as records, a line a cell. */
static gboolean
is_crumpled (const CtlTable *table, const guint *widths)
{
  guint64 in_table = 1;
  guint64 in_records = 0;

  for (guint row = 0; row < ctl_table_n_rows (table); row++)
    {
      guint highest = 1;

      in_records++;
      for (guint i = 0; i < table->columns->len; i++)
        {
          guint width = ctl_text_width (cell_text (table, row, i));

          if (width == 0 || widths[i] == 0)
            continue;
          highest = MAX (highest, (width + widths[i] - 1) / widths[i]);
          in_records++;
        }
      in_table += highest;
    }
  return in_table > in_records;
}

/* Whether no column of sentences is narrower than @least. */
static gboolean
is_readable (const CtlColumnSize *sizes, guint n_sizes, const guint *widths, guint least)
{
  for (guint i = 0; i < n_sizes; i++)
    if (sizes[i].wraps && sizes[i].natural >= WORDS_READABLE && widths[i] < least)
      return FALSE;
  return TRUE;
}

/* The column that gives way next, or how many there are. */
static guint
next_to_go (const CtlTable *table, const CtlColumnSize *sizes)
{
  guint next = table->columns->len;
  guint highest = 0;

  for (guint i = 0; i < table->columns->len; i++)
    {
      guint rank = column_at (table, i)->flags / CTL_COLUMN_GIVES_WAY (1);

      if (sizes[i].natural > 0 && rank > highest)
        {
          highest = rank;
          next = i;
        }
    }
  return next;
}

/* FALSE: it has to be records. */
static gboolean
choose_widths (const CtlTable *table, const CtlStyle *style, guint *widths)
{
  guint n = table->columns->len;
  g_autofree CtlColumnSize *sizes = g_new0 (CtlColumnSize, n + 1);
  gboolean fits;

  for (guint i = 0; i < n; i++)
    sizes[i] = column_size (table, i);
  fits = ctl_layout_fit (sizes, n, style->columns, widths);
  if (style->columns == 0)
    return TRUE;
  if (style->columns < CTL_TABLE_LEAST)
    return fits && !is_crumpled (table, widths);
  while (!fits || !is_readable (sizes, n, widths, WORDS_READABLE))
    {
      guint next = next_to_go (table, sizes);

      if (next == n)
        return fits && (is_readable (sizes, n, widths, WORDS_TOLERABLE) || !is_crumpled (table, widths));
      sizes[next] = (CtlColumnSize){ .natural = 0 };
      fits = ctl_layout_fit (sizes, n, style->columns, widths);
    }
  return TRUE;
}

/* The cells of @row as records, those of a deeper level further in. */
static void
print_row_as_record (const CtlTable *table, guint row, guint label_width, const CtlStyle *style, GString *out)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const Column *column = column_at (table, i);
      const char *text = cell_text (table, row, i);
      CtlEntry entry = { column->heading, text, cell_tone (column, text, FALSE) };

      ctl_record_append (out, &entry, 1, label_width, column->level * INDENT, style);
    }
}

static void
print_as_records (const CtlTable *table, const CtlStyle *style, GString *out)
{
  guint label_width = 0;

  for (guint i = 0; i < table->columns->len; i++)
    for (guint row = 0; row < ctl_table_n_rows (table); row++)
      if (*cell_text (table, row, i) != '\0')
        label_width = MAX (label_width, ctl_text_width (column_at (table, i)->heading));
  for (guint row = 0; row < ctl_table_n_rows (table); row++)
    {
      if (row > 0)
        g_string_append_c (out, '\n');
      print_row_as_record (table, row, label_width, style, out);
    }
}

void
ctl_table_print (const CtlTable *table, const CtlStyle *style, GString *out)
{
  g_autofree guint *widths = g_new0 (guint, table->columns->len + 1);

  if (!choose_widths (table, style, widths))
    {
      print_as_records (table, style, out);
      return;
    }
  for (gint row = -1; row < (gint)ctl_table_n_rows (table); row++)
    print_row (table, widths, row, style->colour, out);
}
