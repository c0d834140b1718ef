/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Who could have written a plugin: code and its description are trusted only when nobody else could.
 *
 * Since the directory must be safe too, nobody else can swap the file after the check. Any thread.
 */
#include "manifest.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
check_one (const char *path, gboolean directory, GError **error)
{
  struct stat status;

  if (stat (path, &status) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s: %s", path, g_strerror (errno));
  if (directory ? !S_ISDIR (status.st_mode) : !S_ISREG (status.st_mode))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s is not a %s", path,
                    directory ? "directory" : "regular file");
  if (status.st_uid != 0 && status.st_uid != geteuid ())
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "%s belongs to user %u: it must belong to root or to user %u, who runs the daemon", path,
                    (guint)status.st_uid, (guint)geteuid ());
  if (status.st_mode & (S_IWGRP | S_IWOTH))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "%s can be written by others (mode %04o): take that right away (chmod go-w)", path,
                    (guint)(status.st_mode & 07777));
  return TRUE;
}

gboolean
dd_rights_check (const char *path, GError **error)
{
  g_autofree char *place = g_path_get_dirname (path);

  if (!check_one (place, TRUE, error) || !check_one (path, FALSE, error))
    return FALSE;

  char *real = realpath (path, NULL);

  if (real == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s: %s", path, g_strerror (errno));

  /* A link's target lies elsewhere, where its own directory decides who can replace it. */
  g_autofree char *real_place = g_path_get_dirname (real);

  free (real);
  return check_one (real_place, TRUE, error);
}
