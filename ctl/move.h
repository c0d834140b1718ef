/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What all moves share: the call, its answer, and which revision is meant when none was named.
 */
#pragma once

#include "run.h"
#include "json/writer.h"

G_BEGIN_DECLS

/* Calls with the options of a change and prints the answer: version, head and what else the reply has. */
gboolean dd_move_run (DdRun *run, DdRequest *request, GError **error);

/* The same, and @decided (nullable), the steps that were decided, with it. */
gboolean dd_move_run_deciding (DdRun *run, DdRequest *request, const DdJsonNode *decided, GError **error);

/* Which side the command acts for: "provider", or "customer" with --customer-person. */
const char *dd_move_side (const DdRun *run);

/* The revision that word 1 names or, without it, the only one in @deal that is in one of @states
 * (NULL-terminated) and was made by @maker (nullable: either side). Several, or none: an error that lists
 * them. */
gboolean dd_move_pick (DdRun *run,
                       const DdJsonNode *deal,
                       const char *maker,
                       const char *const *states,
                       guint *out_revision,
                       GError **error);

G_END_DECLS
