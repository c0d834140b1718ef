/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The three discount measures, each against its own reference: the catalogue's price, the price contracted
 * with the customer, and what there was before anything was negotiated.
 */
#include "price-fixture.h"

static Deal *
deal_of_100 (void)
{
  Deal *deal = deal_new ();

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "100");
  return deal;
}

/* Of EUR 100 at list, EUR 80 are contracted; 10% off for the commitment, which is nobody's to give, and EUR
 * 12 negotiated leave EUR 60. A surcharge of EUR 5 in between raises what it is measured against. */
static void
test_each_discount_has_its_own_reference (void)
{
  g_autoptr (Deal) deal = deal_of_100 ();
  g_autoptr (DdSheet) sheet = NULL;
  const DdDealFigures *figures;

  deal_contract (deal, "80");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("12"));
  sheet = deal_price (deal);
  figures = &g_array_index (sheet->figures, DdDealFigures, 0);
  g_assert_cmpint (figures->discount_list, ==, 400000000);
  g_assert_cmpint (figures->discount_standing, ==, 250000000);
  g_assert_cmpint (figures->discount_discretionary, ==, 166666667);
}

static void
test_a_surcharge_raises_the_standing_reference (void)
{
  g_autoptr (Deal) deal = deal_of_100 ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_contract (deal, "80");
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_LINE_ON, micros ("20"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("10"));
  sheet = deal_price (deal);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_standing, ==, 100000000);
}

/* By arithmetic 1 the standing discount was the discretionary one: such a sheet still replays. */
static void
test_a_sheet_of_before_replays_as_it_was (void)
{
  g_autoptr (Deal) deal = deal_of_100 ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (DdSheet) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *record = NULL;
  g_autoptr (GString) earlier = NULL;

  deal_contract (deal, "80");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("12"));
  sheet = deal_price (deal);
  record = sheet_write (sheet);
  earlier = g_string_new (record);
  g_assert_cmpuint (g_string_replace (earlier, "\"arithmetic\":2", "\"arithmetic\":1", 1), ==, 1);
  again = deal_replay (deal, earlier->str, &error);
  g_assert_null (again);
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
  g_clear_error (&error);

  g_assert_cmpuint (g_string_replace (earlier, "250000000", "166666667", 1), ==, 1);
  again = deal_replay (deal, earlier->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->arithmetic, ==, 1);
}

/* Line 2 has EUR 50 off its EUR 200 a month and nothing off its fee of EUR 100: 1800 of 7,300 over three
 * years; line 1 nothing; line 3 isn't counted. */
static void
test_lines_are_measured_by_themselves (void)
{
  g_autoptr (Deal) deal = deal_of_100 ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (GArray) lines = NULL;
  DdPriceLine *line = deal_line (deal, "2", "1");
  const DdLineDiscounts *second;

  line->commitment = 36;
  deal_charge (deal, "fee", "100")->type = DD_CHARGE_ONE_TIME;
  g_array_index (deal->answers->charges, DdCharge, 1).period = DD_PERIOD_NONE;
  deal_charge (deal, "rental", "200");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_LINE_OFF, micros ("50"));
  deal_line (deal, "3", "1")->counted = FALSE;
  deal_charge (deal, "rental", "70");
  sheet = deal_price (deal);
  lines = dd_sheet_line_discounts (sheet);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpuint (g_array_index (lines, DdLineDiscounts, 0).line, ==, 0);
  g_assert_cmpint (g_array_index (lines, DdLineDiscounts, 0).discount_list, ==, 0);
  second = &g_array_index (lines, DdLineDiscounts, 1);
  g_assert_cmpuint (second->line, ==, 1);
  g_assert_cmpint (second->discount_list, ==, 246575342);
  g_assert_cmpint (second->discount_standing, ==, 246575342);
  g_assert_cmpint (second->discount_discretionary, ==, 246575342);
}

/* Of two currencies each has its own; a usage rate's discount is the worst of its line. */
static void
test_a_line_has_discounts_in_each_currency (void)
{
  g_autoptr (Deal) deal = deal_of_100 ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (GArray) lines = NULL;

  g_array_index (deal->answers->charges, DdCharge, 0).currency = (DdCurrency){ "USD" };
  deal_charge (deal, "access", "10");
  deal_rate (deal, "minutes", 2000);
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("30"));
  sheet = deal_price (deal);
  lines = dd_sheet_line_discounts (sheet);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (g_array_index (lines, DdLineDiscounts, 0).currency.code, ==, "USD");
  g_assert_cmpint (g_array_index (lines, DdLineDiscounts, 0).discount_list, ==, 0);
  g_assert_cmpstr (g_array_index (lines, DdLineDiscounts, 1).currency.code, ==, "EUR");
  g_assert_cmpint (g_array_index (lines, DdLineDiscounts, 1).discount_list, ==, 300000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/discounts/each-has-its-own-reference", test_each_discount_has_its_own_reference);
  g_test_add_func ("/discounts/a-surcharge-raises-the-standing-reference",
                   test_a_surcharge_raises_the_standing_reference);
  g_test_add_func ("/discounts/a-sheet-of-before-replays-as-it-was",
                   test_a_sheet_of_before_replays_as_it_was);
  g_test_add_func ("/discounts/lines-are-measured-by-themselves", test_lines_are_measured_by_themselves);
  g_test_add_func ("/discounts/a-line-has-discounts-in-each-currency",
                   test_a_line_has_discounts_in_each_currency);
  return g_test_run ();
}
