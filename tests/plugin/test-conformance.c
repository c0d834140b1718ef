/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The conformance program: the shipped plugins pass, and each that breaks a rule is found out by the check
 * that is for it, and for the right reason.
 */
#include "fixture.h"
#include "json/json.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* One run of the program. */
typedef struct
{
  int status;
  char *output;
  char *complaint;
  DdJson *json; /* (nullable) */
} Run;

/* Room for every check on a machine that is busy, under sanitizers. */
#define DEADLINE "--deadline=20"

static void
run_clear (Run *run)
{
  g_free (run->output);
  g_free (run->complaint);
  g_clear_pointer (&run->json, dd_json_unref);
}

/* @arguments: NULL-terminated */
static void
run_program (Run *run, const char *path, const char *const *arguments)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status;

  g_ptr_array_add (all, (gpointer)PLUGIN_CHECK);
  g_ptr_array_add (all, (gpointer)path);
  g_ptr_array_add (all, (gpointer) "--runner=" RUNNER_PATH);
  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer)arguments[i]);
  g_ptr_array_add (all, NULL);
  g_spawn_sync (NULL, (char **)all->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &run->output, &run->complaint,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  run->status = WEXITSTATUS (status);
  run->json = dd_json_parse (run->output, strlen (run->output), NULL, NULL);
}

/* Of the check @name: its outcome ("" when it isn't there), and all its remarks. */
static char *
outcome_of (const Run *run, const char *name, char **out_remarks)
{
  g_autoptr (GString) remarks = g_string_new (NULL);
  const DdJsonNode *checks = dd_json_member (dd_json_root (run->json), "checks");
  const char *outcome = "";

  for (const DdJsonNode *check = dd_json_first (checks); check != NULL; check = dd_json_next (check))
    {
      const DdJsonNode *list = dd_json_member (check, "remarks");

      if (strcmp (dd_json_text (dd_json_member (check, "name")), name) != 0)
        continue;
      outcome = dd_json_text (dd_json_member (check, "outcome"));
      for (const DdJsonNode *remark = dd_json_first (list); remark != NULL; remark = dd_json_next (remark))
        g_string_append_printf (remarks, "%s\n", dd_json_text (dd_json_member (remark, "text")));
    }
  *out_remarks = g_string_free (g_steal_pointer (&remarks), FALSE);
  return g_strdup (outcome);
}

static void
assert_outcome (const Run *run, const char *name, const char *expected, const char *text)
{
  g_autofree char *remarks = NULL;
  g_autofree char *outcome = NULL;

  if (run->json == NULL)
    g_error ("no JSON: %s%s", run->output, run->complaint);
  outcome = outcome_of (run, name, &remarks);
  if (strcmp (outcome, expected) != 0 || strstr (remarks, text) == NULL)
    g_error ("check %s: \"%s\" instead of \"%s\" with \"%s\": %s", name, outcome, expected, text, remarks);
}

/* --- shipped ones --- */

static void
expect_conforming (const char *id, const char *const *arguments)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.plugin", PLUGIN_DIR, id);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  Run run = { 0 };

  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer)arguments[i]);
  g_ptr_array_add (all, (gpointer) "--runs=50");
  g_ptr_array_add (all, (gpointer)DEADLINE);
  g_ptr_array_add (all, NULL);
  run_program (&run, path, (const char *const *)all->pdata);
  if (run.status != 0)
    g_error ("%s: status %d\n%s%s", id, run.status, run.output, run.complaint);
  /* with real rows there is more to see than refusals */
  g_assert_null (strstr (run.output, "every input was refused"));
  run_clear (&run);
}

static void
test_catalogue (void)
{
  const char *const arguments[] = { "--dataset=charges=" SAMPLES_DIR "/charges.csv",
                                    "--dataset=tiers=" SAMPLES_DIR "/tiers.csv",
                                    "--dataset=costs=" SAMPLES_DIR "/costs.csv", NULL };

  expect_conforming ("pricing-catalogue", arguments);
}

/* Each over the catalogue's charges, which the program makes itself, with the sample rows of its own
 * datasets. */
static void
test_rules (gconstpointer data)
{
  const char *const *row = data;
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 1; row[i] != NULL; i++)
    g_ptr_array_add (arguments, g_strdup_printf ("--dataset=%s=%s/%s.csv", row[i], SAMPLES_DIR, row[i]));
  g_ptr_array_add (arguments, NULL);
  expect_conforming (row[0], (const char *const *)arguments->pdata);
}

