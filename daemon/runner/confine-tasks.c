/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How many threads the runner may have. Processes aren't made at all (confine-calls.c).
 *
 * The kernel counts all of the user's, and a runner that the daemon starts is of its user and in its unit,
 * whose TasksMax= is 512: plugins must never take the last thread from the daemon. So the limit is what
 * others of the user have now, and DD_CONFINE_TASKS; all that our parent has started are runners, and don't
 * count as others. However many there are, they come to DD_CONFINE_TASKS together. The kernel doesn't hold
 * root to it. The runner's one thread.
 */
#include "confine-private.h"

#include <string.h>
#include <unistd.h>

static gint64
field (const char *status, const char *name)
{
  const char *line = strstr (status, name);

  return line != NULL ? g_ascii_strtoll (line + strlen (name), NULL, 10) : 0;
}

/* Threads of the process @pid, unless it is another's, or @parent's. */
static guint64
count (const char *pid, gint64 parent)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/status", pid);
  g_autofree char *status = NULL;

  if (!g_file_get_contents (path, &status, NULL, NULL) || field (status, "\nUid:") != getuid () ||
      field (status, "\nPPid:") == parent)
    return 0;
  return (guint64)field (status, "\nThreads:");
}

guint64
dd_confine_tasks (const DdConfinement *confinement)
{
  /* A unit has limits of its own, and systemd starts more than runners. */
  gint64 parent = confinement->in_unit ? -1 : getppid ();
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  guint64 others = 0;
  const char *name;

  /* Where it can't be told, there are none. */
  while (processes != NULL && (name = g_dir_read_name (processes)) != NULL)
    if (g_ascii_isdigit (name[0]))
      others += count (name, parent);
  return others + DD_CONFINE_TASKS;
}
