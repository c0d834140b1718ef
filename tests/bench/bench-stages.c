/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The engine with every stage at work, one JSON object a line, beside a plain __int128 loop of as many steps.
 *
 * Lines take turns through the tier modes; some are of a contracted price, some of a vendor's cost in another
 * currency with its mark-up, some a share of others, some modify what is installed. Each has two rules of
 * commitment and two of its location, two promotion groups, one of which counts in the first contract year
 * only, negotiated alterations, a floor and two taxes. Two discounts of the deal are spread; lines start
 * within a month, so that periods are cut.
 */
#include "engine-deal.h"

#include "deal/proposal.h"

/* Of a cost-plus line in another currency, in two contract years: fewer would mean that a stage is off. */
#define LEAST_STEPS    24
#define LINES_A_SHARE  20
#define TARGETS        10
#define FIRST_DAY      20618 /* 2026-06-14 */
#define EXPONENT_LIMIT 1.0

static const guint sizes[] = { 1, 100, 1000, 10000 };

static const DdTierMode modes[] = { DD_TIER_GRADUATED, DD_TIER_VOLUME, DD_TIER_BLOCK, DD_TIER_FLAT,
                                    DD_TIER_PACKAGE };

static gboolean
is_share (guint line)
{
  return line % LINES_A_SHARE == LINES_A_SHARE - 1;
}

static gboolean
is_cost_plus (guint line)
{
  return line % 4 == 0 && !is_share (line);
}

static void
add_tiers (DdAnswers *answers, DdCharge *charge, gint64 price)
{
  const DdTier tiers[] = {
    { .from = DD_MICROS, .bound = 5 * DD_MICROS, .price = price, .fee = 20 * DD_MICROS },
    { .from = 6 * DD_MICROS, .bound = 10 * DD_MICROS, .price = price * 9 / 10 },
    { .from = 11 * DD_MICROS, .bound = G_MAXINT64, .price = price * 8 / 10 },
  };

  charge->first_tier = answers->tiers->len;
  charge->n_tiers = G_N_ELEMENTS (tiers);
  g_array_append_vals (answers->tiers, tiers, G_N_ELEMENTS (tiers));
}

static DdCharge
make_price (DdAnswers *answers, guint line, DdTierMode mode, const char *source)
{
  gint64 price = (100 + line % 900) * DD_MICROS;
  DdCharge charge = {
    .line = line,
    .id = dd_answers_label (answers, "rental"),
    .name = dd_answers_label (answers, "Rental"),
    .source = dd_answers_label (answers, source),
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .mode = (guint8)mode,
    .currency = { "EUR" },
    .minimum = 10 * DD_MICROS,
    .maximum = DD_NO_LIMIT,
    .first_tier = answers->tiers->len,
  };

  if (mode == DD_TIER_VOLUME || mode == DD_TIER_GRADUATED || mode == DD_TIER_BLOCK)
    add_tiers (answers, &charge, price);
  else
    charge.price = mode == DD_TIER_SHARE ? DD_NANOS / 10 : price;
  if (mode == DD_TIER_FLAT)
    charge.fee = 15 * DD_MICROS;
  if (mode == DD_TIER_PACKAGE)
    charge.package_size = 4 * DD_MICROS;
  return charge;
}

/* What is a share of others takes it of those just before. */
static void
add_targets (DdAnswers *answers, guint line)
{
  for (guint target = line - TARGETS; target < line; target++)
    {
      DdShare share = { line, target };

      g_array_append_val (answers->shares, share);
    }
}

static void
add_price (EngineDeal *deal, guint line)
{
  DdTierMode mode = is_share (line) ? DD_TIER_SHARE : modes[line % G_N_ELEMENTS (modes)];
  DdCharge charge = make_price (deal->answers, line, mode, "charges@3");

  charge.free_months = (guint16)(line % 3);
  g_array_append_val (deal->answers->charges, charge);
  if (is_share (line))
    add_targets (deal->answers, line);
  if (line % 3 == 1 && !is_share (line))
    {
      DdContract contract = { line, make_price (deal->answers, line, DD_TIER_GRADUATED, "contracted@2") };

      g_array_append_val (deal->answers->contracts, contract);
    }
}

static void
add_lines (EngineDeal *deal)
{
  for (guint i = 0; i < deal->n_lines; i++)
    {
      gboolean modifies = i % 10 == 7;
      DdInstalledNet installed = {
        .line = i,
        .id = dd_answers_label (deal->answers, "rental"),
        .type = DD_CHARGE_RECURRING,
        .period = DD_PERIOD_MONTH,
        .currency = { "EUR" },
        .net = 40 * DD_MICROS,
      };

      deal->lines[i] = (DdPriceLine){
        .id = g_strdup_printf ("%u", i + 1),
        .quantity = (1 + i % 15) * DD_MICROS,
        .commitment = 36,
        .action = modifies ? DD_ACTION_MODIFY : DD_ACTION_ADD,
        .counted = TRUE,
        .billing_day = 1,
        .start = FIRST_DAY + (gint32)(i % 28),
      };
      add_price (deal, i);
      if (modifies)
        g_array_append_val (deal->answers->installed, installed);
    }
}

