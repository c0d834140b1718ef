/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The price engine's figures, one JSON object a line: the whole waterfall of twelve steps with its trace
 * kept, beside a plain __int128 loop over as many steps, measured in the same run. (bench-stages has every
 * stage.) And the same deal once more after an edit of one line, beside the whole of it.
 */
#include "engine-deal.h"

#define N_STEPS        12
#define EXPONENT_LIMIT 1.0

static const guint sizes[] = { 100, 1000, 10000 };

static void
add_rules (
  EngineDeal *deal, const char *id, DdStage stage, DdAdjustKind kind, gint64 value, const char *group)
{
  DdAdjustment rule = {
    .id = dd_answers_label (deal->answers, id),
    .label = dd_answers_label (deal->answers, id),
    .source = dd_answers_label (deal->answers, "rules@3"),
    .group = dd_answers_label (deal->answers, group),
    .stage = (guint8)stage,
    .kind = (guint8)kind,
    .mode = DD_GROUP_ADD,
    .currency = { "EUR" },
  };

  /* A plugin answers for a whole sheet at a time, in order of charge. */
  for (guint i = 0; i < deal->n_lines; i++)
    {
      rule.charge = i;
      rule.value = value + i % 7 * (value / 100);
      g_array_append_val (deal->answers->adjustments, rule);
    }
}

static void
add_charges (EngineDeal *deal)
{
  DdCharge charge = {
    .id = dd_answers_label (deal->answers, "rental"),
    .name = dd_answers_label (deal->answers, "Rental"),
    .source = dd_answers_label (deal->answers, "charges@3"),
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .mode = DD_TIER_GRADUATED,
    .currency = { "EUR" },
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
    .n_tiers = 3,
  };

  for (guint i = 0; i < deal->n_lines; i++)
    {
      gint64 price = (100 + i % 900) * DD_MICROS;
      const DdTier tiers[] = {
        { .from = DD_MICROS, .bound = 10 * DD_MICROS, .price = price },
        { .from = 11 * DD_MICROS, .bound = 50 * DD_MICROS, .price = price * 9 / 10 },
        { .from = 51 * DD_MICROS, .bound = G_MAXINT64, .price = price * 8 / 10 },
      };

      charge.line = i;
      charge.first_tier = deal->answers->tiers->len;
      g_array_append_vals (deal->answers->tiers, tiers, G_N_ELEMENTS (tiers));
      g_array_append_val (deal->answers->charges, charge);
      deal->lines[i] = (DdPriceLine){
        .id = g_strdup_printf ("%u", i + 1),
        .quantity = (1 + i % 15) * DD_MICROS,
        .commitment = 36,
        .counted = TRUE,
      };
    }
}

static void
build_deal (EngineDeal *deal)
{
  DdSpread spread = {
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .kind = DD_ADJUST_LINE_OFF,
    .label = DD_NO_LABEL,
    .currency = { "EUR" },
    .value = deal->n_lines * 7 * DD_MICROS + 10000,
  };

  add_charges (deal);
  add_rules (deal, "cost", DD_STAGE_BASE, DD_ADJUST_COST, 40 * DD_MICROS, NULL);
  add_rules (deal, "bound", DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, 50000000, NULL);
  add_rules (deal, "volume", DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, DD_MICROS, NULL);
  add_rules (deal, "island", DD_STAGE_LOCATION, DD_ADJUST_PERCENT_ON, 30000000, NULL);
  add_rules (deal, "region", DD_STAGE_LOCATION, DD_ADJUST_FACTOR, 1020000000, NULL);
  add_rules (deal, "spring", DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, 100000000, "campaign");
  add_rules (deal, "loyal", DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, 50000000, "campaign");
  add_rules (deal, "bundle", DD_STAGE_PROMOTION, DD_ADJUST_UNIT_OFF, DD_MICROS, "campaign");
  add_rules (deal, "agreed", DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, 70000000, NULL);
  add_rules (deal, "floor", DD_STAGE_GUARD, DD_ADJUST_FLOOR, 70 * DD_MICROS, NULL);
  add_rules (deal, "vat", DD_STAGE_TAX, DD_ADJUST_TAX, 210000000, NULL);
  g_array_append_val (deal->answers->spreads, spread);
}

/* After one line's quantity changed, from the sheet before the change. */
static double
time_edit (const EngineDeal *deal, const DdSheet *before, const DdPriceLine *before_lines)
{
  g_autoptr (GError) error = NULL;
  guint n_computed = 0;
  DdAnswers *answers = dd_answers_copy (deal->answers);
  double begin = engine_now ();
  g_autoptr (DdSheet) sheet =
    dd_sheet_recompute (before, before_lines, deal->lines, deal->n_lines, answers, &n_computed, &error);
  double elapsed = engine_now () - begin;

  measure_require (sheet != NULL && n_computed == 1, "one line's charge computed again", error);
  return elapsed;
}

/* reprice.edit.n_lines, microseconds a line; its limit is the whole deal computed, which an edit would cost
 * otherwise. */
static void
measure_edit (guint n_lines)
{
  guint n_rounds = MAX (ENGINE_MIN_ROUNDS, ENGINE_LINES_A_FIGURE / n_lines);
  g_autofree double *edit = g_new (double, n_rounds);
  g_autofree double *whole = g_new (double, n_rounds);
  g_autofree char *name = g_strdup_printf ("reprice.edit.%u", n_lines);
  EngineDeal deal = { .n_lines = n_lines };

  deal.lines = g_new0 (DdPriceLine, n_lines);
  deal.answers = dd_answers_new ();
  build_deal (&deal);

  g_autofree DdPriceLine *before_lines = g_memdup2 (deal.lines, n_lines * sizeof *deal.lines);
  g_autoptr (DdSheet) before = engine_price (&deal, &whole[0]);

  for (guint round = 0; round < n_rounds; round++)
    {
      gint64 *quantity = &deal.lines[round * 7919 % n_lines].quantity;

      *quantity += DD_MICROS;
      edit[round] = time_edit (&deal, before, before_lines);
      dd_sheet_unref (engine_price (&deal, &whole[round]));
      *quantity -= DD_MICROS;
    }
  engine_free_deal (&deal);
  measure_sort (edit, n_rounds);
  measure_sort (whole, n_rounds);
  engine_print (name, measure_at (edit, n_rounds, 0.5) / n_lines, "us/line",
                measure_at (whole, n_rounds, 0.5) / n_lines);
}

int
main (void)
{
  double first = 0;
  double last = 0;

  engine_keep_memory ();
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      double steps = 0;

      last = engine_measure ("reprice.engine", build_deal, sizes[i], &steps);
      if (steps < N_STEPS - 0.5 || steps >= N_STEPS + 0.5)
        g_error ("%.2f steps a line instead of %d", steps, N_STEPS);
      if (i == 0)
        first = last;
    }
  engine_print ("reprice.engine.exponent",
                log (last / first) / log ((double)sizes[G_N_ELEMENTS (sizes) - 1] / sizes[0]), "exponent",
                EXPONENT_LIMIT);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    measure_edit (sizes[i]);
  return 0;
}
