/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Status, on a reader; Verify and Backup, on the background thread.
 */
#include "queries/queries.h"

#include "backup.h"
#include "bus/progress.h"

#include "config.h"
#include "deal/record.h"
#include "digest.h"

#include <gio/gunixfdlist.h>

typedef struct
{
  const char *id;
  const char *state;
} Sink;

static void
take_state (const DdPluginInfo *info, gpointer data)
{
  Sink *sink = data;

  if (sink->state == NULL && g_str_equal (info->id, sink->id))
    sink->state = info->state;
}

/* One that is disabled or refused is still where the orders that wait would go. */
static void
put_sink (DdJsonWriter *writer, DdHost *host)
{
  Sink sink = { .id = dd_host_sink_wanted (host) };

  dd_host_list (host, take_state, &sink);
  dd_put_text (writer, "sink", sink.id);
  dd_put_text (writer, "sinkState", sink.state);
}

gboolean
dd_query_status (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  DdStoreStatus status;

  if (!dd_reader_status (reader, &status, error))
    return FALSE;
  g_autofree char *head = dd_digest_format (status.head);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "bus", query->call->service->bus_name);
  dd_put_text (writer, "provider", query->call->service->provider);
  put_sink (writer, query->call->service->host);
  dd_json_write_key (writer, "store");
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "databaseBytes", status.database_bytes);
  dd_json_put_int64 (writer, "deals", status.deals);
  dd_json_put_boolean (writer, "development", status.development);
  dd_json_put_int64 (writer, "events", status.events);
  dd_json_put_string (writer, "head", head);
  dd_json_put_int64 (writer, "heldOrders", status.held_orders);
  dd_json_put_int64 (writer, "openApprovals", status.open_approvals);
  dd_json_put_int64 (writer, "pendingOrders", status.pending_orders);
  dd_json_put_int64 (writer, "walBytes", status.wal_bytes);
  dd_json_write_end_object (writer);
  dd_json_put_string (writer, "version", DD_VERSION);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

static gboolean
parse_head (const char *text, guint8 out_head[DD_DIGEST_SIZE], GError **error)
{
  return dd_digest_parse (text, out_head) ||
         dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "head “%.80s” should be 64 lower-case hexadecimal digits",
                  text);
}

gboolean
dd_query_verify (DdQuery *query, DdReader *reader, GError **error)
{
  const char *text = dd_options_text (query->call->options, "head");
  DdProgress progress = dd_progress_of (query->call);
  guint8 newest[DD_DIGEST_SIZE];
  DdVerifyReport report;

  if (text != NULL && !parse_head (text, newest, error))
    return FALSE;
  if (!dd_store_verify (query->call->service->store, text != NULL ? newest : NULL, dd_progress_tell,
                        &progress, &report, error))
    return FALSE;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *head = dd_digest_format (report.head);
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "batches", report.batches);
  dd_json_put_int64 (writer, "deals", report.deals);
  dd_json_put_int64 (writer, "documents", report.documents);
  dd_json_put_int64 (writer, "events", report.events);
  dd_json_put_string (writer, "head", head);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

gboolean
dd_query_backup (DdQuery *query, DdReader *reader, GError **error)
{
  DdProgress progress = dd_progress_of (query->call);
  g_autofree char *head = NULL;
  DdVerifyReport report;
  gint64 bytes;
  int descriptor;

  if (!dd_store_backup (query->call->service->store, dd_progress_tell, &progress, &descriptor, &bytes,
                        &report, error))
    return FALSE;
  head = dd_digest_format (report.head);
  query->fds = g_unix_fd_list_new_from_array (&descriptor, 1);
  g_variant_builder_add (&query->values, "h", 0);
  g_variant_builder_add (&query->values, "t", (guint64)bytes);
  g_variant_builder_add (&query->values, "t", (guint64)report.events);
  g_variant_builder_add (&query->values, "s", head);
  return TRUE;
}
