/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The edges of the number ranges in every stage: what leaves them is an error with its place.
 */
#include "price-fixture.h"

#define USD       ((DdCurrency){ "USD" })
#define MAX_MINOR G_GINT64_CONSTANT (9223372036854770000) /* whole cents */
#define BILLION   (DD_NANOS * DD_MICROS)                  /* units, the most that a price may be for */

/* Each builds on one line of one unit with a monthly charge of zero. */
static void
graduated_price (Deal *deal, DdCharge *charge)
{
  g_array_index (deal->lines, DdPriceLine, 0).quantity = G_MAXINT64;
  deal_tier (deal, DD_TIER_GRADUATED, "0", NULL, "0", "0");
  g_array_index (deal->answers->tiers, DdTier, 0).price = G_MAXINT64;
}

static void
graduated_fee (Deal *deal, DdCharge *charge)
{
  charge->per = BILLION;
  deal_tier (deal, DD_TIER_GRADUATED, "0", NULL, "0", "0");
  g_array_index (deal->answers->tiers, DdTier, 0).fee = G_MAXINT64;
}

static void
volume_fee (Deal *deal, DdCharge *charge)
{
  graduated_fee (deal, charge);
  charge->mode = DD_TIER_VOLUME;
}

static void
flat_fee (Deal *deal, DdCharge *charge)
{
  charge->per = BILLION;
  charge->fee = G_MAXINT64;
}

static void
packages (Deal *deal, DdCharge *charge)
{
  charge->mode = DD_TIER_PACKAGE;
  charge->package_size = 1;
  charge->price = G_MAXINT64;
}

static void
packages_for_many_units (Deal *deal, DdCharge *charge)
{
  packages (deal, charge);
  charge->package_size = DD_MICROS;
  charge->per = BILLION;
}

static void
converted_minimum (Deal *deal, DdCharge *charge)
{
  deal_exchange (deal, "USD", "EUR", "2");
  charge->source_currency = USD;
  charge->minimum = G_MAXINT64;
}

static void
converted_maximum (Deal *deal, DdCharge *charge)
{
  deal_exchange (deal, "USD", "EUR", "2");
  charge->source_currency = USD;
  charge->maximum = G_MAXINT64;
}

static void
contracted_price (Deal *deal, DdCharge *charge)
{
  packages (deal, deal_contract (deal, "0"));
}

static void
contracted_minimum (Deal *deal, DdCharge *charge)
{
  converted_minimum (deal, deal_contract (deal, "0"));
}

static void
grouped (Deal *deal, DdGroupMode mode, DdAdjustKind kind, gint64 value, gint64 quantity)
{
  g_array_index (deal->lines, DdPriceLine, 0).quantity = quantity;
  deal_grouped (deal, DD_STAGE_LOCATION, mode, kind, value);
  deal_grouped (deal, DD_STAGE_LOCATION, mode, DD_ADJUST_COST, 0);
}

static void
added_units (Deal *deal, DdCharge *charge)
{
  grouped (deal, DD_GROUP_ADD, DD_ADJUST_UNIT_OFF, G_MAXINT64, G_MAXINT64);
}

static void
added_lines (Deal *deal, DdCharge *charge)
{
  charge->fee = G_MAXINT64;
  grouped (deal, DD_GROUP_ADD, DD_ADJUST_LINE_ON, G_MAXINT64, DD_MICROS);
}

static void
added_percentage (Deal *deal, DdCharge *charge)
{
  charge->per = BILLION;
  charge->fee = (gint64)1 << 40;
  grouped (deal, DD_GROUP_ADD, DD_ADJUST_PERCENT_ON, G_MAXINT64, DD_MICROS);
}

/* Each is in range; but the fraction of the amount before has a divisor of its own. */
static void
percentage_added_to_a_fraction (Deal *deal, DdCharge *charge)
{
  deal_exchange (deal, "USD", "EUR", "1")->per = 999999937;
  charge->fee = (gint64)1 << 36;
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_UNIT_ON, 1)->currency = USD;
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_PERCENT_ON, G_MAXINT64);
}

