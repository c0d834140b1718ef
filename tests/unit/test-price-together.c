/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Charges that aren't priced alone: percentages of other charges, and lines that reach tiers together.
 */
#include "price-fixture.h"

#define USD ((DdCurrency){ "USD" })

static DdCharge *
flat_line (Deal *deal, const char *id, const char *price)
{
  deal_line (deal, id, "1");
  return deal_charge (deal, "rental", price);
}

/* A line of @percentage of what deal_share() then names. */
static DdCharge *
share_line (Deal *deal, const char *id, const char *percentage)
{
  DdCharge *charge;

  deal_line (deal, id, "1");
  charge = deal_charge (deal, "maintenance", "0");
  charge->mode = DD_TIER_SHARE;
  charge->price = percent (percentage);
  return charge;
}

static DdPriceLine *
line_at (Deal *deal, guint line)
{
  return &g_array_index (deal->lines, DdPriceLine, line);
}

/* After negotiated, before spread; and the steps of each charge lie where they should. */
static void
test_a_share_is_of_the_nets_before_spread (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  guint n_steps = 0;

  share_line (deal, "1", "15")->fee = micros ("2");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("20"));
  flat_line (deal, "2", "100");
  deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("20"));
  flat_line (deal, "3", "40");
  deal_share (deal, 0, 1);
  deal_share (deal, 0, 2);
  deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("50"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "20.00");
  assert_amount (sheet_result (sheet, 0)->negotiated, "18.00");
  assert_amount (sheet_result (sheet, 0)->net, "9.00");
  assert_amount (sheet_result (sheet, 0)->tax, "1.80");
  for (guint i = 0; i < sheet->results->len; i++)
    {
      g_assert_cmpuint (sheet_result (sheet, i)->first_step, ==, n_steps);
      n_steps += sheet_result (sheet, i)->n_steps;
      g_assert_cmpuint (sheet_step (sheet, i, 0)->charge, ==, i);
    }
  g_assert_cmpuint (n_steps, ==, sheet->steps->len);
}

static void
test_shares_of_shares_go_in_order (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  share_line (deal, "1", "50");
  share_line (deal, "2", "10");
  share_line (deal, "3", "20");
  flat_line (deal, "4", "1000");
  deal_share (deal, 0, 1);
  deal_share (deal, 0, 2);
  deal_share (deal, 0, 3);
  deal_share (deal, 1, 2);
  deal_share (deal, 2, 3);
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 2)->net, "200.00");
  assert_amount (sheet_result (sheet, 1)->net, "20.00");
  assert_amount (sheet_result (sheet, 0)->net, "610.00");
}

static void
test_only_what_is_sold_has_a_share (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  share_line (deal, "1", "10");
  for (guint i = 1; i < 6; i++)
    {
      static const char *const ids[] = { "2", "3", "4", "5", "6" };

      flat_line (deal, ids[i - 1], "100");
      deal_share (deal, 0, i);
    }
  line_at (deal, 1)->counted = FALSE;
  line_at (deal, 2)->action = DD_ACTION_DELETE;
  line_at (deal, 3)->action = DD_ACTION_NO_CHANGE;
  line_at (deal, 4)->action = DD_ACTION_MODIFY;
  deal_installed (deal, "rental", "0");
  g_array_index (deal->answers->installed, DdInstalledNet, 0).line = 2;
  deal_installed (deal, "rental", "70");
  g_array_index (deal->answers->installed, DdInstalledNet, 1).line = 4;
  sheet = deal_price (deal);
  /* The modified line in full, and the added one. */
  assert_amount (sheet_result (sheet, 0)->net, "20.00");
}

static void
test_a_share_of_nothing_is_its_fee_or_minimum (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *charge = share_line (deal, "1", "10");

  charge->fee = micros ("1");
  charge->minimum = micros ("3");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "3.00");
  g_assert_cmpuint (sheet_result (sheet, 0)->n_steps, ==, 2);
}

/* All of one currency at once: three nets of a cent at 1/3 are a cent. */
static void
test_a_share_converts_exactly (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  share_line (deal, "1", "100")->fee = micros ("0.03");
  g_array_index (deal->answers->charges, DdCharge, 0).source_currency = USD;
  deal_exchange (deal, "USD", "EUR", "1")->per = 3;
  for (guint i = 1; i < 5; i++)
    {
      static const char *const ids[] = { "2", "3", "4", "5" };

      flat_line (deal, ids[i - 1], "0.01")->currency = i < 4 ? USD : EUR;
      deal_share (deal, 0, i);
    }
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "0.03");
}

