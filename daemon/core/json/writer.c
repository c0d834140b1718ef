/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing canonical JSON (see writer.h).
 *
 * All text goes into one string, in the order written. Of each open object the writer remembers where its
 * members begin; when their names turn out not to be in order, the members' texts are put in order as the
 * object ends, when everything inside them is final. One thread at a time.
 */
#include "json/json-node.h"
#include "json/writer.h"

#include <string.h>

#define MAX_EXACT_INTEGER ((G_GINT64_CONSTANT (1) << 53) - 1)

typedef struct
{
  gsize name;  /* in names */
  gsize begin; /* of "name":value in out; it ends with a comma or where the next begins */
} Member;

typedef struct
{
  gboolean is_object;
  gboolean unordered;
  guint n_values;
  guint first_member; /* in members */
  gsize begin;        /* behind the opening bracket, in out */
  gsize names_begin;  /* in names */
} Frame;

struct _DdJsonWriter
{
  GString *out;
  GString *scratch; /* what an unordered object is put in order in */
  GString *names;   /* NUL-terminated names of all open objects' members */
  GArray *members;  /* Member, of all open objects */
  GArray *frames;   /* Frame, the innermost last; the first is the document */
  gboolean has_key; /* a name was written, its value is due */
};

static void
push_frame (DdJsonWriter *writer, gboolean is_object)
{
  Frame frame = { .is_object = is_object,
                  .first_member = writer->members->len,
                  .begin = writer->out->len,
                  .names_begin = writer->names->len };

  g_array_append_val (writer->frames, frame);
}

static inline Frame *
innermost (DdJsonWriter *writer)
{
  return &g_array_index (writer->frames, Frame, writer->frames->len - 1);
}

DdJsonWriter *
dd_json_writer_new (void)
{
  DdJsonWriter *writer = g_new0 (DdJsonWriter, 1);

  writer->out = g_string_sized_new (512);
  writer->scratch = g_string_new (NULL);
  writer->names = g_string_new (NULL);
  writer->members = g_array_new (FALSE, FALSE, sizeof (Member));
  writer->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  push_frame (writer, FALSE);
  return writer;
}

void
dd_json_writer_free (DdJsonWriter *writer)
{
  if (writer == NULL)
    return;
  g_string_free (writer->out, TRUE);
  g_string_free (writer->scratch, TRUE);
  g_string_free (writer->names, TRUE);
  g_array_unref (writer->members);
  g_array_unref (writer->frames);
  g_free (writer);
}

char *
dd_json_writer_finish (DdJsonWriter *writer, gsize *out_length)
{
  if (writer->frames->len != 1 || innermost (writer)->n_values != 1)
    g_error ("JSON writer: a document was finished that is empty or has something open");

  gsize length = writer->out->len;
  char *text = g_string_free (writer->out, FALSE);

  writer->out = g_string_sized_new (512);
  g_array_set_size (writer->frames, 0);
  push_frame (writer, FALSE);
  if (out_length != NULL)
    *out_length = length;
  return text;
}

GBytes *
dd_json_writer_finish_bytes (DdJsonWriter *writer)
{
  gsize length = 0;
  char *text = dd_json_writer_finish (writer, &length);

  return g_bytes_new_take (text, length);
}

/* Makes room for a value: the comma before it, and the checks that it may be here. */
static void
begin_value (DdJsonWriter *writer)
{
  Frame *frame = innermost (writer);

  if (frame->is_object)
    {
      if (!writer->has_key)
        g_error ("JSON writer: a value without key in an object");
      writer->has_key = FALSE;
      return;
    }
  if (frame->n_values > 0 && writer->frames->len == 1)
    g_error ("JSON writer: a second value in one document");
  if (frame->n_values++ > 0)
    g_string_append_c (writer->out, ',');
}

