/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A name for what was made beside it, and is whole now. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Renames @from to @to, where nothing may be. FALSE: errno says why, EEXIST that something is there. */
gboolean ctl_rename_new (const char *from, const char *to);

G_END_DECLS
