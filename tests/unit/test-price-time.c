/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The time side of prices: the calendar, contract years, free months, what a term comes to, what it is worth
 * today, and the breakdown. Expected amounts were worked out by hand, or a day at a time.
 */
#include "price-fixture.h"
#include "number/day.h"
#include "price/period.h"

static const DdWorth *
worth_of (const DdSheet *sheet, guint charge)
{
  return &g_array_index (sheet->worths, DdWorth, charge);
}

static void
test_dates_are_those_of_the_gregorian_calendar (void)
{
  GDate date;

  g_assert_cmpint (dd_day_from_date (1970, 1, 1), ==, 0);
  g_assert_cmpint (dd_day_from_date (2000, 2, 29), ==, 11016);
  g_assert_cmpint (dd_day_from_date (1, 1, 1), ==, -719162);
  for (gint64 at = dd_day_from_date (1599, 12, 1); at < dd_day_from_date (2401, 3, 2); at++)
    {
      gint64 year;
      guint month;
      guint of_month;

      dd_day_to_date (at, &year, &month, &of_month);
      g_date_set_julian (&date, (guint32)(at + 719163));
      g_assert_cmpint (year, ==, g_date_get_year (&date));
      g_assert_cmpuint (month, ==, (guint)g_date_get_month (&date));
      g_assert_cmpuint (of_month, ==, g_date_get_day (&date));
      g_assert_cmpint (dd_day_from_date (year, month, of_month), ==, at);
    }
  for (gint64 at = -800000; at < 0; at += 997)
    {
      gint64 year;
      guint month;
      guint of_month;

      dd_day_to_date (at, &year, &month, &of_month);
      g_assert_cmpint (dd_day_from_date (year, month, of_month), ==, at);
    }
}

/* What one day is of the month that it is charged in: of the month in which that began, or of the start's. */
static gint64
parts_of_day (const GDate *start, const GDate *at, guint billing_day)
{
  GDate month = *at;
  guint length;

  if (g_date_get_day (at) < billing_day)
    g_date_subtract_months (&month, 1);
  g_date_set_day (&month, (GDateDay)billing_day);
  if (g_date_compare (&month, start) < 0)
    month = *start;
  length = g_date_get_days_in_month (g_date_get_month (&month), g_date_get_year (&month));
  g_assert_cmpint (DD_MONTH_PARTS % length, ==, 0);
  return DD_MONTH_PARTS / length;
}

static void
test_parts_are_the_sum_of_days (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      gint32 first = day ("2019-01-01") + g_test_rand_int_range (0, 4000);
      guint billing_day = 1 + (guint)g_test_rand_int_range (0, 28);
      guint months = (guint)g_test_rand_int_range (0, 40);
      DdCalendar calendar;
      GDate start;
      GDate end;
      gint64 parts = 0;

      dd_calendar_init (&calendar, first, billing_day);
      g_date_clear (&start, 1);
      g_date_clear (&end, 1);
      g_date_set_julian (&start, (guint32)(first + 719163));
      end = start;
      g_date_add_months (&end, months);
      for (GDate at = start; g_date_compare (&at, &end) < 0; g_date_add_days (&at, 1))
        parts += parts_of_day (&start, &at, billing_day);
      g_assert_cmpint (dd_calendar_parts (&calendar, DD_PERIOD_MONTH, months), ==, parts);
      g_assert_cmpint (dd_calendar_parts (&calendar, DD_PERIOD_YEAR, months), ==, parts);
      g_assert_cmpint (dd_calendar_parts (&calendar, DD_PERIOD_WEEK, months), ==,
                       g_date_days_between (&start, &end));
    }
}

static void
test_months_from_the_own_day_of_a_start_are_whole (void)
{
  static const char *const starts[] = { "2027-01-31", "2028-02-29", "2027-08-30", "2027-05-28" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      DdCalendar calendar;

      dd_calendar_init (&calendar, day (starts[i]), 0);
      for (guint months = 0; months < 60; months++)
        g_assert_cmpint (dd_calendar_parts (&calendar, DD_PERIOD_MONTH, months), ==, months * DD_MONTH_PARTS);
      g_assert_cmpint (dd_calendar_before (&calendar, DD_PERIOD_MONTH), ==, 0);
    }
}

typedef struct
{
  const char *start;
  guint billing_day;
  guint months;
  DdPeriod period;
  const char *price;
  guint free_months;
  const char *value;
} Term;

