/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing a copy of the store to a file (see copy.h). One thread.
 */
#include "copy.h"
#include "error.h"
#include "i18n.h"
#include "progress.h"
#include "rename.h"
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
    error, errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? DD_ERROR_STORE_FULL : DD_ERROR_FAILED,
    "%s: %s", name, g_strerror (errno));
}

/* A directory stays, even when what is there may be replaced. */
static gboolean
check_is_file (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  struct stat status;

  if (stat (path, &status) != 0 || !S_ISDIR (status.st_mode))
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("%s is a directory; name a file in it"), name);
}

static gboolean
fail_exists (const CtlCopy *copy, GError **error)
{
  g_autofree char *name = g_filename_display_name (copy->path);

  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                  _ ("%s is there already; give another name, or --force to replace it"), name);
}

/* A regular file, of which no other name is known, and ours. */
static gboolean
check_partial (const CtlCopy *copy, int descriptor, GError **error)
{
  struct stat status;

  if (fstat (descriptor, &status) == 0 && S_ISREG (status.st_mode) && status.st_nlink <= 1 &&
      status.st_uid == geteuid () && fchmod (descriptor, 0600) == 0)
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("%s is there and isn't ours to write; remove it"),
                  copy->partial);
}

/* Whether @descriptor is what the name stands for: between its opening and its lock another dealctl may have
 * finished it, and then it is a copy under its own name, or taken it away. */
static gboolean
is_named (const CtlCopy *copy, int descriptor)
{
  struct stat named;
  struct stat opened;

  return lstat (copy->partial, &named) == 0 && fstat (descriptor, &opened) == 0 &&
         named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* -1: FALSE of the others. @out_retry: it isn't what the name stands for any more. */
static int
try_partial (const CtlCopy *copy, gboolean *out_retry, GError **error)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  struct stat status;
  int descriptor = open (copy->partial, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);

  if (descriptor < 0)
    {
      int number = errno;
      gboolean in_the_way = lstat (copy->partial, &status) == 0;

      errno = number;
      fail_errno (in_the_way ? copy->partial : copy->path, error);
      return -1;
    }
  if (check_partial (copy, descriptor, error))
    {
      if (fcntl (descriptor, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES))
        dd_fail (error, DD_ERROR_UNAVAILABLE, _ ("%s is being written by another dealctl"), copy->partial);
      else if (is_named (copy, descriptor))
        return descriptor;
      else
        *out_retry = TRUE;
    }
  close (descriptor);
  return -1;
}

/* Ours alone: what an earlier run left there is written over, what another one writes, or has finished, is
 * not. */
static gboolean
open_partial (CtlCopy *copy, GError **error)
{
  gboolean retry;

  do
    {
      retry = FALSE;
      copy->descriptor = try_partial (copy, &retry, error);
    }
  while (retry);
  if (copy->descriptor < 0)
    return FALSE;
  return ftruncate (copy->descriptor, 0) == 0 || fail_errno (copy->partial, error);
}

static gboolean
check_free (const CtlCopy *copy, GError **error)
{
  struct stat status;

  return copy->force || lstat (copy->path, &status) != 0 || fail_exists (copy, error);
}

CtlCopy *
ctl_copy_begin (const char *path, gboolean force, GError **error)
{
  g_autoptr (CtlCopy) copy = g_new0 (CtlCopy, 1);

  if (!check_is_file (path, error))
    return NULL;
  copy->path = g_strdup (path);
  copy->partial = g_strconcat (path, ".partial", NULL);
  copy->descriptor = -1;
  copy->force = force;
  /* Again when it is locked: another dealctl may just have finished one. */
  if (!check_free (copy, error) || !open_partial (copy, error) || !check_free (copy, error))
    return NULL;
  return g_steal_pointer (&copy);
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

static gboolean
give_name (const CtlCopy *copy, GError **error)
{
  if (copy->force)
    return rename (copy->partial, copy->path) == 0 || fail_errno (copy->path, error);
  if (ctl_rename_new (copy->partial, copy->path))
    return TRUE;
  return errno == EEXIST ? fail_exists (copy, error) : fail_errno (copy->path, error);
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
