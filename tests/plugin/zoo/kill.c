/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kills its parent.
 */
#include "animal.h"

#include <signal.h>
#include <unistd.h>

static const char *
misdeed (const AnimalCall *animal)
{
  (void)animal;
  return kill (getppid (), SIGKILL) == 0 ? "killed its parent" : NULL;
}
