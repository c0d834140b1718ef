/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Tiers that lines reach together, where contract years and contracted prices divide them.
 */
#include "price-fixture.h"

static DdCharge *
together (Deal *deal, const char *price)
{
  DdCharge *charge = deal_charge (deal, "rental", price);

  charge->aggregate = dd_answers_label (deal->answers, "together") + 1;
  return charge;
}

static void
tiered_in_years (Deal *deal, guint first_year, guint last_year, const char *price, const char *reached)
{
  DdCharge *charge = together (deal, "0");

  charge->first_year = (guint8)first_year;
  charge->last_year = (guint8)last_year;
  deal_tier (deal, DD_TIER_VOLUME, "1", NULL, price, "0");
  deal_tier (deal, DD_TIER_VOLUME, "10", NULL, reached, "0");
}

/* Six units of each line are twelve together: EUR 8 each in the first year and EUR 7 in the second, though
 * the second was answered first. */
static void
test_each_year_reaches_its_tiers_whatever_year_comes_first (void)
{
  static const char *const nets[] = { "42.00", "48.00", "42.00", "48.00" };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < 2; i++)
    {
      deal_line (deal, i == 0 ? "1" : "2", "6")->commitment = 24;
      tiered_in_years (deal, 2, 0, "9", "7");
      tiered_in_years (deal, 1, 1, "10", "8");
    }
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->results->len, ==, G_N_ELEMENTS (nets));
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    assert_amount (sheet_result (sheet, i)->net, nets[i]);
}

/* Lines 1 and 3 have the same contract, with a fee of EUR 10 for both: EUR 12, halved. Line 2 has another by
 * itself, EUR 2 and the fee, and line 4 none: a quarter of what four units cost in the catalogue. */
static void
test_contracts_that_say_the_same_go_together_past_others (void)
{
  static const char *const prices[] = { "1", "2", "1", NULL };
  static const char *const nets[] = { "6.00", "12.00", "6.00", "20.00" };
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i + 1);

      deal_line (deal, id, "1");
      together (deal, "20");
      if (prices[i] != NULL)
        deal_contract (deal, prices[i])->fee = micros ("10");
    }
  sheet = deal_price (deal);
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    assert_amount (sheet_result (sheet, i)->net, nets[i]);
}

/* A charge that reaches no tiers with others counts nothing among those that do: 2 * 3 units at EUR 10. */
static void
test_charges_beside_an_aggregate_open_alone (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < 2; i++)
    {
      deal_line (deal, i == 0 ? "1" : "2", "3");
      together (deal, "0");
      deal_tier (deal, DD_TIER_VOLUME, "1", NULL, "10", "0");
      deal_tier (deal, DD_TIER_VOLUME, "7", NULL, "1", "0");
      deal_charge (deal, "support", "2");
    }
  sheet = deal_price (deal);
  for (guint i = 0; i < 4; i++)
    assert_amount (sheet_result (sheet, i)->net, i % 2 == 0 ? "30.00" : "6.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aggregate/years", test_each_year_reaches_its_tiers_whatever_year_comes_first);
  g_test_add_func ("/aggregate/contracts", test_contracts_that_say_the_same_go_together_past_others);
  g_test_add_func ("/aggregate/others-beside-it", test_charges_beside_an_aggregate_open_alone);
  return g_test_run ();
}
