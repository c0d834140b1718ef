/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The service: what main() starts and stops. Main thread.
 */
#include "daemon.h"

#include "access/access.h"
#include "bus/call.h"
#include "bus/watchers.h"
#include "completion.h"
#include "handoff.h"
#include "heads.h"
#include "timers.h"

gboolean
dd_service_start (DdService *service, GError **error)
{
  service->completion = dd_completion_new ();
  service->access = dd_access_new (service);
  service->watchers = dd_watchers_new (service);
  service->timers = dd_timers_new (service);
  service->handoff = dd_handoff_new (service);
  service->heads = dd_heads_new (service);
  return dd_objects_register (service, error);
}

void
dd_service_free (DdService *service)
{
  /* The pool first: its jobs write to the store. Then the store: its callbacks push completions. */
  g_clear_pointer (&service->host, dd_host_free);
  g_clear_pointer (&service->store, dd_store_close);
  g_clear_pointer (&service->heads, dd_heads_free);
  g_clear_pointer (&service->handoff, dd_handoff_free);
  g_clear_pointer (&service->timers, dd_timers_free);
  g_clear_pointer (&service->watchers, dd_watchers_free);
  g_clear_pointer (&service->access, dd_access_free);
  g_clear_pointer (&service->completion, dd_completion_free);
  g_clear_object (&service->connection);
  g_free (service->provider);
  g_free (service);
}
