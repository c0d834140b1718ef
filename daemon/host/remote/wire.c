/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bodies of frames: records and texts (see wire.h).
 *
 * A body is a head, the records, the texts' places, and the texts, each ended by NUL; all parts begin at a
 * multiple of eight.
 */
#include "remote/wire.h"

#include <string.h>

#include "error.h"
#include "remote/wire-layout.h"

#define FIRST_BYTES 4096

gboolean
dd_wire_reserve (DdWireBuffer *buffer, gsize length)
{
  gsize capacity = buffer->capacity != 0 ? buffer->capacity : FIRST_BYTES;

  if (length <= buffer->capacity)
    return TRUE;
  if (length > DD_WIRE_MAX_BYTES)
    return FALSE;
  while (capacity < length)
    capacity *= 2;
  buffer->data = g_realloc (buffer->data, capacity);
  buffer->capacity = capacity;
  return TRUE;
}

void
dd_wire_release (DdWireBuffer *buffer)
{
  g_free (buffer->data);
  *buffer = (DdWireBuffer){ NULL, 0, 0 };
}

static void
trim (DdWireBuffer *buffer)
{
  if (buffer->capacity > DD_WIRE_KEPT_BYTES)
    dd_wire_release (buffer);
}

void
dd_wire_empty (DdWireBuffer *buffer)
{
  buffer->length = 0;
  trim (buffer);
}

void
dd_wire_trim (DdWireWriter *writer)
{
  trim (&writer->records);
  trim (&writer->offsets);
  trim (&writer->texts);
}

void
dd_wire_clear (DdWireWriter *writer)
{
  dd_wire_release (&writer->records);
  dd_wire_release (&writer->offsets);
  dd_wire_release (&writer->texts);
}

void
dd_wire_begin (DdWireWriter *writer)
{
  dd_wire_empty (&writer->records);
  dd_wire_empty (&writer->offsets);
  dd_wire_empty (&writer->texts);
  writer->overflowed = FALSE;
  memset (writer->slots, 0, sizeof writer->slots);
}

/* All parts together keep the bound, so that the other end takes the frame. */
static gpointer
extend (DdWireWriter *writer, DdWireBuffer *buffer, gsize size)
{
  gsize all =
    sizeof (DdWireBody) + 16 + writer->records.length + writer->offsets.length + writer->texts.length;

  if (writer->overflowed || size > DD_WIRE_MAX_BYTES - MIN (all, DD_WIRE_MAX_BYTES) ||
      !dd_wire_reserve (buffer, buffer->length + size))
    {
      writer->overflowed = TRUE;
      return NULL;
    }

  gpointer piece = buffer->data + buffer->length;

  buffer->length += size;
  return piece;
}

gpointer
dd_wire_add (DdWireWriter *writer, gsize size)
{
  gpointer piece = extend (writer, &writer->records, size);

  return piece != NULL ? memset (piece, 0, size) : NULL;
}

static guint32
append_text (DdWireWriter *writer, const char *text, gsize length)
{
  guint32 number = (guint32)(writer->offsets.length / sizeof (guint32));
  guint32 offset = (guint32)writer->texts.length;
  char *copy = extend (writer, &writer->texts, length + 1);
  guint32 *place = copy != NULL ? extend (writer, &writer->offsets, sizeof *place) : NULL;

  if (place == NULL)
    {
      /* What has no place isn't there. */
      writer->texts.length = offset;
      return DD_WIRE_NO_TEXT;
    }
  memcpy (copy, text, length);
  copy[length] = '\0';
  *place = offset;
  return number;
}

guint32
dd_wire_add_text (DdWireWriter *writer, const char *text, gsize limit)
{
  if (text == NULL)
    return DD_WIRE_NO_TEXT;

  guint64 hash = (guint64)GPOINTER_TO_SIZE (text) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  DdWireSlot *slot = &writer->slots[hash >> (64 - 10)];
  const guint32 *offsets = (const guint32 *)(const void *)writer->offsets.data;

  if (slot->address == text && strcmp ((const char *)writer->texts.data + offsets[slot->number], text) == 0)
    return slot->number;

  guint32 number = append_text (writer, text, strnlen (text, limit));

  if (number != DD_WIRE_NO_TEXT)
    *slot = (DdWireSlot){ text, number };
  return number;
}

G_STATIC_ASSERT (DD_WIRE_TEXT_SLOTS == 1 << 10);

/* --- reading --- */

/* One text after the other: were they to overlap, a few bytes could be as many long texts as there are
 * places. */
static gboolean
check_texts (const DdWireReader *reader, guint32 n_bytes, GError **error)
{
  gsize at = 0;

  if (n_bytes > 0 && reader->texts[n_bytes - 1] != '\0')
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a frame's last text has no end");
  for (guint32 i = 0; i < reader->n_texts; i++)
    {
      if (at >= n_bytes || reader->offsets[i] != at)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "text %u of a frame begins at byte %u of %u, and not behind the one before", i,
                        reader->offsets[i], n_bytes);
      at += strlen (reader->texts + at) + 1;
    }
  if (at != n_bytes)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a frame's texts end at byte %" G_GSIZE_FORMAT " of %u",
                    at, n_bytes);
  return TRUE;
}

gboolean
dd_wire_open (DdWireReader *reader, gconstpointer body, gsize length, GError **error)
{
  const DdWireBody *head = body;
  const guint8 *bytes = body;

  if (length < sizeof *head)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a frame of %" G_GSIZE_FORMAT " bytes has no head",
                    length);

  guint64 offsets_size = dd_wire_round ((guint64)head->n_texts * sizeof (guint32));
  guint64 expected = sizeof *head + (guint64)head->records_size + offsets_size + head->texts_size;

  if (head->records_size % 8 != 0 || expected != length)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "a frame of %" G_GSIZE_FORMAT " bytes says that its parts are %" G_GUINT64_FORMAT, length,
                    expected);
  *reader = (DdWireReader){
    .at = bytes + sizeof *head,
    .end = bytes + sizeof *head + head->records_size,
    .offsets = (const guint32 *)(const void *)(bytes + sizeof *head + head->records_size),
    .n_texts = head->n_texts,
    .texts = (const char *)bytes + sizeof *head + head->records_size + offsets_size,
  };
  return check_texts (reader, head->texts_size, error);
}

gconstpointer
dd_wire_take (DdWireReader *reader, gsize n, gsize size)
{
  gconstpointer piece = reader->at;

  if (n > (gsize)(reader->end - reader->at) / size)
    {
      reader->bad = TRUE;
      return NULL;
    }
  reader->at += n * size;
  return piece;
}

const char *
dd_wire_text (DdWireReader *reader, guint32 number)
{
  if (number == DD_WIRE_NO_TEXT)
    return NULL;
  if (number < reader->n_texts)
    return reader->texts + reader->offsets[number];
  reader->bad = TRUE;
  return NULL;
}

const char *
dd_wire_needed_text (DdWireReader *reader, guint32 number)
{
  const char *text = dd_wire_text (reader, number);

  if (text != NULL)
    return text;
  reader->bad = TRUE;
  return "";
}

gboolean
dd_wire_at_end (const DdWireReader *reader)
{
  return reader->at == reader->end;
}
