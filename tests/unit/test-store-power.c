/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Power cuts: whatever was answered is there afterwards, once, and everything verifies.
 *
 * A child appends through a VFS that cuts its power before the n-th operation on a file and leaves what the
 * disks would hold; its answers come through a pipe. The control runs without syncs, and must lose something.
 */
#include "store-fixture.h"
#include "store-vfs.h"

#include <sys/wait.h>

#define APPENDS 40

typedef struct
{
  int pipe;
  gint64 number;
} Answer;

static void
tell (gpointer data, const GError *error)
{
  Answer *answer = data;

  if (error == NULL && write (answer->pipe, &answer->number, sizeof answer->number) < 0)
    _exit (3);
}

/* Deal n gets version 2 by a move that is answered with n. */
static gboolean
open_numbered (DdTransaction *transaction, gpointer data, GError **error)
{
  Answer *answer = data;
  const DdAppend how = { .time = START, .actor = "anna", .caller = "uid:1000" };
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (DdDeal) deal = NULL;
  guint8 head[DD_DIGEST_SIZE];
  gint64 number;

  if (!dd_transaction_next_deal (transaction, &number, error))
    return FALSE;
  deal = dd_deal_new (number);
  add_event (events, DD_EVENT_OPENED, "{\"customer\":\"c\",\"owner\":\"o\",\"title\":\"t\"}");
  if (!dd_transaction_append (transaction, deal, events, &how, head, error))
    return FALSE;
  answer->number = number;
  return TRUE;
}

/* The child: never returns. */
static void
run_child (const char *path, const char *cut_directory, int pipe, gint64 cut_at, gboolean unsafe)
{
  const DdStoreOptions options = { .readers = 1, .unsafe_sync_off = unsafe };
  static Answer answers[APPENDS];
  g_autoptr (GError) error = NULL;
  DdStore *store;

  vfs_register ();
  vfs_state.cut_directory = cut_directory;
  vfs_state.cut_at = cut_at;
  store = dd_store_open (path, &options, &error);
  if (store == NULL)
    _exit (4);
  for (guint i = 0; i < APPENDS; i++)
    {
      answers[i].pipe = pipe;
      dd_store_write (store, open_numbered, tell, &answers[i]);
      /* Now alone, now together. */
      if (i % 5 == 0)
        g_usleep (300);
    }
  dd_store_close (store);
  /* It had done all before the cut: the power goes now. */
  g_rec_mutex_lock (&vfs_state.mutex);
  vfs_cut_power ();
}

/* How many answered deals are missing afterwards. @control: the store may be unsound, which loses all. */
static guint
count_lost (const char *path, const GArray *answered, gboolean control)
{
  const DdStoreOptions options = { .readers = 1 };
  g_autoptr (GError) error = NULL;
  DdStore *store = dd_store_open (path, &options, &error);
  DdVerifyReport report;
  guint lost = 0;

  if (control && (store == NULL || !dd_store_verify (store, NULL, NULL, NULL, &report, &error)))
    {
      dd_store_close (store);
      return answered->len;
    }
  g_assert_no_error (error);
  g_assert_true (dd_store_verify (store, NULL, NULL, NULL, &report, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < answered->len; i++)
    lost += g_array_index (answered, gint64, i) > report.deals;
  /* Numbers are given without gaps: what is there is there once. */
  g_assert_cmpint (report.events, ==, report.deals);
  dd_store_close (store);
  return lost;
}

static void
clear_directory (const char *path)
{
  GDir *directory = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_dir_close (directory);
}

/* @control: nothing is synced. */
static guint
run_cut (gint64 cut_at, gboolean control)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *cut = g_dir_make_tmp ("dealdesk-cut-XXXXXX", NULL);
  g_autofree char *cut_path = g_build_filename (cut, "deals.db", NULL);
  g_autoptr (GArray) answered = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint lost;
  gint64 number;
  int ends[2];
  int status;
  pid_t child;

  fixture_init (&f);
  fixture_close (&f);
  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  if (child == 0)
    run_child (f.path, cut, ends[1], cut_at, control);
  close (ends[1]);
  while (read (ends[0], &number, sizeof number) == (gssize)sizeof number)
    g_array_append_val (answered, number);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  if (!g_file_test (cut_path, G_FILE_TEST_EXISTS))
    lost = answered->len;
  else
    lost = count_lost (cut_path, answered, control);
  clear_directory (cut);
  g_rmdir (cut);
  return lost;
}

static void
test_cuts (void)
{
  for (gint64 cut_at = 1; cut_at < 400; cut_at += g_test_slow () ? 1 : 13)
    g_assert_cmpuint (run_cut (cut_at, FALSE), ==, 0);
}

static void
test_control (void)
{
  guint lost = 0;

  for (gint64 cut_at = 40; cut_at < 160; cut_at += 20)
    lost += run_cut (cut_at, TRUE);
  g_assert_cmpuint (lost, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-power/what-was-answered-survives-a-cut-at-any-write-or-sync", test_cuts);
  g_test_add_func ("/store-power/control-without-syncs-loses-answers", test_control);
  return g_test_run ();
}
