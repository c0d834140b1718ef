/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The writer: one thread that takes all work that waits, gives each piece a savepoint, and commits them
 * together.
 *
 * Invariants: done is called for a piece only after the COMMIT that holds it, or after it was rolled back for
 * certain. When a statement's error took the whole transaction with it (a full disk and I/O errors do), no
 * later statement of that batch runs: it would commit alone. Its pieces then run again one by one. After a
 * COMMIT whose outcome is unknown nobody is answered: the process ends. A copy (backup.h) goes on by one step
 * after each batch, and while nobody asks for anything: from another connection each commit would begin it
 * anew.
 */
#include "internal.h"

#define BATCH_MAX 256

typedef struct
{
  DdStoreWork work;
  DdStoreDone done;
  gpointer data;
  GError *error;
} Piece;

struct _DdWriter
{
  DdStore *store;
  DdConnection *connection; /* the thread's */
  DdTransaction transaction;
  DdCheckpoint checkpoint;
  GThread *thread;
  GMutex mutex;
  GCond cond;
  GArray *queue; /* Piece; under the mutex, as are the next */
  DdCopy *copy;  /* (nullable): under way */
  gboolean stopping;
};

static void
end_at_fault (DdWriter *writer)
{
  if (writer->connection->fault != NULL)
    dd_store_end_process (writer->store, writer->connection->fault);
}

/* What can't be undone isn't known to be undone. */
static void
roll_back (DdWriter *writer)
{
  g_autoptr (GError) error = NULL;

  if (sqlite3_get_autocommit (writer->connection->db))
    return;
  if (!dd_connection_execute (writer->connection, "ROLLBACK", &error) &&
      !sqlite3_get_autocommit (writer->connection->db))
    dd_store_end_process (writer->store, error);
  end_at_fault (writer);
}

/* FALSE: the transaction is gone. @out_kept becomes TRUE when there is something of it to commit. */
static gboolean
run_piece (DdWriter *writer, Piece *piece, gboolean *out_kept)
{
  static const char sql_savepoint[] = "SAVEPOINT piece";
  static const char sql_release[] = "RELEASE piece";
  static const char sql_return[] = "ROLLBACK TO piece";
  DdConnection *connection = writer->connection;
  DdTransactionMark mark = dd_transaction_take_mark (&writer->transaction);
  gboolean kept;
  gboolean undone;

  g_clear_error (&piece->error);
  writer->transaction.discard = FALSE;
  if (!dd_connection_run (connection, sql_savepoint, &piece->error))
    return FALSE;
  kept = piece->work (&writer->transaction, piece->data, &piece->error);
  end_at_fault (writer);
  if (sqlite3_get_autocommit (connection->db))
    {
      if (piece->error == NULL)
        dd_fail (&piece->error, DD_ERROR_FAILED, "the store: the transaction ended under its work");
      return FALSE;
    }
  if (kept)
    g_clear_error (&piece->error);
  else if (piece->error == NULL)
    dd_fail (&piece->error, DD_ERROR_FAILED, "the store: work failed without saying why");
  undone = !kept || writer->transaction.discard;
  if (undone)
    {
      dd_transaction_return_to (&writer->transaction, &mark);
      if (!dd_connection_run (connection, sql_return, NULL))
        return FALSE;
    }
  *out_kept = *out_kept || !undone;
  return dd_connection_run (connection, sql_release, kept ? &piece->error : NULL);
}

/* An I/O error in here may have come after the commit record reached the disk. */
static gboolean
commit (DdWriter *writer, GError **error)
{
  DdConnection *connection = writer->connection;
  int code = sqlite3_exec (connection->db, "COMMIT", NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;
  switch (code & 0xff)
    {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_CONSTRAINT:
    case SQLITE_NOMEM:
      dd_connection_fail (connection, code, error);
      return FALSE;
    default:
      {
        g_autoptr (GError) unknown = NULL;

        dd_connection_fail (connection, code, &unknown);
        unknown->code = unknown->code == DD_ERROR_STORE_DAMAGED ? unknown->code : DD_ERROR_OUTCOME_UNKNOWN;
        g_prefix_error (&unknown, "the outcome of a commit is unknown: ");
        dd_store_end_process (writer->store, unknown);
      }
    }
}

/* TRUE: it ended in one COMMIT, and each piece that has no error is in it, unless it was to be discarded;
 * when there is nothing to keep, it was rolled back instead. FALSE: nothing is in it. */
static gboolean
try_batch (DdWriter *writer, Piece *pieces, guint n, GError **error)
{
  gboolean committed;
  gboolean kept = FALSE;

  committed = dd_transaction_begin (&writer->transaction, error);
  for (guint i = 0; committed && i < n; i++)
    if (!run_piece (writer, &pieces[i], &kept))
      {
        if (pieces[i].error != NULL)
          g_propagate_error (error, g_error_copy (pieces[i].error));
        else
          dd_fail (error, DD_ERROR_FAILED, "the store: a savepoint couldn't be undone");
        committed = FALSE;
      }
  if (kept)
    committed = committed && dd_transaction_finish (&writer->transaction, error) && commit (writer, error);
  end_at_fault (writer);
  if (!committed || !kept)
    roll_back (writer);
  return committed;
}

static void
run_batch (DdWriter *writer, Piece *pieces, guint n)
{
  g_autoptr (GError) whole = NULL;

  if (n > 1 && try_batch (writer, pieces, n, &whole))
    return;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;

      g_clear_error (&pieces[i].error);
      if (try_batch (writer, &pieces[i], 1, &error) || pieces[i].error != NULL)
        continue;
      pieces[i].error = g_steal_pointer (&error);
    }
}

