/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where a plugin runs, and what it may use there: its file asks, the configuration decides.
 */
#include "fixture-runner.h"

#include <glib/gstdio.h>
#include <string.h>

#define SPOOL        "[Plugin]\nId=handoff-spool\nModule=handoff-spool.so\nAbi=1\nKinds=handoff\n"
#define SPOOL_OPTION "[Option directory]\nType=directory\nDefault=\n"

static void
add_spool (Fixture *fixture, const char *text)
{
  g_autofree char *all = g_strconcat (SPOOL, text, SPOOL_OPTION, NULL);

  fixture_write (fixture, "handoff-spool.plugin", all);
  fixture_link (fixture, "handoff-spool.so", PLUGIN_DIR "/handoff-spool.so");
  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", fixture->directory);
}

static void
start_spool (Fixture *fixture, const char *text, const char *says)
{
  add_spool (fixture, text);
  fixture_start (fixture, FALSE);

  g_autofree char *state = fixture_state (fixture, "handoff-spool");

  if (strstr (state, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", state, says);
}

static void
without_a_word_a_plugin_runs_outside (Fixture *fixture, gconstpointer data)
{
  start_spool (fixture, "", "enabled: ");
  g_assert_cmpstr (fixture_describe (fixture, "handoff-spool").isolation, ==, "process");
}

static void
a_plugin_of_others_cannot_choose_the_daemon (Fixture *fixture, gconstpointer data)
{
  fixture_add_isolated (fixture, "alpha", "Kinds=pricing\nStage=base\nIsolation=daemon\n");
  fixture_start (fixture, FALSE);
  g_assert_cmpstr (fixture_describe (fixture, "alpha").isolation, ==, "process");
}

static void
a_taken_id_opens_no_way_into_the_daemon (Fixture *fixture, gconstpointer data)
{
  g_autofree char *module = g_build_filename (fixture->directory, "handoff-spool.so", NULL);
  g_autofree char *copy = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (PLUGIN_DIR "/handoff-spool.so", &copy, &length, NULL));
  add_spool (fixture, "Isolation=daemon\n");
  g_assert_cmpint (g_unlink (module), ==, 0);
  g_assert_true (g_file_set_contents (module, copy, (gssize)length, NULL));
  fixture_start (fixture, FALSE);
  g_assert_cmpstr (fixture_describe (fixture, "handoff-spool").isolation, ==, "process");
}

static void
a_shipped_one_runs_in_the_daemon_when_its_file_says_so (Fixture *fixture, gconstpointer data)
{
  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", fixture->directory);
  fixture_start (fixture, TRUE);
  g_assert_cmpstr (fixture_describe (fixture, "handoff-spool").isolation, ==, "daemon");
}

static void
a_file_from_elsewhere_says_nothing_of_a_shipped_module (Fixture *fixture, gconstpointer data)
{
  start_spool (fixture, "Isolation=daemon\n", "enabled: ");
  g_assert_cmpstr (fixture_describe (fixture, "handoff-spool").isolation, ==, "process");
}

static void
the_configuration_can_choose_the_daemon (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  g_assert_cmpstr (fixture_describe (fixture, "alpha").isolation, ==, "daemon");
}

static void
the_configuration_must_not_contradict_itself (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  g_ptr_array_add (fixture->isolated, (gpointer) "alpha");
  fixture_start (fixture, FALSE);

  g_autofree char *state = fixture_state (fixture, "alpha");

  g_assert_nonnull (strstr (state, "InDaemon= and in Isolated="));
}

static void
the_network_needs_the_configuration (Fixture *fixture, gconstpointer data)
{
  start_spool (fixture, "Network=yes\n", "name it in [Plugins] Network=");
}

static void
the_network_needs_the_file (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_add (fixture->network, (gpointer) "handoff-spool");
  start_spool (fixture, "Network=no\n", "its file doesn't say Network=yes");
}

static void
the_network_is_given_when_both_say_so (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_add (fixture->network, (gpointer) "handoff-spool");
  start_spool (fixture, "Network=yes\n", "enabled: ");
  g_assert_true (fixture_describe (fixture, "handoff-spool").network);
  g_assert_cmpint (fixture_deliver (fixture, "1", "k", "{}", FALSE, NULL), ==, DD_DELIVERY_DELIVERED);
}

static void
a_directory_must_be_there (Fixture *fixture, gconstpointer data)
{
  const char *const bad[] = { "relative", "/nowhere/at/all", "/dev/null" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      Fixture other = { 0 };

      fixture_set_up (&other, NULL);
      g_key_file_set_string (other.options, "plugin handoff-spool", "directory", bad[i]);
      fixture_start (&other, TRUE);

      g_autofree char *state = fixture_state (&other, "handoff-spool");

      g_assert_nonnull (strstr (state, "the absolute path of one that is there"));
      fixture_tear_down (&other, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (skip_without_landlock ())
    return 0;
  fixture_test ("/place/without-a-word-a-plugin-runs-outside", without_a_word_a_plugin_runs_outside);
  fixture_test ("/place/a-plugin-of-others-cannot-choose-the-daemon",
                a_plugin_of_others_cannot_choose_the_daemon);
  fixture_test ("/place/a-taken-id-opens-no-way-into-the-daemon", a_taken_id_opens_no_way_into_the_daemon);
  fixture_test ("/place/a-shipped-one-runs-in-the-daemon-when-its-file-says-so",
                a_shipped_one_runs_in_the_daemon_when_its_file_says_so);
  fixture_test ("/place/a-file-from-elsewhere-says-nothing-of-a-shipped-module",
                a_file_from_elsewhere_says_nothing_of_a_shipped_module);
  fixture_test ("/place/the-configuration-can-choose-the-daemon", the_configuration_can_choose_the_daemon);
  fixture_test ("/place/the-configuration-must-not-contradict-itself",
                the_configuration_must_not_contradict_itself);
  fixture_test ("/place/the-network-needs-the-configuration", the_network_needs_the_configuration);
  fixture_test ("/place/the-network-needs-the-file", the_network_needs_the_file);
  fixture_test ("/place/the-network-is-given-when-both-say-so", the_network_is_given_when_both_say_so);
  fixture_test ("/place/a-directory-must-be-there", a_directory_must_be_there);
  return g_test_run ();
}
