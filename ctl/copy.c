/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing a copy of the store to a file (see copy.h). One thread.
 */
#include "copy.h"
#include "error.h"
#include "i18n.h"
#include "progress.h"
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (1024 * 1024)

struct _CtlCopy
{
  char *path;
  char *partial;
  int descriptor; /* of partial, locked; -1: finished, or never begun */
  gboolean force;
};

static gboolean
fail_errno (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  return dd_fail (
    error, errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? DD_ERROR_STORE_FULL : DD_ERROR_UNAVAILABLE,
    "%s: %s", name, g_strerror (errno));
}

static gboolean
fail_exists (const CtlCopy *copy, GError **error)
{
  g_autofree char *name = g_filename_display_name (copy->path);

  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                  _ ("%s is there already; give another name, or --force to replace it"), name);
}

/* Ours alone: what an earlier run left there is written over, what another one writes is not. */
static gboolean
open_partial (CtlCopy *copy, GError **error)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  struct stat status;
  int descriptor = open (copy->partial, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);

  if (descriptor < 0)
    return fail_errno (copy->partial, error);
  if (fstat (descriptor, &status) != 0 || !S_ISREG (status.st_mode) || status.st_nlink != 1 ||
      status.st_uid != geteuid () || fchmod (descriptor, 0600) != 0)
    {
      close (descriptor);
      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("%s is there and isn't ours to write; remove it"),
                      copy->partial);
    }
  if (fcntl (descriptor, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES))
    {
      close (descriptor);
      return dd_fail (error, DD_ERROR_UNAVAILABLE, _ ("%s is being written by another dealctl"),
                      copy->partial);
    }
  copy->descriptor = descriptor;
  return ftruncate (descriptor, 0) == 0 || fail_errno (copy->partial, error);
}

CtlCopy *
ctl_copy_begin (const char *path, gboolean force, GError **error)
{
  g_autoptr (CtlCopy) copy = g_new0 (CtlCopy, 1);
  struct stat status;

  copy->path = g_strdup (path);
  copy->partial = g_strconcat (path, ".partial", NULL);
  copy->descriptor = -1;
  copy->force = force;
  if (!force && lstat (path, &status) == 0)
    {
      fail_exists (copy, error);
      return NULL;
    }
  return open_partial (copy, error) ? g_steal_pointer (&copy) : NULL;
}

gboolean
ctl_copy_take (CtlCopy *copy, int descriptor, guint64 bytes, GError **error)
{
  g_autoptr (CtlProgress) progress = ctl_progress_new (_ ("Writing"), "bytes");
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  guint64 done = 0;
  ssize_t n;

  while ((n = pread (descriptor, chunk, CHUNK, (off_t)done)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return dd_fail (error, DD_ERROR_FAILED, _ ("the daemon's copy can't be read: %s"),
                        g_strerror (errno));
      if (!ctl_write_all (copy->descriptor, chunk, (gsize)n))
        return fail_errno (copy->partial, error);
      done += (guint64)n;
      ctl_progress_update (progress, done, bytes);
    }
  return done == bytes ||
         dd_fail (error, DD_ERROR_FAILED, _ ("the daemon's copy has %" PRIu64 " bytes, and it said %" PRIu64),
                  done, bytes);
}

/* Not every file system knows how to refuse a name that is taken; there it is looked at, just before. */
static gboolean
give_name (const CtlCopy *copy, GError **error)
{
  struct stat status;

  if (!copy->force)
    {
      if (renameat2 (AT_FDCWD, copy->partial, AT_FDCWD, copy->path, RENAME_NOREPLACE) == 0)
        return TRUE;
      if (errno != EINVAL && errno != ENOSYS && errno != EEXIST)
        return fail_errno (copy->path, error);
      if (errno == EEXIST || lstat (copy->path, &status) == 0)
        return fail_exists (copy, error);
    }
  return rename (copy->partial, copy->path) == 0 || fail_errno (copy->path, error);
}

static gboolean
sync_directory (const CtlCopy *copy, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (copy->path);
  int descriptor = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = descriptor >= 0 && fsync (descriptor) == 0;

  if (!synced)
    fail_errno (directory, error);
  if (descriptor >= 0)
    close (descriptor);
  return synced;
}

gboolean
ctl_copy_finish (CtlCopy *copy, GError **error)
{
  if (fsync (copy->descriptor) != 0)
    return fail_errno (copy->partial, error);
  if (!give_name (copy, error))
    return FALSE;
  close (copy->descriptor);
  copy->descriptor = -1;
  return sync_directory (copy, error);
}

void
ctl_copy_free (CtlCopy *copy)
{
  if (copy == NULL)
    return;
  if (copy->descriptor >= 0)
    {
      unlink (copy->partial);
      close (copy->descriptor);
    }
  g_free (copy->path);
  g_free (copy->partial);
  g_free (copy);
}
