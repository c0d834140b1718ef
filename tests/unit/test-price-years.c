/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Contract years: how charges are cut by them, what each class of years comes to, and what ends early.
 */
#include "price-fixture.h"

static const DdCharge *
charge_at (const DdSheet *sheet, guint charge)
{
  g_assert_cmpuint (charge, <, sheet->answers->charges->len);
  return &g_array_index (sheet->answers->charges, DdCharge, charge);
}

static void
test_discounts_weigh_each_year_by_its_months (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 18;
  deal_charge (deal, "rental", "100");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("60"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("15"))->last_year = 1;
  sheet = deal_price (deal);
  /* 180 of 1800; cost 1080 of 1620 */
  g_assert_cmpint (figures_of (sheet)->discount_list, ==, DD_NANOS / 10);
  assert_amount (figures_of (sheet)->contract_value, "1620.00");
  assert_amount (figures_of (sheet)->cost, "1080.00");
  g_assert_cmpint (figures_of (sheet)->margin, ==, 333333333);
}

static void
test_charges_are_cut_where_any_years_begin (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 36;
  charge_of_years (deal, "rental", "100", 1, 1);
  charge_of_years (deal, "rental", "120", 2, 0);
  deal_line (deal, "2", "1")->commitment = 36;
  deal_charge (deal, "rental", "50");
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("10"))->last_year = 2;
  /* Committed for one year: it is in the first class only. */
  deal_line (deal, "3", "1")->commitment = 12;
  deal_charge (deal, "rental", "10");
  sheet = deal_price (deal);

  g_assert_cmpuint (sheet->answers->charges->len, ==, 7);
  assert_amount (sheet_result (sheet, 0)->net, "100.00");
  assert_amount (sheet_result (sheet, 1)->net, "120.00");
  assert_amount (sheet_result (sheet, 2)->net, "120.00");
  assert_amount (sheet_result (sheet, 3)->net, "45.00");
  assert_amount (sheet_result (sheet, 4)->net, "45.00");
  assert_amount (sheet_result (sheet, 5)->net, "50.00");
  assert_amount (sheet_result (sheet, 6)->net, "10.00");
  g_assert_cmpuint (charge_at (sheet, 4)->first_year, ==, 2);
  g_assert_cmpuint (charge_at (sheet, 4)->last_year, ==, 2);
  g_assert_cmpuint (charge_at (sheet, 5)->first_year, ==, 3);
  g_assert_cmpuint (charge_at (sheet, 5)->last_year, ==, 0);

  g_assert_cmpuint (sheet->totals->len, ==, 3);
  assert_amount (sheet_total (sheet, 0)->net, "155.00");
  assert_amount (sheet_total (sheet, 1)->net, "165.00");
  assert_amount (sheet_total (sheet, 2)->net, "170.00");
  g_assert_cmpuint (sheet_total (sheet, 2)->first_year, ==, 3);
  assert_amount (figures_of (sheet)->contract_value, "5880.00");
  assert_amount (figures_of (sheet)->monthly, "155.00");
}

static void
test_a_spread_is_divided_in_each_class_of_years (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 36;
  charge_of_years (deal, "rental", "100", 1, 1);
  charge_of_years (deal, "rental", "300", 2, 0);
  deal_line (deal, "2", "1")->commitment = 36;
  deal_charge (deal, "rental", "100");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("80"))->first_year = 2;
  deal_line (deal, "3", "1");
  deal_charge (deal, "setup", "500")->type = DD_CHARGE_ONE_TIME;
  g_array_index (deal->answers->charges, DdCharge, 3).period = DD_PERIOD_NONE;
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("100"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "50.00");
  assert_amount (sheet_result (sheet, 1)->net, "220.00");
  assert_amount (sheet_result (sheet, 2)->net, "50.00");
  assert_amount (sheet_result (sheet, 3)->net, "80.00");
  assert_amount (sheet_result (sheet, 4)->net, "500.00");
}

static void
test_what_one_class_cannot_take_is_unspread_there (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 24;
  deal_charge (deal, "rental", "100");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("80"))->first_year = 2;
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("50"));
  /* Nothing is charged by the quarter after the first year. */
  charge_of_years (deal, "support", "30", 1, 1)->period = DD_PERIOD_QUARTER;
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("10"))->period = DD_PERIOD_QUARTER;
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->totals->len, ==, 3);
  assert_amount (sheet_total (sheet, 0)->unspread, "0.00");
  assert_amount (sheet_total (sheet, 1)->unspread, "30.00");
  assert_amount (sheet_total (sheet, 2)->net, "20.00");
  assert_amount (sheet_total (sheet, 2)->unspread, "0.00");
}

