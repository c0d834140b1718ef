/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage guard: floors and margins. It marks, and never changes a value.
 *
 * Of several floors the highest holds. On a line that changes what the customer has, floor and cost are
 * compared with the new charge in full. Pure.
 */
#include "price/pricing.h"

/* Rounded up, so that an amount in minor units can be at it without being below. */
gboolean
dd_run_floor (DdRun *run, GError **error)
{
  gint64 divisor = DD_MICROS * run->minor;

  if (!run->has_floor)
    return TRUE;

  DdWide product = (DdWide)run->unit_floor * run->units;
  DdWide steps = product / divisor + (product % divisor > 0);

  return dd_wide_to_int64 (steps * run->minor, &run->result->floor, error);
}

void
dd_run_guard (DdRun *run)
{
  DdChargeResult *result = run->result;
  DdWide gross = (DdWide)result->net + result->installed;

  if (run->pricing->lines[run->charge->line].action == DD_ACTION_DELETE)
    return;
  if (gross < result->floor)
    result->marks |= DD_MARK_BELOW_FLOOR;
  if (result->has_cost && gross < result->cost)
    result->marks |= DD_MARK_NEGATIVE_MARGIN;
}
