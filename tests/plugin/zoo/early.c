/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Does its misdeeds while it is loaded, before anybody has asked it anything.
 */
#include "animal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char managed[64];

__attribute__ ((constructor)) static void
begin (void)
{
  int file = open ("/etc/passwd", O_RDONLY | O_CLOEXEC);
  int descriptor = socket (AF_UNIX, SOCK_STREAM, 0);
  pid_t child = fork ();

  if (child == 0)
    _exit (0);
  if (child > 0)
    waitpid (child, NULL, 0);
  if (file >= 0)
    close (file);
  if (descriptor >= 0)
    close (descriptor);
  if (file >= 0 || descriptor >= 0 || child > 0)
    snprintf (managed, sizeof managed, "before it was asked:%s%s%s", file >= 0 ? " a file" : "",
              descriptor >= 0 ? " a socket" : "", child > 0 ? " a process" : "");
}

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  return managed[0] != '\0' ? managed : NULL;
}
