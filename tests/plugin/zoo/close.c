/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Closes every descriptor that there may be.
 */
#include "animal.h"

#include <unistd.h>

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  for (int i = 0; i < 64; i++)
    close (i);
  return NULL;
}
