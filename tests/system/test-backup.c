/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Backup while the daemon is used: the copy is that of one commit, holds all that was answered before it, and
 * a full disk leaves nothing.
 */
#include "copies.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define N_CLIENTS 8
#define N_COPIES  6

/* --- clients that negotiate --- */

typedef struct
{
  const Rig *rig;
  GThread *thread;
  gint *stop;     /* atomic */
  gint *answered; /* atomic: events, of all clients */
} Client;

static void
ask (GDBusConnection *connection, const char *deal)
{
  g_autoptr (DdJson) asked =
    call_must (call_text (call_text (call_new (deal, "Ask"), ""), "How long does it take?"), connection);
}

static gpointer
negotiate (gpointer data)
{
  Client *client = data;
  g_autoptr (GDBusConnection) connection = rig_connect (client->rig);
  g_autofree char *offer = small_offer (3, NULL);
  Rig own = *client->rig;

  own.connection = connection;
  while (!g_atomic_int_get (client->stop))
    {
      g_autofree char *deal = open_small (&own, 3, NULL);
      g_autoptr (DdJson) tabled = NULL;

      g_atomic_int_inc (client->answered);
      tabled = propose (&own, deal, NULL, "anna");
      g_atomic_int_inc (client->answered);
      for (guint i = 0; i < 4 && !g_atomic_int_get (client->stop); i++)
        {
          ask (connection, deal);
          g_atomic_int_inc (client->answered);
        }
    }
  g_dbus_connection_close_sync (connection, NULL, NULL);
  return NULL;
}

/* A copy that has fewer events than were answered before it was asked for has lost some; one whose head the
 * store's chain hasn't is of no commit. */
static void
test_under_load (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Client clients[N_CLIENTS];
  Copy *copies[N_COPIES];
  gint stop = 0, answered = 0;

  rig_start (rig);
  rig_import_samples (rig);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      clients[i] = (Client){ rig, NULL, &stop, &answered };
      clients[i].thread = g_thread_new ("client", negotiate, &clients[i]);
    }
  while (g_atomic_int_get (&answered) < N_CLIENTS)
    g_usleep (1000);
  for (guint i = 0; i < N_COPIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("copy-%u", i);
      guint64 before = (guint64)g_atomic_int_get (&answered);

      copies[i] = copy_take (rig, rig->connection, name);
      g_test_message ("%" G_GUINT64_FORMAT " events were answered, the copy has %" G_GUINT64_FORMAT, before,
                      copies[i]->events);
      g_assert_cmpuint (copies[i]->events, >=, before);
    }
  g_atomic_int_set (&stop, 1);
  for (guint i = 0; i < N_CLIENTS; i++)
    g_thread_join (clients[i].thread);
  g_assert_cmpint (answered, >, N_CLIENTS);
  for (guint i = 0; i < N_COPIES; i++)
    {
      g_autoptr (DdJson) checked = restore (rig, copies[i]->path, TRUE, NULL);

      g_assert_true (has_head (rig, copies[i]->head));
      g_assert_cmpstr (text_at (checked, "copy/head"), ==, copies[i]->head);
      g_assert_true (dd_json_boolean (at (dd_json_root (checked), "lost/sameStore")));
      copy_free (copies[i]);
    }
  g_assert_cmpuint (count_files (rig, ".backup"), ==, 0);
}