/* RFC 8785, 3.2.2.2: what must be escaped in a string, and how. 'u' stands for \u00xx. */
static const char escapes[256] = {
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',         'u',
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

/* Makes room for @length more bytes and a NUL. */
static inline void
reserve (GString *out, gsize length)
{
  gsize before = out->len;

  if (G_LIKELY (out->allocated_len - before > length))
    return;
  g_string_set_size (out, before + length);
  out->len = before;
}

/* Appends @length bytes from @text that need no escape. The room was made before, for speed. */
static inline void
append_run (GString *out, const char *text, gsize length)
{
  memcpy (out->str + out->len, text, length);
  out->len += length;
}

static void
append_escape (GString *out, guint8 byte)
{
  static const char hex[] = "0123456789abcdef";
  char escape[] = { '\\', escapes[byte], '0', '0', hex[byte >> 4], hex[byte & 15] };

  g_string_append_len (out, escape, escapes[byte] == 'u' ? 6 : 2);
}

static void
append_quoted (GString *out, const char *text, gsize length)
{
  const char *end = text + length;
  const char *run = text;

  /* Room for all but escapes, with a quote at either end. */
  reserve (out, length + 2);
  append_run (out, "\"", 1);
  for (const char *cursor = text; cursor < end; cursor++)
    {
      if (G_LIKELY (escapes[(guint8)*cursor] == 0))
        continue;
      append_run (out, run, (gsize)(cursor - run));
      append_escape (out, (guint8)*cursor);
      run = cursor + 1;
      reserve (out, (gsize)(end - run) + 2);
    }
  append_run (out, run, (gsize)(end - run));
  append_run (out, "\"", 1);
  out->str[out->len] = '\0';
}

/* Order by UTF-16 code units, of UTF-8 text. It is the order of bytes but for one thing: code points past
 * U+FFFF (bytes from 0xf0) are surrogates there, which come before U+E000 to U+FFFF (0xee and 0xef). */
static int
compare_names (const char *a, const char *b)
{
  const guint8 *x = (const guint8 *)a;
  const guint8 *y = (const guint8 *)b;

  while (*x == *y && *x != '\0')
    {
      x++;
      y++;
    }
  if (*x >= 0xee && *y >= 0xee && (*x >= 0xf0) != (*y >= 0xf0))
    return *x >= 0xf0 ? -1 : 1;
  return (int)*x - (int)*y;
}

void
dd_json_write_key (DdJsonWriter *writer, const char *key)
{
  Frame *frame = innermost (writer);

  if (!frame->is_object || writer->has_key)
    g_error ("JSON writer: the key \"%s\" where none is due", key);
  if (frame->n_values++ > 0)
    {
      const Member *previous = &g_array_index (writer->members, Member, writer->members->len - 1);
      int order = compare_names (writer->names->str + previous->name, key);

      if (order == 0)
        g_error ("JSON writer: the key \"%s\" twice", key);
      if (order > 0)
        frame->unordered = TRUE;
      g_string_append_c (writer->out, ',');
    }

  gsize length = strlen (key);
  Member member = { .name = writer->names->len, .begin = writer->out->len };

  g_array_append_val (writer->members, member);
  g_string_append_len (writer->names, key, (gssize)length + 1);
  append_quoted (writer->out, key, length);
  g_string_append_c (writer->out, ':');
  writer->has_key = TRUE;
}

void
dd_json_write_begin_object (DdJsonWriter *writer)
{
  begin_value (writer);
  g_string_append_c (writer->out, '{');
  push_frame (writer, TRUE);
}

typedef struct
{
  const char *name;
  const char *text;
  gsize length;
} Span;

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  return compare_names (((const Span *)a)->name, ((const Span *)b)->name);
}

static void
put_in_order (DdJsonWriter *writer, const Frame *frame)
{
  const Member *members = &g_array_index (writer->members, Member, frame->first_member);
  g_autofree Span *spans = g_new (Span, frame->n_values);
  const char *out = writer->out->str;

  for (guint i = 0; i < frame->n_values; i++)
    {
      gsize end = i + 1 < frame->n_values ? members[i + 1].begin - 1 : writer->out->len;

      spans[i] =
        (Span){ writer->names->str + members[i].name, out + members[i].begin, end - members[i].begin };
    }
  qsort (spans, frame->n_values, sizeof spans[0], compare_spans);

  g_string_truncate (writer->scratch, 0);
  for (guint i = 0; i < frame->n_values; i++)
    {
      if (i > 0)
        {
          if (compare_spans (&spans[i - 1], &spans[i]) == 0)
            g_error ("JSON writer: the key \"%s\" twice", spans[i].name);
          g_string_append_c (writer->scratch, ',');
        }
      g_string_append_len (writer->scratch, spans[i].text, (gssize)spans[i].length);
    }
  memcpy (writer->out->str + frame->begin, writer->scratch->str, writer->scratch->len);
}

