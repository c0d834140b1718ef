/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Amounts that aren't plain: in another currency, for another quantity than one unit, or contracted.
 */
#include "price-fixture.h"

#define USD ((DdCurrency){ "USD" })

static DdCharge *
one_line (Deal *deal, const char *quantity, const char *price)
{
  deal_line (deal, "1", quantity);
  return deal_charge (deal, "rental", price);
}

static DdAdjustment *
dollar_rule (Deal *deal, DdStage stage, DdAdjustKind kind, const char *amount)
{
  DdAdjustment *rule = deal_rule (deal, stage, kind, micros (amount));

  rule->currency = USD;
  return rule;
}

/* The list is within half a micro of the exact product: nothing was rounded before. */
static void
test_conversion_rounds_once (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      gint64 price = g_test_rand_int_range (0, 2000000);
      gint64 quantity = g_test_rand_int_range (1, G_MAXINT32);
      DdRate *rate = deal_exchange (deal, "USD", "EUR", "1");
      DdWide divisor;
      DdWide error;

      rate->rate = g_test_rand_int_range (1, G_MAXINT32);
      rate->per = g_test_rand_int_range (1, 1000);
      deal_line (deal, "1", "1")->quantity = quantity;
      deal_charge (deal, "rental", "0")->price = price;
      g_array_index (deal->answers->charges, DdCharge, 0).source_currency = USD;
      divisor = (DdWide)DD_MICROS * DD_NANOS * rate->per;
      error = (DdWide)price * quantity * rate->rate;
      sheet = deal_price (deal);
      error -= sheet_result (sheet, 0)->list * divisor;
      g_assert_true (2 * error <= divisor && 2 * error >= -divisor);
    }
}

static void
test_fees_and_limits_convert_too (void)
{
  static const char *const cases[][2] = { { "10", "15.00" }, { "1", "9.00" }, { "100", "60.00" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *charge = one_line (deal, cases[i][0], "2");

      charge->source_currency = USD;
      charge->fee = micros ("10");
      charge->minimum = micros ("18");
      charge->maximum = micros ("120");
      deal_exchange (deal, "USD", "EUR", "0.5");
      assert_net (deal, cases[i][1]);
    }
}

static void
test_rules_convert_on_their_extended_amount (void)
{
  static const struct
  {
    DdAdjustKind kind;
    const char *net;
  } cases[] = {
    { DD_ADJUST_UNIT_OFF, "98.67" }, { DD_ADJUST_UNIT_ON, "101.33" },     { DD_ADJUST_LINE_OFF, "99.67" },
    { DD_ADJUST_LINE_ON, "100.33" }, { DD_ADJUST_UNIT_OVERRIDE, "1.33" },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdAdjustment *rule;

      one_line (deal, "4", "25");
      deal_exchange (deal, "USD", "EUR", "1")->per = 3;
      rule = dollar_rule (deal, DD_STAGE_LOCATION, cases[i / 2].kind, "1");
      if (i % 2 == 1)
        {
          rule->group = dd_answers_label (deal->answers, "group");
          rule->mode = DD_GROUP_ADD;
          deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_PERCENT_ON, 0);
        }
      assert_net (deal, cases[i / 2].net);
    }
}

/* Three thirds of a micro are a micro, though each alone is none. */
static void
test_a_group_adds_converted_amounts_exactly (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "10");
  deal_exchange (deal, "USD", "EUR", "1")->per = 3;
  for (guint i = 0; i < 3; i++)
    deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_LINE_OFF, 1)->currency = USD;
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_PERCENT_OFF, percent ("50"));
  sheet = deal_price (deal);
  assert_amount (sheet_step (sheet, 0, 3)->after, "9.999999");
  assert_amount (sheet_step (sheet, 0, 4)->after, "4.999999");
}

static void
test_the_best_rule_is_found_across_currencies (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdAdjustKind kind = i == 0 ? DD_ADJUST_LINE_OFF : DD_ADJUST_UNIT_OVERRIDE;

      one_line (deal, "1", "100");
      deal_exchange (deal, "USD", "EUR", "0.5");
      deal_grouped (deal, DD_STAGE_PROMOTION, DD_GROUP_BEST, kind, micros ("7"));
      deal_grouped (deal, DD_STAGE_PROMOTION, DD_GROUP_BEST, kind, micros ("12"))->currency = USD;
      deal_grouped (deal, DD_STAGE_PROMOTION, DD_GROUP_BEST, kind, micros ("20"));
      assert_net (deal, i == 0 ? "80.00" : "6.00");
    }
}

