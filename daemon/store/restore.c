/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The swap of a restore (see restore.h). The caller's thread, while nobody else uses the store.
 *
 * In order: the incoming store records the restore, and is synced; ours is closed, its log empty and gone;
 * ours gets a second name; the incoming one is renamed over the first. The directory is synced after each of
 * the last three, so that no later one can be on disk without the earlier.
 */
#include "backup.h"
#include "incoming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_NAMES 100

char *
dd_restore_kept_prefix (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_strconcat (name, ".before-restore-", NULL);
}

/* --- making the incoming store ready --- */

/* Numbers of deals that were lost aren't given again: they may be on paper somewhere. And what became of the
 * copy's own deals since isn't known: an order that one of them gives later may have been sent already (see
 * dd_reader_due_orders()). */
static gboolean
record (DdTransaction *transaction, gint64 last_deal, GError **error)
{
  static const char sql_property[] =
    "INSERT INTO property SELECT 'restored', last_deal FROM counter WHERE number = 1"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
  static const char sql_counter[] = "UPDATE counter SET last_deal = max (last_deal, ?1) WHERE number = 1";
  DdConnection *connection = transaction->reader.connection;
  g_autoptr (DdStatement) property = dd_connection_prepare (connection, sql_property, error);
  g_autoptr (DdStatement) counter = dd_connection_prepare (connection, sql_counter, error);

  if (property == NULL || counter == NULL)
    return FALSE;
  sqlite3_bind_int64 (counter, 1, last_deal);
  return dd_step_done (connection, property, error) && dd_step_done (connection, counter, error);
}

typedef struct
{
  gint64 time;
  gint64 last_deal; /* of the store that is replaced */
  DdStoreWork work;
  gpointer data;
} Ready;

static gboolean
run_transaction (DdTransaction *transaction, const Ready *ready, GError **error)
{
  if (!dd_transaction_begin (transaction, error))
    return FALSE;
  transaction->alone = TRUE;
  transaction->mark.time = ready->time;
  return record (transaction, ready->last_deal, error) && ready->work (transaction, ready->data, error) &&
         dd_transaction_finish (transaction, error) &&
         dd_connection_execute (transaction->reader.connection, "COMMIT", error);
}

static gboolean
read_head (DdConnection *connection, guint8 out_head[DD_DIGEST_SIZE], GError **error)
{
  static const char sql[] = "SELECT head FROM batch ORDER BY number DESC LIMIT 1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  return statement != NULL && dd_step (connection, statement, error) > 0 &&
         dd_column_digest (connection, statement, 0, out_head, error);
}

/* What a WAL still holds must never be taken for another file's. */
static gboolean
remove_log (const char *path, GError **error)
{
  static const char *const suffixes[] = { "-wal", "-shm" };
  struct stat status;

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      if (lstat (name, &status) != 0 && errno == ENOENT)
        continue;
      if (i == 0 && status.st_size > 0)
        return dd_fail (error, DD_ERROR_FAILED, "%s isn't empty after it was moved into the database", name);
      if (unlink (name) != 0)
        return dd_store_fail_errno (name, "can't be removed", error);
    }
  return TRUE;
}

static gboolean
make_ready (DdStore *store, DdIncoming *incoming, const Ready *ready, guint8 out_head[32], GError **error)
{
  DdStore place = { .path = incoming->path, .options = store->options, .cache = store->cache };
  g_autoptr (DdConnection) writer = NULL;
  DdTransaction transaction;
  gboolean done;

  g_clear_pointer (&incoming->connection, dd_connection_close);
  writer = dd_connection_open (incoming->path, DD_CONNECTION_WRITER, error);
  if (writer == NULL)
    return FALSE;
  dd_transaction_init (&transaction, &place, writer);
  done = run_transaction (&transaction, ready, error) && dd_store_recover (writer, error) &&
         read_head (writer, out_head, error);
  dd_transaction_clear (&transaction);
  g_clear_pointer (&writer, dd_connection_close);
  return done && remove_log (incoming->path, error) && dd_store_sync_file (incoming->path, error);
}

