/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Progress of long work (see progress.h).
 */
#include "bus/progress.h"

#include "background.h"

#define PAUSE_USEC (G_USEC_PER_SEC / 10)

DdProgress
dd_progress_of (const DdBusCall *call)
{
  return (DdProgress){ .call = call, .job = dd_options_number (call->options, "progress") };
}

gboolean
dd_progress_tell (gint64 done, gint64 all, gpointer data)
{
  DdProgress *progress = data;
  const DdService *service = progress->call->service;
  gint64 now = g_get_monotonic_time ();

  if (progress->job != 0 && all > 0 && now - progress->told >= PAUSE_USEC)
    {
      progress->told = now;
      g_dbus_connection_emit_signal (
        service->connection, g_dbus_method_invocation_get_sender (progress->call->invocation),
        "/org/dealdesk1", dd_bus_manager.interface, "Progress",
        g_variant_new ("(utt)", progress->job, (guint64)MAX (MIN (done, all), 0), (guint64)all), NULL);
    }
  return !dd_background_is_interrupted (service->background);
}
