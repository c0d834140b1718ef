/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Frames and their bodies arrive as they were sent, or are refused; images answer lookups as their dataset
 * does.
 */
#include <glib.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "remote/image-layout.h"
#include "remote/image.h"
#include "remote/wire-layout.h"

/* --- bodies --- */

static GBytes *
flatten (const DdWireWriter *writer)
{
  GByteArray *bytes = g_byte_array_new ();
  DdWireBody head = {
    .records_size = (guint32)writer->records.length,
    .n_texts = (guint32)(writer->offsets.length / sizeof (guint32)),
    .texts_size = (guint32)writer->texts.length,
  };
  static const guint8 padding[8];

  g_byte_array_append (bytes, (const guint8 *)&head, sizeof head);
  if (writer->records.length > 0)
    g_byte_array_append (bytes, writer->records.data, (guint)writer->records.length);
  if (writer->offsets.length > 0)
    g_byte_array_append (bytes, writer->offsets.data, (guint)writer->offsets.length);
  g_byte_array_append (bytes, padding,
                       (guint)(dd_wire_round (writer->offsets.length) - writer->offsets.length));
  if (writer->texts.length > 0)
    g_byte_array_append (bytes, writer->texts.data, (guint)writer->texts.length);
  return g_byte_array_free_to_bytes (bytes);
}

static gboolean
opens (DdWireReader *reader, gconstpointer bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  gboolean opened = dd_wire_open (reader, bytes, length, &error);

  g_assert_true (opened == (error == NULL));
  return opened;
}

static void
texts_are_found_by_their_number (void)
{
  g_autofree DdWireWriter *writer = g_new0 (DdWireWriter, 1);
  char changing[] = "one";
  DdWireReader reader;

  dd_wire_begin (writer);

  guint32 first = dd_wire_add_text (writer, changing, 100);
  guint32 same = dd_wire_add_text (writer, changing, 100);

  changing[0] = 'x';

  guint32 other = dd_wire_add_text (writer, changing, 100);
  guint32 empty = dd_wire_add_text (writer, "", 100);
  guint32 cut = dd_wire_add_text (writer, "abcdef", 3);

  g_assert_cmpuint (dd_wire_add_text (writer, NULL, 100), ==, DD_WIRE_NO_TEXT);
  *(guint64 *)dd_wire_add (writer, 8) = 42;

  g_autoptr (GBytes) bytes = flatten (writer);

  g_assert_true (opens (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
  g_assert_cmpuint (*(const guint64 *)dd_wire_take (&reader, 1, 8), ==, 42);
  g_assert_true (dd_wire_at_end (&reader));
  g_assert_cmpuint (first, ==, same);
  g_assert_cmpstr (dd_wire_text (&reader, first), ==, "one");
  g_assert_cmpstr (dd_wire_text (&reader, other), ==, "xne");
  g_assert_cmpstr (dd_wire_text (&reader, empty), ==, "");
  g_assert_cmpstr (dd_wire_text (&reader, cut), ==, "abc");
  g_assert_null (dd_wire_text (&reader, DD_WIRE_NO_TEXT));
  g_assert_false (reader.bad);
  dd_wire_clear (writer);
}

static void
what_is_not_there_is_bad (void)
{
  g_autofree DdWireWriter *writer = g_new0 (DdWireWriter, 1);
  DdWireReader reader;

  dd_wire_begin (writer);
  dd_wire_add_text (writer, "only", 100);
  dd_wire_add (writer, 16);

  g_autoptr (GBytes) bytes = flatten (writer);

  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (opens (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
      if (i == 0)
        g_assert_null (dd_wire_text (&reader, 1));
      else if (i == 1)
        g_assert_null (dd_wire_take (&reader, 3, 8));
      else if (i == 2)
        g_assert_null (dd_wire_take (&reader, G_MAXUINT32, 88));
      else if (i == 3)
        g_assert_null (dd_wire_take (&reader, G_MAXSIZE / 8, 8));
      else
        g_assert_cmpstr (dd_wire_needed_text (&reader, DD_WIRE_NO_TEXT), ==, "");
      g_assert_true (reader.bad);
    }
  dd_wire_clear (writer);
}

/* Each byte cut off, and each byte changed: read or refused, never past the end. */
static void
hostile_bodies_are_read_or_refused (void)
{
  g_autofree DdWireWriter *writer = g_new0 (DdWireWriter, 1);
  guint n_refused = 0;

  dd_wire_begin (writer);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u", i);

      dd_wire_add_text (writer, text, 100);
      dd_wire_add (writer, 8);
    }

  g_autoptr (GBytes) bytes = flatten (writer);
  gsize size = g_bytes_get_size (bytes);

  for (gsize i = 0; i < size * 256; i++)
    {
      gsize length = i < size ? i : size;
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), MAX (length, 1));
      DdWireReader reader;

      if (length == size)
        copy[i % size] ^= (guint8)(i / size);
      if (!opens (&reader, copy, length))
        {
          n_refused++;
          continue;
        }
      for (guint32 number = 0; number < 8; number++)
        {
          const char *text = dd_wire_text (&reader, number);

          g_assert_true (text == NULL || strlen (text) < size);
        }
      while (dd_wire_take (&reader, 1, 8) != NULL)
        ;
    }
  g_assert_cmpuint (n_refused, >, size);
  dd_wire_clear (writer);
}

