/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What --goal came to: member "goal" of a price, and the same in words.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* Of a section { "goal", NULL, CTL_SHAPE_RECORD, ctl_goal_fields, &ctl_goal_stops, NULL }, which people don't
 * see: they read what the two below print. */
extern const CtlField ctl_goal_fields[];
extern const CtlSection ctl_goal_stops;

/* What can't be a goal is told before anybody is asked. @text: (nullable) */
gboolean ctl_goal_check (const char *text, GError **error);

/* Says the discount and what it comes to, or why there is none. @goal: the member, here and below */
gboolean ctl_goal_print (const DdJsonNode *goal, GError **error);

/* What doesn't get all of the discount, and why; nothing where everything does. */
gboolean ctl_goal_print_stops (CtlRun *run, const DdJsonNode *goal, GError **error);

/* DD_ERROR_FAILED where the goal isn't reached: a price was printed, but not the one that was asked for. */
gboolean ctl_goal_reached (const DdJsonNode *goal, GError **error);

G_END_DECLS
