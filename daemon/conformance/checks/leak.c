/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks that calls keep nothing: memory, files, threads. A child's main thread; calls on the host's.
 */
#include "checks/checks.h"
#include "drive.h"
#include "contain/trace.h"

#define CALLS     1000
#define ORDERS    100 /* each may be a synced file */
#define TOLERANCE 16  /* bytes that a call may keep on average: below the least that malloc() gives */

typedef struct
{
  GPtrArray *cases;
  guint n_calls;
} Round;

/* Every case in turn, but for the huge ones. */
static void
call_often (DdSession *session, gpointer data)
{
  const Round *round = data;
  DdAnswer answer = { 0 };

  for (guint i = 0, n_done = 0; n_done < round->n_calls; i++)
    {
      const DdCase *asked = round->cases->pdata[i % round->cases->len];

      if (asked->group == DD_GROUP_HUGE)
        continue;
      dd_drive_host (session, asked, &answer);
      n_done++;
    }
  dd_answer_clear (&answer);
}

static guint
count_small (const GPtrArray *cases)
{
  guint n = 0;

  for (guint i = 0; i < cases->len; i++)
    n += ((const DdCase *)cases->pdata[i])->group != DD_GROUP_HUGE;
  return n;
}

static void
check_memory (DdSession *session, DdKind kind)
{
  g_autoptr (GPtrArray) cases = dd_cases_new (kind, session->tables->keys);
  guint wanted = kind == DD_KIND_HANDOFF ? ORDERS : CALLS;
  guint n_small = count_small (cases);
  guint n_calls = (wanted + n_small - 1) / n_small * n_small;
  /* the host's trace keeps why the last calls failed: it must be full of them before */
  Round warm_up = { cases, kind == DD_KIND_HANDOFF ? n_calls / 2 : DD_TRACE_CALLS + n_small };
  Round round = { cases, n_calls };
  gsize bound = (gsize)n_calls * TOLERANCE;
  gsize before;
  gsize after;

  dd_trial_at (session->trial, "%s, %u calls", dd_kind_name (kind), n_calls);
  /* the first calls fill caches, which may grow with what was never seen before */
  dd_session_run (session, call_often, &warm_up);
  before = dd_usage_memory ();
  dd_session_run (session, call_often, &round);
  after = dd_usage_memory ();
  /* What calls keep they keep again; what the host made once it doesn't. */
  if (after > before + bound)
    {
      before = after;
      dd_session_run (session, call_often, &round);
      after = dd_usage_memory ();
    }
  if (after > before + bound)
    dd_trial_fail (session->trial,
                   "%s: %u calls keep %" G_GSIZE_FORMAT " bytes: free what a call made before it returns",
                   dd_kind_name (kind), n_calls, after - before);
}

void
dd_check_memory (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  dd_usage_prepare ();

  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  for (DdKind kind = 0; session != NULL && kind < DD_N_KINDS; kind++)
    if (dd_subject_has (subject, kind))
      check_memory (session, kind);
}

static void
check_handles (DdSession *session, DdKind kind)
{
  g_autoptr (GPtrArray) cases = dd_cases_new (kind, session->tables->keys);
  Round round = { cases, count_small (cases) };
  guint files;
  guint threads;

  dd_trial_at (session->trial, "%s, every input twice", dd_kind_name (kind));
  dd_session_run (session, call_often, &round);
  files = dd_usage_files ();
  threads = dd_usage_threads ();
  dd_session_run (session, call_often, &round);
  if (dd_usage_files () > files)
    dd_trial_fail (session->trial, "%s: %u calls keep %u more files open: close them", dd_kind_name (kind),
                   round.n_calls, dd_usage_files () - files);
  if (dd_usage_threads () > threads)
    dd_trial_fail (session->trial, "%s: %u calls keep %u more threads: a call ends what it starts",
                   dd_kind_name (kind), round.n_calls, dd_usage_threads () - threads);
}

void
dd_check_handles (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  for (DdKind kind = 0; session != NULL && kind < DD_N_KINDS; kind++)
    if (dd_subject_has (subject, kind))
      check_handles (session, kind);
}
