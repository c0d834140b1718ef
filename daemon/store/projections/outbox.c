/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The outbox: a row for each confirmed order, whatever became of it.
 */
#include "internal.h"

static gboolean
insert_row (DdConnection *connection, gint64 deal, const DdOrder *order, GError **error)
{
  static const char sql[] = "INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deal);
  dd_bind_text (statement, 2, order->id);
  dd_bind_text (statement, 3, order->key);
  dd_bind_text (statement, 4, order->document);
  sqlite3_bind_int (statement, 5, order->state);
  sqlite3_bind_int64 (statement, 6, order->attempts);
  sqlite3_bind_int (statement, 7, order->trying);
  sqlite3_bind_int (statement, 8, order->released);
  sqlite3_bind_int64 (statement, 9, order->next_attempt);
  return dd_step_done (connection, statement, error);
}

gboolean
dd_project_outbox (DdConnection *connection, const DdDeal *deal, GError **error)
{
  static const char sql[] = "DELETE FROM outbox WHERE deal = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deal->number);
  if (!dd_step_done (connection, statement, error))
    return FALSE;
  for (guint i = 0; i < deal->orders->len; i++)
    if (!insert_row (connection, deal->number, deal->orders->pdata[i], error))
      return FALSE;
  return TRUE;
}
