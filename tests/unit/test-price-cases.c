/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Prices that other systems publish in their documents or tests, restated: the engine gives each of them.
 */
#include "price-fixture.h"

static void
assert_two_tiers (
  DdTierMode mode, const char *quantity, const char *first, const char *second, const char *expected)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", quantity);
  deal_charge (deal, "rental", "0");
  deal_tier (deal, mode, "1", "10", first, "0");
  deal_tier (deal, mode, "11", NULL, second, "0");
  assert_net (deal, expected);
}

static void
test_tier_volume (void)
{
  assert_two_tiers (DD_TIER_VOLUME, "15", "50", "45", "675.00");
}

static void
test_tier_graduated (void)
{
  assert_two_tiers (DD_TIER_GRADUATED, "15", "50", "45", "725.00");
}

static void
test_tier_all (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "111");
  deal_charge (deal, "traffic", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "0", "10", "1.5", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "10", "110", "1.0", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "110", "1110", "0.5", "0");
  assert_net (deal, "115.50");
}

static void
test_tier_flat_fee (void)
{
  static const char *const cases[][2] = {
    { "1", "12.00" }, { "10", "102.00" }, { "11", "110.00" }, { "12", "115.00" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      deal_line (deal, "1", cases[i][0]);
      deal_charge (deal, "traffic", "0");
      deal_tier (deal, DD_TIER_GRADUATED, "0", "10", "10", "2");
      deal_tier (deal, DD_TIER_GRADUATED, "10", "20", "5", "3");
      assert_net (deal, cases[i][1]);
    }
}

static void
test_package (void)
{
  static const char *const cases[][2] = { { "0", "1300.00" }, { "10", "1200.00" }, { "200", "0.00" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *charge;

      deal_line (deal, "1", "121");
      charge = deal_charge (deal, "traffic", "100");
      charge->mode = DD_TIER_PACKAGE;
      charge->package_size = micros ("10");
      charge->free_units = micros (cases[i][0]);
      assert_net (deal, cases[i][1]);
    }
}

static void
test_block (void)
{
  static const char *const cases[][2] = { { "7", "1.00" }, { "10", "1.00" }, { "11", "3.00" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_two_tiers (DD_TIER_BLOCK, cases[i][0], "1.00", "3.00", cases[i][1]);
}

static void
test_schedule_range (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "30");
  deal_charge (deal, "rental", "0");
  deal_tier (deal, DD_TIER_VOLUME, "1", NULL, "9", "0");
  deal_tier (deal, DD_TIER_VOLUME, "10", NULL, "8", "0");
  deal_tier (deal, DD_TIER_VOLUME, "20", NULL, "7", "0");
  assert_net (deal, "210.00");
}

static void
test_contracted (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "125");
  deal_contract (deal, "100");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "125.00");
  assert_amount (sheet_result (sheet, 0)->standing, "100.00");
  assert_amount (sheet_result (sheet, 0)->net, "100.00");
}

static void
test_cascade (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "120");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, micros ("30"));
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("20"));
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet_result (sheet, 0)->n_steps, ==, 3);
  assert_amount (sheet_step (sheet, 0, 0)->after, "120.00");
  assert_amount (sheet_step (sheet, 0, 1)->after, "90.00");
  assert_amount (sheet_step (sheet, 0, 2)->after, "72.00");
}

static void
test_segment (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "10");
  deal_charge (deal, "rental", "888");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OVERRIDE, micros ("100"));
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_FACTOR, 1200000000);
  assert_net (deal, "1200.00");
}

static void
assert_percents (DdGroupMode mode, const char *list, const char *const *percents, const char *expected)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", list);
  for (; *percents != NULL; percents++)
    deal_grouped (deal, DD_STAGE_PROMOTION, mode, DD_ADJUST_PERCENT_OFF, percent (*percents));
  assert_net (deal, expected);
}

static void
test_compound (void)
{
  assert_percents (DD_GROUP_COMPOUND, "100", (const char *[]){ "20", "10", NULL }, "72.00");
}

static void
test_additive (void)
{
  assert_percents (DD_GROUP_ADD, "100", (const char *[]){ "20", "10", NULL }, "70.00");
}

static void
test_percent_then_amount (void)
{
  g_autoptr (Deal) deal = deal_new ();

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "1000");
  deal_grouped (deal, DD_STAGE_PROMOTION, DD_GROUP_ADD, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_grouped (deal, DD_STAGE_PROMOTION, DD_GROUP_ADD, DD_ADJUST_UNIT_OFF, micros ("100"));
  assert_net (deal, "800.00");
}

static void
test_triple (void)
{
  assert_percents (DD_GROUP_COMPOUND, "600", (const char *[]){ "50", "50", "50", NULL }, "75.00");
  assert_percents (DD_GROUP_ADD, "600", (const char *[]){ "10", "10", "10", NULL }, "420.00");
}

static void
test_spread (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "5");
  deal_charge (deal, "rental", "100");
  deal_line (deal, "2", "5");
  deal_charge (deal, "rental", "200");
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("100"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "466.67");
  assert_amount (sheet_result (sheet, 1)->net, "933.33");
  assert_amount (sheet_total (sheet, 0)->net, "1400.00");
}

