/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whatever a runner says instead of an answer costs its own call, and nothing else.
 */
#include "fixture-runner.h"

#include <signal.h>
#include <string.h>

#include "host-private.h"
#include "remote/remote-private.h"

typedef struct
{
  const char *lie;
  const char *says;
} Row;

static const Row at_start[] = {
  { "garbage-for-hello", "is no frame" },
  { "exits-at-hello", "ended with status 3" },
  { "refuses", "today" },
  { "other-protocol", "another release" },
  { "other-kinds", "other kinds" },
  { "other-dedupe", "unknown way, 7" },
  { "no-version", "no version" },
  { "long-version", "no version" },
  { "version-beyond-the-texts", "no version" },
  { "answer-instead-of-ready", "began with a frame" },
};

static const Row in_a_call[] = {
  { "text-beyond-the-texts", "an answer that is none" },
  { "line-beyond-the-lines", "on line 7 of 1" },
  { "type-beyond-the-types", "unknown type" },
  { "short-struct", "a charge of 8 bytes" },
  { "unknown-operation", "an answer that is none" },
  { "cut-operation", "an answer that is none" },
  { "not-utf-8", "not UTF-8" },
  { "too-much", "more than 128 MiB" },
  { "no-answer-record", "an answer that is none" },
  { "another-serial", "isn't the answer" },
  { "ready-instead-of-answer", "isn't the answer" },
  { "farewell-for-ever", "isn't the answer" },
  { "garbage", "is no frame" },
  { "long-frame", "4294967295 bytes" },
  { "unknown-frame", "is no frame" },
  { "body-without-head", "no head" },
  { "parts-that-do-not-add-up", "its parts are" },
  { "cut-frame", "ended with status 0" },
  { "closes", "closed the connection" },
  { "exits", "ended with status 7" },
  { "flood", "" },
  { "descriptor", "a descriptor" },
};

static void
start_with_lie (Fixture *fixture, const char *lie)
{
  g_autofree char *text =
    g_strdup_printf ("Kinds=pricing\nStage=base\n[Option lie]\nType=text\nDefault=%s\n", lie);

  fixture->runner_path = FAKE_RUNNER;
  fixture_add_isolated (fixture, "alpha", text);
  fixture_start (fixture, FALSE);
}

static void
is_refused (gconstpointer data)
{
  const Row *row = data;
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  start_with_lie (&fixture, row->lie);

  g_autofree char *state = fixture_state (&fixture, "alpha");

  g_assert_true (g_str_has_prefix (state, "refused: "));
  g_assert_true (g_utf8_validate (state, -1, NULL));
  if (strstr (state, row->says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", state, row->says);
  fixture_tear_down (&fixture, NULL);
}

static void
costs_its_call (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  start_with_lie (&fixture, row->lie);

  /* a process for each call, until three faults in a row are enough */
  for (guint i = 0; i < 3; i++)
    {
      g_assert_null (fixture_price (&fixture, proposal, &error));
      assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin alpha", row->says, NULL);
    }
  g_assert_null (fixture_price (&fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "is failing and rests", NULL);
  fixture_tear_down (&fixture, NULL);
}

/* The same program without a lie: so it is the lies that are found. */
static void
an_honest_answer_is_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;

  start_with_lie (fixture, "none");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answers->charges->len, ==, 0);
    }
}

static void
take_fault (const DdPluginDetail *detail, gpointer data)
{
  *(char **)data = g_strdup (detail->last_fault != NULL ? detail->last_fault : "");
}

static void
an_answer_to_nothing_is_a_fault (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = NULL;

  start_with_lie (fixture, "answers-twice");
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "its process said", NULL);

  /* one fault doesn't stop it, and isn't forgotten */
  g_autofree char *state = fixture_state (fixture, "alpha");
  g_autofree char *fault = NULL;

  g_assert_cmpstr (state, ==, "enabled: ");
  g_assert_true (dd_host_describe (fixture->host, "alpha", take_fault, &fault, NULL));
  g_assert_nonnull (strstr (fault, "its process said"));
}

static void
another_module_is_a_fault (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = NULL;

  start_with_lie (fixture, "another-module-each-time");
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  fixture_kill (fixture, "alpha");
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "its module is another now", NULL);
}

static void
a_frame_that_never_ends_is_not_waited_for (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;

  fixture->deadline_usec = 100 * 1000;
  fixture->grace_usec = 4 * G_USEC_PER_SEC;
  start_with_lie (fixture, "half-a-frame");
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "didn't answer in time", NULL);
}

/* What it says isn't even looked at. */
static void
a_late_answer_is_late_whatever_it_says (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;

  fixture->deadline_usec = 100 * 1000;
  fixture->grace_usec = 60 * G_USEC_PER_SEC;
  start_with_lie (fixture, "late");
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "it was late", NULL);
}

static void
the_memory_of_a_large_answer_is_given_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = NULL;

  start_with_lie (fixture, "large");
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);

  const DdPlugin *plugin = fixture->host->plugins->pdata[0];

  g_assert_cmpuint (plugin->remote->answer.body.capacity, <=, DD_WIRE_KEPT_BYTES);
}

static void
add_rows (const char *area, const Row *rows, guint n_rows, GTestDataFunc function)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/fake-runner/%s/%s", area, rows[i].lie);

      g_test_add_data_func (path, &rows[i], function);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/fake-runner/an-honest-answer-is-taken", an_honest_answer_is_taken);
  add_rows ("refused-at-start", at_start, G_N_ELEMENTS (at_start), is_refused);
  add_rows ("costs-its-call", in_a_call, G_N_ELEMENTS (in_a_call), costs_its_call);
  fixture_test ("/fake-runner/an-answer-to-nothing-is-a-fault", an_answer_to_nothing_is_a_fault);
  fixture_test ("/fake-runner/another-module-is-a-fault", another_module_is_a_fault);
  fixture_test ("/fake-runner/a-frame-that-never-ends-is-not-waited-for",
                a_frame_that_never_ends_is_not_waited_for);
  fixture_test ("/fake-runner/a-late-answer-is-late-whatever-it-says",
                a_late_answer_is_late_whatever_it_says);
  fixture_test ("/fake-runner/the-memory-of-a-large-answer-is-given-back",
                the_memory_of_a_large_answer_is_given_back);
  return g_test_run ();
}
