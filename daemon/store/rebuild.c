/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Making the rows anew from the events, by the same functions that an append uses. Writer's thread.
 */
#include "search.h"

typedef struct
{
  DdConnection *connection;
  DdSearchText *text;
} Texts;

static void
count (DdCounters *total, const DdDeal *deal)
{
  total->deals++;
  total->events += deal->version;
  dd_counters_add_deal (total, deal, 1);
}

static gboolean
add_text (
  const guint8 head[DD_DIGEST_SIZE], DdEventType type, const DdJsonNode *body, gpointer data, GError **error)
{
  Texts *texts = data;

  return body == NULL || dd_search_text_add_event (texts->text, texts->connection, type, body, NULL, error);
}

/* An erased body leaves no way to know the state: such a deal's rows stay as they are. */
static gboolean
rebuild_deal (DdTransaction *transaction, gint64 number, DdCounters *total, GError **error)
{
  static const char sql_approvals[] = "DELETE FROM approval WHERE deal = ?1";
  static const char sql_outbox[] = "DELETE FROM outbox WHERE deal = ?1";
  static const char sql_deal[] = "DELETE FROM deal WHERE number = ?1";
  static const char sql_text[] = "DELETE FROM search_text WHERE number = ?1";
  static const char *const statements[] = { sql_approvals, sql_outbox, sql_text, sql_deal };
  DdConnection *connection = transaction->reader.connection;
  g_auto (DdDealRowBefore) before = { 0 };
  g_autoptr (DdDeal) deal = NULL;
  g_autoptr (DdSearchText) text = dd_search_text_new (number, FALSE);
  Texts texts = { connection, text };
  guint8 head[DD_DIGEST_SIZE];
  gboolean erased;

  if (!dd_replay_deal (connection, number, add_text, &texts, &deal, head, &erased, error))
    return FALSE;
  if (erased)
    {
      deal = dd_reader_deal (&transaction->reader, number, error);
      if (deal == NULL)
        return FALSE;
      count (total, deal);
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (DdStatement) statement = dd_connection_prepare (connection, statements[i], error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, number);
      if (!dd_step_done (connection, statement, error))
        return FALSE;
    }
  if (deal->version == 0)
    return TRUE;
  count (total, deal);
  deal->changed = G_MAXUINT;
  return dd_project (connection, &before, deal, head, error) &&
         dd_search_text_write_row (text, connection, error);
}

/* The counter row, less what the transaction will add to it at its end. */
static gboolean
write_counters (DdTransaction *transaction, const DdCounters *total, GError **error)
{
  static const char sql[] =
    "UPDATE counter SET last_deal = max (last_deal, coalesce ((SELECT max (number) FROM deal), 0)),"
    " deals = ?1, events = ?2, pending_orders = ?3, held_orders = ?4, open_approvals = ?5 WHERE number = 1";
  DdConnection *connection = transaction->reader.connection;
  const DdCounters *pending = &transaction->mark.counters;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, total->deals - pending->deals);
  sqlite3_bind_int64 (statement, 2, total->events - pending->events);
  sqlite3_bind_int64 (statement, 3, total->pending_orders - pending->pending_orders);
  sqlite3_bind_int64 (statement, 4, total->held_orders - pending->held_orders);
  sqlite3_bind_int64 (statement, 5, total->open_approvals - pending->open_approvals);
  return dd_step_done (connection, statement, error);
}

gboolean
dd_transaction_rebuild (DdTransaction *transaction, GError **error)
{
  /* Rows without events are thrown away too. */
  static const char sql[] = "SELECT min (n) FROM (SELECT min (deal) AS n FROM event WHERE deal > ?1"
                            " UNION ALL SELECT min (number) FROM deal WHERE number > ?1"
                            " UNION ALL SELECT min (deal) FROM approval WHERE deal > ?1"
                            " UNION ALL SELECT min (deal) FROM outbox WHERE deal > ?1"
                            " UNION ALL SELECT min (number) FROM search_text WHERE number > ?1)";
  /* Whatever the index held, it is made of the texts alone. */
  static const char sql_index[] = "INSERT INTO search (search) VALUES ('rebuild')";
  DdConnection *connection = transaction->reader.connection;
  gint64 number = G_MININT64;
  DdCounters total = { 0 };

  for (;;)
    {
      g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
      int step;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, number);
      step = dd_step (connection, statement, error);
      if (step < 0)
        return FALSE;
      if (step == 0 || sqlite3_column_type (statement, 0) == SQLITE_NULL)
        break;
      number = sqlite3_column_int64 (statement, 0);
      if (!rebuild_deal (transaction, number, &total, error))
        return FALSE;
    }
  return write_counters (transaction, &total, error) && dd_connection_run (connection, sql_index, error);
}
