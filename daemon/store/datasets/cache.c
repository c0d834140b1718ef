/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Compiled dataset versions, shared by all readers and bounded by bytes. Versions are immutable, so an entry
 * is right for ever. Any thread.
 */
#include "datasets/datasets.h"

typedef struct
{
  char *key;
  DdDataset *dataset;
  gsize bytes;
  GList link; /* in the order of use, newest first */
} Entry;

struct _DdDatasetCache
{
  GMutex mutex;
  GHashTable *entries; /* key to Entry* */
  GQueue order;
  gsize bytes;
  gsize max_bytes;
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  dd_dataset_unref (entry->dataset);
  g_free (entry->key);
  g_free (entry);
}

DdDatasetCache *
dd_dataset_cache_new (gsize max_bytes)
{
  DdDatasetCache *cache = g_new0 (DdDatasetCache, 1);

  g_mutex_init (&cache->mutex);
  cache->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entry);
  g_queue_init (&cache->order);
  cache->max_bytes = max_bytes;
  return cache;
}

void
dd_dataset_cache_free (DdDatasetCache *cache)
{
  g_hash_table_unref (cache->entries);
  g_mutex_clear (&cache->mutex);
  g_free (cache);
}

DdDataset *
dd_dataset_cache_find (DdDatasetCache *cache, const char *key)
{
  DdDataset *found = NULL;
  Entry *entry;

  g_mutex_lock (&cache->mutex);
  entry = g_hash_table_lookup (cache->entries, key);
  if (entry != NULL)
    {
      found = dd_dataset_ref (entry->dataset);
      g_queue_unlink (&cache->order, &entry->link);
      g_queue_push_head_link (&cache->order, &entry->link);
    }
  g_mutex_unlock (&cache->mutex);
  return found;
}

static gsize
size_of (const DdDataset *dataset)
{
  return sizeof *dataset + dataset->arena_size + dataset->n_slots * sizeof (DdKeySlot) +
         (gsize)dataset->n_rows * dataset->columns->len * sizeof (DdCell);
}

void
dd_dataset_cache_add (DdDatasetCache *cache, const char *key, DdDataset *dataset)
{
  Entry *entry;

  g_mutex_lock (&cache->mutex);
  if (!g_hash_table_contains (cache->entries, key))
    {
      entry = g_new0 (Entry, 1);
      entry->key = g_strdup (key);
      entry->dataset = dd_dataset_ref (dataset);
      entry->bytes = size_of (dataset);
      entry->link.data = entry;
      g_hash_table_insert (cache->entries, entry->key, entry);
      g_queue_push_head_link (&cache->order, &entry->link);
      cache->bytes += entry->bytes;
    }
  while (cache->bytes > cache->max_bytes && cache->order.length > 1)
    {
      Entry *oldest = g_queue_peek_tail (&cache->order);

      g_queue_unlink (&cache->order, &oldest->link);
      cache->bytes -= oldest->bytes;
      g_hash_table_remove (cache->entries, oldest->key);
    }
  g_mutex_unlock (&cache->mutex);
}

gsize
dd_dataset_cache_bytes (DdDatasetCache *cache)
{
  gsize bytes;

  g_mutex_lock (&cache->mutex);
  bytes = cache->bytes;
  g_mutex_unlock (&cache->mutex);
  return bytes;
}
