/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage guard: floors, margins, and what a price rests on ending before the offer does. It marks, and never
 * changes a value.
 *
 * Of several floors the highest holds. On a line that changes what the customer has, floor and cost are
 * compared with the new charge in full. Pure.
 */
#include "price/pricing.h"

gboolean
dd_pricing_mark_expiries (DdPricing *pricing, GError **error)
{
  const DdAnswers *answers = pricing->answers;

  for (guint i = 0; i < answers->expiries->len; i++)
    {
      const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, i);
      guint action;

      if (expiry->charge >= answers->charges->len)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "expiry %u names charge %u; there are %u charges",
                        i + 1, expiry->charge, answers->charges->len);
      action = pricing->lines[pricing->charges[expiry->charge].line].action;
      if (answers->offer_end != DD_NO_DAY && expiry->last < answers->offer_end &&
          action != DD_ACTION_DELETE && action != DD_ACTION_NO_CHANGE)
        pricing->results[expiry->charge].marks |= DD_MARK_ENDS_EARLY;
    }
  return TRUE;
}

static gboolean
floor_exactly (DdRun *run, GError **error)
{
  for (guint32 place = run->slice->begin; place < run->slice->end; place++)
    {
      const DdAdjustment *rule = &run->pricing->adjustments[run->pricing->order[place]];
      DdFraction amount;
      gint64 floor = 0;

      if (rule->kind != DD_ADJUST_FLOOR)
        continue;
      if (!dd_run_rule_amount (run, rule, run->units, &amount, error) ||
          !dd_fraction_round_up (amount, run->minor, &floor, error))
        return FALSE;
      run->result->floor = MAX (run->result->floor, floor);
    }
  return TRUE;
}

/* Rounded up, so that an amount in minor units can be at it without being below. */
gboolean
dd_run_floor (DdRun *run, GError **error)
{
  gint64 divisor = DD_MICROS * run->minor;

  if (!run->has_floor)
    return TRUE;
  if (G_UNLIKELY (!run->plain))
    return floor_exactly (run, error);

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
