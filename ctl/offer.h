/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The proposal that a verb sends: a file's, or one of the deal's, with the edits of the command line on it.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* Whether the command line has a file or an edit. */
gboolean ctl_offer_is_changed (const CtlRun *run);

/* Price of what the first word says: of a deal, or else of a file ("-": standard input), which needs no deal.
 * The request is whole but for the verb's own options: the proposal with the edits, and --map. @revision: of
 * a deal; 0: not given. @customer: (nullable): of a file: whose prices. After a refusal: ctl_offer_refused().
 * (transfer full) (nullable) */
CtlRequest *ctl_offer_price (CtlRun *run, gint revision, const char *customer, GError **error);

/* Adds the document to @request: empty when nothing was changed, a file's own bytes when there is no edit.
 * @base: the revision that edits without a file start from; 0: the accepted one, else the newest that was
 * tabled, else the request. */
gboolean ctl_offer_add (CtlRun *run, CtlRequest *request, guint base, GError **error);

/* After the daemon refused what ctl_offer_add() added: @error names the file, or the option that can't be
 * right. Returns FALSE. */
gboolean ctl_offer_refused (const CtlRun *run, GError **error);

G_END_DECLS
