/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Compiling a dataset: rows in order of the full key, which no two share, and a hash over the leading one.
 *
 * Rows are sorted by the first eight bytes of their leading text first: most comparisons touch no cell. Pure;
 * a compiled dataset is immutable and may be read from any thread.
 */
#include "datasets/datasets.h"

#include <string.h>

#include "text-hash.h"

typedef struct
{
  guint64 prefix; /* orders as the leading key does, as far as it goes */
  guint32 row;
} Entry;

typedef struct
{
  const GArray *columns;
  const DdCell *cells;
} Table;

static int
compare_rows (const Table *table, guint32 a, guint32 b)
{
  guint n = table->columns->len;

  for (guint i = 0; i < n; i++)
    {
      const DdColumn *column = &g_array_index (table->columns, DdColumn, i);
      int order;

      if (!column->key)
        break;
      order = dd_cell_compare (column, &table->cells[(gsize)a * n + i], &table->cells[(gsize)b * n + i]);
      if (order != 0)
        return order;
    }
  return 0;
}

static int
compare_entries (gconstpointer left, gconstpointer right, gpointer data)
{
  const Entry *a = left;
  const Entry *b = right;
  int order;

  if (a->prefix != b->prefix)
    return a->prefix < b->prefix ? -1 : 1;
  order = compare_rows (data, a->row, b->row);
  /* Of duplicates the earlier line comes first, so that the error names them in the file's order. */
  return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static gboolean
is_text (const DdColumn *column)
{
  return column->type == DD_COLUMN_TEXT || column->type == DD_COLUMN_CURRENCY;
}

/* How many bytes all leading texts begin with. */
static gsize
common_prefix (const Table *table, guint n_rows)
{
  guint n = table->columns->len;
  const char *first = table->cells[0].text;
  gsize length = strlen (first);

  for (guint row = 1; row < n_rows && length > 0; row++)
    {
      const char *text = table->cells[(gsize)row * n].text;
      gsize same = 0;

      while (same < length && text[same] == first[same])
        same++;
      length = same;
    }
  return length;
}

/* @skip: bytes of text that are the same in all rows, so that none is shorter. */
static guint64
prefix_of (const DdColumn *column, const DdCell *cell, gsize skip)
{
  const char *text = cell->text + skip;
  guint64 prefix = 0;

  if (!is_text (column))
    return (guint64)cell->number ^ ((guint64)1 << 63);
  /* Padded with zeros: a shorter text orders first. */
  memcpy (&prefix, text, strnlen (text, sizeof prefix));
  return GUINT64_FROM_BE (prefix);
}

/* NULL: the rows are in order already. */
static Entry *
sort_rows (const Table *table, guint n_rows)
{
  guint n = table->columns->len;
  const DdColumn *leading = &g_array_index (table->columns, DdColumn, 0);
  gsize skip = is_text (leading) ? common_prefix (table, n_rows) : 0;
  Entry *entries;
  guint32 row = 1;

  while (row < n_rows && compare_rows (table, row - 1, row) < 0)
    row++;
  if (row == n_rows)
    return NULL;
  entries = g_new (Entry, n_rows);
  for (row = 0; row < n_rows; row++)
    {
      entries[row].prefix = prefix_of (leading, &table->cells[(gsize)row * n], skip);
      entries[row].row = row;
    }
  g_qsort_with_data (entries, (gint)n_rows, sizeof *entries, compare_entries, (gpointer)table);
  return entries;
}

/* Moves each row to its place along the cycles of the permutation, in place: a second table would cost as
 * much memory again. Uses up @entries. */
static void
permute (DdCell *cells, guint n, Entry *entries, guint n_rows)
{
  gsize size = n * sizeof (DdCell);
  g_autofree DdCell *held = g_malloc (size);

  for (guint32 start = 0; start < n_rows; start++)
    {
      guint32 at = start;

      if (entries[start].row == start)
        continue;
      memcpy (held, &cells[(gsize)start * n], size);
      for (guint32 from = entries[at].row; from != start; from = entries[at].row)
        {
          memcpy (&cells[(gsize)at * n], &cells[(gsize)from * n], size);
          entries[at].row = at;
          at = from;
        }
      memcpy (&cells[(gsize)at * n], held, size);
      entries[at].row = at;
    }
}

static gboolean
check_duplicates (const Table *table,
                  const Entry *entries,
                  guint n_rows,
                  const guint32 *lines,
                  const char *file_name,
                  GError **error)
{
  for (guint i = 1; i < n_rows; i++)
    {
      guint32 first = entries[i - 1].row;
      guint32 second = entries[i].row;

      if (compare_rows (table, first, second) != 0)
        continue;
      if (lines == NULL)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s: rows %u and %u have the same key \"%s\"",
                        file_name, first + 1, second + 1,
                        table->cells[(gsize)first * table->columns->len].text);
      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                      "%s:%u: column 1 \"%s\": the key \"%s\" (with its further key columns) is on line %u "
                      "already; each key comes once",
                      file_name, lines[second], g_array_index (table->columns, DdColumn, 0).name,
                      table->cells[(gsize)first * table->columns->len].text, lines[first]);
    }
  return TRUE;
}

