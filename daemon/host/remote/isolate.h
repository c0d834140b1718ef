/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where a plugin runs: in the daemon, or in a runner of its own. At start, and when it is enabled.
 */
#pragma once

#include "host.h"
#include "plugin.h"

G_BEGIN_DECLS

/* Decides by the plugin's file and the configuration, and makes its remote. DD_ERROR_PLUGIN_REFUSED: the two
 * contradict each other. */
gboolean dd_plugin_place (DdPlugin *plugin, const DdHostOptions *options, GError **error);

/* Of an isolated one: starts its runner, which loads and opens it until @until (monotonic, microseconds), and
 * checks what it loaded against the file. What fails would refuse a module too. */
gboolean dd_plugin_attach (DdPlugin *plugin, gint64 until, DdRemoteFacts *out_facts, GError **error);

/* What was attached becomes the plugin's tables and instance. With the host's lock. */
void dd_plugin_adopt (DdPlugin *plugin, const DdRemoteFacts *facts);

G_END_DECLS
