/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading deals: one by its number, pages of rows by key, and those whose timer is due.
 */
#include "internal.h"

DdDeal *
dd_reader_deal (DdReader *reader, gint64 number, GError **error)
{
  static const char sql[] = "SELECT body, version FROM deal WHERE number = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);
  g_autoptr (DdJson) json = NULL;
  DdDeal *deal;
  int row;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, number);
  row = dd_step (reader->connection, statement, error);
  if (row == 0)
    dd_fail_no_deal (reader->connection, number, error);
  if (row <= 0)
    return NULL;
  json = dd_json_parse (dd_column_text (statement, 0), (gsize)sqlite3_column_bytes (statement, 0),
                        &dd_json_limits_own, error);
  deal = json != NULL ? dd_deal_read (dd_json_root (json), error) : NULL;
  if (deal == NULL)
    {
      g_prefix_error (error, "deal D-%" G_GINT64_FORMAT " as stored: ", number);
      return NULL;
    }
  deal->number = number;
  deal->version = sqlite3_column_int64 (statement, 1);
  return deal;
}

gboolean
dd_reader_deal_version (DdReader *reader, gint64 number, gint64 *out_version, GError **error)
{
  static const char sql[] = "SELECT version FROM deal WHERE number = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);
  int row;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  row = dd_step (reader->connection, statement, error);
  if (row == 0)
    return dd_fail_no_deal (reader->connection, number, error);
  if (row < 0)
    return FALSE;
  *out_version = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* One text a kind of list, so that each is an index range. */
#define DEAL_COLUMNS "SELECT number, version, updated_at, state, title, customer, owner FROM deal "
#define DEAL_END     "number < ?1 ORDER BY number DESC LIMIT ?2"

static const char *
list_sql (gboolean by_state, gboolean by_customer)
{
  static const char all[] = DEAL_COLUMNS "WHERE " DEAL_END;
  static const char state[] = DEAL_COLUMNS "INDEXED BY deal_by_state WHERE state = ?3 AND " DEAL_END;
  static const char customer[] = DEAL_COLUMNS "INDEXED BY deal_by_customer WHERE customer = ?4 AND " DEAL_END;
  static const char both[] =
    DEAL_COLUMNS "INDEXED BY deal_by_customer WHERE customer = ?4 AND state = ?3 AND " DEAL_END;

  if (by_customer)
    return by_state ? both : customer;
  return by_state ? state : all;
}

gboolean
dd_reader_list_deals (DdReader *reader,
                      int state,
                      const char *customer,
                      gint64 before,
                      guint limit,
                      DdDealRowFunc func,
                      gpointer data,
                      GError **error)
{
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement =
    dd_connection_prepare (connection, list_sql (state >= 0, customer != NULL), error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, before > 0 ? before : G_MAXINT64);
  sqlite3_bind_int64 (statement, 2, limit);
  if (state >= 0)
    sqlite3_bind_int (statement, 3, state);
  if (customer != NULL)
    dd_bind_text (statement, 4, customer);
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      DdDealRow row = { .number = sqlite3_column_int64 (statement, 0),
                        .version = sqlite3_column_int64 (statement, 1),
                        .updated_at = sqlite3_column_int64 (statement, 2),
                        .state = (guint8)sqlite3_column_int (statement, 3),
                        .title = dd_column_text (statement, 4),
                        .customer = dd_column_text (statement, 5),
                        .owner = dd_column_text (statement, 6) };

      if (!func (&row, data))
        return TRUE;
    }
  return step == 0;
}

static gboolean
next_timer (DdConnection *connection, gint64 now, gint64 *out_next, GError **error)
{
  static const char sql[] = "SELECT min (next_timer) FROM deal WHERE next_timer > ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now);
  step = dd_step (connection, statement, error);
  if (step < 0)
    return FALSE;
  *out_next = step > 0 ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

gboolean
dd_reader_due_timers (
  DdReader *reader, gint64 now, guint limit, GArray *out_deals, gint64 *out_next, GError **error)
{
  static const char sql[] =
    "SELECT number FROM deal WHERE next_timer <= ?1 ORDER BY next_timer, number LIMIT ?2";
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gint64));
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now);
  sqlite3_bind_int64 (statement, 2, limit);
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      gint64 number = sqlite3_column_int64 (statement, 0);

      g_array_append_val (found, number);
    }
  if (step < 0 || !next_timer (connection, now, out_next, error))
    return FALSE;
  g_array_append_vals (out_deals, found->data, found->len);
  return TRUE;
}
