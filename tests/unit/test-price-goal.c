/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The discount that reaches a goal: that it is exact, what stops it, and that it says so.
 */
#include "goal-fixture.h"

/* A line of one unit for twelve months, with one monthly charge. */
static DdCharge *
add_line (Deal *deal, const char *id, const char *price)
{
  deal_line (deal, id, "1")->commitment = 12;
  return deal_charge (deal, "rental", price);
}

static void
add_floor (Deal *deal, const char *floor)
{
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros (floor));
}

static void
assert_found (const DdGoalResult *result, DdGoalOutcome outcome, const char *discount, const char *reached)
{
  g_autofree char *text = dd_percent_format (result->discount);

  g_assert_cmpint (result->outcome, ==, outcome);
  g_assert_cmpstr (text, ==, discount);
  assert_amount (result->reached, reached);
}

static void
assert_total (
  const Deal *deal, const char *goal, DdGoalOutcome outcome, const char *discount, const char *reached)
{
  g_autoptr (DdGoalResult) result = find (deal, DD_GOAL_TOTAL, micros (goal));

  assert_found (result, outcome, discount, reached);
}

static void
assert_stop (const DdGoalResult *result, guint index, guint32 charge, DdGoalStopReason reason)
{
  g_assert_cmpuint (index, <, result->stops->len);
  g_assert_cmpuint (g_array_index (result->stops, DdGoalStop, index).charge, ==, charge);
  g_assert_cmpint (g_array_index (result->stops, DdGoalStop, index).reason, ==, reason);
}

static void
test_a_total_is_reached_exactly (void)
{
  g_autoptr (Deal) deal = deal_new ();

  add_line (deal, "1", "1000");
  /* 900.00 rounds from up to below 900.005. */
  assert_total (deal, "10800", DD_GOAL_REACHED, "9.9996%", "10800.00");
  assert_total (deal, "0", DD_GOAL_REACHED, "99.9996%", "0.00");
  /* 876.54 rounds from up to 876.545: 12.3456% brings 876.544. */
  assert_total (deal, "10518.48", DD_GOAL_REACHED, "12.3456%", "10518.48");
  /* No cent a month comes to it: the next below does. */
  assert_total (deal, "10518.59", DD_GOAL_REACHED, "12.3456%", "10518.48");
}

