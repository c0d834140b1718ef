/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Restore: another store in the place of ours, while the daemon runs.
 */
#pragma once

#include "bus/call.h"

G_BEGIN_DECLS

/* Serves Manager.Restore; a DdServe. Main thread. */
void dd_serve_restore (DdBusCall *call);

G_END_DECLS
