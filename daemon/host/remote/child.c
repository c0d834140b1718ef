/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Child processes (see child.h). The waiting thread sees the end before it reaps it, under the lock: so the
 * pid is never another's while somebody may still send it a signal.
 */
#include "remote/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"

struct _DdChild
{
  gint ref_count; /* atomic */
  pid_t pid;
  GMutex lock;
  GCond changed;
  gboolean ended; /* and reaped: the pid may be another's */
  int status;     /* as waitpid() gives it */
};

static DdChild *
child_ref (DdChild *child)
{
  g_atomic_int_inc (&child->ref_count);
  return child;
}

void
dd_child_unref (DdChild *child)
{
  if (!g_atomic_int_dec_and_test (&child->ref_count))
    return;
  g_mutex_clear (&child->lock);
  g_cond_clear (&child->changed);
  g_free (child);
}

static gpointer
await_end (gpointer data)
{
  DdChild *child = data;
  siginfo_t info;

  while (waitid (P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
    ;
  g_mutex_lock (&child->lock);
  waitpid (child->pid, &child->status, 0);
  child->ended = TRUE;
  g_cond_broadcast (&child->changed);
  g_mutex_unlock (&child->lock);
  dd_child_unref (child);
  return NULL;
}

/* What a plugin may know of us: the language, the time zone, and what a sanitizer should do. */
static char **
make_environment (void)
{
  static const char *const names[] = { "LANG", "LC_ALL",       "LC_CTYPE",      "LC_MESSAGES",
                                       "TZ",   "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS" };
  GStrvBuilder *builder = g_strv_builder_new ();
  char **environment;

  g_strv_builder_add (builder, "PATH=/usr/bin:/bin");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = g_getenv (names[i]);
      g_autofree char *entry = g_strconcat (names[i], "=", value, NULL);

      if (value != NULL)
        g_strv_builder_add (builder, entry);
    }
  environment = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return environment;
}

/* Everything that isn't for the child is closed, whoever forgot to mark it. */
static int
spawn (const char *path, int socket, pid_t *out_pid)
{
  g_auto (GStrv) environment = make_environment ();
  char *arguments[] = { (char *)path, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  sigset_t all;

  sigemptyset (&none);
  sigfillset (&all);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, socket, DD_CHILD_SOCKET);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np (&actions, DD_CHILD_SOCKET + 1);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setflags (&attributes,
                            POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setsigdefault (&attributes, &all);

  int result = posix_spawn (out_pid, path, &actions, &attributes, arguments, environment);

  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return result;
}

DdChild *
dd_child_spawn (const char *path, int socket, GError **error)
{
  pid_t pid;
  int result = spawn (path, socket, &pid);

  if (result != 0)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE, "%s can't be run: %s", path, g_strerror (result));
      return NULL;
    }

  DdChild *child = g_new0 (DdChild, 1);

  child->ref_count = 1;
  child->pid = pid;
  g_mutex_init (&child->lock);
  g_cond_init (&child->changed);
  g_thread_unref (g_thread_new ("runner", await_end, child_ref (child)));
  return child;
}

pid_t
dd_child_pid (const DdChild *child)
{
  return child->pid;
}

void
dd_child_kill (DdChild *child)
{
  g_mutex_lock (&child->lock);
  if (!child->ended)
    kill (child->pid, SIGKILL);
  g_mutex_unlock (&child->lock);
}

gboolean
dd_child_wait (DdChild *child, gint64 until)
{
  gboolean ended;

  g_mutex_lock (&child->lock);
  while (!child->ended && g_get_monotonic_time () < until)
    g_cond_wait_until (&child->changed, &child->lock, MIN (until, g_get_monotonic_time () + G_USEC_PER_SEC));
  ended = child->ended;
  g_mutex_unlock (&child->lock);
  return ended;
}

char *
dd_child_describe_end (DdChild *child)
{
  int status = child->status;

  if (WIFSIGNALED (status))
    {
      const char *text = sigdescr_np (WTERMSIG (status));

      return g_strdup_printf ("ended by signal %d (%s)", WTERMSIG (status), text != NULL ? text : "unknown");
    }
  return g_strdup_printf ("ended with status %d", WEXITSTATUS (status));
}

gboolean
dd_child_ended_well (DdChild *child)
{
  return WIFEXITED (child->status) && WEXITSTATUS (child->status) == 0;
}