static void
test_costs_and_floors_convert (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "3", "0");
  deal_exchange (deal, "USD", "EUR", "0.333333333");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("10"));
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("9"));
  dollar_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, "3");
  deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("6"));
  dollar_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, "20");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->cost, "30.00");
  assert_amount (sheet_result (sheet, 0)->net, "33.00");
  /* 19.99999998, up to the minor unit. */
  assert_amount (sheet_result (sheet, 0)->floor, "20.00");
}

static void
test_a_missing_rate_is_named (void)
{
  g_autoptr (Deal) source = deal_new ();
  g_autoptr (Deal) rule = deal_new ();
  g_autoptr (Deal) inverse = deal_new ();
  g_autoptr (Deal) unknown = deal_new ();

  one_line (source, "1", "1")->source_currency = USD;
  deal_refused (source, DD_ERROR_UNPRICED,
                "line \"1\", charge \"rental\": its price is from a source in "
                "another currency, and there is no rate from USD to EUR");
  one_line (rule, "1", "1");
  dollar_rule (rule, DD_STAGE_GUARD, DD_ADJUST_FLOOR, "1");
  deal_refused (rule, DD_ERROR_UNPRICED, "no rate from USD to EUR");
  one_line (inverse, "1", "1")->source_currency = USD;
  deal_exchange (inverse, "EUR", "USD", "1");
  deal_refused (inverse, DD_ERROR_UNPRICED, "no rate from USD to EUR");
  one_line (unknown, "1", "1")->source_currency = (DdCurrency){ "ZZZ" };
  deal_exchange (unknown, "USD", "EUR", "1");
  deal_refused (unknown, DD_ERROR_INVALID_ARGUMENT, "ISO 4217");

  g_autoptr (Deal) target = deal_new ();

  one_line (target, "1", "1");
  deal_exchange (target, "USD", "ZZZ", "1");
  deal_refused (target, DD_ERROR_INVALID_ARGUMENT, "exchange rate 1: its currencies aren't of ISO 4217");
}

static void
test_impossible_rates_are_refused (void)
{
  static const struct
  {
    const char *from, *rate;
    gint64 per;
    const char *fragment;
  } cases[] = {
    { "USD", "0", 1, "from USD to EUR: it isn't positive" },
    { "USD", "-1", 1, "it isn't positive" },
    { "USD", "1", 0, "the amount that it is for" },
    { "USD", "1", DD_NANOS + 1, "the amount that it is for" },
    { "EUR", "1", 1, "of a currency to itself" },
    { "ZZZ", "1", 1, "exchange rate 2: its currencies aren't of ISO 4217" },
    { "CHF", "1", 1, "from CHF to EUR is stated twice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      one_line (deal, "1", "1");
      deal_exchange (deal, "CHF", "EUR", "1");
      deal_exchange (deal, cases[i].from, "EUR", cases[i].rate)->per = cases[i].per;
      deal_exchange (deal, "EUR", "CHF", "1");
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, cases[i].fragment);
    }
}

/* Bounds, free units and packages stay in the line's units. */
static void
test_a_price_may_be_for_many_units (void)
{
  static const struct
  {
    DdTierMode mode;
    const char *net;
  } cases[] = {
    { DD_TIER_FLAT, "25.00" }, { DD_TIER_VOLUME, "20.50" },  { DD_TIER_GRADUATED, "22.50" },
    { DD_TIER_BLOCK, "8.50" }, { DD_TIER_PACKAGE, "50.50" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *charge = one_line (deal, "3000", "10");

      charge->per = micros ("1000");
      charge->free_units = micros ("500");
      charge->mode = (guint8)cases[i].mode;
      charge->package_size = micros ("600");
      if (cases[i].mode != DD_TIER_FLAT && cases[i].mode != DD_TIER_PACKAGE)
        {
          deal_tier (deal, cases[i].mode, "0", "1000", "10", "0");
          deal_tier (deal, cases[i].mode, "1001", NULL, "8", "0.50");
        }
      else if (cases[i].mode == DD_TIER_PACKAGE)
        charge->fee = micros ("0.50");
      deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros ("4"));
      deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_COST, micros ("2"));

      g_autoptr (DdSheet) sheet = deal_price (deal);

      assert_amount (sheet_result (sheet, 0)->net, cases[i].net);
      assert_amount (sheet_result (sheet, 0)->floor, "10.00");
      assert_amount (sheet_result (sheet, 0)->cost, "6.00");
    }
}

