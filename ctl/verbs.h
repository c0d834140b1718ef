/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one table of verbs: help is made of it, and a lint rule holds the man page against it.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* Ends with one whose name is NULL; verbs of a group stand together. */
extern const CtlVerb ctl_verbs[];

/* (nullable) */
const CtlVerb *ctl_verb_find (const char *name);

/* verb-deal.c */
gboolean ctl_verb_open (CtlRun *run, GError **error);
gboolean ctl_verb_list (CtlRun *run, GError **error);
gboolean ctl_verb_show (CtlRun *run, GError **error);
gboolean ctl_verb_log (CtlRun *run, GError **error);
gboolean ctl_verb_export (CtlRun *run, GError **error);
extern const GOptionEntry ctl_open_options[];
extern const GOptionEntry ctl_list_options[];
extern const GOptionEntry ctl_show_options[];
extern const GOptionEntry ctl_log_options[];
extern const GOptionEntry ctl_export_options[];
extern const CtlForm ctl_list_forms[];
extern const CtlForm ctl_show_forms[];
extern const CtlForm ctl_log_forms[];
extern const CtlForm ctl_export_forms[];

/* verb-search.c */
gboolean ctl_verb_search (CtlRun *run, GError **error);
extern const GOptionEntry ctl_search_options[];
extern const CtlForm ctl_search_forms[];

/* verb-watch.c */
gboolean ctl_verb_watch (CtlRun *run, GError **error);
extern const GOptionEntry ctl_watch_options[];
extern const CtlForm ctl_watch_forms[];

/* verb-move.c */
gboolean ctl_verb_propose (CtlRun *run, GError **error);
gboolean ctl_verb_counter (CtlRun *run, GError **error);
gboolean ctl_verb_accept (CtlRun *run, GError **error);
gboolean ctl_verb_decline (CtlRun *run, GError **error);
gboolean ctl_verb_withdraw (CtlRun *run, GError **error);
gboolean ctl_verb_extend (CtlRun *run, GError **error);
extern const GOptionEntry ctl_propose_options[];
extern const GOptionEntry ctl_accept_options[];
extern const GOptionEntry ctl_end_options[];

/* verb-question.c */
gboolean ctl_verb_ask (CtlRun *run, GError **error);
gboolean ctl_verb_answer (CtlRun *run, GError **error);
gboolean ctl_verb_acknowledge (CtlRun *run, GError **error);
extern const GOptionEntry ctl_ask_options[];
extern const GOptionEntry ctl_acknowledge_options[];
extern const CtlForm ctl_acknowledge_forms[];

/* verb-price.c */
gboolean ctl_verb_price (CtlRun *run, GError **error);
extern const GOptionEntry ctl_price_options[];
extern const CtlForm ctl_price_forms[];

/* verb-explain.c */
gboolean ctl_verb_explain (CtlRun *run, GError **error);
extern const GOptionEntry ctl_explain_options[];
extern const CtlForm ctl_explain_forms[];

/* verb-diff.c */
gboolean ctl_verb_diff (CtlRun *run, GError **error);
extern const CtlForm ctl_diff_forms[];

/* verb-advise.c */
gboolean ctl_verb_advise (CtlRun *run, GError **error);
extern const GOptionEntry ctl_advise_options[];
extern const CtlForm ctl_advise_forms[];

/* verb-approval.c */
gboolean ctl_verb_approvals (CtlRun *run, GError **error);
gboolean ctl_verb_approve (CtlRun *run, GError **error);
gboolean ctl_verb_refuse (CtlRun *run, GError **error);
extern const GOptionEntry ctl_approvals_options[];
extern const GOptionEntry ctl_approve_options[];
extern const GOptionEntry ctl_refuse_options[];
extern const CtlForm ctl_approvals_forms[];

/* verb-order.c */
gboolean ctl_verb_sign (CtlRun *run, GError **error);
gboolean ctl_verb_orders (CtlRun *run, GError **error);
gboolean ctl_verb_handoff (CtlRun *run, GError **error);
extern const GOptionEntry ctl_sign_options[];
extern const GOptionEntry ctl_orders_options[];
extern const GOptionEntry ctl_handoff_options[];
extern const CtlForm ctl_orders_forms[];

/* verb-plugin.c */
gboolean ctl_verb_plugin (CtlRun *run, GError **error);
extern const GOptionEntry ctl_plugin_options[];
extern const CtlForm ctl_plugin_forms[];

/* verb-dataset.c */
gboolean ctl_verb_import (CtlRun *run, GError **error);
gboolean ctl_verb_dataset (CtlRun *run, GError **error);
extern const GOptionEntry ctl_import_options[];
extern const GOptionEntry ctl_dataset_options[];
extern const CtlForm ctl_import_forms[];
extern const CtlForm ctl_dataset_forms[];

/* verb-admin.c */
gboolean ctl_verb_status (CtlRun *run, GError **error);
extern const CtlForm ctl_status_forms[];

/* verb-store.c */
gboolean ctl_verb_verify (CtlRun *run, GError **error);
gboolean ctl_verb_backup (CtlRun *run, GError **error);
gboolean ctl_verb_restore (CtlRun *run, GError **error);
extern const GOptionEntry ctl_verify_options[];
extern const GOptionEntry ctl_backup_options[];
extern const GOptionEntry ctl_restore_options[];
extern const CtlForm ctl_verify_forms[];
extern const CtlForm ctl_backup_forms[];
extern const CtlForm ctl_restore_forms[];

/* verb-config.c */
gboolean ctl_verb_config (CtlRun *run, GError **error);
extern const GOptionEntry ctl_config_options[];
extern const CtlForm ctl_config_forms[];

G_END_DECLS
