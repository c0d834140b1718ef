/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs that move a proposal: propose, counter, accept, decline, withdraw, extend. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "move.h"
#include "offer.h"
#include "shapes.h"

static gboolean propose_variant;
static gboolean propose_draft;
static gint propose_revision;

const GOptionEntry ctl_propose_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &propose_revision, N_ ("Start from this revision"), "N" },
  { "variant", 0, 0, G_OPTION_ARG_NONE, &propose_variant, N_ ("Beside what is on the table, not instead"),
    NULL },
  { "draft", 0, 0, G_OPTION_ARG_NONE, &propose_draft, N_ ("Keep it a draft"), NULL },
  G_OPTION_ENTRY_NULL
};

gboolean
ctl_verb_propose (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Propose", error);

  if (request == NULL)
    return FALSE;
  if (propose_revision < 0 || (propose_revision > 0 && run->file != NULL))
    return ctl_usage (error, _ ("--revision is a revision to start from, from 1, and excludes --file"));
  if (!ctl_offer_add (run, request, (guint)propose_revision, error))
    return FALSE;
  /* An edited revision travels whole; an unchanged one the daemon has. */
  if (propose_revision > 0 && !ctl_offer_is_changed (run))
    ctl_request_option (request, "revision", g_variant_new_uint32 ((guint32)propose_revision));
  if (propose_variant)
    ctl_request_option (request, "variant", g_variant_new_boolean (TRUE));
  if (propose_draft)
    ctl_request_option (request, "draft", g_variant_new_boolean (TRUE));
  return ctl_move_run (run, request, error) || ctl_offer_refused (run, error);
}

gboolean
ctl_verb_counter (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Counter", error);
  guint revision;

  if (request == NULL || !ctl_run_number (run->words[1], N_ ("revision"), &revision, error))
    return FALSE;
  if (!ctl_offer_is_changed (run))
    return ctl_usage (error, _ ("a counter changes something: --price, --discount, --term … or --file"));
  ctl_request_add (request, g_variant_new_uint32 (revision));
  return ctl_offer_add (run, request, revision, error) &&
         (ctl_move_run (run, request, error) || ctl_offer_refused (run, error));
}

static char *accept_fingerprint;

const GOptionEntry ctl_accept_options[] = {
  { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &accept_fingerprint,
    N_ ("Of the view that was read; without it, of the view as it is now"), "HEX" },
  G_OPTION_ENTRY_NULL
};

static const char *
other_side (const CtlRun *run)
{
  return g_str_equal (ctl_move_side (run), "provider") ? "customer" : "provider";
}

/* (transfer full) (nullable): the fingerprint of @revision's customer view */
static char *
fetch_fingerprint (CtlRun *run, guint revision, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "View", error);
  g_autoptr (CtlReply) reply = NULL;
  char *fingerprint = NULL;

  if (request == NULL)
    return NULL;
  ctl_request_add (request, g_variant_new_uint32 (revision));
  reply = ctl_run_send (run, request, error);
  if (reply != NULL)
    g_variant_get_child (ctl_reply_value (reply), 0, "s", &fingerprint);
  return fingerprint;
}

gboolean
ctl_verb_accept (CtlRun *run, GError **error)
{
  static const char *const states[] = { "tabled", NULL };
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Accept", error);
  g_autofree char *fingerprint = g_strdup (accept_fingerprint);
  guint revision;

  if (request == NULL || !ctl_move_pick (run, run->words[1], other_side (run), states, &revision, error))
    return FALSE;
  if (fingerprint == NULL)
    fingerprint = fetch_fingerprint (run, revision, error);
  if (fingerprint == NULL)
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (revision));
  ctl_request_add (request, g_variant_new_string (fingerprint));
  return ctl_move_run (run, request, error);
}

static gboolean end_deal;
static char *end_reason;

const GOptionEntry ctl_end_options[] = {
  { "deal", 0, 0, G_OPTION_ARG_NONE, &end_deal, N_ ("End the whole deal"), NULL },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &end_reason, N_ ("Why"), "TEXT" },
  G_OPTION_ENTRY_NULL
};

static gboolean
end_revision (CtlRun *run, const char *method, const char *maker, const char *const *states, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, method, error);
  guint revision = 0;

  if (request == NULL)
    return FALSE;
  if (end_deal && run->n_words > 1)
    return ctl_usage (error, _ ("--deal ends the whole deal: name no revision"));
  if (!end_deal && !ctl_move_pick (run, run->words[1], maker, states, &revision, error))
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (revision));
  ctl_request_option_text (request, "reason", end_reason);
  return ctl_move_run (run, request, error);
}

gboolean
ctl_verb_decline (CtlRun *run, GError **error)
{
  static const char *const states[] = { "tabled", NULL };

  return end_revision (run, "Decline", other_side (run), states, error);
}

gboolean
ctl_verb_withdraw (CtlRun *run, GError **error)
{
  static const char *const states[] = { "tabled", "awaiting-approval", NULL };

  return end_revision (run, "Withdraw", ctl_move_side (run), states, error);
}

gboolean
ctl_verb_extend (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Extend", error);
  guint revision;

  if (request == NULL || !ctl_run_number (run->words[1], N_ ("revision"), &revision, error) ||
      !ctl_run_moment ("TIME", run->words[2], error))
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (revision));
  ctl_request_add (request, g_variant_new_string (run->words[2]));
  return ctl_move_run (run, request, error);
}
