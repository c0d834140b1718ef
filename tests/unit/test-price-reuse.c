/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What must not be taken from the sheet before: one change at a time, each of which the charge's price
 * depends on. test-price-recompute.c has the same at random, over whole offers.
 */
#include "price-fixture.h"

typedef struct
{
  void (*change) (Deal *deal, DdSheet *before);
  guint n_computed; /* of three charges */
} Case;

static DdCharge *
first_charge (Deal *deal)
{
  return &g_array_index (deal->answers->charges, DdCharge, 0);
}

static DdAdjustment *
first_rule (Deal *deal)
{
  return &g_array_index (deal->answers->adjustments, DdAdjustment, 0);
}

static void
change_nothing (Deal *deal, DdSheet *before)
{
}

static void
change_quantity (Deal *deal, DdSheet *before)
{
  g_array_index (deal->lines, DdPriceLine, 0).quantity = 2 * DD_MICROS;
}

static void
change_action (Deal *deal, DdSheet *before)
{
  g_array_index (deal->lines, DdPriceLine, 0).action = DD_ACTION_NO_CHANGE;
}

static void
change_free_months (Deal *deal, DdSheet *before)
{
  first_charge (deal)->free_months = 1;
}

static void
change_price (Deal *deal, DdSheet *before)
{
  first_charge (deal)->price++;
}

/* It had neither id nor group; by this id it still comes last. */
static void
name_a_rule (Deal *deal, DdSheet *before)
{
  first_rule (deal)->id = dd_answers_label (deal->answers, "the new rule");
}

static void
group_a_rule (Deal *deal, DdSheet *before)
{
  first_rule (deal)->group = dd_answers_label (deal->answers, "rental");
}

static void
unname_a_rule (Deal *deal, DdSheet *before)
{
  g_array_index (deal->answers->adjustments, DdAdjustment, 1).id = DD_NO_LABEL;
}

/* A sheet by other arithmetic gives nothing, be it older or newer. */
static void
age_the_sheet (Deal *deal, DdSheet *before)
{
  before->arithmetic = 0;
}

static void
renew_the_sheet (Deal *deal, DdSheet *before)
{
  before->arithmetic = DD_ARITHMETIC_VERSION + 1;
}

/* A text with two labels could mean two groups that were one. */
static void
repeat_a_label (Deal *deal, DdSheet *before)
{
  g_ptr_array_add (deal->answers->labels, g_strdup ("rental"));
}

static void
modify_the_line (Deal *deal, DdSheet *before)
{
  g_array_index (deal->lines, DdPriceLine, 0).action = DD_ACTION_MODIFY;
  deal_installed (deal, "support", "5");
  g_array_index (deal->answers->installed, DdInstalledNet, 0).line = 0;
  g_array_index (deal->answers->installed, DdInstalledNet, 0).id = first_charge (deal)->id;
}

/* Charges that no rule names, the other way round: they are what they were. */
static void
exchange_charges (Deal *deal, DdSheet *before)
{
  DdCharge *charges = first_charge (deal);
  DdCharge moved = charges[1];

  charges[1] = charges[2];
  charges[2] = moved;
}

/* Before, it might have reached a tier with others. */
static void
was_aggregated (Deal *deal, DdSheet *before)
{
  g_array_index (before->answers->charges, DdCharge, 0).aggregate = 1;
}

static Deal *
offer_new (void)
{
  Deal *deal = deal_new ();

  deal_line (deal, "1", "1")->commitment = 12;
  deal_charge (deal, "rental", "100");
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_PERCENT_OFF, percent ("10"))->id = DD_NO_LABEL;
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_LINE_ON, micros ("1"));
  deal_line (deal, "2", "1")->commitment = 12;
  deal_charge (deal, "support", "5");
  deal_charge (deal, "care", "6");
  return deal;
}

