/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Connects to the port of its first option on loopback, and to the socket whose path is the second.
 */
#include "animal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
reach (int family, const void *address, socklen_t length)
{
  int descriptor = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int reached = descriptor >= 0 && connect (descriptor, address, length) == 0;

  if (descriptor >= 0)
    close (descriptor);
  return reached;
}

static const char *
misdeed (const AnimalCall *animal)
{
  struct sockaddr_in tcp = { .sin_family = AF_INET,
                             .sin_port = htons ((uint16_t)atoi (animal_options[0])),
                             .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_un local = { .sun_family = AF_UNIX };
  static char managed[64];
  int by_tcp, by_path;

  (void)animal;
  snprintf (local.sun_path, sizeof local.sun_path, "%s", animal_options[1]);
  by_tcp = reach (AF_INET, &tcp, sizeof tcp);
  by_path = reach (AF_UNIX, &local, sizeof local);
  snprintf (managed, sizeof managed, "connected:%s%s", by_tcp ? " TCP" : "", by_path ? " socket" : "");
  return by_tcp || by_path ? managed : NULL;
}
