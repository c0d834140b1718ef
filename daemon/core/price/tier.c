/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage base: what the catalogue asks, by its tiers, fees, minimum and maximum.
 *
 * Free units come off first and the rest decides the tier and its fee; a charge's own flat fee, its minimum
 * and its maximum don't depend on units. All of it is one exact sum, rounded once. A rate is opened for one
 * unit, and bounds and free units of its volume wait until there is one. Pure.
 */
#include "price/pricing.h"

/* The amount of @units at @price as a numerator over DD_MICROS, added to @sum. */
static gboolean
add_units (DdWide *sum, gint64 price, gint64 units, GError **error)
{
  DdWide term = (DdWide)price * units;

  if (!dd_numerator_sane (term))
    return dd_fail (error, DD_ERROR_OVERFLOW, "a tier's amount left the exact range");
  *sum += term;
  return TRUE;
}

static gboolean
fail_range (const DdRun *run, const char *problem, GError **error)
{
  g_autofree char *quantity = dd_quantity_format (run->units);

  return dd_pricing_fail (run->pricing, run->index, DD_ERROR_UNPRICED, error, "%s units are %s", quantity,
                          problem);
}

/* The tier that all units reach. A table that begins with 1 takes fractions of the first unit too. */
static gboolean
reach_tier (const DdRun *run, const DdTier *tiers, const DdTier **out_tier, GError **error)
{
  guint low = 0;
  guint high = run->charge->n_tiers;

  if (tiers[0].from > MAX (run->units, DD_MICROS))
    return fail_range (run, "below the first tier", error);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (tiers[middle].from <= run->units)
        low = middle;
      else
        high = middle;
    }
  *out_tier = &tiers[low];
  return TRUE;
}

static gboolean
open_graduated (const DdRun *run, const DdTier *tiers, DdWide *sum, GError **error)
{
  gint64 begin = 0;

  if (tiers[0].from > DD_MICROS)
    return fail_range (run, "partly below the first tier; a graduated table begins with 1 or less", error);
  for (guint i = 0; i < run->charge->n_tiers; i++)
    {
      gint64 end = MIN (run->units, tiers[i].bound);

      if (!add_units (sum, tiers[i].price, end - begin, error))
        return FALSE;
      *sum += (DdWide)tiers[i].fee * DD_MICROS;
      if (run->units <= tiers[i].bound)
        return TRUE;
      begin = tiers[i].bound;
    }
  return fail_range (run, "beyond the last tier", error);
}

static gboolean
open_packages (const DdRun *run, gint64 price, DdWide *sum, GError **error)
{
  gint64 size = run->charge->package_size;
  gint64 packages = run->units / size + (run->units % size > 0);
  DdWide amount = (DdWide)price * packages;

  if (amount > G_MAXINT64)
    return dd_fail (error, DD_ERROR_OVERFLOW, "%" G_GINT64_FORMAT " packages left the exact range", packages);
  *sum += amount * DD_MICROS;
  return TRUE;
}

/* As a numerator over DD_MICROS. */
static gboolean
open_units (const DdRun *run, DdWide *sum, GError **error)
{
  const DdCharge *charge = run->charge;
  const DdTier *tiers =
    charge->n_tiers > 0 ? &g_array_index (run->pricing->answers->tiers, DdTier, charge->first_tier) : NULL;
  gint64 price = charge->price;

  if (run->units == 0)
    return TRUE;
  if (charge->mode == DD_TIER_GRADUATED)
    return open_graduated (run, tiers, sum, error);
  if (tiers != NULL)
    {
      const DdTier *tier = NULL;

      if (!reach_tier (run, tiers, &tier, error))
        return FALSE;
      price = tier->price;
      *sum += (DdWide)tier->fee * DD_MICROS;
    }
  if (charge->mode == DD_TIER_PACKAGE)
    return open_packages (run, price, sum, error);
  if (charge->mode == DD_TIER_BLOCK)
    {
      *sum += (DdWide)price * DD_MICROS;
      return TRUE;
    }
  return add_units (sum, price, run->units, error);
}

gboolean
dd_run_open (DdRun *run, GError **error)
{
  const DdCharge *charge = run->charge;
  DdWide sum = (DdWide)charge->fee * DD_MICROS;
  gint64 value = 0;

  if (!open_units (run, &sum, error) || !dd_divide (sum, DD_MICROS, &value, error) ||
      !dd_run_step (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_OPEN, value, error))
    return FALSE;
  if (run->result->rate)
    return TRUE;
  if (charge->minimum != DD_NO_LIMIT && value < charge->minimum &&
      !dd_run_step (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_MINIMUM, charge->minimum, error))
    return FALSE;
  if (charge->maximum != DD_NO_LIMIT && run->value > charge->maximum &&
      !dd_run_step (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_MAXIMUM, charge->maximum, error))
    return FALSE;
  return TRUE;
}
