/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Charges cut into contract years: which belong together, what they share, and how many there may be.
 */
#include "price-fixture.h"

/* In class after class, one for each year up to this. */
#define N_CLASSES 101

static DdCharge *
once_in (Deal *deal, const char *id, const char *price, guint first_year, guint last_year)
{
  DdCharge *charge = charge_of_years (deal, id, price, first_year, last_year);

  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  return charge;
}

/* From 16 January, billed on the first: 16 of 31 days are EUR 0.52, eleven months EUR 11, and then January,
 * of which 15 days are at EUR 1.00 and 16 at EUR 1.01: 1.0052, rounded once. Eleven months at EUR 1.01 and 15
 * of 31 days, EUR 0.49, end it: 24.13 in either order. Rounded by itself, each part of that January would
 * make it 24.12. */
static void
test_years_answered_in_any_order_are_one_charge (void)
{
  for (guint order = 0; order < 2; order++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      dated_line (deal, "1", "2026-01-16", 1, 24);
      for (guint i = 0; i < 2; i++)
        if (i == order)
          charge_of_years (deal, "rental", "1.00", 1, 1);
        else
          charge_of_years (deal, "rental", "1.01", 2, 0);
      sheet = deal_price (deal);
      assert_amount (figures_of (sheet)->contract_value, "24.13");
    }
}

/* Two lines that start on one day and bill on others: February and March whole, or 15 of 28 days, a month,
 * and 16 of 31: 16.07, 30 and 15.48. */
static void
test_lines_of_one_start_have_a_billing_day_each (void)
{
  static const char *const values[] = { "60.00", "61.55" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      for (guint line = 0; line < 2; line++)
        {
          dated_line (deal, line == 0 ? "1" : "2", "2026-02-01", line == i ? 1 : 16, 2);
          deal_charge (deal, "rental", "30");
        }
      sheet = deal_price (deal);
      assert_amount (g_array_index (sheet->worths, DdWorth, 0).value, values[i]);
      assert_amount (g_array_index (sheet->worths, DdWorth, 1).value, values[1 - i]);
    }
}

/* One id in one year twice is a mistake; but not of another type, period or currency. */
static void
test_charges_of_one_id_that_differ_are_apart (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 24;
  charge_of_years (deal, "rental", "1", 1, 1);
  once_in (deal, "rental", "2", 1, 0);
  charge_of_years (deal, "rental", "3", 1, 0)->period = DD_PERIOD_YEAR;
  charge_of_years (deal, "rental", "4", 1, 0)->currency = (DdCurrency){ "USD" };
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->results->len, ==, 6);
}

/* It may say until when it could have been charged; before it begins it can't. */
static void
test_a_one_time_charge_is_charged_in_its_first_year (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (Deal) reversed = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->commitment = 12;
  once_in (deal, "setup", "5", 1, 3);
  sheet = deal_price (deal);
  assert_amount (figures_of (sheet)->contract_value, "5.00");
  deal_line (reversed, "1", "1");
  once_in (reversed, "setup", "5", 3, 2);
  deal_refused (reversed, DD_ERROR_INVALID_ARGUMENT,
                "line \"1\", charge \"setup\": its contract years end with 2, before they begin with 3");
}

/* A tenth of what is charged in its own year: of EUR 200, not of 100 or 300. */
static void
test_a_one_time_share_is_of_its_year (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *share;

  deal_line (deal, "1", "1")->commitment = 60;
  charge_of_years (deal, "rental", "100", 1, 1);
  charge_of_years (deal, "rental", "200", 2, 2);
  charge_of_years (deal, "rental", "300", 3, 0);
  share = once_in (deal, "care", "0", 2, 0);
  share->mode = DD_TIER_SHARE;
  share->price = percent ("10");
  for (guint32 target = 0; target < 3; target++)
    deal_share (deal, 3, target);
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 3)->net, "20.00");
}

/* All that it has comes after its commitment; but the line stays as it is, and has no price. */
static void
test_a_line_that_stays_may_have_nothing_in_its_commitment (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdPriceLine *line = deal_line (deal, "1", "1");

  line->action = DD_ACTION_NO_CHANGE;
  line->commitment = 12;
  charge_of_years (deal, "rental", "1", 2, 0);
  deal_line (deal, "2", "1");
  deal_charge (deal, "rental", "1");
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->results->len, ==, 1);
  g_assert_cmpuint (g_array_index (sheet->answers->charges, DdCharge, 0).line, ==, 1);
}

/* What is contracted or ends for a charge that isn't there stays so when charges are cut. */
static void
test_what_names_an_unknown_charge_is_refused_after_the_cut (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdExpiry expiry = { .charge = 1, .label = DD_NO_LABEL, .last = 20000 };

      deal_line (deal, "1", "1")->commitment = 24;
      charge_of_years (deal, "rental", "1", 1, 1);
      deal_contract (deal, "1");
      if (i == 0)
        g_array_index (deal->answers->contracts, DdContract, 0).charge = 1;
      else
        g_array_append_val (deal->answers->expiries, expiry);
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT,
                    i == 0 ? "contracted price 1: its charge isn't there" : "expiry 1 names charge");
    }
}

/* A rule of each year makes each a class. */
static void
divide_years (Deal *deal)
{
  for (guint year = 1; year <= N_CLASSES; year++)
    deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_LINE_ON, 0)->first_year = (guint8)year;
}

static void
test_too_many_charges_are_refused_before_they_are_copied (void)
{
  g_autoptr (Deal) deal = deal_new ();

  for (guint line = 0; line * 40 * N_CLASSES <= 1u << 21; line++)
    {
      g_autofree char *id = g_strdup_printf ("%u", line);

      deal_line (deal, id, "1");
      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *name = g_strdup_printf ("charge-%u", i);

          deal_charge (deal, name, "1");
        }
      if (line == 0)
        divide_years (deal);
    }
  deal_refused (deal, DD_ERROR_TOO_LARGE,
                "20800 charges in 101 classes of contract years are too many for one sheet");
}

static void
test_too_many_rules_are_refused_before_they_are_copied (void)
{
  g_autoptr (Deal) deal = deal_new ();
  DdAdjustment rule;
  guint n_rules = (1u << 24) / N_CLASSES + 1;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "1");
  divide_years (deal);
  rule = *deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_LINE_ON, 0);
  while (deal->answers->adjustments->len < n_rules)
    g_array_append_val (deal->answers->adjustments, rule);
  deal_refused (deal, DD_ERROR_TOO_LARGE,
                "166112 adjustments in 101 classes of contract years are too many for one sheet");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cut/any-order", test_years_answered_in_any_order_are_one_charge);
  g_test_add_func ("/cut/billing-days", test_lines_of_one_start_have_a_billing_day_each);
  g_test_add_func ("/cut/charges-apart", test_charges_of_one_id_that_differ_are_apart);
  g_test_add_func ("/cut/one-time", test_a_one_time_charge_is_charged_in_its_first_year);
  g_test_add_func ("/cut/one-time-share", test_a_one_time_share_is_of_its_year);
  g_test_add_func ("/cut/nothing-in-its-commitment",
                   test_a_line_that_stays_may_have_nothing_in_its_commitment);
  g_test_add_func ("/cut/unknown-charges", test_what_names_an_unknown_charge_is_refused_after_the_cut);
  g_test_add_func ("/cut/too-many-charges", test_too_many_charges_are_refused_before_they_are_copied);
  g_test_add_func ("/cut/too-many-rules", test_too_many_rules_are_refused_before_they_are_copied);
  return g_test_run ();
}
