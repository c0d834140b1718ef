/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Takes 1 GiB of memory, uses it when it got it all, and gives it back.
 */
#include "animal.h"

#include <stdlib.h>

#define PIECE ((size_t)64 * 1024 * 1024)
#define MOST  16

static const char *
misdeed (const AnimalCall *animal)
{
  char *pieces[MOST];
  int n = 0;

  (void)animal;
  while (n < MOST && (pieces[n] = malloc (PIECE)) != NULL)
    n++;
  for (int i = 0; n == MOST && i < n; i++)
    for (size_t k = 0; k < PIECE; k += 16384)
      ((volatile char *)pieces[i])[k] = 1;
  for (int i = 0; i < n; i++)
    free (pieces[i]);
  return n == MOST ? "took 1 GiB" : NULL;
}
