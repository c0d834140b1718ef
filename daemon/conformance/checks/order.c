/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks of the same order delivered again. That it has effect once only its sink knows; that the answers are
 * not at odds with that can be seen. A child's main thread; calls on the host's.
 */
#include "checks/checks.h"
#include "drive.h"

typedef struct
{
  const DdCase *asked;
  const char *key;
  gboolean again;
  DdAnswer answer;
} Delivery;

static void
deliver (DdSession *session, gpointer data)
{
  Delivery *delivery = data;

  dd_drive_order (session, delivery->asked, delivery->key, delivery->again, &delivery->answer);
}

/* What must come of a key that was delivered. */
static void
judge_again (DdSession *session, const Delivery *second, const char *how)
{
  const char *text = g_strchomp (second->answer.text);

  if (second->answer.fault != NULL)
    dd_trial_fail (session->trial, "%s: %s", how, second->answer.fault);
  else if (second->answer.delivery == DD_DELIVERY_UNKNOWN)
    dd_trial_warn (session->trial, "%s, it answered %s: a person must decide then", how, text);
  else if (second->answer.delivery != DD_DELIVERY_DELIVERED)
    dd_trial_fail (session->trial, "%s, it answered %s: what was delivered stays DELIVERED", how, text);
}

void
dd_check_order_again (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);
  g_autoptr (GPtrArray) cases =
    session != NULL ? dd_cases_new (DD_KIND_HANDOFF, session->tables->keys) : NULL;
  g_autofree char *key = dd_drive_new_key ();
  Delivery first = { .key = key };
  Delivery second = { .key = key };
  guint dedupe;

  if (session == NULL)
    return;
  dedupe = session->plugin->handoff.dedupe;
  first.asked = second.asked = dd_cases_find (cases, DD_GROUP_SMALL);
  dd_trial_at (trial, "delivering one order twice");
  dd_session_run (session, deliver, &first);
  if (first.answer.fault != NULL)
    dd_trial_fail (trial, "%s", first.answer.fault);
  else if (dedupe == DEALDESK_DEDUPE_NONE)
    dd_trial_skip (
      trial, "its sink can't tell duplicates (DEALDESK_DEDUPE_NONE), so the daemon never delivers twice");
  else if (first.answer.delivery != DD_DELIVERY_DELIVERED)
    dd_trial_skip (trial, "nothing was delivered: %s; give it a working sink with --option NAME=VALUE",
                   g_strchomp (first.answer.text));
  else
    {
      /* QUERY: the host asks query() first */
      second.again = dedupe == DEALDESK_DEDUPE_QUERY;
      dd_session_run (session, deliver, &second);
      judge_again (session, &second,
                   second.again ? "asked by query() for an order that was delivered"
                                : "given the same order again");
    }
  dd_answer_clear (&first.answer);
  dd_answer_clear (&second.answer);
}
