/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Goals of random deals: another way of looking finds the same, and so does another order of lines.
 */
#include "goal-fixture.h"

#define N_DEALS 60

/* What the result's deal comes to at @discount, if that holds where the result's did. */
static gint64
total_at (const Deal *deal, const DdGoalResult *result, gint64 discount)
{
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = dd_answers_copy (result->sheet->answers);
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      DdAdjustment *rule = &g_array_index (answers->adjustments, DdAdjustment, i);

      if (g_strcmp0 (dd_answers_text (answers, rule->id), "~goal") == 0)
        rule->value = MIN (rule->value, discount);
    }
  sheet = dd_sheet_compute (lines_of (deal), deal->lines->len, answers, &error);
  g_assert_no_error (error);
  return figures_of (sheet)->contract_value;
}

/* A line a number, each from its own seed. */
static Deal *
random_deal (guint32 seed, guint n_lines, gboolean backwards, gboolean rules)
{
  Deal *deal = deal_new ();

  for (guint i = 0; i < n_lines; i++)
    {
      guint number = backwards ? n_lines - 1 - i : i;
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed + number * 7919);
      g_autofree char *id = g_strdup_printf ("line-%u", number);
      DdPriceLine *line = deal_line (deal, id, "1");
      gint64 price = g_rand_int_range (rand, 0, 300000) * (gint64)10000;

      line->quantity = g_rand_int_range (rand, 1, 30) * DD_MICROS;
      line->commitment = (guint16)g_rand_int_range (rand, 1, 61);
      deal_charge (deal, "rental", "0")->price = price;
      if (g_rand_boolean (rand))
        deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR,
                   price / 10000 * g_rand_int_range (rand, 50, 103) / 100 * 10000);
      add_cost (deal, "1");
      if (!rules)
        continue;
      line->quantity += g_rand_int_range (rand, 0, 1000000);
      deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, g_rand_int_range (rand, 0, 300000000));
      deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, g_rand_int_range (rand, 0, 300000000));
    }
  return deal;
}

/* The contract value of a random deal without rules, in cents, without the engine: each step is
 * rounded to micros, then all to cents. */
static gint64
plain_total (const Deal *deal, gint64 steps)
{
  gint64 total = 0;

  for (guint i = 0; i < deal->lines->len; i++)
    {
      const DdPriceLine *line = &g_array_index (deal->lines, DdPriceLine, i);
      gint64 units = line->quantity / DD_MICROS;
      gint64 cents = g_array_index (deal->answers->charges, DdCharge, i).price / 10000 * units;
      gint64 amount = (cents * (1000000 - steps) + 50) / 100;
      gint64 after = (amount + 5000) / 10000;

      for (guint j = 0; j < deal->answers->adjustments->len; j++)
        {
          const DdAdjustment *rule = &g_array_index (deal->answers->adjustments, DdAdjustment, j);

          if (rule->charge == i && rule->kind == DD_ADJUST_FLOOR)
            after = MAX (after, MIN (rule->value / 10000 * units, cents));
        }
      total += after * line->commitment;
    }
  return total;
}

/* Its margin, nanos: each unit costs 1.00. */
static gint64
plain_margin (const Deal *deal, gint64 steps)
{
  gint64 total = plain_total (deal, steps);
  gint64 cost = 0;

  for (guint i = 0; i < deal->lines->len; i++)
    {
      const DdPriceLine *line = &g_array_index (deal->lines, DdPriceLine, i);

      cost += line->quantity / 10000 * line->commitment;
    }
  return total <= 0 ? -G_MAXINT64 : (gint64)dd_wide_divide_rounded ((DdWide)(total - cost) * DD_NANOS, total);
}

/* The last discount that keeps @goal. */
static gint64
scan_margin (const Deal *deal, gint64 goal)
{
  gint64 steps = 0;

  while (steps < 1000000 && plain_margin (deal, steps) >= goal)
    steps += 1000;
  for (steps = MAX (steps - 1000, 0); plain_margin (deal, steps) >= goal;)
    steps++;
  return steps - 1;
}

/* The first discount that reaches @goal, looked for one after the other: by 0.1%, then by steps. */
static gint64
scan (const Deal *deal, gint64 goal)
{
  gint64 steps = 0;

  while (steps < 1000000 && plain_total (deal, steps) > goal)
    steps += 1000;
  for (steps = MAX (steps - 1000, 0); plain_total (deal, steps) > goal;)
    steps++;
  return steps;
}

