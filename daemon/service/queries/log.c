/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Log: a deal's events. On a reader.
 */
#include "queries/queries.h"

#include "digest.h"

#include <string.h>

/* Members of events' bodies that are moments: stored in microseconds, told as all others are. */
static const char *const moments[] = { "expires", "irrevocableUntil", "nextAttempt", "validUntil", NULL };

static gboolean
write_body (DdJsonWriter *writer, const char *text, GError **error)
{
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), &dd_json_limits_own, error);

  if (json == NULL)
    return FALSE;
  dd_json_write_begin_object (writer);
  for (const DdJsonNode *member = dd_json_first (dd_json_root (json)); member != NULL;
       member = dd_json_next (member))
    {
      const char *name = dd_json_name (member);

      if (dd_json_type (member) == DD_JSON_NUMBER && g_strv_contains (moments, name))
        {
          dd_put_time (writer, name, g_ascii_strtoll (dd_json_text (member), NULL, 10));
          continue;
        }
      dd_json_write_key (writer, name);
      dd_json_write_node (writer, member);
    }
  dd_json_write_end_object (writer);
  return TRUE;
}

typedef struct
{
  DdJsonWriter *writer;
  GError *error; /* (nullable) */
} Log;

static gboolean
on_row (const DdLogRow *row, gpointer data)
{
  Log *log = data;
  DdJsonWriter *writer = log->writer;
  g_autofree char *head = dd_digest_format (row->head);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "actor", row->actor);
  if (row->body != NULL)
    {
      dd_json_write_key (writer, "body");
      if (!write_body (writer, row->body, &log->error))
        return FALSE;
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
  Log log = { writer, NULL };

  if (deal == NULL || !dd_query_check_limit (limit, DD_MAX_PAGE, error))
    return FALSE;
  g_variant_get_child (query->call->parameters, 0, "t", &after);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "events");
  dd_json_write_begin_array (writer);
  if (!dd_reader_log (reader, deal->number, (gint64)MIN (after, G_MAXINT64), limit, on_row, &log, error))
    return FALSE;
  if (log.error != NULL)
    {
      g_propagate_error (error, log.error);
      return FALSE;
    }
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}