static void
added_foreign_amounts (Deal *deal, DdCharge *charge)
{
  for (guint i = 0; i < 2; i++)
    {
      static const char *const currencies[] = { "USD", "CHF" };
      DdRate *rate = deal_exchange (deal, currencies[i], "EUR", "1");
      DdAdjustment *rule =
        deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_UNIT_ON, G_MAXINT64);

      rate->rate = G_MAXINT64;
      rate->per = i == 0 ? 999999937 : 999999929;
      memcpy (rule->currency.code, currencies[i], 4);
    }
}

static void
foreign_amount (Deal *deal, DdCharge *charge)
{
  g_array_index (deal->lines, DdPriceLine, 0).quantity = G_MAXINT64;
  deal_exchange (deal, "USD", "EUR", "1")->rate = G_MAXINT64;
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_UNIT_ON, G_MAXINT64)->currency = USD;
}

static void
foreign_floor (Deal *deal, DdCharge *charge)
{
  foreign_amount (deal, charge);
  g_array_index (deal->answers->adjustments, DdAdjustment, 0).kind = DD_ADJUST_FLOOR;
}

static void
foreign_cost (Deal *deal, DdCharge *charge)
{
  foreign_amount (deal, charge);
  g_array_index (deal->answers->adjustments, DdAdjustment, 0).kind = DD_ADJUST_COST;
}

static void
foreign_override (Deal *deal, DdCharge *charge)
{
  foreign_amount (deal, charge);
  g_array_index (deal->answers->adjustments, DdAdjustment, 0).kind = DD_ADJUST_UNIT_OVERRIDE;
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_UNIT_OVERRIDE, 1);
}

static void
override (Deal *deal, DdCharge *charge)
{
  grouped (deal, DD_GROUP_BEST, DD_ADJUST_UNIT_OVERRIDE, G_MAXINT64, G_MAXINT64);
}

static void
compound (Deal *deal, DdCharge *charge)
{
  grouped (deal, DD_GROUP_COMPOUND, DD_ADJUST_UNIT_ON, G_MAXINT64, G_MAXINT64);
}

static void
best (Deal *deal, DdCharge *charge)
{
  grouped (deal, DD_GROUP_BEST, DD_ADJUST_UNIT_ON, G_MAXINT64, G_MAXINT64);
}

static void
surcharges (Deal *deal, DdCharge *charge)
{
  for (guint i = 0; i < 2; i++)
    {
      deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_LINE_ON, G_MAXINT64);
      deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, DD_NANOS);
    }
}

static void
surcharges_of_one_group (Deal *deal, DdCharge *charge)
{
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_LINE_ON, G_MAXINT64);
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_LINE_OFF, G_MAXINT64);
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_LINE_ON, G_MAXINT64);
}

static void
surcharge_of_an_override (Deal *deal, DdCharge *charge)
{
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_LINE_ON, G_MAXINT64);
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, DD_NANOS);
  grouped (deal, DD_GROUP_BEST, DD_ADJUST_UNIT_OVERRIDE, 1, DD_MICROS);
}

/* From far below zero to far above within a group's sum. */
static void
one_rise (Deal *deal, DdCharge *charge)
{
  charge->fee = 1900000000;
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_LINE_OFF, G_MAXINT64);
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_PERCENT_ON, G_MAXINT64);
}

static void
foreign_mark_up (Deal *deal, DdCharge *charge)
{
  DdRate *rate = deal_exchange (deal, "USD", "EUR", "1");

  rate->rate = G_MAXINT64;
  rate->per = 999999937;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, G_MAXINT64 / 16)->currency = USD;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, 1);
}

static void
costs (Deal *deal, DdCharge *charge)
{
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, G_MAXINT64);
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, 1);
}

