/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Long text, in the pager that the environment names: DEALCTL_PAGER, else PAGER, else less; empty or "cat" is
 * none. less gets its usual options (FRX) where LESS is unset. One thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The command, or NULL for none. Borrowed of its arguments, which are the environment's. Pure. */
const char *ctl_pager_command (const char *own, const char *common);

/* Shows @text and waits until the pager has ended. FALSE: nothing was shown, because there is no pager or,
 * which is said on standard error, the one that was chosen can't be run. A pager that is left early has shown
 * what was wanted. */
gboolean ctl_pager_show (const char *text);

G_END_DECLS
