/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The alarm (see alarm.h). Main thread.
 */
#include "alarm.h"

#include "service.h"

#define LONGEST_SLEEP_US G_TIME_SPAN_MINUTE

static gboolean
on_time (gpointer data)
{
  DdAlarm *alarm = data;

  alarm->source = 0;
  alarm->ring (alarm->data);
  return G_SOURCE_REMOVE;
}

void
dd_alarm_set (DdAlarm *alarm, gint64 time)
{
  gint64 now = dd_service_now ();
  gint64 latest = now + LONGEST_SLEEP_US;
  gint64 moment = time == 0 || time > latest ? latest : time;

  if (alarm->source != 0 && alarm->moment <= moment)
    return;
  dd_alarm_clear (alarm);
  alarm->moment = moment;
  alarm->source = g_timeout_add ((guint)(MAX (moment - now, 0) / 1000 + 1), on_time, alarm);
}

void
dd_alarm_clear (DdAlarm *alarm)
{
  g_clear_handle_id (&alarm->source, g_source_remove);
}
