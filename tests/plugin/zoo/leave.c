/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ends its thread in the middle of a call.
 */
#include "animal.h"

#include <pthread.h>

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  pthread_exit (NULL);
}