static void
test_one_time_charges_belong_to_one_year_and_are_not_cut (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *setup;

  deal_line (deal, "1", "1")->commitment = 36;
  charge_of_years (deal, "rental", "100", 1, 2);
  setup = charge_of_years (deal, "setup", "500", 2, 0);
  setup->type = DD_CHARGE_ONE_TIME;
  setup->period = DD_PERIOD_NONE;
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("10"))->last_year = 1;
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, percent ("20"))->first_year = 2;
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->answers->charges->len, ==, 2);
  assert_amount (sheet_result (sheet, 1)->net, "400.00");
  assert_amount (figures_of (sheet)->contract_value, "2800.00");
}

static void
test_years_after_the_commitment_fall_away (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 24;
  charge_of_years (deal, "rental", "100", 1, 2);
  charge_of_years (deal, "rental", "120", 3, 0);
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("10"));
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->answers->charges->len, ==, 1);
  g_assert_cmpuint (sheet->answers->adjustments->len, ==, 0);
  g_assert_cmpuint (sheet_total (sheet, 0)->first_year, ==, 0);
  assert_amount (figures_of (sheet)->contract_value, "2400.00");
}

static void
test_a_line_whose_charges_all_come_too_late_is_refused (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "1")->commitment = 24;
  charge_of_years (deal, "rental", "100", 3, 0);
  deal_refused (deal, DD_ERROR_UNPRICED, "line \"1\": its charges all belong to contract years after");
}

static void
test_years_that_meet_or_end_before_they_begin_are_refused (void)
{
  g_autoptr (Deal) meeting = deal_new ();
  g_autoptr (Deal) reversed = deal_new ();
  g_autoptr (Deal) rule = deal_new ();
  g_autoptr (Deal) elsewhere = deal_new ();
  DdAdjustment *adjustment;

  deal_line (meeting, "1", "1");
  charge_of_years (meeting, "rental", "100", 1, 2);
  charge_of_years (meeting, "rental", "120", 2, 3);
  deal_refused (meeting, DD_ERROR_INVALID_ARGUMENT, "it is there twice in contract year 2");

  deal_line (reversed, "1", "1");
  charge_of_years (reversed, "rental", "100", 3, 2);
  deal_refused (reversed, DD_ERROR_INVALID_ARGUMENT, "end with 2, before they begin with 3");

  deal_line (rule, "1", "1");
  deal_charge (rule, "rental", "100");
  adjustment = deal_rule (rule, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("10"));
  adjustment->first_year = 5;
  adjustment->last_year = 4;
  deal_refused (rule, DD_ERROR_INVALID_ARGUMENT, "an adjustment's contract years end with 4");

  /* Cut by another line's years, these two would be one family. */
  deal_line (elsewhere, "1", "1");
  deal_charge (elsewhere, "rental", "100");
  deal_charge (elsewhere, "rental", "120");
  deal_line (elsewhere, "2", "1");
  charge_of_years (elsewhere, "rental", "100", 1, 1);
  deal_refused (elsewhere, DD_ERROR_INVALID_ARGUMENT, "it is there twice in contract year 1");
}

static void
test_installed_nets_come_off_in_every_year (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdPriceLine *line = deal_line (deal, "1", "1");

  line->commitment = 24;
  line->action = DD_ACTION_MODIFY;
  deal_installed (deal, "rental", "80");
  charge_of_years (deal, "rental", "100", 1, 1);
  charge_of_years (deal, "rental", "120", 2, 0);
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "20.00");
  assert_amount (sheet_result (sheet, 1)->net, "40.00");
  assert_amount (figures_of (sheet)->contract_value, "720.00");
}

static void
test_too_many_copies_are_refused (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "1");
  for (guint i = 0; i < 255; i++)
    charge_of_years (deal, "rental", "1", i + 1, i + 1);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("part-%u", i);

      deal_charge (deal, id, "1");
    }
  deal_refused (deal, DD_ERROR_TOO_LARGE, "classes of contract years are too many");
}

