/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the chains hash, byte by byte. Never changed for what is stored already: a new form needs a new tag.
 *
 * An event's head is SHA-256 ("e1", previous head, deal, version, time, occurred_at, type, actor, caller,
 * body digest); its body digest is SHA-256 (salt, body). A batch's head is SHA-256 ("b1", previous head,
 * number, first event, last event, time, content). Numbers are 8 bytes, most significant first; text has its
 * length before it, so that no two headers give the same bytes. Pure; any thread.
 */
#include "internal.h"

#include <string.h>

static void
append_number (GByteArray *out, gint64 value)
{
  guint64 big = GUINT64_TO_BE ((guint64)value);

  g_byte_array_append (out, (const guint8 *)&big, sizeof big);
}

static void
append_text (GByteArray *out, const char *text)
{
  gsize length = strlen (text);

  append_number (out, (gint64)length);
  g_byte_array_append (out, (const guint8 *)text, (guint)length);
}

static void
finish (GChecksum *checksum, guint8 out_digest[DD_DIGEST_SIZE])
{
  gsize size = DD_DIGEST_SIZE;

  g_checksum_get_digest (checksum, out_digest, &size);
  g_checksum_free (checksum);
}

static void
update (GChecksum *checksum, const void *data, gsize length)
{
  /* The length is signed there; a part at a time keeps it in range. */
  const guint8 *cursor = data;

  while (length > 0)
    {
      gsize part = MIN (length, (gsize)G_MAXINT32);

      g_checksum_update (checksum, cursor, (gssize)part);
      cursor += part;
      length -= part;
    }
}

void
dd_chain_digest (const void *data, gsize length, guint8 out_digest[DD_DIGEST_SIZE])
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);

  update (checksum, data, length);
  finish (checksum, out_digest);
}

void
dd_chain_body_digest (const guint8 salt[DD_SALT_SIZE],
                      const char *body,
                      gsize length,
                      guint8 out_digest[DD_DIGEST_SIZE])
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);

  update (checksum, salt, DD_SALT_SIZE);
  update (checksum, body, length);
  finish (checksum, out_digest);
}

static void
append_header (GByteArray *out, const DdEventHeader *header)
{
  append_number (out, header->deal);
  append_number (out, header->version);
  append_number (out, header->time);
  append_number (out, header->occurred_at);
  append_text (out, header->type);
  append_text (out, header->actor);
  append_text (out, header->caller);
}

void
dd_chain_event_head (const guint8 previous[DD_DIGEST_SIZE],
                     const DdEventHeader *header,
                     const guint8 body_digest[DD_DIGEST_SIZE],
                     guint8 out_head[DD_DIGEST_SIZE])
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (256);

  g_byte_array_append (bytes, (const guint8 *)"e1", 2);
  g_byte_array_append (bytes, previous, DD_DIGEST_SIZE);
  append_header (bytes, header);
  g_byte_array_append (bytes, body_digest, DD_DIGEST_SIZE);
  dd_chain_digest (bytes->data, bytes->len, out_head);
}

void
dd_chain_link_event (
  GByteArray *links, gint64 sequence, gint64 deal, gint64 version, const guint8 head[DD_DIGEST_SIZE])
{
  append_number (links, sequence);
  append_number (links, deal);
  append_number (links, version);
  g_byte_array_append (links, head, DD_DIGEST_SIZE);
}

void
dd_chain_link_dataset (GByteArray *links,
                       const DdEventHeader *header,
                       gint64 rows,
                       const guint8 digest[DD_DIGEST_SIZE])
{
  append_header (links, header);
  append_number (links, rows);
  g_byte_array_append (links, digest, DD_DIGEST_SIZE);
}

void
dd_chain_batch_content (const GByteArray *events,
                        const GByteArray *datasets,
                        guint8 out_content[DD_DIGEST_SIZE])
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint64 length = GUINT64_TO_BE ((guint64)events->len);

  update (checksum, &length, sizeof length);
  update (checksum, events->data, events->len);
  update (checksum, datasets->data, datasets->len);
  finish (checksum, out_content);
}

void
dd_chain_batch_head (const guint8 previous[DD_DIGEST_SIZE],
                     gint64 number,
                     gint64 first,
                     gint64 last,
                     gint64 time,
                     const guint8 content[DD_DIGEST_SIZE],
                     guint8 out_head[DD_DIGEST_SIZE])
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (128);

  g_byte_array_append (bytes, (const guint8 *)"b1", 2);
  g_byte_array_append (bytes, previous, DD_DIGEST_SIZE);
  append_number (bytes, number);
  append_number (bytes, first);
  append_number (bytes, last);
  append_number (bytes, time);
  g_byte_array_append (bytes, content, DD_DIGEST_SIZE);
  dd_chain_digest (bytes->data, bytes->len, out_head);
}
