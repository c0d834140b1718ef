/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The time of day, moved: for whoever reads it in this process through the C library.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* By @seconds, for good. The monotonic clocks, by which the host waits, stay. While no other thread runs. */
void dd_clock_move (gint64 seconds);

G_END_DECLS