void
dd_json_write_end_object (DdJsonWriter *writer)
{
  Frame *frame = innermost (writer);

  if (!frame->is_object || writer->has_key)
    g_error ("JSON writer: an object ends that isn't open, or lacks a value");
  if (frame->unordered)
    put_in_order (writer, frame);
  g_string_append_c (writer->out, '}');
  g_string_truncate (writer->names, frame->names_begin);
  g_array_set_size (writer->members, frame->first_member);
  g_array_set_size (writer->frames, writer->frames->len - 1);
}

void
dd_json_write_begin_array (DdJsonWriter *writer)
{
  begin_value (writer);
  g_string_append_c (writer->out, '[');
  push_frame (writer, FALSE);
}

void
dd_json_write_end_array (DdJsonWriter *writer)
{
  if (innermost (writer)->is_object || writer->frames->len == 1)
    g_error ("JSON writer: an array ends that isn't open");
  g_string_append_c (writer->out, ']');
  g_array_set_size (writer->frames, writer->frames->len - 1);
}

void
dd_json_write_canonical (DdJsonWriter *writer, const char *canonical, gsize length)
{
  begin_value (writer);
  g_string_append_len (writer->out, canonical, (gssize)length);
}

void
dd_json_write_null (DdJsonWriter *writer)
{
  dd_json_write_canonical (writer, "null", 4);
}

void
dd_json_write_boolean (DdJsonWriter *writer, gboolean value)
{
  dd_json_write_canonical (writer, value ? "true" : "false", value ? 4 : 5);
}

void
dd_json_write_int64 (DdJsonWriter *writer, gint64 value)
{
  char digits[20];
  char *begin = digits + sizeof digits;
  guint64 magnitude = value < 0 ? -(guint64)value : (guint64)value;

  if (magnitude > MAX_EXACT_INTEGER)
    g_error ("JSON writer: %" G_GINT64_FORMAT " is no exact JSON integer; write it as a string", value);
  do
    *--begin = (char)('0' + magnitude % 10);
  while ((magnitude /= 10) > 0);
  if (value < 0)
    *--begin = '-';
  dd_json_write_canonical (writer, begin, (gsize)(digits + sizeof digits - begin));
}

static void
write_text (DdJsonWriter *writer, const char *text, gsize length)
{
  begin_value (writer);
  append_quoted (writer->out, text, length);
}

void
dd_json_write_string (DdJsonWriter *writer, const char *text)
{
  write_text (writer, text, strlen (text));
}

void
dd_json_write_number_text (DdJsonWriter *writer, const char *text)
{
  dd_json_write_canonical (writer, text, strlen (text));
}

static void
write_children (DdJsonWriter *writer, const DdJsonNode *node)
{
  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = child->next)
    {
      if (child->name != NULL)
        dd_json_write_key (writer, child->name);
      dd_json_write_node (writer, child);
    }
}

/* Recursive, as deep as the parser's limit let the document be. */
void
dd_json_write_node (DdJsonWriter *writer, const DdJsonNode *node)
{
  switch (dd_json_type (node))
    {
    case DD_JSON_NULL:
      dd_json_write_null (writer);
      break;
    case DD_JSON_BOOLEAN:
      dd_json_write_boolean (writer, node->value.boolean);
      break;
    case DD_JSON_NUMBER:
      dd_json_write_canonical (writer, node->value.text, node->length);
      break;
    case DD_JSON_STRING:
      write_text (writer, node->value.text, node->length);
      break;
    case DD_JSON_ARRAY:
      dd_json_write_begin_array (writer);
      write_children (writer, node);
      dd_json_write_end_array (writer);
      break;
    case DD_JSON_OBJECT:
      dd_json_write_begin_object (writer);
      write_children (writer, node);
      dd_json_write_end_object (writer);
      break;
    }
}

void
dd_json_put_string (DdJsonWriter *writer, const char *key, const char *text)
{
  if (text == NULL)
    return;
  dd_json_write_key (writer, key);
  dd_json_write_string (writer, text);
}

void
dd_json_put_int64 (DdJsonWriter *writer, const char *key, gint64 value)
{
  dd_json_write_key (writer, key);
  dd_json_write_int64 (writer, value);
}

void
dd_json_put_boolean (DdJsonWriter *writer, const char *key, gboolean value)
{
  dd_json_write_key (writer, key);
  dd_json_write_boolean (writer, value);
}
