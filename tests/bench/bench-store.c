/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench-store: figures of the store alone, one line of JSON each, beside the limits of the same run.
 *
 * store.limit.commit is one compact row a COMMIT, synced, by SQLite alone; store.append is one move a COMMIT
 * through the store; store.append.32 keeps 32 in flight.
 */
#include "store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define SECONDS   2.0
#define IN_FLIGHT 32
#define DEALS     64

static void
print_figure (const char *name, double value, const char *unit)
{
  g_print ("{\"name\":\"%s\",\"value\":%.1f,\"unit\":\"%s\"}\n", name, value, unit);
}

static double
seconds_since (gint64 start)
{
  return (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static void
fail_with (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
run_sql (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

/* One row of 300 bytes a COMMIT, checkpointed as the store does. */
static void
bench_limit (const char *path)
{
  g_autoptr (GString) insert = g_string_new ("INSERT INTO t VALUES (NULL, '");
  sqlite3 *db;
  gint64 start;
  guint n = 0;

  for (guint i = 0; i < 300; i++)
    g_string_append_c (insert, 'x');
  g_string_append (insert, "')");
  sqlite3_open (path, &db);
  run_sql (
    db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, x)");
  start = g_get_monotonic_time ();
  for (; seconds_since (start) < SECONDS; n++)
    run_sql (db, insert->str);
  print_figure ("store.limit.commit", n / seconds_since (start), "commits/s");
  sqlite3_close (db);
}

typedef struct
{
  DdStore *store;
  gint64 numbers[DEALS];
  GMutex mutex;
  GCond cond;
  guint in_flight;
  guint done;
} Bench;

typedef struct
{
  Bench *bench;
  gint64 *number;
} Move;

static void
free_event (gpointer event)
{
  dd_event_free (event);
}

static gboolean
append_move (DdTransaction *transaction, gpointer data, GError **error)
{
  static const char opened[] =
    "{\"customer\":\"customer-1\",\"owner\":\"anna\",\"title\":\"Forty branches\"}";
  static const char extended[] =
    "{\"number\":1,\"onLine\":true,\"side\":\"customer\",\"subject\":\"17\",\"text\":\"Is "
    "the access at this site diverse from the one beside it?\"}";
  const DdAppend how = { .time = 1700000000000000, .actor = "anna", .caller = "uid:1000" };
  Move *move = data;
  gboolean new_deal = *move->number == 0;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (free_event);
  g_autoptr (DdDeal) deal = NULL;
  guint8 head[32];

  if (new_deal)
    {
      gint64 number;

      if (!dd_transaction_next_deal (transaction, &number, error))
        return FALSE;
      deal = dd_deal_new (number);
    }
  else
    deal = dd_reader_deal (dd_transaction_reader (transaction), *move->number, error);
  if (deal == NULL)
    return FALSE;
  /* A deal's state grows with its questions: begin another before that is what is measured. */
  g_ptr_array_add (events, new_deal ? dd_event_new (DD_EVENT_OPENED, g_strdup (opened), strlen (opened))
                                    : dd_event_new (DD_EVENT_ASKED, g_strdup (extended), strlen (extended)));
  if (!dd_transaction_append (transaction, deal, events, &how, head, error))
    return FALSE;
  *move->number = deal->version >= 20 ? 0 : deal->number;
  return TRUE;
}

static void
move_done (gpointer data, const GError *error)
{
  Move *move = data;
  Bench *bench = move->bench;

  fail_with (error);
  g_free (move);
  g_mutex_lock (&bench->mutex);
  bench->in_flight--;
  bench->done++;
  g_cond_signal (&bench->cond);
  g_mutex_unlock (&bench->mutex);
}

static void
bench_append (Bench *bench, guint in_flight, const char *name)
{
  gint64 start = g_get_monotonic_time ();
  guint next = 0;

  bench->done = 0;
  g_mutex_lock (&bench->mutex);
  while (seconds_since (start) < SECONDS)
    {
      while (bench->in_flight >= in_flight)
        g_cond_wait (&bench->cond, &bench->mutex);
      Move *move = g_new0 (Move, 1);

      move->bench = bench;
      move->number = &bench->numbers[next++ % DEALS];
      bench->in_flight++;
      g_mutex_unlock (&bench->mutex);
      dd_store_write (bench->store, append_move, move_done, move);
      g_mutex_lock (&bench->mutex);
    }
  while (bench->in_flight > 0)
    g_cond_wait (&bench->cond, &bench->mutex);
  g_mutex_unlock (&bench->mutex);
  print_figure (name, bench->done / seconds_since (start), "appends/s");
}

static void
bench_verify (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;
  gint64 start = g_get_monotonic_time ();

  dd_store_verify (bench->store, NULL, NULL, NULL, &report, &error);
  fail_with (error);
  print_figure ("store.verify", (double)report.events / seconds_since (start), "events/s");
}

int
main (void)
{
  const DdStoreOptions options = { .readers = 1 };
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("dealdesk-bench-XXXXXX", &error);
  g_autofree char *path = NULL;
  g_autofree char *limit_path = NULL;
  g_autofree char *lock_path = NULL;
  Bench bench = { 0 };

  fail_with (error);
  path = g_build_filename (directory, "deals.db", NULL);
  limit_path = g_build_filename (directory, "limit.db", NULL);
  lock_path = g_strconcat (path, ".lock", NULL);
  bench_limit (limit_path);
  bench.store = dd_store_open (path, &options, &error);
  fail_with (error);
  bench_append (&bench, 1, "store.append");
  bench_append (&bench, IN_FLIGHT, "store.append.32");
  bench_verify (&bench);
  dd_store_close (bench.store);
  g_unlink (path);
  g_unlink (limit_path);
  g_unlink (lock_path);
  for (gsize i = 0; i < 2; i++)
    {
      g_autofree char *wal = g_strconcat (path, i == 0 ? "-wal" : "-shm", NULL);

      g_unlink (wal);
    }
  g_rmdir (directory);
  return 0;
}
