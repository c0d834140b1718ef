/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Manager.List: pages of deals by key. On a reader.
 */
#include "queries/queries.h"

typedef struct
{
  GVariantBuilder rows;
  guint count;
  gint64 last;
} Deals;

static gboolean
add_deal (const DdDealRow *row, gpointer data)
{
  Deals *deals = data;
  g_autofree char *id = dd_deal_id_format (row->number);

  g_variant_builder_add (&deals->rows, "(sstsssx)", id, dd_deal_state_name (row->state),
                         (guint64)row->version, row->title, row->customer, row->owner, row->updated_at);
  deals->count++;
  deals->last = row->number;
  return TRUE;
}

gboolean
dd_query_list_deals (DdQuery *query, DdReader *reader, GError **error)
{
  const char *before_text, *state_text = dd_options_text (query->call->options, "state");
  guint limit = dd_query_number (query, 1);
  gint64 before = 0;
  int state = state_text != NULL ? dd_deal_state_from_name (state_text) : -1;
  Deals deals = { 0 };

  g_variant_get_child (query->call->parameters, 0, "&s", &before_text);
  if (!dd_query_check_limit (limit, DD_MAX_PAGE, error) ||
      (before_text[0] != '\0' && !dd_deal_id_parse (before_text, &before, error)))
    return FALSE;
  if (state_text != NULL && state < 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "state “%.40s” should be preparing, negotiating, agreed, signed, closed, declined, "
                    "withdrawn or expired",
                    state_text);
  g_variant_builder_init (&deals.rows, G_VARIANT_TYPE ("a(sstsssx)"));
  if (!dd_reader_list_deals (reader, state, dd_options_text (query->call->options, "customer"), before, limit,
                             add_deal, &deals, error))
    {
      g_variant_builder_clear (&deals.rows);
      return FALSE;
    }
  g_autofree char *next = deals.count == limit ? dd_deal_id_format (deals.last) : g_strdup ("");
  g_variant_builder_add_value (&query->values, g_variant_builder_end (&deals.rows));
  g_variant_builder_add (&query->values, "s", next);
  return TRUE;
}