/* Plugin and datasets, but those that it reads a part of: the program knows no columns that it doesn't. */
static const char *const rules[][5] = {
  { "pricing-commitment", "commitments" },
  { "pricing-location", "locations", "allowances" },
  { "pricing-promotion", "promotions" },
  { "pricing-guard", "floors" },
  { "pricing-tax", "taxes" },
  { "pricing-vendor", "vendor-parts", "vendor-costs", "markups" },
  { "pricing-contracted", "contracted", "contracted-tiers" },
};

static void
test_negotiated (void)
{
  expect_conforming ("pricing-negotiated", NULL);
}

static void
test_authority (void)
{
  const char *const arguments[] = { "--dataset=authority=" SAMPLES_DIR "/authority.csv", NULL };

  expect_conforming ("approval-authority", arguments);
}

static void
test_timed (void)
{
  expect_conforming ("negotiation-timed", NULL);
}

static void
test_spool (void)
{
  expect_conforming ("handoff-spool", NULL);
}

/* --- those that break a rule --- */

typedef struct
{
  const char *module;
  const char *misdeed; /* (nullable): the value of its option */
  const char *check;
  const char *outcome;
  const char *reason; /* part of it */
} Misfit;

static const Misfit misfits[] = {
  /* what the daemon itself would refuse or see */
  { "no-symbol", NULL, "load", "fail", "doesn't export dealdesk_plugin" },
  { "wrong-abi", NULL, "abi", "fail", "compile against this header" },
  { "short-struct", NULL, "tables", "fail", "24 bytes" },
  { "fail", NULL, "pricing-small", "fail", "didn't say why" },
  { "late", NULL, "pricing-small", "fail", "late" },
  { "liar", "charge-price", "pricing-small", "fail", "negative price" },
  { "liar", "charge-utf8", "pricing-small", "fail", "not UTF-8" },
  { "liar", "open", "open", "fail", "no licence" },
  { "abort", NULL, "pricing-empty", "fail", "no lines: the process crashed by signal 6, SIGABRT" },
  { "wild", NULL, "pricing-empty", "fail", "SIG" },
  { "quit", NULL, "pricing-empty", "fail", "it ended the process" },
  { "spin", NULL, "pricing-empty", "fail", "did not return" },
  { "hang", NULL, "pricing-empty", "fail", "did not return" },
  { "kill", NULL, "pricing-empty", "fail", "killed the process that it was started by" },
  { "scribble", NULL, "inputs", "fail", "it wrote to" },
  { "leak", NULL, "handles", "fail", "more files open" },
  { "unresolved", NULL, "load", "fail", "nowhere_defined" },
  { "unresolved", NULL, "exports", "warning", "helper" },
  /* what takes more than one call to see */
  { "misfit", "count", "repeated", "fail", "charge, line 0, id rental: it was" },
  { "misfit", "why-not", "repeated", "fail", "asked why rules didn't apply" },
  { "misfit", "count", "repeated-reopened", "fail", "must follow from the input" },
  { "misfit", "place", "repeated-elsewhere", "fail", "must follow from the input" },
  { "misfit", "day", "repeated-elsewhere", "fail", "charge, line 0, id rental: it was \"price " },
  { "misfit", "race", "threads", "fail", "from several threads" },
  { "misfit", "leak", "memory", "fail", "free what a call made" },
  { "misfit", "leak-open", "reopen", "fail", "close() must free" },
  { "misfit", "files", "handles", "fail", "more files open" },
  { "misfit", "keep-input", "kept", "fail", "of an earlier call" },
  { "misfit", "keep-option", "kept", "fail", "of an earlier call" },
  { "misfit", "beyond", "inputs", "fail", "past the end of the lines" },
  { "misfit", "stride", "appended", "fail", "dealdesk_line()" },
  { "misfit", "deaf", "cancelled-before", "fail", "after it was cancelled" },
  { "misfit", "deaf", "cancelled-midway", "fail", "after it was cancelled" },
  { "misfit", "long-message", "options", "fail", "past the end of the message" },
  { "misfit", "no-message", "options", "fail", "gave no message" },
  { "misfit", "outside", "runner", "fail", "in a runner" },
  { "misfit", "deny", "handoff-again", "fail", "what was delivered stays DELIVERED" },
};

