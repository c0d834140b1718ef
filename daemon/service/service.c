/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The service: what main() starts and stops. Main thread.
 */
#include "daemon.h"

#include "access/access.h"
#include "background.h"
#include "bus/call.h"
#include "bus/watchers.h"
#include "completion.h"
#include "contents.h"
#include "door.h"
#include "handoff.h"
#include "heads.h"
#include "pins.h"
#include "sheets.h"
#include "timers.h"

gboolean
dd_service_start (DdService *service, GError **error)
{
  service->completion = dd_completion_new ();
  service->background = dd_background_new ("background");
  service->switching = dd_background_new ("switching");
  service->pin_cache = dd_pin_cache_new ();
  service->door = dd_door_new ();
  service->access = dd_access_new (service);
  service->watchers = dd_watchers_new (service);
  service->timers = dd_timers_new (service);
  service->handoff = dd_handoff_new (service);
  service->heads = dd_heads_new (service);
  return dd_objects_register (service, error);
}

void
dd_service_stop (DdService *service)
{
  service->stopping = TRUE;
  dd_background_interrupt (service->background, TRUE);
}

gboolean
dd_service_is_idle (const DdService *service)
{
  return dd_access_in_flight (service->access) == 0 && !dd_handoff_is_busy (service->handoff) &&
         !dd_background_is_busy (service->background) && !dd_background_is_busy (service->switching);
}

gboolean
dd_service_is_quiet (const DdService *service)
{
  return dd_door_inside (service->door) <= 1 && !dd_handoff_is_busy (service->handoff) &&
         !dd_timers_are_busy (service->timers) && !dd_heads_are_busy (service->heads) &&
         !dd_background_is_busy (service->background) && !dd_background_is_busy (service->switching);
}

void
dd_service_forget (const DdService *service)
{
  dd_pin_cache_forget (service->pin_cache);
  dd_contents_forget ();
  dd_sheets_forget ();
  dd_heads_forget (service->heads);
  dd_watchers_end_all (service->watchers);
}

void
dd_service_wake (const DdService *service)
{
  dd_handoff_wake (service->handoff);
  dd_timers_look_again (service->timers);
}

void
dd_service_free (DdService *service)
{
  /* The pool first, since its jobs write to the store; then the store, whose callbacks push completions. Both
   * still need what they were given: pointers are cleared only when nothing runs any more. */
  if (service->host != NULL)
    dd_host_stop (service->host);
  if (service->store != NULL)
    dd_store_close (service->store);
  g_clear_pointer (&service->background, dd_background_free);
  g_clear_pointer (&service->switching, dd_background_free);
  g_clear_pointer (&service->heads, dd_heads_free);
  g_clear_pointer (&service->handoff, dd_handoff_free);
  g_clear_pointer (&service->timers, dd_timers_free);
  g_clear_pointer (&service->watchers, dd_watchers_free);
  g_clear_pointer (&service->access, dd_access_free);
  g_clear_pointer (&service->completion, dd_completion_free);
  g_clear_pointer (&service->pin_cache, dd_pin_cache_free);
  g_clear_pointer (&service->door, dd_door_free);
  g_clear_pointer (&service->host, dd_host_free);
  g_clear_object (&service->connection);
  g_free (service->provider);
  g_free (service);
}
