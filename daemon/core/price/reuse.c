/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whether a charge is as it was before an edit, input by input, and if so what it takes from there (see
 * recompute.c). Which charge it is compared with can only decide how much is saved. Pure.
 */
#include "price/reuse.h"

#include <stdlib.h>

/* Charges of a line that are tried: almost always the first is the one. */
#define MAX_TRIES 16

static inline gboolean
same_charge (const struct DdReuse *reuse, const DdCharge *charge, const DdCharge *before)
{
  return dd_reuse_same_label (reuse, charge->id, before->id) && charge->type == before->type &&
         charge->period == before->period && charge->first_year == before->first_year &&
         dd_reuse_same_currency (charge->currency, before->currency);
}

static gboolean
find_before (struct DdReuse *reuse, const DdCharge *charge, guint32 *out_before)
{
  const DdCharge *charges = (const DdCharge *)(gconstpointer)reuse->before->answers->charges->data;
  guint32 line = reuse->lines[charge->line];
  guint32 begin = line != DD_REUSE_NONE ? reuse->first[line] : 0;
  guint32 n = line != DD_REUSE_NONE ? reuse->first[line + 1] - begin : 0;
  guint32 place = reuse->next >= begin && reuse->next - begin < n ? reuse->next - begin : 0;

  for (guint32 i = 0; i < MIN (n, MAX_TRIES); i++)
    {
      if (same_charge (reuse, charge, &charges[begin + place]))
        {
          *out_before = begin + place;
          reuse->next = begin + place + 1;
          return TRUE;
        }
      place = place + 1 < n ? place + 1 : 0;
    }
  return FALSE;
}

static gboolean
same_tiers (const DdPricing *pricing, const DdCharge *price, const DdCharge *before)
{
  const GArray *tiers = pricing->answers->tiers;

  if (price->n_tiers != before->n_tiers)
    return FALSE;
  if (price->n_tiers == 0)
    return TRUE;
  return price->first_tier <= tiers->len && price->n_tiers <= tiers->len - price->first_tier &&
         memcmp (&g_array_index (tiers, DdTier, price->first_tier),
                 &g_array_index (pricing->reuse->before->answers->tiers, DdTier, before->first_tier),
                 price->n_tiers * sizeof (DdTier)) == 0;
}

/* Of a charge or a contract: all that opens it. */
static gboolean
same_price (const DdPricing *pricing, const DdCharge *price, const DdCharge *before)
{
  return price->mode == before->mode && price->price == before->price && price->fee == before->fee &&
         price->free_units == before->free_units && price->package_size == before->package_size &&
         price->minimum == before->minimum && price->maximum == before->maximum &&
         price->per == before->per &&
         dd_reuse_same_currency (price->source_currency, before->source_currency) &&
         same_tiers (pricing, price, before);
}

static gboolean
same_contract (const DdPricing *pricing, guint32 index, guint32 before)
{
  const struct DdReuse *reuse = pricing->reuse;
  const DdContract *contract = pricing->contracts != NULL ? pricing->contracts[index] : NULL;
  const DdContract *contract_before = reuse->contracts != NULL ? reuse->contracts[before] : NULL;

  if (contract == NULL || contract_before == NULL)
    return contract == contract_before;
  return same_price (pricing, &contract->price, &contract_before->price);
}

static gboolean
same_places (const DdPricing *pricing, const DdSlice *slice, const DdSlice *before)
{
  const struct DdReuse *reuse = pricing->reuse;
  const DdAdjustment *rules = (const DdAdjustment *)(gconstpointer)reuse->before->answers->adjustments->data;

  for (guint32 i = 0; i < slice->end - slice->begin; i++)
    if (!dd_reuse_same_rule (reuse, &pricing->adjustments[pricing->order[slice->begin + i]],
                             &rules[reuse->before->order[before->begin + i]]))
      return FALSE;
  return TRUE;
}

/* Whether the charge's rules are those of charge @before, one by one. */
static inline gboolean
keeps_place (const struct DdReuse *reuse, guint32 index, guint32 before)
{
  return reuse->touched != NULL && index == before;
}

static gboolean
same_rules (const DdPricing *pricing, guint32 index, guint32 before)
{
  const DdSlice *slice = &pricing->slices[index];
  const DdSlice *slice_before = &pricing->reuse->before->slices[before];

  if (keeps_place (pricing->reuse, index, before))
    return !pricing->reuse->touched[index];
  if (slice->end - slice->begin != slice_before->end - slice_before->begin)
    return FALSE;
  return same_places (pricing, slice, slice_before);
}

static gboolean
rate_changed (const struct DdReuse *reuse, DdCurrency from, DdCurrency to)
{
  DdRate wanted = { .from = from, .to = to };

  return bsearch (&wanted, reuse->changed->data, reuse->changed->len, sizeof (DdRate), dd_rate_compare) !=
         NULL;
}

static gboolean
same_rates (const DdPricing *pricing, guint32 index)
{
  const struct DdReuse *reuse = pricing->reuse;
  const DdCharge *charge = &pricing->charges[index];
  const DdSlice *slice = &pricing->slices[index];

  if (G_LIKELY (reuse->changed->len == 0))
    return TRUE;
  if (rate_changed (reuse, charge->source_currency, charge->currency) ||
      (pricing->contracts != NULL && pricing->contracts[index] != NULL &&
       rate_changed (reuse, pricing->contracts[index]->price.source_currency, charge->currency)))
    return FALSE;
  for (guint32 place = slice->begin; place < slice->end; place++)
    if (rate_changed (reuse, pricing->adjustments[pricing->order[place]].currency, charge->currency))
      return FALSE;
  return TRUE;
}