static void
test_a_term_is_the_sum_of_its_rounded_periods (void)
{
  static const Term terms[] = {
    /* 38.71 (12 of 31 days), 11 months, 61.29 (19 of 31) */
    { "2026-01-20", 1, 12, DD_PERIOD_MONTH, "100", 0, "1200.00" },
    /* the start is a billing day */
    { "2026-01-20", 20, 12, DD_PERIOD_MONTH, "100", 0, "1200.00" },
    { "2026-01-20", 0, 12, DD_PERIOD_MONTH, "33.33", 0, "399.96" },
    /* 5 April to 15 April over April's days, 33.33; 11 months; 15 March to 5 April over March's, 67.74 */
    { "2026-04-05", 15, 12, DD_PERIOD_MONTH, "100", 0, "1201.07" },
    /* leap year: 29 days of February; 2 of 29 first, 68.97 (20 of 29) never: 100, 6.90, 93.55 */
    { "2028-02-28", 1, 1, DD_PERIOD_MONTH, "100", 0, "94.00" },
    { "2027-02-28", 1, 1, DD_PERIOD_MONTH, "100", 0, "90.67" },
    /* 38.71, three quarters, two months and 19 of 31 days: 261.29 */
    { "2026-01-20", 1, 12, DD_PERIOD_QUARTER, "300", 0, "1200.00" },
    /* 7 months from the own day: two quarters and a third, 33.33 */
    { "2026-01-20", 0, 7, DD_PERIOD_QUARTER, "100", 0, "233.33" },
    /* a year and half of one */
    { "2026-01-01", 1, 18, DD_PERIOD_YEAR, "1000", 0, "1500.00" },
    /* 52 weeks and a day; 365 days; 366 of a leap year */
    { "2027-01-01", 1, 12, DD_PERIOD_WEEK, "70", 0, "3650.00" },
    { "2027-01-01", 1, 12, DD_PERIOD_DAY, "1", 0, "365.00" },
    { "2028-01-01", 1, 12, DD_PERIOD_DAY, "1", 0, "366.00" },
    /* from a leap day to the 28th: 365 days */
    { "2028-02-29", 0, 12, DD_PERIOD_DAY, "1", 0, "365.00" },
    /* until 20 February free: 9 of its 28 days, 32.14; March; 19 of 30 days of April, 63.33 */
    { "2026-01-20", 1, 3, DD_PERIOD_MONTH, "100", 1, "195.47" },
    { "2026-01-20", 0, 12, DD_PERIOD_MONTH, "100", 3, "900.00" },
    { "2026-01-20", 1, 3, DD_PERIOD_MONTH, "100", 3, "0.00" },
    { "2026-01-20", 1, 3, DD_PERIOD_MONTH, "100", 40, "0.00" },
    { "2026-01-20", 1, 0, DD_PERIOD_MONTH, "100", 0, "0.00" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      const Term *term = &terms[i];
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      DdCharge *charge;

      dated_line (deal, "1", term->start, term->billing_day, term->months);
      charge = deal_charge (deal, "rental", term->price);
      charge->period = (guint8)term->period;
      charge->free_months = (guint16)term->free_months;
      sheet = deal_price (deal);
      g_test_message ("term %u", i);
      assert_amount (worth_of (sheet, 0)->value, term->value);
      assert_amount (figures_of (sheet)->contract_value, term->value);
      assert_amount (figures_of (sheet)->contract_list, term->value);
    }
}

static void
test_free_months_without_a_start_are_whole_months (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *quarterly;

  deal_line (deal, "1", "1")->commitment = 12;
  deal_charge (deal, "rental", "100")->free_months = 2;
  quarterly = deal_charge (deal, "support", "100");
  quarterly->period = DD_PERIOD_QUARTER;
  quarterly->free_months = 2;
  sheet = deal_price (deal);
  assert_amount (worth_of (sheet, 0)->value, "1000.00");
  assert_amount (worth_of (sheet, 1)->value, "333.33");
}

static void
test_billing_days_that_some_months_lack_are_refused (void)
{
  g_autoptr (Deal) deal = deal_new ();

  dated_line (deal, "1", "2026-01-20", 31, 12);
  deal_charge (deal, "rental", "100");
  deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "line \"1\": billing day 31");
}

