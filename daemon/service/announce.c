/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Announcing an append (see announce.h). Main thread.
 */
#include "announce.h"

#include "bus/watchers.h"
#include "handoff.h"
#include "timers.h"

void
dd_announce (const DdService *service, const DdRequest *request)
{
  if (request->result_events == NULL)
    return;
  dd_watchers_emit (service->watchers, request);
  if (request->orders_changed)
    dd_handoff_wake (service->handoff);
  if (request->next_timer != 0)
    dd_timers_wake (service->timers, request->next_timer);
}
