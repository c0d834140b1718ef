/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How an image lies in memory (see image.h): head, slots, cells row by row, texts; each part begins at a
 * multiple of eight.
 */
#pragma once

#include <string.h>

#include "text-hash.h"

G_BEGIN_DECLS

#define DD_IMAGE_MAGIC 0x32474d49u /* "IMG2" */

typedef struct
{
  guint32 magic;
  guint32 n_rows;
  guint32 n_columns;
  guint32 n_slots; /* a power of two, or 0 without rows */
  guint64 slots;   /* where the parts begin */
  guint64 cells;
  guint64 texts;
  guint64 size;       /* of all */
  DdHashKey hash_key; /* of this image alone: keys may come from outside */
} DdImageHead;

/* Rows with one leading key: an open-addressed table. n_rows 0: free. */
typedef struct
{
  guint32 hash;
  guint32 first;
  guint32 n_rows;
  guint32 key; /* place among the texts */
} DdImageSlot;

typedef struct
{
  gint64 number;
  guint32 text; /* place among the texts; "" is at 0 */
  guint32 reserved;
} DdImageCell;

static inline guint32
dd_image_hash (const DdImageHead *head, const char *text)
{
  return (guint32)dd_sip_hash (&head->hash_key, text, strlen (text));
}

G_END_DECLS