/* 4 a million calls is 0.000004 a call: nothing of it is lost in nanos. */
static void
test_a_usage_rate_runs_for_the_quantity_of_its_price (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *charge;

  deal_line (deal, "1", "1");
  charge = deal_rate (deal, "calls", 4 * DD_NANOS + 1);
  charge->per = micros ("1000000");
  charge->source_currency = USD;
  deal_exchange (deal, "USD", "EUR", "0.5");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, DD_NANOS);
  sheet = deal_price (deal);
  g_assert_cmpint (sheet_result (sheet, 0)->list, ==, 2 * DD_NANOS + 1);
  g_assert_cmpint (sheet_result (sheet, 0)->net, ==, DD_NANOS + 1);
}

static void
test_impossible_quantities_of_a_price_are_refused (void)
{
  static const gint64 impossible[] = { -1, G_MININT64, DD_NANOS * DD_MICROS + 1, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (impossible); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      one_line (deal, "1", "1")->per = impossible[i];
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "the quantity that its price is for");
    }
}

static void
test_impossible_terms_are_refused (void)
{
  for (guint i = 0; i < 4; i++)
    {
      static const char *const fragments[] = { "more than 1200", "only a recurring charge", "its aggregate",
                                               "can't reach tiers together" };
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *charge = one_line (deal, "1", "1");

      if (i == 0)
        charge->free_months = 1201;
      else if (i == 1)
        {
          charge->type = DD_CHARGE_ONE_TIME;
          charge->period = DD_PERIOD_NONE;
          charge->free_months = 1;
        }
      else if (i == 2)
        charge->aggregate = 1000;
      else
        {
          charge->type = DD_CHARGE_USAGE;
          charge->period = DD_PERIOD_NONE;
          charge->aggregate = 1;
        }
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, fragments[i]);
    }
}

/* With its own tiers, fee, free units and minimum; rules after it count the units that it leaves. */
static void
test_a_contract_replaces_the_whole_charge (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *charge = one_line (deal, "12", "10");
  DdCharge *contracted;
  const DdTier tiers[] = { { .from = 0, .bound = micros ("5"), .price = micros ("4") },
                           { .from = micros ("5"), .bound = G_MAXINT64, .price = micros ("3") } };

  charge->minimum = micros ("1000");
  charge->fee = micros ("7");
  contracted = deal_contract (deal, "0");
  contracted->mode = DD_TIER_GRADUATED;
  contracted->n_tiers = 2;
  contracted->free_units = micros ("2");
  contracted->fee = micros ("1");
  contracted->minimum = micros ("50");
  g_array_append_vals (deal->answers->tiers, tiers, 2);
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, micros ("1"));
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "1000.00");
  assert_amount (sheet_step (sheet, 0, 2)->after, "36.00");
  g_assert_cmpuint (sheet_step (sheet, 0, 2)->kind, ==, DD_STEP_CONTRACT);
  g_assert_cmpuint (sheet_step (sheet, 0, 3)->kind, ==, DD_STEP_MINIMUM);
  assert_amount (sheet_result (sheet, 0)->standing, "40.00");
  assert_amount (sheet_result (sheet, 0)->net, "36.00");
  assert_amount (sheet_result (sheet, 0)->surcharge, "0.00");
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_list, ==, 964000000);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_standing, ==, 280000000);
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_discretionary, ==, 100000000);
}

static void
test_a_contract_has_a_currency_and_quantity_of_its_own (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *contracted;

  one_line (deal, "250", "3");
  contracted = deal_contract (deal, "100");
  contracted->per = micros ("50");
  contracted->source_currency = USD;
  contracted->maximum = micros ("480");
  deal_exchange (deal, "USD", "EUR", "0.9");
  sheet = deal_price (deal);
  assert_amount (sheet_step (sheet, 0, 1)->after, "450.00");
  assert_amount (sheet_result (sheet, 0)->net, "432.00");
}

/* Else what is dear by contract would hide what is given elsewhere. */
static void
test_a_contract_above_the_list_raises_the_reference (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "100");
  deal_contract (deal, "150");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->surcharge, "50.00");
  g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_list, ==, 100000000);
}

static void
test_what_replaces_a_missing_list_price_is_the_list (void)
{
  for (guint contracted = 0; contracted < 2; contracted++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      one_line (deal, "2", "0");
      if (contracted)
        deal_contract (deal, "125");
      else
        deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("25"));
      deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("100"));
      deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
      sheet = deal_price (deal);
      assert_amount (sheet_result (sheet, 0)->list, "250.00");
      assert_amount (sheet_result (sheet, 0)->surcharge, "0.00");
      assert_amount (sheet_result (sheet, 0)->net, "225.00");
      g_assert_cmpint (g_array_index (sheet->figures, DdDealFigures, 0).discount_list, ==, 100000000);
    }
}

