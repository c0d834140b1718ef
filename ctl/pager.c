/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The pager (see pager.h). One thread.
 */
#include "pager.h"
#include "i18n.h"
#include "terminal.h"
#include "write.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define USUAL "less"

const char *
ctl_pager_command (const char *own, const char *common)
{
  const char *command = own != NULL ? own : common != NULL ? common : USUAL;

  return *command == '\0' || strcmp (command, "cat") == 0 ? NULL : command;
}

/* Where nobody chose a pager, one that isn't there is nothing to complain about. */
static gboolean
has_usual (void)
{
  g_autofree char *path = g_find_program_in_path (USUAL);

  return path != NULL;
}

/* In the child: dealctl ignores SIGPIPE, a pager's own children needn't. */
static void
restore_signals (gpointer data)
{
  signal (SIGPIPE, SIG_DFL);
  signal (SIGINT, SIG_DFL);
}

static gboolean
start_pager (const char *command, GPid *out_pid, int *out_input)
{
  const char *arguments[] = { "/bin/sh", "-c", command, NULL };
  g_auto (GStrv) environment = g_get_environ ();

  environment = g_environ_setenv (environment, "LESS", "FRX", FALSE);
  environment = g_environ_setenv (environment, "LV", "-c", FALSE);
  return g_spawn_async_with_pipes (NULL, (char **)arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD,
                                   restore_signals, NULL, out_pid, out_input, NULL, NULL, NULL);
}

/* What sh says of a program that it can't run, and when there is none. */
#define NOT_RUN   126
#define NOT_FOUND 127

static gboolean
complain (const char *command)
{
  g_autofree char *line =
    g_strdup_printf (_ ("the pager “%s” can't be run, so all is shown at once"), command);

  ctl_terminal_complain (line);
  return FALSE;
}

gboolean
ctl_pager_show (const char *text)
{
  const char *command = ctl_pager_command (g_getenv ("DEALCTL_PAGER"), g_getenv ("PAGER"));
  struct sigaction ignore = { .sa_handler = SIG_IGN };
  struct sigaction before;
  int status = 0;
  int input;
  GPid pid;

  if (command == NULL || (strcmp (command, USUAL) == 0 && !has_usual ()))
    return FALSE;
  /* An interrupt is the pager's: it stops searching, say, and doesn't end. */
  sigaction (SIGINT, &ignore, &before);
  if (!start_pager (command, &pid, &input))
    {
      sigaction (SIGINT, &before, NULL);
      return complain (command);
    }
  /* Ends early when the reader does, which is no failure. */
  ctl_write_all (input, text, strlen (text));
  close (input);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    continue;
  g_spawn_close_pid (pid);
  sigaction (SIGINT, &before, NULL);
  if (WIFEXITED (status) && (WEXITSTATUS (status) == NOT_RUN || WEXITSTATUS (status) == NOT_FOUND))
    return complain (command);
  return TRUE;
}
