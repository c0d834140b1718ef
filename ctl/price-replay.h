/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verb price with --replay: a revision's recorded sheet computed again, and what plugins would answer today.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* What is printed without --ask-again; with --lines; with --ask-again. */
extern const CtlSection ctl_replay_sections[];
extern const CtlSection ctl_replay_line_sections[];
extern const CtlSection ctl_ask_again_sections[];

/* Of the deal and the revision that are @run's words; no other option was given.
 * DD_ERROR_STORE_DAMAGED, after all was printed, when other bytes came out than are recorded. */
gboolean ctl_price_replay (CtlRun *run, gboolean lines, gboolean ask_again, GError **error);

G_END_DECLS