static void
test_spread_residue (void)
{
  static const char *const ids[] = { "1", "2", "3" };
  g_autoptr (Deal) discounted = deal_new ();
  g_autoptr (Deal) free_of_charge = deal_new ();
  g_autoptr (DdSheet) discount = NULL;
  g_autoptr (DdSheet) surcharge = NULL;

  for (guint i = 0; i < 3; i++)
    {
      deal_line (discounted, ids[i], "1");
      deal_charge (discounted, "rental", "10");
    }
  deal_spread (discounted, DD_ADJUST_LINE_OFF, micros ("2.99"));
  discount = deal_price (discounted);
  assert_amount (sheet_result (discount, 0)->net, "9.00");
  assert_amount (sheet_result (discount, 1)->net, "9.00");
  assert_amount (sheet_result (discount, 2)->net, "9.01");

  for (guint i = 0; i < 2; i++)
    {
      deal_line (free_of_charge, ids[i], "1");
      deal_charge (free_of_charge, "rental", "0");
    }
  deal_spread (free_of_charge, DD_ADJUST_LINE_ON, micros ("0.10"));
  surcharge = deal_price (free_of_charge);
  assert_amount (sheet_result (surcharge, 0)->net, "0.05");
  assert_amount (sheet_result (surcharge, 1)->net, "0.05");
}

static void
test_spread_floors (void)
{
  static const char *const lines[][3] = {
    { "10", "0", "3.00" }, { "20", "19", "19.00" }, { "50", "50", "50.00" }, { "30", "26", "26.00" }
  };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      deal_line (deal, "x", "1");
      deal_charge (deal, "rental", lines[i][0]);
      deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, micros (lines[i][1]));
    }
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("12"));
  sheet = deal_price (deal);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_amount (sheet_result (sheet, i)->net, lines[i][2]);
  g_assert_cmpint (sheet_total (sheet, 0)->unspread, ==, 0);
}

static void
test_line_tax (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "10");
  deal_charge (deal, "rental", "10.10");
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("23"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->tax, "23.23");
}

static DdSheet *
price_converted (Deal *deal, const char *price, const char *quantity)
{
  deal_line (deal, "1", quantity);
  deal_charge (deal, "rental", price)->source_currency = (DdCurrency){ "USD" };
  deal_exchange (deal, "USD", "EUR", "0.9737");
  return deal_price (deal);
}

static void
test_convert_total (void)
{
  g_autoptr (Deal) two = deal_new ();
  g_autoptr (Deal) million = deal_new ();
  g_autoptr (DdSheet) of_two = price_converted (two, "7.00", "2");
  g_autoptr (DdSheet) of_million = price_converted (million, "0.004", "1000000");
  gint64 unit = 0;

  assert_amount (sheet_result (of_two, 0)->net, "13.63");
  assert_amount (sheet_result (of_million, 0)->net, "3894.80");
  /* The unit that a document shows. */
  g_assert_true (dd_checked_mul_div (sheet_result (of_two, 0)->list, DD_MICROS, micros ("2"), &unit, NULL));
  g_assert_true (dd_money_round_minor (unit, EUR, &unit, NULL));
  assert_amount (unit, "6.82");
}

/* Quantities are kilograms and prices a tonne's: once with the reduction in the tiers, once as a rule. */
static void
test_unit_of_measure (void)
{
  static const char *const cases[][3] = { { "2000", "200.00", "0.10" }, { "3500", "315.00", "0.09" } };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      const char *const *expected = cases[i / 2];
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      DdCharge *charge;
      gint64 unit;

      deal_line (deal, "1", expected[0]);
      charge = deal_charge (deal, "freight", "100");
      charge->per = micros ("1000");
      if (i % 2 == 0)
        {
          deal_tier (deal, DD_TIER_VOLUME, "0", NULL, "100", "0");
          deal_tier (deal, DD_TIER_VOLUME, "3000", NULL, "90", "0");
        }
      else if (i / 2 == 1)
        deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, micros ("10"));
      sheet = deal_price (deal);
      assert_amount (sheet_result (sheet, 0)->net, expected[1]);
      g_assert_true (
        dd_checked_mul_div (sheet_result (sheet, 0)->net, DD_MICROS, micros (expected[0]), &unit, NULL));
      assert_amount (unit, expected[2]);
    }
}

static void
test_extended (void)
{
  assert_two_tiers (DD_TIER_GRADUATED, "30000", "50", "45", "1350050.00");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (void);
  } cases[] = {
    { "tier-volume", test_tier_volume },
    { "tier-graduated", test_tier_graduated },
    { "tier-all", test_tier_all },
    { "tier-flat-fee", test_tier_flat_fee },
    { "package", test_package },
    { "block", test_block },
    { "schedule-range", test_schedule_range },
    { "contracted", test_contracted },
    { "cascade", test_cascade },
    { "segment", test_segment },
    { "compound", test_compound },
    { "additive", test_additive },
    { "percent-then-amount", test_percent_then_amount },
    { "triple", test_triple },
    { "spread", test_spread },
    { "spread-residue", test_spread_residue },
    { "spread-floors", test_spread_floors },
    { "line-tax", test_line_tax },
    { "convert-total", test_convert_total },
    { "unit-of-measure", test_unit_of_measure },
    { "extended", test_extended },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/price/cases/", cases[i].name, NULL);

      g_test_add_func (path, cases[i].run);
    }
  return g_test_run ();
}
