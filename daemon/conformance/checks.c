/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The table of checks, and running them (see checks.h). The main thread.
 */
#include "checks.h"
#include "drive.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Beyond what a check plans to take, for a machine that is busy. */
#define SLACK_SECONDS 60

typedef struct
{
  const char *name;
  const char *claim;
  DdTrialFunc func;
  int kind;          /* DdKind or DD_ANY_KIND */
  DdCaseGroup group; /* of answers.c */
  guint seconds;
} Check;

#define ANSWERS(kind_name, KIND, small, huge)                                                                 \
  { kind_name "-empty", "answers an empty input", dd_check_answers, KIND, DD_GROUP_EMPTY, 0 },                \
    { kind_name "-small", "answers " small, dd_check_answers, KIND, DD_GROUP_SMALL, 10 },                     \
    { kind_name "-huge", "answers " huge " within the deadline", dd_check_answers, KIND, DD_GROUP_HUGE, 20 }, \
    { kind_name "-hostile", "answers odd texts, extreme numbers and unknown names",                           \
      dd_check_answers,     KIND,                                                                             \
      DD_GROUP_HOSTILE,     20 },                                                                             \
    { kind_name "-dates", "answers at the limits of time", dd_check_answers, KIND, DD_GROUP_DATES, 10 },      \
  {                                                                                                           \
    kind_name "-datasets", "answers with empty datasets and with extreme values in them", dd_check_answers,   \
      KIND, DD_GROUP_DATA, 10                                                                                 \
  }

static const Check checks[] = {
  { "load", "maps with all symbols resolved, and exports dealdesk_plugin", dd_check_load, DD_ANY_KIND, 0, 0 },
  { "abi", "is built for this ABI", dd_check_abi, DD_ANY_KIND, 0, 0 },
  { "tables", "sizes of its tables, id, version and kinds agree with its file", dd_check_tables, DD_ANY_KIND,
    0, 0 },
  { "exports", "exports nothing else", dd_check_exports, DD_ANY_KIND, 0, 0 },
  { "open", "opens with its options", dd_check_open, DD_ANY_KIND, 0, 0 },
  { "reopen", "opens and closes a hundred times, and keeps nothing", dd_check_reopen, DD_ANY_KIND, 0, 20 },
  { "options", "opens with any value of its options, or says why it can't", dd_check_options, DD_ANY_KIND, 0,
    20 },
  ANSWERS ("pricing", DD_KIND_PRICING, "12 lines", "10,000 lines"),
  ANSWERS ("approval", DD_KIND_APPROVAL, "a proposal's measures", "1,000 measures"),
  ANSWERS ("negotiation", DD_KIND_NEGOTIATION, "short histories", "10,000 offers"),
  ANSWERS ("handoff", DD_KIND_HANDOFF, "an order", "an order of 4 MiB"),
  { "handoff-again", "keeps to its answer when the same order comes again", dd_check_order_again,
    DD_KIND_HANDOFF, 0, 0 },
  { "repeated", "answers the same to the same input", dd_check_repeated, DD_ANY_KIND, 0, 40 },
  { "repeated-reopened", "answers the same after it was closed and opened", dd_check_reopened, DD_ANY_KIND, 0,
    20 },
  { "repeated-elsewhere", "answers the same in another process, folder, language and time zone",
    dd_check_elsewhere, DD_ANY_KIND, 0, 20 },
  { "threads", "answers the same from four threads at once", dd_check_threads, DD_ANY_KIND, 0, 30 },
  { "inputs", "reads its inputs within their bounds, and never writes to them", dd_check_untouched,
    DD_ANY_KIND, 0, 30 },
  { "kept", "keeps no pointer from open() or an earlier call", dd_check_kept, DD_ANY_KIND, 0, 20 },
  { "appended", "answers the same when a later daemon's structs have more fields", dd_check_appended,
    DD_ANY_KIND, 0, 20 },
  { "cancelled-before", "returns soon when it is cancelled from the start", dd_check_cancelled_before,
    DD_ANY_KIND, 0, 20 },
  { "cancelled-midway", "returns soon when it is cancelled halfway", dd_check_cancelled_midway, DD_ANY_KIND,
    0, 40 },
  { "runner", "answers the same in a confined process of its own", dd_check_runner, DD_ANY_KIND, 0, 60 },
  { "memory", "keeps no memory from call to call", dd_check_memory, DD_ANY_KIND, 0, 40 },
  { "handles", "keeps no files and threads from call to call", dd_check_handles, DD_ANY_KIND, 0, 20 },
  { "valgrind", "uses memory as valgrind holds right", dd_check_valgrind, DD_ANY_KIND, 0, 240 },
};

/* --- checks without code of the plugin --- */

static void
check_manifest (const DdSubject *subject, DdReport *report, gboolean quiet)
{
  DdResult *result = dd_result_new ("manifest", "its file NAME.plugin is there and right");

  if (subject->manifest == NULL)
    dd_result_add (result, DD_OUTCOME_FAIL, subject->unread);
  dd_report_add (report, result, quiet);
}

/* An author's own folder may have any rights; where the daemon looks they must be right. */
static void
check_rights (const DdSubject *subject, DdReport *report, gboolean quiet)
{
  DdResult *result = dd_result_new ("rights", "nobody else can write its files");
  g_autoptr (GError) error = NULL;

  if (!dd_rights_check (subject->manifest_path, &error) ||
      (subject->module_path != NULL && !dd_rights_check (subject->module_path, &error)))
    dd_result_add (result, DD_OUTCOME_WARN, error->message);
  dd_report_add (report, result, quiet);
}

