/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Copying the store while it is used (see backup.h). The caller's thread, but where a function says
 * otherwise.
 */
#include "backup.h"

#include "halves.h"
#include "internal.h"
#include "restore.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Half a MiB: what a command waits for that comes in the middle of a step. */
#define STEP_PAGES 128

/* How often who waits for the writer looks whether to go on. */
#define LOOK_USEC (G_USEC_PER_SEC / 10)

/* What a copy leaves free: deals go on meanwhile. */
#define MARGIN_BYTES (1024 * 1024)

struct _DdCopy
{
  DdConnection *target; /* the writer's thread's, until it ended */
  sqlite3_backup *backup;
  GMutex mutex;
  GCond cond;
  gint64 done; /* pages; under the mutex, as are the next */
  gint64 all;
  gboolean stop; /* nobody wants it any more */
  gboolean ended;
  GError *error;
};

char *
dd_backup_path (const char *path)
{
  return g_strconcat (path, ".backup", NULL);
}

gboolean
dd_store_check_space (const char *path, gint64 bytes, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  struct statvfs status;
  gint64 free_bytes;

  if (statvfs (directory, &status) != 0)
    return dd_store_fail_errno (directory, "its free space isn't known", error);
  free_bytes = (gint64)status.f_bavail * (gint64)status.f_frsize;
  if (free_bytes - MARGIN_BYTES >= bytes)
    return TRUE;
  return dd_fail (error, DD_ERROR_STORE_FULL,
                  "%s has %" G_GINT64_FORMAT " bytes free, and a copy of the store takes %" G_GINT64_FORMAT
                  " and %d more; nothing was changed: free space, then try again",
                  directory, free_bytes, bytes, MARGIN_BYTES);
}

/* --- the writer's thread --- */

static void
note_fault (DdCopy *copy, int code)
{
  g_autoptr (GError) error = NULL;

  /* The copy is thrown away: no fault of it is one of the store's. */
  dd_connection_fail (copy->target, code, &error);
  g_clear_error (&copy->target->fault);
  g_mutex_lock (&copy->mutex);
  if (copy->error == NULL)
    copy->error = g_steal_pointer (&error);
  g_mutex_unlock (&copy->mutex);
}

static void
end_backup (DdCopy *copy, gboolean whole)
{
  int code = sqlite3_backup_finish (g_steal_pointer (&copy->backup));

  if (whole && code != SQLITE_OK)
    note_fault (copy, code);
}

gboolean
dd_copy_step (DdCopy *copy, DdConnection *source)
{
  gboolean stop;
  int code;

  if (copy->backup == NULL)
    copy->backup = sqlite3_backup_init (copy->target->db, "main", source->db, "main");
  if (copy->backup == NULL)
    {
      note_fault (copy, sqlite3_errcode (copy->target->db));
      return FALSE;
    }
  code = sqlite3_backup_step (copy->backup, STEP_PAGES);
  g_mutex_lock (&copy->mutex);
  copy->all = sqlite3_backup_pagecount (copy->backup);
  copy->done = copy->all - sqlite3_backup_remaining (copy->backup);
  stop = copy->stop;
  g_mutex_unlock (&copy->mutex);
  if (code == SQLITE_OK && !stop)
    return TRUE;
  end_backup (copy, code == SQLITE_DONE);
  if (code != SQLITE_OK && code != SQLITE_DONE)
    note_fault (copy, code);
  return FALSE;
}

void
dd_copy_give_up (DdCopy *copy)
{
  if (copy->backup != NULL)
    end_backup (copy, FALSE);
  g_mutex_lock (&copy->mutex);
  copy->stop = TRUE;
  g_mutex_unlock (&copy->mutex);
}

void
dd_copy_finish (DdCopy *copy)
{
  g_mutex_lock (&copy->mutex);
  copy->ended = TRUE;
  g_cond_signal (&copy->cond);
  g_mutex_unlock (&copy->mutex);
}

/* --- waiting for it --- */

static gint64
page_bytes (DdConnection *connection)
{
  static const char sql[] = "PRAGMA page_size";
  gint64 bytes = 0;

  return dd_connection_query_number (connection, sql, &bytes, NULL) ? bytes : 0;
}