typedef struct
{
  const char *id;
  const char *group; /* (nullable) */
  DdStage stage;
  DdAdjustKind kind;
  DdGroupMode mode;
  const char *currency; /* (nullable) */
  gint64 value;
  gint64 threshold;
  guint8 last_year;
} Rule;

static const Rule rules[] = {
  { "cost", NULL, DD_STAGE_BASE, DD_ADJUST_COST, 0, "USD", 30 * DD_MICROS, 0, 0 },
  { "mark-up", NULL, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, 0, NULL, 2 * (gint64)DD_NANOS, 0, 0 },
  { "months", NULL, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, 0, NULL, 50000000, 0, 0 },
  { "volume", NULL, DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, 0, "EUR", DD_MICROS, 0, 0 },
  { "island", NULL, DD_STAGE_LOCATION, DD_ADJUST_PERCENT_ON, 0, NULL, 30000000, 0, 0 },
  { "region", NULL, DD_STAGE_LOCATION, DD_ADJUST_LINE_OFF, 0, "USD", DD_MICROS, 0, 0 },
  { "spring", "summer", DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, DD_GROUP_ADD, NULL, 40000000, 0, 1 },
  { "loyal", "summer", DD_STAGE_PROMOTION, DD_ADJUST_FACTOR, DD_GROUP_ADD, NULL, 980000000, 0, 0 },
  { "large", "summer", DD_STAGE_PROMOTION, DD_ADJUST_UNIT_OFF, DD_GROUP_ADD, "EUR", DD_MICROS,
    100 * DD_MICROS, 0 },
  { "best-1", "best", DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, DD_GROUP_BEST, NULL, 20000000, 0, 0 },
  { "best-2", "best", DD_STAGE_PROMOTION, DD_ADJUST_LINE_OFF, DD_GROUP_BEST, "EUR", DD_MICROS, 0, 0 },
  { "alteration-1", NULL, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, 0, NULL, 33000000, 0, 0 },
  { "alteration-2", NULL, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_ON, 0, "EUR", 2 * DD_MICROS, 0, 0 },
  { "floor", NULL, DD_STAGE_GUARD, DD_ADJUST_FLOOR, 0, "EUR", 20 * DD_MICROS, 0, 0 },
  { "federal", NULL, DD_STAGE_TAX, DD_ADJUST_TAX, 0, NULL, 190000000, 0, 0 },
  { "city", NULL, DD_STAGE_TAX, DD_ADJUST_TAX, 0, NULL, 48750000, 0, 0 },
};

/* A plugin answers for a whole sheet at a time, in order of charge; what is a share has no units. */
static void
add_rule (EngineDeal *deal, const Rule *rule)
{
  DdAnswers *answers = deal->answers;
  DdAdjustment adjustment = {
    .id = dd_answers_label (answers, rule->id),
    .label = dd_answers_label (answers, rule->id),
    .source = dd_answers_label (answers, "rules@3"),
    .group = dd_answers_label (answers, rule->group),
    .stage = (guint8)rule->stage,
    .kind = (guint8)rule->kind,
    .mode = (guint8)rule->mode,
    .threshold = rule->threshold,
    .last_year = rule->last_year,
  };

  if (rule->currency != NULL)
    memcpy (adjustment.currency.code, rule->currency, sizeof adjustment.currency.code);
  for (guint i = 0; i < deal->n_lines; i++)
    {
      if (rule->kind == DD_ADJUST_COST_PLUS && !is_cost_plus (i))
        continue;
      adjustment.charge = i;
      adjustment.value = rule->value + i % 7 * (rule->value / 100);
      g_array_append_val (answers->adjustments, adjustment);
    }
}

static void
add_spreads (EngineDeal *deal)
{
  DdSpread spread = {
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .kind = DD_ADJUST_LINE_OFF,
    .label = DD_NO_LABEL,
    .currency = { "EUR" },
    .value = deal->n_lines * 7 * DD_MICROS + 10000,
  };

  g_array_append_val (deal->answers->spreads, spread);
  spread.kind = DD_ADJUST_PERCENT_OFF;
  spread.value = 10000000;
  g_array_append_val (deal->answers->spreads, spread);
}

static void
build_deal (EngineDeal *deal)
{
  DdRate rate = { .from = { "USD" },
                  .to = { "EUR" },
                  .rate = 921500000,
                  .per = 1,
                  .source = dd_answers_label (deal->answers, "rates") };

  add_lines (deal);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    add_rule (deal, &rules[i]);
  add_spreads (deal);
  g_array_append_val (deal->answers->rates, rate);
  deal->answers->interest = 60000000;
  deal->answers->offer_end = FIRST_DAY;
}

int
main (void)
{
  double first = 0;
  double last = 0;

  engine_keep_memory ();
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("reprice.all.%u.steps", sizes[i]);
      double steps = 0;

      last = engine_measure ("reprice.all", build_deal, sizes[i], &steps);
      measure_print (name, steps, "");
      if (steps < LEAST_STEPS)
        g_error ("only %.2f steps a line", steps);
      if (sizes[i] == 100)
        first = last;
    }
  engine_print ("reprice.all.exponent", log (last / first) / log (sizes[G_N_ELEMENTS (sizes) - 1] / 100.0),
                "exponent", EXPONENT_LIMIT);
  return 0;
}
