/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A waterfall as SVG.
 *
 * The same description gives the same bytes, with the same cairo and fonts. cairo draws text as outlines,
 * which nobody can read aloud, search or copy; so its picture stands in an element of ours that says all of
 * it again in <title> and <desc>. There is no script, style sheet or link to anything in it. One thread.
 */
#pragma once

#include "waterfall.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): the document. Errors: DD_ERROR_FAILED. */
GString *dd_waterfall_draw (const DdWaterfall *waterfall, GError **error);

G_END_DECLS
