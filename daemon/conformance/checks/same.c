/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks that the same question has the same answer, byte for byte: again, after closing and opening, from
 * several threads at once, in another process at another time of day. Orders are excepted: each is another. A
 * child's main thread; calls on the host's.
 */
#include "checks/checks.h"
#include "checks/clock.h"
#include "drive.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

#define THREADS     4
#define BUDGET_USEC ((gint64)8 * G_USEC_PER_SEC)
#define REOPENINGS  10
#define THREAD_RUNS 50

/* More than a year, and another month, day of the week, hour, minute and second. */
#define AWAY_SECONDS (((400 * 24 + 7) * 60 + 11) * 60 + 13)

/* All that is asked, with the first answer to each. */
typedef struct
{
  GPtrArray *cases; /* DdCase* */
  GPtrArray *lists; /* what owns them */
  GPtrArray *texts; /* the answers */
  gint *told;       /* atomic: those that were found to differ */
  guint n_runs;
  gint n_done; /* atomic */
} Questions;

/* One of the worlds of odd datasets is enough to be asked a thousand times. */
static gboolean
is_wanted (const DdCase *asked, gboolean huge)
{
  return (asked->group == DD_GROUP_HUGE) == huge && asked->world <= DD_WORLD_ODD;
}

static Questions *
make_questions (DdSession *session, gboolean huge)
{
  Questions *questions = g_new0 (Questions, 1);

  questions->cases = g_ptr_array_new ();
  questions->lists = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  questions->texts = g_ptr_array_new_with_free_func (g_free);
  for (DdKind kind = 0; kind < DD_N_KINDS; kind++)
    {
      GPtrArray *cases;

      if (kind == DD_KIND_HANDOFF || !dd_subject_has (session->subject, kind))
        continue;
      cases = dd_cases_new (kind, session->tables->keys);
      g_ptr_array_add (questions->lists, cases);
      for (guint i = 0; i < cases->len; i++)
        if (is_wanted (cases->pdata[i], huge))
          g_ptr_array_add (questions->cases, cases->pdata[i]);
    }
  questions->told = g_new0 (gint, questions->cases->len + 1);
  return questions;
}

static void
questions_free (Questions *questions)
{
  g_ptr_array_unref (questions->cases);
  g_ptr_array_unref (questions->lists);
  g_ptr_array_unref (questions->texts);
  g_free (questions->told);
  g_free (questions);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Questions, questions_free)

static void
ask_first (DdSession *session, gpointer data)
{
  Questions *questions = data;

  for (guint i = 0; i < questions->cases->len; i++)
    {
      DdAnswer answer = { 0 };
      const DdCase *asked = questions->cases->pdata[i];

      dd_trial_at (session->trial, "%s, %s", dd_kind_name (asked->kind), asked->name);
      dd_drive_host (session, asked, &answer);
      g_ptr_array_add (questions->texts, g_steal_pointer (&answer.text));
      dd_answer_clear (&answer);
    }
}

typedef void (*Drive) (DdSession *session, const DdCase *asked, DdAnswer *answer);

static void
ask_again (DdSession *session, Questions *questions, guint index, Drive drive, const char *how)
{
  DdAnswer answer = { 0 };
  const DdCase *asked = questions->cases->pdata[index];
  g_autofree char *difference = NULL;

  drive (session, asked, &answer);
  difference = dd_answer_compare (questions->texts->pdata[index], answer.text);
  if (difference != NULL && g_atomic_int_add (&questions->told[index], 1) == 0)
    dd_trial_fail (
      session->trial,
      "%s, %s, %s: %s; the answer must follow from the input, the options and the datasets alone",
      dd_kind_name (asked->kind), asked->name, how, difference);
  dd_answer_clear (&answer);
}

/* Every question n_runs times, or as often as the time allows. */
static void
ask_often (DdSession *session, gpointer data)
{
  Questions *questions = data;
  gint64 until = g_get_monotonic_time () + BUDGET_USEC;

  dd_trial_at (session->trial, "asking the same again and again");
  for (guint run = 0; run < questions->n_runs && (run == 0 || g_get_monotonic_time () < until); run++)
    {
      for (guint i = 0; i < questions->cases->len; i++)
        ask_again (session, questions, i, dd_drive_host, "asked again");
      g_atomic_int_inc (&questions->n_done);
    }
}

/* Who asks why a rule didn't apply changes no price. */
static void
ask_why_not (DdSession *session, gpointer data)
{
  Questions *questions = data;

  for (guint i = 0; i < questions->cases->len; i++)
    {
      const DdCase *asked = questions->cases->pdata[i];

      dd_trial_at (session->trial, "%s, why rules didn't apply", asked->name);
      if (asked->kind == DD_KIND_PRICING)
        ask_again (session, questions, i, dd_drive_explained, "asked why rules didn't apply");
    }
}

