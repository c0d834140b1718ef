/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The order of plugins, and what they declare together.
 */
#include "fixture.h"

#include <string.h>

static void
expect_order (Fixture *fixture, const char *expected)
{
  g_autofree char *order = fixture_order (fixture);

  g_assert_cmpstr (order, ==, expected);
}

static void
expect_state (Fixture *fixture, const char *id, const char *says)
{
  g_autofree char *state = fixture_state (fixture, id);

  if (strstr (state, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", state, says);
}

static void
ties_are_by_id (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  expect_order (fixture, "alpha, beta, gamma");
}

static void
stages_come_first (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=tax\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=negotiated\n");
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  expect_order (fixture, "gamma, beta, alpha");
}

static void
after_and_before_hold (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\nAfter=gamma;unknown\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\nBefore=beta;unknown\n");
  fixture_start (fixture, FALSE);
  expect_order (fixture, "gamma, alpha, beta");
}

static void
a_cycle_is_named (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\nAfter=beta\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\nAfter=alpha\n");
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\nAfter=beta\n");
  fixture_start (fixture, FALSE);
  expect_order (fixture, "gamma");
  expect_state (fixture, "alpha", "a cycle: beta before alpha before beta");
  expect_state (fixture, "beta", "cycle");
}

static void
after_against_the_stages_is_a_cycle (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\nAfter=beta\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=tax\n");
  fixture_start (fixture, FALSE);
  expect_order (fixture, "");
  expect_state (fixture, "alpha", "cycle");
}

static void
one_of_a_conflict_gives_way (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\nConflicts=beta\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\nConflicts=gamma\n");
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\nConflicts=beta\n");
  fixture_start (fixture, FALSE);
  expect_state (fixture, "alpha", "conflicts with beta");
  expect_state (fixture, "gamma", "conflicts with beta");
  expect_order (fixture, "beta");
}

static void
disabled_ones_are_not_mapped (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "wrong-abi", "Kinds=pricing\nStage=base\n");
  g_ptr_array_add (fixture->disabled, (gpointer) "wrong-abi");
  fixture_start (fixture, FALSE);
  expect_state (fixture, "wrong-abi", "disabled: ");

  g_autoptr (GError) error = NULL;

  g_assert_false (dd_host_enable (fixture->host, "wrong-abi", &error));
  assert_error (&error, DD_ERROR_PLUGIN_REFUSED, "wrong-abi", "ABI 2", NULL);
}

static void
datasets_are_merged (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "code", "a", "b", "c" };

  fixture_add (fixture, "alpha",
               "Kinds=pricing\nStage=base\n[Dataset rates]\nColumns=code key text;a text;b integer\n");
  fixture_add (fixture, "beta",
               "Kinds=pricing\nStage=base\n[Dataset rates]\nColumns=code key text;c text;b integer\n");
  fixture_start (fixture, FALSE);

  const DdDatasetDeclaration *declaration = dd_host_dataset (fixture->host, "rates");

  g_assert_nonnull (declaration);
  g_assert_cmpuint (dd_host_datasets (fixture->host)->len, ==, 1);
  g_assert_cmpuint (declaration->columns->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (g_array_index (declaration->columns, DdColumn, i).name, ==, names[i]);
  g_assert_null (dd_host_dataset (fixture->host, "other"));
}

static void
a_contradicting_dataset_is_refused (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha",
               "Kinds=pricing\nStage=base\n[Dataset rates]\nColumns=code key text;b integer\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\n[Dataset rates]\nColumns=code key text;b text\n");
  fixture_add (fixture, "gamma",
               "Kinds=pricing\nStage=base\n[Dataset rates]\nColumns=name key text;b integer\n");
  fixture_start (fixture, FALSE);
  expect_state (fixture, "beta", "column b");
  expect_state (fixture, "gamma", "key column 1");
  expect_order (fixture, "alpha");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/order/ties-are-by-id", ties_are_by_id);
  fixture_test ("/order/stages-come-first", stages_come_first);
  fixture_test ("/order/after-and-before-hold-and-unknown-ids-do-not-matter", after_and_before_hold);
  fixture_test ("/order/a-cycle-is-named-and-the-rest-runs", a_cycle_is_named);
  fixture_test ("/order/after-against-the-stages-is-a-cycle", after_against_the_stages_is_a_cycle);
  fixture_test ("/order/one-of-a-conflict-gives-way", one_of_a_conflict_gives_way);
  fixture_test ("/order/disabled-ones-are-not-mapped", disabled_ones_are_not_mapped);
  fixture_test ("/order/datasets-are-merged", datasets_are_merged);
  fixture_test ("/order/a-contradicting-dataset-is-refused", a_contradicting_dataset_is_refused);
  return g_test_run ();
}
