/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the customer has: which charge an installed net comes off, and what becomes of one that none matches.
 */
#include "price-fixture.h"

static DdInstalledNet *
last_installed (Deal *deal)
{
  return &g_array_index (deal->answers->installed, DdInstalledNet, deal->answers->installed->len - 1);
}

static Deal *
modified_new (void)
{
  Deal *deal = deal_new ();

  deal_line (deal, "1", "1")->action = DD_ACTION_MODIFY;
  return deal;
}

static void
assert_nets (Deal *deal, const char *first, const char *second)
{
  g_autoptr (DdSheet) sheet = deal_price (deal);

  g_assert_cmpuint (sheet->results->len, ==, 2);
  assert_amount (sheet_result (sheet, 0)->net, first);
  assert_amount (sheet_result (sheet, 1)->net, second);
}

/* Id, type, period and currency: what differs in one is another charge, whose net comes off by itself. */
static void
test_a_net_of_another_id_comes_off_by_itself (void)
{
  g_autoptr (Deal) deal = modified_new ();

  deal_charge (deal, "port", "10");
  deal_installed (deal, "port", "4");
  deal_installed (deal, "line", "3");
  assert_nets (deal, "6.00", "-3.00");
}

static void
test_a_net_of_another_type_comes_off_by_itself (void)
{
  g_autoptr (Deal) deal = modified_new ();
  DdCharge *charge = deal_charge (deal, "port", "10");

  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  deal_installed (deal, "port", "4");
  assert_nets (deal, "10.00", "-4.00");
}

static void
test_a_net_of_another_period_comes_off_by_itself (void)
{
  g_autoptr (Deal) deal = modified_new ();

  deal_charge (deal, "port", "60")->period = DD_PERIOD_YEAR;
  deal_installed (deal, "port", "5");
  assert_nets (deal, "60.00", "-5.00");
}

static void
test_a_net_of_another_currency_comes_off_by_itself (void)
{
  g_autoptr (Deal) deal = modified_new ();

  deal_charge (deal, "port", "7")->currency = (DdCurrency){ "USD" };
  deal_installed (deal, "port", "5");
  assert_nets (deal, "7.00", "-5.00");
}

static void
test_a_net_that_is_stated_twice_is_refused (void)
{
  g_autoptr (Deal) deal = modified_new ();

  deal_charge (deal, "port", "10");
  deal_installed (deal, "port", "4");
  deal_installed (deal, "port", "4");
  deal_refused (deal, DD_ERROR_INVALID_ARGUMENT,
                "line \"1\", charge \"port\": its installed net is stated twice");
}

/* A recurring charge needs its net; a one-time charge was paid, so that without one nothing comes off. */
static void
test_a_one_time_charge_needs_no_net (void)
{
  g_autoptr (Deal) deal = modified_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *charge = deal_charge (deal, "setup", "10");

  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "10.00");
  g_assert_cmpint (sheet_result (sheet, 0)->installed, ==, 0);
}

/* A usage rate isn't rounded to cents, and without volume there is nothing to take off. */
static void
test_the_net_of_a_usage_rate_takes_nothing_off (void)
{
  g_autoptr (Deal) deal = modified_new ();
  DdInstalledNet *installed;

  deal_rate (deal, "calls", 5 * DD_MICROS);
  deal_installed (deal, "calls", "0.000001");
  installed = last_installed (deal);
  installed->type = DD_CHARGE_USAGE;
  installed->period = DD_PERIOD_NONE;
  g_autoptr (DdSheet) sheet = deal_price (deal);

  g_assert_cmpuint (sheet->results->len, ==, 1);
  g_assert_cmpint (sheet_result (sheet, 0)->net, ==, 5 * DD_MICROS);
}

/* 10% of EUR -0.25 are two and a half cents, which round away from zero as those of a debt do. */
static void
test_the_tax_of_a_credit_is_a_credit_and_rounds_the_same_way (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->action = DD_ACTION_DELETE;
  deal_charge (deal, "port", "1");
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("10"));
  deal_installed (deal, "port", "0.25");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "-0.25");
  assert_amount (sheet_result (sheet, 0)->tax, "-0.03");
}

/* What ends before the offer does matters where something is sold: on a line that goes, or stays, nothing is.
 */
static void
test_only_what_is_sold_may_end_early (void)
{
  static const guint8 actions[] = { DD_ACTION_ADD, DD_ACTION_MODIFY, DD_ACTION_DELETE, DD_ACTION_NO_CHANGE };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      DdExpiry expiry = { .label = DD_NO_LABEL, .last = day ("2026-05-31") };

      deal_line (deal, "1", "1")->action = actions[i];
      deal_charge (deal, "port", "1");
      deal_installed (deal, "port", "1");
      g_array_append_val (deal->answers->expiries, expiry);
      deal->answers->offer_end = day ("2026-06-01");
      sheet = deal_price (deal);
      g_assert_cmpint (sheet_result (sheet, 0)->marks & DD_MARK_ENDS_EARLY, ==,
                       i < 2 ? DD_MARK_ENDS_EARLY : 0);
    }
}

/* On the day itself it still holds. */
static void
test_what_ends_with_the_offer_does_not_end_early (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdExpiry expiry = { .label = DD_NO_LABEL, .last = day ("2026-06-01") };

  deal_line (deal, "1", "1");
  deal_charge (deal, "port", "1");
  g_array_append_val (deal->answers->expiries, expiry);
  deal->answers->offer_end = day ("2026-06-01");
  sheet = deal_price (deal);
  g_assert_cmpint (sheet_result (sheet, 0)->marks & DD_MARK_ENDS_EARLY, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/installed/another-id", test_a_net_of_another_id_comes_off_by_itself);
  g_test_add_func ("/installed/another-type", test_a_net_of_another_type_comes_off_by_itself);
  g_test_add_func ("/installed/another-period", test_a_net_of_another_period_comes_off_by_itself);
  g_test_add_func ("/installed/another-currency", test_a_net_of_another_currency_comes_off_by_itself);
  g_test_add_func ("/installed/stated-twice", test_a_net_that_is_stated_twice_is_refused);
  g_test_add_func ("/installed/one-time", test_a_one_time_charge_needs_no_net);
  g_test_add_func ("/installed/usage", test_the_net_of_a_usage_rate_takes_nothing_off);
  g_test_add_func ("/installed/tax-of-a-credit",
                   test_the_tax_of_a_credit_is_a_credit_and_rounds_the_same_way);
  g_test_add_func ("/installed/ends-early", test_only_what_is_sold_may_end_early);
  g_test_add_func ("/installed/ends-with-the-offer", test_what_ends_with_the_offer_does_not_end_early);
  return g_test_run ();
}
