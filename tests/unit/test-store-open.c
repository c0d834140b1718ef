/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Opening: what isn't sound, isn't ours or isn't free is refused, and left as it is.
 */
#include "store-fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static void
check_refused (Fixture *f, const DdStoreOptions *options, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = file_digest (f->path);
  g_autofree char *after = NULL;
  DdStore *store = dd_store_open (f->path, options, &error);

  g_assert_null (store);
  g_assert_error (error, DD_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" says nothing of \"%s\"", error->message, words);
  after = file_digest (f->path);
  g_assert_cmpstr (before, ==, after);
}

static const DdStoreOptions plain = { .readers = 1 };

static void
test_new (void)
{
  g_auto (Fixture) f = { 0 };
  struct stat status;
  g_autofree char *beside = NULL;

  fixture_init (&f);
  g_assert_cmpint (stat (f.path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  beside = g_strconcat (f.path, ".new", NULL);
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
}

static void
test_half_created (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *beside = NULL;

  fixture_init (&f);
  fixture_close (&f);
  g_unlink (f.path);
  /* What a crash in the middle of creating leaves. */
  beside = g_strconcat (f.path, ".new", NULL);
  g_assert_true (g_file_set_contents (beside, "half of a database", -1, NULL));
  fixture_open (&f);
  g_assert_cmpint (open_deal (f.store, "a"), ==, 1);
}

static void
test_newer (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  open_deal (f.store, "a");
  fixture_close (&f);
  tamper (f.path, "PRAGMA user_version = 2");
  check_refused (&f, &plain, DD_ERROR_STORE_NEWER, "use a newer dealdesk");
}

static void
test_newer_in_wal (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *wal = NULL;
  g_autofree char *wal_before = NULL;
  g_autofree char *wal_after = NULL;
  sqlite3 *db;

  fixture_init (&f);
  fixture_close (&f);
  /* The header still says 1: the newer version is only in the log of a crashed run. */
  g_assert_cmpint (sqlite3_open (f.path, &db), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  raw_run (db, "PRAGMA user_version = 2");
  sqlite3_close (db);
  wal = g_strconcat (f.path, "-wal", NULL);
  wal_before = file_digest (wal);
  check_refused (&f, &plain, DD_ERROR_STORE_NEWER, "schema version 2");
  wal_after = file_digest (wal);
  g_assert_cmpstr (wal_before, ==, wal_after);
}

static void
test_garbage (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *text = NULL;
  gsize length;

  fixture_init (&f);
  open_deal (f.store, "a");
  fixture_close (&f);
  g_assert_true (g_file_get_contents (f.path, &text, &length, NULL));
  g_assert_true (g_file_set_contents (f.path, "", 0, NULL));
  check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "too short");
  g_assert_true (g_file_set_contents (f.path, text, 600, NULL));
  check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "");
  g_assert_true (g_file_set_contents (f.path, text, (gssize)length / 2 / 4096 * 4096, NULL));
  check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "");
  memset (text, 'x', 20);
  g_assert_true (g_file_set_contents (f.path, text, (gssize)length, NULL));
  check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "header");
}

static void
test_foreign (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  fixture_close (&f);
  tamper (f.path, "PRAGMA application_id = 7");
  check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "not dealdesk's");
}

static void
test_other_schema (void)
{
  static const char *const changes[] = { "DROP TRIGGER event_kept", "DROP INDEX deal_by_state",
                                         "ALTER TABLE outbox ADD COLUMN more TEXT", "CREATE TABLE more (x)",
                                         "PRAGMA user_version = 0" };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (Fixture) f = { 0 };
      sqlite3 *db;

      fixture_init (&f);
      fixture_close (&f);
      g_assert_cmpint (sqlite3_open (f.path, &db), ==, SQLITE_OK);
      raw_run (db, changes[i]);
      sqlite3_close (db);
      check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "schema version");
    }
}

