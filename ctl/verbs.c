/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The table of verbs (see verbs.h).
 */
#include "verbs.h"

#include <string.h>

#define CHANGE (CTL_VERB_CHANGES)
#define MOVE   (CTL_VERB_CHANGES | CTL_VERB_MOVES)
#define EITHER (MOVE | CTL_VERB_CUSTOMER)

const CtlVerb ctl_verbs[] = {
  { "open", "Deals", "Open a deal from a customer's request", "--from FILE", 0, 0, CHANGE, ctl_open_options,
    ctl_verb_open },
  { "list", "Deals", "List deals, the newest first", "", 0, 0, CTL_VERB_PLAIN, ctl_list_options,
    ctl_verb_list },
  { "show", "Deals", "Show a deal: revisions, approvals, questions, orders", "DEAL", 1, 1, CTL_VERB_PLAIN,
    ctl_show_options, ctl_verb_show },
  { "log", "Deals", "Show what happened in a deal", "DEAL", 1, 1, CTL_VERB_PLAIN, ctl_log_options,
    ctl_verb_log },
  { "watch", "Deals", "Print moves as they happen", "[DEAL]", 0, 1, CTL_VERB_PLAIN, ctl_watch_options,
    ctl_verb_watch },
  { "export", "Deals", "Write a deal as a document", "DEAL --format tmf648|view|proposal|sheet", 1, 1,
    CTL_VERB_PLAIN, ctl_export_options, ctl_verb_export },

  { "propose", "Moves", "Table an offer: the request, a revision or a file, with edits", "DEAL", 1, 1,
    MOVE | CTL_VERB_EDITS, ctl_propose_options, ctl_verb_propose },
  { "counter", "Moves", "Answer an offer with another", "DEAL REVISION", 2, 2, EITHER | CTL_VERB_EDITS, NULL,
    ctl_verb_counter },
  { "accept", "Moves", "Accept the other side's offer", "DEAL [REVISION]", 1, 2, EITHER, ctl_accept_options,
    ctl_verb_accept },
  { "decline", "Moves", "Decline the other side's offer, or with --deal the deal", "DEAL [REVISION]", 1, 2,
    EITHER, ctl_end_options, ctl_verb_decline },
  { "withdraw", "Moves", "Take an offer back, or with --deal the deal", "DEAL [REVISION]", 1, 2, EITHER,
    ctl_end_options, ctl_verb_withdraw },
  { "extend", "Moves", "Let an offer stand longer", "DEAL REVISION TIME", 3, 3, EITHER, NULL,
    ctl_verb_extend },
  { "ask", "Moves", "Ask a question about the deal, a clause or a line", "DEAL TEXT", 2, 2, EITHER,
    ctl_ask_options, ctl_verb_ask },
  { "answer", "Moves", "Answer a question", "DEAL QUESTION TEXT", 3, 3, EITHER, NULL, ctl_verb_answer },
  { "acknowledge", "Moves", "Record that the customer has understood a clause", "DEAL CLAUSE|--all", 1, 2,
    EITHER, ctl_acknowledge_options, ctl_verb_acknowledge },

  { "price", "Figures", "Price a revision, the request or a file, with edits; nothing moves", "DEAL", 1, 1,
    CTL_VERB_EDITS, ctl_price_options, ctl_verb_price },
  { "diff", "Figures", "Show what changed between two revisions", "DEAL FROM TO", 3, 3, CTL_VERB_PLAIN, NULL,
    ctl_verb_diff },
  { "advise", "Figures", "Ask a negotiation plugin what it would do next", "DEAL", 1, 1, CTL_VERB_PLAIN,
    ctl_advise_options, ctl_verb_advise },

  { "approvals", "Approvals", "List what waits for your decision", "", 0, 0, CTL_VERB_PLAIN,
    ctl_approvals_options, ctl_verb_approvals },
  { "approve", "Approvals", "Approve what a deal asks for", "DEAL [REVISION]", 1, 2, MOVE,
    ctl_approve_options, ctl_verb_approve },
  { "refuse", "Approvals", "Refuse what a deal asks for", "DEAL [REVISION] --reason TEXT", 1, 2, MOVE,
    ctl_refuse_options, ctl_verb_refuse },

  { "sign", "Agreement", "Record a side's signature", "DEAL", 1, 1, EITHER, ctl_sign_options, ctl_verb_sign },
  { "orders", "Agreement", "Show the orders of an agreement", "DEAL", 1, 1, CTL_VERB_PLAIN,
    ctl_orders_options, ctl_verb_orders },
  { "handoff", "Agreement", "Say what becomes of an order that is held",
    "DEAL ORDER --retry|--delivered REASON", 2, 2, MOVE, ctl_handoff_options, ctl_verb_handoff },

  { "import", "Administration", "Store a CSV file as a dataset's next version", "DATASET FILE", 2, 2,
    CTL_VERB_PLAIN, ctl_import_options, ctl_verb_import },
  { "dataset", "Administration", "List the datasets", "list", 1, 1, CTL_VERB_PLAIN, NULL, ctl_verb_dataset },
  { "plugin", "Administration", "List, enable or disable plugins", "list|enable ID|disable ID", 1, 2, CHANGE,
    NULL, ctl_verb_plugin },
  { "verify", "Administration", "Recompute every chain and digest of the store", "", 0, 0, CTL_VERB_PLAIN,
    ctl_verify_options, ctl_verb_verify },
  { "status", "Administration", "Show the daemon's state", "", 0, 0, CTL_VERB_PLAIN, NULL, ctl_verb_status },
  { NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL },
};

const CtlVerb *
ctl_verb_find (const char *name)
{
  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    if (strcmp (verb->name, name) == 0)
      return verb;
  return NULL;
}

/* Levenshtein's distance between short words; G_MAXUINT for a long one. */
static guint
word_distance (const char *a, const char *b)
{
  enum
  {
    MAX_WORD = 31
  };
  guint row[MAX_WORD + 1];
  gsize length = strlen (b);

  if (length > MAX_WORD || strlen (a) > MAX_WORD)
    return G_MAXUINT;
  for (guint k = 0; k <= length; k++)
    row[k] = k;
  for (guint i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (guint k = 0; k < length; k++)
        {
          guint above = row[k + 1];

          row[k + 1] = MIN (MIN (row[k], above) + 1, diagonal + (a[i] != b[k]));
          diagonal = above;
        }
    }
  return row[length];
}

const CtlVerb *
ctl_verb_nearest (const char *name)
{
  const CtlVerb *nearest = NULL;
  guint least = strlen (name) < 4 ? 2 : 3; /* above the distance that still counts as a slip */

  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    {
      guint distance = word_distance (name, verb->name);

      /* A beginning is meant as it is. */
      if (strlen (name) > 2 && g_str_has_prefix (verb->name, name))
        distance = 0;
      if (distance < least)
        {
          least = distance;
          nearest = verb;
        }
    }
  return nearest;
}

void
ctl_verbs_print (GString *out)
{
  const char *group = NULL;

  g_string_append (out, "Usage:\n  dealctl VERB [OPTION…]\n  dealctl help VERB\n");
  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    {
      if (g_strcmp0 (group, verb->group) != 0)
        g_string_append_printf (out, "\n%s:\n", verb->group);
      group = verb->group;
      g_string_append_printf (out, "  %-12s %s\n", verb->name, verb->help);
    }
  g_string_append (out, "\nEvery verb takes --json, --as PERSON, --session, --system and --address ADDRESS.\n"
                        "dealctl(1) has everything.\n");
}
