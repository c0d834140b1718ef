/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verify: the bytes that digests stand for, of documents and of dataset versions.
 */
#include "internal.h"

#include <string.h>

#define CHUNK (1024 * 1024)

/* Which table, and whether its digest is right. */
typedef struct
{
  const char *table; /* of the bytes */
  const char *sql;   /* the next id and digest after one */
  const char *what;
} Kind;

/* Reads by chunks; a snapshot that gets old is given up between two, as the bytes never change. */
static gboolean
digest_blob (DdVerify *verify, const Kind *kind, gint64 id, guint8 out_digest[DD_DIGEST_SIZE], GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  sqlite3_blob *blob = NULL;
  gsize size = DD_DIGEST_SIZE;
  int at = 0;
  int left = 0;
  int code = SQLITE_OK;

  do
    {
      int part;

      if (blob == NULL)
        {
          code = sqlite3_blob_open (verify->connection->db, "main", kind->table, "bytes", id, 0, &blob);
          /* No such row, or no bytes in it. */
          if (code == SQLITE_ERROR)
            return dd_fail (error, DD_ERROR_STORE_DAMAGED, "its bytes are missing");
          if (code != SQLITE_OK)
            break;
          left = sqlite3_blob_bytes (blob) - at;
        }
      part = MIN (left, CHUNK);
      code = sqlite3_blob_read (blob, chunk, part, at);
      if (code != SQLITE_OK)
        break;
      g_checksum_update (checksum, chunk, part);
      at += part;
      left -= part;
      if (left > 0 && dd_verify_slice_over (verify))
        {
          g_clear_pointer (&blob, sqlite3_blob_close);
          if (!dd_verify_end_slice (verify, error) || !dd_verify_begin_slice (verify, error))
            return FALSE;
        }
    }
  while (left > 0);
  sqlite3_blob_close (blob);
  if (code != SQLITE_OK)
    return dd_connection_fail (verify->connection, code, error);
  g_checksum_get_digest (checksum, out_digest, &size);
  return TRUE;
}

static gboolean
next_digest (DdVerify *verify,
             const Kind *kind,
             gint64 *id,
             guint8 out_digest[DD_DIGEST_SIZE],
             gboolean *out_end,
             GError **error)
{
  g_autoptr (DdStatement) statement = dd_connection_prepare (verify->connection, kind->sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, *id);
  step = dd_step (verify->connection, statement, error);
  *out_end = step == 0;
  if (step <= 0)
    return step == 0;
  *id = sqlite3_column_int64 (statement, 0);
  return dd_column_digest (verify->connection, statement, 1, out_digest, error);
}

static gboolean
check_all (DdVerify *verify, const Kind *kind, gint64 *out_count, GError **error)
{
  guint8 stored[DD_DIGEST_SIZE];
  guint8 digest[DD_DIGEST_SIZE];
  gint64 id = G_MININT64;
  gint64 count = 0;
  gboolean end;

  if (!dd_verify_begin_slice (verify, error))
    return FALSE;
  for (;;)
    {
      if (!next_digest (verify, kind, &id, stored, &end, error))
        return FALSE;
      if (end)
        break;
      if (!digest_blob (verify, kind, id, digest, error))
        {
          g_prefix_error (error, "%s of digest %02x%02x%02x%02x…: ", kind->what, stored[0], stored[1],
                          stored[2], stored[3]);
          return FALSE;
        }
      if (memcmp (stored, digest, DD_DIGEST_SIZE) != 0)
        return dd_fail (error, DD_ERROR_STORE_DAMAGED, "%s of digest %02x%02x%02x%02x… was changed",
                        kind->what, stored[0], stored[1], stored[2], stored[3]);
      count++;
      verify->done++;
      if (dd_verify_slice_over (verify) &&
          (!dd_verify_end_slice (verify, error) || !dd_verify_begin_slice (verify, error)))
        return FALSE;
    }
  *out_count = count;
  return dd_verify_end_slice (verify, error);
}

gboolean
dd_verify_documents (DdVerify *verify, GError **error)
{
  static const char sql[] = "SELECT id, sha256 FROM document WHERE id > ?1 ORDER BY id LIMIT 1";
  const Kind kind = { .table = "document", .sql = sql, .what = "the document" };

  return check_all (verify, &kind, &verify->report.documents, error);
}

gboolean
dd_verify_datasets (DdVerify *verify, GError **error)
{
  static const char sql[] = "SELECT id, digest FROM dataset_version WHERE id > ?1 ORDER BY id LIMIT 1";
  const Kind kind = { .table = "dataset_blob", .sql = sql, .what = "the dataset version" };
  gint64 count;

  return check_all (verify, &kind, &count, error);
}
