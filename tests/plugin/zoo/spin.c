/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Never returns, and uses the processor for it.
 */
#include "animal.h"

static volatile uint64_t spun;

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  while (spun != UINT64_MAX)
    spun++;
  return NULL;
}
