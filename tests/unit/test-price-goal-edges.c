/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Goals where other rules round, add, tax or refuse on the way.
 */
#include "goal-fixture.h"

static void
assert_found (const DdGoalResult *result, DdGoalOutcome outcome, const char *discount, const char *reached)
{
  g_autofree char *text = dd_percent_format (result->discount);

  g_assert_cmpint (result->outcome, ==, outcome);
  g_assert_cmpstr (text, ==, discount);
  assert_amount (result->reached, reached);
}

/* A month's charge of a line of one month. */
static DdCharge *
add_month (Deal *deal, const char *id, const char *quantity, const char *price)
{
  deal_line (deal, id, quantity)->commitment = 1;
  return deal_charge (deal, "rental", price);
}

/* A surcharge of EUR 10 on the deal and the tax come after it: 50.00 and 10 are 60, and 50.0049 still rounds
 * to 50.00. */
static void
test_what_is_spread_and_taxed_after_it_stays (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_month (deal, "1", "1", "100");
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("20"));
  deal_spread (deal, DD_ADJUST_LINE_ON, micros ("10"));
  result = find (deal, DD_GOAL_TOTAL, micros ("60"));
  assert_found (result, DD_GOAL_REACHED, "49.9951%", "60.00");
}

/* Three units at 33.333333 are 99.999999, which the discount comes off before they are rounded to 100.00.
 * With 59.995 it still is at its floor of 60.00: 60.005 and more would be above. */
static void
test_it_comes_off_what_is_not_rounded_yet (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_month (deal, "1", "3", "33.333333");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("20"));
  result = find (deal, DD_GOAL_TOTAL, micros ("10"));
  assert_found (result, DD_GOAL_AT_FLOORS, "39.995%", "60.00");
}

/* Of EUR 10000 a step of the discount is a cent, so that only all of it brings nothing; no floor stopped it.
 */
static void
test_all_of_a_price_may_be_given (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;

  add_month (deal, "1", "1", "10000");
  result = find (deal, DD_GOAL_TOTAL, 0);
  assert_found (result, DD_GOAL_REACHED, "100%", "0.00");
  g_assert_cmpuint (result->stops->len, ==, 0);
}

/* A share of all of a charge gives EUR 50 back from 40 on. Below 50 that would be more than it comes to, and
 * is refused; below 40 it doesn't hold any more. At its floor of 20 the charge and its share come to 40:
 * nothing that has a price comes nearer to nothing, though much that has none lies before it. */
static void
test_what_comes_nearest_may_lie_behind_what_is_refused (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdGoalResult) result = NULL;
  DdCharge *share;

  add_month (deal, "1", "1", "100");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("20"));
  share = add_month (deal, "2", "1", "0");
  share->mode = DD_TIER_SHARE;
  share->price = percent ("100");
  deal_share (deal, 1, 0);
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_LINE_OFF, micros ("50"))->threshold = micros ("40");
  result = find (deal, DD_GOAL_TOTAL, 0);
  g_assert_cmpint (result->outcome, ==, DD_GOAL_AT_FLOORS);
  assert_amount (result->reached, "40.00");
  assert_amount (net_at (result, 0), "20.00");
  assert_amount (net_at (result, 1), "20.00");
}

static void
test_no_result_may_be_freed (void)
{
  g_autoptr (DdGoalResult) result = NULL;

  dd_goal_result_free (result);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/goal/edges/spread-and-tax", test_what_is_spread_and_taxed_after_it_stays);
  g_test_add_func ("/goal/edges/not-rounded-yet", test_it_comes_off_what_is_not_rounded_yet);
  g_test_add_func ("/goal/edges/all-of-a-price", test_all_of_a_price_may_be_given);
  g_test_add_func ("/goal/edges/behind-what-is-refused",
                   test_what_comes_nearest_may_lie_behind_what_is_refused);
  g_test_add_func ("/goal/edges/no-result", test_no_result_may_be_freed);
  return g_test_run ();
}
