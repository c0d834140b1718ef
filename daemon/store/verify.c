/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verify: everything that is stored against everything else, in slices, on the calling thread.
 *
 * Each slice is one snapshot; facts are only ever added, so what slices see fits together. The order: the
 * store's chain, then each deal's chain with the rows that its events give, then documents and datasets.
 */
#include "internal.h"

#include <string.h>

/* A snapshot held longer keeps checkpoints from finishing. */
#define SLICE_MICROSECONDS 50000

/* Of SQLite's machine, between two looks whether to go on: some milliseconds. */
#define STEPS 100000

static gboolean
go_on (const DdVerify *verify)
{
  return verify->progress == NULL ||
         verify->progress (MIN (verify->done, verify->all), verify->all, verify->progress_data);
}

static gboolean
fail_stopped (GError **error)
{
  return dd_fail (error, DD_ERROR_UNAVAILABLE,
                  "verifying was interrupted: the daemon stops or restores; ask again");
}

gboolean
dd_verify_begin_slice (DdVerify *verify, GError **error)
{
  static const char sql[] = "BEGIN";

  verify->slice_end = g_get_monotonic_time () + SLICE_MICROSECONDS;
  return dd_connection_run (verify->connection, sql, error);
}

gboolean
dd_verify_end_slice (DdVerify *verify, GError **error)
{
  static const char sql[] = "ROLLBACK";

  if (!dd_connection_run (verify->connection, sql, error))
    return FALSE;
  return go_on (verify) || fail_stopped (error);
}

gboolean
dd_verify_slice_over (const DdVerify *verify)
{
  return g_get_monotonic_time () >= verify->slice_end;
}

void
dd_verify_note_head (DdVerify *verify, const guint8 *head)
{
  if (verify->newest_head != NULL && memcmp (verify->newest_head, head, DD_DIGEST_SIZE) == 0)
    verify->found = TRUE;
}

/* Events are seen twice: in the store's chain and in their deal's. */
static gboolean
estimate (DdVerify *verify, GError **error)
{
  static const char sql[] = "SELECT 2 * coalesce ((SELECT max (sequence) FROM event), 0)"
                            " + coalesce ((SELECT max (id) FROM document), 0)"
                            " + coalesce ((SELECT max (id) FROM dataset_version), 0)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (verify->connection, sql, error);

  if (statement == NULL || dd_step (verify->connection, statement, error) <= 0)
    return FALSE;
  verify->all = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

gboolean
dd_verify_run (DdVerify *verify, GError **error)
{
  g_autofree char *head = NULL;

  if (!dd_store_check_schema (verify->connection, error) || !estimate (verify, error) ||
      !dd_verify_batches (verify, error) || !dd_verify_deals (verify, error) ||
      !dd_verify_documents (verify, error) || !dd_verify_datasets (verify, error))
    return FALSE;
  if (verify->newest_head == NULL || verify->found)
    return TRUE;
  head = dd_digest_format (verify->newest_head);
  return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                  "head %s is in no chain: events that came before it are gone, or it is another store's",
                  head);
}

static int
on_steps (void *data)
{
  return go_on (data) ? 0 : 1;
}

gboolean
dd_verify_structure (DdVerify *verify, GError **error)
{
  static const char sql[] = "PRAGMA quick_check (1)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (verify->connection, sql, error);
  g_autoptr (GError) local = NULL;
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_progress_handler (verify->connection->db, STEPS, on_steps, verify);
  step = dd_step (verify->connection, statement, &local);
  sqlite3_progress_handler (verify->connection->db, 0, NULL, NULL);
  if (step < 0 && sqlite3_errcode (verify->connection->db) == SQLITE_INTERRUPT)
    return fail_stopped (error);
  if (step < 0)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return (step > 0 && g_str_equal (dd_column_text (statement, 0), "ok")) ||
         dd_fail (error, DD_ERROR_STORE_DAMAGED, "the file's structure is damaged: %.200s",
                  step > 0 ? dd_column_text (statement, 0) : "nothing was checked");
}

gboolean
dd_store_verify (DdStore *store,
                 const guint8 *newest_head,
                 DdStoreProgress progress,
                 gpointer progress_data,
                 DdVerifyReport *out_report,
                 GError **error)
{
  DdVerify verify = { .newest_head = newest_head, .progress = progress, .progress_data = progress_data };
  gboolean sound;

  verify.connection = dd_connection_open (store->path, DD_CONNECTION_CHECKER, error);
  if (verify.connection == NULL)
    return FALSE;
  sound = dd_verify_run (&verify, error);
  dd_connection_close (verify.connection);
  if (sound)
    *out_report = verify.report;
  return sound;
}
