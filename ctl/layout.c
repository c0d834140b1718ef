/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Widths of columns (see layout.h). Pure; any thread.
 */
#include "layout.h"

/* The column that one more place helps most, or @n_sizes: the text that fills its width most often, else a
 * heading that is wrapped. */
static guint
neediest (const CtlColumnSize *sizes, guint n_sizes, gboolean only_readable, const guint *widths)
{
  guint found = n_sizes;

  for (guint i = 0; i < n_sizes; i++)
    {
      if (widths[i] >= (only_readable ? sizes[i].readable : sizes[i].natural))
        continue;
      if (found == n_sizes || (sizes[i].wraps && !sizes[found].wraps))
        found = i;
      else if (sizes[i].wraps == sizes[found].wraps &&
               (guint64)sizes[i].natural * widths[found] > (guint64)sizes[found].natural * widths[i])
        found = i;
    }
  return found;
}

/* Gives *@room places away. */
static void
widen (const CtlColumnSize *sizes, guint n_sizes, gboolean only_readable, guint *room, guint *widths)
{
  guint next;

  while (*room > 0 && (next = neediest (sizes, n_sizes, only_readable, widths)) < n_sizes)
    {
      widths[next]++;
      (*room)--;
    }
}

gboolean
ctl_layout_fit (const CtlColumnSize *sizes, guint n_sizes, guint columns, guint *widths)
{
  guint total = 0;
  guint room;

  for (guint i = 0; i < n_sizes; i++)
    {
      widths[i] = columns == 0 ? sizes[i].natural : sizes[i].least;
      if (sizes[i].natural > 0)
        total += widths[i] + (total == 0 ? 0 : CTL_LAYOUT_GAP);
    }
  if (columns == 0)
    return TRUE;
  if (total > columns)
    return FALSE;
  room = columns - total;
  widen (sizes, n_sizes, TRUE, &room, widths);
  widen (sizes, n_sizes, FALSE, &room, widths);
  return TRUE;
}
