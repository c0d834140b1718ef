/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rules that apply from an amount on: what counts is the value that their group opens at.
 */
#include "price-fixture.h"

static DdAdjustment *
discounted_line (Deal *deal, const char *price, const char *threshold)
{
  DdAdjustment *rule;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", price);
  rule = deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, percent ("10"));
  rule->threshold = micros (threshold);
  return rule;
}

static void
test_applies_from_its_threshold_on (void)
{
  g_autoptr (Deal) below = deal_new ();
  g_autoptr (Deal) at = deal_new ();

  discounted_line (below, "99.99", "100");
  assert_net (below, "99.99");
  discounted_line (at, "100", "100");
  assert_net (at, "90.00");
}

static void
test_the_group_opens_it_not_the_rule_before (void)
{
  g_autoptr (Deal) deal = deal_new ();
  DdAdjustment *rule;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "100");
  deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_COMPOUND, DD_ADJUST_PERCENT_OFF, percent ("50"));
  rule = deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_COMPOUND, DD_ADJUST_PERCENT_OFF, percent ("10"));
  rule->priority = 1;
  rule->threshold = micros ("60");
  assert_net (deal, "45.00");
}

static void
test_an_override_needs_it_too (void)
{
  g_autoptr (Deal) deal = deal_new ();
  DdAdjustment *rule;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "100");
  deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_ADD, DD_ADJUST_UNIT_OVERRIDE, micros ("90"));
  rule = deal_grouped (deal, DD_STAGE_COMMITMENT, DD_GROUP_ADD, DD_ADJUST_UNIT_OVERRIDE, micros ("80"));
  rule->threshold = micros ("100.01");
  assert_net (deal, "90.00");
}

static void
test_a_record_keeps_it (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (DdSheet) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  discounted_line (deal, "50", "100");
  sheet = deal_price (deal);
  text = sheet_write (sheet);
  again = deal_replay (deal, text, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "\"thresholds\":[0,\"100000000\"]"));
  g_assert_cmpint (g_array_index (again->results, DdChargeResult, 0).net, ==, micros ("50"));
}

static void
test_none_is_negative (void)
{
  g_autoptr (Deal) deal = deal_new ();

  discounted_line (deal, "50", "0")->threshold = -1;
  deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "threshold is negative");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/threshold/applies-from-it-on", test_applies_from_its_threshold_on);
  g_test_add_func ("/threshold/the-group-opens-it", test_the_group_opens_it_not_the_rule_before);
  g_test_add_func ("/threshold/an-override-needs-it-too", test_an_override_needs_it_too);
  g_test_add_func ("/threshold/a-record-keeps-it", test_a_record_keeps_it);
  g_test_add_func ("/threshold/none-is-negative", test_none_is_negative);
  return g_test_run ();
}
