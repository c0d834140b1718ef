/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-vendor, through the host.
 */
#include "fixture-price.h"

#define CHARGES "offering,charge,name,type,period,currency,price,mode\n"
#define PARTS   "offering,charge,vendor,part,type,period,name\n"
#define COSTS   "vendor,part,from,valid_from,valid_to,currency,cost,lead_days\n"
#define MARKUPS "vendor,part,valid_from,valid_to,percent\n"

/* A router of the vendor acme, which the catalogue doesn't have; a switch that it has, for 500. */
static void
start (Fixture *fixture, const char *costs, const char *markups)
{
  fixture_table (fixture, "charges", CHARGES "switch,device,Switch,oneTime,,EUR,500,flat\n");
  fixture_table (fixture, "vendor-parts",
                 PARTS "router,device,acme,R-1,oneTime,,Router\n"
                       "router,care,acme,C-1,recurring,month,\n"
                       "switch,device,acme,S-1,,,\n");
  fixture_table (fixture, "vendor-costs", costs);
  fixture_table (fixture, "markups", markups);
  fixture_start (fixture, TRUE);
}

#define ALL_COSTS                                                                                            \
  COSTS                                                                                                      \
  "acme,R-1,,,,EUR,100,30\nacme,C-1,,,2026-08-31,EUR,2.5,\nacme,S-1,,,,EUR,400,\nacme,R-1,10,,,EUR,90,\n"
#define ALL_MARKUPS MARKUPS "acme,,,,25%\n"

/* What the catalogue doesn't have opens at nothing, and the mark-up makes its price. */
static void
a_part_opens_its_charge (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "router", NULL);

  start (fixture, ALL_COSTS, ALL_MARKUPS);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  const DdCharge *care = fixture_charge (answers, 0);
  const DdCharge *device = fixture_charge (answers, 1);

  g_assert_cmpuint (answers->charges->len, ==, 2);
  g_assert_cmpstr (dd_answers_text (answers, device->id), ==, "device");
  g_assert_cmpstr (dd_answers_text (answers, device->name), ==, "Router");
  g_assert_cmpstr (dd_answers_text (answers, device->source), ==, "vendor-parts");
  g_assert_cmpuint (device->type, ==, DD_CHARGE_ONE_TIME);
  g_assert_cmpint (device->price, ==, 0);
  g_assert_cmpstr (dd_answers_text (answers, care->name), ==, "C-1");
  g_assert_cmpuint (care->period, ==, DD_PERIOD_MONTH);

  const DdAdjustment *cost = fixture_adjustment (answers, 2);
  const DdAdjustment *markup = fixture_adjustment (answers, 3);

  g_assert_cmpuint (cost->charge, ==, 1);
  g_assert_cmpuint (cost->kind, ==, DD_ADJUST_COST);
  g_assert_cmpint (cost->value, ==, 100 * DD_MICROS);
  g_assert_cmpstr (dd_answers_text (answers, cost->id), ==, "acme/R-1");
  g_assert_cmpstr (dd_answers_text (answers, cost->label), ==,
                   "Cost of part R-1 of vendor acme, 30 days to deliver");
  g_assert_cmpuint (markup->kind, ==, DD_ADJUST_COST_PLUS);
  g_assert_cmpint (markup->value, ==, 250000000);
  g_assert_cmpstr (dd_answers_text (answers, markup->id), ==, "markup acme");
  g_assert_cmpstr (dd_answers_text (answers, markup->source), ==, "markups");
}

/* Only the cost that ends is noted. */
static void
the_end_of_a_quote_is_noted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("router");

  start (fixture, ALL_COSTS, ALL_MARKUPS);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->expiries->len, ==, 1);

  const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, 0);

  g_assert_cmpuint (expiry->charge, ==, 0);
  g_assert_cmpint (expiry->last, ==, 20696); /* 2026-08-31 */
  g_assert_cmpstr (dd_answers_text (answers, expiry->label), ==, "quote of vendor acme for part C-1");
}