static gboolean
can_compare (DdTrial *trial, const Questions *questions)
{
  if (questions->cases->len == 0)
    dd_trial_skip (trial, "it only delivers orders, and each is another");
  return questions->cases->len > 0;
}

void
dd_check_repeated (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);
  g_autoptr (Questions) questions = session != NULL ? make_questions (session, FALSE) : NULL;
  g_autoptr (Questions) huge = session != NULL ? make_questions (session, TRUE) : NULL;

  if (session == NULL || !can_compare (trial, questions))
    return;
  questions->n_runs = subject->runs;
  huge->n_runs = 2;
  dd_session_run (session, ask_first, questions);
  dd_session_run (session, ask_often, questions);
  dd_session_run (session, ask_why_not, questions);
  dd_session_run (session, ask_first, huge);
  dd_session_run (session, ask_often, huge);
  if ((guint)questions->n_done < subject->runs)
    dd_trial_note (trial, "%u inputs, %d times each: there was no time for %u", questions->cases->len,
                   questions->n_done, subject->runs);
  else
    dd_trial_note (trial, "%u inputs, %d times each", questions->cases->len, questions->n_done);
}

void
dd_check_reopened (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);
  g_autoptr (Questions) questions = session != NULL ? make_questions (session, FALSE) : NULL;

  if (session == NULL || !can_compare (trial, questions))
    return;
  questions->n_runs = 1;
  dd_session_run (session, ask_first, questions);
  for (guint i = 0; i < REOPENINGS; i++)
    {
      g_autoptr (GError) error = NULL;

      dd_plugin_close (session->plugin);
      if (!dd_plugin_open (session->plugin, &error))
        {
          dd_trial_fail (trial, "opened again: %s", error->message);
          session->plugin->state = DD_PLUGIN_DISABLED;
          return;
        }
      dd_session_run (session, ask_often, questions);
    }
}

/* --- threads --- */

typedef struct
{
  Questions *questions;
  GPtrArray *orders; /* DdCase* */
  guint number;
} Thread;

static void
ask_from_thread (DdSession *session, gpointer data)
{
  Thread *thread = data;
  guint n = thread->questions->cases->len;
  gint64 until = g_get_monotonic_time () + BUDGET_USEC / 2;

  dd_trial_at (session->trial, "asking from %d threads at once", THREADS);
  for (guint run = 0; run < THREAD_RUNS && g_get_monotonic_time () < until; run++)
    {
      /* each begins elsewhere, so that different questions meet, too */
      for (guint i = 0; i < n; i++)
        ask_again (session, thread->questions, (i + thread->number * n / THREADS) % n, dd_drive_host,
                   "asked from several threads");
      for (guint i = 0; run < 2 && i < thread->orders->len; i++)
        {
          DdAnswer answer = { 0 };
          const DdCase *asked = thread->orders->pdata[i];

          dd_drive_host (session, asked, &answer);
          if (answer.fault != NULL)
            dd_trial_fail (session->trial, "handoff, %s, from several threads: %s", asked->name,
                           answer.fault);
          dd_answer_clear (&answer);
        }
    }
}

void
dd_check_threads (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, THREADS);
  g_autoptr (Questions) questions = session != NULL ? make_questions (session, FALSE) : NULL;
  g_autoptr (GPtrArray) orders = session != NULL && dd_subject_has (subject, DD_KIND_HANDOFF)
                                   ? dd_cases_new (DD_KIND_HANDOFF, session->tables->keys)
                                   : g_ptr_array_new ();
  Thread threads[THREADS];
  gpointer each[THREADS];

  if (session == NULL)
    return;
  dd_session_run (session, ask_first, questions);
  for (guint i = 0; i < THREADS; i++)
    {
      threads[i] = (Thread){ questions, orders, i };
      each[i] = &threads[i];
    }
  dd_session_run_each (session, ask_from_thread, each, THREADS);
}

/* --- another process --- */

/* What an answer must not depend on. */
static void
move_elsewhere (void)
{
  dd_clock_move (AWAY_SECONDS);
  g_setenv ("TZ", "Pacific/Kiritimati", TRUE);
  g_setenv ("HOME", "/", TRUE);
  g_setenv ("LANG", "tr_TR.UTF-8", TRUE);
  g_setenv ("LC_ALL", "tr_TR.UTF-8", TRUE);
  setlocale (LC_ALL, "");
  if (chdir ("/") != 0)
    return;
}

void
dd_check_elsewhere (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  if (data != NULL)
    move_elsewhere ();

  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);
  g_autoptr (Questions) questions = session != NULL ? make_questions (session, FALSE) : NULL;

  if (session == NULL || !can_compare (trial, questions))
    return;
  dd_session_run (session, ask_first, questions);
  for (guint i = 0; i < questions->cases->len; i++)
    {
      const DdCase *asked = questions->cases->pdata[i];
      g_autofree char *what = g_strdup_printf ("%s, %s", dd_kind_name (asked->kind), asked->name);

      dd_trial_give (trial, what, questions->texts->pdata[i]);
    }
}
