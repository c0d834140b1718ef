/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A newer or damaged store: the daemon says so in one line, doesn't start, and never writes to the file; what
 * is damaged in the middle of the chain is found by Verify, which names the place.
 */
#include "moves.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define EXIT_REFUSED_STORE 3

/* A store with some history, of a daemon that was stopped: everything is in the one file. */
static Rig *
stopped_rig (void)
{
  Rig *rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *deal = open_small (rig, 2, NULL);
      g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
      g_autoptr (DdJson) asked = call_must (
        call_text (call_text (call_new (deal, "Ask"), ""), i == 2 ? "the last one" : "an early one"),
        rig->connection);
    }
  g_assert_cmpint (rig_stop (rig), ==, 0);
  return rig;
}

static GBytes *
read_store (Rig *rig)
{
  char *bytes;
  gsize length;

  g_assert_true (g_file_get_contents (rig->database, &bytes, &length, NULL));
  return g_bytes_new_take (bytes, length);
}

static void
write_store (Rig *rig, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (rig->database, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                            &error);
  g_assert_no_error (error);
}

static void
change (Rig *rig, const char *sql)
{
  sqlite3 *db;
  char *fault = NULL;

  g_assert_cmpint (sqlite3_open (rig->database, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &fault);
  g_assert_cmpstr (fault, ==, NULL);
  g_assert_cmpint (sqlite3_total_changes (db) > 0 || strstr (sql, "PRAGMA") != NULL, ==, TRUE);
  sqlite3_exec (db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
refused (Rig *rig, const char *words)
{
  g_autoptr (GBytes) before = read_store (rig);
  g_autofree char *said = NULL;
  int status = rig_start_in_vain (rig, &said);
  g_autoptr (GBytes) after = read_store (rig);

  g_strstrip (said);
  if (status != EXIT_REFUSED_STORE || strstr (said, words) == NULL || strchr (said, '\n') != NULL)
    g_error ("status %d, “%s” should be %d and one line with “%s”", status, said, EXIT_REFUSED_STORE, words);
  g_test_message ("%s", said);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_newer (void)
{
  g_autoptr (Rig) rig = stopped_rig ();

  change (rig, "PRAGMA user_version = 99");
  refused (rig, "schema version 99");
}

static void
test_header (void)
{
  g_autoptr (Rig) rig = stopped_rig ();
  g_autoptr (GBytes) whole = read_store (rig);
  gsize length;
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (whole, &length), g_bytes_get_size (whole));

  memset (copy, 'x', 100);
  write_store (rig, copy, length);
  refused (rig, "header");
  write_store (rig, "", 0);
  refused (rig, "too short");
}

static void
test_truncated (void)
{
  g_autoptr (Rig) rig = stopped_rig ();
  g_autoptr (GBytes) whole = read_store (rig);
  const char *bytes = g_bytes_get_data (whole, NULL);
  gsize length = g_bytes_get_size (whole);

  write_store (rig, bytes, 80);
  refused (rig, "too short");
  write_store (rig, bytes, 4096);
  refused (rig, "");
  write_store (rig, bytes, length / 2 / 4096 * 4096);
  refused (rig, "");
}

static void
test_newest_event (void)
{
  g_autoptr (Rig) rig = stopped_rig ();

  change (rig, "UPDATE event_body SET body = replace (body, 'the last one', 'another one') WHERE sequence = "
               "(SELECT max (sequence) FROM event)");
  refused (rig, "");
}

static void
test_early_event (void)
{
  g_autoptr (Rig) rig = stopped_rig ();

  change (rig, "UPDATE event_body SET body = replace (body, 'an early one', 'another one') WHERE sequence = "
               "(SELECT max (sequence) FROM event WHERE deal = 1)");
  rig_start (rig);
  g_autofree char *message = call_must_fail (call_new ("manager", "Verify"), rig->connection, "StoreDamaged");
  g_assert_nonnull (strstr (message, "D-1"));
}

/* The control: with nothing done to it, the same store starts and verifies. */
static void
test_untouched (void)
{
  g_autoptr (Rig) rig = stopped_rig ();
  g_autoptr (GBytes) whole = read_store (rig);

  write_store (rig, g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
  rig_start (rig);
  g_autoptr (DdJson) verified = rig_verify (rig);
  g_assert_cmpstr (text_at (verified, "deals"), ==, "3");
}

/* A second daemon on the same store, or a store that others can write to. */
static void
test_in_use (void)
{
  g_autoptr (Rig) rig = stopped_rig ();
  g_autofree char *said = NULL;
  GSubprocess *first;

  g_chmod (rig->state, 0777);
  g_assert_cmpint (rig_start_in_vain (rig, &said), !=, 0);
  g_assert_nonnull (strstr (said, "written by others"));
  g_chmod (rig->state, 0700);
  rig_start (rig);
  first = g_steal_pointer (&rig->daemon);
  g_clear_pointer (&said, g_free);
  g_assert_cmpint (rig_start_in_vain (rig, &said), !=, 0);
  g_assert_nonnull (strstr (said, "in use"));
  rig->daemon = first;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/damage/an-untouched-store-starts", test_untouched);
  g_test_add_func ("/damage/a-newer-store-is-left-alone", test_newer);
  g_test_add_func ("/damage/a-strange-header-is-left-alone", test_header);
  g_test_add_func ("/damage/a-truncated-store-is-left-alone", test_truncated);
  g_test_add_func ("/damage/a-changed-newest-event-is-left-alone", test_newest_event);
  g_test_add_func ("/damage/a-changed-early-event-is-named-by-verify", test_early_event);
  g_test_add_func ("/damage/a-store-in-use-or-open-to-others-is-refused", test_in_use);
  return g_test_run ();
}