static void
test_what_ends_before_the_offer_is_marked (void)
{
  const gint32 last_days[] = { day ("2027-01-30"), day ("2027-01-31"), day ("2027-01-30") };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint32 i = 0; i < G_N_ELEMENTS (last_days); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i + 1);
      DdExpiry expiry = { .charge = i, .label = 0, .last = last_days[i] };

      deal_line (deal, id, "1")->commitment = 24;
      charge_of_years (deal, "rental", "100", 1, i == 2 ? 1 : 0);
      g_array_append_val (deal->answers->expiries, expiry);
    }
  deal->answers->offer_end = day ("2027-01-31");
  sheet = deal_price (deal);
  /* The third ended its years after the first, so that the others were cut in two. */
  g_assert_cmpuint (sheet->results->len, ==, 5);
  g_assert_cmpuint (sheet_result (sheet, 0)->marks, ==, DD_MARK_ENDS_EARLY);
  g_assert_cmpuint (sheet_result (sheet, 1)->marks, ==, DD_MARK_ENDS_EARLY);
  g_assert_cmpuint (sheet_result (sheet, 2)->marks, ==, 0);
  g_assert_cmpuint (sheet_result (sheet, 3)->marks, ==, 0);
  g_assert_cmpuint (sheet_result (sheet, 4)->marks, ==, DD_MARK_ENDS_EARLY);
}

static void
test_an_offer_without_end_and_an_unknown_charge (void)
{
  DdExpiry expiry = { .charge = 0, .last = -5 };
  DdExpiry unknown = { .charge = 7, .last = -5 };
  g_autoptr (Deal) open = deal_new ();
  g_autoptr (Deal) wrong = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (open, "1", "1");
  deal_charge (open, "rental", "100");
  g_array_append_val (open->answers->expiries, expiry);
  sheet = deal_price (open);
  g_assert_cmpuint (sheet_result (sheet, 0)->marks, ==, 0);

  deal_line (wrong, "1", "1");
  deal_charge (wrong, "rental", "100");
  g_array_append_val (wrong->answers->expiries, unknown);
  deal_refused (wrong, DD_ERROR_INVALID_ARGUMENT, "names charge 7");
}

/* 10% of a rental that rises and of what is paid once; and, once in the second year, 10% of the rental. */
static void
test_shares_are_taken_of_the_same_year (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *once;
  DdCharge *charges;

  deal_line (deal, "1", "1")->commitment = 36;
  deal_charge (deal, "care", "0");
  deal_charge (deal, "setup", "1000");
  charge_of_years (deal, "rental", "100", 1, 1);
  charge_of_years (deal, "rental", "200", 2, 0);
  once = charge_of_years (deal, "closing", "0", 2, 0);
  once->type = DD_CHARGE_ONE_TIME;
  once->period = DD_PERIOD_NONE;
  charges = (DdCharge *)(gpointer)deal->answers->charges->data;
  charges[1].type = DD_CHARGE_ONE_TIME;
  charges[1].period = DD_PERIOD_NONE;
  charges[0].mode = charges[4].mode = DD_TIER_SHARE;
  charges[0].price = charges[4].price = DD_NANOS / 10;
  deal_share (deal, 0, 1);
  deal_share (deal, 0, 2);
  deal_share (deal, 0, 3);
  deal_share (deal, 4, 2);
  deal_share (deal, 4, 3);
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "110.00");
  assert_amount (sheet_result (sheet, 1)->net, "120.00");
  assert_amount (sheet_result (sheet, 5)->net, "20.00");
}

static void
test_contracted_prices_hold_in_every_year (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 24;
  deal_charge (deal, "rental", "100");
  deal_contract (deal, "70");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"))->first_year = 2;
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "70.00");
  assert_amount (sheet_result (sheet, 1)->net, "63.00");
  assert_amount (sheet_result (sheet, 1)->list, "100.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price/years/cut", test_charges_are_cut_where_any_years_begin);
  g_test_add_func ("/price/years/spread", test_a_spread_is_divided_in_each_class_of_years);
  g_test_add_func ("/price/years/unspread", test_what_one_class_cannot_take_is_unspread_there);
  g_test_add_func ("/price/years/one-time", test_one_time_charges_belong_to_one_year_and_are_not_cut);
  g_test_add_func ("/price/years/beyond", test_years_after_the_commitment_fall_away);
  g_test_add_func ("/price/years/too-late", test_a_line_whose_charges_all_come_too_late_is_refused);
  g_test_add_func ("/price/years/refused", test_years_that_meet_or_end_before_they_begin_are_refused);
  g_test_add_func ("/price/years/installed", test_installed_nets_come_off_in_every_year);
  g_test_add_func ("/price/years/too-many", test_too_many_copies_are_refused);
  g_test_add_func ("/price/years/expiry/marked", test_what_ends_before_the_offer_is_marked);
  g_test_add_func ("/price/years/expiry/refused", test_an_offer_without_end_and_an_unknown_charge);
  g_test_add_func ("/price/years/weights", test_discounts_weigh_each_year_by_its_months);
  g_test_add_func ("/price/years/shares", test_shares_are_taken_of_the_same_year);
  g_test_add_func ("/price/years/contracts", test_contracted_prices_hold_in_every_year);
  return g_test_run ();
}
