/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See trial.h. A line is a letter and an escaped text; D alone says that the check came to its end, E how its
 * process ended.
 */
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A line is one write below PIPE_BUF, so that lines of several threads don't mix: an escape takes up to four
 * bytes. */
#define MAX_TEXT 900

static void
say_raw (DdTrial *trial, const char *line, gsize length)
{
  while (length > 0)
    {
      gssize n = write (trial->pipe, line, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        _exit (1);
      line += n;
      length -= (gsize)n;
    }
}

static void
say (DdTrial *trial, char letter, const char *text)
{
  g_autofree char *cut = g_strndup (text, MAX_TEXT);
  g_autofree char *escaped = g_strescape (cut, NULL);
  g_autofree char *line = g_strdup_printf ("%c%s\n", letter, escaped);

  say_raw (trial, line, strlen (line));
}

#define DEFINE_SAY(name, letter)                                                                             \
  void name (DdTrial *trial, const char *format, ...)                                                        \
  {                                                                                                          \
    va_list arguments;                                                                                       \
                                                                                                             \
    va_start (arguments, format);                                                                            \
    g_autofree char *text = g_strdup_vprintf (format, arguments);                                            \
    va_end (arguments);                                                                                      \
    say (trial, letter, text);                                                                               \
  }

DEFINE_SAY (dd_trial_at, 'A')
DEFINE_SAY (dd_trial_fail, 'F')
DEFINE_SAY (dd_trial_hang, 'H')
DEFINE_SAY (dd_trial_warn, 'W')
DEFINE_SAY (dd_trial_skip, 'S')
DEFINE_SAY (dd_trial_note, 'N')

void
dd_trial_give (DdTrial *trial, const char *what, const char *answer)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, answer, -1);
  g_autofree char *begin = g_strndup (answer, MAX_TEXT / 2);
  g_autofree char *line = g_strdup_printf ("%s\t%.16s\t%s", what, digest, begin);

  say (trial, 'G', line);
}

void
dd_trial_fail_plainly (DdTrial *trial, const char *text)
{
  say_raw (trial, "F", 1);
  say_raw (trial, text, strlen (text));
  say_raw (trial, "\n", 1);
}

void
dd_trial_end (DdTrial *trial)
{
  say_raw (trial, "D\n", 2);
  _exit (0);
}