/* A fee, a minimum or a tier is a price. */
static void
test_any_price_in_the_catalogue_stays_the_list (void)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      DdCharge *charge = one_line (deal, "1", i == 0 ? "7" : "0");

      if (i == 1)
        charge->fee = micros ("7");
      else if (i == 2)
        charge->minimum = micros ("7");
      else if (i == 3)
        deal_tier (deal, DD_TIER_BLOCK, "0", NULL, "7", "0");
      deal_contract (deal, "5");
      sheet = deal_price (deal);
      assert_amount (sheet_result (sheet, 0)->list, "7.00");
      assert_amount (sheet_result (sheet, 0)->net, "5.00");
    }
}

static void
test_a_modified_usage_rate_takes_nothing_off (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->action = DD_ACTION_MODIFY;
  deal_rate (deal, "minutes", 5000);
  sheet = deal_price (deal);
  g_assert_cmpint (sheet_result (sheet, 0)->net, ==, 5000);
}

static void
test_a_mark_up_gives_way_to_a_contract (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  one_line (deal, "1", "300");
  deal_contract (deal, "80");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("25"));
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("100"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "80.00");
  assert_amount (sheet_result (sheet, 0)->cost, "100.00");
  g_assert_true (sheet_result (sheet, 0)->marks & DD_MARK_NEGATIVE_MARGIN);
}

static void
test_a_usage_rate_may_be_contracted (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *contracted;

  deal_line (deal, "1", "1");
  deal_rate (deal, "minutes", 5000000);
  contracted = deal_contract (deal, "0");
  contracted->price = 4000;
  contracted->free_units = micros ("100");
  sheet = deal_price (deal);
  g_assert_cmpint (sheet_result (sheet, 0)->list, ==, 5000000);
  g_assert_cmpint (sheet_result (sheet, 0)->net, ==, 4000);
}

static void
test_impossible_contracts_are_refused (void)
{
  static const char *const fragments[] = {
    "as contracted, its price, fee or free units are negative",
    "as contracted, its tier mode",
    "as contracted, its mode needs tiers",
    "as contracted, it is a share of other charges, but the charge isn't one",
    "as contracted, its tiers aren't among the answers",
    "contracted price 1: its charge isn't there",
    "line \"1\", charge \"rental\": two prices are contracted for it",
    "as contracted, the quantity",
  };

  for (guint i = 0; i < G_N_ELEMENTS (fragments); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *contracted;

      one_line (deal, "1", "1");
      contracted = deal_contract (deal, "1");
      if (i == 0)
        contracted->price = -1;
      else if (i == 1)
        contracted->mode = 99;
      else if (i == 2)
        contracted->mode = DD_TIER_BLOCK;
      else if (i == 3)
        contracted->mode = DD_TIER_SHARE;
      else if (i == 4)
        {
          contracted->mode = DD_TIER_VOLUME;
          contracted->n_tiers = 1;
        }
      else if (i == 5)
        g_array_index (deal->answers->contracts, DdContract, 0).charge = 1;
      else if (i == 6)
        deal_contract (deal, "1");
      else
        contracted->per = -1;
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, fragments[i]);
    }

  g_autoptr (Deal) foreign = deal_new ();

  one_line (foreign, "1", "1");
  deal_contract (foreign, "1")->source_currency = USD;
  deal_refused (foreign, DD_ERROR_UNPRICED, "its contracted price is from a source in another currency");
}

