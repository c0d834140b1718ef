/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sums over a deal and its commitment at the edges of their range, and what a breakdown counts.
 *
 * A price of 500,000,000,000.00 a month, 5 * 10^17 micros, comes to 6 * 10^18 in a year: one of it fits in 63
 * bits (9.2 * 10^18), two don't.
 */
#include "price-fixture.h"

#define CLF   ((DdCurrency){ "CLF" }) /* a minor unit of 0.0001 */
#define USD   ((DdCurrency){ "USD" })
#define CHF   ((DdCurrency){ "CHF" })
#define HALF  "500000000000"           /* of what a year may cost */
#define WHOLE "1000000000000"          /* more than a year may */
#define MOST  (G_MAXINT64 / 100 * 100) /* whole minor units of CLF */
#define PRIMES                                                                                               \
  {                                                                                                          \
    999999937, 999999929                                                                                     \
  } /* what rates are for, so that nothing is reduced */

static DdCharge *
yearly_line (Deal *deal, const char *id, const char *price)
{
  deal_line (deal, id, "1")->commitment = 12;
  return deal_charge (deal, "rental", price);
}

static void
values_of_lines (Deal *deal)
{
  yearly_line (deal, "1", HALF);
  yearly_line (deal, "2", HALF);
}

/* With 90% off, values are small. */
static void
lists_of_lines (Deal *deal)
{
  for (guint i = 0; i < 2; i++)
    {
      yearly_line (deal, i == 0 ? "1" : "2", HALF);
      deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("90"));
    }
}

static void
costs_of_lines (Deal *deal)
{
  for (guint i = 0; i < 2; i++)
    {
      yearly_line (deal, i == 0 ? "1" : "2", "1");
      deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros (HALF));
    }
}

/* Without commitment; but 365 days are a twelfth of it a month. */
static void
a_day_as_a_month (Deal *deal)
{
  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", HALF)->period = DD_PERIOD_DAY;
}

static DdCharge *
costed_once (Deal *deal, const char *price, guint year)
{
  DdCharge *charge;

  deal_line (deal, year == 1 ? "1" : "2", "1");
  charge = deal_charge (deal, "setup", price);
  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  charge->first_year = (guint8)year;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, 0);
  deal->answers->interest = 1;
  return charge;
}

/* 2.1 * 10^18 in 84ths, by a factor of 18 digits, is beyond 2^127. */
static void
a_present_value (Deal *deal)
{
  costed_once (deal, "2100000000000", 1);
}

/* 1.3 * 10^18 isn't, but twice. */
static void
present_values (Deal *deal)
{
  costed_once (deal, "1300000000000", 1);
  costed_once (deal, "1300000000000", 2);
}

static void
test_totals_that_leave_the_range_are_an_error (void)
{
  static void (*const builders[]) (Deal *) = {
    values_of_lines, lists_of_lines, costs_of_lines, a_day_as_a_month, a_present_value, present_values,
  };

  for (guint i = 0; i < G_N_ELEMENTS (builders); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      builders[i](deal);
      deal_refused (deal, DD_ERROR_OVERFLOW, "the deal's totals: ");
    }
}

static void
a_value (Deal *deal)
{
  yearly_line (deal, "1", WHOLE);
}

static void
a_list (Deal *deal)
{
  yearly_line (deal, "1", WHOLE);
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("90"));
}

static void
a_cost (Deal *deal)
{
  yearly_line (deal, "1", "1");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros (WHOLE));
}

static void
a_value_of_some_years (Deal *deal)
{
  deal_line (deal, "1", "1")->commitment = 24;
  charge_of_years (deal, "rental", WHOLE, 1, 1);
  charge_of_years (deal, "rental", "1", 2, 0);
}

static void
test_what_a_charge_comes_to_over_its_commitment_stays_in_range (void)
{
  static void (*const builders[]) (Deal *) = { a_value, a_list, a_cost, a_value_of_some_years };

  for (guint i = 0; i < G_N_ELEMENTS (builders); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      builders[i](deal);
      deal_refused (deal, DD_ERROR_OVERFLOW, "line \"1\", charge \"rental\": ");
    }
}

/* EUR 0.01 that costs EUR 9,000,000,000,000 is worse than any share can say: the worst that there is. */
static void
test_a_margin_beyond_its_range_is_the_worst (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "0.01");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("9000000000000"));
  sheet = deal_price (deal);
  g_assert_cmpint (figures_of (sheet)->margin, ==, -G_MAXINT64);
}

static void
share_of (Deal *deal, const char *percentage)
{
  DdCharge *charge;

  deal_line (deal, "1", "1");
  charge = deal_charge (deal, "care", "0");
  charge->mode = DD_TIER_SHARE;
  charge->price = percent (percentage);
}

static void
share_target (Deal *deal, guint number, DdCurrency currency, gint64 fee)
{
  g_autofree char *id = g_strdup_printf ("%u", number + 1);
  DdCharge *charge;

  deal_line (deal, id, "1");
  charge = deal_charge (deal, "rental", "0");
  charge->currency = currency;
  charge->fee = fee;
  deal_share (deal, 0, number);
}