static void
test_a_share_in_another_currency_needs_a_rate (void)
{
  g_autoptr (Deal) deal = deal_new ();

  share_line (deal, "1", "10");
  flat_line (deal, "2", "1")->currency = USD;
  deal_share (deal, 0, 1);
  deal_refused (
    deal, DD_ERROR_UNPRICED,
    "line \"1\", charge \"maintenance\": it takes a share of charges in another currency, and there "
    "is no rate from USD to EUR");
}

static void
test_a_share_may_change_what_is_installed (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  share_line (deal, "1", "10");
  deal_installed (deal, "maintenance", "4");
  share_line (deal, "2", "10");
  deal_installed (deal, "maintenance", "5");
  share_line (deal, "3", "10");
  flat_line (deal, "4", "100");
  for (guint i = 0; i < 3; i++)
    deal_share (deal, i, 3);
  line_at (deal, 0)->action = DD_ACTION_MODIFY;
  line_at (deal, 1)->action = DD_ACTION_DELETE;
  line_at (deal, 2)->action = DD_ACTION_NO_CHANGE;
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "6.00");
  assert_amount (sheet_result (sheet, 1)->net, "-5.00");
  assert_amount (sheet_result (sheet, 2)->net, "0.00");
}

static void
test_a_contract_may_bring_another_percentage (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  DdCharge *contracted;

  share_line (deal, "1", "10");
  contracted = deal_contract (deal, "0");
  contracted->mode = DD_TIER_SHARE;
  contracted->price = percent ("8");
  contracted->minimum = micros ("9");
  flat_line (deal, "2", "100");
  deal_share (deal, 0, 1);
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "10.00");
  assert_amount (sheet_step (sheet, 0, 1)->after, "8.00");
  assert_amount (sheet_result (sheet, 0)->net, "9.00");
}

/* Two that name each other, behind one that only leads there. */
static void
test_a_circle_is_refused_by_name (void)
{
  g_autoptr (Deal) deal = deal_new ();

  share_line (deal, "1", "10");
  share_line (deal, "2", "10");
  share_line (deal, "3", "10");
  flat_line (deal, "4", "1");
  deal_share (deal, 0, 3);
  deal_share (deal, 0, 1);
  deal_share (deal, 1, 3);
  deal_share (deal, 1, 2);
  deal_share (deal, 2, 1);
  deal_refused (
    deal, DD_ERROR_INVALID_ARGUMENT,
    "line \"3\", charge \"maintenance\" takes a share of line \"2\", charge \"maintenance\" takes a "
    "share of line \"3\", charge \"maintenance\": a circle, which has no price");
}

static void
test_a_long_circle_is_named_in_part (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      share_line (deal, id, "10");
      deal_share (deal, i, (i + 1) % 1000);
    }
  sheet = deal_try (deal, &error);
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_true (strstr (error->message, "line \"0\", charge \"maintenance\" takes a share of line \"1\"") !=
                 NULL);
  g_assert_true (strstr (error->message, "…") != NULL);
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

static void
test_impossible_shares_are_refused (void)
{
  static const char *const fragments[] = {
    "it takes a share of itself",
    "share 2: its charges aren't there",
    "share 2: its charges aren't there",
    "its mode isn't share",
    "of the same charge twice",
    "of a usage rate",
    "a share of other charges has no units",
    "a share of other charges has no units",
    "a share of other charges has no units",
    "a usage rate can't be a share",
  };

  for (guint i = 0; i < G_N_ELEMENTS (fragments); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *charge;
      DdCharge *target;

      share_line (deal, "1", "10");
      flat_line (deal, "2", "1");
      deal_share (deal, 0, 1);
      charge = &g_array_index (deal->answers->charges, DdCharge, 0);
      target = &g_array_index (deal->answers->charges, DdCharge, 1);
      if (i < 5)
        deal_share (deal, i == 2 ? 9 : i == 3 ? 1 : 0, (const guint32[]){ 0, 9, 1, 0, 1 }[i]);
      else if (i == 5)
        {
          target->type = DD_CHARGE_USAGE;
          target->period = DD_PERIOD_NONE;
        }
      else if (i == 6)
        charge->free_units = 1;
      else if (i == 7)
        charge->per = 1;
      else if (i == 8)
        charge->aggregate = 1;
      else
        {
          charge->type = DD_CHARGE_USAGE;
          charge->period = DD_PERIOD_NONE;
        }
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, fragments[i]);
    }
}

