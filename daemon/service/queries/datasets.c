/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Catalog.Datasets: what is declared, and what was imported. On a reader.
 */
#include "queries/queries.h"

static gboolean
add_imported (const DdDatasetRow *row, gpointer data)
{
  DdDatasetRow *copy = g_new0 (DdDatasetRow, 1);

  *copy = *row;
  copy->name = g_strdup (row->name);
  copy->actor = g_strdup (row->actor);
  g_hash_table_insert (data, (gpointer)copy->name, copy);
  return TRUE;
}

static void
imported_free (gpointer data)
{
  DdDatasetRow *row = data;

  g_free ((char *)row->name);
  g_free ((char *)row->actor);
  g_free (row);
}

char *
dd_describe_columns (const DdDatasetDeclaration *declaration)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < declaration->columns->len; i++)
    {
      const DdColumn *column = &g_array_index (declaration->columns, DdColumn, i);
      g_autofree char *type = dd_column_describe_type (column);

      g_string_append_printf (text, "%s%s %s%s%s", i > 0 ? "; " : "", column->name, column->key ? "key " : "",
                              type, column->optional ? " optional" : "");
    }
  g_autofree char *rules = dd_dataset_describe_rules (declaration);

  if (rules[0] != '\0')
    g_string_append_printf (text, "; %s", rules);
  return g_string_free (text, FALSE);
}

static void
add_datasets (GVariantBuilder *rows, const GPtrArray *declarations, GHashTable *imported)
{
  for (guint i = 0; i < declarations->len; i++)
    {
      const DdDatasetDeclaration *declaration = g_ptr_array_index (declarations, i);
      const DdDatasetRow *row = g_hash_table_lookup (imported, declaration->name);
      g_autofree char *columns = dd_describe_columns (declaration);
      g_variant_builder_add (rows, "(sttxss)", declaration->name, (guint64)(row != NULL ? row->version : 0),
                             (guint64)(row != NULL ? row->rows : 0), row != NULL ? row->time : (gint64)0,
                             row != NULL ? row->actor : "", columns);
    }
}

gboolean
dd_query_datasets (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (GHashTable) imported = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, imported_free);
  GVariantBuilder rows;

  if (!dd_reader_list_datasets (reader, add_imported, imported, error))
    return FALSE;
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sttxss)"));
  add_datasets (&rows, dd_core_datasets (), imported);
  add_datasets (&rows, dd_host_datasets (query->call->service->host), imported);
  g_variant_builder_add_value (&query->values, g_variant_builder_end (&rows));
  return TRUE;
}
