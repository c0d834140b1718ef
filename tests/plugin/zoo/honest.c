/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Does no wrong.
 */
#include "animal.h"

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  return NULL;
}
