/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Copies of a store (see copies.h).
 */
#include "copies.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void
copy_free (Copy *copy)
{
  g_free (copy->path);
  g_free (copy->head);
  g_free (copy);
}

static void
write_file (int from, const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new_from_fd (from, FALSE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (file);
  g_file_set_contents (path, g_mapped_file_get_contents (file), (gssize)g_mapped_file_get_length (file),
                       &error);
  g_assert_no_error (error);
}

Copy *
copy_take (const Rig *rig, GDBusConnection *connection, const char *name)
{
  g_autoptr (Call) call = call_new ("manager", "Backup");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, connection, &error);
  Copy *copy = g_new0 (Copy, 1);
  struct stat status;
  int descriptor;

  g_assert_no_error (error);
  g_variant_get (answer->value, "(htts)", NULL, &copy->bytes, &copy->events, &copy->head);
  descriptor = g_unix_fd_list_peek_fds (answer->fds, NULL)[0];
  g_assert_cmpint (fcntl (descriptor, F_GETFL) & O_ACCMODE, ==, O_RDONLY);
  g_assert_cmpint (fstat (descriptor, &status), ==, 0);
  g_assert_cmpuint ((guint64)status.st_size, ==, copy->bytes);
  g_assert_cmpuint (status.st_nlink, ==, 0);
  copy->path = g_build_filename (rig->folder, name, NULL);
  write_file (descriptor, copy->path);
  return copy;
}

Call *
restore_call (const char *path, gboolean dry_run)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  Call *call = call_new ("manager", "Restore");

  g_assert_cmpint (descriptor, >=, 0);
  call_handle (call, descriptor);
  close (descriptor);
  if (dry_run)
    call_option (call, "dry-run", g_variant_new_boolean (TRUE));
  return call;
}

DdJson *
restore (const Rig *rig, const char *path, gboolean dry_run, char **out_head)
{
  g_autoptr (Call) call = restore_call (path, dry_run);
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);

  g_assert_no_error (error);
  if (out_head != NULL)
    g_variant_get_child (answer->value, 0, "s", out_head);
  return answer_json (answer);
}

char *
head_of (const Rig *rig)
{
  g_autoptr (DdJson) status = call_must (call_new ("manager", "Status"), rig->connection);

  return g_strdup (text_at (status, "store/head"));
}

gboolean
has_head (const Rig *rig, const char *head)
{
  g_autoptr (Call) call = call_option (call_new ("manager", "Verify"), "head", g_variant_new_string (head));
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  g_autofree char *name = error != NULL ? error_name (error) : NULL;

  if (answer != NULL)
    return TRUE;
  g_assert_cmpstr (name, ==, "StoreDamaged");
  g_assert_nonnull (strstr (error->message, "in no chain"));
  return FALSE;
}

guint
count_files (const Rig *rig, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (rig->state, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += strstr (name, part) != NULL;
  return n;
}

void
restore_refused (const Rig *rig, const char *path, const char *error, const char *words)
{
  g_autofree char *before = head_of (rig);
  g_autofree char *message = call_must_fail (restore_call (path, FALSE), rig->connection, error);
  g_autofree char *after = head_of (rig);

  if (strstr (message, words) == NULL)
    g_error ("“%s” should say “%s”", message, words);
  g_test_message ("%s", message);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (count_files (rig, ".restore"), ==, 0);
  g_assert_cmpuint (count_files (rig, ".before-restore"), ==, 0);
}

void
change_copy (const char *path, const char *sql)
{
  sqlite3 *db;
  char *fault = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &fault);
  g_assert_cmpstr (fault, ==, NULL);
  sqlite3_exec (db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

Faults *
rig_faults (Rig *rig)
{
  g_autofree char *path = g_build_filename (rig->folder, "faults", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  Faults *faults;

  g_assert_cmpint (ftruncate (fd, sizeof (Faults)), ==, 0);
  faults = mmap (NULL, sizeof (Faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (faults != MAP_FAILED);
  close (fd);
  rig->preload = g_strdup (FAULTS);
  g_ptr_array_add (rig->environment, g_strconcat ("DEALDESK_FAULTS=", path, NULL));
  return faults;
}
