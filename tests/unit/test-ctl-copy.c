/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Copies of the store on their way into a file, while another dealctl writes one to the same name, and on
 * file systems that can't refuse a name that is taken.
 *
 * fcntl() and renameat2() of the code under test are the ones below: between opening and locking, another
 * copy is finished or given up; and flags of a renaming aren't known.
 */
#include "copy.h"
#include "error.h"
#include "rename.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void (*before_lock) (void); /* (nullable): once */
static gboolean knows_flags = TRUE;

int
fcntl (int descriptor, int command, ...)
{
  void (*run) (void) = command == F_OFD_SETLK ? g_steal_pointer (&before_lock) : NULL;
  va_list arguments;
  void *argument;

  va_start (arguments, command);
  argument = va_arg (arguments, void *);
  va_end (arguments);
  if (run != NULL)
    run ();
  return (int)syscall (SYS_fcntl, descriptor, command, argument);
}

int
renameat2 (int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
  if (!knows_flags && flags != 0)
    {
      errno = EINVAL;
      return -1;
    }
  return (int)syscall (SYS_renameat2, from_folder, from, to_folder, to, flags);
}

typedef struct
{
  char *folder;
  char *path;
  char *partial;
  char *source; /* what is copied */
} Place;

static Place place;
static CtlCopy *other;

static void
set_up (void)
{
  place.folder = g_dir_make_tmp ("dealdesk-copy-XXXXXX", NULL);
  place.path = g_build_filename (place.folder, "copy", NULL);
  place.partial = g_strconcat (place.path, ".partial", NULL);
  place.source = g_build_filename (place.folder, "source", NULL);
  g_assert_true (g_file_set_contents (place.source, "whole", -1, NULL));
}

static void
tear_down (void)
{
  g_unlink (place.path);
  g_unlink (place.partial);
  g_unlink (place.source);
  g_assert_cmpint (g_rmdir (place.folder), ==, 0);
  g_free (place.folder);
  g_free (place.path);
  g_free (place.partial);
  g_free (place.source);
  knows_flags = TRUE;
}

static gboolean
write_copy (CtlCopy *copy, GError **error)
{
  int descriptor = g_open (place.source, O_RDONLY | O_CLOEXEC, 0);
  gboolean done = ctl_copy_take (copy, descriptor, strlen ("whole"), error) && ctl_copy_finish (copy, error);

  close (descriptor);
  return done;
}

static void
check_whole (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (place.path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "whole");
  g_assert_false (g_file_test (place.partial, G_FILE_TEST_EXISTS));
}

static void
finish_other (void)
{
  g_assert_true (write_copy (other, NULL));
  ctl_copy_free (g_steal_pointer (&other));
}

static void
give_other_up (void)
{
  ctl_copy_free (g_steal_pointer (&other));
}

/* @force: whether the second may replace it. */
static void
begin_while_another_finishes (gboolean force)
{
  g_autoptr (CtlCopy) copy = NULL;
  g_autoptr (GError) error = NULL;

  set_up ();
  other = ctl_copy_begin (place.path, FALSE, NULL);
  g_assert_nonnull (other);
  before_lock = finish_other;
  copy = ctl_copy_begin (place.path, force, &error);
  g_assert_null (other);
  if (force)
    g_assert_no_error (error);
  else
    g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_true (force == (copy != NULL));
  g_clear_pointer (&copy, ctl_copy_free);
  check_whole ();
  tear_down ();
}

static void
test_finished_copy_stays (void)
{
  begin_while_another_finishes (FALSE);
  begin_while_another_finishes (TRUE);
}

static void
test_given_up_copy_is_begun_anew (void)
{
  g_autoptr (CtlCopy) copy = NULL;
  g_autoptr (GError) error = NULL;

  set_up ();
  other = ctl_copy_begin (place.path, FALSE, NULL);
  before_lock = give_other_up;
  copy = ctl_copy_begin (place.path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (write_copy (copy, &error));
  g_assert_no_error (error);
  check_whole ();
  g_clear_pointer (&copy, ctl_copy_free);
  tear_down ();
}

static void
test_one_at_a_time (void)
{
  g_autoptr (CtlCopy) first = NULL;
  g_autoptr (GError) error = NULL;

  set_up ();
  first = ctl_copy_begin (place.path, FALSE, NULL);
  g_assert_null (ctl_copy_begin (place.path, FALSE, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_UNAVAILABLE);
  g_assert_true (write_copy (first, NULL));
  check_whole ();
  g_clear_pointer (&first, ctl_copy_free);
  tear_down ();
}

/* The name is taken while the copy is written. */
static void
test_taken_name_stays (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CtlCopy) copy = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      set_up ();
      knows_flags = i == 0;
      copy = ctl_copy_begin (place.path, FALSE, NULL);
      g_assert_true (g_file_set_contents (place.path, "mine", -1, NULL));
      g_assert_false (write_copy (copy, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_file_get_contents (place.path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, "mine");
      g_clear_pointer (&copy, ctl_copy_free);
      tear_down ();
    }
}

static void
test_rename_new (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *missing = NULL;

      set_up ();
      knows_flags = i == 0;
      missing = g_build_filename (place.folder, "missing", NULL);
      g_assert_true (ctl_rename_new (place.source, place.path));
      g_assert_true (g_file_set_contents (place.source, "other", -1, NULL));
      g_assert_false (ctl_rename_new (place.source, place.path));
      g_assert_cmpint (errno, ==, EEXIST);
      g_assert_false (ctl_rename_new (missing, place.partial));
      g_assert_cmpint (errno, ==, ENOENT);
      check_whole ();
      tear_down ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/copy/a-copy-that-another-has-just-finished-stays-whole", test_finished_copy_stays);
  g_test_add_func ("/copy/one-that-another-gave-up-is-begun-anew", test_given_up_copy_is_begun_anew);
  g_test_add_func ("/copy/two-dont-write-to-one-name-at-a-time", test_one_at_a_time);
  g_test_add_func ("/copy/a-name-that-is-taken-stays-with-its-file", test_taken_name_stays);
  g_test_add_func ("/copy/renaming-replaces-nothing-on-any-file-system", test_rename_new);
  return g_test_run ();
}