/* Puts it beside a file that describes it. */
static char *
place (Fixture *fixture, const Misfit *misfit)
{
  const char *kinds = strcmp (misfit->module, "misfit") == 0 ? "pricing;handoff"
                      : strcmp (misfit->module, "liar") == 0 ? "pricing;approval;negotiation;handoff"
                      : strcmp (misfit->module, "hang") == 0 ? "pricing;handoff"
                                                             : "pricing";
  g_autofree char *text = g_strdup_printf (
    "Kinds=%s\nStage=base\n[Option does]\nType=text\nDefault=%s\n"
    "[Option number]\nType=integer\nDefault=1\n[Dataset things]\nColumns=thing key text;size integer\n",
    kinds, misfit->misdeed != NULL ? misfit->misdeed : "");

  fixture_add (fixture, misfit->module, text);
  return g_strdup_printf ("%s/%s.plugin", fixture->directory, misfit->module);
}

static void
test_misfit (Fixture *fixture, gconstpointer data)
{
  const Misfit *misfit = data;
  g_autofree char *path = place (fixture, misfit);
  gboolean hangs = g_str_equal (misfit->module, "late") || g_str_equal (misfit->module, "spin") ||
                   g_str_equal (misfit->module, "hang");
  const char *const arguments[] = { "--json", "--runs=5",    hangs ? "--deadline=0.5" : DEADLINE,
                                    "--only", misfit->check, NULL };
  Run run = { 0 };

  run_program (&run, path, arguments);
  assert_outcome (&run, misfit->check, misfit->outcome, misfit->reason);
  g_assert_cmpint (run.status, ==, strcmp (misfit->outcome, "fail") == 0 ? 1 : 0);
  run_clear (&run);
}

/* A plugin with no misdeed passes where the others are found out: so it is the misdeed that is found. */
static void
test_control (Fixture *fixture, gconstpointer data)
{
  const Misfit honest = { "misfit", "none", NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &honest);
  const char *const arguments[] = { "--json", "--runs=5", DEADLINE, NULL };
  Run run = { 0 };

  run_program (&run, path, arguments);
  for (guint i = 0; i < G_N_ELEMENTS (misfits); i++)
    if (strcmp (misfits[i].outcome, "fail") == 0)
      assert_outcome (&run, misfits[i].check, "pass", "");
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
}

/* --- what valgrind sees --- */

static void
test_valgrind (Fixture *fixture, gconstpointer data)
{
  const Misfit leaking = { "misfit", "leak", NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &leaking);
  const char *const arguments[] = { "--json", "--only=valgrind", NULL };
  g_autofree char *remarks = NULL;
  g_autofree char *outcome = NULL;
  Run run = { 0 };

  run_program (&run, path, arguments);
  outcome = outcome_of (&run, "valgrind", &remarks);
  if (strcmp (outcome, "skipped") == 0)
    g_test_skip (remarks);
  else
    assert_outcome (&run, "valgrind", "fail", "misfit.c");
  run_clear (&run);
}

/* --- the program itself --- */

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "--dataset=nonsense", "--dataset=nothing=/nowhere.csv",
                                       "--option=nothing=1", "--option=number=much",
                                       "--deadline=never",   "--runs=0",
                                       "--only=nothing" };
  const Misfit honest = { "misfit", "none", NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &honest);
  Run run = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *const arguments[] = { wrong[i], NULL };

      run_program (&run, path, arguments);
      g_assert_cmpint (run.status, ==, 2);
      g_assert_cmpstr (run.complaint, !=, "");
      g_assert_cmpstr (run.output, ==, "");
      run_clear (&run);
    }
  run_program (&run, "/nowhere", NULL);
  g_assert_cmpint (run.status, ==, 2);
  run_clear (&run);
}

static void
test_paths (Fixture *fixture, gconstpointer data)
{
  const Misfit honest = { "misfit", "none", NULL, NULL, NULL };
  g_autofree char *file = place (fixture, &honest);
  g_autofree char *module = g_strdup_printf ("%s/misfit.so", fixture->directory);
  const char *const paths[] = { file, module, fixture->directory };
  const char *const arguments[] = { "--json", "--only=abi", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      Run run = { 0 };

      run_program (&run, paths[i], arguments);
      assert_outcome (&run, "abi", "pass", "");
      g_assert_cmpint (run.status, ==, 0);
      run_clear (&run);
    }
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *module = g_strdup_printf ("%s/misfit.so", ZOO_DIR);
  const char *const arguments[] = { "--json", NULL };
  Run run = { 0 };

  run_program (&run, module, arguments);
  assert_outcome (&run, "manifest", "fail", "misfit.plugin isn't there");
  assert_outcome (&run, "load", "skipped", "manifest");
  g_assert_cmpint (run.status, ==, 1);
  run_clear (&run);
}

