/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pinned datasets (see pins.h). One job at a time.
 */
#include "pins.h"

/* Immutable once made: jobs share it. */
struct _DdPins
{
  gatomicrefcount references;
  gint64 generation;   /* of the store's datasets, when these were current */
  GPtrArray *datasets; /* (element-type DdDataset) */
};

struct _DdPinCache
{
  GMutex mutex;
  DdPins *last; /* (nullable); under the mutex */
};

DdPinCache *
dd_pin_cache_new (void)
{
  DdPinCache *cache = g_new0 (DdPinCache, 1);

  g_mutex_init (&cache->mutex);
  return cache;
}

void
dd_pin_cache_free (DdPinCache *cache)
{
  g_clear_pointer (&cache->last, dd_pins_free);
  g_mutex_clear (&cache->mutex);
  g_free (cache);
}

void
dd_pin_cache_forget (DdPinCache *cache)
{
  DdPins *before;

  g_mutex_lock (&cache->mutex);
  before = g_steal_pointer (&cache->last);
  g_mutex_unlock (&cache->mutex);
  g_clear_pointer (&before, dd_pins_free);
}

/* (nullable) (transfer full) */
static DdPins *
find_pins (DdPinCache *cache, gint64 generation)
{
  DdPins *pins = NULL;

  g_mutex_lock (&cache->mutex);
  if (cache->last != NULL && cache->last->generation == generation)
    {
      pins = cache->last;
      g_atomic_ref_count_inc (&pins->references);
    }
  g_mutex_unlock (&cache->mutex);
  return pins;
}

static void
keep_pins (DdPinCache *cache, DdPins *pins)
{
  DdPins *before;

  g_atomic_ref_count_inc (&pins->references);
  g_mutex_lock (&cache->mutex);
  before = cache->last;
  cache->last = pins;
  g_mutex_unlock (&cache->mutex);
  g_clear_pointer (&before, dd_pins_free);
}

static gboolean
pin_all (DdPins *pins, DdReader *reader, const GPtrArray *declarations, GError **error)
{
  for (guint i = 0; i < declarations->len; i++)
    {
      DdDataset *dataset = dd_reader_dataset (reader, g_ptr_array_index (declarations, i), 0, error);
      if (dataset == NULL)
        return FALSE;
      g_ptr_array_add (pins->datasets, dataset);
    }
  return TRUE;
}

DdPins *
dd_pins_new (const DdService *service, DdReader *reader, GError **error)
{
  g_autoptr (DdPins) pins = NULL;
  gint64 generation = 0;

  if (!dd_reader_dataset_generation (reader, &generation, error))
    return NULL;
  pins = find_pins (service->pin_cache, generation);
  if (pins != NULL)
    return g_steal_pointer (&pins);
  pins = g_new0 (DdPins, 1);
  g_atomic_ref_count_init (&pins->references);
  pins->generation = generation;
  pins->datasets = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_dataset_unref);
  if (!pin_all (pins, reader, dd_core_datasets (), error) ||
      !pin_all (pins, reader, dd_host_datasets (service->host), error))
    return NULL;
  keep_pins (service->pin_cache, pins);
  return g_steal_pointer (&pins);
}

void
dd_pins_free (DdPins *pins)
{
  if (!g_atomic_ref_count_dec (&pins->references))
    return;
  g_ptr_array_unref (pins->datasets);
  g_free (pins);
}

DdDataset *
dd_pins_get (const DdPins *pins, const char *name)
{
  for (guint i = 0; i < pins->datasets->len; i++)
    {
      DdDataset *dataset = g_ptr_array_index (pins->datasets, i);
      if (g_str_equal (dd_dataset_name (dataset), name))
        return dataset;
    }
  return NULL;
}

DdDataset *
dd_pins_source (const DdDatasetDeclaration *declaration, gpointer data, GError **error)
{
  DdDataset *dataset = dd_pins_get (data, declaration->name);

  if (dataset == NULL)
    dd_fail (error, DD_ERROR_NOT_FOUND, "no dataset “%s” is pinned for this job", declaration->name);
  return dataset;
}

gboolean
dd_pins_current (const DdPins *pins, DdReader *reader, gboolean *out_current, GError **error)
{
  gint64 generation = 0;

  if (!dd_reader_dataset_generation (reader, &generation, error))
    return FALSE;
  if (generation == pins->generation)
    {
      *out_current = TRUE;
      return TRUE;
    }
  /* Some dataset moved; perhaps none of these. */
  for (guint i = 0; i < pins->datasets->len; i++)
    {
      const DdDataset *dataset = g_ptr_array_index (pins->datasets, i);
      gint64 version = 0;
      if (!dd_reader_dataset_version (reader, dd_dataset_name (dataset), &version, error))
        return FALSE;
      if (version != dd_dataset_version (dataset))
        {
          *out_current = FALSE;
          return TRUE;
        }
    }
  *out_current = TRUE;
  return TRUE;
}

const char *
dd_pins_text (const DdPins *pins, const char *dataset, const char *key, guint column)
{
  const DdDataset *table = dd_pins_get (pins, dataset);
  guint first = 0;

  if (table == NULL || key == NULL || dd_dataset_find (table, key, &first) == 0)
    return NULL;
  return dd_dataset_row (table, first)[column].text;
}

GPtrArray *
dd_pins_groups (const DdPins *pins, const char *person)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (g_free);
  const DdDataset *members = dd_pins_get (pins, "members");
  guint first = 0, n = members != NULL ? dd_dataset_find (members, person, &first) : 0;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (groups, g_strdup (dd_dataset_row (members, first + i)[1].text));
  return groups;
}