/* Where it isn't stated any more, or twice, the charge is to find out itself. */
static gboolean
same_installed (DdPricing *pricing, guint32 index, guint action, const DdChargeResult *before)
{
  DdRun run = { .pricing = pricing, .charge = &pricing->charges[index], .index = index };
  gint64 net = 0;

  if ((action != DD_ACTION_MODIFY && action != DD_ACTION_DELETE) || before->rate)
    return TRUE;
  return dd_run_installed (&run, &net, NULL) && net == before->installed;
}

static gboolean
same_inputs (DdPricing *pricing, guint32 index, guint32 before)
{
  const struct DdReuse *reuse = pricing->reuse;
  const DdCharge *charge = &pricing->charges[index];
  const DdCharge *charge_before = &g_array_index (reuse->before->answers->charges, DdCharge, before);
  const DdPriceLine *line = &pricing->lines[charge->line];
  const DdPriceLine *line_before = &reuse->before_lines[charge_before->line];

  return line->quantity == line_before->quantity && line->action == line_before->action &&
         charge_before->aggregate == 0 && charge->free_months == charge_before->free_months &&
         same_price (pricing, charge, charge_before) && same_contract (pricing, index, before) &&
         same_rules (pricing, index, before) && same_rates (pricing, index) &&
         same_installed (pricing, index, line->action,
                         &g_array_index (reuse->before->results, DdChargeResult, before));
}

/* What the step's rule is called now. They mostly come in order of place: *@place is where to look first. */
static guint32
moved_rule (
  const DdPricing *pricing, const DdSlice *slice, const DdSlice *before, guint32 rule, guint32 *place)
{
  const guint32 *order = pricing->reuse->before->order + before->begin;
  guint32 n = before->end - before->begin;

  if (rule == DD_NO_ADJUSTMENT)
    return rule;
  while (order[*place] != rule)
    *place = *place + 1 < n ? *place + 1 : 0;
  return pricing->order[slice->begin + *place];
}

/* The steps up to negotiated; where all keep their place, nothing in them changes. */
static void
take_steps (
  const DdPricing *pricing, guint32 index, guint32 before, const DdStep *steps, DdChargeResult *result)
{
  const DdSheet *sheet = pricing->reuse->before;
  DdStep *taken = pricing->steps + result->first_step;
  guint32 place = 0;

  memcpy (taken, steps, result->n_steps * sizeof *steps);
  if (keeps_place (pricing->reuse, index, before))
    return;
  for (guint32 i = 0; i < result->n_steps; i++)
    {
      taken[i].charge = index;
      taken[i].adjustment =
        moved_rule (pricing, &pricing->slices[index], &sheet->slices[before], taken[i].adjustment, &place);
    }
}

/* Takes tax off @result, then spread and what it added to the surcharges: both follow anew. Returns: how many
 * rules tax. */
static guint32
undo_end (const DdStep *steps, DdChargeResult *result)
{
  guint32 n_taxes = 0;

  for (; result->n_steps > 0 && steps[result->n_steps - 1].stage == DD_STAGE_TAX; result->n_steps--)
    n_taxes++;
  for (; result->n_steps > 0 && steps[result->n_steps - 1].stage == DD_STAGE_SPREAD; result->n_steps--)
    {
      gint64 value = result->n_steps > 1 ? steps[result->n_steps - 2].after : 0;
      gint64 rise = MAX (steps[result->n_steps - 1].after - value, 0);

      result->surcharge -= rise;
      result->surcharge_discretionary -= rise;
    }
  result->net = result->n_steps > 0 ? steps[result->n_steps - 1].after : 0;
  result->tax = 0;
  return n_taxes;
}

gboolean
dd_pricing_reuse_charge (DdPricing *pricing, guint32 index, guint32 first_step, guint32 *out_n_taxes)
{
  const DdCharge *charge = &pricing->charges[index];
  const DdPriceLine *line = &pricing->lines[charge->line];
  const DdSlice *slice_before;
  const DdStep *steps;
  DdChargeResult result;
  guint32 before = 0;

  if (charge->mode == DD_TIER_SHARE || charge->aggregate != 0 || line->action == DD_ACTION_NO_CHANGE ||
      !find_before (pricing->reuse, charge, &before) || !same_inputs (pricing, index, before))
    return FALSE;
  result = g_array_index (pricing->reuse->before->results, DdChargeResult, before);
  steps = &g_array_index (pricing->reuse->before->steps, DdStep, result.first_step);
  *out_n_taxes = undo_end (steps, &result);
  result.first_step = first_step;
  result.counted = line->counted;
  result.marks = 0;
  pricing->results[index] = result;
  take_steps (pricing, index, before, steps, &result);
  slice_before = &pricing->reuse->before->slices[before];
  pricing->slices[index].first_tax =
    pricing->slices[index].begin + (slice_before->first_tax - slice_before->begin);
  return TRUE;
}
