/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Copies of a store that is written to all the while, and one store put in the place of another.
 */
#include "backup.h"
#include "restore.h"
#include "store-fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Some thirty steps of a copy. */
#define FILL_BYTES (16 * 1024 * 1024)

static guint
count_files (const Fixture *f)
{
  GDir *directory = g_dir_open (f->directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  g_dir_close (directory);
  return n;
}

/* A deal with a document that is large, and not all one byte. */
static void
fill (DdStore *store)
{
  g_autoptr (GPtrArray) events = events_new ();
  g_autofree guint32 *words = g_malloc (FILL_BYTES);
  g_autoptr (GBytes) proposal = g_bytes_new_static ("{\"proposal\":1}", 14);
  g_autoptr (GBytes) large = NULL;
  g_autofree char *large_digest = NULL;
  g_autofree char *proposal_digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, proposal);
  g_autofree char *drafted = NULL;
  Append append = { .number = open_deal (store, "a"), .events = events };
  DdEvent *event;

  for (guint i = 0; i < FILL_BYTES / 4; i++)
    words[i] = i * 2654435761u;
  large = g_bytes_new (words, FILL_BYTES);
  large_digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, large);
  drafted = g_strdup_printf ("{\"author\":\"anna\",\"proposal\":\"%s\",\"revision\":1,\"sheet\":\"%s\","
                             "\"side\":\"provider\"}",
                             proposal_digest, large_digest);
  event = add_event (events, DD_EVENT_DRAFTED, drafted);
  dd_event_add_document (event, proposal);
  dd_event_add_document (event, large);
  append_now (store, &append);
}

/* --- a writer that never rests --- */

typedef struct
{
  DdStore *store;
  gint stop; /* atomic */
  gint n;    /* atomic: commits */
  GMutex mutex;
  GCond cond;
  gboolean ended;
} Restless;

static gboolean
open_another (DdTransaction *transaction, gpointer data, GError **error)
{
  const DdAppend how = { .time = START, .actor = "anna", .caller = "uid:1000" };
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (DdDeal) deal = NULL;
  guint8 head[DD_DIGEST_SIZE];
  gint64 number;

  if (!dd_transaction_next_deal (transaction, &number, error))
    return FALSE;
  deal = dd_deal_new (number);
  add_event (events, DD_EVENT_OPENED, "{\"customer\":\"c\",\"owner\":\"o\",\"title\":\"t\"}");
  return dd_transaction_append (transaction, deal, events, &how, head, error);
}

/* The next is there before the writer looks for it: it never finds nothing to do. */
static void
go_on (gpointer data, const GError *error)
{
  Restless *restless = data;

  g_assert_no_error (error);
  g_atomic_int_inc (&restless->n);
  if (!g_atomic_int_get (&restless->stop))
    {
      dd_store_write (restless->store, open_another, go_on, restless);
      return;
    }
  g_mutex_lock (&restless->mutex);
  restless->ended = TRUE;
  g_cond_signal (&restless->cond);
  g_mutex_unlock (&restless->mutex);
}

static void
wait_end (Restless *restless)
{
  g_atomic_int_set (&restless->stop, 1);
  g_mutex_lock (&restless->mutex);
  while (!restless->ended)
    g_cond_wait (&restless->cond, &restless->mutex);
  g_mutex_unlock (&restless->mutex);
}

static DdIncoming *
open_incoming (DdStore *store, int descriptor)
{
  g_autoptr (GError) error = NULL;
  DdIncoming *incoming = dd_incoming_open (store, descriptor, NULL, NULL, &error);

  g_assert_no_error (error);
  return incoming;
}

