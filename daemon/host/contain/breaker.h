/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The breaker of one plugin: after three faults in a row, or one call that hung, it isn't called for a while;
 * then one trial call decides. Refusing at once keeps a bad plugin from costing every command its deadline.
 * Values only: guarded by the host's lock.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DD_BREAKER_FAULTS    3
#define DD_BREAKER_OPEN_USEC ((gint64)30 * G_USEC_PER_SEC)

typedef struct
{
  guint faults;      /* in a row */
  gint64 open_until; /* monotonic, microseconds; 0: closed */
  gboolean trial;    /* one call is finding out */
} DdBreaker;

/* Whether a call may begin at @now; takes the trial when it is time for one, and says so in *@out_trial. */
gboolean dd_breaker_admit (DdBreaker *breaker, gint64 now, gboolean *out_trial);
void dd_breaker_success (DdBreaker *breaker);
void dd_breaker_fault (DdBreaker *breaker, gint64 now);
/* The call that is the trial never reached the plugin: as if it hadn't begun. */
void dd_breaker_untried (DdBreaker *breaker);
/* A call that hung: opens at once. */
void dd_breaker_hang (DdBreaker *breaker, gint64 now);
gboolean dd_breaker_is_open (const DdBreaker *breaker);

G_END_DECLS