/* The catalogue's price is the reference of discounts off list; cost-plus is what is asked. */
static void
a_catalogue_price_is_list_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (2 * DD_MICROS, "switch", NULL);

  start (fixture, ALL_COSTS, ALL_MARKUPS);

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);
  const DdChargeResult *device = &g_array_index (sheet->results, DdChargeResult, 0);

  g_assert_cmpuint (sheet->answers->charges->len, ==, 1);
  g_assert_cmpint (device->list, ==, 1000 * DD_MICROS);
  g_assert_cmpint (device->net, ==, 1000 * DD_MICROS);
  g_assert_cmpint (device->cost, ==, 800 * DD_MICROS);
}

/* All units cost what the break reached says. */
static void
the_quantity_decides_the_break (Fixture *fixture, gconstpointer data)
{
  const char *const quantities[] = { "9.5", "10", "11" };
  const char *const nets[] = { "1187.50", "1125.00", "1237.50" };

  start (fixture, ALL_COSTS, ALL_MARKUPS);
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      g_autofree char *net = fixture_net (fixture, "router", quantities[i], 1);

      g_assert_cmpstr (net, ==, nets[i]);
    }
}

static void
an_unreached_break_says_so (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (5 * DD_MICROS, "switch", NULL);

  start (fixture, COSTS "acme,S-1,,,,EUR,400,\nacme,S-1,10,,,EUR,300,\nacme,S-1,2,,2026-06-08,EUR,1,\n",
         ALL_MARKUPS);

  g_autofree char *misses = fixture_misses (fixture, proposal, "acme/S-1");

  g_assert_cmpstr (misses, ==,
                   "0 acme/S-1: its last day was 2026-06-08, and prices are asked for 2026-06-09\n"
                   "0 acme/S-1: quantity 5 is below its break, 10\n");
}

static void
the_closest_markup_counts (Fixture *fixture, gconstpointer data)
{
  static const char *const markups[] = {
    MARKUPS "*,,,,10%\n",
    MARKUPS "*,,,,10%\n*,S-1,,,20%\n",
    MARKUPS "*,,,,10%\n*,S-1,,,20%\nacme,,,,30%\n",
    MARKUPS "*,,,,10%\n*,S-1,,,20%\nacme,,,,30%\nacme,S-1,,,40%\n",
    MARKUPS "*,,,,10%\nacme,S-1,,2026-06-08,40%\n",
  };
  static const char *const nets[] = { "440.00", "480.00", "520.00", "560.00", "440.00" };

  start (fixture, ALL_COSTS, markups[0]);
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      fixture_table (fixture, "markups", markups[i]);
      assert_net (fixture, "switch", "1", nets[i]);
    }
}

/* The vendor's currency is the charge's own, and a foreign cost of a catalogue's charge is converted. */
static void
a_cost_is_in_the_vendors_currency (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) foreign = fixture_line ("switch");
  g_autoptr (DdProposal) own = fixture_line ("router");

  start (fixture, COSTS "acme,R-1,,,,USD,100,\nacme,C-1,,,,USD,2,\nacme,S-1,,,,USD,400,\n", ALL_MARKUPS);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, own);

  g_assert_cmpstr (fixture_charge (answers, 0)->currency.code, ==, "USD");
  g_assert_cmpuint (answers->rates->len, ==, 0);
  fixture_unpriced (fixture, foreign, "line 1", "USD", "EUR", "2026-06-09", NULL);
  fixture_rates (fixture, "from,to,valid_from,valid_to,rate\nUSD,EUR,2026-06-01,2026-06-30,0.9\n");
  assert_net (fixture, "switch", "1", "450.00");
}

static void
a_part_without_cost_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (5 * DD_MICROS, "switch", NULL);

  start (fixture, COSTS "acme,S-1,10,,,EUR,400,\nacme,S-1,1,,2026-06-08,EUR,400,\n", ALL_MARKUPS);
  fixture_unpriced (fixture, proposal, "pricing-vendor", "line 1", "charge device of offering switch",
                    "dataset vendor-costs has no cost of vendor acme for 5 of part S-1 on 2026-06-09", NULL);
}

static void
a_part_without_markup_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("switch");

  start (fixture, ALL_COSTS, MARKUPS "acme,S-1,,2026-06-08,25%\nother,,,,25%\n");
  fixture_unpriced (fixture, proposal, "pricing-vendor", "line 1", "dataset markups",
                    "part S-1 of vendor acme", "2026-06-09", NULL);
}

