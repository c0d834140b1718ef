/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks that a cancelled call returns soon. A child's main thread; calls on the host's.
 */
#include "checks/checks.h"
#include "drive.h"

/* A busy machine makes anybody late once: the best of so many counts. */
#define TRIES 3

typedef struct
{
  const DdCase *asked;
  DdManner manner;
  DdAnswer answer;
} Ask;

static void
ask (DdSession *session, gpointer data)
{
  Ask *ask = data;

  dd_drive_direct (session, ask->asked, &ask->manner, &ask->answer);
}

/* @before: the time until it is cancelled, microseconds. */
static void
expect_soon (DdSession *session, const DdCase *asked, const DdManner *manner, gint64 before)
{
  gint64 best = G_MAXINT64;
  guint n_looks = 0;

  for (guint i = 0; i < TRIES && best > DD_SOON_USEC; i++)
    {
      Ask one = { .asked = asked, .manner = *manner };

      dd_session_run (session, ask, &one);
      best = MIN (best, one.answer.usec - before);
      n_looks = one.answer.n_looks;
      dd_answer_clear (&one.answer);
    }
  if (best > DD_SOON_USEC)
    dd_trial_fail (session->trial,
                   "%s: it returned %" G_GINT64_FORMAT
                   " ms after it was cancelled, and asked %u times before whether it "
                   "is: look at host->cancelled() at least every %d ms",
                   asked->name, best / 1000, n_looks, (int)(DD_SOON_USEC / 1000));
}

typedef void (*Visit) (DdSession *session, const DdCase *asked);

/* The huge inputs: only there is anything to be cancelled. */
static void
visit_huge (DdTrial *trial, const DdSubject *subject, Visit visit)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  for (DdKind kind = 0; session != NULL && kind < DD_N_KINDS; kind++)
    {
      g_autoptr (GPtrArray) cases = NULL;

      if (!dd_subject_has (subject, kind))
        continue;
      cases = dd_cases_new (kind, session->tables->keys);
      for (guint i = 0; i < cases->len; i++)
        {
          const DdCase *asked = cases->pdata[i];

          dd_trial_at (trial, "%s, %s", dd_kind_name (kind), asked->name);
          if (asked->group == DD_GROUP_HUGE)
            visit (session, asked);
        }
    }
}

static void
cancel_before (DdSession *session, const DdCase *asked)
{
  const DdManner manner = { .cancel_after = 0 };

  expect_soon (session, asked, &manner, 0);
}

void
dd_check_cancelled_before (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  visit_huge (trial, subject, cancel_before);
}

static void
cancel_midway (DdSession *session, const DdCase *asked)
{
  Ask whole = { .asked = asked, .manner = DD_MANNER_PLAIN };
  DdManner by_look = DD_MANNER_PLAIN;
  DdManner by_time = DD_MANNER_PLAIN;

  dd_session_run (session, ask, &whole);
  by_look.cancel_after = (gint)(whole.answer.n_looks / 2);
  expect_soon (session, asked, &by_look, by_look.cancel_after > 0 ? whole.answer.usec / 2 : 0);
  by_time.cancel_usec = whole.answer.usec / 2 + 1;
  expect_soon (session, asked, &by_time, by_time.cancel_usec);
  dd_trial_note (session->trial, "%s: %" G_GINT64_FORMAT ".%03d ms in all, and %u looks at host->cancelled()",
                 asked->name, whole.answer.usec / 1000, (int)(whole.answer.usec % 1000),
                 whole.answer.n_looks);
  dd_answer_clear (&whole.answer);
}

void
dd_check_cancelled_midway (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  visit_huge (trial, subject, cancel_midway);
}
