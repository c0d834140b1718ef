/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ends the process, orderly, as if it were its own.
 */
#include "animal.h"

#include <stdlib.h>

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  exit (0);
}