static void
extended_cost (Deal *deal, DdCharge *charge)
{
  g_array_index (deal->lines, DdPriceLine, 0).quantity = 2 * DD_MICROS;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, G_MAXINT64);
}

static void
mark_up (Deal *deal, DdCharge *charge)
{
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, 1);
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, G_MAXINT64);
}

static void
exact_mark_up (Deal *deal, DdCharge *charge)
{
  charge->per = 1;
  mark_up (deal, charge);
}

static void
rounding (Deal *deal, DdCharge *charge)
{
  charge->fee = G_MAXINT64;
}

static void
tax (Deal *deal, DdCharge *charge)
{
  charge->fee = MAX_MINOR;
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, G_MAXINT64);
}

static void
minor_tax (Deal *deal, DdCharge *charge)
{
  tax (deal, charge);
  g_array_index (deal->answers->adjustments, DdAdjustment, 0).value = 2 * DD_NANOS;
}

static void
gross (Deal *deal, DdCharge *charge)
{
  tax (deal, charge);
  g_array_index (deal->answers->adjustments, DdAdjustment, 0).value = DD_NANOS;
}

static void
spread_amount (Deal *deal, DdCharge *charge)
{
  charge->fee = MAX_MINOR;
  deal_spread (deal, DD_ADJUST_LINE_ON, MAX_MINOR);
}

static void
spread_percentage (Deal *deal, DdCharge *charge)
{
  charge->fee = MAX_MINOR;
  deal_spread (deal, DD_ADJUST_PERCENT_ON, G_MAXINT64);
}

static void
spread_in_a_later_year (Deal *deal, DdCharge *charge)
{
  charge->first_year = 1;
  charge->last_year = 1;
  charge = deal_charge (deal, "rental", "0");
  charge->first_year = 2;
  spread_percentage (deal, charge);
}

static void
share_of_much (Deal *deal, DdCharge *charge)
{
  charge->mode = DD_TIER_SHARE;
  charge->price = 2 * DD_NANOS;
  deal_line (deal, "2", "1");
  deal_charge (deal, "rental", "0")->fee = MAX_MINOR;
  deal_share (deal, 0, 1);
}

static void
share_of_too_much (Deal *deal, DdCharge *charge)
{
  charge->mode = DD_TIER_SHARE;
  charge->price = G_MAXINT64;
  for (guint i = 1; i < 5; i++)
    {
      static const char *const ids[] = { "2", "3", "4", "5" };
      DdCharge *target;

      deal_line (deal, ids[i - 1], "1");
      target = deal_charge (deal, "rental", "0");
      target->fee = MAX_MINOR;
      target->currency = USD;
      deal_share (deal, 0, i);
    }
  deal_exchange (deal, "USD", "EUR", "1")->rate = G_MAXINT64;
}

static void
share_of_an_exact_fraction (Deal *deal, DdCharge *charge)
{
  share_of_too_much (deal, charge);
  g_array_set_size (deal->answers->shares, 1);
  g_array_index (deal->answers->rates, DdRate, 0).per = 7;
}

