/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Frames and their bodies arrive as they were sent, or are refused.
 */
#include <glib.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
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

/* The places of the texts of @bytes, to be changed. */
static guint32 *
places_of (guint8 *bytes)
{
  const DdWireBody *head = (const DdWireBody *)(const void *)bytes;

  return (guint32 *)(void *)(bytes + sizeof *head + head->records_size);
}

static void
texts_lie_one_behind_the_other (void)
{
  const struct
  {
    guint32 places[3];
    gboolean good;
  } rows[] = {
    { { 0, 5, 9 }, TRUE },   { { 0, 0, 9 }, FALSE }, /* the same twice */
    { { 0, 1, 9 }, FALSE },                          /* the end of another */
    { { 0, 5, 10 }, FALSE },                         /* a gap */
    { { 5, 0, 9 }, FALSE },  { { 1, 5, 9 }, FALSE }, { { 0, 5, 0x80000009 }, FALSE },
  };
  g_autofree DdWireWriter *writer = g_new0 (DdWireWriter, 1);

  dd_wire_begin (writer);
  dd_wire_add_text (writer, "four", 100);
  dd_wire_add_text (writer, "six", 100);
  dd_wire_add_text (writer, "seven", 100);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = flatten (writer);
      gsize size = g_bytes_get_size (bytes);
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
      DdWireReader reader;

      memcpy (places_of (copy), rows[i].places, sizeof rows[i].places);
      g_assert_true (opens (&reader, copy, size) == rows[i].good);

      /* nor is anything behind the last */
      ((DdWireBody *)(void *)copy)->n_texts = 2;
      g_assert_false (opens (&reader, copy, size));
    }
  dd_wire_clear (writer);
}

static void
a_text_that_has_no_room_is_not_there (void)
{
  g_autofree DdWireWriter *writer = g_new0 (DdWireWriter, 1);

  /* room for the text, and none for its place */
  dd_wire_begin (writer);
  g_assert_nonnull (dd_wire_add (writer, DD_WIRE_MAX_BYTES - sizeof (DdWireBody) - 16 - 8));
  g_assert_cmpuint (dd_wire_add_text (writer, "seven", 100), ==, DD_WIRE_NO_TEXT);
  g_assert_true (writer->overflowed);
  g_assert_cmpuint (writer->texts.length, ==, 0);
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

/* Each part comes by itself, as from an end that sends one when it must: a descriptor parts what is read. */
static void
a_frame_that_comes_bit_by_bit_is_late (Line *line, gconstpointer data)
{
  const DdWireHeader header = { DD_WIRE_MAGIC, DD_FRAME_IMAGE, 0, 64 };
  char bytes[32] = "";
  struct iovec part = { bytes, sizeof bytes };
  union
  {
    char bytes[CMSG_SPACE (sizeof (int))];
    struct cmsghdr head;
  } control = { .head = { CMSG_LEN (sizeof (int)), SOL_SOCKET, SCM_RIGHTS } };
  struct msghdr message = {
    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };

  memcpy (CMSG_DATA (&control.head), &(int){ STDERR_FILENO }, sizeof (int));
  g_assert_cmpint (send (line->ends[0], &header, sizeof header, MSG_NOSIGNAL), ==, sizeof header);
  g_assert_cmpint (sendmsg (line->ends[0], &message, MSG_NOSIGNAL), ==, sizeof bytes);
  g_assert_cmpint (send (line->ends[0], bytes, sizeof bytes, MSG_NOSIGNAL), ==, sizeof bytes);
  expect (line, TRUE, DD_WIRE_LATE);
  g_assert_cmpint (line->frame.descriptor, <, 0);
}

static void
what_was_large_is_given_back (Line *line, gconstpointer data)
{
  dd_wire_add (&line->writer, 1 << 20);
  dd_wire_trim (&line->writer);
  g_assert_cmpuint (line->writer.records.length, ==, 1 << 20);
  dd_wire_add (&line->writer, DD_WIRE_KEPT_BYTES);

  GThread *thread = g_thread_new ("send", send_in_thread, line);

  g_assert_cmpint (dd_frame_receive (line->ends[1], &line->frame, FALSE, G_MAXINT64, NULL), ==, DD_WIRE_DONE);
  g_thread_join (thread);
  g_assert_cmpuint (line->frame.body.capacity, >, DD_WIRE_KEPT_BYTES);
  dd_frame_trim (&line->frame);
  dd_wire_trim (&line->writer);
  g_assert_cmpuint (line->frame.body.capacity, ==, 0);
  g_assert_cmpuint (line->writer.records.capacity, ==, 0);
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

#define line_test(path, function) g_test_add (path, Line, NULL, set_up_line, function, tear_down_line)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/texts-are-found-by-their-number", texts_are_found_by_their_number);
  g_test_add_func ("/wire/what-is-not-there-is-bad", what_is_not_there_is_bad);
  g_test_add_func ("/wire/hostile-bodies-are-read-or-refused", hostile_bodies_are_read_or_refused);
  g_test_add_func ("/wire/texts-lie-one-behind-the-other", texts_lie_one_behind_the_other);
  g_test_add_func ("/wire/a-text-that-has-no-room-is-not-there", a_text_that_has_no_room_is_not_there);
  g_test_add_func ("/wire/a-body-ends-at-what-a-frame-may-hold", a_body_ends_at_what_a_frame_may_hold);
  line_test ("/frame/a-large-one-arrives-whole", a_large_frame_arrives_whole);
  line_test ("/frame/a-descriptor-comes-along-where-it-is-asked-for",
             a_descriptor_comes_along_where_it_is_asked_for);
  line_test ("/frame/an-end-is-an-end-and-no-signal", an_end_is_an_end_and_no_signal);
  line_test ("/frame/nothing-is-late-in-time", nothing_is_late_in_time);
  line_test ("/frame/a-bad-header-is-wrong", a_bad_header_is_wrong);
  line_test ("/frame/one-that-comes-bit-by-bit-is-late", a_frame_that_comes_bit_by_bit_is_late);
  line_test ("/frame/what-was-large-is-given-back", what_was_large_is_given_back);
  line_test ("/frame/memory-follows-what-has-come", memory_follows_what_has_come);
  return g_test_run ();
}
