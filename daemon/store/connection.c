/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One connection to the database: pragmas, prepared statements, and what SQLite's errors mean.
 *
 * Damage and failed syncs are kept as the connection's fault: whoever owns the connection looks there after
 * each piece of work and ends the process. One thread at a time.
 */
#include "internal.h"

#include <string.h>

/* Wait for readers at a RESTART checkpoint; nobody else ever holds the file. */
#define BUSY_MILLISECONDS 2000

static const char pragmas_all[] = "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA cell_size_check = ON;"
                                  "PRAGMA temp_store = MEMORY;"
                                  "PRAGMA mmap_size = 0;"
                                  "PRAGMA foreign_keys = ON;";
static const char pragmas_writer[] = "PRAGMA cache_size = -2048;"
                                     "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA wal_autocheckpoint = 0;";
static const char pragmas_copy[] = "PRAGMA cache_size = -2048;"
                                   "PRAGMA journal_mode = OFF;"
                                   "PRAGMA synchronous = OFF;";
static const char pragmas_reader[] = "PRAGMA cache_size = -512;"
                                     "PRAGMA query_only = ON;";

void
dd_connection_close (DdConnection *connection)
{
  if (connection == NULL)
    return;
  g_clear_pointer (&connection->statements, g_hash_table_unref);
  sqlite3_close (connection->db);
  g_clear_error (&connection->fault);
  g_free (connection);
}

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

static gboolean
is_fault (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return TRUE;
    default:
      return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
    }
}

static DdErrorCode
error_of (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return DD_ERROR_STORE_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return DD_ERROR_STORE_DAMAGED;
    case SQLITE_TOOBIG:
      return DD_ERROR_TOO_LARGE;
    case SQLITE_BUSY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return DD_ERROR_UNAVAILABLE;
    default:
      return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ? DD_ERROR_OUTCOME_UNKNOWN
                                                                          : DD_ERROR_FAILED;
    }
}

gboolean
dd_connection_fail (DdConnection *connection, int code, GError **error)
{
  int extended = sqlite3_extended_errcode (connection->db);
  DdErrorCode kind;

  /* The extended code is the last call's: only then does it say more. */
  if ((extended & 0xff) == (code & 0xff))
    code = extended;
  kind = error_of (code);
  g_autoptr (GError) found = g_error_new (
    DD_ERROR, kind, "the store: %s (SQLite code %d)%s", sqlite3_errmsg (connection->db), code,
    kind == DD_ERROR_STORE_FULL ? "; nothing was changed: free space on its disk, then try again" : "");

  if (is_fault (code) && connection->fault == NULL)
    connection->fault = g_error_copy (found);
  if (error != NULL && *error == NULL)
    *error = g_steal_pointer (&found);
  return FALSE;
}

gboolean
dd_connection_execute (DdConnection *connection, const char *script, GError **error)
{
  int code = sqlite3_exec (connection->db, script, NULL, NULL, NULL);

  return code == SQLITE_OK ? TRUE : dd_connection_fail (connection, code, error);
}

DdConnection *
dd_connection_open (const char *path, DdConnectionKind kind, GError **error)
{
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  g_autoptr (DdConnection) connection = g_new0 (DdConnection, 1);
  g_autofree char *name = NULL;
  int code;

  flags |= kind == DD_CONNECTION_CREATOR ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
           : kind == DD_CONNECTION_WRITER || kind == DD_CONNECTION_COPY ? SQLITE_OPEN_READWRITE
                                                                        : SQLITE_OPEN_READONLY;
  if (kind == DD_CONNECTION_IMMUTABLE)
    {
      g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);

      flags |= SQLITE_OPEN_URI;
      name = g_strconcat ("file:", escaped, "?immutable=1", NULL);
    }
  connection->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  code = sqlite3_open_v2 (name != NULL ? name : path, &connection->db, flags, NULL);
  if (code != SQLITE_OK)
    {
      dd_connection_fail (connection, code, error);
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  sqlite3_busy_timeout (connection->db, BUSY_MILLISECONDS);
  sqlite3_db_config (connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* Checkpoints are the writer's alone, when it says so. */
  sqlite3_db_config (connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, kind != DD_CONNECTION_CREATOR, NULL);
  if (!dd_connection_execute (connection, pragmas_all, error))
    return NULL;
  if (kind >= DD_CONNECTION_WRITER && !dd_connection_execute (connection, pragmas_writer, error))
    return NULL;
  if (kind == DD_CONNECTION_COPY && !dd_connection_execute (connection, pragmas_copy, error))
    return NULL;
  if (kind == DD_CONNECTION_READER && !dd_connection_execute (connection, pragmas_reader, error))
    return NULL;
  return g_steal_pointer (&connection);
}

DdStatement *
dd_connection_prepare (DdConnection *connection, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (connection->statements, sql);
  int code;

  if (statement != NULL)
    {
      if (!sqlite3_stmt_busy (statement))
        return statement;
      dd_fail (error, DD_ERROR_FAILED, "a list of the store was asked for from within itself: %.40s", sql);
      return NULL;
    }
  code = sqlite3_prepare_v3 (connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      dd_connection_fail (connection, code, error);
      return NULL;
    }
  g_hash_table_insert (connection->statements, (gpointer)sql, statement);
  return statement;
}

void
dd_statement_release (DdStatement *statement)
{
  if (statement == NULL)
    return;
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

int
dd_step (DdConnection *connection, DdStatement *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return 1;
  if (code == SQLITE_DONE)
    return 0;
  dd_connection_fail (connection, code, error);
  return -1;
}

gboolean
dd_step_done (DdConnection *connection, DdStatement *statement, GError **error)
{
  int code;

  do
    code = sqlite3_step (statement);
  while (code == SQLITE_ROW);
  return code == SQLITE_DONE ? TRUE : dd_connection_fail (connection, code, error);
}

gboolean
dd_connection_run (DdConnection *connection, const char *sql, GError **error)
{
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  return statement != NULL && dd_step_done (connection, statement, error);
}

gboolean
dd_connection_query_number (DdConnection *connection, const char *sql, gint64 *out_number, GError **error)
{
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int row = statement != NULL ? dd_step (connection, statement, error) : -1;

  if (row < 0)
    return FALSE;
  *out_number = row > 0 ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

void
dd_bind_text (DdStatement *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

void
dd_bind_digest (DdStatement *statement, int index, const guint8 digest[DD_DIGEST_SIZE])
{
  sqlite3_bind_blob (statement, index, digest, DD_DIGEST_SIZE, SQLITE_STATIC);
}

const char *
dd_column_text (DdStatement *statement, int column)
{
  const char *text = (const char *)sqlite3_column_text (statement, column);

  return text != NULL ? text : "";
}

gboolean
dd_column_digest (DdConnection *connection,
                  DdStatement *statement,
                  int column,
                  guint8 out_digest[DD_DIGEST_SIZE],
                  GError **error)
{
  const void *bytes = sqlite3_column_blob (statement, column);

  if (bytes == NULL || sqlite3_column_bytes (statement, column) != DD_DIGEST_SIZE)
    {
      g_autoptr (GError) found =
        g_error_new (DD_ERROR, DD_ERROR_STORE_DAMAGED, "the store: column %s of \"%s\" isn't a SHA-256",
                     sqlite3_column_name (statement, column), sqlite3_sql (statement));

      if (connection->fault == NULL)
        connection->fault = g_error_copy (found);
      if (error != NULL && *error == NULL)
        *error = g_steal_pointer (&found);
      return FALSE;
    }
  memcpy (out_digest, bytes, DD_DIGEST_SIZE);
  return TRUE;
}
