/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The frame of a transaction: what is carried from piece to piece, and the batch's row that links what they
 * added into the store's chain. Writer's thread.
 */
#include "internal.h"

DdReader *
dd_transaction_reader (DdTransaction *transaction)
{
  return &transaction->reader;
}

void
dd_transaction_init (DdTransaction *transaction, DdStore *store, DdConnection *connection)
{
  *transaction = (DdTransaction){ 0 };
  transaction->reader.connection = connection;
  transaction->reader.store = store;
  transaction->reader.pending = &transaction->mark.counters;
  transaction->event_links = g_byte_array_new ();
  transaction->dataset_links = g_byte_array_new ();
}

void
dd_transaction_clear (DdTransaction *transaction)
{
  g_byte_array_unref (transaction->event_links);
  g_byte_array_unref (transaction->dataset_links);
}

void
dd_transaction_discard (DdTransaction *transaction)
{
  transaction->discard = TRUE;
}

DdTransactionMark
dd_transaction_take_mark (const DdTransaction *transaction)
{
  DdTransactionMark mark = transaction->mark;

  mark.n_event_bytes = transaction->event_links->len;
  mark.n_dataset_bytes = transaction->dataset_links->len;
  return mark;
}

void
dd_transaction_return_to (DdTransaction *transaction, const DdTransactionMark *mark)
{
  transaction->mark = *mark;
  g_byte_array_set_size (transaction->event_links, mark->n_event_bytes);
  g_byte_array_set_size (transaction->dataset_links, mark->n_dataset_bytes);
}

gboolean
dd_transaction_begin (DdTransaction *transaction, GError **error)
{
  static const char sql_begin[] = "BEGIN IMMEDIATE";
  static const char sql_last[] = "SELECT number, last_event, head FROM batch ORDER BY number DESC LIMIT 1";
  DdConnection *connection = transaction->reader.connection;
  g_autoptr (DdStatement) statement = NULL;
  int row;

  transaction->mark = (DdTransactionMark){ 0 };
  g_byte_array_set_size (transaction->event_links, 0);
  g_byte_array_set_size (transaction->dataset_links, 0);
  if (!dd_connection_run (connection, sql_begin, error))
    return FALSE;
  statement = dd_connection_prepare (connection, sql_last, error);
  row = statement != NULL ? dd_step (connection, statement, error) : -1;
  if (row == 0)
    dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store's chain has no beginning");
  if (row <= 0)
    return FALSE;
  transaction->batch = sqlite3_column_int64 (statement, 0) + 1;
  transaction->first_sequence = sqlite3_column_int64 (statement, 1) + 1;
  transaction->mark.next_sequence = transaction->first_sequence;
  return dd_column_digest (connection, statement, 2, transaction->previous, error);
}

static gboolean
insert_batch (DdTransaction *transaction, GError **error)
{
  static const char sql[] = "INSERT INTO batch VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
  DdConnection *connection = transaction->reader.connection;
  gint64 last = transaction->mark.next_sequence - 1;
  guint8 content[DD_DIGEST_SIZE];
  guint8 head[DD_DIGEST_SIZE];
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  dd_chain_batch_content (transaction->event_links, transaction->dataset_links, content);
  dd_chain_batch_head (transaction->previous, transaction->batch, transaction->first_sequence, last,
                       transaction->mark.time, content, head);
  sqlite3_bind_int64 (statement, 1, transaction->batch);
  sqlite3_bind_int64 (statement, 2, transaction->first_sequence);
  sqlite3_bind_int64 (statement, 3, last);
  sqlite3_bind_int64 (statement, 4, transaction->mark.time);
  dd_bind_digest (statement, 5, content);
  dd_bind_digest (statement, 6, head);
  return dd_step_done (connection, statement, error);
}

static gboolean
add_counters (DdTransaction *transaction, GError **error)
{
  static const char sql[] = "UPDATE counter SET deals = deals + ?1, events = events + ?2,"
                            " pending_orders = pending_orders + ?3, held_orders = held_orders + ?4,"
                            " open_approvals = open_approvals + ?5 WHERE number = 1";
  DdConnection *connection = transaction->reader.connection;
  const DdCounters *counters = &transaction->mark.counters;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, counters->deals);
  sqlite3_bind_int64 (statement, 2, counters->events);
  sqlite3_bind_int64 (statement, 3, counters->pending_orders);
  sqlite3_bind_int64 (statement, 4, counters->held_orders);
  sqlite3_bind_int64 (statement, 5, counters->open_approvals);
  return dd_step_done (connection, statement, error);
}

gboolean
dd_transaction_finish (DdTransaction *transaction, GError **error)
{
  if (transaction->event_links->len == 0 && transaction->dataset_links->len == 0 && !transaction->alone)
    return TRUE;
  return insert_batch (transaction, error) && add_counters (transaction, error) &&
         dd_transaction_prune_keys (transaction, error);
}

void
dd_counters_add_deal (DdCounters *counters, const DdDeal *deal, int sign)
{
  for (guint i = 0; i < deal->orders->len; i++)
    {
      const DdOrder *order = deal->orders->pdata[i];

      counters->pending_orders += order->state == DD_ORDER_PENDING ? sign : 0;
      counters->held_orders += order->state == DD_ORDER_HELD ? sign : 0;
    }
  for (guint i = 0; i < deal->requests->len; i++)
    {
      const DdApprovalRequest *request = deal->requests->pdata[i];

      for (guint j = 0; j < request->steps->len; j++)
        counters->open_approvals += dd_requirement_open (request, request->steps->pdata[j]) ? sign : 0;
    }
}
