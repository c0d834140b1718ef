/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Log: a deal's events. On a reader.
 */
#include "queries/queries.h"

#include "digest.h"

#include <string.h>

static gboolean
on_row (const DdLogRow *row, gpointer data)
{
  DdJsonWriter *writer = data;
  g_autofree char *head = dd_digest_format (row->head);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "actor", row->actor);
  if (row->body != NULL)
    {
      dd_json_write_key (writer, "body");
      dd_json_write_canonical (writer, row->body, strlen (row->body));
    }
  dd_json_put_string (writer, "caller", row->caller);
  dd_json_put_string (writer, "head", head);
  if (row->occurred_at != 0)
    dd_put_time (writer, "occurredAt", row->occurred_at);
  dd_put_time (writer, "time", row->time);
  dd_json_put_string (writer, "type", dd_event_type_name (row->type));
  dd_json_put_int64 (writer, "version", row->version);
  dd_json_write_end_object (writer);
  return TRUE;
}

gboolean
dd_query_log (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, query->call->deal, error);
  guint64 after = 0;
  guint limit = dd_query_number (query, 1);

  if (deal == NULL)
    return FALSE;
  if (limit < 1 || limit > 1000)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "limit is %u; it should be from 1 to 1000", limit);
  g_variant_get_child (query->call->parameters, 0, "t", &after);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "events");
  dd_json_write_begin_array (writer);
  if (!dd_reader_log (reader, deal->number, (gint64)MIN (after, G_MAXINT64), limit, on_row, writer, error))
    return FALSE;
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}
