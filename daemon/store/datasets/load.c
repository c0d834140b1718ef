/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A dataset as it is stored: text cells, so that a later declaration may read them with other types, or more
 * or fewer columns. The rows are in order already, so reading them back seldom sorts. Pure; any thread.
 */
#include "datasets/datasets.h"

#include <string.h>

static const char magic[] = "dealdesk-dataset 1\n";

GBytes *
dd_dataset_pack (const DdDataset *dataset)
{
  GString *out = g_string_sized_new (dataset->arena_size + 1024);
  gsize n = (gsize)dataset->n_rows * dataset->columns->len;

  g_string_append (out, magic);
  dd_columns_describe (dataset->columns, out);
  g_string_append_c (out, '\n');
  for (gsize i = 0; i < n; i++)
    {
      const char *text = dataset->cells[i].text;

      g_string_append_len (out, text, (gssize)strlen (text) + 1);
    }
  return g_string_free_to_bytes (out);
}

/* The stored columns, and where the cells begin. */
static DdDatasetDeclaration *
read_columns (const char *name, const char *bytes, gsize length, const char **out_cells, GError **error)
{
  const char *end = bytes + length;
  const char *cursor = bytes + strlen (magic);
  DdDatasetDeclaration *stored;

  if (length < strlen (magic) || memcmp (bytes, magic, strlen (magic)) != 0)
    {
      dd_fail (error, DD_ERROR_STORE_DAMAGED, "dataset %s isn't stored in a known form", name);
      return NULL;
    }
  stored = dd_dataset_declaration_new (name);
  for (;;)
    {
      const char *line_end = memchr (cursor, '\n', (gsize)(end - cursor));
      g_autofree char *line = NULL;

      if (line_end == cursor)
        break;
      line = line_end != NULL ? g_strndup (cursor, (gsize)(line_end - cursor)) : NULL;
      if (line == NULL || !dd_dataset_declaration_add (stored, line, NULL))
        {
          dd_dataset_declaration_free (stored);
          dd_fail (error, DD_ERROR_STORE_DAMAGED, "dataset %s: its stored columns can't be read", name);
          return NULL;
        }
      cursor = line_end + 1;
    }
  *out_cells = cursor + 1;
  return stored;
}

/* Of each stored column the declared one's index, or -1. */
static int *
map_columns (const DdDatasetDeclaration *stored, const DdDatasetDeclaration *declaration)
{
  int *map = g_new (int, stored->columns->len);

  for (guint i = 0; i < stored->columns->len; i++)
    map[i] = dd_dataset_declaration_find (declaration, g_array_index (stored->columns, DdColumn, i).name);
  return map;
}

/* @cursor: the first of the cells, all ended by NUL. */
static gboolean
read_rows (const DdDatasetDeclaration *declaration,
           const int *map,
           guint n_stored,
           char *cursor,
           const char *end,
           GArray *cells,
           GError **error)
{
  guint n = declaration->columns->len;

  for (guint row = 1; cursor < end; row++)
    {
      guint at = cells->len;

      g_array_set_size (cells, at + n);
      for (guint i = 0; i < n; i++)
        g_array_index (cells, DdCell, at + i) = (DdCell){ .number = G_MININT64, .text = "" };
      for (guint i = 0; i < n_stored; i++)
        {
          gsize length;
          const DdColumn *column;

          if (cursor >= end)
            return dd_fail (error, DD_ERROR_STORE_DAMAGED, "its last stored row is cut off");
          length = strlen (cursor);
          column = map[i] >= 0 ? &g_array_index (declaration->columns, DdColumn, map[i]) : NULL;
          if (column != NULL && !dd_cell_read (column, cursor, length,
                                               &g_array_index (cells, DdCell, at + (guint)map[i]), error))
            {
              g_prefix_error (error, "row %u, column \"%s\": ", row, column->name);
              return FALSE;
            }
          cursor += length + 1;
        }
    }
  return TRUE;
}

DdDataset *
dd_dataset_unpack (
  const DdDatasetDeclaration *declaration, const char *bytes, gsize length, gint64 version, GError **error)
{
  g_autofree char *label =
    g_strdup_printf ("dataset %s, version %" G_GINT64_FORMAT, declaration->name, version);
  const char *first = NULL;
  DdDatasetDeclaration *stored = read_columns (declaration->name, bytes, length, &first, error);
  g_autofree int *map = NULL;
  g_autofree char *arena = NULL;
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (DdCell));
  DdDataset *dataset;
  gsize size;
  guint n_rows;

  if (stored == NULL)
    return NULL;
  map = map_columns (stored, declaration);
  size = length - (gsize)(first - bytes);
  arena = g_malloc (size + 1);
  memcpy (arena, first, size);
  arena[size] = '\0';
  if (!read_rows (declaration, map, stored->columns->len, arena, arena + size, cells, error))
    {
      g_prefix_error (error, "%s: ", label);
      dd_dataset_declaration_free (stored);
      return NULL;
    }
  dd_dataset_declaration_free (stored);
  n_rows = cells->len / declaration->columns->len;
  dataset = dd_dataset_compile (declaration, g_steal_pointer (&arena), size + 1,
                                (DdCell *)(void *)g_array_free (g_steal_pointer (&cells), FALSE), n_rows,
                                NULL, label, error);
  if (dataset != NULL)
    dataset->version = version;
  return dataset;
}
