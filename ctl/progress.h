/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How far long work is: one line on standard error that is written over and cleared at its end. Only when
 * that is a terminal; otherwise nothing. One thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CtlProgress CtlProgress;

/* @what: what is being done, such as _("Verifying"); @unit: what is counted, such as _("events"); both are
 * copied. The unit "bytes" is shown in multiples. Nothing is shown before the first update. */
CtlProgress *ctl_progress_new (const char *what, const char *unit);

/* @total: 0 when it isn't known. It may be called as often as the work likes. */
void ctl_progress_update (CtlProgress *progress, guint64 done, guint64 total);

/* Clears the line. */
void ctl_progress_free (CtlProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlProgress, ctl_progress_free)

/* The line, @columns wide at most: "Verifying: 1200 of 4800 events, 25%, 600 events/s, 6 s left". What has no
 * room is left out, from the end. @elapsed: microseconds. Pure. (transfer full) */
char *ctl_progress_line (
  const char *what, const char *unit, guint64 done, guint64 total, gint64 elapsed, guint columns);

G_END_DECLS
