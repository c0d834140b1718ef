/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How plugins with processes of their own are started, and started again.
 */
#include "fixture.h"

#include <string.h>

/* @lie: how its process begins; see fake-runner.c. */
static void
add (Fixture *fixture, const char *name, const char *lie)
{
  g_autofree char *text =
    g_strdup_printf ("Kinds=pricing\nStage=base\n[Option lie]\nType=text\nDefault=%s\n", lie);

  fixture->runner_path = FAKE_RUNNER;
  fixture_add_isolated (fixture, name, text);
}

static void
expect (Fixture *fixture, const char *id, const char *says)
{
  g_autofree char *state = fixture_state (fixture, id);

  if (strstr (state, says) == NULL)
    g_error ("%s: \"%s\" does not say \"%s\"", id, state, says);
}

/* Each is ready only once the other two have begun. */
static void
they_start_side_by_side (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "alpha", "beta", "gamma" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *lie =
        g_strdup_printf ("meets %s/begun-%s %s/begun-%s %s/begun-%s", fixture->directory, ids[i],
                         fixture->directory, ids[(i + 1) % 3], fixture->directory, ids[(i + 2) % 3]);

      add (fixture, ids[i], lie);
    }
  fixture_start (fixture, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    expect (fixture, ids[i], "enabled: ");

  g_autofree char *order = fixture_order (fixture);

  g_assert_cmpstr (order, ==, "alpha, beta, gamma");
}

static void
one_that_never_is_ready_is_refused (Fixture *fixture, gconstpointer data)
{
  fixture->start_usec = G_USEC_PER_SEC / 5;
  add (fixture, "alpha", "silent");
  add (fixture, "beta", "silent");
  fixture_start (fixture, FALSE);
  expect (fixture, "alpha", "refused: its process didn't answer in time");
  expect (fixture, "beta", "refused: its process didn't answer in time");
}

static void
one_that_was_late_is_tried_once_more (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lie = g_strdup_printf ("late-once %s/late", fixture->directory);

  fixture->start_usec = 6 * G_USEC_PER_SEC;
  add (fixture, "alpha", lie);
  fixture_start (fixture, FALSE);
  expect (fixture, "alpha", "enabled: ");
}

static void
enabling_tries_a_refused_one_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lie = g_strdup_printf ("unless %s/mended", fixture->directory);
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, "alpha", lie);
  fixture_start (fixture, FALSE);
  expect (fixture, "alpha", "refused: not today");
  g_assert_false (dd_host_enable (fixture->host, "alpha", &error));
  assert_error (&error, DD_ERROR_PLUGIN_REFUSED, "plugin alpha: not today", NULL);
  expect (fixture, "alpha", "refused: not today");

  fixture_write (fixture, "mended", "");
  g_assert_true (dd_host_enable (fixture->host, "alpha", &error));
  g_assert_no_error (error);
  expect (fixture, "alpha", "enabled: ");
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
}

/* Its file and its configuration are read at start only. */
static void
enabling_cannot_mend_a_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (fixture, "alpha", "none");
  g_key_file_set_string (fixture->options, "plugin alpha", "lye", "none");
  fixture_start (fixture, FALSE);
  g_assert_false (dd_host_enable (fixture->host, "alpha", &error));
  assert_error (&error, DD_ERROR_PLUGIN_REFUSED, "plugin alpha was refused", "lye", "restart the daemon",
                NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/start/they-start-side-by-side", they_start_side_by_side);
  fixture_test ("/start/one-that-never-is-ready-is-refused", one_that_never_is_ready_is_refused);
  fixture_test ("/start/one-that-was-late-is-tried-once-more", one_that_was_late_is_tried_once_more);
  fixture_test ("/start/enabling-tries-a-refused-one-again", enabling_tries_a_refused_one_again);
  fixture_test ("/start/enabling-cannot-mend-a-file", enabling_cannot_mend_a_file);
  return g_test_run ();
}
