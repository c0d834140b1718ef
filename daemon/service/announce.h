/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * After an append: whoever waits for what it changed is told.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

/* Watchers get their signal; the outbox and the timers look when @request touched them. Main thread. */
void dd_announce (const DdService *service, const DdRequest *request);

G_END_DECLS
