/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The price engine, rule by rule. Its properties over random deals are in test-price-properties.c.
 */
#include "price-fixture.h"

static void
one_line (Deal *deal, const char *quantity, const char *price)
{
  deal_line (deal, "1", quantity);
  deal_charge (deal, "rental", price);
}

static void
test_ids_sort_naturally (void)
{
  static const char *const ids[] = { "", "2", "02", "10", "a", "a2", "a10", "a10b", "b1" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
      {
        int order = dd_id_compare (ids[i], ids[j]);

        if (g_str_equal (ids[i], "2") && g_str_equal (ids[j], "02"))
          g_assert_cmpint (order, >, 0);
        else if (g_str_equal (ids[i], "02") && g_str_equal (ids[j], "2"))
          g_assert_cmpint (order, <, 0);
        else
          g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
      }
}

static void
test_names_read_back (void)
{
  for (guint i = 0; i < DD_N_ADJUST_KINDS; i++)
    g_assert_cmpint (dd_adjust_kind_from_name (dd_adjust_kind_name ((DdAdjustKind)i)), ==, i);
  for (guint i = 0; i < DD_N_STAGES; i++)
    g_assert_cmpint (dd_stage_from_name (dd_stage_name ((DdStage)i)), ==, i);
  for (guint i = 0; i < DD_N_PERIODS; i++)
    g_assert_cmpint (dd_period_from_name (dd_period_name ((DdPeriod)i)), ==, i);
  g_assert_cmpstr (dd_charge_type_name (DD_CHARGE_ONE_TIME), ==, "oneTime");
  g_assert_cmpstr (dd_tier_mode_name (DD_TIER_GRADUATED), ==, "graduated");
  g_assert_cmpstr (dd_group_mode_name (DD_GROUP_BEST), ==, "best");
  g_assert_cmpint (dd_stage_from_name ("bass"), ==, -1);
  g_assert_cmpint (dd_stage_from_name (NULL), ==, -1);
}

static void
test_fractions_stay_in_their_tier (void)
{
  for (guint graduated = 0; graduated < 2; graduated++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdTierMode mode = graduated ? DD_TIER_GRADUATED : DD_TIER_VOLUME;

      one_line (deal, "10.5", "0");
      deal_tier (deal, mode, "1", "10", "50", "0");
      deal_tier (deal, mode, "11", NULL, "45", "0");
      assert_net (deal, graduated ? "522.50" : "525.00");
    }
}

static void
test_flat_fee_minimum_and_maximum (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *charge;

  one_line (deal, "5", "2");
  charge = deal_charge (deal, "fee", "2");
  charge->fee = micros ("7");
  charge->free_units = micros ("5");
  charge = deal_charge (deal, "low", "2");
  charge->minimum = micros ("25");
  charge = deal_charge (deal, "high", "2");
  charge->maximum = micros ("9.99");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "10.00");
  assert_amount (sheet_result (sheet, 1)->net, "7.00");
  assert_amount (sheet_result (sheet, 2)->net, "25.00");
  assert_amount (sheet_result (sheet, 3)->net, "9.99");
  g_assert_cmpuint (sheet_step (sheet, 2, 1)->kind, ==, DD_STEP_MINIMUM);
  g_assert_cmpuint (sheet_step (sheet, 3, 1)->kind, ==, DD_STEP_MAXIMUM);
}

static void
test_quantity_outside_tiers_is_unpriced (void)
{
  g_autoptr (Deal) below = deal_new ();
  g_autoptr (Deal) beyond = deal_new ();

  one_line (below, "4", "0");
  deal_tier (below, DD_TIER_VOLUME, "5", NULL, "1", "0");
  deal_refused (below, DD_ERROR_UNPRICED, "4 units are below the first tier");
  one_line (beyond, "21", "0");
  deal_tier (beyond, DD_TIER_GRADUATED, "0", "20", "1", "0");
  deal_refused (beyond, DD_ERROR_UNPRICED,
                "line \"1\", charge \"rental\": 21 units are beyond the last tier");
}

