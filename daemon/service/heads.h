/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The store's newest head, told to the journal: what was told there can't be cut off the chain unnoticed.
 */
#pragma once

#include "service.h"

G_BEGIN_DECLS

/* Tells the head now, and again when it has changed. Main thread. */
DdHeads *dd_heads_new (const DdService *service);
void dd_heads_free (DdHeads *heads);

/* Whether it is reading. Main thread, as the next. */
gboolean dd_heads_are_busy (const DdHeads *heads);
/* The store is another one: its head is told next time. */
void dd_heads_forget (DdHeads *heads);

G_END_DECLS
