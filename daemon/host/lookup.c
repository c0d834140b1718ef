/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows for a plugin, from the datasets pinned for its call.
 *
 * A sheet asks for the same few keys again and again, and equal keys mostly come at the same address:
 * findings are kept by address and verified by content, and so is that nothing was found. A dataset whose
 * columns are the plugin's own is given as it lies in memory, and an empty one isn't searched.
 */
#include "call.h"

#include <string.h>

#define MAX_KEPT_KEY 128

G_STATIC_ASSERT (sizeof (DdCell) == sizeof (DealdeskCell));
G_STATIC_ASSERT (offsetof (DdCell, number) == offsetof (DealdeskCell, number));
G_STATIC_ASSERT (offsetof (DdCell, text) == offsetof (DealdeskCell, text));

static const DealdeskCell *
arrange_cells (
  DealdeskCall *call, const DdDatasetView *view, const DdDataset *dataset, guint first, guint n_rows)
{
  const DdCell *cells = dd_dataset_row (dataset, first);

  if (view->columns == NULL)
    return (const DealdeskCell *)(const void *)cells;

  guint n_columns = dd_dataset_n_columns (dataset);
  DealdeskCell *arranged = dd_arena_take (&call->arena, sizeof *arranged * n_rows * view->n_columns);

  for (guint row = 0; row < n_rows; row++)
    {
      cells = dd_dataset_row (dataset, first + row);
      for (guint column = 0; column < view->n_columns; column++)
        {
          const DdCell *cell = &cells[view->columns[column]];

          g_assert (view->columns[column] < n_columns);
          arranged[row * view->n_columns + column] = (DealdeskCell){ cell->number, cell->text };
        }
    }
  return arranged;
}

/* What isn't found is kept by a copy of the key, unless that is long: a plugin may ask for anything. */
static gboolean
keep_missing (DealdeskCall *call, DdFound *found, const char *key)
{
  if (strnlen (key, MAX_KEPT_KEY + 1) > MAX_KEPT_KEY)
    return FALSE;
  found->key = dd_call_text (call, key);
  found->cells = NULL;
  found->n_rows = 0;
  return TRUE;
}

static gboolean
find (DealdeskCall *call, guint32 dataset_index, const char *key, DdFound *found)
{
  const DdDataset *dataset = call->datasets[dataset_index];
  guint first;
  guint n_rows = dd_dataset_find (dataset, key, &first);

  if (n_rows == 0)
    return keep_missing (call, found, key);
  found->key = dd_dataset_row (dataset, first)[0].text;
  found->cells = arrange_cells (call, &call->plugin->views[dataset_index], dataset, first, n_rows);
  found->n_rows = n_rows;
  return TRUE;
}

static DealdeskRows
look_up (DealdeskCall *call, guint32 dataset_index, const char *key)
{
  guint n_columns = call->plugin->views[dataset_index].n_columns;
  DdFound *found = &call->found[dd_call_slot (key + dataset_index, 9)];

  if (found->run != call->run || found->dataset != dataset_index || strcmp (found->key, key) != 0)
    {
      found->run = 0;
      if (dd_dataset_n_rows (call->datasets[dataset_index]) == 0 || !find (call, dataset_index, key, found))
        return (DealdeskRows){ NULL, 0, n_columns };
      found->dataset = dataset_index;
      found->run = call->run;
    }
  return (DealdeskRows){ found->cells, found->n_rows, n_columns };
}

static gboolean
knows_dataset (DealdeskCall *call, guint32 dataset)
{
  guint n_datasets = call->plugin->manifest->datasets->len;

  if (dataset < n_datasets)
    return TRUE;
  dd_call_lie (call, "it asked for dataset %u of the %u in its file", dataset, n_datasets);
  return FALSE;
}

uint32_t
dd_call_count_rows (DealdeskCall *call, uint32_t dataset)
{
  return knows_dataset (call, dataset) ? dd_dataset_n_rows (call->datasets[dataset]) : 0;
}

void
dd_call_lookup (DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows)
{
  gboolean known = knows_dataset (call, dataset);

  for (uint32_t i = 0; i < n; i++)
    {
      if (known && keys[i] != NULL)
        rows[i] = look_up (call, dataset, keys[i]);
      else
        rows[i] = (DealdeskRows){ 0 };
      if (keys[i] == NULL)
        dd_call_lie (call, "it asked for a key that is NULL");
    }
}