static void
test_a_share_needs_a_charge_of_its_mode (void)
{
  g_autoptr (Deal) deal = deal_new ();

  flat_line (deal, "1", "1");
  flat_line (deal, "2", "1");
  deal_share (deal, 0, 1);
  deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "its mode isn't share");
}

/* A line that reaches tiers together with all others of it. */
static DdCharge *
together (Deal *deal, const char *id, const char *quantity)
{
  DdCharge *charge;

  deal_line (deal, id, quantity);
  charge = deal_charge (deal, "rental", "0");
  charge->aggregate = dd_answers_label (deal->answers, "seats") + 1;
  return charge;
}

static void
test_lines_reach_a_tier_together (void)
{
  for (guint graduated = 0; graduated < 2; graduated++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      static const char *const quantities[] = { "4", "6", "5" };
      static const char *const ids[] = { "a", "b", "c" };

      for (guint i = 0; i < 3; i++)
        {
          together (deal, ids[i], quantities[i]);
          deal_tier (deal, graduated ? DD_TIER_GRADUATED : DD_TIER_VOLUME, "1", "10", "50", "0");
          deal_tier (deal, graduated ? DD_TIER_GRADUATED : DD_TIER_VOLUME, "11", NULL, "45", "0");
        }
      sheet = deal_price (deal);
      /* As 15 units: 675 by volume, 725 graduated. */
      assert_amount (sheet_result (sheet, 0)->list, graduated ? "193.333333" : "180.00");
      assert_amount (sheet_result (sheet, 1)->list, graduated ? "290.00" : "270.00");
      assert_amount (sheet_result (sheet, 2)->list, graduated ? "241.666667" : "225.00");
    }
}

/* Fees once; the residue goes to the line that comes first by id, 2 before 10. */
static void
test_fees_are_divided_with_the_residue_by_id (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const char *const ids[] = { "10", "2", "3" };

  for (guint i = 0; i < 3; i++)
    together (deal, ids[i], "1")->fee = micros ("100");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "33.333333");
  assert_amount (sheet_result (sheet, 1)->list, "33.333334");
  assert_amount (sheet_result (sheet, 2)->list, "33.333333");
}

static void
test_free_units_come_off_each_line_first (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < 3; i++)
    {
      static const char *const quantities[] = { "8", "12", "3" };
      DdCharge *charge = together (deal, quantities[i], quantities[i]);

      charge->free_units = micros ("5");
      charge->minimum = micros ("9");
      deal_tier (deal, DD_TIER_VOLUME, "1", NULL, "4", "10");
      deal_tier (deal, DD_TIER_VOLUME, "10", NULL, "3", "0");
    }
  sheet = deal_price (deal);
  /* 3 and 7 charged units: the second tier, 30 in all. */
  assert_amount (sheet_step (sheet, 0, 0)->after, "9.00");
  assert_amount (sheet_step (sheet, 1, 0)->after, "21.00");
  assert_amount (sheet_step (sheet, 2, 0)->after, "0.00");
  assert_amount (sheet_result (sheet, 2)->list, "9.00");
}

static void
test_where_all_units_are_free_the_fee_is_divided_by_quantity (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  for (guint i = 0; i < 2; i++)
    {
      static const char *const quantities[] = { "1", "3" };
      DdCharge *charge = together (deal, quantities[i], quantities[i]);

      charge->free_units = micros ("5");
      charge->fee = micros ("8");
    }
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "2.00");
  assert_amount (sheet_result (sheet, 1)->list, "6.00");
}

static void
test_what_is_not_sold_reaches_no_tier_for_others (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const char *const ids[] = { "1", "2", "3", "4", "5" };

  for (guint i = 0; i < 5; i++)
    {
      together (deal, ids[i], "6");
      deal_tier (deal, DD_TIER_VOLUME, "1", NULL, "10", "0");
      deal_tier (deal, DD_TIER_VOLUME, "10", NULL, "5", "0");
    }
  deal_installed (deal, "rental", "1");
  g_array_index (deal->answers->installed, DdInstalledNet, 0).line = 2;
  line_at (deal, 1)->counted = FALSE;
  line_at (deal, 2)->action = DD_ACTION_DELETE;
  line_at (deal, 3)->action = DD_ACTION_NO_CHANGE;
  line_at (deal, 4)->action = DD_ACTION_NO_CHANGE;
  sheet = deal_price (deal);
  /* One alone. */
  assert_amount (sheet_result (sheet, 0)->net, "60.00");
  assert_amount (sheet_result (sheet, 1)->net, "60.00");
  assert_amount (sheet_result (sheet, 2)->net, "-1.00");
}