static void
test_a_scan_finds_the_same (void)
{
  guint n_reached = 0;

  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, 1 + seed % 12, FALSE, FALSE);
      gint64 goal = plain_total (deal, 0) / 1000 * g_test_rand_int_range (300, 1000);
      g_autoptr (DdGoalResult) result = find (deal, DD_GOAL_TOTAL, goal * 10000);

      g_assert_cmpint (result->reached, ==, 10000 * plain_total (deal, result->discount / DD_GOAL_STEP));
      if (plain_total (deal, 1000000) > goal)
        {
          g_assert_cmpint (result->outcome, ==, DD_GOAL_AT_FLOORS);
          g_assert_cmpint (result->reached, ==, 10000 * plain_total (deal, 1000000));
          continue;
        }
      g_assert_cmpint (result->outcome, ==,
                       goal == plain_total (deal, 0) ? DD_GOAL_MET_WITHOUT : DD_GOAL_REACHED);
      g_assert_cmpint (result->discount, ==, DD_GOAL_STEP * scan (deal, goal));
      n_reached++;
    }
  g_assert_cmpuint (n_reached, >, 0);
}

static void
test_a_scan_keeps_the_same_margin (void)
{
  guint n_kept = 0;

  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, 1 + seed % 12, FALSE, FALSE);
      gint64 goal = plain_margin (deal, g_test_rand_int_range (0, 400000));
      g_autoptr (DdGoalResult) result = find (deal, DD_GOAL_MARGIN, goal);

      g_assert_cmpint (result->outcome, ==, DD_GOAL_REACHED);
      g_assert_cmpint (result->reached, ==, plain_margin (deal, result->discount / DD_GOAL_STEP));
      if (plain_margin (deal, 1000000) >= goal)
        {
          g_assert_cmpint (result->reached, ==, plain_margin (deal, 1000000));
          continue;
        }
      g_assert_cmpint (result->discount, ==, DD_GOAL_STEP * scan_margin (deal, goal));
      n_kept++;
    }
  g_assert_cmpuint (n_kept, >, 0);
}

static void
assert_step_less_is_too_little (const Deal *deal, const DdGoalResult *result, gint64 goal)
{
  g_assert_cmpint (result->reached, <=, goal);
  g_assert_cmpint (result->reached, ==, total_at (deal, result, result->discount));
  if (result->discount > 0)
    g_assert_cmpint (total_at (deal, result, result->discount - DD_GOAL_STEP), >, goal);
  for (guint i = 0; i < result->sheet->results->len; i++)
    if (discount_at (result, i) > 0)
      g_assert_cmpint (sheet_result (result->sheet, i)->negotiated, >=,
                       sheet_result (result->sheet, i)->floor);
}

static void
test_a_step_less_is_too_little (void)
{
  guint n_reached = 0;

  for (guint round = 0; round < 2 * N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, 1 + seed % 12, FALSE, TRUE);
      g_autoptr (DdGoalResult) least = NULL;
      g_autoptr (DdGoalResult) result = NULL;
      gint64 goal;

      if (round % 2 == 1)
        {
          deal_spread (deal, DD_ADJUST_PERCENT_OFF, g_test_rand_int_range (0, 200000000));
          deal_spread (deal, DD_ADJUST_LINE_ON, g_test_rand_int_range (0, 20000) * (gint64)10000);
        }
      least = find (deal, DD_GOAL_TOTAL, 0);
      goal = total_at (deal, least, g_test_rand_int_range (0, 500000) * DD_GOAL_STEP);
      result = find (deal, DD_GOAL_TOTAL, goal);
      /* How a spread falls may leave the largest discount above a smaller one. */
      if (round % 2 == 1 && result->outcome == DD_GOAL_AT_FLOORS)
        continue;
      assert_step_less_is_too_little (deal, result, goal);
      n_reached += result->outcome == DD_GOAL_REACHED;
    }
  g_assert_cmpuint (n_reached, >, N_DEALS / 2);
}

static void
test_order_of_lines_changes_nothing (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      guint n = 1 + seed % 12;
      DdGoalKind kind = round % 2 == 0 ? DD_GOAL_TOTAL : DD_GOAL_MARGIN;
      gint64 value = kind == DD_GOAL_TOTAL ? micros ("50000") : percent ("99.9");
      g_autoptr (Deal) deal = random_deal (seed, n, FALSE, TRUE);
      g_autoptr (Deal) backwards = random_deal (seed, n, TRUE, TRUE);
      g_autoptr (DdGoalResult) a = find (deal, kind, value);
      g_autoptr (DdGoalResult) b = find (backwards, kind, value);

      g_assert_cmpint (a->outcome, ==, b->outcome);
      g_assert_cmpint (a->discount, ==, b->discount);
      g_assert_cmpint (a->reached, ==, b->reached);
      g_assert_cmpuint (a->stops->len, ==, b->stops->len);
      for (guint i = 0; i < n; i++)
        g_assert_cmpint (discount_at (a, i), ==, discount_at (b, n - 1 - i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/goal/random/a-scan-finds-the-same", test_a_scan_finds_the_same);
  g_test_add_func ("/goal/random/a-scan-keeps-the-same-margin", test_a_scan_keeps_the_same_margin);
  g_test_add_func ("/goal/random/a-step-less-is-too-little", test_a_step_less_is_too_little);
  g_test_add_func ("/goal/random/order-of-lines-changes-nothing", test_order_of_lines_changes_nothing);
  return g_test_run ();
}
