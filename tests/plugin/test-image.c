/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Images answer lookups as their dataset does, or are refused; one that a runner can't be given costs its
 * call, and is no fault of the plugin's.
 */
#include "fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "error.h"
#include "remote/image-layout.h"
#include "remote/image.h"

static DdDataset *
make_dataset (guint n_rows)
{
  DdDatasetDeclaration *declaration = dd_dataset_declaration_new ("numbers");
  g_autoptr (GString) csv = g_string_new ("key,part,price,note\n");
  g_autoptr (GError) error = NULL;
  DdDataset *dataset;

  dd_dataset_declaration_add (declaration, "key key text", NULL);
  dd_dataset_declaration_add (declaration, "part key integer", NULL);
  dd_dataset_declaration_add (declaration, "price decimal optional", NULL);
  dd_dataset_declaration_add (declaration, "note text optional", NULL);
  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (csv, "key-%u,%u,%s,%s\n", i / 3, i % 3, i % 5 ? "1.5" : "", i % 2 ? "odd" : "");
  dataset = dd_dataset_parse_csv (declaration, "numbers.csv", csv->str, csv->len, &error);
  g_assert_no_error (error);
  dd_dataset_declaration_free (declaration);
  return dataset;
}

static int
make_image (const DdDataset *dataset, const guint *columns, guint n_columns)
{
  g_autoptr (GError) error = NULL;
  guint64 size = 0;
  int file = dd_image_make (dataset, columns, n_columns, 0, &size, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (size, >=, (guint64)lseek (file, 0, SEEK_END));
  return file;
}

static void
check_rows (DdImage *image, const DdDataset *dataset, const char *key, const guint *columns, guint n_columns)
{
  guint first = 0;
  guint n_rows = dd_dataset_find (dataset, key, &first);
  DealdeskRows rows = dd_image_find (image, key);

  g_assert_cmpuint (rows.n_rows, ==, n_rows);
  g_assert_cmpuint (rows.n_columns, ==, n_columns);
  for (guint row = 0; row < n_rows; row++)
    for (guint column = 0; column < n_columns; column++)
      {
        const DdCell *cell =
          &dd_dataset_row (dataset, first + row)[columns != NULL ? columns[column] : column];

        g_assert_cmpint (dealdesk_cell (&rows, row, column)->number, ==, cell->number);
        g_assert_cmpstr (dealdesk_cell (&rows, row, column)->text, ==, cell->text);
      }
}

static void
an_image_answers_as_its_dataset (void)
{
  const guint some[] = { 0, 3 };
  const guint sizes[] = { 0, 1, 7, 3000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 2; i++)
    {
      const guint *columns = i % 2 ? some : NULL;
      guint n_columns = i % 2 ? G_N_ELEMENTS (some) : 4;
      g_autoptr (DdDataset) dataset = make_dataset (sizes[i / 2]);
      g_autoptr (GError) error = NULL;
      int file = make_image (dataset, columns, n_columns);
      DdImage *image = dd_image_open (file, n_columns, &error);

      g_assert_no_error (error);
      g_assert_cmpint (write (file, "x", 1), <, 0);
      close (file);
      for (guint key = 0; key < sizes[i / 2] / 3 + 2; key++)
        {
          g_autofree char *text = g_strdup_printf ("key-%u", key);

          check_rows (image, dataset, text, columns, n_columns);
          check_rows (image, dataset, text, columns, n_columns);
        }
      check_rows (image, dataset, "", columns, n_columns);
      dd_image_free (image);
    }
}

/* A sealed file in memory with these bytes. */
static int
make_file (const guint8 *bytes, gsize length)
{
  int file = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (write (file, bytes, length), ==, (gssize)length);
  g_assert_cmpint (fcntl (file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE), ==, 0);
  return file;
}

static gboolean
read_hostile (const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  int file = make_file (bytes, length);
  DdImage *image = dd_image_open (file, 4, &error);

  close (file);
  g_assert_true ((image != NULL) == (error == NULL));
  if (image == NULL)
    return FALSE;
  for (guint key = 0; key < 4; key++)
    {
      g_autofree char *text = g_strdup_printf ("key-%u", key);
      DealdeskRows rows = dd_image_find (image, text);

      for (guint i = 0; i < rows.n_rows * rows.n_columns; i++)
        g_assert_cmpuint (strlen (rows.cells[i].text), <, length);
    }
  dd_image_free (image);
  return TRUE;
}

static void
hostile_images_are_read_or_refused (void)
{
  g_autoptr (DdDataset) dataset = make_dataset (7);
  int file = make_image (dataset, NULL, 4);
  gsize size = (gsize)lseek (file, 0, SEEK_END);
  g_autofree guint8 *bytes = g_malloc (size);
  const guint8 changes[] = { 0x01, 0x80, 0xff };

  g_assert_cmpint (pread (file, bytes, size, 0), ==, (gssize)size);
  close (file);
  g_assert_true (read_hostile (bytes, size));
  for (gsize length = 0; length < size; length++)
    g_assert_false (read_hostile (bytes, length));
  for (gsize i = 0; i < size * G_N_ELEMENTS (changes); i++)
    {
      bytes[i / G_N_ELEMENTS (changes)] ^= changes[i % G_N_ELEMENTS (changes)];
      read_hostile (bytes, size);
      bytes[i / G_N_ELEMENTS (changes)] ^= changes[i % G_N_ELEMENTS (changes)];
    }
}

static void
what_could_shrink_is_no_image (void)
{
  g_autoptr (DdDataset) dataset = make_dataset (7);
  int file = make_image (dataset, NULL, 4);
  gsize size = (gsize)lseek (file, 0, SEEK_END);
  g_autofree guint8 *bytes = g_malloc (size);
  int open_file = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pread (file, bytes, size, 0), ==, (gssize)size);
  g_assert_cmpint (write (open_file, bytes, size), ==, (gssize)size);
  g_assert_null (dd_image_open (open_file, 4, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);

  /* nor is one of other columns */
  g_assert_null (dd_image_open (file, 3, NULL));
  close (file);
  close (open_file);
}

/* As wide as it must be: a column can be shown as often as one likes. */
static void
what_is_too_large_for_a_runner_is_refused (void)
{
  const guint n_columns = DD_IMAGES_MAX_BYTES / sizeof (DdImageCell) / 7;
  g_autoptr (DdDataset) dataset = make_dataset (7);
  g_autofree guint *columns = g_new0 (guint, n_columns);
  g_autoptr (GError) error = NULL;
  guint64 size = 0;
  int file;

  g_assert_cmpint (dd_image_make (dataset, columns, n_columns, 0, &size, &error), ==, -1);
  assert_error (&error, DD_ERROR_TOO_LARGE, "dataset numbers", "would take 223 MiB", "of 192 MiB", NULL);

  /* all of a plugin's together count, the reader's table with them */
  file = dd_image_make (dataset, NULL, 4, 0, &size, &error);
  close (file);
  file = dd_image_make (dataset, NULL, 4, DD_IMAGES_MAX_BYTES - size, &size, &error);
  g_assert_no_error (error);
  close (file);
  g_assert_cmpint (dd_image_make (dataset, NULL, 4, DD_IMAGES_MAX_BYTES - size + 1, &size, &error), ==, -1);
  assert_error (&error, DD_ERROR_TOO_LARGE, "other datasets take 192 MiB", NULL);
  g_assert_cmpint (dd_image_make (dataset, NULL, 4, G_MAXUINT64, &size, &error), ==, -1);
  g_clear_error (&error);
}

/* The hash can't be foreseen, so nobody can choose keys that fall together. */
static void
two_images_hash_differently (void)
{
  g_autoptr (DdDataset) dataset = make_dataset (7);
  DdImageHead heads[2];

  for (guint i = 0; i < 2; i++)
    {
      int file = make_image (dataset, NULL, 4);

      g_assert_cmpint (pread (file, &heads[i], sizeof heads[i], 0), ==, sizeof heads[i]);
      close (file);
    }
  g_assert_cmpuint (heads[0].hash_key.low, !=, heads[1].hash_key.low);
  g_assert_cmpuint (dd_image_hash (&heads[0], "key"), !=, dd_image_hash (&heads[1], "key"));
}

/* Files in memory are bound by this, too. */
static void
limit_files (rlim_t most)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (most, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
an_image_that_can_not_be_made_is_no_fault (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = NULL;

  signal (SIGXFSZ, SIG_IGN);
  fixture_add_isolated (fixture, "alpha", "Kinds=pricing\nStage=base\n[Dataset d]\nColumns=k key text\n");
  fixture_table (fixture, "d", "k\nx\n");
  fixture_start (fixture, FALSE);

  /* more often than a plugin may fail */
  for (guint i = 0; i < 10; i++)
    {
      limit_files (16);
      g_assert_null (fixture_price (fixture, proposal, &error));
      limit_files (RLIM_INFINITY);
      assert_error (&error, DD_ERROR_UNAVAILABLE, "plugin alpha", "no memory for an image", NULL);
    }
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/answers-as-its-dataset", an_image_answers_as_its_dataset);
  g_test_add_func ("/image/hostile-ones-are-read-or-refused", hostile_images_are_read_or_refused);
  g_test_add_func ("/image/what-could-shrink-is-none", what_could_shrink_is_no_image);
  g_test_add_func ("/image/what-is-too-large-for-a-runner-is-refused",
                   what_is_too_large_for_a_runner_is_refused);
  g_test_add_func ("/image/two-hash-differently", two_images_hash_differently);
  fixture_test ("/image/one-that-can-not-be-made-is-no-fault", an_image_that_can_not_be_made_is_no_fault);
  return g_test_run ();
}
