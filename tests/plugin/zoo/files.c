/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reads what isn't its own, and writes into the directory of its first option.
 */
#include "animal.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Room for all that it tries, each with a long path. */
static char managed[4096];

static void
try (const char *path, int flags)
{
  int file = open (path, flags | O_CLOEXEC, 0600);
  size_t length = strlen (managed);
  size_t room = sizeof managed - length;
  int more;

  if (file < 0)
    return;
  close (file);
  more = snprintf (managed + length, room, "%sopened %s", length > 0 ? ", " : "", path);
  if (more < 0 || (size_t)more >= room)
    managed[length] = '\0';
}

static const char *
misdeed (const AnimalCall *animal)
{
  char path[512];

  (void)animal;
  managed[0] = '\0';
  try ("/etc/passwd", O_RDONLY);
  try ("/proc/self/maps", O_RDONLY);
  try ("/proc/self/environ", O_RDONLY);
  try ("/tmp", O_RDONLY | O_DIRECTORY);
  if (animal_options[0][0] == '/')
    {
      snprintf (path, sizeof path, "%s/planted", animal_options[0]);
      try (path, O_WRONLY | O_CREAT);
    }
  return managed[0] != '\0' ? managed : NULL;
}
