/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The table of checks, and running them (see checks.h). The main thread.
 */
#include "checks/checks.h"
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
  { "repeated-elsewhere", "answers the same in another process, year, folder, language and time zone",
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

/* Twice: the other time elsewhere, and, for clocks that can't be moved, past the second of the first. */
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

/* (transfer none): @report has it */
static const DdResult *
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
  dd_report_add (report, result, quiet);
  return result;
}

/* --- those that aren't tried --- */

/* After so many checks in which a call of one kind never returned, others would only wait, too. */
#define MAX_HUNG 2

typedef struct
{
  const char *failed;           /* (nullable): the check without which nothing that follows can be tried */
  const char *hung;             /* (nullable): the first in which a call never returned */
  guint n_hung[DD_N_KINDS + 1]; /* of each kind; the last: in checks of any kind */
  guint n_after_failed;
  guint n_after_hung;
} Skips;

/* What asks all kinds meets the one that hangs. */
static gboolean
would_hang (const Skips *skips, const Check *check)
{
  guint n_hung = check->kind == DD_ANY_KIND ? 0 : skips->n_hung[check->kind];

  for (guint kind = 0; check->kind == DD_ANY_KIND && kind <= DD_N_KINDS; kind++)
    n_hung += skips->n_hung[kind];
  return n_hung >= MAX_HUNG;
}

static void
note_result (Skips *skips, const Check *check, const DdResult *result, gboolean needed)
{
  if (needed && dd_result_outcome (result) == DD_OUTCOME_FAIL)
    skips->failed = check->name;
  if (!result->hung)
    return;
  skips->n_hung[check->kind == DD_ANY_KIND ? DD_N_KINDS : check->kind]++;
  if (skips->hung == NULL)
    skips->hung = check->name;
}

/* FALSE: it is to be made. Nothing is printed: one line at the end tells of all. */
static gboolean
skip_check (Skips *skips, const Check *check, DdReport *report)
{
  g_autofree char *text = NULL;
  DdResult *result;

  if (skips->failed != NULL)
    {
      text = g_strdup_printf ("not tried, since %s failed", skips->failed);
      skips->n_after_failed++;
    }
  else if (would_hang (skips, check))
    {
      text = g_strdup_printf ("not tried, since %s never returned", skips->hung);
      skips->n_after_hung++;
    }
  else
    return FALSE;
  result = dd_result_new (check->name, check->claim);
  dd_result_add (result, DD_OUTCOME_SKIP, text);
  dd_report_add (report, result, TRUE);
  return TRUE;
}

static void
print_skips (guint n, const char *name, const char *what)
{
  if (n > 0)
    g_print ("skip  %u more check%s not tried, since %s %s\n", n, n == 1 ? "" : "s", name, what);
}

/* --- which --- */

/* Those without which nothing that follows can be tried. */
static gboolean
is_needed (const Check *check)
{
  return check->func == dd_check_load || check->func == dd_check_abi || check->func == dd_check_tables ||
         check->func == dd_check_open;
}

/* These are made always. */
static const char *const first_names[] = { "manifest", "rights" };

static gboolean
is_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (first_names); i++)
    if (strcmp (first_names[i], name) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (strcmp (checks[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

/* A whole name means that check alone. */
static gboolean
is_meant (const char *name, const char *asked)
{
  return is_name (asked) ? strcmp (name, asked) == 0 : asked[0] != '\0' && g_str_has_prefix (name, asked);
}

gboolean
dd_checks_know (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (is_meant (checks[i].name, name))
      return TRUE;
  return is_name (name);
}

char *
dd_checks_list (void)
{
  GString *list = g_string_new ("manifest, rights");

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    g_string_append_printf (list, ", %s", checks[i].name);
  return g_string_free (list, FALSE);
}

static gboolean
is_wanted (const Check *check, const DdSubject *subject)
{
  gboolean meant = subject->only == NULL;

  for (guint i = 0; !meant && subject->only[i] != NULL; i++)
    meant = is_meant (check->name, subject->only[i]);
  if (!meant)
    return FALSE;
  return check->kind == DD_ANY_KIND || subject->manifest == NULL ||
         dd_subject_has (subject, (DdKind)check->kind);
}

void
dd_checks_run (const DdSubject *subject, DdReport *report, gboolean quiet)
{
  Skips skips = { .failed = subject->manifest == NULL ? "manifest" : NULL };

  check_manifest (subject, report, quiet);
  if (skips.failed == NULL)
    check_rights (subject, report, quiet);
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      const Check *check = &checks[i];

      if (!is_wanted (check, subject) || skip_check (&skips, check, report))
        continue;
      note_result (&skips, check, run_check (check, subject, report, quiet), is_needed (check));
    }
  if (quiet)
    return;
  print_skips (skips.n_after_failed, skips.failed, "failed");
  print_skips (skips.n_after_hung, skips.hung, "never returned");
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
