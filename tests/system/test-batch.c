/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A disk that fails under a batch: what fails costs only its own command, and nobody is answered before the
 * COMMIT.
 *
 * The disk's faults are made by a library in the daemon (faults.c). A held sync keeps the writer in one
 * COMMIT until all that must be in the next batch waits.
 */
#include "faults.h"
#include "moves.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_CALLS 48
#define POISON  "poison-5f1c"

typedef struct
{
  Rig *rig;
  Faults *faults;
} Disk;

static Disk
disk_new (void)
{
  Disk disk = { rig_new (), NULL };
  g_autofree char *path = g_build_filename (disk.rig->folder, "faults", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (ftruncate (fd, sizeof (Faults)), ==, 0);
  disk.faults = mmap (NULL, sizeof (Faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (disk.faults != MAP_FAILED);
  close (fd);
  disk.rig->preload = g_strdup (FAULTS);
  g_ptr_array_add (disk.rig->environment, g_strconcat ("DEALDESK_FAULTS=", path, NULL));
  rig_start (disk.rig);
  return disk;
}

static void
disk_free (Disk *disk)
{
  rig_free (disk->rig);
  munmap (disk->faults, sizeof (Faults));
}

/* --- many calls at once --- */

typedef struct
{
  GVariant *message;
  char *text;
  gboolean done;
  char *error; /* (nullable): the error's name */
  guint64 version;
} Asking;

typedef struct
{
  Asking calls[N_CALLS];
  guint n_done;
} Askings;

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *asking = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  asking->done = TRUE;
  asking->error = error != NULL ? error_name (error) : NULL;
  if (reply != NULL)
    g_variant_get_child (reply, 0, "t", &asking->version);
}

static void
send (Rig *rig, const char *deal, Asking *asking)
{
  g_autofree char *path = g_strconcat ("/org/dealdesk1/deal/D_", deal + 2, NULL);

  g_clear_pointer (&asking->error, g_free);
  asking->done = FALSE;
  g_dbus_connection_call (rig->connection, "org.dealdesk1", path, "org.dealdesk1.Deal", "Ask",
                          asking->message, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL, on_asked,
                          asking);
}

/* @texts: (transfer full) each; keys are their numbers. */
static void
prepare (Askings *askings, guint i, char *text)
{
  g_autofree char *key = g_strdup_printf ("ask-%u", i);
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "idempotency-key", "s", key);
  askings->calls[i].text = text;
  askings->calls[i].message =
    g_variant_ref_sink (g_variant_new ("(ss@a{sv})", "", text, g_variant_dict_end (&options)));
}

static void
askings_clear (Askings *askings)
{
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_clear_pointer (&askings->calls[i].message, g_variant_unref);
      g_free (askings->calls[i].text);
      g_free (askings->calls[i].error);
    }
}

static void
wait_all (Askings *askings)
{
  for (guint i = 0; i < N_CALLS; i++)
    while (!askings->calls[i].done)
      rig_iterate ();
}

/* Sends all while the writer is held in one COMMIT, so that they wait together; then lets it go. */
static void
send_as_one_batch (Disk *disk, const char *deal, Askings *askings)
{
  guint before = disk->faults->n_syncs;
  g_autoptr (DdJson) status = NULL;
  Asking first = { .text = (char *)"the first" };

  first.message =
    g_variant_ref_sink (g_variant_new ("(ss@a{sv})", "", "the first", g_variant_new ("a{sv}", NULL)));
  disk->faults->hold = 1;
  send (disk->rig, deal, &first);
  while (__atomic_load_n (&disk->faults->n_syncs, __ATOMIC_SEQ_CST) == before)
    g_thread_yield ();
  for (guint i = 0; i < N_CALLS; i++)
    send (disk->rig, deal, &askings->calls[i]);
  /* Answered in order: when this is, the daemon has taken all of them, and none is answered. */
  status = call_must (call_new ("manager", "Status"), disk->rig->connection);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (first.done);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_false (askings->calls[i].done);
  disk->faults->hold = 0;
  while (!first.done)
    rig_iterate ();
  g_assert_cmpstr (first.error, ==, NULL);
  g_variant_unref (first.message);
}

/* How often a question with exactly this text is in @state. */
static guint
count_asked (const DdJson *state, const char *text)
{
  guint n = 0;

  for (const DdJsonNode *q = dd_json_first (at (dd_json_root (state), "questions")); q != NULL;
       q = dd_json_next (q))
    n += g_strcmp0 (dd_json_text (dd_json_member (q, "text")), text) == 0;
  return n;
}

static void
check_effects (Rig *rig, const char *deal, Askings *askings)
{
  g_autoptr (DdJson) verified = rig_verify (rig);
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), rig->connection);

  for (guint i = 0; i < N_CALLS; i++)
    g_assert_cmpuint (count_asked (state, askings->calls[i].text), ==,
                      askings->calls[i].error == NULL ? 1 : 0);
}

/* Sends again what failed, with the same keys: it must have its effect now, and what was done no second one.
 */
static void
retry_all (Disk *disk, const char *deal, Askings *askings)
{
  for (guint i = 0; i < N_CALLS; i++)
    send (disk->rig, deal, &askings->calls[i]);
  wait_all (askings);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_cmpstr (askings->calls[i].error, ==, NULL);
  check_effects (disk->rig, deal, askings);
}