static void
test_what_a_price_depends_on_is_computed_again (void)
{
  static const Case cases[] = {
    { change_nothing, 0 },  { change_quantity, 1 }, { change_action, 0 },    { change_free_months, 1 },
    { change_price, 1 },    { name_a_rule, 1 },     { group_a_rule, 1 },     { unname_a_rule, 1 },
    { age_the_sheet, 3 },   { repeat_a_label, 3 },  { exchange_charges, 0 }, { was_aggregated, 1 },
    { modify_the_line, 1 }, { renew_the_sheet, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Deal) old = offer_new ();
      g_autoptr (Deal) deal = offer_new ();
      g_autoptr (Deal) fresh = offer_new (); /* with the same change, computed anew */
      g_autoptr (DdSheet) before = deal_price (old);
      g_autoptr (DdSheet) again = NULL;
      g_autoptr (DdSheet) anew = NULL;
      g_autofree char *again_text = NULL;
      g_autofree char *anew_text = NULL;
      guint n_computed = G_MAXUINT;

      cases[i].change (deal, before);
      again = dd_sheet_recompute (before, (const DdPriceLine *)(gconstpointer)old->lines->data,
                                  (const DdPriceLine *)(gconstpointer)deal->lines->data, deal->lines->len,
                                  g_steal_pointer (&deal->answers), &n_computed, NULL);
      g_assert_nonnull (again);
      g_assert_cmpuint (n_computed, ==, cases[i].n_computed);
      cases[i].change (fresh, before);
      anew = deal_price (fresh);
      g_assert_cmpuint (again->arithmetic, ==, DD_ARITHMETIC_VERSION);
      again_text = sheet_write (again);
      anew_text = sheet_write (anew);
      g_assert_cmpstr (again_text, ==, anew_text);
    }
}

static DdSheet *
recompute (const DdSheet *before, const Deal *old, Deal *deal, GError **error)
{
  return dd_sheet_recompute (before, (const DdPriceLine *)(gconstpointer)old->lines->data,
                             (const DdPriceLine *)(gconstpointer)deal->lines->data, deal->lines->len,
                             g_steal_pointer (&deal->answers), NULL, error);
}

static Deal *
tiered_new (guint32 first_tier)
{
  Deal *deal = deal_new ();

  deal_line (deal, "1", "1");
  deal_charge (deal, "rental", "0");
  deal_tier (deal, DD_TIER_VOLUME, "1", NULL, "5", "0");
  first_charge (deal)->first_tier = first_tier;
  return deal;
}

/* Tiers that aren't there are no tiers to compare. */
static void
test_tiers_out_of_range_are_refused_again (void)
{
  for (guint32 first_tier = 1; first_tier < 3; first_tier++)
    {
      g_autoptr (Deal) old = tiered_new (0);
      g_autoptr (Deal) deal = tiered_new (first_tier);
      g_autoptr (DdSheet) before = deal_price (old);
      g_autoptr (GError) error = NULL;
      g_autoptr (DdSheet) again = recompute (before, old, deal, &error);

      g_assert_null (again);
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
    }
}

static Deal *
ended_new (void)
{
  Deal *deal = deal_new ();

  deal_line (deal, "1", "1")->action = DD_ACTION_DELETE;
  deal_charge (deal, "rental", "5");
  deal_installed (deal, "rental", "0");
  deal_spread (deal, DD_ADJUST_LINE_ON, micros ("1"));
  return deal;
}

/* Nothing was charged, and nothing came off: the surcharge is the only step. Without a sheet before, the
 * same. */
static void
test_a_surcharge_may_be_the_only_step (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Deal) old = ended_new ();
      g_autoptr (Deal) deal = ended_new ();
      g_autoptr (DdSheet) before = deal_price (old);
      g_autoptr (DdSheet) again = recompute (i == 0 ? before : NULL, old, deal, NULL);

      g_assert_cmpuint (sheet_result (again, 0)->n_steps, ==, 1);
      assert_amount (sheet_result (again, 0)->net, "1.00");
      assert_amount (sheet_result (again, 0)->surcharge_discretionary, "1.00");
    }
}

/* Blocks are powers of two; a label counts its text and what is beside it. */
static void
test_answers_know_about_how_much_they_take (void)
{
  g_autoptr (Deal) deal = offer_new ();
  gsize before = dd_answers_bytes (deal->answers);

  g_assert_cmpuint (dd_array_bytes (0), ==, 0);
  g_assert_cmpuint (dd_array_bytes (5), ==, 8);
  g_assert_cmpuint (dd_array_bytes (8), ==, 8);
  g_assert_cmpuint (dd_array_bytes (9), ==, 16);
  dd_answers_label (deal->answers, "a new label");
  g_assert_cmpuint (dd_answers_bytes (deal->answers), >=, before + strlen ("a new label"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reuse/not-what-changed", test_what_a_price_depends_on_is_computed_again);
  g_test_add_func ("/reuse/tiers-out-of-range", test_tiers_out_of_range_are_refused_again);
  g_test_add_func ("/reuse/a-surcharge-only", test_a_surcharge_may_be_the_only_step);
  g_test_add_func ("/reuse/bytes", test_answers_know_about_how_much_they_take);
  return g_test_run ();
}
