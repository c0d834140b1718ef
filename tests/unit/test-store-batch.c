/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Batches: a piece that fails costs only itself, whatever it took with it, and nobody is told before the
 * COMMIT.
 *
 * The writer is held by a first piece until all others wait, so they are one batch.
 */
#include "store-fixture.h"
#include "store-vfs.h"

#include <sys/wait.h>

#define PIECES 3

typedef struct _Batch Batch;

typedef struct
{
  Batch *batch;
  Call call;
  gboolean fails;
  const char *raw;      /* SQL that it runs after its append */
  gsize document_bytes; /* of a document that it brings along */
  gint64 number;
  guint runs;
} Piece;

struct _Batch
{
  DdStore *store;
  const char *path;
  GMutex mutex;
  GCond cond;
  gboolean entered;
  gboolean open;
  gint64 committed; /* batches that a stranger sees when the first is told */
  Call gate;
  Piece pieces[PIECES];
};

static gboolean
hold (DdTransaction *transaction, gpointer data, GError **error)
{
  Batch *batch = data;

  g_mutex_lock (&batch->mutex);
  batch->entered = TRUE;
  g_cond_broadcast (&batch->cond);
  while (!batch->open)
    g_cond_wait (&batch->cond, &batch->mutex);
  g_mutex_unlock (&batch->mutex);
  return TRUE;
}

static gboolean
run_raw (DdTransaction *transaction, const char *sql, GError **error)
{
  DdConnection *connection = transaction->reader.connection;
  int code = sqlite3_exec (connection->db, sql, NULL, NULL, NULL);

  return code == SQLITE_OK ? TRUE : dd_connection_fail (connection, code, error);
}

static gboolean
work (DdTransaction *transaction, gpointer data, GError **error)
{
  Piece *piece = data;
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (GBytes) bytes = NULL;
  Append append = { .events = events, .time = START };
  DdEvent *event;

  piece->runs++;
  event = add_event (events, DD_EVENT_OPENED, "{\"customer\":\"c\",\"owner\":\"o\",\"title\":\"t\"}");
  if (piece->document_bytes > 0)
    {
      bytes = g_bytes_new_take (g_malloc0 (piece->document_bytes), piece->document_bytes);
      dd_event_add_document (event, bytes);
    }
  if (!append_work (transaction, &append, error))
    return FALSE;
  if (piece->raw != NULL && !run_raw (transaction, piece->raw, error))
    return FALSE;
  piece->number = append.number;
  return !piece->fails || dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "as asked");
}

/* What another process would see at this moment. */
static gint64
count_events (const char *path)
{
  sqlite3_stmt *statement;
  sqlite3 *db;
  gint64 n;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT count (*) FROM event", -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return n;
}

static void
told (gpointer data, const GError *error)
{
  Piece *piece = data;

  if (piece->batch->committed < 0)
    piece->batch->committed = count_events (piece->batch->path);
  call_done (&piece->call, error);
}

static void
run_batch (Fixture *f, Batch *batch)
{
  batch->store = f->store;
  batch->path = f->path;
  batch->committed = -1;
  batch->gate.work = hold;
  batch->gate.data = batch;
  dd_store_write (f->store, call_work, call_done, &batch->gate);
  g_mutex_lock (&batch->mutex);
  while (!batch->entered)
    g_cond_wait (&batch->cond, &batch->mutex);
  g_mutex_unlock (&batch->mutex);
  for (guint i = 0; i < PIECES; i++)
    {
      batch->pieces[i].batch = batch;
      dd_store_write (f->store, work, told, &batch->pieces[i]);
    }
  g_mutex_lock (&batch->mutex);
  batch->open = TRUE;
  g_cond_broadcast (&batch->cond);
  g_mutex_unlock (&batch->mutex);
  call_wait (&batch->gate, NULL);
}