/* Each commit would begin the copy anew, were it made from another connection: it would never end. */
static void
test_written_meanwhile (void)
{
  g_auto (Fixture) f = { 0 };
  Restless restless = { 0 };
  g_autoptr (GError) error = NULL;
  DdVerifyReport report, live;
  DdLoss loss;
  gint64 bytes;
  int descriptor;

  fixture_init (&f);
  fill (f.store);
  restless.store = f.store;
  dd_store_write (f.store, open_another, go_on, &restless);
  g_assert_true (dd_store_backup (f.store, NULL, NULL, &descriptor, &bytes, &report, &error));
  wait_end (&restless);
  g_test_message ("%d commits meanwhile; the copy has %" G_GINT64_FORMAT " events in %" G_GINT64_FORMAT
                  " bytes",
                  restless.n, report.events, bytes);
  g_assert_cmpint (restless.n, >, FILL_BYTES / (128 * 4096) / 2);
  g_assert_cmpint (bytes, >, FILL_BYTES);
  g_assert_true (dd_store_verify (f.store, report.head, NULL, NULL, &live, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report.events, <=, live.events);

  DdIncoming *incoming = open_incoming (f.store, descriptor);
  g_assert_true (dd_incoming_compare (incoming, f.store, &loss, &error));
  g_assert_true (loss.related);
  g_assert_cmpint (loss.events, ==, live.events - report.events);
  g_assert_cmpint (loss.deals, ==, loss.events);
  dd_incoming_free (incoming);
  close (descriptor);
}

/* --- stopping --- */

static gboolean
stop_at (gint64 done, gint64 all, gpointer data)
{
  return done < *(const gint64 *)data;
}

static void
test_stopped (void)
{
  g_auto (Fixture) f = { 0 };
  gint64 stops[] = { 0, FILL_BYTES / 4, FILL_BYTES + FILL_BYTES / 4 };
  DdVerifyReport report;
  gint64 bytes;
  int descriptor;
  guint n;

  fixture_init (&f);
  fill (f.store);
  n = count_files (&f);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_store_backup (f.store, stop_at, &stops[i], &descriptor, &bytes, &report, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_UNAVAILABLE);
      g_assert_cmpuint (count_files (&f), ==, n);
    }
  g_assert_cmpint (open_deal (f.store, "b"), ==, 2);
}

/* --- another store's place --- */

static int
copy_of (DdStore *store)
{
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;
  gint64 bytes;
  int descriptor;

  g_assert_true (dd_store_backup (store, NULL, NULL, &descriptor, &bytes, &report, &error));
  g_assert_no_error (error);
  return descriptor;
}

static gboolean
do_nothing (DdTransaction *transaction, gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
fail_after_appending (DdTransaction *transaction, gpointer data, GError **error)
{
  g_assert_true (open_another (transaction, NULL, error));
  return dd_fail (error, DD_ERROR_CONFLICT, "not so");
}

static void
check_sound (DdStore *store, gint64 deals)
{
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;

  dd_store_verify (store, NULL, NULL, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.deals, ==, deals);
}

static void
test_failed_work (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  guint8 head[32];
  int descriptor;
  guint n;

  fixture_init (&f);
  open_deal (f.store, "a");
  descriptor = copy_of (f.store);
  open_deal (f.store, "b");
  n = count_files (&f);
  DdIncoming *incoming = open_incoming (f.store, descriptor);
  g_assert_false (
    dd_store_replace (f.store, incoming, START, fail_after_appending, NULL, &kept, head, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_CONFLICT);
  dd_incoming_free (incoming);
  close (descriptor);
  g_assert_cmpuint (count_files (&f), ==, n);
  check_sound (f.store, 2);
  g_assert_cmpint (open_deal (f.store, "c"), ==, 3);
}

/* The chain has the restore, and an empty batch is a sound one; the numbers go on. */
static void
test_replaced (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  DdVerifyReport before, after;
  guint8 head[32];
  int descriptor;

  fixture_init (&f);
  open_deal (f.store, "a");
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &before, &error));
  descriptor = copy_of (f.store);
  open_deal (f.store, "b");
  DdIncoming *incoming = open_incoming (f.store, descriptor);
  g_assert_true (dd_store_replace (f.store, incoming, START, do_nothing, NULL, &kept, head, &error));
  g_assert_no_error (error);
  dd_incoming_free (incoming);
  close (descriptor);
  g_assert_true (dd_store_verify (f.store, before.head, NULL, NULL, &after, &error));
  g_assert_no_error (error);
  g_assert_cmpint (after.batches, ==, before.batches + 1);
  g_assert_cmpmem (after.head, 32, head, 32);
  g_assert_cmpint (open_deal (f.store, "c"), ==, 3);
  fixture_close (&f);
  fixture_open (&f);
  check_sound (f.store, 2);
}

