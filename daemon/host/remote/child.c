/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Child processes (see child.h). The waiting thread tells what the child writes, until it has closed its
 * output, at its end at the latest; one that writes too much is ended. It sees the end before it reaps it,
 * under the lock: so the pid is never another's while somebody may still send it a signal.
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
  DdVoice *voice; /* (nullable) */
  int output;     /* what it writes, or -1; the waiting thread's */
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
  g_clear_pointer (&child->voice, dd_voice_unref);
  g_free (child);
}

static gpointer
await_end (gpointer data)
{
  DdChild *child = data;
  siginfo_t info;

  if (child->output >= 0 && !dd_voice_tell (child->voice, child->output))
    dd_child_kill (child);
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

/* Everything that isn't for the child is closed, whoever forgot to mark it. @output: -1: nowhere. */
static int
spawn (const char *path, int socket, int output, pid_t *out_pid)
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

  /* Its output first: it may be where the socket comes. */
  if (output >= 0)
    posix_spawn_file_actions_adddup2 (&actions, output, STDOUT_FILENO);
  else
    posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, socket, DD_CHILD_SOCKET);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
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

static DdChild *
make_child (pid_t pid, DdVoice *voice, int output)
{
  DdChild *child = g_new0 (DdChild, 1);

  child->ref_count = 1;
  child->pid = pid;
  child->voice = voice != NULL ? dd_voice_ref (voice) : NULL;
  child->output = output;
  g_mutex_init (&child->lock);
  g_cond_init (&child->changed);
  return child;
}

/* Without a thread that waits for it, it is ended here and now. */
static gboolean
watch (DdChild *child, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GThread *thread = g_thread_try_new ("runner", await_end, child_ref (child), &cause);

  if (thread != NULL)
    {
      g_thread_unref (thread);
      return TRUE;
    }
  dd_child_kill (child);
  if (child->output >= 0)
    close (child->output);
  child->output = -1;
  await_end (child);
  return dd_fail (error, DD_ERROR_UNAVAILABLE,
                  "a plugin's process was ended, as no thread can wait for it: %s", cause->message);
}

DdChild *
dd_child_spawn (const char *path, int socket, DdVoice *voice, GError **error)
{
  int pipe_ends[2] = { -1, -1 };
  DdChild *child;
  pid_t pid;
  int result;

  if (voice != NULL && pipe2 (pipe_ends, O_CLOEXEC) != 0)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE, "no pipe can be made: %s", g_strerror (errno));
      return NULL;
    }
  result = spawn (path, socket, pipe_ends[1], &pid);
  if (pipe_ends[1] >= 0)
    close (pipe_ends[1]);
  if (result != 0)
    {
      if (pipe_ends[0] >= 0)
        close (pipe_ends[0]);
      dd_fail (error, DD_ERROR_UNAVAILABLE, "%s can't be run: %s", path, g_strerror (result));
      return NULL;
    }
  child = make_child (pid, voice, pipe_ends[0]);
  if (!watch (child, error))
    g_clear_pointer (&child, dd_child_unref);
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
