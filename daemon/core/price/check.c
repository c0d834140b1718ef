/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What can't be in answers is refused here, with its place, so that the stages need not ask.
 *
 * Answers from a runner may be anything; every index and enumeration is held to its range before it is used.
 * The walk over a charge's rules also notes what they say of cost, floor and tax. Pure.
 */
#include "price/pricing.h"

/* A step per charge and spread is kept: more alterations of a whole deal than this are a mistake. */
#define MAX_SPREADS 64

/* 10^9 units. */
#define MAX_PER (DD_NANOS * DD_MICROS)

#define AMOUNT_KINDS                                                                                         \
  (1u << DD_ADJUST_UNIT_OFF | 1u << DD_ADJUST_UNIT_ON | 1u << DD_ADJUST_LINE_OFF | 1u << DD_ADJUST_LINE_ON | \
   1u << DD_ADJUST_UNIT_OVERRIDE | 1u << DD_ADJUST_COST | 1u << DD_ADJUST_FLOOR)
#define LINE_KINDS   (1u << DD_ADJUST_LINE_OFF | 1u << DD_ADJUST_LINE_ON)
#define RECORD_KINDS (1u << DD_ADJUST_COST | 1u << DD_ADJUST_FLOOR | 1u << DD_ADJUST_TAX)

static gboolean
refuse (const DdPricing *pricing, guint32 charge, GError **error, const char *reason)
{
  return dd_pricing_fail (pricing, charge, DD_ERROR_INVALID_ARGUMENT, error, "%s", reason);
}

gboolean
dd_pricing_knows_currency (DdPricing *pricing, DdCurrency currency)
{
  return currency.code[3] == '\0' && dd_pricing_minor (pricing, currency) > 1;
}

gboolean
dd_pricing_check_lines (DdPricing *pricing, GError **error)
{
  const DdCharge *charges = (const DdCharge *)(gconstpointer)pricing->answers->charges->data;
  guint n_charges = pricing->answers->charges->len;
  guint next = 0;
  guint32 aggregates = 0;
  guint shares = 0;

  for (guint i = 0; i < pricing->answers->labels->len; i++)
    if (!g_utf8_validate (g_ptr_array_index (pricing->answers->labels, i), -1, NULL))
      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "label %u of the answers isn't valid UTF-8", i);
  for (guint32 line = 0; line < pricing->n_lines; line++)
    {
      guint first = next;

      if (pricing->lines[line].quantity <= 0)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "line \"%s\": its quantity isn't positive",
                        pricing->lines[line].id);
      for (; next < n_charges && charges[next].line == line; next++)
        {
          if (dd_answers_text (pricing->answers, charges[next].id) == NULL)
            return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "line \"%s\": a charge has no id",
                            pricing->lines[line].id);
          aggregates |= charges[next].aggregate;
          shares |= charges[next].mode == DD_TIER_SHARE;
        }
      if (next == first && pricing->lines[line].action != DD_ACTION_NO_CHANGE)
        return dd_fail (error, DD_ERROR_UNPRICED, "line \"%s\": no plugin gave it a price",
                        pricing->lines[line].id);
    }
  if (next < n_charges)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "charge %u names line %u; there are %u lines, and charges come in their order", next,
                    charges[next].line, pricing->n_lines);
  pricing->has_aggregates = aggregates != 0;
  pricing->has_shares = shares != 0;
  return TRUE;
}

/* @price: the charge itself, or what is contracted for it. */
static gboolean
refuse_price (
  const DdPricing *pricing, guint32 charge, const DdCharge *price, GError **error, const char *reason)
{
  return dd_pricing_fail (pricing, charge, DD_ERROR_INVALID_ARGUMENT, error, "%s%s",
                          price == &pricing->charges[charge] ? "" : "as contracted, ", reason);
}