static void
test_groups_apply_by_priority_and_the_rest_last (void)
{
  g_autoptr (Deal) deal = deal_new ();
  DdAdjustment *rule;

  one_line (deal, "1", "100");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_LINE_OFF, micros ("1"));
  rule = deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_COMPOUND, DD_ADJUST_LINE_OFF, micros ("10"));
  rule->group = dd_answers_label (deal->answers, "late");
  rule->group_priority = 2;
  rule = deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_COMPOUND, DD_ADJUST_PERCENT_OFF, percent ("50"));
  rule->group = dd_answers_label (deal->answers, "soon");
  rule->group_priority = 1;
  assert_net (deal, "39.00");
}

static void
test_rules_apply_by_priority_then_natural_id (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const char *const ids[] = { "r10", "r2", "r1" };
  static const gint32 priorities[] = { 0, 0, 5 };

  one_line (deal, "1", "100");
  for (guint i = 0; i < 3; i++)
    {
      DdAdjustment *rule = deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("1") * (i + 1));

      rule->id = dd_answers_label (deal->answers, ids[i]);
      rule->priority = priorities[i];
    }
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet_step (sheet, 0, 1)->adjustment, ==, 1);
  g_assert_cmpuint (sheet_step (sheet, 0, 2)->adjustment, ==, 0);
  g_assert_cmpuint (sheet_step (sheet, 0, 3)->adjustment, ==, 2);
}

static void
test_override_opens_its_group_and_the_lowest_wins (void)
{
  g_autoptr (Deal) deal = deal_new ();

  one_line (deal, "2", "100");
  deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_ADD, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_ADD, DD_ADJUST_UNIT_OVERRIDE, micros ("90"));
  deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_ADD, DD_ADJUST_UNIT_OVERRIDE, micros ("80"));
  deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_ADD, DD_ADJUST_FACTOR, 900000000);
  assert_net (deal, "128.00");
}

static void
test_best_takes_the_lowest_and_nothing_does_not_compete (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (Deal) dearer = deal_new ();

  one_line (deal, "1", "100");
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_LINE_OFF, micros ("11"));
  assert_net (deal, "89.00");
  one_line (dearer, "1", "100");
  deal_rule (dearer, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_ON, percent ("10"));
  deal_rule (dearer, DD_STAGE_PROMOTION, DD_ADJUST_LINE_ON, micros ("11"));
  assert_net (dearer, "110.00");
}

static void
test_below_zero_is_an_error (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (Deal) recovered = deal_new ();

  one_line (deal, "1", "100");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("100.01"));
  deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "line \"1\", charge \"rental\": rule-0 (line-off");
  /* Under add only what comes out counts. */
  one_line (recovered, "1", "100");
  deal_grouped (recovered, DD_STAGE_NEGOTIATED, DD_GROUP_ADD, DD_ADJUST_LINE_OFF, micros ("101"));
  deal_grouped (recovered, DD_STAGE_NEGOTIATED, DD_GROUP_ADD, DD_ADJUST_LINE_ON, micros ("2"));
  assert_net (recovered, "1.00");
}

static void
test_half_rounds_away_once_a_step_and_then_to_the_minor_unit (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "0.000005");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, percent ("50"));
  deal_charge (deal, "second", "10.005");
  sheet = deal_price (deal);
  g_assert_cmpint (sheet_step (sheet, 0, 1)->after, ==, 3);
  g_assert_cmpuint (sheet_step (sheet, 0, 2)->kind, ==, DD_STEP_ROUND);
  assert_amount (sheet_result (sheet, 0)->net, "0.00");
  assert_amount (sheet_result (sheet, 1)->net, "10.01");
}

static void
test_rate_runs_in_nanos_of_one_unit (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "40");
  deal_rate (deal, "minutes", 12345678);
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
  sheet = deal_price (deal);
  g_assert_true (sheet_result (sheet, 0)->rate);
  g_assert_cmpint (sheet_result (sheet, 0)->net, ==, 11111110);
  g_assert_cmpuint (sheet->totals->len, ==, 0);
}

