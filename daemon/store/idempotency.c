/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Idempotency keys: the reply of a call that was made, kept with what it changed in the same commit. A caller
 * retries within minutes, so old keys are removed, a slice a batch, so that no batch waits for it.
 */
#include "internal.h"

#include <string.h>

#define KEPT_US  (30 * G_TIME_SPAN_DAY)
#define PAUSE_US G_TIME_SPAN_MINUTE /* after nothing too old was left */
#define SLICE    64                 /* more only when more are of one microsecond */

gboolean
dd_reader_recall (
  DdReader *reader, guint32 uid, const char *key, const guint8 digest[32], GBytes **out_reply, GError **error)
{
  static const char sql[] = "SELECT digest, reply FROM idempotency WHERE uid = ?1 AND key = ?2";
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  guint8 stored[DD_DIGEST_SIZE];
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, uid);
  dd_bind_text (statement, 2, key);
  step = dd_step (connection, statement, error);
  if (step < 0 || (step > 0 && !dd_column_digest (connection, statement, 0, stored, error)))
    return FALSE;
  if (step > 0 && memcmp (stored, digest, DD_DIGEST_SIZE) != 0)
    return dd_fail (error, DD_ERROR_KEY_REUSED,
                    "the idempotency key was used before for another call; a new call needs a new key");
  *out_reply =
    step > 0 ? g_bytes_new (sqlite3_column_blob (statement, 1), (gsize)sqlite3_column_bytes (statement, 1))
             : NULL;
  return TRUE;
}

gboolean
dd_transaction_remember (DdTransaction *transaction,
                         guint32 uid,
                         const char *key,
                         const guint8 digest[32],
                         GBytes *reply,
                         gint64 time,
                         GError **error)
{
  static const char sql[] = "INSERT INTO idempotency VALUES (?1, ?2, ?3, ?4, ?5)";
  DdConnection *connection = transaction->reader.connection;
  g_autoptr (GBytes) known = NULL;
  g_autoptr (DdStatement) statement = NULL;
  gconstpointer bytes;
  gsize length;

  if (!dd_reader_recall (&transaction->reader, uid, key, digest, &known, error))
    return FALSE;
  if (known != NULL)
    return dd_fail (error, DD_ERROR_CONFLICT, "the call of this idempotency key was made already; recall it");
  statement = dd_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;
  bytes = g_bytes_get_data (reply, &length);
  sqlite3_bind_int64 (statement, 1, uid);
  dd_bind_text (statement, 2, key);
  dd_bind_digest (statement, 3, digest);
  sqlite3_bind_blob64 (statement, 4, bytes != NULL ? bytes : "", length, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 5, time);
  return dd_step_done (connection, statement, error);
}

/* Time is the batch's: a clock that was set back only delays it. */
gboolean
dd_transaction_prune_keys (DdTransaction *transaction, GError **error)
{
  static const char sql[] =
    "DELETE FROM idempotency WHERE time <= coalesce ("
    "(SELECT time FROM idempotency WHERE time <= ?1 ORDER BY time LIMIT 1 OFFSET ?2), ?1)";
  DdConnection *connection = transaction->reader.connection;
  gint64 now = transaction->mark.time;
  g_autoptr (DdStatement) statement = NULL;

  if (now - transaction->pruned_at < PAUSE_US)
    return TRUE;
  statement = dd_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now - KEPT_US - 1);
  sqlite3_bind_int64 (statement, 2, SLICE - 1);
  if (!dd_step_done (connection, statement, error))
    return FALSE;
  if (sqlite3_changes (connection->db) < SLICE)
    transaction->pruned_at = now;
  return TRUE;
}