static void
test_years_and_aggregates_are_apart (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const char *const ids[] = { "1", "2", "3" };

  for (guint i = 0; i < 3; i++)
    {
      DdCharge *charge = together (deal, ids[i], "6");

      line_at (deal, i)->commitment = 24;
      if (i == 1)
        charge->first_year = 2;
      if (i == 2)
        charge->aggregate = dd_answers_label (deal->answers, "others") + 1;
      deal_tier (deal, DD_TIER_VOLUME, "1", NULL, "10", "0");
      deal_tier (deal, DD_TIER_VOLUME, "10", NULL, "5", "0");
    }
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->results->len, ==, 5);
  assert_amount (sheet_result (sheet, 0)->net, "60.00"); /* the first line's first year */
  assert_amount (sheet_result (sheet, 1)->net, "30.00"); /* its second, with the second line */
  assert_amount (sheet_result (sheet, 2)->net, "30.00");
  assert_amount (sheet_result (sheet, 3)->net, "60.00");
}

/* Contracts that say the same reach their tiers together; another one stands by itself. */
static void
test_contracts_are_aggregated_among_themselves (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const char *const ids[] = { "1", "2", "3", "4" };

  for (guint i = 0; i < 4; i++)
    {
      static const char *const contracted[] = { "4", "4", "3", NULL };
      const DdTier tiers[] = {
        { .from = 0, .bound = G_MAXINT64, .price = micros ("8") },
        { .from = micros ("12"),
          .bound = G_MAXINT64,
          .price = micros (contracted[i] != NULL ? contracted[i] : "0") },
      };
      DdCharge *price;

      together (deal, ids[i], "6")->price = micros ("10");
      if (contracted[i] == NULL)
        continue;
      price = deal_contract (deal, "0");
      price->mode = DD_TIER_VOLUME;
      price->n_tiers = 2;
      g_array_append_vals (deal->answers->tiers, tiers, 2);
    }
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "24.00");
  assert_amount (sheet_result (sheet, 1)->net, "24.00");
  assert_amount (sheet_result (sheet, 2)->net, "48.00");
  assert_amount (sheet_result (sheet, 3)->net, "60.00");
  assert_amount (sheet_result (sheet, 0)->list, "60.00");
}

static void
test_an_aggregate_is_of_one_charge (void)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      DdCharge *charge;

      together (deal, "1", "6");
      deal_tier (deal, DD_TIER_VOLUME, "1", "9", "10", "0");
      charge = together (deal, "2", "6");
      deal_tier (deal, i == 7 ? DD_TIER_BLOCK : DD_TIER_VOLUME, "1", "9", i == 0 ? "11" : "10", "0");
      if (i == 1)
        charge->id = dd_answers_label (deal->answers, "other");
      else if (i == 2)
        charge->period = DD_PERIOD_YEAR;
      else if (i == 3)
        charge->fee = 1;
      else if (i == 4)
        deal_tier (deal, DD_TIER_VOLUME, "2", NULL, "10", "0");
      else if (i == 5)
        charge->currency = USD;
      else if (i == 6)
        charge->per = micros ("2");
      else if (i == 8)
        charge->price = 1;
      else if (i == 9)
        charge->package_size = 1;
      else if (i == 10)
        {
          charge->source_currency = USD;
          deal_exchange (deal, "USD", "EUR", "1");
        }
      else if (i == 11)
        {
          charge->type = DD_CHARGE_ONE_TIME;
          charge->period = DD_PERIOD_NONE;
        }
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT,
                    "it is to reach tiers together with charge \"rental\" of line \"1\"");
    }
}

/* Lines without any tiers, two charges of one line, and aggregates in the other order of their names. */
static void
test_aggregates_need_no_tiers_and_no_order (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  guint32 first = dd_answers_label (deal->answers, "first") + 1;

  together (deal, "3", "1")->price = micros ("2");
  deal_charge (deal, "rental", "2")->aggregate = dd_answers_label (deal->answers, "seats") + 1;
  together (deal, "2", "1")->aggregate = first;
  together (deal, "1", "1")->aggregate = first;
  for (guint i = 2; i < 4; i++)
    g_array_index (deal->answers->charges, DdCharge, i).fee = micros ("0.000001");
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->list, "2.00");
  assert_amount (sheet_result (sheet, 1)->list, "2.00");
  assert_amount (sheet_result (sheet, 2)->list, "0.00");
  assert_amount (sheet_result (sheet, 3)->list, "0.000001");
}

