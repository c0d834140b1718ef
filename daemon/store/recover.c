/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is looked at before a store is used, and how a WAL left by a crash is taken in.
 *
 * Checking only reads: header, schema and its version, and the newest links of the chain; the rest is
 * verify's. A WAL is then moved into the database and synced before anybody is served: what was readable only
 * from the page cache is on disk afterwards, or the store isn't opened.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of SQLite's file format: the header's size, and its smallest page. */
#define HEADER_BYTES   100
#define SMALLEST_PAGE  512
#define AT_APPLICATION 68

static gboolean
damaged (const char *path, GError **error, const char *what)
{
  return dd_fail (error, DD_ERROR_STORE_DAMAGED, "%s: %s", path, what);
}

static gboolean
check_header (const char *path, GError **error)
{
  guint8 header[HEADER_BYTES];
  guint32 application;
  struct stat status;
  gssize got;
  int descriptor = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

  if (descriptor < 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s: %s", path, g_strerror (errno));
  got = fstat (descriptor, &status) == 0 ? pread (descriptor, header, sizeof header, 0) : -1;
  close (descriptor);
  if (got < 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s: %s", path, g_strerror (errno));
  if (!S_ISREG (status.st_mode))
    return damaged (path, error, "not a regular file");
  if (got < HEADER_BYTES || status.st_size < SMALLEST_PAGE)
    return damaged (path, error, "too short to be a database");
  if (memcmp (header, "SQLite format 3", 16) != 0)
    return damaged (path, error, "not a database: its header isn't SQLite's");
  memcpy (&application, header + AT_APPLICATION, sizeof application);
  if (GUINT32_FROM_BE (application) != DD_STORE_APPLICATION_ID)
    return damaged (path, error, "a database, but not dealdesk's: its application id is another");
  return TRUE;
}

static gboolean
check_schema (DdConnection *connection, const char *path, GError **error)
{
  static const char sql[] = "PRAGMA user_version";
  gint64 version;

  if (!dd_connection_query_number (connection, sql, &version, error))
    return FALSE;
  if (version > DD_STORE_SCHEMA_VERSION)
    return dd_fail (error, DD_ERROR_STORE_NEWER,
                    "%s has schema version %" G_GINT64_FORMAT
                    ", this dealdesk knows %d; use a newer dealdesk",
                    path, version, DD_STORE_SCHEMA_VERSION);
  if (version != DD_STORE_SCHEMA_VERSION)
    return damaged (path, error, "its schema version was never used");
  return dd_store_check_schema (connection, error);
}

/* The newest batch: its own head, and those of its events. */
static gboolean
check_tail (DdConnection *connection, const char *path, GError **error)
{
  static const char sql[] =
    "SELECT count (*) FROM batch WHERE number >= (SELECT max (number) FROM batch) - 1";
  static const char sql_events[] =
    "SELECT (SELECT max (last_event) FROM batch WHERE number = (SELECT max (number) FROM batch))"
    " - coalesce ((SELECT max (sequence) FROM event), 0)";
  DdVerify verify = { .connection = connection };
  gint64 n = 0;

  if (!dd_connection_query_number (connection, sql, &n, error))
    return FALSE;
  if (n == 0)
    return damaged (path, error, "the store's chain has no beginning");
  if (!dd_connection_query_number (connection, sql_events, &n, error))
    return FALSE;
  if (n != 0)
    return damaged (path, error, "events and batches end in different places");
  return dd_verify_tail (&verify, error);
}

gboolean
dd_store_read_development (DdConnection *connection, gint64 *out_development, GError **error)
{
  static const char sql[] = "SELECT value FROM property WHERE name = 'development'";

  return dd_connection_query_number (connection, sql, out_development, error);
}

static gboolean
check_development (DdConnection *connection, const char *path, GError **error)
{
  gint64 development = 0;

  if (!dd_store_read_development (connection, &development, error))
    return FALSE;
  if (development != 0)
    return dd_fail (
      error, DD_ERROR_UNAVAILABLE,
      "%s is a development store, where anyone could act as anyone; the system daemon needs another", path);
  return TRUE;
}

gboolean
dd_store_check (const char *path, const DdStoreOptions *options, GError **error)
{
  g_autoptr (DdConnection) connection = NULL;

  if (!check_header (path, error))
    return FALSE;
  connection = dd_connection_open (path, DD_CONNECTION_CHECKER, error);
  if (connection == NULL || !dd_connection_execute (connection, "BEGIN", error))
    return FALSE;
  return check_schema (connection, path, error) && check_tail (connection, path, error) &&
         (!options->refuse_development || check_development (connection, path, error));
}

gboolean
dd_store_recover (DdConnection *writer, GError **error)
{
  int pages = 0;
  int moved = 0;
  int code = sqlite3_wal_checkpoint_v2 (writer->db, "main", SQLITE_CHECKPOINT_TRUNCATE, &pages, &moved);

  if (code != SQLITE_OK)
    {
      dd_connection_fail (writer, code, error);
      g_prefix_error (error, "the log of an earlier run can't be taken in: ");
      return FALSE;
    }
  if (pages > 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "the log of an earlier run can't be taken in: %d pages are left", pages);
  return TRUE;
}
