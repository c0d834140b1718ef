/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The store's figures, from counters that are maintained: nothing is counted here.
 */
#include "internal.h"

#include <sys/stat.h>

static gint64
file_bytes (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  struct stat status;

  return stat (name, &status) == 0 ? status.st_size : 0;
}

gboolean
dd_reader_status (DdReader *reader, DdStoreStatus *out_status, GError **error)
{
  static const char sql[] =
    "SELECT deals, events, pending_orders, held_orders, open_approvals,"
    " (SELECT value FROM property WHERE name = 'development'),"
    " (SELECT head FROM batch ORDER BY number DESC LIMIT 1) FROM counter WHERE number = 1";
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  DdCounters pending = reader->pending != NULL ? *reader->pending : (DdCounters){ 0 };
  DdStoreStatus status = { 0 };
  int step = statement != NULL ? dd_step (connection, statement, error) : -1;

  if (step == 0)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store's counters are missing");
  if (step < 0 || !dd_column_digest (connection, statement, 6, status.head, error))
    return FALSE;
  status.deals = sqlite3_column_int64 (statement, 0) + pending.deals;
  status.events = sqlite3_column_int64 (statement, 1) + pending.events;
  status.pending_orders = sqlite3_column_int64 (statement, 2) + pending.pending_orders;
  status.held_orders = sqlite3_column_int64 (statement, 3) + pending.held_orders;
  status.open_approvals = sqlite3_column_int64 (statement, 4) + pending.open_approvals;
  status.development = sqlite3_column_int64 (statement, 5) != 0;
  status.database_bytes = file_bytes (reader->store->path, "");
  status.wal_bytes = file_bytes (reader->store->path, "-wal");
  *out_status = status;
  return TRUE;
}
