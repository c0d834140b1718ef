/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What `dealctl help` and `--help` print: verbs, their options, topics, schemas.
 */
#pragma once

#include "verbs.h"

G_BEGIN_DECLS

/* @words: what followed help: nothing, a verb or a topic, or --schema and a verb. */
gboolean ctl_help_run (char **words, GError **error);

/* Of one verb. */
gboolean ctl_help_print_verb (const CtlVerb *verb, GError **error);

/* Says that @word is no verb, and which may have been meant; FALSE. */
gboolean ctl_help_unknown_verb (const char *word, GError **error);

G_END_DECLS
