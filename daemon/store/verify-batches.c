/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verify: the store's chain. Every batch links to the one before and to the heads of exactly its own events
 * and dataset versions; together they leave no event out.
 */
#include "internal.h"

#include <string.h>

typedef struct
{
  gint64 number;
  gint64 first;
  gint64 last;
  gint64 time;
  guint8 content[DD_DIGEST_SIZE];
  guint8 head[DD_DIGEST_SIZE];
} Batch;

static gboolean
damaged (gint64 batch, GError **error, const char *what)
{
  return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store's chain, batch %" G_GINT64_FORMAT ": %s", batch,
                  what);
}

/* The first batch after @after; number -1: none. */
static gboolean
next_batch (DdConnection *connection, gint64 after, Batch *batch, GError **error)
{
  static const char sql[] = "SELECT number, first_event, last_event, time, content, head FROM batch"
                            " WHERE number > ?1 ORDER BY number LIMIT 1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after);
  step = dd_step (connection, statement, error);
  batch->number = -1;
  if (step <= 0)
    return step == 0;
  batch->number = sqlite3_column_int64 (statement, 0);
  batch->first = sqlite3_column_int64 (statement, 1);
  batch->last = sqlite3_column_int64 (statement, 2);
  batch->time = sqlite3_column_int64 (statement, 3);
  return dd_column_digest (connection, statement, 4, batch->content, error) &&
         dd_column_digest (connection, statement, 5, batch->head, error);
}

static gboolean
link_events (DdVerify *verify, const Batch *batch, GByteArray *links, GError **error)
{
  static const char sql[] = "SELECT sequence, deal, version, head FROM event WHERE sequence BETWEEN ?1 AND ?2"
                            " ORDER BY sequence";
  DdConnection *connection = verify->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  guint8 head[DD_DIGEST_SIZE];
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, batch->first);
  sqlite3_bind_int64 (statement, 2, batch->last);
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      if (!dd_column_digest (connection, statement, 3, head, error))
        return FALSE;
      dd_chain_link_event (links, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1),
                           sqlite3_column_int64 (statement, 2), head);
      verify->done++;
    }
  return step == 0;
}

static gboolean
link_datasets (DdVerify *verify, const Batch *batch, GByteArray *links, GError **error)
{
  static const char sql[] = "SELECT name, version, row_count, time, occurred_at, actor, caller, digest"
                            " FROM dataset_version WHERE batch = ?1 ORDER BY id";
  DdConnection *connection = verify->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  guint8 digest[DD_DIGEST_SIZE];
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, batch->number);
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      DdEventHeader header = { .type = dd_column_text (statement, 0),
                               .version = sqlite3_column_int64 (statement, 1),
                               .time = sqlite3_column_int64 (statement, 3),
                               .occurred_at = sqlite3_column_int64 (statement, 4),
                               .actor = dd_column_text (statement, 5),
                               .caller = dd_column_text (statement, 6) };

      if (!dd_column_digest (connection, statement, 7, digest, error))
        return FALSE;
      dd_chain_link_dataset (links, &header, sqlite3_column_int64 (statement, 2), digest);
    }
  return step == 0;
}

/* @before: the batch before it, already found good. */
static gboolean
check_batch (DdVerify *verify, const Batch *before, const Batch *batch, GError **error)
{
  g_autoptr (GByteArray) events = g_byte_array_new ();
  g_autoptr (GByteArray) datasets = g_byte_array_new ();
  guint8 content[DD_DIGEST_SIZE];
  guint8 head[DD_DIGEST_SIZE];

  if (batch->number != before->number + 1)
    return damaged (before->number + 1, error, "it is missing");
  if (batch->first != before->last + 1 || batch->last < before->last)
    return damaged (batch->number, error, "its events don't follow those of the batch before");
  if (!link_events (verify, batch, events, error) || !link_datasets (verify, batch, datasets, error))
    return FALSE;
  dd_chain_batch_content (events, datasets, content);
  if (memcmp (content, batch->content, DD_DIGEST_SIZE) != 0)
    return damaged (batch->number, error,
                    "an event or dataset version of it was changed, removed, added or moved");
  dd_chain_batch_head (before->head, batch->number, batch->first, batch->last, batch->time, content, head);
  if (memcmp (head, batch->head, DD_DIGEST_SIZE) != 0)
    return damaged (batch->number, error, "it was changed, or one before it was: its link differs");
  dd_verify_note_head (verify, batch->head);
  return TRUE;
}