static void
test_a_period_that_years_divide_is_rounded_once (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  /* January 2027 is 19/31 of 100.01 and 12/31 of 120.03: 61.2964 and 46.4632, together 107.7597; 61.30 and
   * 46.46 would do too, so that here only the sum is certain. */
  dated_line (deal, "1", "2026-01-20", 1, 24);
  charge_of_years (deal, "rental", "100.01", 1, 1);
  charge_of_years (deal, "rental", "120.03", 2, 0);
  /* 10/31 of 0.05 is 0.0161, 21/31 of 0.02 is 0.0135: 0.02 and 0.01, but together 0.0297. */
  dated_line (deal, "2", "2026-01-11", 1, 24);
  charge_of_years (deal, "rental", "0.05", 1, 1);
  charge_of_years (deal, "rental", "0.02", 2, 0);
  sheet = deal_price (deal);
  /* 38.71, 1100.11, 107.76, 1320.33, 73.57 */
  assert_amount (worth_of (sheet, 0)->value + worth_of (sheet, 1)->value, "2640.48");
  /* 0.03 (21/31 of 0.05), 0.55, 0.03, 0.22, 0.01 (10/31 of 0.02) */
  assert_amount (worth_of (sheet, 2)->value + worth_of (sheet, 3)->value, "0.84");
  assert_amount (figures_of (sheet)->contract_value, "2641.32");
}

/* 1000 once, 100 a month, cost 1200 once; 1% a month. */
static void
test_present_value_and_payback (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 12;
  deal_charge (deal, "setup", "1000")->type = DD_CHARGE_ONE_TIME;
  g_array_index (deal->answers->charges, DdCharge, 0).period = DD_PERIOD_NONE;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("1200"));
  deal_charge (deal, "rental", "100");
  deal->answers->interest = percent ("12");
  sheet = deal_price (deal);
  /* 100 times (1 - 1.01^-12) / 0.01, less 200 */
  g_assert_cmpint (figures_of (sheet)->present_value, ==, 925507747);
  g_assert_cmpint (figures_of (sheet)->payback, ==, 2);
}

static void
test_present_value_counts_months_of_each_line (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *late;

  deal_line (deal, "1", "1")->commitment = 24;
  /* 300 a quarter from the fourth month to the end of the first year, and 1200 a year in the second */
  deal_charge (deal, "rental", "300")->period = DD_PERIOD_QUARTER;
  g_array_index (deal->answers->charges, DdCharge, 0).free_months = 3;
  g_array_index (deal->answers->charges, DdCharge, 0).last_year = 1;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("150"));
  charge_of_years (deal, "support", "1200", 2, 2)->period = DD_PERIOD_YEAR;
  late = charge_of_years (deal, "removal", "90", 2, 0);
  late->type = DD_CHARGE_ONE_TIME;
  late->period = DD_PERIOD_NONE;
  deal->answers->interest = percent ("12");
  sheet = deal_price (deal);
  /* 50 in months 4 to 12, 100 in 13 to 24, 90 in 12: worked out with 50 digits */
  g_assert_cmpint (figures_of (sheet)->present_value, ==, 1494406022);
  /* Nothing was spent before the first month. */
  g_assert_cmpint (figures_of (sheet)->payback, ==, 0);
}

static void
test_without_cost_or_interest_there_is_no_present_value (void)
{
  g_autoptr (Deal) uncosted = deal_new ();
  g_autoptr (Deal) costed = deal_new ();
  g_autoptr (DdSheet) without = NULL;
  g_autoptr (DdSheet) with = NULL;

  deal_line (uncosted, "1", "1")->commitment = 12;
  deal_charge (uncosted, "rental", "100");
  uncosted->answers->interest = percent ("12");
  without = deal_price (uncosted);
  g_assert_cmpint (figures_of (without)->present_value, ==, 0);
  g_assert_cmpint (figures_of (without)->payback, ==, -1);

  deal_line (costed, "1", "1")->commitment = 12;
  deal_charge (costed, "rental", "100");
  deal_rule (costed, DD_STAGE_BASE, DD_ADJUST_COST, micros ("60"));
  deal_line (costed, "2", "1")->commitment = 12;
  deal_charge (costed, "setup", "0")->type = DD_CHARGE_ONE_TIME;
  g_array_index (costed->answers->charges, DdCharge, 1).period = DD_PERIOD_NONE;
  deal_rule (costed, DD_STAGE_BASE, DD_ADJUST_COST, micros ("1000"));
  with = deal_price (costed);
  g_assert_cmpint (figures_of (with)->present_value, ==, 0);
  g_assert_cmpint (figures_of (with)->payback, ==, -1);
}

