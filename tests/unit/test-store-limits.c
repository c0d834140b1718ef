/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the store bounds: the size of a deal's state, and how long idempotency keys are kept.
 */
#include "store-fixture.h"

#define MIB       (1024 * 1024)
#define SECOND_US G_TIME_SPAN_SECOND
#define DAY_US    G_TIME_SPAN_DAY

/* --- the state's size --- */

static gboolean
read_version (DdReader *reader, gpointer data, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, 1, error);

  if (deal == NULL)
    return FALSE;
  *(gint64 *)data = deal->version;
  return TRUE;
}

/* A question whose subject, which the state keeps, has @size bytes. */
static gboolean
ask (DdStore *store, guint number, gsize size, GError **error)
{
  g_autoptr (GPtrArray) events = events_new ();
  g_autofree char *subject = g_strnfill (size, 'x');
  g_autofree char *body =
    g_strdup_printf ("{\"number\":%u,\"side\":\"customer\",\"subject\":\"%s\"}", number, subject);
  Append append = { .number = 1, .events = events, .time = START };

  add_event (events, DD_EVENT_ASKED, body);
  return write_now (store, append_work, &append, error);
}

static void
test_large_state (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 version = 0;
  DdVerifyReport report;

  fixture_init (&f);
  open_deal (f.store, "a");
  g_assert_true (ask (f.store, 1, 5 * MIB, &error));
  g_assert_false (ask (f.store, 2, 3 * MIB, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "D-1"));
  g_assert_nonnull (strstr (error->message, "8388608"));
  g_clear_error (&error);
  g_assert_true (read_now (f.store, read_version, &version, &error));
  g_assert_cmpint (version, ==, 2);
  g_assert_true (ask (f.store, 2, 2 * MIB, &error));
  g_assert_true (read_now (f.store, read_version, &version, &error));
  g_assert_cmpint (version, ==, 3);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  g_assert_cmpint (report.events, ==, 3);
}

/* --- old keys --- */

typedef struct
{
  guint n; /* keys to remember */
  gint64 time;
} Keys;

/* Keys with what they did: a deal. */
static gboolean
act (DdTransaction *transaction, gpointer data, GError **error)
{
  static const guint8 digest[DD_DIGEST_SIZE] = { 1 };
  const Keys *keys = data;
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (GBytes) reply = g_bytes_new_static ("done", 4);
  Append append = { .events = events, .time = keys->time };

  add_event (events, DD_EVENT_OPENED, "{\"customer\":\"c\",\"owner\":\"o\",\"title\":\"t\"}");
  for (guint i = 0; i < keys->n; i++)
    {
      g_autofree char *key = g_uuid_string_random ();

      if (!dd_transaction_remember (transaction, 1, key, digest, reply, keys->time + i, error))
        return FALSE;
    }
  return append_work (transaction, &append, error);
}

static gboolean
count_keys (DdReader *reader, gpointer data, GError **error)
{
  sqlite3_stmt *statement;

  g_assert_cmpint (
    sqlite3_prepare_v2 (reader->connection->db, "SELECT count (*) FROM idempotency", -1, &statement, NULL),
    ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  *(int *)data = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return TRUE;
}

/* Remembers @n keys at @time, and then there are @left of all. */
static void
check_keys (DdStore *store, guint n, gint64 time, int left)
{
  g_autoptr (GError) error = NULL;
  Keys keys = { n, time };
  int found = -1;

  write_now (store, act, &keys, &error);
  g_assert_no_error (error);
  read_now (store, count_keys, &found, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found, ==, left);
}

static void
test_old_keys_in_slices (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  check_keys (f.store, 100, START, 100);
  check_keys (f.store, 1, START + 29 * DAY_US, 101);
  check_keys (f.store, 1, START + 30 * DAY_US, 102);
  check_keys (f.store, 1, START + 31 * DAY_US, 102 + 1 - 64);
  check_keys (f.store, 1, START + 31 * DAY_US, 102 + 2 - 100);
  check_keys (f.store, 0, START + 32 * DAY_US, 4);
}

static void
test_a_minute_between (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  check_keys (f.store, 1, START, 1);
  check_keys (f.store, 1, START + 20 * SECOND_US, 2);
  check_keys (f.store, 0, START + 30 * DAY_US + SECOND_US, 1);
  check_keys (f.store, 0, START + 30 * DAY_US + 60 * SECOND_US, 1);
  check_keys (f.store, 0, START + 30 * DAY_US + 61 * SECOND_US, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-limits/a-state-that-would-be-too-large-changes-nothing", test_large_state);
  g_test_add_func ("/store-limits/old-keys-go-in-slices-and-younger-ones-stay", test_old_keys_in_slices);
  g_test_add_func ("/store-limits/old-keys-are-looked-for-once-a-minute", test_a_minute_between);
  return g_test_run ();
}
