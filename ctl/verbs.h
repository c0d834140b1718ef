/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one table of verbs: help, completion and the man page follow it.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* Ends with one whose name is NULL; verbs of a group stand together. */
extern const DdVerb dd_verbs[];

/* (nullable) */
const DdVerb *dd_verb_find (const char *name);

/* (nullable): the verb that @name was probably meant to be. */
const DdVerb *dd_verb_nearest (const char *name);

/* All verbs, by group, one line each. */
void dd_verbs_print (GString *out);

/* verb-deal.c */
gboolean dd_verb_open (DdRun *run, GError **error);
gboolean dd_verb_list (DdRun *run, GError **error);
gboolean dd_verb_show (DdRun *run, GError **error);
gboolean dd_verb_log (DdRun *run, GError **error);
gboolean dd_verb_export (DdRun *run, GError **error);
extern const GOptionEntry dd_open_options[];
extern const GOptionEntry dd_list_options[];
extern const GOptionEntry dd_show_options[];
extern const GOptionEntry dd_log_options[];
extern const GOptionEntry dd_export_options[];

/* verb-watch.c */
gboolean dd_verb_watch (DdRun *run, GError **error);
extern const GOptionEntry dd_watch_options[];

/* verb-move.c */
gboolean dd_verb_propose (DdRun *run, GError **error);
gboolean dd_verb_counter (DdRun *run, GError **error);
gboolean dd_verb_accept (DdRun *run, GError **error);
gboolean dd_verb_decline (DdRun *run, GError **error);
gboolean dd_verb_withdraw (DdRun *run, GError **error);
gboolean dd_verb_extend (DdRun *run, GError **error);
extern const GOptionEntry dd_propose_options[];
extern const GOptionEntry dd_accept_options[];
extern const GOptionEntry dd_end_options[];

/* verb-question.c */
gboolean dd_verb_ask (DdRun *run, GError **error);
gboolean dd_verb_answer (DdRun *run, GError **error);
gboolean dd_verb_acknowledge (DdRun *run, GError **error);
extern const GOptionEntry dd_ask_options[];
extern const GOptionEntry dd_acknowledge_options[];

/* verb-price.c */
gboolean dd_verb_price (DdRun *run, GError **error);
gboolean dd_verb_diff (DdRun *run, GError **error);
gboolean dd_verb_advise (DdRun *run, GError **error);
extern const GOptionEntry dd_price_options[];
extern const GOptionEntry dd_advise_options[];

/* verb-approval.c */
gboolean dd_verb_approvals (DdRun *run, GError **error);
gboolean dd_verb_approve (DdRun *run, GError **error);
gboolean dd_verb_refuse (DdRun *run, GError **error);
extern const GOptionEntry dd_approvals_options[];
extern const GOptionEntry dd_approve_options[];
extern const GOptionEntry dd_refuse_options[];

/* verb-order.c */
gboolean dd_verb_sign (DdRun *run, GError **error);
gboolean dd_verb_orders (DdRun *run, GError **error);
gboolean dd_verb_handoff (DdRun *run, GError **error);
extern const GOptionEntry dd_sign_options[];
extern const GOptionEntry dd_orders_options[];
extern const GOptionEntry dd_handoff_options[];

/* verb-admin.c */
gboolean dd_verb_import (DdRun *run, GError **error);
gboolean dd_verb_dataset (DdRun *run, GError **error);
gboolean dd_verb_plugin (DdRun *run, GError **error);
gboolean dd_verb_verify (DdRun *run, GError **error);
gboolean dd_verb_status (DdRun *run, GError **error);
extern const GOptionEntry dd_import_options[];
extern const GOptionEntry dd_verify_options[];

G_END_DECLS