/* 201 nets in the smallest units that there are, at the highest rate: 2^126 and more. */
static void
sum_of_targets (Deal *deal)
{
  share_of (deal, "1");
  for (guint i = 1; i <= 201; i++)
    share_target (deal, i, CLF, MOST);
  deal_exchange (deal, "CLF", "EUR", "1")->rate = G_MAXINT64;
}

/* Two fractions of which neither divisor has a factor in common with the other. */
static void
sum_of_currencies (Deal *deal)
{
  static const gint64 primes[] = PRIMES;

  share_of (deal, "1");
  for (guint i = 0; i < 2; i++)
    {
      DdRate *rate = deal_exchange (deal, i == 0 ? "USD" : "CHF", "EUR", "1");

      rate->rate = G_MAXINT64;
      rate->per = primes[i];
      share_target (deal, i + 1, i == 0 ? USD : CHF, MOST / 100 / 10000 * 10000);
    }
}

static void
fee_of_a_share (Deal *deal)
{
  static const gint64 primes[] = PRIMES;
  DdCharge *charge;
  DdRate *rate = deal_exchange (deal, "USD", "EUR", "1");

  rate->per = primes[0];
  share_of (deal, "1");
  charge = &g_array_index (deal->answers->charges, DdCharge, 0);
  charge->price = G_MAXINT64;
  charge->fee = 1;
  charge->source_currency = USD;
  share_target (deal, 1, EUR, MOST / 10000 * 10000);
}

/* Of all units the cost divides by what it is for; of all but one 10^-6 it doesn't. */
static void
cost_of_fewer_units (Deal *deal)
{
  DdCharge *charge;

  deal_exchange (deal, "USD", "EUR", "1")->rate = G_MAXINT64;
  deal_line (deal, "1", "1000000000");
  charge = deal_charge (deal, "care", "0");
  charge->per = micros ("1000000000");
  charge->free_units = 1;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, 899999999)->currency = USD;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("1"));
}

static void
test_fractions_that_leave_their_range_are_an_error (void)
{
  static void (*const builders[]) (Deal *) = {
    sum_of_targets,
    sum_of_currencies,
    fee_of_a_share,
    cost_of_fewer_units,
  };

  for (guint i = 0; i < G_N_ELEMENTS (builders); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      builders[i](deal);
      deal_refused (deal, DD_ERROR_OVERFLOW,
                    "line \"1\", charge \"care\": an exact fraction left the range of 126 bits");
    }
}

/* Two lines of one site come to 1.2 * 10^19, and what another site gives up takes half of it off: the deal's
 * own total is in range, but not the first site's. */
static void
test_a_part_may_leave_the_range_where_the_whole_does_not (void)
{
  static const char *const keys[] = { "Lyon", "Lyon", "Paris" };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (GArray) parts = NULL;

  values_of_lines (deal);
  deal_line (deal, "3", "1")->action = DD_ACTION_DELETE;
  g_array_index (deal->lines, DdPriceLine, 2).commitment = 12;
  deal_installed (deal, "rental", HALF);
  sheet = deal_price (deal);
  assert_amount (figures_of (sheet)->contract_value, "6000000000000.00");
  parts = dd_sheet_break_down (sheet, keys, &error);
  g_assert_null (parts);
  g_assert_error (error, DD_ERROR, DD_ERROR_OVERFLOW);
  g_assert_true (g_str_has_prefix (error->message, "the totals of \"Lyon\": "));
}

/* Of a breakdown the months are the first year's; usage rates and lines that aren't chosen count for nothing.
 */
static void
test_a_breakdown_counts_what_the_deal_does (void)
{
  static const char *const keys[] = { "Lyon", "Paris" };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (GArray) parts = NULL;
  const DdBreakdown *part;

  deal_line (deal, "1", "1")->commitment = 24;
  charge_of_years (deal, "rental", "5", 1, 1);
  charge_of_years (deal, "rental", "4", 2, 0);
  deal_rate (deal, "calls", 5 * DD_MICROS);
  deal_line (deal, "2", "1")->counted = FALSE;
  deal_charge (deal, "rental", "100");
  sheet = deal_price (deal);
  parts = dd_sheet_break_down (sheet, keys, NULL);
  g_assert_cmpuint (parts->len, ==, 1);
  part = &g_array_index (parts, DdBreakdown, 0);
  g_assert_cmpstr (part->key, ==, "Lyon");
  assert_amount (part->monthly, "5.00");
  assert_amount (part->contract_value, "108.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/totals/edge/of-a-deal", test_totals_that_leave_the_range_are_an_error);
  g_test_add_func ("/totals/edge/of-a-commitment",
                   test_what_a_charge_comes_to_over_its_commitment_stays_in_range);
  g_test_add_func ("/totals/edge/margin", test_a_margin_beyond_its_range_is_the_worst);
  g_test_add_func ("/totals/edge/fractions", test_fractions_that_leave_their_range_are_an_error);
  g_test_add_func ("/totals/edge/of-a-part", test_a_part_may_leave_the_range_where_the_whole_does_not);
  g_test_add_func ("/totals/breakdown", test_a_breakdown_counts_what_the_deal_does);
  return g_test_run ();
}