/* --- a statement fails in the middle --- */

/* @filler: bytes of text a call. With much of it, the batch outgrows SQLite's cache: pages are written, and a
 * statement fails, while later calls of the batch wait. */
static void
poison_batch (gsize filler, int error, const char *expected)
{
  Disk disk = disk_new ();
  g_autofree char *deal = open_small (disk.rig, 1, NULL);
  g_autofree char *bulk = g_strnfill (filler, 'x');
  Askings askings = { 0 };

  for (guint i = 0; i < N_CALLS; i++)
    prepare (&askings, i, g_strdup_printf ("%s %u %s", i == 2 ? POISON : "good", i, bulk));
  g_strlcpy (disk.faults->poison, POISON, sizeof disk.faults->poison);
  disk.faults->poison_error = error;
  send_as_one_batch (&disk, deal, &askings);
  wait_all (&askings);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_cmpstr (askings.calls[i].error, ==, i == 2 ? expected : NULL);
  g_assert_cmpuint (disk.faults->n_refused, >=, 2); /* in the batch, and when it ran alone */
  check_effects (disk.rig, deal, &askings);

  disk.faults->poison[0] = '\0';
  retry_all (&disk, deal, &askings);
  g_assert_cmpint (rig_stop (disk.rig), ==, 0);
  rig_start (disk.rig);
  check_effects (disk.rig, deal, &askings);
  askings_clear (&askings);
  disk_free (&disk);
}

static void
test_full_at_commit (void)
{
  poison_batch (10, ENOSPC, "StoreFull");
}

static void
test_full_in_the_middle (void)
{
  poison_batch (60000, ENOSPC, "StoreFull");
}

/* --- a full disk --- */

static guint64
wal_size (Rig *rig)
{
  g_autofree char *path = g_strconcat (rig->database, "-wal", NULL);
  struct stat status;

  return stat (path, &status) == 0 ? (guint64)status.st_size : 0;
}

static void
test_full_disk (void)
{
  Disk disk = disk_new ();
  g_autofree char *deal = open_small (disk.rig, 1, NULL);
  g_autofree char *bulk = g_strnfill (30000, 'x');
  Askings askings = { 0 };
  guint failed = 0;

  for (guint i = 0; i < N_CALLS; i++)
    prepare (&askings, i, g_strdup_printf ("good %u %s", i, bulk));
  disk.faults->limit = wal_size (disk.rig) + 400000;
  send_as_one_batch (&disk, deal, &askings);
  wait_all (&askings);
  for (guint i = 0; i < N_CALLS; i++)
    if (askings.calls[i].error != NULL)
      {
        g_assert_cmpstr (askings.calls[i].error, ==, "StoreFull");
        failed++;
      }
  g_test_message ("%u of %u failed", failed, N_CALLS);
  g_assert_cmpuint (failed, >, 0);
  g_assert_cmpuint (failed, <, N_CALLS);
  check_effects (disk.rig, deal, &askings);

  disk.faults->limit = 0;
  retry_all (&disk, deal, &askings);
  askings_clear (&askings);
  disk_free (&disk);
}

/* --- a failing sync --- */

#define EXIT_UNKNOWN_OUTCOME 4

/* The daemon ends without an answer; whether the move is there, its key tells. */
static void
test_failing_sync (void)
{
  Disk disk = disk_new ();
  g_autofree char *deal = open_small (disk.rig, 1, NULL);
  g_autoptr (Call) call = call_key (call_text (call_text (call_new (deal, "Ask"), ""), "once"), "the-key");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) none = NULL;

  disk.faults->sync_error = 1;
  g_autoptr (Answer) answer = call_send (call, disk.rig->connection, &error);
  g_assert_null (answer);
  g_autofree char *said = error_name (error);
  g_assert_cmpstr (said, ==, "");
  g_assert_cmpint (rig_wait_end (disk.rig), ==, EXIT_UNKNOWN_OUTCOME);

  /* As long as its disk fails it can't be started: nothing could be promised. */
  g_autofree char *refused = NULL;
  g_autofree char *wal = g_strconcat (disk.rig->database, "-wal", NULL);
  if (g_file_test (wal, G_FILE_TEST_EXISTS))
    g_assert_cmpint (rig_start_in_vain (disk.rig, &refused), !=, 0);
  disk.faults->sync_error = 0;
  rig_start (disk.rig);
  g_autoptr (Answer) again = call_send (call, disk.rig->connection, &none);
  g_assert_no_error (none);
  g_autoptr (Answer) third = call_send (call, disk.rig->connection, &none);
  g_assert_no_error (none);
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), disk.rig->connection);
  g_assert_cmpuint (count_asked (state, "once"), ==, 1);
  g_autoptr (DdJson) verified = rig_verify (disk.rig);
  disk_free (&disk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/a-write-that-fails-at-commit-costs-its-own-command", test_full_at_commit);
  g_test_add_func ("/batch/a-statement-that-fails-in-the-middle-costs-its-own-command",
                   test_full_in_the_middle);
  g_test_add_func ("/batch/a-full-disk-is-an-error-of-the-call-and-passes", test_full_disk);
  g_test_add_func ("/batch/a-failing-sync-ends-the-daemon-unanswered-and-the-key-resolves",
                   test_failing_sync);
  return g_test_run ();
}
