/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verify finds every edit, removal and reordering before the newest head that it is given. The file is
 * changed as someone with the file would, and a later batch follows, so that it is verify that finds it, not
 * opening.
 */
#include "store-fixture.h"

static gboolean
import_work (DdTransaction *transaction, gpointer data, GError **error)
{
  const DdAppend how = { .time = START, .actor = "anna", .caller = "uid:1" };
  gint64 version;

  return dd_transaction_import (transaction, data, &how, &version, error);
}

static void
import_customers (DdStore *store)
{
  static const char text[] = "id,name\nc1,One\nc2,Two\n";
  DdDatasetDeclaration *declaration = dd_dataset_declaration_new ("customers");
  g_autoptr (DdDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dd_dataset_declaration_add (declaration, "id key text", &error));
  g_assert_true (dd_dataset_declaration_add (declaration, "name text", &error));
  dataset = dd_dataset_parse_csv (declaration, "customers.csv", text, strlen (text), &error);
  g_assert_no_error (error);
  write_now (store, import_work, dataset, &error);
  g_assert_no_error (error);
  dd_dataset_declaration_free (declaration);
}

/* Deals 1 to 3 with all kinds of rows, a dataset, and a last batch that no change touches. */
static void
build (Fixture *f)
{
  fixture_init (f);
  import_customers (f->store);
  for (gint64 i = 1; i <= 3; i++)
    {
      open_deal (f->store, "a");
      fill_deal (f->store, i);
    }
  append_one (f->store, 2, DD_EVENT_HANDOFF_RECORDED, "{\"attempts\":1,\"order\":\"1\",\"state\":\"held\"}");
  open_deal (f->store, "last");
}

typedef struct
{
  const char *change;
  const char *words;
} Case;

static void
check_found (const Case *change)
{
  const DdStoreOptions options = { .readers = 1 };
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;

  build (&f);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  fixture_close (&f);
  tamper (f.path, change->change);
  /* What opening sees already needs no verify. */
  f.store = dd_store_open (f.path, &options, &error);
  if (f.store != NULL && dd_store_verify (f.store, NULL, NULL, NULL, &report, &error))
    g_error ("not found: %s", change->change);
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
  if (strstr (error->message, change->words) == NULL)
    g_error ("%s: \"%s\" says nothing of \"%s\"", change->change, error->message, change->words);
}

