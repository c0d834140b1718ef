/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The outbox as the handoff reads it: which pending orders are due, when the next one is, and which a restore
 * makes doubtful.
 */
#include "internal.h"

gboolean
dd_reader_due_orders (
  DdReader *reader, gint64 now, guint limit, DdOrderRowFunc func, gpointer data, GError **error)
{
  static const char sql[] =
    "SELECT deal, \"order\", key, document, attempts, trying OR (attempts = 0 AND deal <="
    " coalesce ((SELECT value FROM property WHERE name = 'restored'), 0)), released"
    " FROM outbox WHERE state = 0 AND next_attempt <= ?1"
    " ORDER BY next_attempt, deal, \"order\" LIMIT ?2";
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now);
  sqlite3_bind_int64 (statement, 2, limit);
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      DdOrderRow row = { .deal = sqlite3_column_int64 (statement, 0),
                         .order = dd_column_text (statement, 1),
                         .key = dd_column_text (statement, 2),
                         .document = dd_column_text (statement, 3),
                         .attempts = (guint)sqlite3_column_int64 (statement, 4),
                         .trying = sqlite3_column_int (statement, 5) != 0,
                         .released = sqlite3_column_int (statement, 6) != 0 };

      if (!func (&row, data))
        return TRUE;
    }
  return step == 0;
}

gboolean
dd_reader_next_order (DdReader *reader, gint64 *out_time, GError **error)
{
  static const char sql[] = "SELECT next_attempt FROM outbox WHERE state = 0 ORDER BY next_attempt LIMIT 1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);
  int step = statement != NULL ? dd_step (reader->connection, statement, error) : -1;

  if (step < 0)
    return FALSE;
  *out_time = step > 0 ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

gboolean
dd_reader_settled_orders (DdReader *reader, DdSettledOrderFunc func, gpointer data, GError **error)
{
  static const char sql[] =
    "SELECT deal, \"order\", state FROM outbox WHERE state IN (?1, ?2) AND (trying = 0 OR released = 1)"
    " ORDER BY deal, \"order\"";
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, DD_ORDER_PENDING);
  sqlite3_bind_int (statement, 2, DD_ORDER_HELD);
  while ((step = dd_step (reader->connection, statement, error)) > 0)
    func (sqlite3_column_int64 (statement, 0), dd_column_text (statement, 1),
          sqlite3_column_int (statement, 2) == DD_ORDER_HELD, data);
  return step == 0;
}