static void
test_it_is_on_top_of_what_is_negotiated (void)
{
  g_autoptr (Deal) deal = deal_new ();

  add_line (deal, "1", "1000");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_UNIT_OVERRIDE, micros ("800"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("50"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_ON, micros ("100"))->priority = G_MAXINT32;
  assert_total (deal, "4500", DD_GOAL_REACHED, "24.9991%", "4500.00");
}

static void
test_a_floor_is_kept_and_named (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_line (deal, "1", "100");
  add_floor (deal, "95");
  add_line (deal, "2", "100");
  result = find (deal, DD_GOAL_TOTAL, micros ("2160"));
  assert_found (result, DD_GOAL_REACHED, "14.9951%", "2160.00");
  assert_amount (net_at (result, 0), "95.00");
  assert_amount (net_at (result, 1), "85.00");
  g_assert_cmpint (discount_at (result, 0), <, percent ("5.01"));
  g_assert_cmpint (discount_at (result, 1), ==, percent ("14.9951"));
  g_assert_cmpuint (result->stops->len, ==, 1);
  assert_stop (result, 0, 0, DD_GOAL_STOP_FLOOR);
  g_assert_cmpuint (sheet_result (result->sheet, 0)->marks, ==, 0);
}

static void
test_floors_end_it (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_line (deal, "1", "100");
  add_floor (deal, "95");
  add_line (deal, "2", "100");
  add_floor (deal, "90");
  result = find (deal, DD_GOAL_TOTAL, micros ("2219.99"));
  assert_found (result, DD_GOAL_AT_FLOORS, "9.9951%", "2220.00");
  g_assert_cmpuint (result->stops->len, ==, 2);
  assert_total (deal, "2220", DD_GOAL_REACHED, "9.9951%", "2220.00");
}

static void
test_a_charge_below_its_floor_does_not_move (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_line (deal, "1", "100");
  add_floor (deal, "101");
  result = find (deal, DD_GOAL_TOTAL, micros ("1199"));
  assert_found (result, DD_GOAL_AT_FLOORS, "0%", "1200.00");
  assert_stop (result, 0, 0, DD_GOAL_STOP_FLOOR);
}

/* Up to 0.005% would be rounded away. */
static void
test_nothing_is_given_that_changes_nothing (void)
{
  g_autoptr (Deal) deal = deal_new ();

  add_line (deal, "1", "100");
  add_floor (deal, "100");
  assert_total (deal, "1199", DD_GOAL_AT_FLOORS, "0%", "1200.00");
}

static void
test_a_floor_holds_for_the_new_charge_in_full (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_line (deal, "1", "100");
  g_array_index (deal->lines, DdPriceLine, 0).action = DD_ACTION_MODIFY;
  deal_installed (deal, "rental", "60");
  add_floor (deal, "80");
  result = find (deal, DD_GOAL_TOTAL, micros ("0"));
  g_assert_cmpint (result->outcome, ==, DD_GOAL_AT_FLOORS);
  assert_amount (result->reached, "240.00");
  assert_amount (net_at (result, 0), "20.00");
}

static void
test_each_year_has_its_own_floor (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  deal_line (deal, "1", "1")->commitment = 24;
  charge_of_years (deal, "rental", "100", 1, 1);
  add_floor (deal, "95");
  charge_of_years (deal, "rental", "200", 2, 0);
  add_floor (deal, "150");
  result = find (deal, DD_GOAL_TOTAL, micros ("3300"));
  assert_found (result, DD_GOAL_REACHED, "9.9976%", "3300.00");
  assert_amount (net_at (result, 0), "95.00");
  assert_amount (net_at (result, 1), "180.00");
}

static void
test_a_share_follows_and_its_fee_stays (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;
  DdCharge *share;

  add_line (deal, "1", "100");
  share = add_line (deal, "2", "0");
  share->mode = DD_TIER_SHARE;
  share->price = percent ("15");
  share->fee = micros ("5");
  deal_share (deal, 1, 0);
  assert_total (deal, "1302", DD_GOAL_REACHED, "9.9951%", "1302.00"); /* 12 x (90 + 13.50 + 5) */
  result = find (deal, DD_GOAL_TOTAL, micros ("59.99"));
  assert_found (result, DD_GOAL_FIXED, "99.9951%", "60.00");
  g_assert_cmpuint (result->stops->len, ==, 1);
  assert_stop (result, 0, 1, DD_GOAL_STOP_SHARE);
  g_assert_cmpint (discount_at (result, 1), ==, 0);
}

static void
test_a_rule_that_refuses_is_quoted (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;
  DdCharge *share;

  add_line (deal, "1", "100");
  share = add_line (deal, "2", "0");
  share->mode = DD_TIER_SHARE;
  share->price = percent ("10");
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_LINE_OFF, micros ("8"));
  deal_share (deal, 1, 0);
  result = find (deal, DD_GOAL_TOTAL, micros ("100"));
  g_assert_cmpint (result->outcome, ==, DD_GOAL_REFUSED);
  assert_amount (net_at (result, 0), "80.00");
  assert_amount (net_at (result, 1), "0.00");
  g_assert_nonnull (strstr (result->refusal, "below zero"));
}

