/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage base: what the catalogue asks, by its tiers, fees, minimum and maximum.
 *
 * Free units come off first and the rest decides the tier and its fee; a charge's own flat fee, its minimum
 * and its maximum don't depend on units. All of it is one exact sum over the quantity that prices are for,
 * converted when it is another currency's, rounded once. A rate is opened for the quantity that its price is
 * for, and bounds and free units of its volume wait until there is one. A contracted price opens the same
 * way. Pure.
 */
#include "price/pricing.h"

/* One price that is being opened for so many units. */
typedef struct
{
  const DdRun *run;
  const DdCharge *price;
  gint64 units;
  gint64 per; /* quantity that prices are for */
} Opening;

/* The amount of @units at @price, to be divided by the quantity that prices are for, added to @sum. */
static inline gboolean
add_units (DdWide *sum, gint64 price, gint64 units, GError **error)
{
  DdWide term = (DdWide)price * units;

  if (!dd_numerator_sane (term))
    return dd_fail (error, DD_ERROR_OVERFLOW, "a tier's amount left the exact range");
  *sum += term;
  return TRUE;
}

static gboolean
fail_range (const Opening *opening, const char *problem, GError **error)
{
  g_autofree char *quantity = dd_quantity_format (opening->units);

  return dd_pricing_fail (opening->run->pricing, opening->run->index, DD_ERROR_UNPRICED, error,
                          "%s units are %s", quantity, problem);
}

/* The tier that all units reach. A table that begins with 1 takes fractions of the first unit too. */
static gboolean
reach_tier (const Opening *opening, const DdTier *tiers, const DdTier **out_tier, GError **error)
{
  guint low = 0;
  guint high = opening->price->n_tiers;

  if (tiers[0].from > MAX (opening->units, DD_MICROS))
    return fail_range (opening, "below the first tier", error);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (tiers[middle].from <= opening->units)
        low = middle;
      else
        high = middle;
    }
  *out_tier = &tiers[low];
  return TRUE;
}

static gboolean
open_graduated (const Opening *opening, const DdTier *tiers, DdWide *sum, GError **error)
{
  gint64 begin = 0;

  if (tiers[0].from > DD_MICROS)
    return fail_range (opening, "partly below the first tier; a graduated table begins with 1 or less",
                       error);
  for (guint i = 0; i < opening->price->n_tiers; i++)
    {
      gint64 end = MIN (opening->units, tiers[i].bound);

      if (!add_units (sum, tiers[i].price, end - begin, error) ||
          (tiers[i].fee != 0 && !add_units (sum, tiers[i].fee, opening->per, error)))
        return FALSE;
      if (opening->units <= tiers[i].bound)
        return TRUE;
      begin = tiers[i].bound;
    }
  return fail_range (opening, "beyond the last tier", error);
}

static gboolean
open_packages (const Opening *opening, gint64 price, DdWide *sum, GError **error)
{
  gint64 size = opening->price->package_size;
  gint64 packages = opening->units / size + (opening->units % size > 0);
  DdWide amount = (DdWide)price * packages;

  if (amount > G_MAXINT64)
    return dd_fail (error, DD_ERROR_OVERFLOW, "%" G_GINT64_FORMAT " packages left the exact range", packages);
  return add_units (sum, (gint64)amount, opening->per, error);
}

static gboolean
open_units (const Opening *opening, DdWide *sum, GError **error)
{
  const DdCharge *price = opening->price;
  const GArray *answered = opening->run->pricing->answers->tiers;
  const DdTier *tiers = price->n_tiers > 0 ? &g_array_index (answered, DdTier, price->first_tier) : NULL;
  gint64 amount = price->price;

  if (opening->units == 0)
    return TRUE;
  if (price->mode == DD_TIER_GRADUATED)
    return open_graduated (opening, tiers, sum, error);
  if (tiers != NULL)
    {
      const DdTier *tier = NULL;

      if (!reach_tier (opening, tiers, &tier, error) || !add_units (sum, tier->fee, opening->per, error))
        return FALSE;
      amount = tier->price;
    }
  if (price->mode == DD_TIER_PACKAGE)
    return open_packages (opening, amount, sum, error);
  return add_units (sum, amount, price->mode == DD_TIER_BLOCK ? opening->per : opening->units, error);
}

static inline gboolean
is_foreign (const DdRun *run, const DdCharge *price)
{
  return price->source_currency.code[0] != '\0' &&
         !dd_currency_equal (price->source_currency, run->charge->currency);
}

/* An amount in the currency of @price's source, exactly. */
static DdFraction
enter (const DdRun *run, const DdCharge *price, gint64 amount)
{
  if (!is_foreign (run, price))
    return (DdFraction){ amount, 1 };
  return dd_pricing_convert_amount (run->pricing, price->source_currency, run->charge->currency, amount);
}

/* A percentage of what the other charges come to, and the fee. */
static gboolean
price_share (const DdRun *run, const DdCharge *price, gint64 *out_value, GError **error)
{
  DdFraction value = *run->shared;

  return dd_fraction_scale (&value, price->price, DD_NANOS, error) &&
         dd_fraction_add (&value, enter (run, price, price->fee), error) &&
         dd_fraction_round (value, out_value, error);
}

gboolean
dd_run_price (const DdRun *run, const DdCharge *price, gint64 units, gint64 *out_value, GError **error)
{
  Opening opening = { run, price, units, price->per != 0 ? price->per : DD_MICROS };
  DdWide sum = 0;

  if (G_UNLIKELY (price->mode == DD_TIER_SHARE))
    return price_share (run, price, out_value, error);
  if ((price->fee != 0 && !add_units (&sum, price->fee, opening.per, error)) ||
      !open_units (&opening, &sum, error))
    return FALSE;
  if (G_LIKELY (opening.per == DD_MICROS && !is_foreign (run, price)))
    return dd_divide (sum, DD_MICROS, out_value, error);

  DdFraction value = { sum, opening.per };

  if (is_foreign (run, price) &&
      !dd_pricing_convert (run->pricing, price->source_currency, run->charge->currency, &value, error))
    return FALSE;
  return dd_fraction_round (value, out_value, error);
}

static gboolean
enter_limit (const DdRun *run, const DdCharge *price, gint64 *limit, GError **error)
{
  return !is_foreign (run, price) || dd_fraction_round (enter (run, price, *limit), limit, error);
}

gboolean
dd_run_limit (DdRun *run, const DdCharge *price, GError **error)
{
  gint64 minimum = price->minimum;
  gint64 maximum = price->maximum;

  if (run->result->rate)
    return TRUE;
  if (minimum != DD_NO_LIMIT && !enter_limit (run, price, &minimum, error))
    return FALSE;
  if (maximum != DD_NO_LIMIT && !enter_limit (run, price, &maximum, error))
    return FALSE;
  if (run->value < minimum)
    dd_run_note (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_MINIMUM, minimum);
  if (maximum != DD_NO_LIMIT && run->value > maximum)
    dd_run_note (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_MAXIMUM, maximum);
  return TRUE;
}

gboolean
dd_run_open (DdRun *run, GError **error)
{
  const DdPart *part = run->pricing->parts != NULL ? &run->pricing->parts[run->index] : NULL;
  gint64 value = 0;

  if (G_UNLIKELY (part != NULL && part->list != DD_NO_LIMIT))
    value = part->list;
  else if (!dd_run_price (run, run->charge, run->units, &value, error))
    return FALSE;
  dd_run_note (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_OPEN, value);
  return dd_run_limit (run, run->charge, error);
}
