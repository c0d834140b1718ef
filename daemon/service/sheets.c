/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Last sheets by deal (see sheets.h). Any thread; the cache has a lock of its own, which is never held while
 * anything is computed.
 *
 * A kept sheet is only a help to compute the next one: it is compared with, input by input, and never answers
 * for the deal itself. So it may be of another revision, of other datasets or of an offer that was refused,
 * and two threads that price one deal at once only take turns in being the last.
 */
#include "sheets.h"

#include <string.h>

#define CACHE_BYTES (8 * 1024 * 1024)

/* Some 1,500 lines of twelve steps. Beyond it an edit gains less (reprice.edit: 1.6 times at 10,000 lines
 * instead of 1.9), since what is compared comes from memory, and one deal would displace most others. */
#define SHEET_BYTES (CACHE_BYTES / 2)

typedef struct
{
  gint64 deal;
  gint ref_count; /* atomic */
  DdSheet *sheet;
  DdPriceLine *lines; /* that it was computed from */
  GStringChunk *ids;  /* the lines' */
  gsize bytes;
} Entry;

static struct
{
  GMutex mutex;
  GHashTable *by_deal; /* &entry->deal to GList link in order */
  GQueue order;        /* Entry*, most recently used first */
  gsize bytes;
} cache;

static Entry *
entry_new (gint64 deal, DdSheet *sheet, const DdPriceLine *lines, guint n_lines, gsize bytes)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->deal = deal;
  entry->ref_count = 1;
  entry->sheet = dd_sheet_ref (sheet);
  entry->lines = g_memdup2 (lines, n_lines * sizeof *lines);
  entry->ids = g_string_chunk_new (1024);
  for (guint i = 0; i < n_lines; i++)
    entry->lines[i].id = g_string_chunk_insert (entry->ids, lines[i].id);
  entry->bytes = bytes;
  return entry;
}

static void
entry_unref (Entry *entry)
{
  if (entry == NULL || !g_atomic_int_dec_and_test (&entry->ref_count))
    return;
  dd_sheet_unref (entry->sheet);
  g_free (entry->lines);
  g_string_chunk_free (entry->ids);
  g_free (entry);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, entry_unref)

/* Under the lock. What it drops goes to @dropped, to be freed without it. */
static void
drop_link (GList *link, GPtrArray *dropped)
{
  Entry *entry = link->data;

  g_hash_table_remove (cache.by_deal, &entry->deal);
  g_queue_delete_link (&cache.order, link);
  cache.bytes -= entry->bytes;
  g_ptr_array_add (dropped, entry);
}

static GPtrArray *
dropped_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)entry_unref);
}

/* (transfer full) (nullable) */
static Entry *
find (gint64 deal)
{
  Entry *entry = NULL;
  GList *link;

  g_mutex_lock (&cache.mutex);
  link = cache.by_deal != NULL ? g_hash_table_lookup (cache.by_deal, &deal) : NULL;
  if (link != NULL)
    {
      g_queue_unlink (&cache.order, link);
      g_queue_push_head_link (&cache.order, link);
      entry = link->data;
      g_atomic_int_inc (&entry->ref_count);
    }
  g_mutex_unlock (&cache.mutex);
  return entry;
}

/* @entry: (transfer full): in place of what is kept of its deal. */
static void
keep (Entry *entry)
{
  g_autoptr (GPtrArray) dropped = dropped_new ();
  GList *link;

  g_mutex_lock (&cache.mutex);
  if (cache.by_deal == NULL)
    cache.by_deal = g_hash_table_new (g_int64_hash, g_int64_equal);
  link = g_hash_table_lookup (cache.by_deal, &entry->deal);
  if (link != NULL)
    drop_link (link, dropped);
  g_queue_push_head (&cache.order, entry);
  g_hash_table_insert (cache.by_deal, &entry->deal, cache.order.head);
  cache.bytes += entry->bytes;
  while (cache.bytes > CACHE_BYTES)
    drop_link (cache.order.tail, dropped);
  g_mutex_unlock (&cache.mutex);
}

static gsize
bytes_of (const DdSheet *sheet, const DdPriceLine *lines, guint n_lines)
{
  gsize bytes = sizeof (Entry) + dd_sheet_bytes (sheet) + n_lines * sizeof *lines;

  for (guint i = 0; i < n_lines; i++)
    bytes += strlen (lines[i].id) + 1;
  return bytes;
}

DdSheet *
dd_sheets_compute (gint64 deal,
                   const DdPriceLine *lines,
                   guint n_lines,
                   DdAnswers *answers,
                   guint *out_n_computed,
                   GError **error)
{
  g_autoptr (Entry) before = find (deal);
  DdSheet *sheet =
    dd_sheet_recompute (before != NULL ? before->sheet : NULL, before != NULL ? before->lines : NULL, lines,
                        n_lines, answers, out_n_computed, error);
  gsize bytes = sheet != NULL ? bytes_of (sheet, lines, n_lines) : G_MAXSIZE;

  if (bytes <= SHEET_BYTES)
    keep (entry_new (deal, sheet, lines, n_lines, bytes));
  return sheet;
}

void
dd_sheets_forget (void)
{
  g_autoptr (GPtrArray) dropped = dropped_new ();

  g_mutex_lock (&cache.mutex);
  while (cache.order.tail != NULL)
    drop_link (cache.order.tail, dropped);
  g_mutex_unlock (&cache.mutex);
}

gsize
dd_sheets_bytes (void)
{
  gsize bytes;

  g_mutex_lock (&cache.mutex);
  bytes = cache.bytes;
  g_mutex_unlock (&cache.mutex);
  return bytes;
}
