/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a charge costs the provider, and a base made from it.
 *
 * The costs of a charge add up. Free units cost as much as any other, so the cost counts the whole quantity;
 * a mark-up is charged for the charged units only. Pure.
 */
#include "price/pricing.h"

/* The sum of all costs of @units, of which each may be in a currency of its own. */
static gboolean
sum_costs (const DdRun *run, gint64 units, DdFraction *out_sum, GError **error)
{
  DdFraction sum = { 0, 1 };

  for (guint32 place = run->slice->begin; place < run->slice->end; place++)
    {
      const DdAdjustment *rule = &run->pricing->adjustments[run->pricing->order[place]];
      DdFraction amount;

      if (rule->kind == DD_ADJUST_COST &&
          (!dd_run_rule_amount (run, rule, units, &amount, error) || !dd_fraction_add (&sum, amount, error)))
        return FALSE;
    }
  *out_sum = sum;
  return TRUE;
}

gboolean
dd_run_cost (DdRun *run, GError **error)
{
  gint64 unit_cost = 0;
  gint64 cost = 0;

  if (!run->result->has_cost)
    return TRUE;
  if (G_UNLIKELY (!run->plain))
    {
      DdFraction sum;

      return sum_costs (run, run->quantity, &sum, error) &&
             dd_fraction_round (sum, &run->result->cost, error);
    }
  if (!dd_wide_to_int64 (run->unit_cost, &unit_cost, error) ||
      !dd_divide ((DdWide)unit_cost * run->quantity, DD_MICROS, &cost, error))
    return FALSE;
  run->result->cost = cost;
  return TRUE;
}

static gboolean
mark_up_exactly (const DdRun *run, const DdAdjustment *markup, gint64 *out_after, GError **error)
{
  DdFraction sum;
  gint64 factor = 0;

  return sum_costs (run, run->units, &sum, error) &&
         dd_checked_add (DD_NANOS, markup->value, &factor, error) &&
         dd_fraction_scale (&sum, factor, DD_NANOS, error) && dd_fraction_round (sum, out_after, error);
}

static gboolean
mark_up (const DdRun *run, const DdAdjustment *markup, gint64 *out_after, GError **error)
{
  if (G_UNLIKELY (!run->plain))
    return mark_up_exactly (run, markup, out_after, error);

  /* dd_run_cost() held the cost of all units to 64 bits, so this is below 2^84. */
  DdWide cost = run->unit_cost * run->units;
  DdWide factor = (DdWide)DD_NANOS + markup->value;

  /* The triple product has to fit: no mark-up needs 800,000%. */
  if (factor >> 43 != 0)
    return dd_fail (error, DD_ERROR_OVERFLOW, "cost and mark-up left the exact range");
  return dd_divide (cost * factor, DD_MICROS * DD_NANOS, out_after, error);
}

/* A contracted price replaces the whole charge, this base too. */
gboolean
dd_run_cost_plus (DdRun *run, GError **error)
{
  gint64 after = 0;

  if (run->cost_plus == DD_NO_ADJUSTMENT || run->contract != NULL)
    return TRUE;
  if (!run->result->has_cost)
    return dd_pricing_fail (run->pricing, run->index, DD_ERROR_UNPRICED, error,
                            "it is priced by a mark-up on its cost, but no cost was given");
  if (!mark_up (run, &run->pricing->adjustments[run->cost_plus], &after, error))
    return FALSE;
  dd_run_note (run, run->cost_plus, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, after);
  /* Both are at least zero. As with any rule, what is above the list raises the reference. */
  run->result->surcharge = MAX (after - run->result->list, 0);
  return TRUE;
}
