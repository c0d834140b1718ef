/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The breaker (see breaker.h). Guarded by the host's lock.
 */
#include "contain/breaker.h"

gboolean
dd_breaker_is_open (const DdBreaker *breaker)
{
  return breaker->open_until != 0;
}

gboolean
dd_breaker_admit (DdBreaker *breaker, gint64 now, gboolean *out_trial)
{
  if (dd_breaker_is_open (breaker) && (breaker->trial || now < breaker->open_until))
    return FALSE;
  *out_trial = breaker->trial = dd_breaker_is_open (breaker);
  return TRUE;
}

void
dd_breaker_success (DdBreaker *breaker)
{
  *breaker = (DdBreaker){ 0 };
}

void
dd_breaker_untried (DdBreaker *breaker)
{
  breaker->trial = FALSE;
}

void
dd_breaker_hang (DdBreaker *breaker, gint64 now)
{
  breaker->faults = MAX (breaker->faults + 1, DD_BREAKER_FAULTS);
  breaker->open_until = now + DD_BREAKER_OPEN_USEC;
  breaker->trial = FALSE;
}

void
dd_breaker_fault (DdBreaker *breaker, gint64 now)
{
  breaker->faults++;
  if (breaker->faults >= DD_BREAKER_FAULTS)
    dd_breaker_hang (breaker, now);
}
