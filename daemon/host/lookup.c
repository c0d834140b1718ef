/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows for a plugin, from the datasets pinned for its call.
 *
 * A sheet asks for the same few keys again and again, and equal keys mostly come at the same address:
 * findings are kept by address and verified by content. A dataset whose columns are the plugin's own is given
 * as it lies in memory.
 */
#include "call.h"

#include <string.h>

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

static DealdeskRows
look_up (DealdeskCall *call, guint32 dataset_index, const char *key)
{
  const DdDatasetView *view = &call->plugin->views[dataset_index];
  const DdDataset *dataset = call->datasets[dataset_index];
  DdFound *found = &call->found[dd_call_slot (key + dataset_index, 9)];
  guint first;

  if (found->key == NULL || found->dataset != dataset_index || strcmp (found->key, key) != 0)
    {
      guint n_rows = dd_dataset_find (dataset, key, &first);

      if (n_rows == 0)
        return (DealdeskRows){ NULL, 0, view->n_columns };
      found->key = dd_dataset_row (dataset, first)[0].text;
      found->cells = arrange_cells (call, view, dataset, first, n_rows);
      found->n_rows = n_rows;
      found->dataset = dataset_index;
    }
  return (DealdeskRows){ found->cells, found->n_rows, view->n_columns };
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
