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

/* From now on new calls are refused and no delivery begins. What is under way goes on: when the service is
 * idle no outcome is left unknown. Main thread. */
void dd_service_stop (DdService *service);
gboolean dd_service_is_idle (const DdService *service);

/* Closes all. */
void dd_service_free (DdService *service);

G_END_DECLS
