/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Renaming without replacing (see rename.h). Any thread.
 */
#include "rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

gboolean
ctl_rename_new (const char *from, const char *to)
{
  struct stat status;

  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  /* Not every file system knows how to refuse a name that is taken; there it is looked at, just before. */
  if (lstat (to, &status) == 0)
    {
      errno = EEXIST;
      return FALSE;
    }
  return errno == ENOENT && rename (from, to) == 0;
}
