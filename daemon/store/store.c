/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Opening and closing the store: lock, check, recover, then threads. Nothing is written to a store before it
 * was found sound and ours.
 */
#include "backup.h"
#include "internal.h"
#include "datasets/datasets.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_READERS 2

/* Compiled dataset versions that are kept. */
#define CACHE_BYTES (32 * 1024 * 1024)

void
dd_store_end_process (DdStore *store, const GError *error)
{
  if (store->options.fatal != NULL)
    store->options.fatal (error, store->options.fatal_data);
  g_printerr ("dealdesk: %s: %s; ending at once: what was asked and not answered is settled by its key "
              "after the restart\n",
              store->path, error->message);
  _exit (EXIT_FAILURE);
}

/* A directory that others can write would let them replace the files under us. */
static gboolean
check_directory (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  struct stat status;

  if (stat (directory, &status) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s: %s; the store needs a directory of its own", directory,
                    g_strerror (errno));
  if (!S_ISDIR (status.st_mode))
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s isn't a directory", directory);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "%s can be written by others (mode %04o); the store needs a directory with mode 0700",
                    directory, (guint)(status.st_mode & 07777));
  if (status.st_uid != geteuid () && status.st_uid != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "%s belongs to uid %u; the store needs a directory of its own", directory,
                    (guint)status.st_uid);
  return TRUE;
}

/* An open file description's lock: no other descriptor gets it, not even of this process, and it goes when
 * the process does. -1 at an error. */
static int
take_lock (const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int descriptor = open (name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (descriptor < 0)
    {
      int code = errno == ENOSPC || errno == EDQUOT ? DD_ERROR_STORE_FULL : DD_ERROR_UNAVAILABLE;

      dd_fail (error, code, "%s: %s", name, g_strerror (errno));
      return -1;
    }
  if (fcntl (descriptor, F_OFD_SETLK, &lock) == 0)
    return descriptor;
  if (errno == EAGAIN || errno == EACCES)
    dd_fail (error, DD_ERROR_UNAVAILABLE, "%s is in use by another daemon; stop that one first", path);
  else
    dd_fail (error, DD_ERROR_UNAVAILABLE, "%s: can't be locked: %s", name, g_strerror (errno));
  close (descriptor);
  return -1;
}

static gboolean
mark_development (DdConnection *writer, GError **error)
{
  static const char sql[] = "INSERT INTO property VALUES ('development', 1)"
                            " ON CONFLICT (name) DO UPDATE SET value = 1 WHERE value != 1";

  return dd_connection_run (writer, sql, error);
}

static DdConnection *
open_writer (const char *path, const DdStoreOptions *options, GError **error)
{
  g_autoptr (DdConnection) writer = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && !g_file_test (path, G_FILE_TEST_EXISTS) &&
      !dd_store_create (path, error))
    return NULL;
  if (!dd_store_check (path, options, error))
    return NULL;
  writer = dd_connection_open (path, DD_CONNECTION_WRITER, error);
  if (writer == NULL || !dd_store_recover (writer, error) || !dd_store_sync_directory (path, error))
    return NULL;
  if (options->unsafe_sync_off && !dd_connection_execute (writer, "PRAGMA synchronous = OFF", error))
    return NULL;
  if (options->development && !mark_development (writer, error))
    return NULL;
  return g_steal_pointer (&writer);
}

gboolean
dd_store_start (DdStore *store, GError **error)
{
  const DdStoreOptions *options = &store->options;
  g_autoptr (DdConnection) writer = open_writer (store->path, options, error);

  if (writer == NULL)
    return FALSE;
  store->readers =
    dd_readers_start (store, options->readers != 0 ? options->readers : DEFAULT_READERS, error);
  if (store->readers == NULL)
    return FALSE;
  store->cache = dd_dataset_cache_new (CACHE_BYTES);
  store->writer = dd_writer_start (store, g_steal_pointer (&writer));
  return TRUE;
}

void
dd_store_stop (DdStore *store)
{
  /* A read may queue a write in its done call, so readers go first; the writer then checkpoints alone. */
  dd_readers_stop (store->readers);
  dd_writer_stop (store->writer);
  g_clear_pointer (&store->readers, dd_readers_free);
  g_clear_pointer (&store->cache, dd_dataset_cache_free);
  store->writer = NULL;
}

/* Not by hand: a restore knows that orders may have been sent since the copy was made. */
static void
advise (const char *path, GError *error)
{
  g_autofree char *text = NULL;

  if (!g_error_matches (error, DD_ERROR, DD_ERROR_STORE_DAMAGED))
    return;
  text = g_strdup_printf ("%s; move %s* aside, start the daemon (it makes an empty store), then: dealctl "
                          "restore COPY",
                          error->message, path);
  g_free (error->message);
  error->message = g_steal_pointer (&text);
}

DdStore *
dd_store_open (const char *path, const DdStoreOptions *options, GError **error)
{
  GError *local = NULL;
  DdStore *store;
  int lock;

  g_return_val_if_fail (path != NULL && options != NULL, NULL);
  if (!check_directory (path, error))
    return NULL;
  lock = take_lock (path, error);
  if (lock < 0)
    return NULL;
  store = g_new0 (DdStore, 1);
  store->path = g_strdup (path);
  store->lock = lock;
  store->options = *options;
  dd_store_remove_leftovers (path);
  if (dd_store_start (store, &local))
    return store;
  advise (path, local);
  g_propagate_error (error, local);
  close (lock);
  g_free (store->path);
  g_free (store);
  return NULL;
}

void
dd_store_close (DdStore *store)
{
  if (store == NULL)
    return;
  dd_store_stop (store);
  close (store->lock);
  g_free (store->path);
  g_free (store);
}
