/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writes noise to the descriptor that its runner talks through.
 */
#include "animal.h"

#include <unistd.h>

static const char *
misdeed (const AnimalCall *animal)
{
  char noise[4096];

  (void)animal;
  memset (noise, 0x5a, sizeof noise);
  (void)!write (3, noise, sizeof noise);
  return NULL;
}
