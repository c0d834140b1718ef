/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What --set may be about, for completion. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The placeholder of its value. */
#define CTL_EDIT_SET_VALUE "PATH=VALUE"

/* Beginnings of one: "term=", "line." … (transfer full) */
char **ctl_edit_set_paths (void);

G_END_DECLS