static void
test_a_discount_on_a_rate_is_the_deals (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  const DdDealFigures *figures;

  deal_line (deal, "1", "40");
  deal_rate (deal, "minutes", 12345678);
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("100"));
  one_line (deal, "1", "1000.00");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("5"));
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->figures->len, ==, 1);
  figures = &g_array_index (sheet->figures, DdDealFigures, 0);
  g_assert_cmpint (figures->discount_discretionary, ==, DD_NANOS);
  g_assert_cmpint (figures->discount_list, ==, DD_NANOS);
}

static void
test_no_offer_is_without_a_measure (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->counted = FALSE;
  deal_charge (deal, "rental", "10.00");
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->figures->len, ==, 1);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).contract_value, ==, 0);
}

static void
test_rate_refuses_line_amounts_spreads_and_tiers (void)
{
  g_autoptr (Deal) amount = deal_new ();
  g_autoptr (Deal) spread = deal_new ();
  g_autoptr (Deal) tiers = deal_new ();

  deal_line (amount, "1", "1");
  deal_rate (amount, "minutes", 1000);
  deal_rule (amount, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, 1);
  deal_refused (amount, DD_ERROR_INVALID_ARGUMENT, "an amount per line");
  deal_line (spread, "1", "1");
  deal_rate (spread, "minutes", 1000);
  *deal_spread (spread, DD_ADJUST_LINE_OFF, 0) =
    (DdSpread){ .type = DD_CHARGE_USAGE, .kind = DD_ADJUST_PERCENT_OFF, .currency = EUR };
  deal_refused (spread, DD_ERROR_INVALID_ARGUMENT, "deal-level alteration 1");
  deal_line (tiers, "1", "1");
  deal_rate (tiers, "minutes", 1000);
  deal_tier (tiers, DD_TIER_VOLUME, "0", NULL, "1", "0");
  deal_refused (tiers, DD_ERROR_INVALID_ARGUMENT, "has no tiers");
}

static void
test_cost_plus_replaces_the_base_and_keeps_the_list (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "3", "200");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("25"));
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("80"));
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_COST, micros ("20"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "600.00");
  assert_amount (sheet_result (sheet, 0)->net, "375.00");
  assert_amount (sheet_result (sheet, 0)->cost, "300.00");
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).margin, ==, 200000000);
}

static void
test_cost_plus_without_cost_is_unpriced (void)
{
  g_autoptr (Deal) deal = deal_new ();

  one_line (deal, "1", "0");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("25"));
  deal_refused (deal, DD_ERROR_UNPRICED, "no cost was given");
}

static void
test_floor_marks_and_never_changes (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "3", "10");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("50"));
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("5.0001"));
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_COST, micros ("6"));
  deal_charge (deal, "fine", "10");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("10"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "15.00");
  assert_amount (sheet_result (sheet, 0)->floor, "15.01");
  g_assert_cmpuint (sheet_result (sheet, 0)->marks, ==, DD_MARK_BELOW_FLOOR | DD_MARK_NEGATIVE_MARGIN);
  g_assert_cmpuint (sheet_result (sheet, 1)->marks, ==, 0);
}

static void
test_spread_reports_what_no_line_takes (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "10");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("8"));
  deal_line (deal, "2", "1");
  deal_charge (deal, "rental", "5");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("6"));
  deal_line (deal, "3", "1")->counted = FALSE;
  deal_charge (deal, "rental", "1000");
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("3.50"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "8.00");
  assert_amount (sheet_result (sheet, 1)->net, "5.00");
  assert_amount (sheet_result (sheet, 2)->net, "1000.00");
  assert_amount (sheet_total (sheet, 0)->unspread, "1.50");
  assert_amount (sheet_total (sheet, 0)->net, "13.00");
}

