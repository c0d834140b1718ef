/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What tests see of a plugin's process.
 */
#pragma once

#include "fixture.h"

G_BEGIN_DECLS

/* For main(): TRUE, and said so, when the kernel has no Landlock: no runner works then. */
gboolean skip_without_landlock (void);

/* Its texts are the host's: valid as long as the host. */
DdPluginDetail fixture_describe (Fixture *fixture, const char *id);

/* Whether it has ended and was reaped. */
gboolean process_is_gone (gint64 pid);

/* Listens where systemd's socket of plugin @id would be, as the host is told that it is. The descriptor. */
int fixture_listen (Fixture *fixture, const char *id);

/* Ends the plugin's process, and waits until it is gone. */
void fixture_kill (Fixture *fixture, const char *id);

G_END_DECLS
