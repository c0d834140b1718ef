/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where dealdesk's other programs are. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @beside, a path from the folder of this program, if it can be run: that of the build tree, or of another
 * prefix. Otherwise @installed. (transfer full) */
char *ctl_program_find (const char *beside, const char *installed);

G_END_DECLS
