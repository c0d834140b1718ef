/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What all moves share: the call, its answer, and which revision is meant when none was named.
 */
#pragma once

#include "run.h"
#include "json/writer.h"

G_BEGIN_DECLS

/* What a move prints. */
extern const CtlSection ctl_move_sections[];
extern const CtlForm ctl_move_forms[];

/* Calls with the options of a change and prints the answer: version, head and what else the reply has. */
gboolean ctl_move_run (CtlRun *run, CtlRequest *request, GError **error);

/* The same, and those steps of @approval (nullable), as it was read before, that the call decided. */
gboolean ctl_move_run_deciding (CtlRun *run, CtlRequest *request, const DdJsonNode *approval, GError **error);

/* After a call: the chain's head, or of a dry run, which has none, that it was one; then standard error says
 * that nothing was changed. */
void ctl_move_put_head (const CtlRun *run, const char *head, DdJsonWriter *writer);

/* Which side the command acts for: "provider", or "customer" with --customer-person. */
const char *ctl_move_side (const CtlRun *run);

/* The revision that @word names or, without it, the only one of the deal that is in one of @states
 * (NULL-terminated) and was made by @maker (nullable: either side). One that is accepted goes before those
 * on the table. Several, or none: an error that lists them. */
gboolean ctl_move_pick (CtlRun *run,
                        const char *word,
                        const char *maker,
                        const char *const *states,
                        guint *out_revision,
                        GError **error);

G_END_DECLS
