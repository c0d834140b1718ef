/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A hash of text that nobody outside can foresee, for tables whose keys come from clients and plugins: with
 * a known hash they could send keys that all fall into one slot. No result may depend on it. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 low;
  guint64 high;
} DdHashKey;

/* SipHash-2-4 of @length bytes. Pure. */
guint64 dd_sip_hash (const DdHashKey *key, gconstpointer bytes, gsize length);

/* One at random. */
DdHashKey dd_hash_key_make (void);

/* This process's own: made once, and told nobody. */
const DdHashKey *dd_hash_key (void);

/* For g_hash_table_new(), with g_str_equal(). */
guint dd_text_hash (gconstpointer text);

G_END_DECLS