static void
test_spread_names_its_charges (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *once;

  one_line (deal, "1", "10");
  once = deal_charge (deal, "install", "90");
  once->type = DD_CHARGE_ONE_TIME;
  once->period = DD_PERIOD_NONE;
  deal_charge (deal, "dollars", "10")->currency = (DdCurrency){ "USD" };
  deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("12.34"));
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("5"))->currency = (DdCurrency){ "CHF" };
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "8.77");
  assert_amount (sheet_result (sheet, 1)->net, "90.00");
  assert_amount (sheet_result (sheet, 2)->net, "10.00");
  g_assert_cmpuint (sheet->totals->len, ==, 4);
  g_assert_cmpstr (sheet_total (sheet, 0)->currency.code, ==, "CHF");
  assert_amount (sheet_total (sheet, 0)->unspread, "5.00");
}

static void
test_tax_is_rounded_by_charge_and_rate (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < 2; i++)
    {
      deal_line (deal, i == 0 ? "1" : "2", "1");
      deal_charge (deal, "rental", "0.13");
      deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("20"));
      deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_TAX, percent ("4"));
    }
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->tax, "0.04");
  assert_amount (sheet_total (sheet, 0)->tax, "0.08");
  assert_amount (sheet_step (sheet, 0, 2)->after, "0.17");
}

static void
test_modify_is_the_difference_and_delete_the_loss (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->action = DD_ACTION_MODIFY;
  deal_charge (deal, "rental", "150");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_installed (deal, "rental", "120");
  deal_installed (deal, "backup", "20");
  deal_line (deal, "2", "1")->action = DD_ACTION_DELETE;
  deal_charge (deal, "rental", "99");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("50"));
  deal_installed (deal, "rental", "80");
  deal_line (deal, "3", "1")->action = DD_ACTION_NO_CHANGE;
  deal_charge (deal, "rental", "77");
  deal_line (deal, "4", "1");
  deal_charge (deal, "rental", "15");
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("3"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->negotiated, "135.00");
  assert_amount (sheet_result (sheet, 0)->net, "13.50");
  assert_amount (sheet_result (sheet, 1)->net, "-20.00");
  g_assert_cmpstr (dd_answers_text (sheet->answers, g_array_index (sheet->answers->charges, DdCharge, 1).id),
                   ==, "backup");
  assert_amount (sheet_result (sheet, 2)->net, "-80.00");
  g_assert_cmpuint (sheet_result (sheet, 2)->n_steps, ==, 1);
  assert_amount (sheet_result (sheet, 3)->net, "0.00");
  g_assert_false (sheet_result (sheet, 3)->counted);
  assert_amount (sheet_result (sheet, 4)->net, "13.50");
  assert_amount (sheet_total (sheet, 0)->net, "-73.00");
}

static void
test_modify_without_installed_net_is_unpriced (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "1")->action = DD_ACTION_MODIFY;
  deal_charge (deal, "rental", "150");
  deal_refused (deal, DD_ERROR_UNPRICED, "installed net isn't stated");
}

static void
test_contract_value_counts_periods_over_each_commitment (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  const DdDealFigures *figures;
  DdCharge *charge;

  deal_line (deal, "1", "1")->commitment = 36;
  deal_charge (deal, "rental", "10.01");
  charge = deal_charge (deal, "install", "100");
  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  deal_line (deal, "2", "1")->commitment = 13;
  deal_charge (deal, "support", "90")->period = DD_PERIOD_QUARTER;
  deal_line (deal, "3", "1")->commitment = 18;
  deal_charge (deal, "licence", "100.01")->period = DD_PERIOD_YEAR;
  sheet = deal_price (deal);
  figures = &g_array_index (sheet->figures, DdDealFigures, 0);
  /* 360.36 + 100 + 13/3 of 90 + 18/12 of 100.01, which is 150.015 */
  assert_amount (figures->contract_value, "1000.38");
  assert_amount (figures->monthly, "48.34");
  g_assert_cmpint (figures->margin, ==, G_MININT64);
}

