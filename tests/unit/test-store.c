/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The store as its users see it: what is appended is read back, keys are remembered, rows can be rebuilt.
 */
#include "store-fixture.h"

static gboolean
read_deal (DdReader *reader, gpointer data, GError **error)
{
  DdDeal **deal = data;
  gint64 number = *deal != NULL ? (*deal)->number : 1;

  g_clear_pointer (deal, dd_deal_free);
  *deal = dd_reader_deal (reader, number, error);
  return *deal != NULL;
}

static void
test_read_back (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdDeal *deal = NULL;

  fixture_init (&f);
  g_assert_cmpint (open_deal (f.store, "c-1"), ==, 1);
  g_assert_cmpint (open_deal (f.store, "c-2"), ==, 2);
  fill_deal (f.store, 1);
  fixture_close (&f);
  fixture_open (&f);
  read_now (f.store, read_deal, &deal, &error);
  g_assert_no_error (error);
  g_assert_cmpint (deal->version, ==, 4);
  g_assert_cmpstr (deal->customer, ==, "c-1");
  g_assert_cmpuint (deal->revisions->len, ==, 1);
  g_assert_cmpuint (deal->orders->len, ==, 1);
  dd_deal_free (deal);
}

static void
test_missing_deal (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdDeal *deal = NULL;

  fixture_init (&f);
  g_assert_false (read_now (f.store, read_deal, &deal, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "there is no deal D-1");
}

static gboolean
append_stale (DdTransaction *transaction, gpointer data, GError **error)
{
  const DdAppend how = { .time = START, .actor = "anna", .caller = "uid:1" };
  g_autoptr (DdDeal) deal = dd_deal_new (1);
  guint8 head[DD_DIGEST_SIZE];

  return dd_transaction_append (transaction, deal, data, &how, head, error);
}

static void
test_conflict (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = events_new ();
  DdVerifyReport report;

  fixture_init (&f);
  open_deal (f.store, "c-1");
  add_event (events, DD_EVENT_OPENED, "{\"customer\":\"other\",\"owner\":\"o\",\"title\":\"t\"}");
  g_assert_false (write_now (f.store, append_stale, events, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  g_assert_cmpint (report.events, ==, 1);
}

static gboolean
append_unnamed (DdTransaction *transaction, gpointer data, GError **error)
{
  Append *append = data;

  return append_work (transaction, append, error);
}

static void
test_missing_document (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = events_new ();
  g_autofree char *body = NULL;
  Append append = { .events = events, .time = START };
  DdDeal *deal = NULL;

  fixture_init (&f);
  body = g_strdup_printf ("{\"customer\":\"c\",\"owner\":\"o\",\"request\":\"%064x\",\"title\":\"t\"}", 7);
  add_event (events, DD_EVENT_OPENED, body);
  g_assert_false (write_now (f.store, append_unnamed, &append, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (read_now (f.store, read_deal, &deal, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_NOT_FOUND);
}

/* --- keys --- */

typedef struct
{
  guint32 uid;
  const char *key;
  guint8 digest[DD_DIGEST_SIZE];
  GBytes *reply;
} Key;

static gboolean
recall (DdReader *reader, gpointer data, GError **error)
{
  Key *key = data;

  g_clear_pointer (&key->reply, g_bytes_unref);
  return dd_reader_recall (reader, key->uid, key->key, key->digest, &key->reply, error);
}

static gboolean
remember (DdTransaction *transaction, gpointer data, GError **error)
{
  Key *key = data;
  g_autoptr (GBytes) reply = g_bytes_new_static ("done", 4);

  return dd_transaction_remember (transaction, key->uid, key->key, key->digest, reply, START, error);
}

static void
test_keys (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  Key key = { .uid = 4000000000u, .key = "k-1", .digest = { 1 } };
  Key other_call = { .uid = 4000000000u, .key = "k-1", .digest = { 2 } };
  Key other_uid = { .uid = 7, .key = "k-1", .digest = { 2 } };

  fixture_init (&f);
  g_assert_true (read_now (f.store, recall, &key, &error));
  g_assert_null (key.reply);
  g_assert_true (write_now (f.store, remember, &key, &error));
  fixture_close (&f);
  fixture_open (&f);
  g_assert_true (read_now (f.store, recall, &key, &error));
  g_assert_nonnull (key.reply);
  g_assert_cmpmem (g_bytes_get_data (key.reply, NULL), g_bytes_get_size (key.reply), "done", 4);
  g_assert_false (read_now (f.store, recall, &other_call, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_KEY_REUSED);
  g_clear_error (&error);
  g_assert_true (read_now (f.store, recall, &other_uid, &error));
  g_assert_null (other_uid.reply);
  g_assert_false (write_now (f.store, remember, &key, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (write_now (f.store, remember, &other_call, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_KEY_REUSED);
  g_bytes_unref (key.reply);
}

/* --- documents, status, rebuilding --- */

static gboolean
read_document (DdReader *reader, gpointer data, GError **error)
{
  g_autoptr (GBytes) bytes = dd_reader_document (reader, data, error);

  if (bytes == NULL)
    return FALSE;
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "{\"sheet\":1}", 11);
  return TRUE;
}

static void
test_documents (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "{\"sheet\":1}", -1);
  g_autofree char *absent = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "absent", -1);
  g_autofree char *upper = g_ascii_strup (digest, -1);
  DdVerifyReport report;

  fixture_init (&f);
  for (gint64 i = 1; i <= 3; i++)
    {
      open_deal (f.store, "a");
      fill_deal (f.store, i);
    }
  g_assert_true (read_now (f.store, read_document, digest, &error));
  g_assert_false (read_now (f.store, read_document, absent, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (read_now (f.store, read_document, upper, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  /* Three proposals, and the sheet that they share once. */
  g_assert_cmpint (report.documents, ==, 4);
}

static gboolean
read_status (DdReader *reader, gpointer data, GError **error)
{
  return dd_reader_status (reader, data, error);
}

static void
test_status (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdStoreStatus status;

  fixture_init (&f);
  for (gint64 i = 1; i <= 3; i++)
    {
      open_deal (f.store, "a");
      fill_deal (f.store, i);
    }
  append_one (f.store, 1, DD_EVENT_APPROVAL_DECIDED,
              "{\"approved\":true,\"person\":\"carla\",\"revision\":1,\"step\":1}");
  append_one (f.store, 2, DD_EVENT_HANDOFF_RECORDED, "{\"attempts\":1,\"order\":\"1\",\"state\":\"held\"}");
  append_one (f.store, 3, DD_EVENT_HANDOFF_RECORDED,
              "{\"attempts\":1,\"order\":\"1\",\"state\":\"delivered\"}");
  read_now (f.store, read_status, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status.deals, ==, 3);
  g_assert_cmpint (status.events, ==, 15);
  g_assert_cmpint (status.open_approvals, ==, 5);
  g_assert_cmpint (status.pending_orders, ==, 1);
  g_assert_cmpint (status.held_orders, ==, 1);
  g_assert_cmpint (status.database_bytes, >, 0);
  g_assert_cmpint (status.wal_bytes, >, 0);
  g_assert_false (status.development);
}

static gboolean
append_large (DdTransaction *transaction, gpointer data, GError **error)
{
  const guint *fill = data;
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (256 * 1024), 256 * 1024);
  Append append = { .events = events, .time = START };

  memcpy ((char *)g_bytes_get_data (bytes, NULL), fill, sizeof *fill);
  dd_event_add_document (
    add_event (events, DD_EVENT_OPENED, "{\"customer\":\"c\",\"owner\":\"o\",\"title\":\"t\"}"), bytes);
  return append_work (transaction, &append, error);
}

static void
test_wal (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdStoreStatus status;

  fixture_init (&f);
  for (guint i = 0; i < 100; i++)
    {
      write_now (f.store, append_large, &i, &error);
      g_assert_no_error (error);
    }
  /* 25 MiB went through it; it begins anew once it is past 4. */
  g_assert_true (read_now (f.store, read_status, &status, &error));
  g_assert_cmpint (status.wal_bytes, <, 10 * 1024 * 1024);
  g_assert_cmpint (status.database_bytes, >, 15 * 1024 * 1024);
}

/* All rows of the projections and the counters, as text. */
static gboolean
dump_rows (DdReader *reader, gpointer data, GError **error)
{
  static const char *const queries[] = {
    "SELECT quote (number) || quote (state) || quote (version) || quote (next_timer) || quote (title)"
    " || quote (customer) || quote (head) || quote (body) || quote (updated_at) FROM deal ORDER BY number",
    "SELECT quote (deal) || quote (step) || quote (candidate) || quote (value) || quote (since) FROM approval"
    " ORDER BY deal, step, candidate",
    "SELECT quote (deal) || quote (\"order\") || quote (state) || quote (attempts) || quote (trying)"
    " || quote (released) || quote (next_attempt)"
    " FROM outbox ORDER BY deal, \"order\"",
    "SELECT quote (last_deal) || quote (deals) || quote (events) || quote (pending_orders)"
    " || quote (held_orders) || quote (open_approvals) FROM counter"
  };
  GString *out = data;

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      sqlite3_stmt *statement;

      g_assert_cmpint (sqlite3_prepare_v2 (reader->connection->db, queries[i], -1, &statement, NULL), ==,
                       SQLITE_OK);
      while (sqlite3_step (statement) == SQLITE_ROW)
        g_string_append_printf (out, "%s\n", (const char *)sqlite3_column_text (statement, 0));
      sqlite3_finalize (statement);
    }
  return TRUE;
}

static gboolean
rebuild (DdTransaction *transaction, gpointer data, GError **error)
{
  return dd_transaction_rebuild (transaction, error);
}

static void
test_rebuild (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) live = g_string_new (NULL);
  g_autoptr (GString) rebuilt = g_string_new (NULL);
  DdVerifyReport report;

  fixture_init (&f);
  for (gint64 i = 1; i <= 3; i++)
    {
      open_deal (f.store, "a");
      fill_deal (f.store, i);
    }
  append_one (f.store, 1, DD_EVENT_APPROVAL_DECIDED,
              "{\"approved\":true,\"person\":\"carla\",\"revision\":1,\"step\":1}");
  append_one (f.store, 2, DD_EVENT_HANDOFF_RECORDED, "{\"attempts\":1,\"order\":\"1\",\"state\":\"held\"}");
  read_now (f.store, dump_rows, live, &error);
  fixture_close (&f);
  tamper (f.path,
          "DELETE FROM approval; DELETE FROM outbox WHERE deal = 2; UPDATE deal SET title = 'x', body = '{}';"
          "UPDATE counter SET deals = 9, open_approvals = 0; INSERT INTO deal SELECT 99, state, version,"
          " updated_at, next_timer, title, customer, owner, head, body FROM deal WHERE number = 1");
  fixture_open (&f);
  g_assert_false (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
  g_clear_error (&error);
  write_now (f.store, rebuild, NULL, &error);
  g_assert_no_error (error);
  read_now (f.store, dump_rows, rebuilt, &error);
  g_assert_cmpstr (live->str, ==, rebuilt->str);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/what-is-appended-is-read-back-after-reopening", test_read_back);
  g_test_add_func ("/store/a-missing-deal-is-named", test_missing_deal);
  g_test_add_func ("/store/a-stale-version-is-a-conflict-and-changes-nothing", test_conflict);
  g_test_add_func ("/store/an-event-that-names-an-absent-document-is-refused", test_missing_document);
  g_test_add_func ("/store/a-key-recalls-its-reply-and-refuses-another-call", test_keys);
  g_test_add_func ("/store/a-document-is-kept-once", test_documents);
  g_test_add_func ("/store/status-counts-what-was-appended", test_status);
  g_test_add_func ("/store/rebuilt-rows-equal-the-live-ones", test_rebuild);
  g_test_add_func ("/store/the-wal-stays-bounded", test_wal);
  return g_test_run ();
}
