/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Catalog.Import: a table becomes a dataset's next version. Served from the main thread, parsed in a job.
 */
#pragma once

#include "bus/call.h"

G_BEGIN_DECLS

void dd_serve_import (DdBusCall *call);

G_END_DECLS