static void
test_others_do_not_move (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_line (deal, "1", "100");
  deal_rate (deal, "calls", 4000000);
  add_line (deal, "2", "70")->currency = (DdCurrency){ "USD" };
  add_line (deal, "3", "50");
  g_array_index (deal->lines, DdPriceLine, 2).counted = FALSE;
  add_line (deal, "4", "40");
  deal_installed (deal, "rental", "10");
  g_array_index (deal->lines, DdPriceLine, 3).action = DD_ACTION_DELETE;
  result = find (deal, DD_GOAL_TOTAL, micros ("960"));
  assert_found (result, DD_GOAL_REACHED, "9.9951%", "960.00");
  for (guint i = 1; i < result->discounts->len; i++)
    g_assert_cmpint (discount_at (result, i), ==, 0);
  g_assert_cmpuint (result->stops->len, ==, 1);
  assert_stop (result, 0, 1, DD_GOAL_STOP_RATE);
  g_assert_cmpint (sheet_result (result->sheet, 1)->net, ==, 4000000);
  assert_amount (net_at (result, 2), "70.00");
}

static void
test_a_goal_may_be_met_without (void)
{
  g_autoptr (Deal) deal = deal_new ();

  add_line (deal, "1", "100");
  assert_total (deal, "1200", DD_GOAL_MET_WITHOUT, "0%", "1200.00");
  assert_total (deal, "1199.99", DD_GOAL_REACHED, "0.0051%", "1199.88");
}

static void
test_what_is_not_known_is_said (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) no_cost = NULL;
  g_autoptr (DdGoalResult) no_currency = NULL;
  g_autoptr (GError) error = NULL;
  DdGoal dollars = { .kind = DD_GOAL_TOTAL, .currency = { "USD" }, .value = micros ("100") };
  DdGoal beyond = { .kind = DD_GOAL_MARGIN, .currency = EUR, .value = percent ("100.0000001") };
  DdGoalResult *untouched = NULL;

  add_line (deal, "1", "100");
  no_cost = find (deal, DD_GOAL_MARGIN, percent ("20"));
  assert_found (no_cost, DD_GOAL_NO_COST, "0%", "0.00");
  g_assert_true (dd_goal_find (lines_of (deal), 1, deal->answers, &dollars, &no_currency, &error));
  assert_found (no_currency, DD_GOAL_NO_CURRENCY, "0%", "0.00");
  assert_amount (net_at (no_currency, 0), "100.00");
  g_assert_false (dd_goal_find (lines_of (deal), 1, deal->answers, &beyond, &untouched, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_null (untouched);
}

static void
test_what_has_no_price_has_no_goal (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (GError) error = NULL;
  DdGoal goal = { .kind = DD_GOAL_TOTAL, .currency = EUR, .value = 0 };
  DdGoalResult *untouched = NULL;

  deal_line (deal, "1", "1");
  g_assert_false (dd_goal_find (lines_of (deal), 1, deal->answers, &goal, &untouched, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_UNPRICED);
  g_assert_null (untouched);
}

static void
test_a_margin_is_kept (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) kept = NULL;
  g_autoptr (DdGoalResult) below = NULL;
  g_autoptr (DdGoalResult) floored = NULL;

  add_line (deal, "1", "100");
  add_cost (deal, "60");
  kept = find (deal, DD_GOAL_MARGIN, percent ("25"));
  /* 80.00 a month keeps it, and rounds from 79.995. */
  g_assert_cmpint (kept->outcome, ==, DD_GOAL_REACHED);
  g_assert_cmpint (kept->discount, ==, percent ("20.005"));
  g_assert_cmpint (kept->reached, ==, percent ("25"));
  below = find (deal, DD_GOAL_MARGIN, percent ("40.0000001"));
  g_assert_cmpint (below->outcome, ==, DD_GOAL_BELOW_MARGIN);
  g_assert_cmpint (below->reached, ==, percent ("40"));
  g_assert_cmpint (below->discount, ==, 0);
  add_floor (deal, "90");
  floored = find (deal, DD_GOAL_MARGIN, percent ("25"));
  g_assert_cmpint (floored->outcome, ==, DD_GOAL_REACHED);
  assert_amount (net_at (floored, 0), "90.00");
  assert_stop (floored, 0, 0, DD_GOAL_STOP_FLOOR);
}

/* One of everything that answers have. */
static Deal *
deal_of_all_kinds (void)
{
  Deal *deal = deal_new ();
  DdExpiry expiry = { .charge = 0, .label = dd_answers_label (deal->answers, "quote"), .last = 20000 };
  DdCharge *share;

  add_line (deal, "1", "0");
  g_array_index (deal->lines, DdPriceLine, 0).action = DD_ACTION_MODIFY;
  deal_installed (deal, "rental", "10");
  deal_tier (deal, DD_TIER_GRADUATED, "1", NULL, "100", "0");
  deal_contract (deal, "90");
  add_cost (deal, "30");
  share = add_line (deal, "2", "0");
  share->mode = DD_TIER_SHARE;
  share->price = percent ("10");
  deal_share (deal, 1, 0);
  deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("1"));
  deal_exchange (deal, "USD", "EUR", "0.9");
  g_array_append_val (deal->answers->expiries, expiry);
  deal->answers->offer_end = 20001;
  deal->answers->interest = percent ("5");
  dd_answers_add_source (deal->answers, "charges", 3, NULL);
  dd_answers_add_source (deal->answers, "pricing-catalogue", 0, "1.0");
  return deal;
}

