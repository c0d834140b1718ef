/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The table of verbs (see verbs.h).
 */
#include "verbs.h"
#include "i18n.h"
#include "move.h"

#define CHANGE (CTL_VERB_CHANGES)
#define MOVE   (CTL_VERB_CHANGES | CTL_VERB_MOVES)
#define EITHER (MOVE | CTL_VERB_CUSTOMER)

const CtlVerb ctl_verbs[] = {
  { "open", N_ ("Deals"), N_ ("Open a deal from a customer's request"), "--from FILE", 0, 0, CHANGE,
    ctl_open_options, ctl_verb_open, ctl_move_forms },
  { "list", N_ ("Deals"), N_ ("List deals, the newest first"), "", 0, 0, CTL_VERB_PLAIN, ctl_list_options,
    ctl_verb_list, ctl_list_forms },
  { "search", N_ ("Deals"), N_ ("Find deals by words"), "TEXT...", 1, G_MAXUINT, CTL_VERB_PLAIN,
    ctl_search_options, ctl_verb_search, ctl_search_forms },
  { "show", N_ ("Deals"), N_ ("Show a deal: revisions, approvals, questions, orders"), "DEAL", 1, 1,
    CTL_VERB_PLAIN, ctl_show_options, ctl_verb_show, ctl_show_forms },
  { "log", N_ ("Deals"), N_ ("Show what happened in a deal"), "DEAL", 1, 1, CTL_VERB_PLAIN, ctl_log_options,
    ctl_verb_log, ctl_log_forms },
  { "watch", N_ ("Deals"), N_ ("Print moves as they happen"), "[DEAL]", 0, 1, CTL_VERB_LIVE,
    ctl_watch_options, ctl_verb_watch, ctl_watch_forms },
  { "export", N_ ("Deals"), N_ ("Write a deal as a document"), "DEAL --format tmf648|view|proposal|sheet", 1,
    1, CTL_VERB_PLAIN, ctl_export_options, ctl_verb_export, ctl_export_forms },

  { "propose", N_ ("Moves"), N_ ("Table an offer: the request, a revision or a file, with edits"), "DEAL", 1,
    1, MOVE | CTL_VERB_EDITS, ctl_propose_options, ctl_verb_propose, ctl_move_forms },
  { "counter", N_ ("Moves"), N_ ("Answer an offer with another"), "DEAL REVISION", 2, 2,
    EITHER | CTL_VERB_EDITS, NULL, ctl_verb_counter, ctl_move_forms },
  { "accept", N_ ("Moves"), N_ ("Accept the other side's offer"), "DEAL [REVISION]", 1, 2, EITHER,
    ctl_accept_options, ctl_verb_accept, ctl_move_forms },
  { "decline", N_ ("Moves"), N_ ("Decline the other side's offer, or with --deal the deal"),
    "DEAL [REVISION]", 1, 2, EITHER, ctl_end_options, ctl_verb_decline, ctl_move_forms },
  { "withdraw", N_ ("Moves"), N_ ("Take an offer back, or with --deal the deal"), "DEAL [REVISION]", 1, 2,
    EITHER, ctl_end_options, ctl_verb_withdraw, ctl_move_forms },
  { "extend", N_ ("Moves"), N_ ("Let an offer stand longer"), "DEAL REVISION TIME", 3, 3, EITHER, NULL,
    ctl_verb_extend, ctl_move_forms },
  { "ask", N_ ("Moves"), N_ ("Ask a question about the deal, a clause or a line"), "DEAL TEXT", 2, 2, EITHER,
    ctl_ask_options, ctl_verb_ask, ctl_move_forms },
  { "answer", N_ ("Moves"), N_ ("Answer a question"), "DEAL QUESTION TEXT", 3, 3, EITHER, NULL,
    ctl_verb_answer, ctl_move_forms },
  { "acknowledge", N_ ("Moves"), N_ ("Record that the customer has understood a clause"), "DEAL CLAUSE|--all",
    1, 2, EITHER, ctl_acknowledge_options, ctl_verb_acknowledge, ctl_acknowledge_forms },

  { "price", N_ ("Figures"), N_ ("Price a revision, the request or a file, with edits; nothing moves"),
    "DEAL|FILE [REVISION]", 1, 2, CTL_VERB_EDITS, ctl_price_options, ctl_verb_price, ctl_price_forms },
  { "explain", N_ ("Figures"), N_ ("Show how prices came about, step by step; nothing moves"),
    "DEAL|FILE [LINE]", 1, 2, CTL_VERB_EDITS, ctl_explain_options, ctl_verb_explain, ctl_explain_forms },
  { "diff", N_ ("Figures"), N_ ("Show what changed between two revisions"), "DEAL FROM TO", 3, 3,
    CTL_VERB_PLAIN, NULL, ctl_verb_diff, ctl_diff_forms },
  { "advise", N_ ("Figures"), N_ ("Ask a negotiation plugin what it would do next"), "DEAL", 1, 1,
    CTL_VERB_PLAIN, ctl_advise_options, ctl_verb_advise, ctl_advise_forms },

  { "approvals", N_ ("Approvals"), N_ ("List what waits for your decision"), "", 0, 0, CTL_VERB_PLAIN,
    ctl_approvals_options, ctl_verb_approvals, ctl_approvals_forms },
  { "approve", N_ ("Approvals"), N_ ("Approve what a deal asks for"), "DEAL [REVISION]", 1, 2, MOVE,
    ctl_approve_options, ctl_verb_approve, ctl_move_forms },
  { "refuse", N_ ("Approvals"), N_ ("Refuse what a deal asks for"), "DEAL [REVISION] --reason TEXT", 1, 2,
    MOVE, ctl_refuse_options, ctl_verb_refuse, ctl_move_forms },

  { "sign", N_ ("Agreement"), N_ ("Record a side's signature"), "DEAL", 1, 1, EITHER, ctl_sign_options,
    ctl_verb_sign, ctl_move_forms },
  { "orders", N_ ("Agreement"), N_ ("Show the orders of an agreement"), "DEAL", 1, 1, CTL_VERB_PLAIN,
    ctl_orders_options, ctl_verb_orders, ctl_orders_forms },
  { "handoff", N_ ("Agreement"), N_ ("Say what becomes of an order that is held"),
    "DEAL ORDER --retry|--delivered REASON", 2, 2, MOVE, ctl_handoff_options, ctl_verb_handoff,
    ctl_move_forms },

  { "import", N_ ("Administration"),
    N_ ("Store a CSV file as a dataset's next version, or a TMF620 catalogue"), "catalogue FILE|DATASET FILE",
    2, 2, CTL_VERB_PLAIN, ctl_import_options, ctl_verb_import, ctl_import_forms },
  { "dataset", N_ ("Administration"), N_ ("List the datasets, show one's rows, or compare two versions"),
    "list|show DATASET [KEY] [--at VERSION]|diff DATASET FROM [TO]", 1, 4, CTL_VERB_PLAIN,
    ctl_dataset_options, ctl_verb_dataset, ctl_dataset_forms },
  { "plugin", N_ ("Administration"), N_ ("List, explain, switch, test or begin plugins"),
    "list|info PLUGIN|enable PLUGIN|disable PLUGIN|why DEAL|test PATH|new NAME", 1, G_MAXUINT, CTL_VERB_PLAIN,
    ctl_plugin_options, ctl_verb_plugin, ctl_plugin_forms },
  { "verify", N_ ("Administration"), N_ ("Recompute every chain and digest of the store"), "", 0, 0,
    CTL_VERB_PLAIN, ctl_verify_options, ctl_verb_verify, ctl_verify_forms },
  { "backup", N_ ("Administration"), N_ ("Copy the whole store to a file, while it is used"), "FILE", 1, 1,
    CTL_VERB_PLAIN, ctl_backup_options, ctl_verb_backup, ctl_backup_forms },
  { "restore", N_ ("Administration"), N_ ("Put a copy in the store's place"), "FILE", 1, 1, CTL_VERB_PLAIN,
    ctl_restore_options, ctl_verb_restore, ctl_restore_forms },
  { "config", N_ ("Administration"), N_ ("Check the daemon's configuration, or show what holds"),
    "check [FILE]|show [FILE]", 1, 2, CTL_VERB_PLAIN, ctl_config_options, ctl_verb_config, ctl_config_forms },
  { "status", N_ ("Administration"), N_ ("Show the daemon's state"), "", 0, 0, CTL_VERB_PLAIN, NULL,
    ctl_verb_status, ctl_status_forms },
  { NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL },
};

const CtlVerb *
ctl_verb_find (const char *name)
{
  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    if (g_str_equal (verb->name, name))
      return verb;
  return NULL;
}