/* What stays isn't bought again: the vendor may have left. */
static void
what_stays_needs_no_cost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "switch", "router", NULL);

  start (fixture, COSTS, MARKUPS);
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_DELETE;
  ((DdLine *)proposal->lines->pdata[1])->action = DD_ACTION_NO_CHANGE;

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->charges->len, ==, 1);
  g_assert_cmpuint (answers->adjustments->len, ==, 0);
}

/* Nor does what goes, though the catalogue doesn't have it and nothing opens its charge. */
static void
what_goes_needs_no_cost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "router", NULL);

  start (fixture, COSTS, MARKUPS);
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_DELETE;

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->charges->len, ==, 0);
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_MODIFY;
  fixture_unpriced (fixture, proposal, "pricing-vendor", "dataset vendor-costs", NULL);
}

/* What was contracted replaces cost-plus too. */
static void
a_contracted_price_replaces_the_markup (Fixture *fixture, gconstpointer data)
{
  start (fixture, ALL_COSTS, ALL_MARKUPS);
  fixture_table (
    fixture, "contracted",
    "customer,offering,charge,agreement,currency,mode,price\nlinden,router,device,FA-1,EUR,flat,111\n");

  g_autofree char *net = fixture_net (fixture, "router", "2", 1);

  g_assert_cmpstr (net, ==, "222.00");
}

/* Charges lie in order of line, whichever plugin opened them; what belongs to one moves with it. */
static void
charges_keep_what_is_theirs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "router", "switch", "help", NULL);
  const DdShare shares[] = { { 3, 1 }, { 3, 2 } };

  start (fixture, ALL_COSTS, ALL_MARKUPS);
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode,percent,share_type,share_charge\n"
                 "switch,device,Switch,oneTime,,EUR,500,flat,,,\n"
                 "help,help,Help,recurring,month,EUR,,share,10%,oneTime,device\n");
  fixture_table (fixture, "contracted",
                 "customer,offering,charge,agreement,currency,mode,price,valid_to\n"
                 "linden,switch,device,FA-1,EUR,flat,450,2026-12-31\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->charges->len, ==, 4);
  g_assert_cmpuint (answers->shares->len, ==, G_N_ELEMENTS (shares));
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      g_assert_cmpuint (g_array_index (answers->shares, DdShare, i).charge, ==, shares[i].charge);
      g_assert_cmpuint (g_array_index (answers->shares, DdShare, i).target, ==, shares[i].target);
    }
  g_assert_cmpuint (g_array_index (answers->contracts, DdContract, 0).charge, ==, 2);
  g_assert_cmpuint (g_array_index (answers->expiries, DdExpiry, 0).charge, ==, 0);
  g_assert_cmpuint (g_array_index (answers->expiries, DdExpiry, 1).charge, ==, 2);
  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *adjustment = fixture_adjustment (answers, i);
      g_autofree char *part = g_strdup_printf ("acme/%s", adjustment->charge == 0   ? "C-1"
                                                          : adjustment->charge == 1 ? "R-1"
                                                                                    : "S-1");

      if (adjustment->kind == DD_ADJUST_COST)
        g_assert_cmpstr (dd_answers_text (answers, adjustment->id), ==, part);
    }
}

/* 60 at USD 385.00 and 22% */
static void
the_samples_are_priced (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "charges",      "tiers",   "costs",      "vendor-parts",
                                "vendor-costs", "markups", "contracted", "contracted-tiers" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.csv", SAMPLES_DIR, names[i]);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      fixture_table (fixture, names[i], text);
    }
  fixture_start (fixture, TRUE);
  fixture->context.customer = "nordhafen-logistik";
  assert_net (fixture, "router-branch", "60", "28182.00");

  g_autofree char *rental = fixture_net (fixture, "epl-100", "1", 0);

  g_assert_cmpstr (rental, ==, "395.00");
}

typedef struct
{
  const char *name;
  const char *parts;
  const char *costs;
  const char *markups;
  const char *says;
} Row;