static gboolean
read_last_deal (DdReader *reader, gpointer data, GError **error)
{
  return dd_store_read_last_deal (reader->connection, data, error);
}

/* --- the swap --- */

static gboolean
empty_log (const char *path, GError **error)
{
  g_autoptr (DdConnection) writer = dd_connection_open (path, DD_CONNECTION_WRITER, error);

  if (writer == NULL || !dd_store_recover (writer, error))
    return FALSE;
  g_clear_pointer (&writer, dd_connection_close);
  return remove_log (path, error) && dd_store_sync_directory (path, error);
}

/* "dealdesk.db.before-restore-20261124T101500Z" beside it, with a number where that is taken. */
static char *
keep (const char *path, gint64 time, GError **error)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (moment, "%Y%m%dT%H%M%SZ");

  for (guint i = 1; i < MAX_NAMES; i++)
    {
      g_autofree char *number = i > 1 ? g_strdup_printf ("-%u", i) : g_strdup ("");
      g_autofree char *kept = g_strconcat (path, ".before-restore-", stamp, number, NULL);

      if (link (path, kept) == 0)
        {
          if (dd_store_sync_directory (path, error))
            return g_steal_pointer (&kept);
          unlink (kept);
          return NULL;
        }
      if (errno != EEXIST)
        {
          dd_store_fail_errno (kept, "can't be made", error);
          return NULL;
        }
    }
  dd_fail (error, DD_ERROR_UNAVAILABLE, "%s was restored too often in this second; try again", path);
  return NULL;
}

static void G_GNUC_NORETURN
end_process (DdStore *store, GError *error, const char *what)
{
  g_prefix_error (&error, "%s: ", what);
  error->code = DD_ERROR_OUTCOME_UNKNOWN;
  dd_store_end_process (store, error);
}

/* FALSE: our store is the one it was. */
static gboolean
swap (DdStore *store, const DdIncoming *incoming, gint64 time, char **out_kept, GError **error)
{
  g_autoptr (GError) unknown = NULL;
  char *kept;

  if (!empty_log (store->path, error))
    return FALSE;
  kept = keep (store->path, time, error);
  if (kept == NULL)
    return FALSE;
  if (rename (incoming->path, store->path) != 0)
    {
      dd_store_fail_errno (store->path, "the restored store can't be put in its place", error);
      unlink (kept);
      g_free (kept);
      return FALSE;
    }
  if (!dd_store_sync_directory (store->path, &unknown))
    end_process (store, g_steal_pointer (&unknown), "which store the disk has is unknown");
  *out_kept = kept;
  return TRUE;
}

gboolean
dd_store_replace (DdStore *store,
                  DdIncoming *incoming,
                  gint64 time,
                  DdStoreWork work,
                  gpointer data,
                  char **out_kept,
                  guint8 out_head[32],
                  GError **error)
{
  Ready ready = { .time = time, .work = work, .data = data };
  g_autofree char *kept = NULL;
  g_autoptr (GError) local = NULL;
  GError *reopening = NULL;
  guint8 head[DD_DIGEST_SIZE];
  gboolean swapped;

  if (!dd_store_read_here (store, read_last_deal, &ready.last_deal, error))
    return FALSE;
  if (!make_ready (store, incoming, &ready, head, &local))
    {
      /* A sync that failed is the incoming store's, and that is thrown away. */
      local->code = local->code == DD_ERROR_OUTCOME_UNKNOWN ? DD_ERROR_FAILED : local->code;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  dd_store_stop (store);
  swapped = swap (store, incoming, time, &kept, &local);
  if (local != NULL && local->code == DD_ERROR_OUTCOME_UNKNOWN)
    end_process (store, g_steal_pointer (&local), "before a restore");
  if (!dd_store_start (store, &reopening))
    end_process (store, reopening, "the store can't be opened again");
  if (!swapped)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  *out_kept = g_steal_pointer (&kept);
  memcpy (out_head, head, DD_DIGEST_SIZE);
  return TRUE;
}
