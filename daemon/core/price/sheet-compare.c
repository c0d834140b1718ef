/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two sheets compared (see sheet-compare.h).
 *
 * Whatever is compared is paired by its key first. Whether a rule says the same as then is asked only of
 * steps whose effect differs. Pure; one thread at a time.
 */
#include "price/sheet-compare.h"

#include "price/step.h"

#include <string.h>

/* What both sides of a comparison are looked up in. */
typedef struct
{
  const DdSheet *sheet;
  const DdContract **contracts; /* of each charge, or NULL */
} Side;

typedef struct
{
  Side sides[2]; /* then, now */
} Both;

static int
compare_numbers (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

/* --- keys --- */

static const DdCharge *
charge_at (const Side *side, guint32 index)
{
  return &g_array_index (side->sheet->answers->charges, DdCharge, index);
}

static const DdChargeResult *
result_at (const Side *side, guint32 index)
{
  return &g_array_index (side->sheet->results, DdChargeResult, index);
}

static const DdStep *
step_at (const Side *side, guint32 index)
{
  return &g_array_index (side->sheet->steps, DdStep, index);
}

static const Side *
side_of (const DdPairItem *item, const Both *both)
{
  return &both->sides[item->side];
}

static const DdAnswers *
answers_of (const DdPairItem *item, const Both *both)
{
  return both->sides[item->side].sheet->answers;
}

static int
compare_charges (const DdPairItem *a, const DdPairItem *b, gpointer both)
{
  const DdCharge *one = charge_at (side_of (a, both), a->index);
  const DdCharge *other = charge_at (side_of (b, both), b->index);
  int order = compare_numbers (one->line, other->line);

  if (order == 0)
    order = g_strcmp0 (dd_answers_text (answers_of (a, both), one->id),
                       dd_answers_text (answers_of (b, both), other->id));
  if (order == 0)
    order = compare_numbers (one->type, other->type);
  if (order == 0)
    order = compare_numbers (one->period, other->period);
  if (order == 0)
    order = memcmp (one->currency.code, other->currency.code, sizeof one->currency.code);
  if (order == 0)
    order = compare_numbers (one->first_year, other->first_year);
  if (order == 0)
    order = compare_numbers (one->last_year, other->last_year);
  /* Amounts in other units can't be compared. */
  return order != 0 ? order
                    : compare_numbers (result_at (side_of (a, both), a->index)->rate,
                                       result_at (side_of (b, both), b->index)->rate);
}

static int
compare_steps (const DdPairItem *a, const DdPairItem *b, gpointer both)
{
  const DdStep *one = step_at (side_of (a, both), a->index);
  const DdStep *other = step_at (side_of (b, both), b->index);
  const char *rule = dd_step_rule (answers_of (a, both), one);
  const char *other_rule = dd_step_rule (answers_of (b, both), other);
  int order = compare_numbers (one->stage, other->stage);

  if (order == 0)
    order = g_strcmp0 (rule, other_rule);
  if (order != 0 || rule != NULL)
    return order;
  order = compare_numbers (one->kind, other->kind);
  return order != 0 ? order
                    : g_strcmp0 (dd_step_label (answers_of (a, both), one),
                                 dd_step_label (answers_of (b, both), other));
}

static int
compare_totals (const DdPairItem *a, const DdPairItem *b, gpointer both)
{
  const DdTotal *one = &g_array_index (side_of (a, both)->sheet->totals, DdTotal, a->index);
  const DdTotal *other = &g_array_index (side_of (b, both)->sheet->totals, DdTotal, b->index);
  int order = memcmp (one->currency.code, other->currency.code, sizeof one->currency.code);

  if (order == 0)
    order = compare_numbers (one->type, other->type);
  if (order == 0)
    order = compare_numbers (one->period, other->period);
  if (order == 0)
    order = compare_numbers (one->first_year, other->first_year);
  return order != 0 ? order : compare_numbers (one->last_year, other->last_year);
}

static int
compare_sources (const DdPairItem *a, const DdPairItem *b, gpointer both)
{
  const DdSource *one = &g_array_index (answers_of (a, both)->sources, DdSource, a->index);
  const DdSource *other = &g_array_index (answers_of (b, both)->sources, DdSource, b->index);
  int order = compare_numbers (one->plugin_version != NULL, other->plugin_version != NULL);

  return order != 0 ? order : g_strcmp0 (one->name, other->name);
}

/* --- whether a rule says the same as then --- */

static const DdRate *
find_rate (const Side *side, DdCurrency from, DdCurrency to)
{
  const GArray *rates = side->sheet->answers->rates;

  for (guint i = 0; i < rates->len; i++)
    {
      const DdRate *rate = &g_array_index (rates, DdRate, i);

      if (dd_currency_equal (rate->from, from) && dd_currency_equal (rate->to, to))
        return rate;
    }
  return NULL;
}

/* Amounts in @from, on charges in @to, are worth as much as then. Without a currency they are in @to. */
static gboolean
same_rate (const Both *both, DdCurrency from, DdCurrency to)
{
  const DdRate *then;
  const DdRate *now;

  if (from.code[0] == '\0' || dd_currency_equal (from, to))
    return TRUE;
  then = find_rate (&both->sides[0], from, to);
  now = find_rate (&both->sides[1], from, to);
  return then != NULL && now != NULL && then->rate == now->rate && then->per == now->per;
}

static gboolean
same_tiers (const Both *both, const DdCharge *then, const DdCharge *now)
{
  if (then->n_tiers != now->n_tiers)
    return FALSE;
  for (guint32 i = 0; i < then->n_tiers; i++)
    {
      const DdTier *a = &g_array_index (both->sides[0].sheet->answers->tiers, DdTier, then->first_tier + i);
      const DdTier *b = &g_array_index (both->sides[1].sheet->answers->tiers, DdTier, now->first_tier + i);

      if (a->from != b->from || a->bound != b->bound || a->price != b->price || a->fee != b->fee)
        return FALSE;
    }
  return TRUE;
}

/* @then, @now: charges, or the prices contracted for them. */
static gboolean
same_price (const Both *both, const DdCharge *then, const DdCharge *now, DdCurrency currency)
{
  return then->mode == now->mode && then->price == now->price && then->fee == now->fee &&
         then->free_units == now->free_units && then->package_size == now->package_size &&
         then->per == now->per && dd_currency_equal (then->source_currency, now->source_currency) &&
         same_rate (both, now->source_currency, currency) && same_tiers (both, then, now);
}

/* What replaces the charge's own price, or that. */
static const DdCharge *
price_in_force (const Side *side, guint32 charge)
{
  const DdContract *contract = side->contracts[charge];

  return contract != NULL ? &contract->price : charge_at (side, charge);
}

static gboolean
same_adjustment (const Both *both, const DdStep *then, const DdStep *now)
{
  const GArray *adjustments[] = { both->sides[0].sheet->answers->adjustments,
                                  both->sides[1].sheet->answers->adjustments };
  const DdAdjustment *a = &g_array_index (adjustments[0], DdAdjustment, then->adjustment);
  const DdAdjustment *b = &g_array_index (adjustments[1], DdAdjustment, now->adjustment);

  /* A mark-up is on a cost, which has no step of its own. */
  if (a->kind == DD_ADJUST_COST_PLUS &&
      result_at (&both->sides[0], then->charge)->cost != result_at (&both->sides[1], now->charge)->cost)
    return FALSE;
  return a->kind == b->kind && a->value == b->value && a->mode == b->mode && a->threshold == b->threshold &&
         dd_currency_equal (a->currency, b->currency) &&
         same_rate (both, b->currency, charge_at (&both->sides[1], now->charge)->currency);
}

static gboolean
same_spread (const Both *both, const DdStep *then, const DdStep *now)
{
  const DdSpread *a = &g_array_index (both->sides[0].sheet->answers->spreads, DdSpread, then->adjustment);
  const DdSpread *b = &g_array_index (both->sides[1].sheet->answers->spreads, DdSpread, now->adjustment);

  return a->kind == b->kind && a->value == b->value && a->type == b->type && a->period == b->period;
}

static gboolean
says_the_same (const Both *both, const DdStep *then, const DdStep *now)
{
  const DdCharge *charge = charge_at (&both->sides[0], then->charge);
  const DdCharge *charge_now = charge_at (&both->sides[1], now->charge);

  if (then->adjustment != DD_NO_ADJUSTMENT && now->adjustment != DD_NO_ADJUSTMENT)
    return then->stage == DD_STAGE_SPREAD ? same_spread (both, then, now) : same_adjustment (both, then, now);
  switch (then->kind)
    {
    case DD_STEP_ROUND:
      return TRUE;
    case DD_STEP_OPEN:
      return same_price (both, charge, charge_now, charge->currency);
    case DD_STEP_CONTRACT:
      return same_price (both, price_in_force (&both->sides[0], then->charge),
                         price_in_force (&both->sides[1], now->charge), charge->currency);
    case DD_STEP_MINIMUM:
      return price_in_force (&both->sides[0], then->charge)->minimum ==
             price_in_force (&both->sides[1], now->charge)->minimum;
    case DD_STEP_MAXIMUM:
      return price_in_force (&both->sides[0], then->charge)->maximum ==
             price_in_force (&both->sides[1], now->charge)->maximum;
    default: /* an installed net is its effect */
      return FALSE;
    }
}

/* --- differences --- */

/* What the step at @index, one of a charge's, adds to the running value. */
static gint64
effect_of (const Side *side, guint32 index)
{
  const DdStep *step = step_at (side, index);

  return index == result_at (side, step->charge)->first_step ? step->after
                                                             : step->after - step_at (side, index - 1)->after;
}

static guint32
source_of (const Side *side, const DdStep *step)
{
  const DdContract *contract = side->contracts[step->charge];

  return dd_step_source (side->sheet->answers, step, contract != NULL ? contract->price.source : DD_NO_LABEL);
}

static void
add_step (DdSheetDifference *difference, const Both *both, const DdPair *pair)
{
  const Side *sides = both->sides;
  const DdStep *then = pair->then != DD_NOWHERE ? step_at (&sides[0], pair->then) : NULL;
  const DdStep *now = pair->now != DD_NOWHERE ? step_at (&sides[1], pair->now) : NULL;
  DdStepChange change = {
    .step = *pair,
    .effect_then = then != NULL ? effect_of (&sides[0], pair->then) : 0,
    .effect_now = now != NULL ? effect_of (&sides[1], pair->now) : 0,
    .source_then = then != NULL ? source_of (&sides[0], then) : DD_NO_LABEL,
    .source_now = now != NULL ? source_of (&sides[1], now) : DD_NO_LABEL,
  };

  if (change.effect_then == change.effect_now)
    return;
  change.change = then == NULL                      ? DD_CHANGE_NEW
                  : now == NULL                     ? DD_CHANGE_GONE
                  : says_the_same (both, then, now) ? DD_CHANGE_FOLLOWS
                                                    : DD_CHANGE_CHANGED;
  g_array_append_val (difference->steps, change);
}

static gboolean
same_results (const DdChargeResult *then, const DdChargeResult *now)
{
  return then->net == now->net && then->list == now->list && then->tax == now->tax &&
         then->has_cost == now->has_cost && then->cost == now->cost;
}

static void
add_charge (DdSheetDifference *difference, Both *both, const DdPair *pair)
{
  const Side *sides = both->sides;
  const DdChargeResult *then = pair->then != DD_NOWHERE ? result_at (&sides[0], pair->then) : NULL;
  const DdChargeResult *now = pair->now != DD_NOWHERE ? result_at (&sides[1], pair->now) : NULL;
  DdChargeChange change = { .charge = *pair, .first_step = difference->steps->len };
  g_autoptr (GArray) items = NULL;
  g_autoptr (GArray) steps = NULL;

  if (then != NULL && now != NULL && same_results (then, now))
    return;
  items = g_array_new (FALSE, FALSE, sizeof (DdPairItem));
  if (then != NULL)
    dd_pair_add (items, 0, then->first_step, then->n_steps);
  if (now != NULL)
    dd_pair_add (items, 1, now->first_step, now->n_steps);
  steps = dd_pair_up (items, compare_steps, both);
  for (guint i = 0; i < steps->len; i++)
    add_step (difference, both, &g_array_index (steps, DdPair, i));
  change.n_steps = difference->steps->len - change.first_step;
  g_array_append_val (difference->charges, change);
}

static void
add_source (DdSheetDifference *difference, const DdPair *pair)
{
  if (pair->then != DD_NOWHERE && pair->now != DD_NOWHERE)
    {
      const DdSource *then = &g_array_index (difference->then->answers->sources, DdSource, pair->then);
      const DdSource *now = &g_array_index (difference->now->answers->sources, DdSource, pair->now);

      if (then->version == now->version && g_strcmp0 (then->plugin_version, now->plugin_version) == 0)
        return;
    }
  g_array_append_val (difference->sources, *pair);
}

static GArray *
pair_all (Both *both, DdPairCompare compare, guint n_then, guint n_now)
{
  g_autoptr (GArray) items = g_array_sized_new (FALSE, FALSE, sizeof (DdPairItem), n_then + n_now);

  dd_pair_add (items, 0, 0, n_then);
  dd_pair_add (items, 1, 0, n_now);
  return dd_pair_up (items, compare, both);
}

static Side
read_side (const DdSheet *sheet)
{
  const GArray *contracts = sheet->answers->contracts;
  Side side = { sheet, g_new0 (const DdContract *, sheet->answers->charges->len) };

  for (guint i = 0; i < contracts->len; i++)
    {
      const DdContract *contract = &g_array_index (contracts, DdContract, i);
      side.contracts[contract->charge] = contract;
    }
  return side;
}

DdSheetDifference *
dd_sheet_compare (const DdSheet *then, const DdSheet *now)
{
  DdSheetDifference *difference = g_new0 (DdSheetDifference, 1);
  Both both = { { read_side (then), read_side (now) } };
  g_autoptr (GArray) charges = pair_all (&both, compare_charges, then->results->len, now->results->len);
  g_autoptr (GArray) sources =
    pair_all (&both, compare_sources, then->answers->sources->len, now->answers->sources->len);

  difference->then = then;
  difference->now = now;
  difference->charges = g_array_new (FALSE, FALSE, sizeof (DdChargeChange));
  difference->steps = g_array_new (FALSE, FALSE, sizeof (DdStepChange));
  difference->totals = pair_all (&both, compare_totals, then->totals->len, now->totals->len);
  difference->sources = g_array_new (FALSE, FALSE, sizeof (DdPair));
  for (guint i = 0; i < charges->len; i++)
    add_charge (difference, &both, &g_array_index (charges, DdPair, i));
  for (guint i = 0; i < sources->len; i++)
    add_source (difference, &g_array_index (sources, DdPair, i));
  g_free (both.sides[0].contracts);
  g_free (both.sides[1].contracts);
  return difference;
}

void
dd_sheet_difference_free (DdSheetDifference *difference)
{
  g_array_unref (difference->charges);
  g_array_unref (difference->steps);
  g_array_unref (difference->totals);
  g_array_unref (difference->sources);
  g_free (difference);
}

const char *
dd_change_name (DdChange change)
{
  static const char *const names[] = { "changed", "follows", "new", "gone" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DD_N_CHANGES);
  return names[change];
}