static void
test_changes (void)
{
  /* Event 1 opens deal 1, 2 to 4 fill it; 5 opens deal 2, 6 to 8 fill it … */
  static const Case cases[] = {
    { "UPDATE event_body SET body = replace (body, 'provider', 'customer') WHERE sequence = 2",
      "D-1, event 2" },
    { "UPDATE event_body SET salt = zeroblob (16) WHERE sequence = 2", "D-1, event 2" },
    { "UPDATE event_body SET salt = NULL WHERE sequence = 2", "D-1, event 2" },
    { "DELETE FROM event_body WHERE sequence = 6", "D-2, event 2" },
    { "UPDATE event SET actor = 'otto' WHERE sequence = 5", "D-2, event 1" },
    { "UPDATE event SET caller = 'uid:0' WHERE sequence = 5", "D-2, event 1" },
    { "UPDATE event SET time = time + 1 WHERE sequence = 5", "D-2, event 1" },
    { "UPDATE event SET occurred_at = 1 WHERE sequence = 5", "D-2, event 1" },
    { "UPDATE event SET type = 'signed' WHERE sequence = 6", "D-2, event 2" },
    { "UPDATE event SET head = zeroblob (32) WHERE sequence = 6", "batch" },
    { "UPDATE event SET body_digest = zeroblob (32) WHERE sequence = 6", "D-2, event 2" },
    { "UPDATE event SET deal = 77 WHERE sequence = 5", "batch" },
    /* Two events change places, in the deal and in the store. */
    { "UPDATE event SET version = 99 WHERE sequence = 2; UPDATE event SET version = 2 WHERE sequence = 3;"
      "UPDATE event SET version = 3 WHERE sequence = 2",
      "batch" },
    { "UPDATE event SET sequence = 99 WHERE sequence = 2; UPDATE event SET sequence = 2 WHERE sequence = 3;"
      "UPDATE event SET sequence = 3 WHERE sequence = 99",
      "batch" },
    /* The last event of a deal goes, with all that speaks of it but its batch. */
    { "DELETE FROM event_body WHERE sequence = 13; DELETE FROM event WHERE sequence = 13;"
      "DELETE FROM outbox WHERE deal = 2",
      "batch" },
    { "DELETE FROM batch WHERE number = 3", "batch 3" },
    { "DELETE FROM batch WHERE number = 0", "beginning" },
    { "UPDATE batch SET head = zeroblob (32) WHERE number = 3", "batch 3" },
    { "UPDATE batch SET content = zeroblob (32) WHERE number = 3", "batch 3" },
    { "UPDATE batch SET last_event = last_event - 1 WHERE number = 3", "batch 3" },
    { "UPDATE document SET bytes = x'78' WHERE id = 1", "document" },
    { "DELETE FROM document WHERE id = 1", "missing" },
    { "UPDATE deal SET title = 'Other' WHERE number = 1", "D-1: its row" },
    { "UPDATE deal SET body = replace (body, 'anna', 'otto') WHERE number = 1", "D-1: its row" },
    { "UPDATE deal SET next_timer = 5 WHERE number = 1", "D-1: its row" },
    { "UPDATE deal SET head = zeroblob (32) WHERE number = 1", "D-1: its row" },
    { "UPDATE approval SET candidate = 'user:otto' WHERE deal = 1 AND step = 2", "D-1: its open approvals" },
    { "DELETE FROM approval WHERE deal = 1 AND step = 2", "D-1: its open approvals" },
    { "UPDATE outbox SET state = 1 WHERE deal = 1", "D-1: its orders" },
    { "UPDATE outbox SET trying = 1 WHERE deal = 1", "D-1: its orders" },
    { "UPDATE search_text SET words = 'otto' WHERE number = 1", "D-1: the texts" },
    { "DELETE FROM search_text WHERE number = 2", "D-2: the texts" },
    { "INSERT INTO search_text VALUES (55, 'a', 'b', 'c')", "D-55" },
    { "INSERT INTO search (search) VALUES ('delete-all')", "index of search" },
    { "INSERT INTO search (search, rowid, facts, lines, words) VALUES ('delete', 2, 'anna', '', '')",
      "index of search" },
    { "INSERT INTO search (rowid, facts, lines, words) VALUES (77, 'otto', '', '')", "index of search" },
    { "INSERT INTO outbox VALUES (55, '1', 'k', 'd', 0, 0, 0, 0, 0)", "D-55" },
    { "INSERT INTO event SELECT 99, 88, 1, type, time, occurred_at, actor, caller, body_digest, head FROM "
      "event"
      " WHERE sequence = 1; UPDATE event SET sequence = 0 WHERE sequence = 99",
      "batch" },
    { "UPDATE counter SET held_orders = 0", "counters" },
    { "UPDATE counter SET open_approvals = 0", "counters" },
    { "UPDATE dataset_blob SET bytes = CAST (bytes || 'x' AS BLOB)", "dataset version" },
    { "UPDATE dataset_version SET digest = zeroblob (32)", "batch 1" },
    { "UPDATE dataset_version SET actor = 'otto'", "batch 1" },
    { "UPDATE dataset_version SET row_count = 1", "batch 1" },
    { "DELETE FROM dataset_blob; DELETE FROM dataset_version", "batch 1" },
    { "DELETE FROM dataset_blob", "dataset version" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_found (&cases[i]);
}

static gboolean
read_status (DdReader *reader, gpointer data, GError **error)
{
  return dd_reader_status (reader, data, error);
}

static void
test_newest_head (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = events_new ();
  Append append = { .number = 1, .events = events };
  DdStoreStatus status;
  DdVerifyReport report;
  guint8 unknown[DD_DIGEST_SIZE] = { 1 };

  build (&f);
  add_event (events, DD_EVENT_DEAL_ENDED, "{\"state\":\"declined\"}");
  append_now (f.store, &append);
  g_assert_true (read_now (f.store, read_status, &status, &error));
  g_assert_true (dd_store_verify (f.store, append.head, NULL, NULL, &report, &error));
  g_assert_cmpmem (report.head, 32, status.head, 32);
  g_assert_true (dd_store_verify (f.store, status.head, NULL, NULL, &report, &error));
  g_assert_false (dd_store_verify (f.store, unknown, NULL, NULL, &report, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
  g_clear_error (&error);
}

static gboolean
rebuild (DdTransaction *transaction, gpointer data, GError **error)
{
  return dd_transaction_rebuild (transaction, error);
}

static void
test_cut_and_rebuilt (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = events_new ();
  Append append = { .number = 1, .events = events };
  DdVerifyReport report;

  build (&f);
  add_event (events, DD_EVENT_DEAL_ENDED, "{\"state\":\"declined\"}");
  append_now (f.store, &append);
  fixture_close (&f);
  tamper (f.path, "DELETE FROM event_body WHERE sequence = 15; DELETE FROM event WHERE sequence = 15;"
                  "DELETE FROM batch WHERE number = (SELECT max (number) FROM batch)");
  fixture_open (&f);
  write_now (f.store, rebuild, NULL, &error);
  g_assert_no_error (error);
  /* The forger did everything right: nothing in the file tells, the head kept elsewhere does. */
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  g_assert_false (dd_store_verify (f.store, append.head, NULL, NULL, &report, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
  g_assert_nonnull (strstr (error->message, "is in no chain"));
}

static void
test_erased (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;

  build (&f);
  fixture_close (&f);
  tamper (f.path, "UPDATE event_body SET salt = NULL, body = NULL WHERE sequence = 2");
  fixture_open (&f);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  g_assert_no_error (error);
  write_now (f.store, rebuild, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
}

static gboolean
note_progress (gint64 done, gint64 all, gpointer data)
{
  gint64 *last = data;

  g_assert_cmpint (done, >=, *last);
  g_assert_cmpint (done, <=, all);
  *last = done;
  return TRUE;
}

static void
test_progress (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;
  gint64 last = 0;

  build (&f);
  g_assert_true (dd_store_verify (f.store, NULL, note_progress, &last, &report, &error));
  g_assert_cmpint (last, >, 0);
  g_assert_cmpint (report.deals, ==, 4);
  g_assert_cmpint (report.events, ==, 14);
  g_assert_cmpint (report.batches, ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-verify/every-change-is-found-and-its-place-named", test_changes);
  g_test_add_func ("/store-verify/a-head-of-a-deal-or-of-the-store-is-looked-for", test_newest_head);
  g_test_add_func ("/store-verify/a-perfect-cut-is-told-by-a-head-kept-elsewhere", test_cut_and_rebuilt);
  g_test_add_func ("/store-verify/an-erased-body-leaves-its-chain-whole", test_erased);
  g_test_add_func ("/store-verify/progress-only-grows-and-the-report-counts", test_progress);
  return g_test_run ();
}