/* --- checks in children --- */

static void
compare_given (DdResult *result, GHashTable *here, GHashTable *elsewhere)
{
  GHashTableIter iterator;
  gpointer what;
  gpointer answer;

  g_hash_table_iter_init (&iterator, here);
  while (g_hash_table_iter_next (&iterator, &what, &answer))
    {
      const char *other = g_hash_table_lookup (elsewhere, what);
      /* a digest leads */
      g_autofree char *difference =
        other != NULL && strcmp (other, answer) != 0
          ? dd_answer_compare (strchr (answer, '\t') + 1, strchr (other, '\t') + 1)
          : NULL;
      g_autofree char *text = NULL;

      if (other == NULL || strcmp (other, answer) == 0)
        continue;
      text =
        g_strdup_printf ("%s: %s; the answer must follow from the input, the options and the datasets alone",
                         (const char *)what, difference != NULL ? difference : "its end is another");
      dd_result_add (result, DD_OUTCOME_FAIL, text);
    }
}

/* Twice: the other time elsewhere, and past the second in which the first was. */
static void
run_elsewhere (DdResult *result, const Check *check, const DdSubject *subject, guint seconds)
{
  g_autoptr (GHashTable) here = NULL;
  g_autoptr (GHashTable) elsewhere = NULL;

  dd_trial_run (result, check->func, subject, NULL, seconds, &here);
  if (dd_result_outcome (result) == DD_OUTCOME_PASS)
    {
      g_usleep (1100 * 1000);
      dd_trial_run (result, check->func, subject, check, seconds, &elsewhere);
    }
  if (elsewhere != NULL && dd_result_outcome (result) == DD_OUTCOME_PASS)
    compare_given (result, here, elsewhere);
}

static DdOutcome
run_check (const Check *check, const DdSubject *subject, DdReport *report, gboolean quiet)
{
  DdResult *result = dd_result_new (check->name, check->claim);
  DdAnswersOf of = { check->kind == DD_ANY_KIND ? 0 : (DdKind)check->kind, check->group };
  /* several calls may each take their whole deadline */
  guint seconds = check->seconds + SLACK_SECONDS + (guint)(4 * subject->deadline_usec / G_USEC_PER_SEC);

  if (check->func == dd_check_elsewhere)
    run_elsewhere (result, check, subject, seconds);
  else
    dd_trial_run (result, check->func, subject, &of, seconds, NULL);

  DdOutcome outcome = dd_result_outcome (result);

  dd_report_add (report, result, quiet);
  return outcome;
}

static void
skip_check (const Check *check, DdReport *report, gboolean quiet, const char *failed)
{
  DdResult *result = dd_result_new (check->name, check->claim);
  g_autofree char *text = g_strdup_printf ("not tried, since %s failed", failed);

  dd_result_add (result, DD_OUTCOME_SKIP, text);
  dd_report_add (report, result, quiet);
}

/* Those without which nothing that follows can be tried. */
static gboolean
is_needed (const Check *check)
{
  return check->func == dd_check_load || check->func == dd_check_abi || check->func == dd_check_tables ||
         check->func == dd_check_open;
}

gboolean
dd_checks_know (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (strcmp (checks[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted (const Check *check, const DdSubject *subject)
{
  if (subject->only != NULL && !g_strv_contains ((const char *const *)subject->only, check->name))
    return FALSE;
  return check->kind == DD_ANY_KIND || subject->manifest == NULL ||
         dd_subject_has (subject, (DdKind)check->kind);
}

void
dd_checks_run (const DdSubject *subject, DdReport *report, gboolean quiet)
{
  const char *failed = subject->manifest == NULL ? "manifest" : NULL;

  check_manifest (subject, report, quiet);
  if (failed == NULL)
    check_rights (subject, report, quiet);
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      const Check *check = &checks[i];

      if (!is_wanted (check, subject))
        continue;
      if (failed != NULL)
        {
          skip_check (check, report, quiet, failed);
          continue;
        }
      if (run_check (check, subject, report, quiet) == DD_OUTCOME_FAIL && is_needed (check))
        failed = check->name;
    }
}

/* --- without children --- */

static void
call_once (DdSession *session, gpointer data)
{
  const GPtrArray *cases = data;
  DdAnswer answer = { 0 };

  for (guint i = 0; i < cases->len; i++)
    {
      const DdCase *asked = cases->pdata[i];

      if (asked->group != DD_GROUP_HUGE)
        dd_drive_host (session, asked, &answer);
    }
  dd_answer_clear (&answer);
}

gboolean
dd_checks_call_few (const DdSubject *subject)
{
  DdTrial nowhere = { open ("/dev/null", O_WRONLY | O_CLOEXEC) };
  DdSession *session = dd_session_new (&nowhere, subject, 1);
  gboolean loaded = session != NULL;

  for (DdKind kind = 0; loaded && kind < DD_N_KINDS; kind++)
    {
      g_autoptr (GPtrArray) cases = NULL;

      if (!dd_subject_has (subject, kind))
        continue;
      cases = dd_cases_new (kind, session->tables->keys);
      dd_session_run (session, call_once, cases);
    }
  if (loaded)
    dd_session_free (session);
  close (nowhere.pipe);
  return loaded;
}