static const Row rows[] = {
  { "no-type", "a,c,acme,P,,,\n", "acme,P,,,,EUR,1,\n", "*,,,,1%\n",
    "dataset vendor-parts, a, c: type is \"\"" },
  { "type", "a,c,acme,P,monthly,,\n", "acme,P,,,,EUR,1,\n", "*,,,,1%\n", "type is \"monthly\"" },
  { "no-period", "a,c,acme,P,recurring,,\n", "acme,P,,,,EUR,1,\n", "*,,,,1%\n", "period \"\"" },
  { "negative-cost", "a,c,acme,P,oneTime,,\n", "acme,P,,,,EUR,-1,\n", "*,,,,1%\n",
    "dataset vendor-costs, acme, P: the cost is negative" },
  { "cost-digits", "a,c,acme,P,oneTime,,\n", "acme,P,,,,EUR,0.0000001,\n", "*,,,,1%\n", "six digits" },
  { "negative-markup", "a,c,acme,P,oneTime,,\n", "acme,P,,,,EUR,1,\n", "*,,,,-1%\n",
    "dataset markups, *: percent is -1%" },
  { "two-a-day", "a,c,acme,P,oneTime,,\n", "acme,P,1,,,EUR,1,\nacme,P,1,2026-01-01,,EUR,2,\n", "*,,,,1%\n",
    "dataset vendor-costs, acme, P, 1, 2026-01-01: another row for this break is valid on the same day" },
};

static void
is_unpriced (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *parts = g_strconcat (PARTS, row->parts, NULL);
  g_autofree char *costs = g_strconcat (COSTS, row->costs, NULL);
  g_autofree char *markups = g_strconcat (MARKUPS, row->markups, NULL);
  g_autoptr (DdProposal) proposal = fixture_line ("a");
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  fixture_start (&fixture, TRUE);
  fixture_table (&fixture, "vendor-parts", parts);
  fixture_table (&fixture, "vendor-costs", costs);
  fixture_table (&fixture, "markups", markups);
  fixture_unpriced (&fixture, proposal, "pricing-vendor", "line 1", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
imports_are_refused_with_their_row (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture, TRUE);
  fixture_refuses (fixture, "vendor-parts", PARTS "a,c,acme,P,monthly,,\n", ":2:", "\"type\"", "recurring",
                   NULL);
  fixture_refuses (fixture, "vendor-costs", COSTS "acme,P,,,,EUR,-1,\n", "\"cost\"", NULL);
  fixture_refuses (fixture, "vendor-costs", COSTS "acme,P,,,,EUR,1,-3\n", "\"lead_days\"", NULL);
  fixture_refuses (fixture, "vendor-costs", COSTS "acme,P,1,,,EUR,1,\nacme,P,1,2026-01-01,,EUR,2,\n",
                   ":3:", "P", NULL);
  fixture_refuses (fixture, "markups", MARKUPS "*,,,,-1%\n", "\"percent\"", NULL);
  fixture_refuses (fixture, "markups", MARKUPS "acme,,,2026-06-09,1%\nacme,,2026-06-09,,2%\n", ":3:", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/vendor/a-part-opens-its-charge", a_part_opens_its_charge);
  fixture_test ("/vendor/the-end-of-a-quote-is-noted", the_end_of_a_quote_is_noted);
  fixture_test ("/vendor/a-catalogue-price-is-list-only", a_catalogue_price_is_list_only);
  fixture_test ("/vendor/the-quantity-decides-the-break", the_quantity_decides_the_break);
  fixture_test ("/vendor/an-unreached-break-says-so", an_unreached_break_says_so);
  fixture_test ("/vendor/the-closest-markup-counts", the_closest_markup_counts);
  fixture_test ("/vendor/a-cost-is-in-the-vendors-currency", a_cost_is_in_the_vendors_currency);
  fixture_test ("/vendor/a-part-without-cost-is-refused", a_part_without_cost_is_refused);
  fixture_test ("/vendor/a-part-without-markup-is-refused", a_part_without_markup_is_refused);
  fixture_test ("/vendor/what-stays-needs-no-cost", what_stays_needs_no_cost);
  fixture_test ("/vendor/what-goes-needs-no-cost", what_goes_needs_no_cost);
  fixture_test ("/vendor/a-contracted-price-replaces-the-markup", a_contracted_price_replaces_the_markup);
  fixture_test ("/vendor/charges-keep-what-is-theirs", charges_keep_what_is_theirs);
  fixture_test ("/vendor/the-samples-are-priced", the_samples_are_priced);
  fixture_test ("/vendor/imports-are-refused-with-their-row", imports_are_refused_with_their_row);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/vendor/unpriced/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], is_unpriced);
    }
  return g_test_run ();
}