static void
test_bad_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("%s/misfit.plugin", fixture->directory);
  const char *const arguments[] = { "--json", NULL };
  Run run = { 0 };

  fixture_write (fixture, "misfit.plugin",
                 "[Plugin]\nId=misfit\nModule=misfit.so\nAbi=1\nKinds=pricing\nStage=never\n");
  fixture_link (fixture, "misfit.so", ZOO_DIR "/misfit.so");
  run_program (&run, path, arguments);
  assert_outcome (&run, "manifest", "fail", "Stage=");
  g_assert_cmpint (run.status, ==, 1);
  run_clear (&run);
}

static void
run_bad_file (Fixture *fixture, const char *text, const char *reason)
{
  g_autofree char *path = g_strdup_printf ("%s/misfit.plugin", fixture->directory);
  const char *const arguments[] = { "--json", "--only=manifest", NULL };
  Run run = { 0 };

  fixture_write (fixture, "misfit.plugin", text);
  run_program (&run, path, arguments);
  assert_outcome (&run, "manifest", "fail", reason);
  g_assert_cmpint (run.status, ==, 1);
  run_clear (&run);
}

static void
test_own_datasets (Fixture *fixture, gconstpointer data)
{
  fixture_link (fixture, "misfit.so", ZOO_DIR "/misfit.so");
  run_bad_file (fixture,
                "[Plugin]\nId=misfit\nModule=misfit.so\nAbi=1\nKinds=pricing\nStage=base\n"
                "[Dataset offerings]\nColumns=offering key text;name text\n",
                "dataset offerings is dealdesk's own, with key id;");
}

/* What is wrong is told with the author's names. */
static void
test_messages (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing =
    g_strdup_printf ("%s/nowhere.so isn't there: build it first", fixture->directory);

  run_bad_file (fixture, "[Plugin]\nId=misfit\nModule=nowhere.so\nAbi=1\nKinds=pricing\nStage=base\n",
                missing);
  run_bad_file (fixture, "[Plugin]\nId=misfit\nModule=misfit.so\nAbi=1\nKinds=pricing\nStage=never\n",
                "Stage= is \"never\"");
  run_bad_file (fixture, "[Plugin]\nId=other\nModule=misfit.so\nAbi=1\nKinds=pricing\nStage=base\n",
                "Id= is \"other\" and its file is misfit.plugin");
  run_bad_file (fixture, "[Plugin]\nId=misfit\nModule=misfit.so\nAbi=2\nKinds=pricing\nStage=base\n",
                "this dealdesk has ABI 1");
  run_bad_file (fixture,
                "[Plugin]\nId=misfit\nModule=misfit.so\nAbi=1\nKinds=pricing\nStage=base\n"
                "[Option rate]\nType=percent\nDefault=much\n",
                "12.5%");
}

/* One line says what all that follow have in common. */
static void
test_skips (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("%s/misfit.plugin", fixture->directory);
  Run run = { 0 };

  fixture_write (fixture, "misfit.plugin", "[Plugin]\n");
  run_program (&run, path, NULL);
  g_assert_nonnull (strstr (run.output, "more checks not tried, since manifest failed"));
  g_assert_null (strstr (run.output, "handles"));
  g_assert_cmpstr (run.complaint, ==, "");
  run_clear (&run);
}

static void
test_umask (Fixture *fixture, gconstpointer data)
{
  const Misfit honest = { "misfit", "none", NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &honest);
  const char *const arguments[] = { "--json", "--only=open", "--only=runner", NULL };
  const mode_t masks[] = { 0002, 0000, 0077 };

  for (guint i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      mode_t before = umask (masks[i]);
      Run run = { 0 };

      run_program (&run, path, arguments);
      umask (before);
      assert_outcome (&run, "open", "pass", "");
      assert_outcome (&run, "runner", "pass", "");
      g_assert_cmpint (run.status, ==, 0);
      run_clear (&run);
    }
}

