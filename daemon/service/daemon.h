/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What main() needs of the service.
 */
#pragma once

#include "service.h"

G_BEGIN_DECLS

/* Store, host, connection, provider, development and bus_name are set. Puts the objects on the bus and looks
 * for what is due; the name is owned after that. */
gboolean dd_service_start (DdService *service, GError **error);

/* Refuses new calls and finishes those under way, and deliveries, so that no outcome is left unknown; FALSE
 * when that took too long. Runs the main context. */
gboolean dd_service_drain (DdService *service);

/* Closes all. */
void dd_service_free (DdService *service);

G_END_DECLS
