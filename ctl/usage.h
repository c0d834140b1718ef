/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The error of a command line that can't be right, whatever the daemon would say. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CTL_USAGE_ERROR (ctl_usage_error_quark ())
GQuark ctl_usage_error_quark (void);

/* Sets @error; returns FALSE. */
gboolean ctl_usage (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
