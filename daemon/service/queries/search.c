/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Manager.Search: deals by words. On a reader.
 */
#include "queries/queries.h"

/* Each text that matched is looked through to show where. */
#define MAX_FOUND 100

static gboolean
add_deal (const DdFoundRow *row, gpointer data)
{
  g_autofree char *id = dd_deal_id_format (row->number);

  g_variant_builder_add (data, "(sstssss)", id, dd_deal_state_name (row->state), (guint64)row->version,
                         row->title, row->customer, row->owner, row->where);
  return TRUE;
}

gboolean
dd_query_search (DdQuery *query, DdReader *reader, GError **error)
{
  guint limit = dd_query_number (query, 1);
  GVariantBuilder rows;
  const char *text;

  g_variant_get_child (query->call->parameters, 0, "&s", &text);
  if (!dd_query_check_limit (limit, MAX_FOUND, error))
    return FALSE;
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sstssss)"));
  if (!dd_reader_search (reader, text, limit, add_deal, &rows, error))
    {
      g_variant_builder_clear (&rows);
      return FALSE;
    }
  g_variant_builder_add_value (&query->values, g_variant_builder_end (&rows));
  return TRUE;
}
