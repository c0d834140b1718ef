/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks that whatever is asked, the answer is one that the daemon can use. A child's main thread; calls on
 * the host's.
 */
#include "checks/checks.h"
#include "drive.h"

typedef struct
{
  const DdCase *asked;
  DdAnswer answer;
} Ask;

static void
ask (DdSession *session, gpointer data)
{
  Ask *ask = data;

  dd_drive_host (session, ask->asked, &ask->answer);
}

static void
tell_time (DdTrial *trial, const Ask *ask)
{
  dd_trial_note (trial, "%s: %" G_GINT64_FORMAT ".%03d ms%s", ask->asked->name, ask->answer.usec / 1000,
                 (int)(ask->answer.usec % 1000), ask->answer.refused ? ", refused" : "");
}

/* @asked for people: with the values that make it extreme. (transfer full) */
static char *
describe (const DdSession *session, const DdCase *asked)
{
  g_autofree char *values =
    asked->world >= DD_WORLD_ODD ? dd_tables_describe (session->tables, asked->world, asked->key) : NULL;

  return values != NULL ? g_strdup_printf ("%s (%s)", asked->name, values) : g_strdup (asked->name);
}

void
dd_check_answers (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  const DdAnswersOf *of = data;
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);
  g_autoptr (GPtrArray) cases = session != NULL ? dd_cases_new (of->kind, session->tables->keys) : NULL;
  g_autofree char *refusal = NULL;
  guint n_answered = 0;

  for (guint i = 0; session != NULL && i < cases->len; i++)
    {
      Ask one = { .asked = cases->pdata[i] };
      g_autofree char *name = NULL;

      if (one.asked->group != of->group)
        continue;
      name = describe (session, one.asked);
      dd_trial_at (trial, "%s, %s", dd_kind_name (of->kind), name);
      dd_session_run (session, ask, &one);
      if (one.answer.fault != NULL)
        dd_trial_fail (trial, "%s: %s", name, one.answer.fault);
      else if (of->group == DD_GROUP_HUGE)
        tell_time (trial, &one);
      n_answered += !one.answer.refused;
      if (one.answer.refused && refusal == NULL)
        refusal = g_strchomp (g_strdup (one.answer.text));
      dd_answer_clear (&one.answer);
    }
  if (of->group == DD_GROUP_SMALL && n_answered == 0 && refusal != NULL)
    dd_trial_warn (
      trial,
      "every input was refused, so that little more is tested than that; the first: %s; give rows that "
      "it can use with --dataset NAME=FILE.csv, or --option NAME=VALUE",
      refusal);
}