/* The middle one fails with @code, the others are in, and none was told before its COMMIT. */
static void
check_middle (Fixture *f, Batch *batch, int code)
{
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;

  run_batch (f, batch);
  for (guint i = 0; i < PIECES; i++)
    {
      g_autoptr (GError) failure = NULL;
      gboolean done = call_wait (&batch->pieces[i].call, &failure);

      if (i == 1)
        g_assert_error (failure, DD_ERROR, code);
      else
        g_assert_no_error (failure);
      g_assert_true (done == (i != 1));
    }
  g_assert_cmpint (batch->committed, ==, 2);
  g_assert_cmpint (batch->pieces[0].number, ==, 1);
  g_assert_cmpint (batch->pieces[2].number, ==, 2);
  g_assert_true (dd_store_verify (f->store, NULL, NULL, NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report.events, ==, 2);
}

static void
test_refused (void)
{
  g_auto (Fixture) f = { 0 };
  Batch batch = { .pieces[1].fails = TRUE };

  fixture_init (&f);
  check_middle (&f, &batch, DD_ERROR_ILLEGAL_MOVE);
  for (guint i = 0; i < PIECES; i++)
    g_assert_cmpuint (batch.pieces[i].runs, ==, 1);
}

static void
test_constraint (void)
{
  g_auto (Fixture) f = { 0 };
  Batch batch = { .pieces[1].raw = "INSERT INTO deal SELECT * FROM deal WHERE number = 1" };

  fixture_init (&f);
  check_middle (&f, &batch, DD_ERROR_FAILED);
}

/* ROLLBACK in the middle is what a full disk and I/O errors do. */
static void
test_transaction_gone (void)
{
  g_auto (Fixture) f = { 0 };
  Batch batch = { .pieces[1].raw = "INSERT OR ROLLBACK INTO deal SELECT * FROM deal WHERE number = 1" };

  fixture_init (&f);
  check_middle (&f, &batch, DD_ERROR_FAILED);
  /* The first ran in the batch that broke, and again by itself. */
  g_assert_cmpuint (batch.pieces[0].runs, ==, 2);
  g_assert_cmpuint (batch.pieces[1].runs, ==, 2);
  g_assert_cmpuint (batch.pieces[2].runs, ==, 1);
}

static gboolean
limit_pages (DdTransaction *transaction, gpointer data, GError **error)
{
  return run_raw (transaction, data, error);
}

static void
test_full (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  Batch batch = { .pieces[1].document_bytes = 4 * 1024 * 1024 };
  Batch after = { .pieces[1] = { .document_bytes = 4 * 1024 * 1024, .fails = TRUE } };
  Piece alone = { .document_bytes = 4 * 1024 * 1024 };
  DdVerifyReport report;

  fixture_init (&f);
  write_now (f.store, limit_pages, (gpointer) "PRAGMA max_page_count = 100", &error);
  check_middle (&f, &batch, DD_ERROR_STORE_FULL);
  g_assert_false (write_now (f.store, work, &alone, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_FULL);
  g_clear_error (&error);
  write_now (f.store, limit_pages, (gpointer) "PRAGMA max_page_count = 1000000", &error);
  g_assert_true (write_now (f.store, work, &alone, &error));
  g_assert_no_error (error);
  run_batch (&f, &after);
  g_assert_true (call_wait (&after.pieces[0].call, NULL));
  g_assert_false (call_wait (&after.pieces[1].call, NULL));
  g_assert_true (call_wait (&after.pieces[2].call, NULL));
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  g_assert_cmpint (report.deals, ==, 5);
}

/* --- faults of the disk, each in a process of its own --- */

static int
run_in_child (void (*body) (const char *path))
{
  g_auto (Fixture) f = { 0 };
  int status;
  pid_t child;

  fixture_init (&f);
  fixture_close (&f);
  child = fork ();
  if (child == 0)
    {
      vfs_register ();
      body (f.path);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
expect (gboolean condition, int code)
{
  if (!condition)
    _exit (code);
}

/* The disk is full at the batch's COMMIT, and again at the first piece's own. */
static void
full_at_commit (const char *path)
{
  Fixture f = { .path = (char *)path };
  g_autoptr (GError) error = NULL;
  Batch batch = { 0 };
  DdVerifyReport report;

  fixture_open (&f);
  vfs_state.wal_writes_until_full = 3;
  vfs_state.full_times = 2;
  run_batch (&f, &batch);
  expect (!call_wait (&batch.pieces[0].call, &error), 10);
  expect (g_error_matches (error, DD_ERROR, DD_ERROR_STORE_FULL), 11);
  g_clear_error (&error);
  expect (call_wait (&batch.pieces[1].call, &error), 12);
  expect (call_wait (&batch.pieces[2].call, &error), 13);
  expect (batch.pieces[0].runs == 2 && batch.pieces[1].runs == 2, 14);
  expect (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error), 15);
  expect (report.deals == 2, 16);
  fixture_close (&f);
  fixture_open (&f);
  expect (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error), 17);
  fixture_close (&f);
}

static void
test_full_at_commit (void)
{
  g_assert_cmpint (run_in_child (full_at_commit), ==, 0);
}

static gint told_count;

static void
count_told (gpointer data, const GError *error)
{
  g_atomic_int_inc (&told_count);
}

static void
note_fatal (const GError *error, gpointer data)
{
  _exit (g_atomic_int_get (&told_count) == 0 && g_error_matches (error, DD_ERROR, DD_ERROR_OUTCOME_UNKNOWN)
           ? 42
           : 43);
}

/* The commit's sync fails: the process ends by the callback before anybody is told. */
static void
sync_fails (const char *path)
{
  const DdStoreOptions options = { .readers = 1, .fatal = note_fatal };
  DdStore *store = dd_store_open (path, &options, NULL);
  Piece piece = { 0 };

  vfs_state.fail_wal_sync = TRUE;
  dd_store_write (store, work, count_told, &piece);
  dd_store_close (store);
}

static void
test_sync_fails (void)
{
  g_assert_cmpint (run_in_child (sync_fails), ==, 42);
}

static void
note_damage (const GError *error, gpointer data)
{
  _exit (g_atomic_int_get (&told_count) == 0 && g_error_matches (error, DD_ERROR, DD_ERROR_STORE_DAMAGED)
           ? 42
           : 43);
}

static gboolean
list_all (DdReader *reader, gpointer data, GError **error)
{
  g_autoptr (DdDeal) deal = NULL;

  for (gint64 number = 1; number <= 200; number++)
    {
      g_clear_pointer (&deal, dd_deal_free);
      deal = dd_reader_deal (reader, number, error);
      if (deal == NULL)
        return FALSE;
    }
  return TRUE;
}

/* All pages but the first few become garbage under a store that is open; a read meets one. */
static void
read_damage (const char *path)
{
  const DdStoreOptions options = { .readers = 1, .fatal = note_damage };
  Fixture f = { .path = (char *)path };
  g_autofree char *text = NULL;
  gsize length;
  DdStore *store;

  fixture_open (&f);
  for (guint i = 0; i < 200; i++)
    open_deal (f.store, "a");
  fixture_close (&f);
  store = dd_store_open (path, &options, NULL);
  g_file_get_contents (path, &text, &length, NULL);
  {
    FILE *file = fopen (path, "r+");

    fseek (file, 4096, SEEK_SET);
    for (gsize i = 4096; i < length; i++)
      fputc ('x', file);
    fclose (file);
  }
  dd_store_read (store, list_all, count_told, NULL);
  g_usleep (20 * G_USEC_PER_SEC);
}

static void
test_read_damage (void)
{
  g_assert_cmpint (run_in_child (read_damage), ==, 42);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-batch/a-refused-piece-costs-only-itself", test_refused);
  g_test_add_func ("/store-batch/a-constraint-costs-only-its-own-piece", test_constraint);
  g_test_add_func ("/store-batch/a-lost-transaction-runs-its-pieces-again-alone", test_transaction_gone);
  g_test_add_func ("/store-batch/a-full-store-costs-only-what-does-not-fit", test_full);
  g_test_add_func ("/store-batch/a-disk-full-at-commit-is-an-ordinary-error", test_full_at_commit);
  g_test_add_func ("/store-batch/a-failed-sync-ends-the-process-before-anybody-is-told", test_sync_fails);
  g_test_add_func ("/store-batch/damage-met-by-a-reader-ends-the-process-unanswered", test_read_damage);
  return g_test_run ();
}
