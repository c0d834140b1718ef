/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Readers: threads with connections that can't write. Each read has one snapshot, of synced commits only: a
 * commit shows in the WAL's index after its sync.
 *
 * Damage that a reader meets ends the process on the writer's thread, as everywhere.
 */
#include "internal.h"

typedef struct
{
  DdStoreRead read;
  DdStoreDone done;
  gpointer data;
} Request;

struct _DdReaders
{
  DdStore *store;
  GAsyncQueue *queue; /* Request* */
  gboolean stopped;   /* under the queue's lock */
  GPtrArray *threads;
  GAsyncQueue *spare; /* DdConnection*: for reads on callers' threads */
};

typedef struct
{
  DdReaders *readers;
  DdReader reader;
} Thread;

/* What stops a thread. */
static Request stop;

static gboolean
end_process (DdTransaction *transaction, gpointer data, GError **error)
{
  dd_store_end_process (transaction->reader.store, data);
}

static gboolean
run_read (DdReader *reader, const Request *request, GError **error)
{
  static const char sql_begin[] = "BEGIN";
  static const char sql_end[] = "ROLLBACK";
  DdConnection *connection = reader->connection;
  gboolean done;

  if (!dd_connection_run (connection, sql_begin, error))
    return FALSE;
  done = request->read (reader, request->data, error);
  if (!done && error != NULL && *error == NULL)
    dd_fail (error, DD_ERROR_FAILED, "the store: a read failed without saying why");
  if (!sqlite3_get_autocommit (connection->db))
    dd_connection_run (connection, sql_end, NULL);
  return done;
}

static gpointer
run (gpointer data)
{
  Thread *thread = data;
  DdConnection *connection = thread->reader.connection;
  Request *request;

  while ((request = g_async_queue_pop (thread->readers->queue)) != &stop)
    {
      g_autoptr (GError) error = NULL;
      gboolean done = run_read (&thread->reader, request, &error);

      if (connection->fault != NULL)
        {
          /* Nobody is answered from a damaged store; the writer's thread ends the process. */
          dd_store_write (thread->reader.store, end_process, NULL, connection->fault);
          connection->fault = NULL;
        }
      else if (request->done != NULL)
        request->done (request->data, done ? NULL : error);
      g_free (request);
    }
  dd_connection_close (connection);
  g_free (thread);
  return NULL;
}

DdReaders *
dd_readers_start (DdStore *store, guint n, GError **error)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new ();
  DdReaders *readers;

  for (guint i = 0; i < n; i++)
    {
      DdConnection *connection = dd_connection_open (store->path, DD_CONNECTION_READER, error);

      if (connection == NULL)
        {
          g_ptr_array_foreach (connections, (GFunc)(void (*) (void))dd_connection_close, NULL);
          return NULL;
        }
      g_ptr_array_add (connections, connection);
    }
  readers = g_new0 (DdReaders, 1);
  readers->store = store;
  readers->queue = g_async_queue_new ();
  readers->threads = g_ptr_array_new ();
  readers->spare = g_async_queue_new_full ((GDestroyNotify)dd_connection_close);
  for (guint i = 0; i < n; i++)
    {
      Thread *thread = g_new0 (Thread, 1);

      thread->readers = readers;
      thread->reader.connection = connections->pdata[i];
      thread->reader.store = store;
      g_ptr_array_add (readers->threads, g_thread_new ("store-reader", run, thread));
    }
  return readers;
}

void
dd_readers_stop (DdReaders *readers)
{
  g_async_queue_lock (readers->queue);
  readers->stopped = TRUE;
  for (guint i = 0; i < readers->threads->len; i++)
    g_async_queue_push_unlocked (readers->queue, &stop);
  g_async_queue_unlock (readers->queue);
  for (guint i = 0; i < readers->threads->len; i++)
    g_thread_join (readers->threads->pdata[i]);
}

void
dd_readers_free (DdReaders *readers)
{
  g_ptr_array_unref (readers->threads);
  g_async_queue_unref (readers->queue);
  g_async_queue_unref (readers->spare);
  g_free (readers);
}

void
dd_store_read (DdStore *store, DdStoreRead read, DdStoreDone done, gpointer data)
{
  DdReaders *readers = store->readers;
  g_autoptr (GError) closing = NULL;
  Request *request = NULL;

  g_async_queue_lock (readers->queue);
  if (!readers->stopped)
    {
      request = g_new (Request, 1);
      *request = (Request){ .read = read, .done = done, .data = data };
      g_async_queue_push_unlocked (readers->queue, request);
    }
  g_async_queue_unlock (readers->queue);
  if (request != NULL || done == NULL)
    return;
  dd_fail (&closing, DD_ERROR_UNAVAILABLE, "the store is closing");
  done (data, closing);
}

/* Connections are made as threads need them at once, and kept: there are never more than such threads. */
gboolean
dd_store_read_here (DdStore *store, DdStoreRead read, gpointer data, GError **error)
{
  DdReader reader = { .store = store };
  Request request = { .read = read, .data = data };
  gboolean done;

  reader.connection = g_async_queue_try_pop (store->readers->spare);
  if (reader.connection == NULL)
    reader.connection = dd_connection_open (store->path, DD_CONNECTION_READER, error);
  if (reader.connection == NULL)
    return FALSE;
  done = run_read (&reader, &request, error);
  if (reader.connection->fault != NULL)
    {
      /* Nobody is answered from a damaged store, nor is this thread: the writer's thread ends the process. */
      dd_store_write (store, end_process, NULL, g_steal_pointer (&reader.connection->fault));
      for (;;)
        g_usleep (G_USEC_PER_SEC);
    }
  g_async_queue_push (store->readers->spare, reader.connection);
  return done;
}
