/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How a deal-level discount or surcharge is divided: its last cents, its floors, its years, its edges.
 */
#include "price-fixture.h"

#define CLF ((DdCurrency){ "CLF" }) /* a minor unit of 0.0001 */

static DdCharge *
once (Deal *deal, const char *id, const char *price)
{
  DdCharge *charge = deal_charge (deal, id, price);

  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  return charge;
}

static void
spread_once (Deal *deal, const char *amount)
{
  DdSpread *spread = deal_spread (deal, DD_ADJUST_LINE_OFF, micros (amount));

  spread->type = DD_CHARGE_ONE_TIME;
  spread->period = DD_PERIOD_NONE;
}

/* Three equal nets and one cent: it is the first line's, by id as people count, wherever that line stands. */
static void
test_the_last_cent_is_the_first_lines_by_id (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "10", "1");
  deal_charge (deal, "rental", "1");
  deal_line (deal, "2", "1");
  deal_charge (deal, "rental", "1");
  deal_line (deal, "30", "1");
  deal_charge (deal, "rental", "1");
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("0.01"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "1.00");
  assert_amount (sheet_result (sheet, 1)->net, "0.99");
  assert_amount (sheet_result (sheet, 2)->net, "1.00");
}

static void
test_within_a_line_the_last_cent_is_the_first_charges_by_id (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1");
  deal_charge (deal, "support", "1");
  deal_charge (deal, "rental", "1");
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("0.01"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "1.00");
  assert_amount (sheet_result (sheet, 1)->net, "0.99");
}

/* EUR 1 off four of EUR 10, of which one is at its floor: 0.34, 0.33 and 0.33 off the others. */
static void
test_a_charge_at_its_floor_takes_no_last_cent (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const char *const nets[] = { "10.00", "9.66", "9.67", "9.67" };

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      static const char *const ids[] = { "1", "2", "3", "4" };

      deal_line (deal, ids[i], "1");
      deal_charge (deal, "rental", "10");
      if (i == 0)
        deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("10"));
    }
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("1"));
  sheet = deal_price (deal);
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    assert_amount (sheet_result (sheet, i)->net, nets[i]);
}

/* EUR 2400 off eight of EUR 10000. Each floor is only reached when the next line's has been: 300 each; line 8
 * takes nothing, so 342.86; line 7 takes its 320, so 346.67; line 6 its 345, so 347; line 5 its 346.80, so
 * 347.05; line 4 its 347.02, so 347.06; line 3 its 347.05, so 347.065; line 2 its 347.06; and line 1 the
 * rest, 347.07. A ninth line comes to nothing, and takes nothing. */
static void
test_floors_that_are_reached_one_by_one_settle (void)
{
  static const char *const floors[] = { "0",    "9652.94", "9652.95", "9652.98", "9653.20",
                                        "9655", "9680",    "10000",   "0" };
  static const char *const nets[] = { "9652.93", "9652.94", "9652.95",  "9652.98", "9653.20",
                                      "9655.00", "9680.00", "10000.00", "0.00" };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i + 1);

      deal_line (deal, id, "1");
      deal_charge (deal, "rental", i < 8 ? "10000" : "0");
      deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros (floors[i]));
    }
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("2400"));
  sheet = deal_price (deal);
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    assert_amount (sheet_result (sheet, i)->net, nets[i]);
}

/* One minor unit off 92,000,000,000,000,000 of them and one: it is the large charge's. Remainders are as
 * large as the sum of the nets here, beyond 2^56. */
static void
test_the_largest_nets_are_divided_exactly (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "0.0001")->currency = CLF;
  deal_line (deal, "2", "1");
  deal_charge (deal, "rental", "9200000000000")->currency = CLF;
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("0.0001"))->currency = CLF;
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "0.0001");
  assert_amount (sheet_result (sheet, 1)->net, "9199999999999.9999");
}

/* What surcharges add up to is kept too: all of the range was put on and taken off before the spread's. */
static void
test_surcharges_that_add_up_beyond_the_range_are_an_error (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "0");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_LINE_ON, G_MAXINT64);
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, DD_NANOS);
  deal_spread (deal, DD_ADJUST_LINE_ON, micros ("1"));
  deal_refused (deal, DD_ERROR_OVERFLOW, "deal-level alteration 1: line \"1\", charge \"rental\": ");
}

/* One-time charges of all years share one: a quarter of 200. */
static void
test_a_one_time_spread_is_divided_over_all_years_at_once (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 36;
  charge_of_years (deal, "rental", "5", 1, 1);
  charge_of_years (deal, "rental", "4", 2, 0);
  once (deal, "setup", "150")->first_year = 1;
  once (deal, "move", "50")->first_year = 3;
  spread_once (deal, "50");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 2)->net, "112.50");
  assert_amount (sheet_result (sheet, 3)->net, "37.50");
}

/* EUR 500 off 200: 300 is left over, and stands with the one-time total, which has no years. */
static void
test_what_a_one_time_spread_leaves_stands_with_its_total (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 36;
  charge_of_years (deal, "rental", "5", 1, 1);
  charge_of_years (deal, "rental", "4", 2, 0);
  once (deal, "setup", "200");
  spread_once (deal, "500");
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet_total (sheet, 0)->type, ==, DD_CHARGE_ONE_TIME);
  g_assert_cmpuint (sheet_total (sheet, 0)->first_year, ==, 0);
  assert_amount (sheet_total (sheet, 0)->net, "0.00");
  assert_amount (sheet_total (sheet, 0)->unspread, "300.00");
}

/* Nothing recurs in the first year: the discount is that of the years from the second on. By the quarter
 * nothing recurs at all, and all of that discount is left over. */
static void
test_a_year_without_charges_has_nothing_to_divide (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 36;
  charge_of_years (deal, "rental", "5", 2, 0);
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("1"));
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("7"))->period = DD_PERIOD_QUARTER;
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->totals->len, ==, 2);
  assert_amount (sheet_total (sheet, 0)->net, "4.00");
  assert_amount (sheet_total (sheet, 0)->unspread, "0.00");
  g_assert_cmpuint (sheet_total (sheet, 1)->period, ==, DD_PERIOD_QUARTER);
  assert_amount (sheet_total (sheet, 1)->unspread, "7.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spread/last-cent/by-line", test_the_last_cent_is_the_first_lines_by_id);
  g_test_add_func ("/spread/last-cent/by-charge",
                   test_within_a_line_the_last_cent_is_the_first_charges_by_id);
  g_test_add_func ("/spread/last-cent/not-at-its-floor", test_a_charge_at_its_floor_takes_no_last_cent);
  g_test_add_func ("/spread/floors-one-by-one", test_floors_that_are_reached_one_by_one_settle);
  g_test_add_func ("/spread/edge/largest-nets", test_the_largest_nets_are_divided_exactly);
  g_test_add_func ("/spread/edge/surcharges", test_surcharges_that_add_up_beyond_the_range_are_an_error);
  g_test_add_func ("/spread/years/one-time", test_a_one_time_spread_is_divided_over_all_years_at_once);
  g_test_add_func ("/spread/years/left-over", test_what_a_one_time_spread_leaves_stands_with_its_total);
  g_test_add_func ("/spread/years/nothing-charged", test_a_year_without_charges_has_nothing_to_divide);
  return g_test_run ();
}
