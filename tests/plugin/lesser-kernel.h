/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Takes from the calling thread, and whatever it starts from then on, what a kernel may lack. For good: in a
 * process of the test's own.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether Landlock is missing from now on. */
gboolean lesser_kernel_without_landlock (void);

/* Whether no thread can be started from now on; processes can. */
gboolean lesser_kernel_without_threads (void);

G_END_DECLS