static void
test_discounts_count_surcharges_into_their_reference (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  const DdDealFigures *figures;

  deal_line (deal, "1", "1")->commitment = 12;
  deal_charge (deal, "rental", "100");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_LINE_OFF, micros ("20"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_ON, micros ("20"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("10"))->priority = 1;
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("10"));
  sheet = deal_price (deal);
  figures = &g_array_index (sheet->figures, DdDealFigures, 0);
  assert_amount (sheet_result (sheet, 0)->surcharge, "20.00");
  g_assert_cmpint (figures->discount_list, ==, 333333333);
  g_assert_cmpint (figures->discount_discretionary, ==, 200000000);
}

static void
test_discount_without_commitment_is_measured (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "100");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("90"));
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_COST, micros ("20"));
  sheet = deal_price (deal);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_discretionary, ==, 900000000);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).margin, ==, -DD_NANOS);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).contract_value, ==, 0);
}

static void
test_giving_away_what_costs_is_the_worst_margin (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "100");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("100"));
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_COST, micros ("1"));
  sheet = deal_price (deal);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).margin, ==, -G_MAXINT64);
}

static void
test_impossible_answers_are_refused (void)
{
  for (guint i = 0; i < 9; i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdAdjustment *rule;
      static const char *const fragments[] = {
        "charge 7 isn't there", "no rate from USD to EUR", "more than 100%", "is negative",
        "up to negotiated",     "kind or stage",           "differ",         "ISO 4217",
        "isn't positive",
      };

      one_line (deal, "1", "100");
      rule = deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_UNIT_OFF, 1);
      if (i == 0)
        rule->charge = 7;
      else if (i == 1)
        rule->currency = (DdCurrency){ "USD" };
      else if (i == 2)
        *rule = (DdAdjustment){ .kind = DD_ADJUST_PERCENT_OFF, .value = DD_NANOS + 1 };
      else if (i == 3)
        rule->value = -1;
      else if (i == 4)
        rule->stage = DD_STAGE_GUARD;
      else if (i == 5)
        rule->kind = 200;
      else if (i == 6)
        {
          deal_grouped (deal, DD_STAGE_BASE, DD_GROUP_ADD, DD_ADJUST_UNIT_OFF, 1);
          deal_grouped (deal, DD_STAGE_BASE, DD_GROUP_BEST, DD_ADJUST_UNIT_OFF, 1);
        }
      else if (i == 7)
        g_array_index (deal->answers->charges, DdCharge, 0).currency = (DdCurrency){ "\"xx" };
      else
        g_array_index (deal->lines, DdPriceLine, 0).quantity = 0;
      deal_refused (deal, i == 1 ? DD_ERROR_UNPRICED : DD_ERROR_INVALID_ARGUMENT, fragments[i]);
    }
}

static void
test_a_line_without_charge_is_unpriced (void)
{
  g_autoptr (Deal) deal = deal_new ();

  one_line (deal, "1", "100");
  deal_line (deal, "branch-2", "1");
  deal_refused (deal, DD_ERROR_UNPRICED, "branch-2");
}

static void
test_the_edges_overflow_with_their_place (void)
{
  static const gint64 prices[] = { G_MAXINT64, G_MAXINT64 / 3, G_MAXINT64 / 1000 };

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      one_line (deal, i == 0 ? "9000000000000" : i == 1 ? "3" : "999", "0");
      g_array_index (deal->answers->charges, DdCharge, 0).price = prices[MIN (i, 2)];
      if (i == 1)
        deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_FACTOR, 1100000000);
      if (i == 2)
        deal_grouped (deal, DD_STAGE_BASE, DD_GROUP_ADD, DD_ADJUST_LINE_ON, G_MAXINT64);
      if (i == 2)
        deal_grouped (deal, DD_STAGE_BASE, DD_GROUP_ADD, DD_ADJUST_LINE_ON, G_MAXINT64);
      if (i == 3)
        deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_PERCENT_ON, G_MAXINT64);
      if (i == 4)
        deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, G_MAXINT64);
      if (i == 5)
        deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, G_MAXINT64);
      deal_refused (deal, DD_ERROR_OVERFLOW, "line \"1\", charge \"rental\"");
    }
}

