/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Validity and expiry: durable moments, kept with each deal, that fire after restarts and clock jumps too.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

/* Looks at once for what is due. */
DdTimers *dd_timers_new (const DdService *service);
void dd_timers_free (DdTimers *timers);

/* Whether a page is being read or worked on. Main thread, as the next. */
gboolean dd_timers_are_busy (const DdTimers *timers);
/* Whatever was known of the next moment. */
void dd_timers_look_again (DdTimers *timers);

/* A deal wants a timer at @time. Main thread. */
void dd_timers_wake (DdTimers *timers, gint64 time);

G_END_DECLS