static void
test_errors_of_an_aggregate_have_their_place (void)
{
  g_autoptr (Deal) low = deal_new ();
  g_autoptr (Deal) high = deal_new ();
  g_autoptr (Deal) bad = deal_new ();

  for (guint i = 0; i < 2; i++)
    {
      together (low, i == 0 ? "1" : "2", "2");
      deal_tier (low, DD_TIER_VOLUME, "5", NULL, "10", "0");
      together (high, i == 0 ? "1" : "2", "1");
      line_at (high, i)->quantity = G_MAXINT64;
      together (bad, i == 0 ? "1" : "2", "1")->fee = i == 0 ? 0 : -1;
    }

  g_autoptr (Deal) free_of_charge = deal_new ();
  g_autoptr (Deal) contracted = deal_new ();

  for (guint i = 0; i < 2; i++)
    {
      DdCharge *price;

      together (free_of_charge, i == 0 ? "1" : "2", "1")->free_units = G_MAXINT64;
      line_at (free_of_charge, i)->quantity = G_MAXINT64;
      together (contracted, i == 0 ? "1" : "2", "2");
      price = deal_contract (contracted, "1");
      price->mode = DD_TIER_PACKAGE;
      price->package_size = 1;
      price->price = G_MAXINT64;
    }
  deal_refused (free_of_charge, DD_ERROR_OVERFLOW, "line \"1\", charge \"rental\"");
  deal_refused (contracted, DD_ERROR_OVERFLOW, "line \"1\", charge \"rental\"");
  deal_refused (low, DD_ERROR_UNPRICED, "line \"1\", charge \"rental\": 4 units are below the first tier");
  deal_refused (high, DD_ERROR_OVERFLOW, "line \"1\", charge \"rental\"");
  deal_refused (bad, DD_ERROR_INVALID_ARGUMENT,
                "line \"2\", charge \"rental\": its price, fee or free units");
}

/* @order: of the lines; the result of line n is written at n. */
static gint64
price_random (guint32 seed, guint n, const guint *order, gint64 *lists)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  gint64 sum = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed + order[i] * 7919);
      g_autofree char *id = g_strdup_printf ("%u", order[i]);

      together (deal, id, "1")->fee = seed % 1000;
      line_at (deal, i)->quantity = g_rand_int_range (rand, 1, 20000000);
      deal_tier (deal, DD_TIER_GRADUATED, "1", "30", "9.99", "0.01");
      deal_tier (deal, DD_TIER_GRADUATED, "31", "80", "8.123457", "0");
      deal_tier (deal, DD_TIER_GRADUATED, "81", NULL, "0.333333", "7");
    }
  sheet = deal_price (deal);
  for (guint i = 0; i < n; i++)
    {
      lists[order[i]] = sheet_result (sheet, i)->list;
      sum += lists[order[i]];
    }
  return sum;
}

/* What one line with all the units would cost. */
static gint64
price_whole (guint32 seed, guint n)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  gint64 quantity = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed + i * 7919);

      quantity += g_rand_int_range (rand, 1, 20000000);
    }
  together (deal, "whole", "1")->fee = seed % 1000;
  line_at (deal, 0)->quantity = quantity;
  deal_tier (deal, DD_TIER_GRADUATED, "1", "30", "9.99", "0.01");
  deal_tier (deal, DD_TIER_GRADUATED, "31", "80", "8.123457", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "81", NULL, "0.333333", "7");
  sheet = deal_price (deal);
  return sheet_result (sheet, 0)->list;
}

static void
test_parts_of_an_aggregate_are_the_whole_in_any_order (void)
{
  for (guint round = 0; round < 200; round++)
    {
      guint32 seed = (guint32)g_test_rand_int () / 4;
      guint n = 1 + seed % 20;
      guint order[20];
      gint64 lists[20];
      gint64 other[20];

      for (guint i = 0; i < n; i++)
        order[i] = i;
      g_assert_cmpint (price_random (seed, n, order, lists), ==, price_whole (seed, n));
      for (guint i = n; i > 1; i--)
        {
          guint j = (guint)g_test_rand_int_range (0, (gint32)i);
          guint kept = order[i - 1];

          order[i - 1] = order[j];
          order[j] = kept;
        }
      price_random (seed, n, order, other);
      g_assert_cmpmem (lists, n * sizeof *lists, other, n * sizeof *other);
    }
}

