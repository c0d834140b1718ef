/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Making a new database: complete and synced beside its place, then renamed there, so that a crash leaves
 * either no store or a whole one. SQLite ignores an error of the directory's fsync: it is synced here.
 */
#include "internal.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

gboolean
dd_store_fail_errno (const char *path, const char *what, GError **error)
{
  return dd_fail (error, errno == ENOSPC || errno == EDQUOT ? DD_ERROR_STORE_FULL : DD_ERROR_UNAVAILABLE,
                  "%s: %s: %s", path, what, g_strerror (errno));
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC | flags);
  gboolean synced;

  if (descriptor < 0)
    return dd_store_fail_errno (path, "can't be opened", error);
  synced = fsync (descriptor) == 0;
  if (!synced)
    dd_store_fail_errno (path, "can't be synced", error);
  close (descriptor);
  return synced;
}

gboolean
dd_store_sync_directory (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);

  return sync_path (directory, O_DIRECTORY, error);
}

gboolean
dd_store_sync_file (const char *path, GError **error)
{
  return sync_path (path, O_NOFOLLOW, error);
}

/* The store's chain begins with random bytes: two stores never have a head in common. */
static gboolean
insert_first_batch (DdConnection *connection, GError **error)
{
  static const char sql[] = "INSERT INTO batch VALUES (0, 1, 0, 0, ?1, ?1)";
  guint8 beginning[DD_DIGEST_SIZE];
  g_autoptr (DdStatement) statement = NULL;

  if (getrandom (beginning, sizeof beginning, 0) != (gssize)sizeof beginning)
    return dd_fail (error, DD_ERROR_FAILED, "no random bytes: %s", g_strerror (errno));
  statement = dd_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;
  dd_bind_digest (statement, 1, beginning);
  return dd_step_done (connection, statement, error);
}

static gboolean
fill (DdConnection *connection, GError **error)
{
  g_autofree char *versions = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                               DD_STORE_APPLICATION_ID, DD_STORE_SCHEMA_VERSION);

  return dd_connection_execute (connection, "BEGIN IMMEDIATE", error) &&
         dd_connection_execute (connection, dd_schema_001, error) &&
         dd_connection_execute (connection, versions, error) && insert_first_batch (connection, error) &&
         dd_connection_execute (connection, "COMMIT", error) &&
         dd_connection_execute (connection, "PRAGMA wal_checkpoint (TRUNCATE)", error);
}

void
dd_store_remove_file (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

static gboolean
create_beside (const char *path, GError **error)
{
  g_autoptr (DdConnection) connection = NULL;
  int descriptor = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (descriptor < 0)
    return dd_store_fail_errno (path, "can't be created", error);
  close (descriptor);
  connection = dd_connection_open (path, DD_CONNECTION_CREATOR, error);
  return connection != NULL && fill (connection, error);
}

gboolean
dd_store_create (const char *path, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".new", NULL);

  dd_store_remove_file (beside);
  if (!create_beside (beside, error) || !sync_path (beside, 0, error))
    {
      dd_store_remove_file (beside);
      return FALSE;
    }
  if (g_rename (beside, path) != 0)
    {
      dd_store_fail_errno (path, "can't be put in its place", error);
      dd_store_remove_file (beside);
      return FALSE;
    }
  return dd_store_sync_directory (path, error);
}

static guint
count_statements (void)
{
  guint n = 0;

  for (const char *at = dd_schema_001; (at = strstr (at, "\nCREATE ")) != NULL; at++)
    n++;
  return n;
}

gboolean
dd_store_check_schema (DdConnection *connection, GError **error)
{
  /* What FTS5 keeps its index in is its own. */
  static const char sql[] =
    "SELECT sql || ';' FROM main.sqlite_schema WHERE sql IS NOT NULL"
    " AND NOT (type = 'table' AND name IN ('search_data', 'search_idx', 'search_config'))";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  gboolean known = TRUE;
  guint n = 0;
  int row;

  if (statement == NULL)
    return FALSE;
  while ((row = dd_step (connection, statement, error)) > 0)
    {
      known = known && strstr (dd_schema_001, dd_column_text (statement, 0)) != NULL;
      n++;
    }
  if (row < 0)
    return FALSE;
  return (known && n == count_statements ()) ||
         dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store's tables aren't those of its schema version");
}