/* The slot of @key, or the free one where it belongs. */
static const DdKeySlot *
find_slot (const DdDataset *dataset, const char *key, guint32 hash)
{
  guint32 mask = dataset->n_slots - 1;

  for (guint32 i = hash & mask;; i = (i + 1) & mask)
    {
      const DdKeySlot *slot = &dataset->slots[i];

      if (slot->count == 0)
        return slot;
      if (slot->hash == hash &&
          strcmp (dataset->cells[(gsize)slot->first * dataset->columns->len].text, key) == 0)
        return slot;
    }
}

/* Rows of one leading key lie together: each key is hashed once, and is no other's. */
static void
hash_rows (DdDataset *dataset)
{
  guint n = dataset->columns->len;
  guint row = 0;

  dataset->n_slots = 1;
  while (dataset->n_slots < 2 * (guint64)dataset->n_rows)
    dataset->n_slots *= 2;
  dataset->slots = g_new0 (DdKeySlot, dataset->n_slots);
  while (row < dataset->n_rows)
    {
      const char *key = dataset->cells[(gsize)row * n].text;
      DdKeySlot new_slot = { .hash = dd_text_hash (key), .first = row };
      guint32 at = new_slot.hash & (dataset->n_slots - 1);

      while (row < dataset->n_rows && strcmp (dataset->cells[(gsize)row * n].text, key) == 0)
        row++;
      new_slot.count = row - new_slot.first;
      while (dataset->slots[at].count != 0)
        at = (at + 1) & (dataset->n_slots - 1);
      dataset->slots[at] = new_slot;
    }
}

DdDataset *
dd_dataset_compile (const DdDatasetDeclaration *declaration,
                    char *arena,
                    gsize arena_size,
                    DdCell *cells,
                    guint n_rows,
                    const guint32 *lines,
                    const char *file_name,
                    GError **error)
{
  g_autoptr (DdDataset) dataset = g_new0 (DdDataset, 1);
  Table table = { .columns = declaration->columns, .cells = cells };
  guint n = declaration->columns->len;
  g_autofree Entry *entries = NULL;

  dataset->ref_count = 1;
  dataset->name = g_strdup (declaration->name);
  dataset->columns = dd_columns_copy (declaration->columns);
  dataset->arena = arena;
  dataset->arena_size = arena_size;
  dataset->cells = cells;
  dataset->n_rows = n_rows;
  if (n_rows == 0)
    return g_steal_pointer (&dataset);
  entries = sort_rows (&table, n_rows);
  if (entries != NULL && !check_duplicates (&table, entries, n_rows, lines, file_name, error))
    return NULL;
  if (lines != NULL && !dd_dataset_check_rules (declaration, cells, n_rows, lines, file_name, error))
    return NULL;
  if (entries != NULL)
    permute (cells, n, entries, n_rows);
  hash_rows (dataset);
  return g_steal_pointer (&dataset);
}

DdDataset *
dd_dataset_ref (DdDataset *dataset)
{
  g_atomic_int_inc (&dataset->ref_count);
  return dataset;
}

void
dd_dataset_unref (DdDataset *dataset)
{
  if (dataset == NULL || !g_atomic_int_dec_and_test (&dataset->ref_count))
    return;
  g_free (dataset->name);
  g_array_unref (dataset->columns);
  g_free (dataset->arena);
  g_free (dataset->cells);
  g_free (dataset->slots);
  g_free (dataset);
}

const char *
dd_dataset_name (const DdDataset *dataset)
{
  return dataset->name;
}

gint64
dd_dataset_version (const DdDataset *dataset)
{
  return dataset->version;
}

guint
dd_dataset_n_rows (const DdDataset *dataset)
{
  return dataset->n_rows;
}

guint
dd_dataset_n_columns (const DdDataset *dataset)
{
  return dataset->columns->len;
}

const DdCell *
dd_dataset_row (const DdDataset *dataset, guint row)
{
  return &dataset->cells[(gsize)row * dataset->columns->len];
}

guint
dd_dataset_find (const DdDataset *dataset, const char *key, guint *out_first)
{
  const DdKeySlot *slot;

  if (dataset->n_slots == 0)
    return 0;
  slot = find_slot (dataset, key, dd_text_hash (key));
  if (slot->count > 0)
    *out_first = slot->first;
  return slot->count;
}
