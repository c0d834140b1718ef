/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The subcommands of `dealctl plugin` that need no daemon: new and test. One thread.
 *
 * run->words[0] is the subcommand's own word, what follows is its own: `new NAME`, `test PATH [ARGUMENT…]`.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* The options of all subcommands: --kind and --directory of new, --revision of why. */
extern const GOptionEntry ctl_plugin_options[];

/* --revision; 0: not given. */
extern gint ctl_plugin_revision;

/* What new prints; with --json: plugin, kind, directory, files. */
extern const CtlSection ctl_plugin_new_sections[];

/* What dealdesk-plugin-check prints with --json. */
extern const CtlSection ctl_plugin_test_sections[];

/* Writes the folder of a plugin that builds and conforms as it is, and says what to do next. */
gboolean ctl_plugin_new (CtlRun *run, GError **error);

/* Becomes dealdesk-plugin-check of a plugin: returns only when that can't be started. */
gboolean ctl_plugin_test (CtlRun *run, GError **error);

G_END_DECLS
