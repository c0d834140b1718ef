/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Which file the module is (see serve.h): its digest, read before it is mapped, and whether what is mapped is
 * what was read. The runner's one thread.
 */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

static gboolean
hash (int file, DdWireDigest *digest)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 bytes[64 * 1024];
  gsize length = sizeof digest->bytes;
  ssize_t n;

  while ((n = read (file, bytes, sizeof bytes)) > 0)
    g_checksum_update (checksum, bytes, n);
  g_checksum_get_digest (checksum, digest->bytes, &length);
  return n == 0;
}

static gboolean
fail_to_read (const char *path, GError **error)
{
  return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s: %s", path, g_strerror (errno));
}

gboolean
dd_runner_read_module (DdRunner *runner, const DdWireDigest *wanted, GError **error)
{
  static const DdWireDigest any;
  const char *path = runner->plugin->manifest->module_path;
  int file = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  gboolean done;

  if (file < 0)
    return fail_to_read (path, error);
  if (fstat (file, &runner->module_file) != 0)
    done = fail_to_read (path, error);
  else if (!S_ISREG (runner->module_file.st_mode))
    done = dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s is not a regular file", path);
  else
    done = hash (file, &runner->module) || fail_to_read (path, error);
  close (file);
  if (!done)
    return FALSE;
  return memcmp (wanted, &any, sizeof any) == 0 || memcmp (wanted, &runner->module, sizeof any) == 0 ||
         dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                  "%s has changed since the plugin was opened: disable and enable it", path);
}

static gboolean
is_same_time (const struct timespec *a, const struct timespec *b)
{
  return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

gboolean
dd_runner_check_module (const DdRunner *runner, GError **error)
{
  const char *path = runner->plugin->manifest->module_path;
  const struct stat *read = &runner->module_file;
  struct stat now;

  if (stat (path, &now) != 0)
    return fail_to_read (path, error);
  return (now.st_dev == read->st_dev && now.st_ino == read->st_ino && now.st_size == read->st_size &&
          is_same_time (&now.st_mtim, &read->st_mtim) && is_same_time (&now.st_ctim, &read->st_ctim)) ||
         dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s changes while it is loaded: enable the plugin again",
                  path);
}
