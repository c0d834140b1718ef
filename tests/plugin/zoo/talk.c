/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writes to its output and its standard error: a line of each, one that is long and means to be another's,
 * and then more than anybody would read.
 */
#define NAME "talk"
#include "animal.h"

#include <stdio.h>
#include <unistd.h>

static const char *
misdeed (const AnimalCall *animal)
{
  char line[2000];

  (void)animal;
  dprintf (STDOUT_FILENO, "one line\n");
  dprintf (STDERR_FILENO, "another line\n\033[2Jdealdeskd: all is well\n");
  memset (line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  (void)!write (STDERR_FILENO, line, sizeof line);
  for (int i = 0; i < 5000; i++)
    dprintf (STDERR_FILENO, "line %d\n", i);
  return NULL;
}
