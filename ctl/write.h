/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing to a descriptor. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All of it, however often that takes. FALSE: errno says why. */
gboolean ctl_write_all (int descriptor, gconstpointer bytes, gsize length);

G_END_DECLS