static void
test_what_leaves_the_range_is_an_error_with_its_place (void)
{
  static void (*const builders[]) (Deal *, DdCharge *) = {
    graduated_price,
    graduated_fee,
    volume_fee,
    flat_fee,
    packages,
    packages_for_many_units,
    converted_minimum,
    converted_maximum,
    contracted_price,
    contracted_minimum,
    added_units,
    added_lines,
    added_percentage,
    percentage_added_to_a_fraction,
    added_foreign_amounts,
    foreign_amount,
    foreign_floor,
    foreign_cost,
    foreign_override,
    override,
    compound,
    best,
    surcharges,
    costs,
    extended_cost,
    mark_up,
    foreign_mark_up,
    surcharges_of_one_group,
    surcharge_of_an_override,
    one_rise,
    exact_mark_up,
    rounding,
    tax,
    minor_tax,
    gross,
    spread_amount,
    spread_percentage,
    spread_in_a_later_year,
    share_of_much,
    share_of_too_much,
    share_of_an_exact_fraction,
  };

  for (guint i = 0; i < G_N_ELEMENTS (builders); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (GError) error = NULL;

      deal_line (deal, "1", "1");
      /* Room, since builders keep the charge while they add others. */
      g_array_set_size (deal->answers->charges, 8);
      g_array_set_size (deal->answers->charges, 0);
      builders[i](deal, deal_charge (deal, "rental", "0"));
      sheet = deal_try (deal, &error);
      if (!g_error_matches (error, DD_ERROR, DD_ERROR_OVERFLOW))
        g_error ("case %u: %s", i, error != NULL ? error->message : "it was priced");
      g_assert_true (strstr (error->message, "line \"1\", charge \"rental\"") != NULL ||
                     strstr (error->message, "deal-level alteration 1") != NULL);
    }
}

/* So many whole minor units that only their sum leaves the range. */
static void
test_the_sum_of_what_a_spread_divides_may_leave_the_range (void)
{
  g_autoptr (Deal) deal = deal_new ();

  for (guint i = 0; i < 101; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      DdCharge *charge;

      deal_line (deal, id, "1");
      charge = deal_charge (deal, "rental", "0");
      charge->currency = (DdCurrency){ "CLF" };
      charge->fee = G_MAXINT64 / 100 * 100;
    }
  deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("1"))->currency = (DdCurrency){ "CLF" };
  deal_refused (deal, DD_ERROR_OVERFLOW, "deal-level alteration 1");
}

static void
test_no_rule_brings_a_price_below_zero (void)
{
  static const DdGroupMode modes[] = { DD_GROUP_COMPOUND, DD_GROUP_ADD, DD_GROUP_BEST };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      deal_line (deal, "1", "1");
      if (i % 2 == 0)
        deal_charge (deal, "rental", "1");
      else
        deal_rate (deal, "rental", DD_MICROS);
      for (guint rule = 0; rule < 2; rule++)
        {
          DdAdjustment *off =
            deal_grouped (deal, DD_STAGE_LOCATION, modes[i / 2], DD_ADJUST_UNIT_OFF, 2 * DD_MICROS);

          if (i % 2 == 0)
            off->label = DD_NO_LABEL;
        }
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT,
                    i % 2 == 0 ? "an adjustment (unit-off, stage location) would bring it to EUR -"
                               : "(unit-off, stage location) would bring it to -0.00");
    }
}

static void
test_an_error_that_nobody_asks_for_is_left_out (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "2");
  deal_charge (deal, "rental", "0")->price = G_MAXINT64;
  sheet = deal_try (deal, NULL);
  g_assert_null (sheet);
}

/* A tax in an early stage is taken last, and what follows it there is no tax. */
static void
test_a_tax_of_any_stage_is_taken_last (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "100");
  deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_TAX, percent ("20"));
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("50"));
  sheet = deal_price (deal);
  assert_amount (sheet_result (sheet, 0)->net, "50.00");
  assert_amount (sheet_result (sheet, 0)->tax, "10.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edges/what-leaves-the-range-is-an-error",
                   test_what_leaves_the_range_is_an_error_with_its_place);
  g_test_add_func ("/edges/sum-of-a-spread", test_the_sum_of_what_a_spread_divides_may_leave_the_range);
  g_test_add_func ("/edges/no-rule-brings-a-price-below-zero", test_no_rule_brings_a_price_below_zero);
  g_test_add_func ("/edges/an-error-nobody-asks-for", test_an_error_that_nobody_asks_for_is_left_out);
  g_test_add_func ("/edges/a-tax-of-any-stage-is-taken-last", test_a_tax_of_any_stage_is_taken_last);
  return g_test_run ();
}
