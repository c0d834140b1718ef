/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a charge costs the provider, and a base made from it.
 *
 * The costs of a charge add up. Free units cost as much as any other, so the cost counts the whole quantity;
 * a mark-up is charged for the charged units only. Pure.
 */
#include "price/pricing.h"

gboolean
dd_run_cost (DdRun *run, GError **error)
{
  gint64 unit_cost = 0;
  gint64 cost = 0;

  if (!run->result->has_cost)
    return TRUE;
  if (!dd_wide_to_int64 (run->unit_cost, &unit_cost, error) ||
      !dd_divide ((DdWide)unit_cost * run->quantity, DD_MICROS, &cost, error))
    return FALSE;
  run->result->cost = cost;
  return TRUE;
}

gboolean
dd_run_cost_plus (DdRun *run, GError **error)
{
  const DdAdjustment *markup;
  gint64 unit_cost = 0;
  gint64 after = 0;

  if (run->cost_plus == DD_NO_ADJUSTMENT)
    return TRUE;
  markup = &run->pricing->adjustments[run->cost_plus];
  if (!run->result->has_cost)
    return dd_pricing_fail (run->pricing, run->index, DD_ERROR_UNPRICED, error,
                            "it is priced by a mark-up on its cost, but no cost was given");
  if (!dd_wide_to_int64 (run->unit_cost, &unit_cost, error))
    return FALSE;

  DdWide cost = (DdWide)unit_cost * run->units;
  DdWide factor = (DdWide)DD_NANOS + markup->value;

  /* The triple product has to fit: no valid result has a larger cost, and no mark-up needs 800,000%. */
  if (cost >> 84 != 0 || factor >> 43 != 0)
    return dd_fail (error, DD_ERROR_OVERFLOW, "cost and mark-up left the exact range");
  return dd_divide (cost * factor, DD_MICROS * DD_NANOS, &after, error) &&
         dd_run_step (run, run->cost_plus, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, after, error);
}