static void
test_totals_overflow_as_an_error (void)
{
  g_autoptr (Deal) deal = deal_new ();

  for (guint i = 0; i < 2; i++)
    {
      deal_line (deal, i == 0 ? "1" : "2", "1");
      deal_charge (deal, "rental", "0")->price = G_MAXINT64 / 10000 * 10000;
    }
  deal_refused (deal, DD_ERROR_OVERFLOW, "the deal's totals");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price/ids-sort-naturally", test_ids_sort_naturally);
  g_test_add_func ("/price/names-read-back", test_names_read_back);
  g_test_add_func ("/price/tier/fractions-stay-in-their-tier", test_fractions_stay_in_their_tier);
  g_test_add_func ("/price/tier/flat-fee-minimum-and-maximum", test_flat_fee_minimum_and_maximum);
  g_test_add_func ("/price/tier/quantity-outside-is-unpriced", test_quantity_outside_tiers_is_unpriced);
  g_test_add_func ("/price/group/by-priority-and-the-rest-last",
                   test_groups_apply_by_priority_and_the_rest_last);
  g_test_add_func ("/price/group/rules-by-priority-then-natural-id",
                   test_rules_apply_by_priority_then_natural_id);
  g_test_add_func ("/price/group/override-opens-and-the-lowest-wins",
                   test_override_opens_its_group_and_the_lowest_wins);
  g_test_add_func ("/price/group/best-takes-the-lowest",
                   test_best_takes_the_lowest_and_nothing_does_not_compete);
  g_test_add_func ("/price/group/below-zero-is-an-error", test_below_zero_is_an_error);
  g_test_add_func ("/price/half-rounds-away-once-a-step",
                   test_half_rounds_away_once_a_step_and_then_to_the_minor_unit);
  g_test_add_func ("/price/rate/runs-in-nanos-of-one-unit", test_rate_runs_in_nanos_of_one_unit);
  g_test_add_func ("/price/rate/discount-is-the-deals", test_a_discount_on_a_rate_is_the_deals);
  g_test_add_func ("/price/no-offer-is-without-a-measure", test_no_offer_is_without_a_measure);
  g_test_add_func ("/price/rate/refuses-line-amounts-spreads-and-tiers",
                   test_rate_refuses_line_amounts_spreads_and_tiers);
  g_test_add_func ("/price/cost-plus/replaces-the-base", test_cost_plus_replaces_the_base_and_keeps_the_list);
  g_test_add_func ("/price/cost-plus/without-cost-is-unpriced", test_cost_plus_without_cost_is_unpriced);
  g_test_add_func ("/price/guard/marks-and-never-changes", test_floor_marks_and_never_changes);
  g_test_add_func ("/price/spread/reports-what-no-line-takes", test_spread_reports_what_no_line_takes);
  g_test_add_func ("/price/spread/names-its-charges", test_spread_names_its_charges);
  g_test_add_func ("/price/tax/is-rounded-by-charge-and-rate", test_tax_is_rounded_by_charge_and_rate);
  g_test_add_func ("/price/action/modify-and-delete", test_modify_is_the_difference_and_delete_the_loss);
  g_test_add_func ("/price/action/modify-needs-the-installed-net",
                   test_modify_without_installed_net_is_unpriced);
  g_test_add_func ("/price/figures/contract-value", test_contract_value_counts_periods_over_each_commitment);
  g_test_add_func ("/price/figures/discounts-count-surcharges",
                   test_discounts_count_surcharges_into_their_reference);
  g_test_add_func ("/price/figures/uncommitted-discount-is-measured",
                   test_discount_without_commitment_is_measured);
  g_test_add_func ("/price/figures/giving-away-is-the-worst-margin",
                   test_giving_away_what_costs_is_the_worst_margin);
  g_test_add_func ("/price/refuses/impossible-answers", test_impossible_answers_are_refused);
  g_test_add_func ("/price/refuses/a-line-without-charge", test_a_line_without_charge_is_unpriced);
  g_test_add_func ("/price/overflow/names-its-place", test_the_edges_overflow_with_their_place);
  g_test_add_func ("/price/overflow/of-totals", test_totals_overflow_as_an_error);
  return g_test_run ();
}
