/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The options of a verb: its own, and those that all verbs of its flags have.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* What @run's verb takes, its own options first; parsing with them fills @run. Their texts are of the tables,
 * to be translated where they are printed. (transfer container): ends with one whose long name is NULL */
GOptionEntry *ctl_options_list (CtlRun *run);

/* Whether --NAME of any verb has a value that may stand in the next word; only of options that may precede
 * the verb. */
gboolean ctl_option_takes_word (const char *argument);

/* The one that @argument names, as "--NAME" or "--NAME=VALUE"; NULL: there is none, or @argument is no long
 * option. @entries: as above. Borrowed. */
const GOptionEntry *ctl_option_find (const GOptionEntry *entries, const char *argument);

/* @wrong is what GLib says of @arguments, the program's name and what followed the verb: @error says it as
 * the other errors do. Returns FALSE. @wrong: (transfer full) */
gboolean ctl_options_fail (CtlRun *run, char **arguments, GError *wrong, GError **error);

G_END_DECLS