static void
a_body_ends_at_what_a_frame_may_hold (void)
{
  g_autofree DdWireWriter *writer = g_new0 (DdWireWriter, 1);

  dd_wire_begin (writer);
  while (dd_wire_add (writer, 1 << 20) != NULL)
    g_assert_cmpuint (writer->records.length, <, DD_WIRE_MAX_BYTES);
  g_assert_true (writer->overflowed);
  g_assert_cmpuint (dd_wire_add_text (writer, "more", 100), ==, DD_WIRE_NO_TEXT);
  g_assert_null (dd_wire_add (writer, 8));
  dd_wire_begin (writer);
  g_assert_nonnull (dd_wire_add (writer, 8));
  dd_wire_clear (writer);
}

/* --- frames --- */

typedef struct
{
  int ends[2];
  DdWireWriter writer;
  DdFrame frame;
} Line;

static void
set_up_line (Line *line, gconstpointer data)
{
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line->ends), ==, 0);
  line->frame.descriptor = -1;
  dd_wire_begin (&line->writer);
}

static void
tear_down_line (Line *line, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    if (line->ends[i] >= 0)
      close (line->ends[i]);
  dd_wire_clear (&line->writer);
  dd_frame_clear (&line->frame);
}

static void
expect (Line *line, gboolean descriptors, DdWireResult expected)
{
  g_autoptr (GError) error = NULL;
  DdWireResult result =
    dd_frame_receive (line->ends[1], &line->frame, descriptors, g_get_monotonic_time (), &error);

  g_assert_cmpint (result, ==, expected);
  g_assert_true ((result == DD_WIRE_DONE) == (error == NULL));
}

static gpointer
send_in_thread (gpointer data)
{
  Line *line = data;

  g_assert_cmpint (dd_frame_send (line->ends[0], DD_FRAME_CALL, 7, &line->writer, -1, G_MAXINT64, NULL), ==,
                   DD_WIRE_DONE);
  return NULL;
}