static gboolean
check_tiers (const DdPricing *pricing, guint32 index, const DdCharge *price, GError **error)
{
  const GArray *tiers = pricing->answers->tiers;
  gint64 bound = 0;

  if (price->first_tier > tiers->len || price->n_tiers > tiers->len - price->first_tier)
    return refuse_price (pricing, index, price, error, "its tiers aren't among the answers");
  if (pricing->charges[index].type == DD_CHARGE_USAGE)
    return refuse_price (
      pricing, index, price, error,
      "a usage rate without committed volume has no tiers; give each tier a charge of its own");
  for (guint i = 0; i < price->n_tiers; i++)
    {
      const DdTier *tier = &g_array_index (tiers, DdTier, price->first_tier + i);

      if (tier->price < 0 || tier->fee < 0 || tier->from < 0)
        return refuse_price (pricing, index, price, error, "a tier has a negative price, fee or bound");
      if (i > 0 && tier->from <= (tier - 1)->from)
        return refuse_price (pricing, index, price, error, "its tiers don't ascend");
      if (price->mode == DD_TIER_GRADUATED && tier->bound <= bound)
        return refuse_price (pricing, index, price, error, "the bounds of its tiers don't ascend");
      bound = tier->bound;
    }
  return TRUE;
}

static gboolean
check_share (const DdPricing *pricing, guint32 index, const DdCharge *price, GError **error)
{
  const DdCharge *charge = &pricing->charges[index];

  if (charge->mode != DD_TIER_SHARE)
    return refuse_price (pricing, index, price, error,
                         "it is a share of other charges, but the charge isn't one");
  if (charge->type == DD_CHARGE_USAGE)
    return refuse_price (pricing, index, price, error, "a usage rate can't be a share of other charges");
  if (price->n_tiers > 0 || price->free_units != 0 || price->per != 0 || charge->aggregate != 0)
    return refuse_price (pricing, index, price, error,
                         "a share of other charges has no units: no tiers, free units, quantity that its "
                         "price is for, or aggregate");
  return TRUE;
}

static gboolean
check_price (DdPricing *pricing, guint32 index, const DdCharge *price, GError **error)
{
  gboolean tiered =
    price->mode == DD_TIER_VOLUME || price->mode == DD_TIER_GRADUATED || price->mode == DD_TIER_BLOCK;

  if (price->price < 0 || price->fee < 0 || price->free_units < 0)
    return refuse_price (pricing, index, price, error, "its price, fee or free units are negative");
  if (price->minimum != DD_NO_LIMIT && price->minimum < 0)
    return refuse_price (pricing, index, price, error, "its minimum is negative");
  if (price->maximum != DD_NO_LIMIT && (price->maximum < 0 || price->maximum < price->minimum))
    return refuse_price (pricing, index, price, error, "its maximum is negative or below its minimum");
  if (price->mode == DD_TIER_PACKAGE && price->package_size <= 0)
    return refuse_price (pricing, index, price, error, "the size of its package isn't positive");
  if (tiered && price->n_tiers == 0)
    return refuse_price (pricing, index, price, error, "its mode needs tiers, and it has none");
  if (price->mode == DD_TIER_FLAT && price->n_tiers > 0)
    return refuse_price (pricing, index, price, error, "a flat charge has no tiers");
  if (price->per < 0 || price->per > MAX_PER)
    return refuse_price (pricing, index, price, error,
                         "the quantity that its price is for isn't positive, or beyond 1000000000 units");
  if (price->mode == DD_TIER_SHARE && !check_share (pricing, index, price, error))
    return FALSE;
  if (price->source_currency.code[0] != '\0' &&
      !dd_pricing_check_convertible (pricing, index,
                                     price == &pricing->charges[index]
                                       ? "its price is from a source in another currency"
                                       : "its contracted price is from a source in another currency",
                                     price->source_currency, error))
    return FALSE;
  return price->n_tiers == 0 || check_tiers (pricing, index, price, error);
}

