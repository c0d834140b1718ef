/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Forgets 4 MiB and a descriptor in each call.
 */
#include "animal.h"

#include <fcntl.h>
#include <stdlib.h>

#define PIECE ((size_t)4 * 1024 * 1024)

static const char *
misdeed (const AnimalCall *animal)
{
  volatile char *piece = malloc (PIECE);
  volatile int descriptor = open ("/dev/null", O_RDONLY);

  (void)animal;
  (void)descriptor;
  for (size_t i = 0; piece != NULL && i < PIECE; i += 16384)
    piece[i] = 1;
  return NULL;
}