static void
test_unrelated (void)
{
  g_auto (Fixture) ours = { 0 };
  g_auto (Fixture) theirs = { 0 };
  g_autoptr (GError) error = NULL;
  DdLoss loss;
  int descriptor;

  fixture_init (&ours);
  fixture_init (&theirs);
  for (guint i = 0; i < 3; i++)
    open_deal (ours.store, "a");
  open_deal (theirs.store, "a");
  descriptor = copy_of (theirs.store);
  DdIncoming *incoming = open_incoming (ours.store, descriptor);
  g_assert_true (dd_incoming_compare (incoming, ours.store, &loss, &error));
  g_assert_no_error (error);
  g_assert_false (loss.related);
  g_assert_cmpint (loss.events, ==, 3);
  g_assert_cmpint (loss.deals, ==, 3);
  g_assert_cmpint (loss.time, ==, 0);
  dd_incoming_free (incoming);
  close (descriptor);
}

static void
test_mark (void)
{
  g_auto (Fixture) ours = { 0 };
  g_auto (Fixture) theirs = { 0 };
  const DdStoreOptions development = { .readers = 1, .development = TRUE };
  g_autoptr (GError) error = NULL;
  int descriptor;

  fixture_init (&ours);
  fixture_init (&theirs);
  fixture_close (&theirs);
  theirs.store = dd_store_open (theirs.path, &development, &error);
  g_assert_no_error (error);
  descriptor = copy_of (theirs.store);
  g_assert_null (dd_incoming_open (ours.store, descriptor, NULL, NULL, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "development"));
  close (descriptor);
}

/* Its file may be the copy, under another name. */
static void
test_unnamed (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *elsewhere = NULL;
  g_autoptr (GError) error = NULL;
  int descriptor;

  fixture_init (&f);
  elsewhere = g_strconcat (f.path, ".moved", NULL);
  descriptor = open (f.path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (g_rename (f.path, elsewhere), ==, 0);
  g_assert_null (dd_incoming_open (f.store, descriptor, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "can't be looked at"));
  g_assert_cmpint (g_rename (elsewhere, f.path), ==, 0);
  close (descriptor);
}

static void
test_space (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_init (&f);
  g_assert_true (dd_store_check_space (f.path, 4096, &error));
  g_assert_no_error (error);
  g_assert_false (dd_store_check_space (f.path, G_MAXINT64 - 1, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_FULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/backup/ends-under-a-writer-that-never-rests", test_written_meanwhile);
  g_test_add_func ("/store/backup/stops-when-it-is-asked-to-and-leaves-nothing", test_stopped);
  g_test_add_func ("/store/backup/needs-room-for-the-copy-and-some-more", test_space);
  g_test_add_func ("/store/restore/that-fails-leaves-the-store-as-it-was", test_failed_work);
  g_test_add_func ("/store/restore/is-a-batch-of-its-own", test_replaced);
  g_test_add_func ("/store/restore/of-another-store-loses-all", test_unrelated);
  g_test_add_func ("/store/restore/takes-no-development-store-for-another", test_mark);
  g_test_add_func ("/store/restore/needs-the-stores-own-file-in-its-place", test_unnamed);
  return g_test_run ();
}
