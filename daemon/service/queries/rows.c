/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Catalog.Rows and Catalog.Differences: what a version of a dataset holds, and what two differ in. On a
 * reader.
 *
 * A version never changes, so a page of it is found by the number of its first row.
 */
#include "queries/queries.h"

#include <string.h>

#define MAX_ROWS 10000

/* (transfer full): the dataset of the first argument; @version 0: the current one. */
static DdDataset *
open_version (DdQuery *query,
              DdReader *reader,
              guint64 version,
              const DdDatasetDeclaration **out_declaration,
              GError **error)
{
  const DdDatasetDeclaration *declaration;
  const char *name;

  g_variant_get_child (query->call->parameters, 0, "&s", &name);
  declaration = dd_service_find_dataset (query->call->service, name, error);
  if (declaration == NULL)
    return NULL;
  if (version > G_MAXINT64)
    {
      dd_fail (error, DD_ERROR_NOT_FOUND, "dataset %s has no version %" G_GUINT64_FORMAT, name, version);
      return NULL;
    }
  *out_declaration = declaration;
  return dd_reader_dataset (reader, declaration, (gint64)version, error);
}

/* --- Rows --- */

static void
write_columns (DdJsonWriter *writer, const DdDatasetDeclaration *declaration)
{
  dd_json_write_key (writer, "columns");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < declaration->columns->len; i++)
    dd_json_write_string (writer, g_array_index (declaration->columns, DdColumn, i).name);
  dd_json_write_end_array (writer);
}

static void
write_row (DdJsonWriter *writer, const DdCell *cells, guint n_cells)
{
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < n_cells; i++)
    dd_json_write_string (writer, cells[i].text);
  dd_json_write_end_array (writer);
}

gboolean
dd_query_rows (DdQuery *query, DdReader *reader, GError **error)
{
  const char *key = dd_options_text (query->call->options, "key");
  guint limit = dd_query_number (query, 3);
  const DdDatasetDeclaration *declaration = NULL;
  g_autoptr (DdDataset) dataset = NULL;
  g_autoptr (DdJsonWriter) writer = NULL;
  guint64 version, first;
  guint begin = 0, count;

  g_variant_get_child (query->call->parameters, 1, "t", &version);
  g_variant_get_child (query->call->parameters, 2, "t", &first);
  if (!dd_query_check_limit (limit, MAX_ROWS, error) ||
      (dataset = open_version (query, reader, version, &declaration, error)) == NULL)
    return FALSE;
  count = key != NULL ? dd_dataset_find (dataset, key, &begin) : dd_dataset_n_rows (dataset);
  g_variant_builder_add (&query->values, "t", (guint64)dd_dataset_version (dataset));
  g_variant_builder_add (&query->values, "t", (guint64)count);
  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  write_columns (writer, declaration);
  dd_json_write_key (writer, "rows");
  dd_json_write_begin_array (writer);
  for (guint64 i = first; i < count && i - first < limit; i++)
    write_row (writer, dd_dataset_row (dataset, begin + (guint)i), declaration->columns->len);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

/* --- Differences --- */

typedef struct
{
  const DdDatasetDeclaration *declaration;
  const DdDataset *dataset;
  DdJsonWriter *writer;
  guint limit;
  guint written;
  guint64 added;
  guint64 removed;
  guint64 changed;
} Differences;

/* "epl-100, rental" (transfer full) */
static char *
describe_key (const DdDatasetDeclaration *declaration, const DdCell *cells)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < declaration->columns->len; i++)
    if (g_array_index (declaration->columns, DdColumn, i).key)
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", cells[i].text);
  return g_string_free (text, FALSE);
}

/* @column: (nullable) */
static void
write_difference (
  Differences *all, const char *kind, const char *key, const char *column, const char *from, const char *to)
{
  if (all->written == all->limit)
    return;
  all->written++;
  dd_json_write_begin_object (all->writer);
  dd_json_put_string (all->writer, "column", column);
  dd_json_put_string (all->writer, "from", from);
  dd_json_put_string (all->writer, "key", key);
  dd_json_put_string (all->writer, "kind", kind);
  dd_json_put_string (all->writer, "to", to);
  dd_json_write_end_object (all->writer);
}

/* All of one row but its key: "price 4.50; mode flat". (transfer full) */
static char *
describe_values (const DdDatasetDeclaration *declaration, const DdCell *cells)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < declaration->columns->len; i++)
    {
      const DdColumn *column = &g_array_index (declaration->columns, DdColumn, i);

      if (!column->key && cells[i].text[0] != '\0')
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "", column->name, cells[i].text);
    }
  return g_string_free (text, FALSE);
}

static gboolean
on_difference (const DdCell *from, const DdCell *to, gpointer data)
{
  Differences *all = data;
  const DdDatasetDeclaration *declaration = all->declaration;
  const DdCell *one = from != NULL ? from : to;
  g_autofree char *key = all->written < all->limit ? describe_key (declaration, one) : NULL;

  all->added += from == NULL;
  all->removed += to == NULL;
  all->changed += from != NULL && to != NULL;
  if (key == NULL)
    return TRUE;
  if (from == NULL || to == NULL)
    {
      g_autofree char *values = describe_values (declaration, one);

      write_difference (all, from == NULL ? "added" : "removed", key, NULL, from != NULL ? values : NULL,
                        to != NULL ? values : NULL);
      return TRUE;
    }
  for (guint i = 0; i < declaration->columns->len; i++)
    if (dd_dataset_cell_differs (all->dataset, i, &from[i], &to[i]))
      write_difference (all, "changed", key, g_array_index (declaration->columns, DdColumn, i).name,
                        from[i].text, to[i].text);
  return TRUE;
}

gboolean
dd_query_differences (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdDataset) from = NULL;
  g_autoptr (DdDataset) to = NULL;
  g_autoptr (DdJsonWriter) writer = NULL;
  Differences all = { .limit = dd_query_number (query, 3) };
  guint64 versions[2];

  g_variant_get_child (query->call->parameters, 1, "t", &versions[0]);
  g_variant_get_child (query->call->parameters, 2, "t", &versions[1]);
  if (!dd_query_check_limit (all.limit, MAX_ROWS, error))
    return FALSE;
  if (versions[0] == 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "from is 0; versions count from 1");
  from = open_version (query, reader, versions[0], &all.declaration, error);
  to = from != NULL ? open_version (query, reader, versions[1], &all.declaration, error) : NULL;
  if (to == NULL)
    return FALSE;
  writer = dd_json_writer_new ();
  all.writer = writer;
  all.dataset = from;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "differences");
  dd_json_write_begin_array (writer);
  dd_dataset_diff (from, to, on_difference, &all);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  g_variant_builder_add (&query->values, "t", (guint64)dd_dataset_version (to));
  g_variant_builder_add (&query->values, "t", all.added);
  g_variant_builder_add (&query->values, "t", all.removed);
  g_variant_builder_add (&query->values, "t", all.changed);
  dd_query_finish (query, writer);
  return TRUE;
}
