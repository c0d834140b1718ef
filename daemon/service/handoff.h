/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The outbox: every confirmed order reaches its sink exactly once in effect.
 *
 * The core alone owns it. Before an order is given to the plugin, that it is being tried is on disk; so after
 * a crash the next attempt knows that the earlier one's outcome is unknown, and the host asks or holds as the
 * sink's way of telling duplicates demands.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

/* Looks at once for what is pending. */
DdHandoff *dd_handoff_new (const DdService *service);
void dd_handoff_free (DdHandoff *handoff);

/* Whether orders are looked for, one is being delivered or its outcome recorded. Main thread. */
gboolean dd_handoff_is_busy (const DdHandoff *handoff);

/* Orders were confirmed or released. Main thread. */
void dd_handoff_wake (DdHandoff *handoff);

G_END_DECLS