/* Whatever is at its largest, the result is an error or in range; UBSan sees the rest. */
static void
test_the_edges_are_errors_or_exact (void)
{
  static const gint64 edges[] = { 1, DD_MICROS, DD_NANOS, (gint64)1 << 53, G_MAXINT64 / 2, G_MAXINT64 };
  guint n_priced = 0;
  guint n_refused = 0;

  for (guint round = 0; round < 4000; round++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (DdSheet) sheet = NULL;
      DdRate *rate = deal_exchange (deal, "USD", "EUR", "1");
      DdCharge *charge;
      DdCharge *contracted;

#define EDGE edges[g_test_rand_int_range (0, G_N_ELEMENTS (edges))]
      rate->rate = EDGE;
      rate->per = MIN (EDGE, DD_NANOS);
      deal_line (deal, "1", "1")->quantity = EDGE;
      charge = deal_charge (deal, "rental", "0");
      charge->price = EDGE;
      charge->fee = g_test_rand_bit () ? EDGE : 0;
      charge->per = MIN (EDGE, DD_NANOS * DD_MICROS);
      charge->source_currency = g_test_rand_bit () ? USD : EUR;
      if (g_test_rand_bit ())
        {
          contracted = deal_contract (deal, "0");
          contracted->price = EDGE;
          contracted->maximum = EDGE;
          contracted->source_currency = USD;
        }
      for (guint i = 0; i < 3; i++)
        {
          static const DdAdjustKind kinds[] = { DD_ADJUST_COST,     DD_ADJUST_COST_PLUS,
                                                DD_ADJUST_FLOOR,    DD_ADJUST_UNIT_ON,
                                                DD_ADJUST_LINE_ON,  DD_ADJUST_PERCENT_ON,
                                                DD_ADJUST_UNIT_OFF, DD_ADJUST_UNIT_OVERRIDE };
          DdAdjustment *rule = deal_grouped (deal, DD_STAGE_BASE, DD_GROUP_ADD,
                                             kinds[g_test_rand_int_range (0, G_N_ELEMENTS (kinds))], EDGE);

          rule->currency = g_test_rand_bit () ? USD : EUR;
        }
#undef EDGE
      sheet = deal_try (deal, &error);
      g_assert_true ((sheet == NULL) == (error != NULL));
      n_priced += sheet != NULL;
      n_refused += g_error_matches (error, DD_ERROR, DD_ERROR_OVERFLOW);
    }
  g_assert_cmpuint (n_priced, >, 0);
  g_assert_cmpuint (n_refused, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/amounts/convert/rounds-once", test_conversion_rounds_once);
  g_test_add_func ("/amounts/convert/fees-and-limits-too", test_fees_and_limits_convert_too);
  g_test_add_func ("/amounts/convert/rules-on-their-extended-amount",
                   test_rules_convert_on_their_extended_amount);
  g_test_add_func ("/amounts/convert/a-group-adds-exactly", test_a_group_adds_converted_amounts_exactly);
  g_test_add_func ("/amounts/convert/the-best-across-currencies",
                   test_the_best_rule_is_found_across_currencies);
  g_test_add_func ("/amounts/convert/costs-and-floors", test_costs_and_floors_convert);
  g_test_add_func ("/amounts/convert/a-missing-rate-is-named", test_a_missing_rate_is_named);
  g_test_add_func ("/amounts/convert/impossible-rates-are-refused", test_impossible_rates_are_refused);
  g_test_add_func ("/amounts/per/a-price-may-be-for-many-units", test_a_price_may_be_for_many_units);
  g_test_add_func ("/amounts/per/a-usage-rate-runs-for-it",
                   test_a_usage_rate_runs_for_the_quantity_of_its_price);
  g_test_add_func ("/amounts/per/impossible-ones-are-refused",
                   test_impossible_quantities_of_a_price_are_refused);
  g_test_add_func ("/amounts/terms/impossible-ones-are-refused", test_impossible_terms_are_refused);
  g_test_add_func ("/amounts/contract/replaces-the-whole-charge", test_a_contract_replaces_the_whole_charge);
  g_test_add_func ("/amounts/contract/currency-and-quantity-of-its-own",
                   test_a_contract_has_a_currency_and_quantity_of_its_own);
  g_test_add_func ("/amounts/contract/above-the-list-raises-the-reference",
                   test_a_contract_above_the_list_raises_the_reference);
  g_test_add_func ("/amounts/contract/replaces-a-missing-list-price",
                   test_what_replaces_a_missing_list_price_is_the_list);
  g_test_add_func ("/amounts/contract/any-list-price-stays", test_any_price_in_the_catalogue_stays_the_list);
  g_test_add_func ("/amounts/modified-usage-rate", test_a_modified_usage_rate_takes_nothing_off);
  g_test_add_func ("/amounts/contract/a-mark-up-gives-way", test_a_mark_up_gives_way_to_a_contract);
  g_test_add_func ("/amounts/contract/of-a-usage-rate", test_a_usage_rate_may_be_contracted);
  g_test_add_func ("/amounts/contract/impossible-ones-are-refused", test_impossible_contracts_are_refused);
  g_test_add_func ("/amounts/edges/are-errors-or-exact", test_the_edges_are_errors_or_exact);
  return g_test_run ();
}
