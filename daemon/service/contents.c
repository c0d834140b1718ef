/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Contents of revisions (see contents.h). Any thread; the cache has a lock of its own.
 */
#include "contents.h"

/* Source bytes; the compiled form is about as large. */
#define CACHE_BYTES (8 * 1024 * 1024)

typedef struct
{
  char *sha256;
  DdProposal *proposal;
  gsize bytes;
} Entry;

static struct
{
  GMutex mutex;
  GHashTable *by_sha256; /* sha256 of its entry to GList link in order */
  GQueue order;          /* Entry*, most recently used first */
  gsize bytes;
} cache;

static void
entry_free (Entry *entry)
{
  g_free (entry->sha256);
  dd_proposal_unref (entry->proposal);
  g_free (entry);
}

static DdProposal *
cache_get (const char *sha256)
{
  DdProposal *proposal = NULL;
  GList *link;

  g_mutex_lock (&cache.mutex);
  link = cache.by_sha256 != NULL ? g_hash_table_lookup (cache.by_sha256, sha256) : NULL;
  if (link != NULL)
    {
      g_queue_unlink (&cache.order, link);
      g_queue_push_head_link (&cache.order, link);
      proposal = dd_proposal_ref (((Entry *)link->data)->proposal);
    }
  g_mutex_unlock (&cache.mutex);
  return proposal;
}

/* Under the lock. */
static void
drop_until (gsize bytes)
{
  while (cache.bytes > bytes)
    {
      Entry *last = g_queue_pop_tail (&cache.order);
      g_hash_table_remove (cache.by_sha256, last->sha256);
      cache.bytes -= last->bytes;
      entry_free (last);
    }
}

void
dd_contents_forget (void)
{
  g_mutex_lock (&cache.mutex);
  drop_until (0);
  g_mutex_unlock (&cache.mutex);
}

static void
cache_put (const char *sha256, DdProposal *proposal, gsize bytes)
{
  if (bytes > CACHE_BYTES / 2)
    return;
  g_mutex_lock (&cache.mutex);
  if (cache.by_sha256 == NULL)
    cache.by_sha256 = g_hash_table_new (g_str_hash, g_str_equal);
  if (!g_hash_table_contains (cache.by_sha256, sha256))
    {
      Entry *entry = g_new0 (Entry, 1);
      entry->sha256 = g_strdup (sha256);
      entry->proposal = dd_proposal_ref (proposal);
      entry->bytes = bytes;
      g_queue_push_head (&cache.order, entry);
      g_hash_table_insert (cache.by_sha256, entry->sha256, cache.order.head);
      cache.bytes += bytes;
    }
  drop_until (CACHE_BYTES);
  g_mutex_unlock (&cache.mutex);
}

DdJson *
dd_contents_json (DdReader *reader, const char *sha256, GError **error)
{
  g_autoptr (GBytes) bytes = dd_reader_document (reader, sha256, error);
  gsize size = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  return text != NULL ? dd_json_parse (text, size, &dd_json_limits_own, error) : NULL;
}

DdProposal *
dd_contents_proposal (DdReader *reader, const char *sha256, gboolean shared, GError **error)
{
  DdProposal *proposal = shared ? cache_get (sha256) : NULL;

  if (proposal != NULL)
    return proposal;
  g_autoptr (GBytes) bytes = dd_reader_document (reader, sha256, error);
  gsize size = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  g_autoptr (DdJson) json = text != NULL ? dd_json_parse (text, size, &dd_json_limits_own, error) : NULL;

  if (json == NULL)
    return NULL;
  proposal = dd_proposal_read (dd_json_root (json), error);
  if (proposal != NULL && shared)
    cache_put (sha256, proposal, size);
  return proposal;
}

DdSheet *
dd_contents_sheet (DdReader *reader, const DdProposal *proposal, const char *sha256, GError **error)
{
  g_autoptr (DdJson) json = dd_contents_json (reader, sha256, error);
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);

  if (json == NULL)
    return NULL;
  return dd_sheet_replay ((const DdPriceLine *)(void *)lines->data, lines->len, dd_json_root (json), error);
}