/* What few charges have. Contract years are years.c's. */
static gboolean
check_terms (DdPricing *pricing, guint32 index, GError **error)
{
  const DdCharge *charge = &pricing->charges[index];

  if (charge->free_months > DD_MAX_FREE_MONTHS)
    return refuse (pricing, index, error, "its free months are more than 1200");
  if (charge->free_months > 0 && charge->type != DD_CHARGE_RECURRING)
    return refuse (pricing, index, error, "only a recurring charge has free months");
  if (charge->aggregate != 0 && dd_answers_text (pricing->answers, charge->aggregate - 1) == NULL)
    return refuse (pricing, index, error, "the name of its aggregate isn't among the answers");
  if (charge->aggregate != 0 && charge->type == DD_CHARGE_USAGE)
    return refuse (pricing, index, error,
                   "a usage rate without committed volume can't reach tiers together with others");
  return TRUE;
}

static gboolean
check_contract (DdPricing *pricing, guint32 index, const DdCharge *price, GError **error)
{
  if (price->mode >= DD_N_TIER_MODES)
    return refuse_price (pricing, index, price, error, "its tier mode isn't one that exists");
  return check_price (pricing, index, price, error);
}

gboolean
dd_pricing_check_charge (DdPricing *pricing, guint32 index, GError **error)
{
  const DdCharge *charge = &pricing->charges[index];

  if (charge->type >= DD_N_CHARGE_TYPES || charge->period >= DD_N_PERIODS || charge->mode >= DD_N_TIER_MODES)
    return refuse (pricing, index, error, "its type, period or tier mode isn't one that exists");
  if ((charge->type == DD_CHARGE_RECURRING) != (charge->period != DD_PERIOD_NONE))
    return refuse (pricing, index, error, "a recurring charge has a period, and no other has");
  if (!dd_pricing_knows_currency (pricing, charge->currency))
    return refuse (pricing, index, error, "its currency isn't one of ISO 4217");
  if ((charge->aggregate | charge->free_months) != 0 && !check_terms (pricing, index, error))
    return FALSE;
  if (!check_price (pricing, index, charge, error))
    return FALSE;
  return pricing->contracts == NULL || pricing->contracts[index] == NULL ||
         check_contract (pricing, index, &pricing->contracts[index]->price, error);
}

static void
note_record (DdRun *run, const DdAdjustment *rule)
{
  switch (rule->kind)
    {
    case DD_ADJUST_COST:
      run->unit_cost += rule->value;
      run->result->has_cost = TRUE;
      break;
    case DD_ADJUST_FLOOR:
      run->unit_floor = MAX (run->unit_floor, rule->value);
      run->has_floor = TRUE;
      break;
    default:
      run->n_taxes++;
    }
}

static gboolean
note_cost_plus (DdRun *run, guint32 adjustment, const DdAdjustment *rule, GError **error)
{
  if (rule->stage != DD_STAGE_BASE)
    return refuse (run->pricing, run->index, error, "a mark-up on cost belongs to stage base");
  if (run->cost_plus != DD_NO_ADJUSTMENT)
    return refuse (run->pricing, run->index, error, "it has two mark-ups on cost; one can be its base");
  run->cost_plus = adjustment;
  return TRUE;
}

static gboolean
check_group (const DdRun *run, const DdAdjustment *rule, const DdAdjustment *before, GError **error)
{
  if (rule->mode > DD_GROUP_BEST)
    return refuse (run->pricing, run->index, error, "the mode of a stacking group isn't one that exists");
  if (before != NULL && rule->stage == before->stage && rule->group == before->group &&
      (rule->mode != before->mode || rule->group_priority != before->group_priority))
    return refuse (run->pricing, run->index, error,
                   "rules of one stacking group differ in its mode or priority");
  return TRUE;
}

