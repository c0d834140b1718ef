/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A thread for work that takes long and that nobody negotiating waits for: one piece at a time, in order.
 * There are two, so that a plugin can be closed while a backup runs: one verifies, copies and imports, the
 * other opens and closes plugins.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DdBackground DdBackground;

/* @name: of the thread. */
DdBackground *dd_background_new (const char *name);

/* Finishes what was queued. */
void dd_background_free (DdBackground *background);

/* @func runs with @data on the thread. Any thread. */
void dd_background_run (DdBackground *background, void (*func) (gpointer data), gpointer data);

/* Asks what runs, and what will until this is taken back, to stop soon; work that is nearly done, or can't,
 * goes on. Any thread, as the next. */
void dd_background_interrupt (DdBackground *background, gboolean interrupted);
gboolean dd_background_is_interrupted (DdBackground *background);

/* Whether anything is queued or running. Any thread. */
gboolean dd_background_is_busy (DdBackground *background);

G_END_DECLS
