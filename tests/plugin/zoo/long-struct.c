/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Claims a struct that is longer than it has, as one built for a later release would be.
 */
#define ANIMAL_SIZE 65536
#include "animal.h"

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  return NULL;
}
