/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What two versions of a dataset differ in. Both are in order of the key, so one walk finds all. Pure; any
 * thread.
 */
#include "datasets/datasets.h"

static const DdColumn *
column_at (const DdDataset *dataset, guint column)
{
  return &g_array_index (dataset->columns, DdColumn, column);
}

gboolean
dd_dataset_cell_differs (const DdDataset *dataset, guint column, const DdCell *from, const DdCell *to)
{
  return dd_cell_compare (column_at (dataset, column), from, to) != 0;
}

static int
compare_keys (const DdDataset *dataset, const DdCell *a, const DdCell *b)
{
  for (guint i = 0; i < dataset->columns->len && column_at (dataset, i)->key; i++)
    {
      int order = dd_cell_compare (column_at (dataset, i), &a[i], &b[i]);

      if (order != 0)
        return order;
    }
  return 0;
}

static gboolean
have_same_cells (const DdDataset *dataset, const DdCell *a, const DdCell *b)
{
  for (guint i = 0; i < dataset->columns->len; i++)
    if (dd_dataset_cell_differs (dataset, i, &a[i], &b[i]))
      return FALSE;
  return TRUE;
}

void
dd_dataset_diff (const DdDataset *from, const DdDataset *to, DdDatasetDifference func, gpointer data)
{
  guint i = 0;
  guint k = 0;

  g_return_if_fail (from->columns->len == to->columns->len);
  while (i < from->n_rows || k < to->n_rows)
    {
      const DdCell *before = i < from->n_rows ? dd_dataset_row (from, i) : NULL;
      const DdCell *after = k < to->n_rows ? dd_dataset_row (to, k) : NULL;
      int order = before == NULL ? 1 : after == NULL ? -1 : compare_keys (from, before, after);

      i += order <= 0;
      k += order >= 0;
      if (order == 0 && have_same_cells (from, before, after))
        continue;
      if (!func (order <= 0 ? before : NULL, order >= 0 ? after : NULL, data))
        return;
    }
}