static void
test_an_interest_that_cannot_be_is_refused (void)
{
  const gint64 interests[] = { -1, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (interests); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      deal_line (deal, "1", "1");
      deal_charge (deal, "rental", "100");
      deal->answers->interest = interests[i];
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "interest");
    }
}

static void
test_a_breakdown_sums_by_key_and_currency (void)
{
  static const char *const keys[] = { "site 10", "site 2", "site 10", NULL, "site 2" };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) parts = NULL;
  const DdBreakdown *part;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i + 1);
      DdPriceLine *line = deal_line (deal, id, "1");

      line->commitment = 12;
      line->counted = i != 4;
      deal_charge (deal, "rental", "100");
      deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
      deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("60"));
    }
  deal_charge (deal, "setup", "9")->currency = (DdCurrency){ "USD" };
  g_array_index (deal->lines, DdPriceLine, 4).counted = TRUE;
  g_array_index (deal->answers->charges, DdCharge, 5).type = DD_CHARGE_ONE_TIME;
  g_array_index (deal->answers->charges, DdCharge, 5).period = DD_PERIOD_NONE;
  sheet = deal_price (deal);
  parts = dd_sheet_break_down (sheet, keys, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 4);
  part = &g_array_index (parts, DdBreakdown, 0);
  g_assert_cmpstr (part->key, ==, "");
  assert_amount (part->contract_value, "1080.00");
  part = &g_array_index (parts, DdBreakdown, 1);
  g_assert_cmpstr (part->key, ==, "site 2");
  g_assert_cmpstr (part->currency.code, ==, "EUR");
  assert_amount (part->monthly, "180.00");
  assert_amount (part->once, "0.00");
  part = &g_array_index (parts, DdBreakdown, 2);
  g_assert_cmpstr (part->currency.code, ==, "USD");
  assert_amount (part->once, "9.00");
  part = &g_array_index (parts, DdBreakdown, 3);
  g_assert_cmpstr (part->key, ==, "site 10");
  assert_amount (part->monthly, "180.00");
  assert_amount (part->contract_value, "2160.00");
  assert_amount (part->contract_list, "2400.00");
  assert_amount (part->cost, "1440.00");
}

static void
test_a_sheet_records_only_what_it_uses (void)
{
  static const char *const keys[] = {
    "contracts", "expiries", "interest",   "offerEnd", "presentValues",
    "rates",     "shares",   "totalYears", "terms",    "years",
  };
  g_autoptr (Deal) plain = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *text = NULL;

  dated_line (plain, "1", "2026-01-20", 1, 24);
  deal_charge (plain, "rental", "100");
  deal_rule (plain, DD_STAGE_BASE, DD_ADJUST_COST, micros ("60"));
  sheet = deal_price (plain);
  dd_sheet_write (sheet, writer);
  text = dd_json_writer_finish (writer, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *member = g_strdup_printf ("\"%s\":", keys[i]);

      g_assert_null (strstr (text, member));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price/time/calendar/dates", test_dates_are_those_of_the_gregorian_calendar);
  g_test_add_func ("/price/time/calendar/sum-of-days", test_parts_are_the_sum_of_days);
  g_test_add_func ("/price/time/calendar/own-day", test_months_from_the_own_day_of_a_start_are_whole);
  g_test_add_func ("/price/time/calendar/billing-day", test_billing_days_that_some_months_lack_are_refused);
  g_test_add_func ("/price/time/term/rounded-periods", test_a_term_is_the_sum_of_its_rounded_periods);
  g_test_add_func ("/price/time/term/no-start", test_free_months_without_a_start_are_whole_months);
  g_test_add_func ("/price/time/term/divided-period", test_a_period_that_years_divide_is_rounded_once);
  g_test_add_func ("/price/time/present-value/simple", test_present_value_and_payback);
  g_test_add_func ("/price/time/present-value/months", test_present_value_counts_months_of_each_line);
  g_test_add_func ("/price/time/present-value/none", test_without_cost_or_interest_there_is_no_present_value);
  g_test_add_func ("/price/time/present-value/refused", test_an_interest_that_cannot_be_is_refused);
  g_test_add_func ("/price/time/breakdown", test_a_breakdown_sums_by_key_and_currency);
  g_test_add_func ("/price/time/record", test_a_sheet_records_only_what_it_uses);
  return g_test_run ();
}
