/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls itself until the stack is over.
 */
#include "animal.h"

static volatile int more = 1;

/* Each level is used after the next, so none can be left out. */
static int
descend (int level)
{
  volatile char room[4096];

  room[0] = (char)level;
  return more ? descend (level + 1) + room[0] : 0;
}

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  return descend (0) != 0 ? "reached the end" : NULL;
}
