/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Catalog.Import and ImportCatalogue: a table becomes a dataset's next version, a catalogue that of several.
 * Served from the main thread, read on the background thread.
 */
#pragma once

#include "bus/call.h"

G_BEGIN_DECLS

void dd_serve_import (DdBusCall *call);
void dd_serve_import_catalogue (DdBusCall *call);

G_END_DECLS
