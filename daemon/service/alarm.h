/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One alarm for a moment of the wall clock, which may jump: it rings then, or within a minute, whichever
 * comes first. Who is woken looks again at what is due. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint source; /* 0: not set */
  gint64 moment;
  void (*ring) (gpointer data);
  gpointer data;
} DdAlarm;

/* @time: microseconds since 1970 UTC, or 0: no moment is known. An earlier moment that it is set for stays.
 */
void dd_alarm_set (DdAlarm *alarm, gint64 time);

/* Rings no more. */
void dd_alarm_clear (DdAlarm *alarm);

G_END_DECLS