static void
test_only (Fixture *fixture, gconstpointer data)
{
  const Misfit honest = { "misfit", "none", NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &honest);
  const char *const arguments[] = { "--json", "--only=pricing", "--only=rights", DEADLINE, NULL };
  const char *const unknown[] = { "--only=nothing", NULL };
  Run run = { 0 };
  g_autofree char *remarks = NULL;
  g_autofree char *outcome = NULL;

  run_program (&run, path, arguments);
  assert_outcome (&run, "rights", "pass", "");
  assert_outcome (&run, "pricing-empty", "pass", "");
  assert_outcome (&run, "pricing-datasets", "pass", "");
  outcome = outcome_of (&run, "handoff-small", &remarks);
  g_assert_cmpstr (outcome, ==, "");
  run_clear (&run);
  run_program (&run, path, unknown);
  g_assert_nonnull (strstr (run.complaint, "manifest, rights, load, abi"));
  run_clear (&run);
}

/* It hangs in each call: two checks wait for it, the others don't. */
static void
test_hanging (Fixture *fixture, gconstpointer data)
{
  const Misfit hanging = { "hang", NULL, NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &hanging);
  const char *const arguments[] = { "--json", "--only=pricing", "--only=repeated", "--deadline=0.2", NULL };
  Run run = { 0 };

  run_program (&run, path, arguments);
  assert_outcome (&run, "pricing-empty", "fail", "did not return");
  assert_outcome (&run, "pricing-small", "fail", "did not return");
  assert_outcome (&run, "pricing-huge", "skipped", "not tried, since pricing-empty never returned");
  assert_outcome (&run, "repeated", "skipped", "never returned");
  g_assert_cmpint (run.status, ==, 1);
  run_clear (&run);
}

static void
test_rights (Fixture *fixture, gconstpointer data)
{
  const Misfit honest = { "misfit", "none", NULL, NULL, NULL };
  g_autofree char *path = place (fixture, &honest);
  const char *const arguments[] = { "--json", "--only=open", NULL };
  Run run = { 0 };

  g_assert_cmpint (chmod (fixture->directory, 0777), ==, 0);
  run_program (&run, path, arguments);
  assert_outcome (&run, "rights", "warning", "can be written by others");
  assert_outcome (&run, "open", "pass", "");
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conformance/the-catalogue-conforms", test_catalogue);
  g_test_add_func ("/conformance/the-negotiated-stage-conforms", test_negotiated);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *path = g_strdup_printf ("/conformance/%s-conforms", rules[i][0]);

      g_test_add_data_func (path, rules[i], test_rules);
    }
  g_test_add_func ("/conformance/standing-authority-conforms", test_authority);
  g_test_add_func ("/conformance/timed-negotiation-conforms", test_timed);
  g_test_add_func ("/conformance/the-spool-conforms", test_spool);
  for (guint i = 0; i < G_N_ELEMENTS (misfits); i++)
    {
      const Misfit *misfit = &misfits[i];
      g_autofree char *name = g_strdup_printf ("/conformance/finds-%s%s%s-by-%s", misfit->module,
                                               misfit->misdeed != NULL ? "-" : "",
                                               misfit->misdeed != NULL ? misfit->misdeed : "", misfit->check);

      g_test_add (name, Fixture, misfit, fixture_set_up, test_misfit, fixture_tear_down);
    }
  fixture_test ("/conformance/finds-nothing-where-nothing-is-wrong", test_control);
  fixture_test ("/conformance/valgrind-names-the-place", test_valgrind);
  fixture_test ("/conformance/wrong-usage-has-its-own-status", test_usage);
  fixture_test ("/conformance/takes-module-file-or-directory", test_paths);
  fixture_test ("/conformance/a-module-without-its-file-fails", test_no_file);
  fixture_test ("/conformance/a-file-that-is-wrong-fails", test_bad_file);
  fixture_test ("/conformance/rights-are-a-warning", test_rights);
  fixture_test ("/conformance/finds-a-clash-with-own-datasets", test_own_datasets);
  fixture_test ("/conformance/what-is-wrong-in-a-file-is-quoted", test_messages);
  fixture_test ("/conformance/what-cannot-be-tried-is-one-line", test_skips);
  fixture_test ("/conformance/the-umask-does-not-matter", test_umask);
  fixture_test ("/conformance/makes-those-that-are-asked-for", test_only);
  fixture_test ("/conformance/does-not-wait-for-what-hangs-again-and-again", test_hanging);
  return g_test_run ();
}
