/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writes where nothing is.
 */
#include "animal.h"

static volatile uintptr_t nowhere = 64;

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  *(volatile int *)nowhere = 1;
  return "wrote where nothing is";
}