static G_NORETURN void
run_child (int pipe, DdTrialFunc func, const DdSubject *subject, gconstpointer data)
{
  DdTrial trial = { pipe };
  static const int deadly[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
  const struct rlimit no_core = { 0, 0 };

  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setrlimit (RLIMIT_CORE, &no_core);
  /* a sanitizer in this program would make an exit of a crash */
  for (guint i = 0; i < G_N_ELEMENTS (deadly); i++)
    signal (deadly[i], SIG_DFL);
  /* what a plugin prints must not mix with the report */
  dup2 (STDERR_FILENO, STDOUT_FILENO);
  func (&trial, subject, data);
  dd_trial_end (&trial);
}

/* The child's parent, between us and it: whoever kills its parent doesn't kill the report. Says how the child
 * ended. */
static G_NORETURN void
run_keeper (int pipe, DdTrialFunc func, const DdSubject *subject, gconstpointer data)
{
  DdTrial trial = { pipe };
  char line[32];
  siginfo_t info;
  int status = 0;
  pid_t child;

  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  child = fork ();
  if (child == 0)
    run_child (pipe, func, subject, data);
  setpgid (child, child);
  while (waitid (P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
    continue;
  /* what it started itself; the number is still ours, since the child wasn't taken yet */
  kill (-child, SIGKILL);
  waitpid (child, &status, 0);
  snprintf (line, sizeof line, "E%d\n", status);
  say_raw (&trial, line, strlen (line));
  _exit (0);
}

/* --- the parent --- */

typedef struct
{
  GString *text;
  char *at;
  gboolean done;  /* the check came to its end */
  gboolean ended; /* the child's process did */
  int status;     /* of it then */
  gboolean failed;
  GHashTable *given; /* (nullable) */
} Listener;

static void
take_given (Listener *listener, const char *text)
{
  const char *tab = strchr (text, '\t');

  if (listener->given != NULL && tab != NULL)
    g_hash_table_insert (listener->given, g_strndup (text, (gsize)(tab - text)), g_strdup (tab + 1));
}

static void
take_line (Listener *listener, DdResult *result, const char *line)
{
  static const char letters[DD_N_OUTCOMES] = {
    [DD_OUTCOME_PASS] = 'N', [DD_OUTCOME_WARN] = 'W', [DD_OUTCOME_SKIP] = 'S', [DD_OUTCOME_FAIL] = 'F'
  };
  g_autofree char *text = g_strcompress (line + (line[0] != '\0'));

  listener->done |= line[0] == 'D';
  listener->failed |= line[0] == 'F' || line[0] == 'H';
  if (line[0] == 'A')
    {
      g_free (listener->at);
      listener->at = g_steal_pointer (&text);
    }
  else if (line[0] == 'G')
    take_given (listener, text);
  else if (line[0] == 'E')
    {
      listener->ended = TRUE;
      listener->status = atoi (text);
    }
  else if (line[0] == 'H')
    {
      result->hung = TRUE;
      dd_result_add (result, DD_OUTCOME_FAIL, text);
    }
  else
    for (guint outcome = 0; outcome < DD_N_OUTCOMES; outcome++)
      if (letters[outcome] == line[0])
        dd_result_add (result, outcome, text);
}

static void
take_lines (Listener *listener, DdResult *result)
{
  char *line = listener->text->str;
  char *end;

  while ((end = strchr (line, '\n')) != NULL)
    {
      *end = '\0';
      take_line (listener, result, line);
      line = end + 1;
    }
  g_string_erase (listener->text, 0, line - listener->text->str);
}

/* Until the child has ended, or nobody holds the pipe any more. FALSE: the time is over. */
static gboolean
listen_to (Listener *listener, DdResult *result, int pipe, guint seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;
  char buffer[8192];

  while (!listener->ended)
    {
      gint64 left = (until - g_get_monotonic_time ()) / 1000;
      struct pollfd poll_on = { pipe, POLLIN, 0 };

      if (left <= 0)
        return FALSE;
      if (poll (&poll_on, 1, (int)MIN (left, 1000)) <= 0)
        continue;

      gssize n = read (pipe, buffer, sizeof buffer);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      for (gssize i = 0; i < n; i++)
        g_string_append_c (listener->text, buffer[i] != '\0' ? buffer[i] : '?');
      take_lines (listener, result);
    }
  return TRUE;
}

static char *
describe_end (const Listener *listener)
{
  int status = listener->status;

  if (!listener->ended)
    return g_strdup ("it killed the process that it was started by: a plugin leaves others alone");
  if (WIFSIGNALED (status))
    return g_strdup_printf ("the process crashed by signal %d, SIG%s (%s)", WTERMSIG (status),
                            sigabbrev_np (WTERMSIG (status)), sigdescr_np (WTERMSIG (status)));
  return g_strdup_printf ("it ended the process, with status %d: a plugin returns, whatever happens",
                          WEXITSTATUS (status));
}

/* After a failure that says why, an exit is that failure's. */
static void
judge_end (Listener *listener, DdResult *result)
{
  g_autofree char *end = NULL;
  g_autofree char *text = NULL;

  if (listener->done || (listener->failed && listener->ended && WIFEXITED (listener->status)))
    return;
  end = describe_end (listener);
  text = g_strdup_printf ("%s: %s", listener->at != NULL ? listener->at : "at the start", end);
  dd_result_add (result, DD_OUTCOME_FAIL, text);
}

static void
follow (Listener *listener, DdResult *result, pid_t keeper, int pipe, guint seconds)
{
  gboolean in_time = listen_to (listener, result, pipe, seconds);

  /* the child goes with its keeper */
  if (!in_time)
    kill (keeper, SIGKILL);
  while (waitpid (keeper, NULL, 0) < 0 && errno == EINTR)
    continue;
  if (in_time)
    judge_end (listener, result);
  else
    {
      g_autofree char *text = g_strdup_printf (
        "%s: it did not come to an end within %u s: a call must return, and soon once cancelled",
        listener->at != NULL ? listener->at : "at the start", seconds);

      result->hung = TRUE;
      dd_result_add (result, DD_OUTCOME_FAIL, text);
    }
}

void
dd_trial_run (DdResult *result,
              DdTrialFunc func,
              const DdSubject *subject,
              gconstpointer data,
              guint seconds,
              GHashTable **out_given)
{
  Listener listener = { .text = g_string_new (NULL) };
  int ends[2];

  if (out_given != NULL)
    listener.given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (pipe2 (ends, O_CLOEXEC) != 0)
    g_error ("no pipe: %s", g_strerror (errno));
  fflush (NULL);

  pid_t keeper = fork ();

  if (keeper < 0)
    g_error ("no process: %s", g_strerror (errno));
  if (keeper == 0)
    {
      close (ends[0]);
      run_keeper (ends[1], func, subject, data);
    }
  close (ends[1]);
  follow (&listener, result, keeper, ends[0], seconds);
  close (ends[0]);
  g_string_free (listener.text, TRUE);
  g_free (listener.at);
  if (out_given != NULL)
    *out_given = listener.given;
}
