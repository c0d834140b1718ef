/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The check under valgrind: this program once more, with a few calls of each kind, watched for memory that is
 * used wrongly or lost. A child's main thread.
 */
#include "checks/checks.h"
#include "checks/valgrind.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_TOLD 10

/* Runs a program in silence, to its end. Returns 0 or why it can't be run, an errno. */
static int
run_silently (char **arguments)
{
  posix_spawn_file_actions_t actions;
  pid_t child = 0;
  int failure;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, STDOUT_FILENO, STDERR_FILENO);
  failure = posix_spawn (&child, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy (&actions);
  if (failure == 0)
    while (waitpid (child, NULL, 0) < 0 && errno == EINTR)
      continue;
  return failure;
}

/* The same run once more, but for what is said here; later options win. */
static gboolean
run_valgrind (DdTrial *trial, const DdSubject *subject, const char *valgrind, const char *xml_path)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *xml = g_strconcat ("--xml-file=", xml_path, NULL);
  const char *const before[] = { valgrind,
                                 "--quiet",
                                 "--xml=yes",
                                 xml,
                                 "--leak-check=full",
                                 "--show-leak-kinds=definite,indirect",
                                 "--num-callers=30",
                                 self };
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  int failure;

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    g_ptr_array_add (arguments, (gpointer)before[i]);
  for (guint i = 0; subject->arguments[i] != NULL; i++)
    g_ptr_array_add (arguments, subject->arguments[i]);
  g_ptr_array_add (arguments, (gpointer) "--call-few");
  /* everything takes some thirty times as long there */
  g_ptr_array_add (arguments, (gpointer) "--deadline=120");
  g_ptr_array_add (arguments, NULL);
  failure = run_silently ((char **)arguments->pdata);
  if (failure != 0)
    dd_trial_skip (trial, "valgrind can't be run: %s", g_strerror (failure));
  return failure == 0;
}

void
dd_check_valgrind (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autofree char *valgrind = g_find_program_in_path ("valgrind");
  g_autofree char *xml_path = g_build_filename (subject->scratch, "valgrind.xml", NULL);
  g_autofree char *xml = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *file_name = g_path_get_basename (subject->module_path);
  gsize length;

  if (dd_usage_is_sanitized ())
    {
      dd_trial_skip (trial, "this program is built with AddressSanitizer, which valgrind can't run");
      return;
    }
  if (valgrind == NULL)
    {
      dd_trial_skip (trial, "valgrind isn't installed");
      return;
    }
  dd_trial_at (trial, "running it under valgrind");
  if (!run_valgrind (trial, subject, valgrind, xml_path))
    return;
  if (!g_file_get_contents (xml_path, &xml, &length, &error) ||
      (findings = dd_valgrind_read (xml, length, file_name, &error)) == NULL)
    {
      dd_trial_skip (trial, "valgrind's report can't be read: %s", error->message);
      return;
    }
  for (guint i = 0; i < MIN (findings->len, MAX_TOLD); i++)
    dd_trial_fail (trial, "%s", (const char *)findings->pdata[i]);
  if (findings->len > MAX_TOLD)
    dd_trial_fail (trial, "and %u more", findings->len - MAX_TOLD);
}
