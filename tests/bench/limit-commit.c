/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limit: what SQLite takes for one durable move: WAL, synchronous=FULL, one compact chained blob of 256 bytes
 * and the deal's row in one transaction. Prints limit.commit.{p50,p99} in microseconds and
 * limit.commit.batch32 in moves a second. The database lies in a folder made below the current one: a tmpfs
 * would know no sync.
 */
#include "measure.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define DEALS   1000
#define COMMITS 4000
#define BATCHES 400
#define BATCH   32

typedef struct
{
  sqlite3 *database;
  sqlite3_stmt *begin;
  sqlite3_stmt *append;
  sqlite3_stmt *update;
  sqlite3_stmt *commit;
  GChecksum *chain;
  guint8 head[32];
  guint64 sequence;
} Moves;

static void
require_sql (Moves *moves, int result)
{
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW)
    return;
  fprintf (stderr, "sqlite: %s\n", sqlite3_errmsg (moves->database));
  exit (1);
}

static void
execute (Moves *moves, const char *sql)
{
  require_sql (moves, sqlite3_exec (moves->database, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *
prepare (Moves *moves, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  require_sql (moves,
               sqlite3_prepare_v3 (moves->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
  return statement;
}

static void
step (Moves *moves, sqlite3_stmt *statement)
{
  require_sql (moves, sqlite3_step (statement));
  require_sql (moves, sqlite3_reset (statement));
}

static void
open_moves (Moves *moves, const char *path)
{
  require_sql (moves, sqlite3_open (path, &moves->database));
  execute (moves,
           "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
           "CREATE TABLE event (sequence INTEGER PRIMARY KEY, deal INTEGER, body BLOB, head BLOB);"
           "CREATE TABLE deal (number INTEGER PRIMARY KEY, version INTEGER, state INTEGER, updated INTEGER);"
           "CREATE INDEX deal_updated ON deal (state, updated);");
  moves->begin = prepare (moves, "BEGIN IMMEDIATE");
  moves->append = prepare (moves, "INSERT INTO event (deal, body, head) VALUES (?1, ?2, ?3)");
  moves->update = prepare (moves, "INSERT INTO deal VALUES (?1, 1, 1, ?2)"
                                  " ON CONFLICT DO UPDATE SET version = version + 1, updated = ?2");
  moves->commit = prepare (moves, "COMMIT");
  moves->chain = g_checksum_new (G_CHECKSUM_SHA256);
}

static void
close_moves (Moves *moves)
{
  sqlite3_finalize (moves->begin);
  sqlite3_finalize (moves->append);
  sqlite3_finalize (moves->update);
  sqlite3_finalize (moves->commit);
  sqlite3_close (moves->database);
  g_checksum_free (moves->chain);
}

static void
one_move (Moves *moves)
{
  guint8 body[256];
  gsize length = sizeof moves->head;
  gint64 deal = (gint64)(++moves->sequence * 7919 % DEALS);

  memset (body, 'm', sizeof body);
  memcpy (body, &moves->sequence, sizeof moves->sequence);
  g_checksum_reset (moves->chain);
  g_checksum_update (moves->chain, moves->head, sizeof moves->head);
  g_checksum_update (moves->chain, body, sizeof body);
  g_checksum_get_digest (moves->chain, moves->head, &length);

  sqlite3_bind_int64 (moves->append, 1, deal);
  sqlite3_bind_blob (moves->append, 2, body, sizeof body, SQLITE_STATIC);
  sqlite3_bind_blob (moves->append, 3, moves->head, sizeof moves->head, SQLITE_STATIC);
  step (moves, moves->append);
  sqlite3_bind_int64 (moves->update, 1, deal);
  sqlite3_bind_int64 (moves->update, 2, (gint64)moves->sequence);
  step (moves, moves->update);
}

static void
transaction (Moves *moves, guint n)
{
  step (moves, moves->begin);
  for (guint i = 0; i < n; i++)
    one_move (moves);
  step (moves, moves->commit);
}

static void
measure (Moves *moves)
{
  g_autofree double *samples = g_new (double, COMMITS);
  double start;

  for (guint i = 0; i < COMMITS; i++)
    {
      start = measure_now ();
      transaction (moves, 1);
      samples[i] = measure_now () - start;
    }
  measure_sort (samples, COMMITS);
  measure_print ("limit.commit.p50", measure_at (samples, COMMITS, 0.5), "us");
  measure_print ("limit.commit.p99", measure_at (samples, COMMITS, 0.99), "us");

  start = measure_now ();
  for (guint i = 0; i < BATCHES; i++)
    transaction (moves, BATCH);
  measure_print ("limit.commit.batch32", BATCHES * BATCH / (measure_now () - start) * 1e6, "moves/s");
}

int
main (void)
{
  g_autofree char *folder = g_strdup ("limit-commit-XXXXXX");
  g_autofree char *path = NULL;
  static const char *const ends[] = { "", "-wal", "-shm" };
  Moves moves = { 0 };

  measure_require (g_mkdtemp (folder) != NULL, folder, NULL);
  path = g_build_filename (folder, "moves.db", NULL);
  open_moves (&moves, path);
  measure (&moves);
  close_moves (&moves);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *file = g_strconcat (path, ends[i], NULL);

      g_unlink (file);
    }
  g_rmdir (folder);
  return 0;
}