/* Asked without the lock, as it may take its time. */
static void
wait_for (DdCopy *copy, const DdHalves *halves, gint64 page)
{
  gboolean go_on = TRUE;

  g_mutex_lock (&copy->mutex);
  while (!copy->ended)
    {
      gint64 done, all;

      g_cond_wait_until (&copy->cond, &copy->mutex, g_get_monotonic_time () + LOOK_USEC);
      done = copy->done * page;
      all = copy->all * page;
      g_mutex_unlock (&copy->mutex);
      go_on = go_on && dd_halves_copied (halves, done, all);
      g_mutex_lock (&copy->mutex);
      copy->stop = copy->stop || !go_on;
    }
  g_mutex_unlock (&copy->mutex);
}

static gboolean
copy_pages (DdStore *store, const char *path, const DdHalves *halves, GError **error)
{
  DdCopy copy = { 0 };
  gint64 page;

  copy.target = dd_connection_open (path, DD_CONNECTION_COPY, error);
  if (copy.target == NULL)
    return FALSE;
  page = page_bytes (copy.target);
  g_mutex_init (&copy.mutex);
  g_cond_init (&copy.cond);
  dd_writer_copy (store->writer, &copy);
  wait_for (&copy, halves, page);
  g_mutex_clear (&copy.mutex);
  g_cond_clear (&copy.cond);
  dd_connection_close (copy.target);
  if (copy.error != NULL)
    {
      g_propagate_prefixed_error (error, copy.error, "the copy: ");
      return FALSE;
    }
  return !copy.stop || dd_fail (error, DD_ERROR_UNAVAILABLE,
                                "copying was interrupted: the daemon stops or restores; ask again");
}

static gboolean
verify_copy (const char *path, DdHalves *halves, DdVerifyReport *out_report, GError **error)
{
  g_autoptr (DdConnection) connection = dd_connection_open (path, DD_CONNECTION_IMMUTABLE, error);
  DdVerify verify = { .connection = connection, .progress = dd_halves_verified, .progress_data = halves };

  if (connection == NULL || !dd_verify_structure (&verify, error) || !dd_verify_run (&verify, error))
    {
      g_prefix_error (error, "the copy: ");
      return FALSE;
    }
  *out_report = verify.report;
  return TRUE;
}

static gint64
size_of (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 ? status.st_size : 0;
}

/* What the log holds may become pages of the copy too. */
static gboolean
make_copy (DdStore *store, const char *path, DdHalves *halves, DdVerifyReport *out_report, GError **error)
{
  g_autofree char *wal = g_strconcat (store->path, "-wal", NULL);
  int descriptor;

  if (!dd_store_check_space (path, size_of (store->path) + size_of (wal), error))
    return FALSE;
  descriptor = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return dd_store_fail_errno (path, "can't be created", error);
  close (descriptor);
  if (!copy_pages (store, path, halves, error))
    return FALSE;
  halves->bytes = size_of (path);
  return verify_copy (path, halves, out_report, error);
}

gboolean
dd_store_backup (DdStore *store,
                 DdStoreProgress progress,
                 gpointer progress_data,
                 int *out_descriptor,
                 gint64 *out_bytes,
                 DdVerifyReport *out_report,
                 GError **error)
{
  g_autofree char *path = dd_backup_path (store->path);
  DdHalves halves = { progress, progress_data, 0 };
  DdVerifyReport report;
  int descriptor = -1;

  dd_store_remove_file (path);
  if (make_copy (store, path, &halves, &report, error))
    {
      descriptor = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
      if (descriptor < 0)
        dd_store_fail_errno (path, "can't be opened", error);
    }
  dd_store_remove_file (path);
  if (descriptor < 0)
    return FALSE;
  *out_descriptor = descriptor;
  *out_bytes = halves.bytes;
  *out_report = report;
  return TRUE;
}

/* A second name of the store itself: it was kept for a restore that didn't come to its end. */
static void
remove_second_names (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *prefix = dd_restore_kept_prefix (path);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  struct stat own, other;
  const char *name;

  if (lstat (path, &own) != 0 || own.st_nlink < 2)
    return;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *full = g_build_filename (directory, name, NULL);

      if (g_str_has_prefix (name, prefix) && lstat (full, &other) == 0 && other.st_dev == own.st_dev &&
          other.st_ino == own.st_ino)
        unlink (full);
    }
}

void
dd_store_remove_leftovers (const char *path)
{
  g_autofree char *backup = dd_backup_path (path);
  g_autofree char *incoming = dd_restore_path (path);

  dd_store_remove_file (backup);
  dd_store_remove_file (incoming);
  remove_second_names (path);
}