/* Random tables, per and conversion among them. */
static void
test_graduated_never_falls_as_quantity_grows (void)
{
  for (guint round = 0; round < 60; round++)
    {
      gint64 prices[3];
      gint64 rate = g_test_rand_int_range (1, 2000000000);
      gint64 per = g_test_rand_int_range (1, 5000000);
      gint64 before = 0;
      gint64 quantity = 0;

      for (guint i = 0; i < 3; i++)
        prices[i] = g_test_rand_int_range (0, 90000000);
      for (guint step = 0; step < 60; step++)
        {
          g_autoptr (Deal) deal = deal_new ();
          g_autoptr (DdSheet) sheet = NULL;
          DdCharge *charge;

          quantity += g_test_rand_int_range (1, 1500000);
          deal_line (deal, "1", "1")->quantity = quantity;
          charge = deal_charge (deal, "rental", "0");
          charge->source_currency = USD;
          charge->per = per;
          deal_tier (deal, DD_TIER_GRADUATED, "0", "10", "0", "1");
          deal_tier (deal, DD_TIER_GRADUATED, "10", "20", "0", "0");
          deal_tier (deal, DD_TIER_GRADUATED, "20", NULL, "0", "2");
          for (guint i = 0; i < 3; i++)
            g_array_index (deal->answers->tiers, DdTier, i).price = prices[i];
          deal_exchange (deal, "USD", "EUR", "1")->rate = rate;
          sheet = deal_price (deal);
          g_assert_cmpint (sheet_result (sheet, 0)->list, >=, before);
          before = sheet_result (sheet, 0)->list;
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/together/share/of-the-nets-before-spread", test_a_share_is_of_the_nets_before_spread);
  g_test_add_func ("/together/share/of-shares-in-order", test_shares_of_shares_go_in_order);
  g_test_add_func ("/together/share/only-of-what-is-sold", test_only_what_is_sold_has_a_share);
  g_test_add_func ("/together/share/of-nothing-is-its-fee-or-minimum",
                   test_a_share_of_nothing_is_its_fee_or_minimum);
  g_test_add_func ("/together/share/converts-exactly", test_a_share_converts_exactly);
  g_test_add_func ("/together/share/needs-a-rate", test_a_share_in_another_currency_needs_a_rate);
  g_test_add_func ("/together/share/changes-what-is-installed", test_a_share_may_change_what_is_installed);
  g_test_add_func ("/together/share/contracted", test_a_contract_may_bring_another_percentage);
  g_test_add_func ("/together/share/a-circle-is-refused", test_a_circle_is_refused_by_name);
  g_test_add_func ("/together/share/a-long-circle-is-named-in-part", test_a_long_circle_is_named_in_part);
  g_test_add_func ("/together/share/impossible-ones-are-refused", test_impossible_shares_are_refused);
  g_test_add_func ("/together/share/needs-a-charge-of-its-mode", test_a_share_needs_a_charge_of_its_mode);
  g_test_add_func ("/together/aggregate/reaches-a-tier", test_lines_reach_a_tier_together);
  g_test_add_func ("/together/aggregate/fees-once-and-residue-by-id",
                   test_fees_are_divided_with_the_residue_by_id);
  g_test_add_func ("/together/aggregate/free-units-first", test_free_units_come_off_each_line_first);
  g_test_add_func ("/together/aggregate/all-free-is-by-quantity",
                   test_where_all_units_are_free_the_fee_is_divided_by_quantity);
  g_test_add_func ("/together/aggregate/only-what-is-sold", test_what_is_not_sold_reaches_no_tier_for_others);
  g_test_add_func ("/together/aggregate/years-are-apart", test_years_and_aggregates_are_apart);
  g_test_add_func ("/together/aggregate/contracts", test_contracts_are_aggregated_among_themselves);
  g_test_add_func ("/together/aggregate/is-of-one-charge", test_an_aggregate_is_of_one_charge);
  g_test_add_func ("/together/aggregate/no-tiers-and-no-order", test_aggregates_need_no_tiers_and_no_order);
  g_test_add_func ("/together/aggregate/errors-have-their-place",
                   test_errors_of_an_aggregate_have_their_place);
  g_test_add_func ("/together/property/parts-are-the-whole-in-any-order",
                   test_parts_of_an_aggregate_are_the_whole_in_any_order);
  g_test_add_func ("/together/property/graduated-never-falls", test_graduated_never_falls_as_quantity_grows);
  return g_test_run ();
}