static void
a_large_frame_arrives_whole (Line *line, gconstpointer data)
{
  guint64 *numbers = dd_wire_add (&line->writer, 8 << 20);
  DdWireReader reader;

  for (guint i = 0; i < 1 << 20; i++)
    numbers[i] = i * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  GThread *thread = g_thread_new ("send", send_in_thread, line);

  g_assert_cmpint (dd_frame_receive (line->ends[1], &line->frame, FALSE, G_MAXINT64, NULL), ==, DD_WIRE_DONE);
  g_thread_join (thread);
  g_assert_cmpuint (line->frame.type, ==, DD_FRAME_CALL);
  g_assert_cmpuint (line->frame.serial, ==, 7);
  g_assert_true (opens (&reader, line->frame.body.data, line->frame.body.length));

  const guint64 *received = dd_wire_take (&reader, 1, 8 << 20);

  g_assert_nonnull (received);
  for (guint i = 0; i < 1 << 20; i++)
    g_assert_cmpuint (received[i], ==, i * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
}

static void
a_descriptor_comes_along_where_it_is_asked_for (Line *line, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (
        dd_frame_send (line->ends[0], DD_FRAME_IMAGE, 0, &line->writer, STDIN_FILENO, G_MAXINT64, NULL), ==,
        DD_WIRE_DONE);
      expect (line, i == 0, i == 0 ? DD_WIRE_DONE : DD_WIRE_WRONG);
      g_assert_true ((line->frame.descriptor >= 0) == (i == 0));
      if (i > 0)
        break;
      g_assert_cmpint (fcntl (line->frame.descriptor, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
      close (line->frame.descriptor);
      line->frame.descriptor = -1;
    }
}

static void
an_end_is_an_end_and_no_signal (Line *line, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  close (line->ends[0]);
  line->ends[0] = -1;
  expect (line, FALSE, DD_WIRE_CLOSED);
  g_assert_cmpint (dd_frame_send (line->ends[1], DD_FRAME_BYE, 0, &line->writer, -1, G_MAXINT64, &error), ==,
                   DD_WIRE_CLOSED);
  g_assert_nonnull (error);
}

static void
nothing_is_late_in_time (Line *line, gconstpointer data)
{
  expect (line, FALSE, DD_WIRE_LATE);

  /* and so is a reader that doesn't read */
  g_autoptr (GError) error = NULL;

  dd_wire_add (&line->writer, 8 << 20);
  g_assert_cmpint (
    dd_frame_send (line->ends[0], DD_FRAME_CALL, 0, &line->writer, -1, g_get_monotonic_time (), &error), ==,
    DD_WIRE_LATE);
  g_assert_nonnull (error);
}

static void
a_bad_header_is_wrong (Line *line, gconstpointer data)
{
  const DdWireHeader headers[] = {
    { 0, DD_FRAME_CALL, 0, 0 },
    { DD_WIRE_MAGIC, 0, 0, 0 },
    { DD_WIRE_MAGIC, DD_N_FRAMES, 0, 0 },
    { DD_WIRE_MAGIC, DD_FRAME_CALL, 0, DD_WIRE_MAX_BYTES + 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_assert_cmpint (send (line->ends[0], &headers[i], sizeof headers[i], MSG_NOSIGNAL), ==,
                       sizeof headers[i]);
      expect (line, FALSE, DD_WIRE_WRONG);
    }
}

/* A size that is only claimed costs no memory. */
static void
memory_follows_what_has_come (Line *line, gconstpointer data)
{
  const DdWireHeader header = { DD_WIRE_MAGIC, DD_FRAME_ANSWER, 0, DD_WIRE_MAX_BYTES };

  g_assert_cmpint (send (line->ends[0], &header, sizeof header, MSG_NOSIGNAL), ==, sizeof header);
  expect (line, FALSE, DD_WIRE_LATE);
  g_assert_cmpuint (line->frame.body.capacity, <=, 1 << 20);
}

/* --- images --- */

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
      int file = dd_image_make (dataset, columns, n_columns, &error);
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
  int file = dd_image_make (dataset, NULL, 4, NULL);
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
  int file = dd_image_make (dataset, NULL, 4, NULL);
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

#define line_test(path, function) g_test_add (path, Line, NULL, set_up_line, function, tear_down_line)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/texts-are-found-by-their-number", texts_are_found_by_their_number);
  g_test_add_func ("/wire/what-is-not-there-is-bad", what_is_not_there_is_bad);
  g_test_add_func ("/wire/hostile-bodies-are-read-or-refused", hostile_bodies_are_read_or_refused);
  g_test_add_func ("/wire/a-body-ends-at-what-a-frame-may-hold", a_body_ends_at_what_a_frame_may_hold);
  line_test ("/frame/a-large-one-arrives-whole", a_large_frame_arrives_whole);
  line_test ("/frame/a-descriptor-comes-along-where-it-is-asked-for",
             a_descriptor_comes_along_where_it_is_asked_for);
  line_test ("/frame/an-end-is-an-end-and-no-signal", an_end_is_an_end_and_no_signal);
  line_test ("/frame/nothing-is-late-in-time", nothing_is_late_in_time);
  line_test ("/frame/a-bad-header-is-wrong", a_bad_header_is_wrong);
  line_test ("/frame/memory-follows-what-has-come", memory_follows_what_has_come);
  g_test_add_func ("/image/answers-as-its-dataset", an_image_answers_as_its_dataset);
  g_test_add_func ("/image/hostile-ones-are-read-or-refused", hostile_images_are_read_or_refused);
  g_test_add_func ("/image/what-could-shrink-is-none", what_could_shrink_is_no_image);
  return g_test_run ();
}
