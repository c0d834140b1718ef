/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * handoff-spool, through the host.
 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define KEY  "0b8e-1"
#define NAME "D-7-1-" KEY ".json"

static char *
spool_path (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, "spool", name, NULL);
}

static void
start (Fixture *fixture)
{
  g_autofree char *spool = spool_path (fixture, NULL);

  g_assert_cmpint (g_mkdir (spool, 0755), ==, 0);
  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", spool);
  fixture_start (fixture, TRUE);
}

static void
expect_order (Fixture *fixture,
              const char *order,
              const char *key,
              const char *document,
              gboolean again,
              DdDelivery delivery,
              const char *says)
{
  g_autofree char *receipt = NULL;

  g_assert_cmpint (fixture_deliver (fixture, order, key, document, again, &receipt), ==, delivery);
  if (strstr (receipt, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", receipt, says);
}

static void
expect (Fixture *fixture,
        const char *key,
        const char *document,
        gboolean again,
        DdDelivery delivery,
        const char *says)
{
  expect_order (fixture, "1", key, document, again, delivery, says);
}

static guint
count_files (const Fixture *fixture)
{
  g_autofree char *spool = spool_path (fixture, NULL);
  g_autoptr (GDir) directory = g_dir_open (spool, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (directory) != NULL)
    count++;
  return count;
}

static void
an_order_becomes_a_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = spool_path (fixture, NAME);
  g_autofree char *content = NULL;

  start (fixture);
  expect (fixture, KEY, "{\"a\":1}", FALSE, DD_DELIVERY_DELIVERED, NAME);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "{\"a\":1}");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
the_same_key_has_effect_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = spool_path (fixture, NAME);
  g_autofree char *content = NULL;

  start (fixture);
  expect (fixture, KEY, "{\"a\":1}", FALSE, DD_DELIVERY_DELIVERED, NAME);
  expect (fixture, KEY, "{\"a\":1}", TRUE, DD_DELIVERY_DELIVERED, NAME);
  expect (fixture, KEY, "{\"a\":2}", TRUE, DD_DELIVERY_REJECTED, "another content");
  expect (fixture, KEY, "{\"a\":1} ", TRUE, DD_DELIVERY_REJECTED, "another content");
  expect (fixture, KEY, "{\"a\"", TRUE, DD_DELIVERY_REJECTED, "another content");
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "{\"a\":1}");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
what_was_taken_is_not_written_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = spool_path (fixture, NAME);
  g_autofree char *taken = spool_path (fixture, "taken");
  g_autofree char *moved = g_build_filename (taken, NAME, NULL);

  start (fixture);
  expect (fixture, KEY, "{\"a\":1}", FALSE, DD_DELIVERY_DELIVERED, NAME);
  g_assert_cmpint (g_mkdir (taken, 0755), ==, 0);
  g_assert_cmpint (g_rename (path, moved), ==, 0);
  expect (fixture, KEY, "{\"a\":1}", TRUE, DD_DELIVERY_DELIVERED, NAME);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
a_link_in_its_place_is_not_followed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = spool_path (fixture, NAME);
  g_autofree char *victim = g_build_filename (fixture->directory, "victim", NULL);
  g_autofree char *content = NULL;

  start (fixture);
  g_assert_true (g_file_set_contents (victim, "mine", -1, NULL));
  g_assert_cmpint (symlink (victim, path), ==, 0);
  expect (fixture, KEY, "{}", FALSE, DD_DELIVERY_UNKNOWN, NAME);
  g_assert_true (g_file_get_contents (victim, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "mine");
}

static void
a_directory_that_is_a_link_is_not_used (Fixture *fixture, gconstpointer data)
{
  g_autofree char *spool = spool_path (fixture, NULL);
  g_autofree char *other = g_build_filename (fixture->directory, "other", NULL);

  g_assert_cmpint (g_mkdir (other, 0755), ==, 0);
  g_assert_cmpint (symlink (other, spool), ==, 0);
  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", spool);
  fixture_start (fixture, TRUE);
  expect (fixture, KEY, "{}", FALSE, DD_DELIVERY_RETRY, "spool directory");
}

static void
a_missing_directory_is_tried_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *spool = spool_path (fixture, NULL);

  start (fixture);
  g_assert_cmpint (g_rmdir (spool), ==, 0);
  expect (fixture, KEY, "{}", FALSE, DD_DELIVERY_RETRY, "No such file");
  g_assert_cmpint (g_mkdir (spool, 0755), ==, 0);
  expect (fixture, KEY, "{}", FALSE, DD_DELIVERY_DELIVERED, NAME);
}

static void
odd_keys_are_rejected (Fixture *fixture, gconstpointer data)
{
  const char *const keys[] = { "", "a/b", "..", "-a", "a b", "a\n", "ä" };
  g_autofree char *longest = g_strnfill (64, 'k');
  g_autofree char *longer = g_strnfill (65, 'k');

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    expect (fixture, keys[i], "{}", FALSE, DD_DELIVERY_REJECTED, "letters, digits");
  expect (fixture, longer, "{}", FALSE, DD_DELIVERY_REJECTED, "letters, digits");
  g_assert_cmpuint (count_files (fixture), ==, 0);
  expect (fixture, longest, "{}", FALSE, DD_DELIVERY_DELIVERED, longest);
}

static void
an_order_that_is_no_file_name_goes_by_its_key (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_id = g_strnfill (65, 'x');
  const char *const orders[] = { "Branch 1", "../x", "Zürich", "-1", "a\nb", long_id };
  g_autofree char *outside = g_build_filename (fixture->directory, "x", NULL);

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *key = g_strdup_printf (KEY "%u", i);
      g_autofree char *name = g_strdup_printf ("D-7-%s.json", key);
      g_autofree char *path = spool_path (fixture, name);

      expect_order (fixture, orders[i], key, "{}", FALSE, DD_DELIVERY_DELIVERED, name);
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
      expect_order (fixture, orders[i], key, "{}", TRUE, DD_DELIVERY_DELIVERED, name);
    }
  g_assert_cmpuint (count_files (fixture), ==, G_N_ELEMENTS (orders));
  g_assert_false (g_file_test (outside, G_FILE_TEST_EXISTS));
}

static void
a_directory_must_be_configured (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture, TRUE);

  g_autofree char *state = fixture_state (fixture, "handoff-spool");

  g_assert_true (g_str_has_prefix (state, "refused: "));
  g_assert_nonnull (strstr (state, "option directory"));
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/spool/an-order-becomes-a-file", an_order_becomes_a_file);
  fixture_test ("/spool/the-same-key-has-effect-once", the_same_key_has_effect_once);
  fixture_test ("/spool/what-was-taken-is-not-written-again", what_was_taken_is_not_written_again);
  fixture_test ("/spool/a-link-in-its-place-is-not-followed", a_link_in_its_place_is_not_followed);
  fixture_test ("/spool/a-directory-that-is-a-link-is-not-used", a_directory_that_is_a_link_is_not_used);
  fixture_test ("/spool/a-missing-directory-is-tried-again", a_missing_directory_is_tried_again);
  fixture_test ("/spool/odd-keys-are-rejected", odd_keys_are_rejected);
  fixture_test ("/spool/an-order-that-is-no-file-name-goes-by-its-key",
                an_order_that_is_no_file_name_goes_by_its_key);
  fixture_test ("/spool/a-directory-must-be-configured", a_directory_must_be_configured);
  return g_test_run ();
}