static void
test_tail (void)
{
  static const char *const changes[] = {
    "UPDATE event_body SET body = '{\"customer\":\"b\"}' WHERE sequence = 2",
    "UPDATE event SET actor = 'otto' WHERE sequence = 2",
    "UPDATE batch SET time = 1 WHERE number = 2",
    "DELETE FROM batch WHERE number = 2",
    "DELETE FROM event_body WHERE sequence = 2",
    "DELETE FROM event WHERE sequence = 2"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (Fixture) f = { 0 };

      fixture_init (&f);
      open_deal (f.store, "a");
      append_one (f.store, 1, DD_EVENT_DEAL_ENDED, "{\"state\":\"declined\"}");
      fixture_close (&f);
      tamper (f.path, changes[i]);
      check_refused (&f, &plain, DD_ERROR_STORE_DAMAGED, "");
    }
}

static void
test_symlink (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *real = NULL;

  fixture_init (&f);
  fixture_close (&f);
  real = g_strconcat (f.path, ".real", NULL);
  g_assert_cmpint (g_rename (f.path, real), ==, 0);
  g_assert_cmpint (symlink (real, f.path), ==, 0);
  check_refused (&f, &plain, DD_ERROR_UNAVAILABLE, "");
  g_unlink (real);
  check_refused (&f, &plain, DD_ERROR_UNAVAILABLE, "");
}

static void
test_lock_symlink (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *lock = NULL;
  g_autofree char *planted = NULL;

  fixture_init (&f);
  fixture_close (&f);
  lock = g_strconcat (f.path, ".lock", NULL);
  planted = g_strconcat (f.path, ".planted", NULL);
  g_unlink (lock);
  g_assert_cmpint (symlink (planted, lock), ==, 0);
  check_refused (&f, &plain, DD_ERROR_UNAVAILABLE, ".lock");
  g_assert_false (g_file_test (planted, G_FILE_TEST_EXISTS));
}

static void
test_second (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  check_refused (&f, &plain, DD_ERROR_UNAVAILABLE, "another daemon");
  fixture_close (&f);
  fixture_open (&f);
}

static void
test_open_directory (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  fixture_close (&f);
  g_assert_cmpint (g_chmod (f.directory, 0777), ==, 0);
  check_refused (&f, &plain, DD_ERROR_UNAVAILABLE, "0700");
  g_assert_cmpint (g_chmod (f.directory, 0700), ==, 0);
}

static void
test_development (void)
{
  const DdStoreOptions development = { .readers = 1, .development = TRUE };
  const DdStoreOptions strict = { .readers = 1, .refuse_development = TRUE };
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_init (&f);
  fixture_close (&f);
  dd_store_close (dd_store_open (f.path, &strict, &error));
  g_assert_no_error (error);
  dd_store_close (dd_store_open (f.path, &development, &error));
  g_assert_no_error (error);
  check_refused (&f, &strict, DD_ERROR_UNAVAILABLE, "development");
  /* Once is for ever. */
  fixture_open (&f);
  fixture_close (&f);
  check_refused (&f, &strict, DD_ERROR_UNAVAILABLE, "development");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-open/a-new-store-is-whole-and-its-owners-alone", test_new);
  g_test_add_func ("/store-open/a-half-created-store-is-made-anew", test_half_created);
  g_test_add_func ("/store-open/a-newer-schema-is-refused-and-left-as-it-is", test_newer);
  g_test_add_func ("/store-open/a-newer-schema-in-the-wal-is-refused-too", test_newer_in_wal);
  g_test_add_func ("/store-open/truncated-and-garbage-files-are-refused", test_garbage);
  g_test_add_func ("/store-open/another-programs-database-is-refused", test_foreign);
  g_test_add_func ("/store-open/other-tables-than-the-schemas-are-refused", test_other_schema);
  g_test_add_func ("/store-open/a-changed-newest-link-is-refused", test_tail);
  g_test_add_func ("/store-open/a-symlink-is-not-followed", test_symlink);
  g_test_add_func ("/store-open/a-planted-lock-is-not-followed", test_lock_symlink);
  g_test_add_func ("/store-open/a-second-daemon-is-refused", test_second);
  g_test_add_func ("/store-open/a-directory-that-others-write-is-refused", test_open_directory);
  g_test_add_func ("/store-open/a-development-store-stays-one", test_development);
  return g_test_run ();
}
