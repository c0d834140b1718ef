/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Value less cost month by month: its present value, and when it pays back.
 *
 * Months count from each line's start. A one-time amount is due in the first month of its contract year, a
 * recurring one, normalised to a month, at the end of each month that it is charged in. Interest is nominal:
 * a twelfth of the year's each month. Only what a line is committed to counts. Factors have 18 digits, each
 * rounded from the one before, and the sum is rounded once. Pure.
 */
#include "price/pricing.h"

#define FACTOR_ONE (DD_NANOS * DD_NANOS)

/* Value less cost, in parts of a micro (DD_FLOW_PARTS). */
typedef struct
{
  DdWide once; /* due in the month */
  DdWide rate; /* change of what is due at the end of each month from this one on */
} Month;

static Month *
month_at (GArray *months, guint month)
{
  if (month >= months->len)
    g_array_set_size (months, month + 1);
  return &g_array_index (months, Month, month);
}

void
dd_flows_add (GArray *months, const DdCharge *charge, const DdChargeResult *result, const DdSpan *span)
{
  DdWide effect = (DdWide)result->net - result->cost;

  if (charge->type == DD_CHARGE_ONE_TIME)
    month_at (months, span->first_month)->once += effect * DD_FLOW_PARTS;
  else if (span->end_month > span->first_month)
    {
      DdWide rate = dd_period_flow (effect, charge->period);

      month_at (months, span->end_month)->rate -= rate;
      month_at (months, span->first_month)->rate += rate;
    }
}

GArray *
dd_flows_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (Month));
}

gint64
dd_flows_payback (const GArray *months)
{
  DdWide sum = 0; /* of value less cost */
  DdWide rate = 0;

  for (guint i = 0; i < months->len; i++)
    {
      const Month *month = &g_array_index (months, Month, i);

      /* At the end of the month before; then this one begins. */
      sum += rate + month->once;
      if (sum >= 0)
        return i;
      rate += month->rate;
    }
  return -1;
}

static gboolean
add_discounted (DdWide *sum, DdWide flow, DdWide factor, GError **error)
{
  DdWide product = 0;

  if (__builtin_mul_overflow (flow, factor, &product) || __builtin_add_overflow (*sum, product, sum))
    return dd_fail (error, DD_ERROR_OVERFLOW, "the present value left the exact range");
  return TRUE;
}

gboolean
dd_flows_present_value (const GArray *months, gint64 interest, gint64 *out_value, GError **error)
{
  DdWide a_year = (DdWide)12 * DD_NANOS;
  DdWide factor = FACTOR_ONE;
  DdWide rate = 0;
  DdWide sum = 0;

  for (guint i = 0; i < months->len; i++)
    {
      const Month *month = &g_array_index (months, Month, i);

      if (i > 0)
        factor = dd_wide_divide_rounded (factor * a_year, a_year + interest);
      if (!add_discounted (&sum, rate + month->once, factor, error))
        return FALSE;
      rate += month->rate;
    }
  return dd_wide_to_int64 (dd_wide_divide_rounded (sum, (DdWide)FACTOR_ONE * DD_FLOW_PARTS), out_value,
                           error);
}
