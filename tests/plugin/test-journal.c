/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The example of a sink, whose source authors copy, when the system fails it. Its own code, with system calls
 * that fail on demand; one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A disk: what a file holds is on it when it was synced, and never again once that failed. */
static guint failing_syncs;
static gboolean failing_reads;
static GHashTable *on_disk; /* inode to text */
static GArray *spoilt; /* descriptors of files that lost something: kept open, so that no inode returns */

static gboolean
is_spoilt (const struct stat *status)
{
  for (guint i = 0; i < spoilt->len; i++)
    {
      struct stat other;

      if (fstat (g_array_index (spoilt, int, i), &other) == 0 && other.st_ino == status->st_ino)
        return TRUE;
    }
  return FALSE;
}

static int
disk_sync (int file)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", file);
  g_autofree char *text = NULL;
  struct stat status;

  g_assert_cmpint (fstat (file, &status), ==, 0);
  if (S_ISDIR (status.st_mode))
    return 0;
  if (failing_syncs > 0)
    {
      int kept = open (path, O_RDONLY | O_CLOEXEC); /* anew: it must not hold the lock */

      failing_syncs--;
      g_array_append_val (spoilt, kept);
      errno = EIO;
      return -1;
    }
  if (is_spoilt (&status))
    return 0;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_hash_table_insert (on_disk, GSIZE_TO_POINTER (status.st_ino), g_steal_pointer (&text));
  return 0;
}

static ssize_t
short_of_memory (char **line, size_t *size, FILE *file)
{
  if (!failing_reads)
    return getline (line, size, file);
  errno = ENOMEM;
  return -1;
}

#define fsync   disk_sync
#define getline short_of_memory
#include "order-journal.c"
#undef fsync
#undef getline

typedef struct
{
  char *directory;
  char *path; /* of the deal's journal */
  void *instance;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  char message[256] = "";

  failing_syncs = 0;
  failing_reads = FALSE;
  on_disk = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  spoilt = g_array_new (FALSE, FALSE, sizeof (int));
  fixture->directory = g_dir_make_tmp ("dealdesk-journal-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->path = g_build_filename (fixture->directory, "D-1.orders", NULL);

  const DealdeskOption option = { .name = "directory", .text = fixture->directory };

  g_assert_cmpint (open_journal (&option, 1, &fixture->instance, message), ==, DEALDESK_OK);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  close_journal (fixture->instance);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  for (guint i = 0; i < spoilt->len; i++)
    close (g_array_index (spoilt, int, i));
  g_array_unref (spoilt);
  g_hash_table_unref (on_disk);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static DealdeskDelivery
send_order (Fixture *fixture, const char *key)
{
  const DealdeskOrder order = {
    .size = sizeof order, .length = 2, .key = key, .deal = "D-1", .order = "1", .document = "{}"
  };
  char receipt[256] = "";

  return deliver (fixture->instance, NULL, NULL, &order, receipt, sizeof receipt);
}

/* What the disk has under the journal's name. */
static const char *
read_disk (const Fixture *fixture)
{
  struct stat status;

  if (stat (fixture->path, &status) != 0)
    return "";

  const char *text = g_hash_table_lookup (on_disk, GSIZE_TO_POINTER (status.st_ino));

  return text != NULL ? text : "";
}

static void
keeps_each_order_once (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (send_order (fixture, "a"), ==, DEALDESK_DELIVERED);
  g_assert_cmpint (send_order (fixture, "b"), ==, DEALDESK_DELIVERED);
  g_assert_cmpint (send_order (fixture, "a"), ==, DEALDESK_DELIVERED);
  g_assert_cmpstr (read_disk (fixture), ==, "a\t{}\nb\t{}\n");
}

static void
cuts_off_a_line_without_its_end (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->path, "a\t{}\nb\t{", -1, NULL));
  g_assert_cmpint (send_order (fixture, "b"), ==, DEALDESK_DELIVERED);
  g_assert_cmpstr (read_disk (fixture), ==, "a\t{}\nb\t{}\n");
}

/* Without the line on the disk it isn't delivered, whatever a second sync says. */
static void
writes_anew_what_could_not_be_synced (Fixture *fixture, gconstpointer data)
{
  DealdeskDelivery delivery;

  g_assert_cmpint (send_order (fixture, "a"), ==, DEALDESK_DELIVERED);
  failing_syncs = 1;
  delivery = send_order (fixture, "b");
  g_assert_true (delivery == DEALDESK_RETRY || delivery == DEALDESK_UNKNOWN);
  g_assert_cmpint (send_order (fixture, "b"), ==, DEALDESK_DELIVERED);
  g_assert_cmpstr (read_disk (fixture), ==, "a\t{}\nb\t{}\n");
}

/* A key that can't be looked for isn't absent. */
static void
writes_nothing_when_it_cannot_read (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (send_order (fixture, "a"), ==, DEALDESK_DELIVERED);
  failing_reads = TRUE;
  g_assert_cmpint (send_order (fixture, "a"), !=, DEALDESK_DELIVERED);
  failing_reads = FALSE;
  g_assert_cmpint (send_order (fixture, "a"), ==, DEALDESK_DELIVERED);
  g_assert_cmpstr (read_disk (fixture), ==, "a\t{}\n");
}

#define journal_test(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  journal_test ("/journal/keeps-each-order-once", keeps_each_order_once);
  journal_test ("/journal/cuts-off-a-line-without-its-end", cuts_off_a_line_without_its_end);
  journal_test ("/journal/writes-anew-what-could-not-be-synced", writes_anew_what_could_not_be_synced);
  journal_test ("/journal/writes-nothing-when-it-cannot-read", writes_nothing_when_it_cannot_read);
  return g_test_run ();
}