static void
test_a_copy_is_whole_and_its_own (void)
{
  g_autoptr (Deal) deal = deal_of_all_kinds ();
  g_autoptr (DdGoalResult) result = find (deal, DD_GOAL_TOTAL, micros ("500"));
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = dd_answers_copy (deal->answers);
  g_autoptr (DdSheet) sheet = deal_price (deal);
  g_autoptr (DdSheet) copy = NULL;
  g_autofree char *text = sheet_write (sheet);
  g_autofree char *copied = NULL;

  g_assert_cmpint (result->outcome, ==, DD_GOAL_REACHED);
  g_assert_null (strstr (text, "goal"));
  g_clear_pointer (&sheet, dd_sheet_unref);
  copy = dd_sheet_compute (lines_of (deal), deal->lines->len, answers, &error);
  g_assert_no_error (error);
  copied = sheet_write (copy);
  g_assert_cmpstr (text, ==, copied);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/goal/a-total-is-reached-exactly", test_a_total_is_reached_exactly);
  g_test_add_func ("/goal/on-top-of-what-is-negotiated", test_it_is_on_top_of_what_is_negotiated);
  g_test_add_func ("/goal/a-floor-is-kept-and-named", test_a_floor_is_kept_and_named);
  g_test_add_func ("/goal/floors-end-it", test_floors_end_it);
  g_test_add_func ("/goal/below-its-floor-does-not-move", test_a_charge_below_its_floor_does_not_move);
  g_test_add_func ("/goal/nothing-that-changes-nothing", test_nothing_is_given_that_changes_nothing);
  g_test_add_func ("/goal/a-floor-is-of-the-new-charge", test_a_floor_holds_for_the_new_charge_in_full);
  g_test_add_func ("/goal/each-year-has-its-own-floor", test_each_year_has_its_own_floor);
  g_test_add_func ("/goal/a-share-follows", test_a_share_follows_and_its_fee_stays);
  g_test_add_func ("/goal/a-rule-that-refuses-is-quoted", test_a_rule_that_refuses_is_quoted);
  g_test_add_func ("/goal/others-do-not-move", test_others_do_not_move);
  g_test_add_func ("/goal/met-without", test_a_goal_may_be_met_without);
  g_test_add_func ("/goal/what-is-not-known-is-said", test_what_is_not_known_is_said);
  g_test_add_func ("/goal/what-has-no-price-has-no-goal", test_what_has_no_price_has_no_goal);
  g_test_add_func ("/goal/a-margin-is-kept", test_a_margin_is_kept);
  g_test_add_func ("/goal/a-copy-is-whole-and-its-own", test_a_copy_is_whole_and_its_own);
  return g_test_run ();
}