/* The control: the file copied by hand lacks what is only in the log. */
static void
test_a_plain_copy (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *plain = g_build_filename (rig->folder, "plain", NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *deal = NULL;
  gsize length;

  rig_start (rig);
  rig_import_samples (rig);
  /* What was there at a start is in the file. */
  g_assert_cmpint (rig_stop (rig), ==, 0);
  rig_start (rig);
  deal = open_small (rig, 3, NULL);
  g_assert_true (g_file_get_contents (rig->database, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (plain, bytes, (gssize)length, NULL));
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_autoptr (DdJson) missing = restore (rig, plain, TRUE, NULL);
  g_autoptr (DdJson) complete = restore (rig, copy->path, TRUE, NULL);

  g_assert_cmpstr (text_at (complete, "lost/events"), ==, "0");
  g_assert_cmpstr (text_at (missing, "lost/events"), ==, "1");
}

/* --- a full disk --- */

/* Whether this process may mount without anybody else seeing it. */
static gboolean own_mounts;

/* All but half a MiB. */
static void
fill_disk (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *zeros = NULL;
  struct statvfs status;
  gsize length;

  g_assert_cmpint (statvfs (directory, &status), ==, 0);
  length = status.f_bavail * status.f_frsize - 512 * 1024;
  zeros = g_malloc0 (length);
  g_assert_true (g_file_set_contents (path, zeros, (gssize)length, NULL));
}

static void
test_full_disk (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  g_autofree char *message = NULL;
  g_autofree char *deal = NULL;

  rig_start (rig);
  rig_import_samples (rig);
  deal = open_small (rig, 3, NULL);
  faults->limit = 65536;
  message = call_must_fail (call_new ("manager", "Backup"), rig->connection, "StoreFull");
  g_assert_cmpuint (faults->n_refused, >, 0);
  faults->limit = 0;
  g_assert_cmpuint (count_files (rig, ".backup"), ==, 0);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_autoptr (DdJson) again = restore (rig, copy->path, TRUE, NULL);
}

/* A disk of its own below the rig's state. */
static gboolean
mount_small (const Rig *rig)
{
  return own_mounts && mount ("small", rig->state, "tmpfs", 0, "size=12m,mode=0700") == 0;
}

/* Beside the copy there must be room for who negotiates: it isn't begun where there is none. */
static void
test_small_disk (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *filler = g_build_filename (rig->state, "filler", NULL);
  g_autofree char *message = NULL;

  if (!mount_small (rig))
    {
      g_test_skip ("mounting takes root");
      return;
    }
  rig_start (rig);
  rig_import_samples (rig);
  fill_disk (filler);
  message = call_must_fail (call_new ("manager", "Backup"), rig->connection, "StoreFull");
  g_test_message ("%s", message);
  g_assert_cmpuint (count_files (rig, ".backup"), ==, 0);
  /* What a deal needs was left alone. */
  g_autofree char *deal = open_small (rig, 3, NULL);
  g_assert_cmpint (g_unlink (filler), ==, 0);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_assert_cmpint (rig_stop (rig), ==, 0);
  g_assert_cmpint (umount (rig->state), ==, 0);
}

/* What a crash in the middle left is gone after the next start. */
static void
test_leftovers (void)
{
  static const char *const names[] = { "dealdesk.db.backup", "dealdesk.db.restore",
                                       "dealdesk.db.restore-wal" };
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *kept = g_strconcat (rig->database, ".before-restore-20260101T000000Z", NULL);
  g_autofree char *other = g_strconcat (rig->database, ".before-restore-20250101T000000Z", NULL);

  rig_start (rig);
  g_assert_cmpint (rig_stop (rig), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (rig->state, names[i], NULL);

      g_assert_true (g_file_set_contents (path, "half of a store", -1, NULL));
    }
  g_assert_cmpint (link (rig->database, kept), ==, 0);
  g_assert_true (g_file_set_contents (other, "an earlier store", -1, NULL));
  rig_start (rig);
  g_assert_cmpuint (count_files (rig, ".backup") + count_files (rig, ".restore"), ==, 0);
  g_assert_false (g_file_test (kept, G_FILE_TEST_EXISTS));
  /* One that was replaced is somebody's to remove. */
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  own_mounts = unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backup/while-eight-clients-negotiate-it-has-all-that-was-answered", test_under_load);
  g_test_add_func ("/backup/a-file-copied-by-hand-lacks-events", test_a_plain_copy);
  g_test_add_func ("/backup/a-full-disk-is-an-ordinary-error-and-leaves-nothing", test_full_disk);
  g_test_add_func ("/backup/a-disk-without-room-for-it-is-left-alone", test_small_disk);
  g_test_add_func ("/backup/what-a-crash-left-is-removed-at-the-start", test_leftovers);
  return g_test_run ();
}
