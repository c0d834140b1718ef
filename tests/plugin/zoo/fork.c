/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Makes processes, 64 at most, that end at once, and a program.
 */
#include "animal.h"

#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 64

static const char *
misdeed (const AnimalCall *animal)
{
  static char managed[64];
  char *const arguments[] = { (char *)"/bin/true", NULL };
  pid_t children[MOST], program;
  int n = 0, programs;

  (void)animal;
  for (int i = 0; i < MOST; i++)
    {
      pid_t child = fork ();

      if (child == 0)
        _exit (0);
      if (child > 0)
        children[n++] = child;
    }
  programs = posix_spawn (&program, "/bin/true", NULL, NULL, arguments, NULL) == 0;
  for (int i = 0; i < n; i++)
    waitpid (children[i], NULL, 0);
  if (programs)
    waitpid (program, NULL, 0);
  snprintf (managed, sizeof managed, "made %d processes and %d programs", n, programs);
  return n + programs > 0 ? managed : NULL;
}