/* Nothing lies outside of all batches. */
static gboolean
check_end (DdVerify *verify, const Batch *last, GError **error)
{
  static const char sql[] =
    "SELECT coalesce (max (sequence), 0), (SELECT count (*) FROM event WHERE sequence < 1),"
    " coalesce ((SELECT max (batch) FROM dataset_version), 0),"
    " (SELECT count (*) FROM dataset_version WHERE batch < 1) FROM event";
  g_autoptr (DdStatement) statement = dd_connection_prepare (verify->connection, sql, error);

  if (statement == NULL || dd_step (verify->connection, statement, error) <= 0)
    return FALSE;
  if (sqlite3_column_int64 (statement, 0) != last->last || sqlite3_column_int64 (statement, 1) != 0)
    return damaged (last->number, error, "events and batches end in different places");
  if (sqlite3_column_int64 (statement, 2) > last->number || sqlite3_column_int64 (statement, 3) != 0)
    return damaged (last->number, error, "a dataset version belongs to no batch");
  verify->report.batches = last->number;
  memcpy (verify->report.head, last->head, DD_DIGEST_SIZE);
  return TRUE;
}

static gboolean
first_batch (DdVerify *verify, Batch *batch, GError **error)
{
  if (!next_batch (verify->connection, -1, batch, error))
    return FALSE;
  if (batch->number != 0 || batch->first != 1 || batch->last != 0)
    return damaged (0, error, "the beginning is missing");
  dd_verify_note_head (verify, batch->head);
  return TRUE;
}

/* @out_end: there was no batch after @last. */
static gboolean
run_slice (DdVerify *verify, Batch *last, gboolean *out_end, GError **error)
{
  *out_end = FALSE;
  while (!dd_verify_slice_over (verify))
    {
      Batch batch;

      if (!next_batch (verify->connection, last->number, &batch, error))
        return FALSE;
      if (batch.number < 0)
        {
          *out_end = TRUE;
          return check_end (verify, last, error);
        }
      if (!check_batch (verify, last, &batch, error))
        return FALSE;
      *last = batch;
    }
  return TRUE;
}

gboolean
dd_verify_batches (DdVerify *verify, GError **error)
{
  Batch last;
  gboolean end = FALSE;

  if (!first_batch (verify, &last, error))
    return FALSE;
  while (!end)
    if (!dd_verify_begin_slice (verify, error) || !run_slice (verify, &last, &end, error) ||
        !dd_verify_end_slice (verify, error))
      return FALSE;
  return TRUE;
}

gboolean
dd_verify_tail (DdVerify *verify, GError **error)
{
  static const char sql[] = "SELECT max (number) FROM batch";
  g_autoptr (DdStatement) statement = dd_connection_prepare (verify->connection, sql, error);
  Batch before;
  Batch batch;
  gint64 number;

  if (statement == NULL || dd_step (verify->connection, statement, error) <= 0)
    return FALSE;
  number = sqlite3_column_int64 (statement, 0);
  if (number == 0)
    return first_batch (verify, &before, error) && check_end (verify, &before, error);
  return next_batch (verify->connection, number - 2, &before, error) &&
         next_batch (verify->connection, number - 1, &batch, error) &&
         check_batch (verify, &before, &batch, error) && dd_verify_tail_events (verify, batch.first, error) &&
         check_end (verify, &batch, error);
}