static void
answer (Piece *pieces, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (pieces[i].done != NULL)
        pieces[i].done (pieces[i].data, pieces[i].error);
      g_clear_error (&pieces[i].error);
    }
}

/* Waits for work, or a copy to go on with. FALSE once it is stopping and no work is left. */
static gboolean
take (DdWriter *writer, Piece *pieces, guint *out_n, DdCopy **out_copy)
{
  gboolean more;
  guint n;

  g_mutex_lock (&writer->mutex);
  while (writer->queue->len == 0 && writer->copy == NULL && !writer->stopping)
    g_cond_wait (&writer->cond, &writer->mutex);
  n = MIN (writer->queue->len, BATCH_MAX);
  for (guint i = 0; i < n; i++)
    pieces[i] = g_array_index (writer->queue, Piece, i);
  if (n > 0)
    g_array_remove_range (writer->queue, 0, n);
  *out_n = n;
  *out_copy = writer->copy;
  more = n > 0 || !writer->stopping;
  g_mutex_unlock (&writer->mutex);
  return more;
}

static void
forget_copy (DdWriter *writer)
{
  g_mutex_lock (&writer->mutex);
  writer->copy = NULL;
  g_mutex_unlock (&writer->mutex);
}

/* The slot is free before who waits for the copy hears of its end. */
static void
step_copy (DdWriter *writer, DdCopy *copy)
{
  if (dd_copy_step (copy, writer->connection))
    return;
  forget_copy (writer);
  dd_copy_finish (copy);
}

static void
work_on (DdWriter *writer, Piece *pieces, guint n)
{
  g_autoptr (GError) error = NULL;

  run_batch (writer, pieces, n);
  answer (pieces, n);
  if (!dd_checkpoint_if_due (writer->connection, &writer->checkpoint, &error))
    dd_store_end_process (writer->store, error);
}

static gpointer
run (gpointer data)
{
  DdWriter *writer = data;
  g_autofree Piece *pieces = g_new (Piece, BATCH_MAX);
  DdCopy *copy = NULL;
  guint n = 0;

  while (take (writer, pieces, &n, &copy))
    {
      if (n > 0)
        work_on (writer, pieces, n);
      if (copy != NULL)
        step_copy (writer, copy);
    }
  if (copy != NULL)
    {
      forget_copy (writer);
      dd_copy_give_up (copy);
      dd_copy_finish (copy);
    }
  /* Only a convenience: what isn't moved now is recovered at the next start. */
  sqlite3_wal_checkpoint_v2 (writer->connection->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return NULL;
}

DdWriter *
dd_writer_start (DdStore *store, DdConnection *connection)
{
  DdWriter *writer = g_new0 (DdWriter, 1);

  writer->store = store;
  writer->connection = connection;
  dd_transaction_init (&writer->transaction, store, connection);
  writer->queue = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_mutex_init (&writer->mutex);
  g_cond_init (&writer->cond);
  dd_checkpoint_watch (connection, &writer->checkpoint);
  writer->thread = g_thread_new ("store-writer", run, writer);
  return writer;
}

void
dd_writer_stop (DdWriter *writer)
{
  g_mutex_lock (&writer->mutex);
  writer->stopping = TRUE;
  g_cond_signal (&writer->cond);
  g_mutex_unlock (&writer->mutex);
  g_thread_join (writer->thread);
  dd_connection_close (writer->connection);
  dd_transaction_clear (&writer->transaction);
  g_array_unref (writer->queue);
  g_mutex_clear (&writer->mutex);
  g_cond_clear (&writer->cond);
  g_free (writer);
}

void
dd_store_write (DdStore *store, DdStoreWork work, DdStoreDone done, gpointer data)
{
  DdWriter *writer = store->writer;
  Piece piece = { .work = work, .done = done, .data = data };

  g_mutex_lock (&writer->mutex);
  g_array_append_val (writer->queue, piece);
  g_cond_signal (&writer->cond);
  g_mutex_unlock (&writer->mutex);
}

void
dd_writer_copy (DdWriter *writer, DdCopy *copy)
{
  g_mutex_lock (&writer->mutex);
  g_assert (writer->copy == NULL);
  writer->copy = copy;
  g_cond_signal (&writer->cond);
  g_mutex_unlock (&writer->mutex);
}
