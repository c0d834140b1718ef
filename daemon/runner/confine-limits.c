/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The runner's resource limits: backstops against a plugin that takes without end. The runner's one thread.
 */
#include "confine-private.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "error.h"

#define MIB ((rlim_t)1024 * 1024)

/* Of a file in a directory that the administrator gave: a journal may grow for years. */
#define MAX_FILE (16 * 1024 * MIB)

typedef struct
{
  int resource;
  const char *name;
  rlim_t most;
} Limit;

/* Soft and hard alike; never more than it is already. */
static gboolean
lower (const Limit *limit, GError **error)
{
  struct rlimit now;

  if (getrlimit (limit->resource, &now) != 0)
    return dd_fail (error, DD_ERROR_FAILED, "limit %s can't be read: %s", limit->name, g_strerror (errno));
  now.rlim_max = MIN (now.rlim_max, limit->most);
  now.rlim_cur = MIN (now.rlim_cur, limit->most);
  if (setrlimit (limit->resource, &now) != 0)
    return dd_fail (error, DD_ERROR_FAILED, "limit %s can't be set: %s", limit->name, g_strerror (errno));
  return TRUE;
}

gboolean
dd_confine_limits (const DdConfinement *confinement, GError **error)
{
  gboolean writes = confinement->writable != NULL && confinement->writable[0] != NULL;
  const Limit limits[] = {
#ifndef DD_CONFINE_ADDRESS_SANITIZER
    { RLIMIT_AS, "AS", 512 * MIB },
#endif
    { RLIMIT_NOFILE, "NOFILE", 64 },  { RLIMIT_FSIZE, "FSIZE", writes ? MAX_FILE : 0 },
    { RLIMIT_CORE, "CORE", 0 },       { RLIMIT_NPROC, "NPROC", dd_confine_tasks (confinement) },
    { RLIMIT_MEMLOCK, "MEMLOCK", 0 }, { RLIMIT_CPU, "CPU", DD_CONFINE_CPU_SECONDS },
  };

  /* Writing beyond it is then an error that the plugin can tell, instead of its end. */
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (!lower (&limits[i], error))
      return FALSE;
  return TRUE;
}
