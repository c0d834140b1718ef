/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The check in a runner: confined to a process of its own, as plugins of others run by default, it answers as
 * it does in the daemon. A child's main thread; calls on the host's.
 */
#include "checks/checks.h"
#include "drive.h"

#include <string.h>
#include <unistd.h>

typedef struct
{
  GPtrArray *lists; /* of cases, one a kind */
  GPtrArray *texts; /* the answers to all of them, in order */
} Script;

typedef void (*Visit) (DdSession *session, Script *script, const DdCase *asked, guint index);

static void
visit_all (DdSession *session, Script *script, Visit visit)
{
  guint index = 0;

  for (guint i = 0; i < script->lists->len; i++)
    {
      const GPtrArray *cases = script->lists->pdata[i];

      for (guint j = 0; j < cases->len; j++, index++)
        {
          const DdCase *asked = cases->pdata[j];

          dd_trial_at (session->trial, "%s, %s", dd_kind_name (asked->kind), asked->name);
          visit (session, script, asked, index);
        }
    }
}

/* Of an order only the outcome counts: each has another key. */
static char *
compare (const DdCase *asked, const char *here, const char *there)
{
  gsize length = strcspn (here, ":");

  if (asked->kind != DD_KIND_HANDOFF)
    return dd_answer_compare (here, there);
  if (length == strcspn (there, ":") && strncmp (here, there, length) == 0)
    return NULL;
  return g_strdup_printf ("in the daemon %.*s, there %.*s", (int)strcspn (here, "\n"), here,
                          (int)strcspn (there, "\n"), there);
}

/* What this plugin may do in a runner. (transfer full) */
static char *
describe_rights (const DdSubject *subject)
{
  const GPtrArray *options = subject->manifest->options;
  GString *text = g_string_new ("there it can read its own directory and the system's libraries");
  guint n = 0;

  for (guint i = 0; i < options->len; i++)
    {
      const DdOptionSpec *spec = options->pdata[i];

      if (spec->type == DD_OPTION_DIRECTORY)
        g_string_append_printf (text, "%s%s", n++ == 0 ? ", write to the directory of option " : " and of ",
                                spec->name);
    }
  g_string_append (text, subject->network ? ", use the network, since its file says Network=yes,"
                         : n > 0          ? ","
                                          : "");
  g_string_append (text, " and do nothing else");
  return g_string_free (text, FALSE);
}

static void
note_answer (DdSession *session, Script *script, const DdCase *asked, guint index)
{
  DdAnswer answer = { 0 };

  dd_drive_host (session, asked, &answer);
  g_ptr_array_add (script->texts, g_steal_pointer (&answer.text));
  dd_answer_clear (&answer);
}

static void
compare_answer (DdSession *session, Script *script, const DdCase *asked, guint index)
{
  DdAnswer answer = { 0 };
  g_autofree char *difference = NULL;

  dd_drive_host (session, asked, &answer);
  difference = compare (asked, script->texts->pdata[index], answer.text);
  if (answer.fault != NULL)
    dd_trial_fail (session->trial, "%s, in a runner: %s", asked->name, answer.fault);
  else if (difference != NULL)
    {
      g_autofree char *rights = describe_rights (session->subject);

      dd_trial_fail (session->trial, "%s, %s, in a runner: %s; %s", dd_kind_name (asked->kind), asked->name,
                     difference, rights);
    }
  dd_answer_clear (&answer);
}

static void
note_answers (DdSession *session, gpointer data)
{
  visit_all (session, data, note_answer);
}

static void
compare_answers (DdSession *session, gpointer data)
{
  visit_all (session, data, compare_answer);
}

static void
ask_here (DdTrial *trial, const DdSubject *subject, Script *script)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  for (DdKind kind = 0; session != NULL && kind < DD_N_KINDS; kind++)
    if (dd_subject_has (subject, kind))
      g_ptr_array_add (script->lists, dd_cases_new (kind, session->tables->keys));
  if (session != NULL)
    dd_session_run (session, note_answers, script);
}

static void
ask_there (DdTrial *trial, const DdSubject *subject, Script *script)
{
  g_autoptr (DdSession) session = dd_session_new_isolated (trial, subject);

  if (session != NULL)
    dd_session_run (session, compare_answers, script);
}

void
dd_check_runner (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Script script = { lists, texts };

  if (access (subject->runner, X_OK) != 0)
    {
      dd_trial_skip (trial, "there is no runner at %s: name one with --runner", subject->runner);
      return;
    }
  ask_here (trial, subject, &script);
  if (lists->len > 0)
    ask_there (trial, subject, &script);
}