static gboolean
check_rule (DdRun *run, const DdAdjustment *rule, GError **error)
{
  guint kind = rule->kind < DD_N_ADJUST_KINDS ? 1u << rule->kind : 0;

  if (kind == 0 || rule->stage >= DD_N_STAGES)
    return refuse (run->pricing, run->index, error, "an adjustment's kind or stage isn't one that exists");
  if (rule->value < 0)
    return refuse (run->pricing, run->index, error,
                   "an adjustment's value is negative; the sign is its kind's");
  if (rule->threshold < 0 || (rule->threshold > 0 && run->result->rate))
    return refuse (
      run->pricing, run->index, error,
      "an adjustment's threshold is negative, or on a usage rate, which has no amount to reach it");
  if (rule->kind == DD_ADJUST_PERCENT_OFF && rule->value > DD_NANOS)
    return refuse (run->pricing, run->index, error, "more than 100% can't come off");
  if (rule->stage > DD_STAGE_NEGOTIATED && (kind & RECORD_KINDS) == 0)
    return refuse (run->pricing, run->index, error, "only stages up to negotiated change a charge's price");
  if ((kind & AMOUNT_KINDS) != 0 && !dd_currency_equal (rule->currency, run->charge->currency))
    {
      run->plain = FALSE;
      if (!dd_pricing_check_convertible (run->pricing, run->index,
                                         "an adjustment is in another currency than its charge",
                                         rule->currency, error))
        return FALSE;
    }
  if ((kind & LINE_KINDS) != 0 && run->result->rate)
    return refuse (run->pricing, run->index, error,
                   "an amount per line can't change a usage rate without committed volume");
  return TRUE;
}

gboolean
dd_run_check_adjustments (DdRun *run, DdSlice *slice, GError **error)
{
  const DdAdjustment *before = NULL;

  for (guint32 place = slice->begin; place < slice->end; place++)
    {
      guint32 adjustment = run->pricing->order[place];
      const DdAdjustment *rule = &run->pricing->adjustments[adjustment];

      if (!check_rule (run, rule, error) ||
          (rule->group != DD_NO_LABEL && !check_group (run, rule, before, error)))
        return FALSE;
      if (G_UNLIKELY ((1u << rule->kind & RECORD_KINDS) != 0))
        {
          note_record (run, rule);
          if (rule->kind == DD_ADJUST_TAX && place < slice->first_tax)
            slice->first_tax = place;
        }
      else if (rule->kind == DD_ADJUST_COST_PLUS && !note_cost_plus (run, adjustment, rule, error))
        return FALSE;
      before = rule;
    }
  return TRUE;
}

static gboolean
check_spread (DdPricing *pricing, const DdSpread *spread, guint index, GError **error)
{
  gboolean percent = spread->kind == DD_ADJUST_PERCENT_OFF || spread->kind == DD_ADJUST_PERCENT_ON;
  const char *reason = NULL;

  if (!percent && spread->kind != DD_ADJUST_LINE_OFF && spread->kind != DD_ADJUST_LINE_ON)
    reason = "it is neither a percentage nor an amount, off or on";
  else if (spread->type == DD_CHARGE_USAGE)
    reason = "nothing can be spread over usage rates without committed volume";
  else if (spread->type >= DD_N_CHARGE_TYPES || spread->period >= DD_N_PERIODS ||
           (spread->type == DD_CHARGE_RECURRING) != (spread->period != DD_PERIOD_NONE))
    reason = "it must name oneTime without a period, or recurring with one";
  else if (!dd_pricing_knows_currency (pricing, spread->currency))
    reason = "it must name the currency of the charges that it is spread over";
  else if (spread->value < 0)
    reason = "its value is negative; the sign is its kind's";
  else if (spread->kind == DD_ADJUST_PERCENT_OFF && spread->value > DD_NANOS)
    reason = "more than 100% can't come off";
  else if (!percent && spread->value % dd_currency_minor_micros (spread->currency) != 0)
    reason = "its amount isn't a whole number of the currency's minor units";
  if (reason != NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "deal-level alteration %u: %s", index + 1, reason);
  return TRUE;
}

gboolean
dd_pricing_check_spreads (DdPricing *pricing, GError **error)
{
  const GArray *spreads = pricing->answers->spreads;

  if (spreads->len > MAX_SPREADS)
    return dd_fail (error, DD_ERROR_TOO_LARGE, "%u deal-level alterations; at most %u are taken",
                    spreads->len, MAX_SPREADS);
  for (guint i = 0; i < spreads->len; i++)
    if (!check_spread (pricing, &g_array_index (spreads, DdSpread, i), i, error))
      return FALSE;
  return TRUE;
}
