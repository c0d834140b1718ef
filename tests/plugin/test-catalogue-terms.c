/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-catalogue's further terms, through the host: validity, contract years, up_to, quantities that
 * prices are for, aggregation, free months and shares.
 */
#include "fixture-price.h"

#define CHARGES                                                                                              \
  "offering,charge,first_year,last_year,valid_from,valid_to,name,type,period,currency,price,mode,per,"       \
  "aggregate,free_months\n"
#define SHARES                                                                                               \
  "offering,charge,name,type,period,currency,price,mode,percent,share_type,share_period,share_offering,"     \
  "share_category,share_charge\n"
#define TIERS "offering,charge,from,up_to,first_year,valid_from,valid_to,price,fee\n"
#define FLAT  "offering,charge,name,type,period,currency,price,mode\n"

static DdAnswers *
answers_of (Fixture *fixture, const char *offering)
{
  g_autoptr (DdProposal) proposal = fixture_line (offering);

  return fixture_answers (fixture, proposal);
}

static void
the_row_of_the_day_counts (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 CHARGES "a,rent,,,,2026-06-08,R,recurring,month,EUR,1,flat,,,\n"
                         "a,rent,,,2026-06-09,2026-06-09,R,recurring,month,EUR,2,flat,,,\n"
                         "a,rent,,,2026-06-10,,R,recurring,month,EUR,3,flat,,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = answers_of (fixture, "a");

  g_assert_cmpuint (answers->charges->len, ==, 1);
  g_assert_cmpint (fixture_charge (answers, 0)->price, ==, 2 * DD_MICROS);
  g_assert_cmpuint (answers->expiries->len, ==, 0);
}

static void
rows_that_miss_their_day_say_so (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("a");

  fixture_table (fixture, "charges",
                 CHARGES "a,rent,,,,2026-06-08,R,recurring,month,EUR,1,flat,,,\n"
                         "a,setup,,,2026-06-10,,R,oneTime,,EUR,1,flat,,,\n"
                         "a,set,,,,,R,oneTime,,EUR,1,flat,,,\n");
  fixture_start (fixture, TRUE);

  g_autofree char *all = fixture_misses (fixture, proposal, NULL);
  g_autofree char *one = fixture_misses (fixture, proposal, "a/setup");

  g_assert_cmpstr (all, ==,
                   "0 a/rent: its last day was 2026-06-08, and prices are asked for 2026-06-09\n"
                   "0 a/setup: its first day is 2026-06-10, and prices are asked for 2026-06-09\n");
  g_assert_cmpstr (one, ==, "0 a/setup: its first day is 2026-06-10, and prices are asked for 2026-06-09\n");
}

static void
rows_of_no_day_price_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("a");

  fixture_table (fixture, "charges", CHARGES "a,rent,,,,2026-06-08,R,recurring,month,EUR,1,flat,,,\n");
  fixture_start (fixture, TRUE);
  fixture_unpriced (fixture, proposal, "line 1", "offering a", "2026-06-09", NULL);
}

static void
overlapping_days_are_refused_at_import (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture, TRUE);
  fixture_refuses (fixture, "charges",
                   CHARGES "a,rent,,,,2026-06-09,R,recurring,month,EUR,1,flat,,,\n"
                           "a,rent,,,2026-06-09,,R,recurring,month,EUR,2,flat,,,\n",
                   ":3:", "rent", NULL);
  fixture_refuses (fixture, "tiers", TIERS "a,l,1,,,,,5,\na,l,1,,,2026-01-01,,6,\n", ":3:", NULL);
}

/* first_year to the year before the next row's */
static void
contract_years_follow_each_other (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 CHARGES "a,rent,,,,,R,recurring,month,EUR,1,flat,,,\n"
                         "a,rent,2,3,,,R,recurring,month,EUR,2,flat,,,\n"
                         "a,rent,5,,,,R,recurring,month,EUR,3,flat,,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = answers_of (fixture, "a");
  const guint8 first[] = { 0, 2, 5 };
  const guint8 last[] = { 1, 3, 0 };

  g_assert_cmpuint (answers->charges->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (fixture_charge (answers, i)->price, ==, (i + 1) * DD_MICROS);
      g_assert_cmpuint (fixture_charge (answers, i)->first_year, ==, first[i]);
      g_assert_cmpuint (fixture_charge (answers, i)->last_year, ==, last[i]);
    }
}

static void
tiers_of_a_year_count_for_it (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 CHARGES "a,l,,,,,L,recurring,month,EUR,,volume,,,\n"
                         "a,l,2,,,,L,recurring,month,EUR,,volume,,,\n"
                         "a,l,3,,,,L,recurring,month,EUR,,volume,,,\n");
  fixture_table (fixture, "tiers", TIERS "a,l,1,,,,,5,\na,l,1,,2,,,6,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = answers_of (fixture, "a");
  const gint64 prices[] = { 5, 6, 5 };

  g_assert_cmpuint (answers->tiers->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (fixture_charge (answers, i)->n_tiers, ==, 1);
      g_assert_cmpint (g_array_index (answers->tiers, DdTier, i).price, ==, prices[i] * DD_MICROS);
    }
}

/* A flat fee comes with each tier that is entered; up_to is inclusive, and without it a tier has no end. */
static void
graduated_tiers_may_end_at_up_to (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 FLAT "lago,c,C,oneTime,,EUR,,graduated\n"
                      "kill,c,C,oneTime,,EUR,,graduated\n");
  fixture_table (fixture, "tiers",
                 TIERS "lago,c,,20,,,,5,3\nlago,c,,10,,,,10,2\nlago,c,,,,,,1,\n"
                       "kill,c,,10,,,,1.5,\nkill,c,,110,,,,1,\nkill,c,,1110,,,,0.5,\n");
  fixture_start (fixture, TRUE);
  assert_net (fixture, "lago", "1", "12.00");
  assert_net (fixture, "lago", "10", "102.00");
  assert_net (fixture, "lago", "11", "110.00");
  assert_net (fixture, "lago", "12", "115.00");
  assert_net (fixture, "lago", "22", "157.00");
  assert_net (fixture, "kill", "111", "115.50");
}

/* 15 units, 50 from 1, 45 from 11 */
static void
tiers_from_a_bound (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 FLAT "volume,c,C,oneTime,,EUR,,volume\n"
                      "graduated,c,C,oneTime,,EUR,,graduated\n"
                      "block,c,C,oneTime,,EUR,,block\n");
  fixture_table (fixture, "tiers",
                 TIERS "volume,c,1,,,,,50,\nvolume,c,11,,,,,45,\n"
                       "graduated,c,1,,,,,50,\ngraduated,c,11,,,,,45,\n"
                       "block,c,1,,,,,1,\nblock,c,11,,,,,3,\n");
  fixture_start (fixture, TRUE);
  assert_net (fixture, "volume", "15", "675.00");
  assert_net (fixture, "graduated", "15", "725.00");
  assert_net (fixture, "graduated", "10.5", "522.50");
  assert_net (fixture, "block", "10", "1.00");
  assert_net (fixture, "block", "11", "3.00");
}

static void
packages_come_off_free_units (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,currency,price,mode,free,package\n"
                 "a,c,C,oneTime,EUR,100,package,,10\n"
                 "b,c,C,oneTime,EUR,100,package,10,10\n"
                 "c,c,C,oneTime,EUR,100,package,200,10\n");
  fixture_start (fixture, TRUE);
  assert_net (fixture, "a", "121", "1300.00");
  assert_net (fixture, "b", "121", "1200.00");
  assert_net (fixture, "c", "121", "0.00");
}

/* 100 a tonne, of kilograms */
static void
a_price_may_be_for_a_quantity (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges", CHARGES "steel,c,,,,,C,oneTime,,EUR,100,flat,1000,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = answers_of (fixture, "steel");

  g_assert_cmpint (fixture_charge (answers, 0)->per, ==, 1000 * DD_MICROS);
  assert_net (fixture, "steel", "2000", "200.00");
}

static void
lines_of_an_offering_aggregate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (8 * DD_MICROS, "a", "b", "a", "c", NULL);

  fixture_table (fixture, "charges",
                 CHARGES "a,c,,,,,C,oneTime,,EUR,,volume,,true,\n"
                         "b,c,,,,,C,oneTime,,EUR,,volume,,true,\n"
                         "c,c,,,,,C,oneTime,,EUR,,volume,,false,\n");
  fixture_table (fixture, "tiers",
                 TIERS "a,c,1,,,,,50,\na,c,11,,,,,45,\nb,c,1,,,,,50,\nb,c,11,,,,,45,\n"
                       "c,c,1,,,,,50,\nc,c,11,,,,,45,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);
  const gint64 nets[] = { 360, 400, 360, 400 };

  g_assert_cmpstr (dd_answers_text (sheet->answers, fixture_charge (sheet->answers, 0)->aggregate - 1), ==,
                   "a/c");
  g_assert_cmpuint (fixture_charge (sheet->answers, 3)->aggregate, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, i).net, ==, nets[i] * DD_MICROS);
}

static void
months_may_be_free (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges", CHARGES "a,rent,,,,,R,recurring,month,EUR,1,flat,,,3\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = answers_of (fixture, "a");

  g_assert_cmpuint (fixture_charge (answers, 0)->free_months, ==, 3);
}

/* Maintenance at 15% of what was bought, by charge, by offering, and of all. */
static void
a_share_names_its_targets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "box", "disk", "care", "gold", "rest", NULL);

  fixture_table (fixture, "charges",
                 SHARES "box,price,P,oneTime,,EUR,1000,flat,,,,,,\n"
                        "box,setup,S,oneTime,,EUR,100,flat,,,,,,\n"
                        "disk,price,P,oneTime,,EUR,200,flat,,,,,,\n"
                        "disk,rent,R,recurring,month,EUR,7,flat,,,,,,\n"
                        "care,care,C,recurring,month,EUR,,share,15%,oneTime,,,,price\n"
                        "gold,care,C,recurring,month,EUR,,share,10%,oneTime,,box,,\n"
                        "rest,care,C,recurring,month,EUR,,share,50%,recurring,month,disk,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  const DdShare shares[] = { { 4, 0 }, { 4, 2 }, { 5, 0 }, { 5, 1 }, { 6, 3 } };

  g_assert_cmpuint (fixture_charge (answers, 4)->mode, ==, DD_TIER_SHARE);
  g_assert_cmpint (fixture_charge (answers, 4)->price, ==, 150000000);
  g_assert_cmpuint (answers->shares->len, ==, G_N_ELEMENTS (shares));
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      g_assert_cmpuint (g_array_index (answers->shares, DdShare, i).charge, ==, shares[i].charge);
      g_assert_cmpuint (g_array_index (answers->shares, DdShare, i).target, ==, shares[i].target);
    }

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 4).net, ==, 180 * DD_MICROS);
  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 5).net, ==, 110 * DD_MICROS);
  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 6).net, ==, 3500000);
}

static void
a_share_may_name_a_category (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "box", "disk", "care", NULL);

  fixture_table (fixture, "charges",
                 SHARES "box,price,P,oneTime,,EUR,1000,flat,,,,,,\n"
                        "disk,price,P,oneTime,,EUR,200,flat,,,,,,\n"
                        "care,care,C,recurring,month,EUR,,share,15%,oneTime,,,hardware,\n");
  fixture_start (fixture, TRUE);
  fixture_offerings (fixture, "id,name,category\nbox,Box,hardware\ndisk,Disk,storage\ncare,Care,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->shares->len, ==, 1);
  g_assert_cmpuint (g_array_index (answers->shares, DdShare, 0).target, ==, 0);
}

/* The cost of another currency is the host's to convert, and the rate must be there on the day. */
static void
a_cost_may_be_in_another_currency (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("a");

  fixture_table (fixture, "charges", FLAT "a,c,C,oneTime,,EUR,10,flat\n");
  fixture_table (fixture, "costs",
                 "offering,charge,valid_from,valid_to,currency,cost\n"
                 "a,c,,2026-06-08,EUR,1\na,c,2026-06-09,,USD,7\n");
  fixture_start (fixture, TRUE);
  fixture_unpriced (fixture, proposal, "line 1", "USD", "EUR", "2026-06-09", NULL);
  fixture_rates (fixture, "from,to,rate\nUSD,EUR,0.9737\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpuint (sheet->answers->adjustments->len, ==, 1);
  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 0).cost, ==, 6815900);
}

typedef struct
{
  const char *name;
  const char *header;
  const char *charges;
  const char *tiers;
  const char *says;
} Row;

static const Row rows[] = {
  { "years-that-meet", CHARGES,
    "a,r,1,2,,,R,recurring,month,EUR,1,flat,,,\na,r,2,,,,R,recurring,month,EUR,1,flat,,,\n", "",
    "dataset charges, a, r, 1: another row of it counts for contract year 2" },
  { "years-that-begin-together", CHARGES,
    "a,r,,,,,R,recurring,month,EUR,1,flat,,,\na,r,1,,,,R,recurring,month,EUR,1,flat,,,\n", "",
    "contract year 1" },
  { "years-that-end-first", CHARGES, "a,r,3,2,,,R,recurring,month,EUR,1,flat,,,\n", "", "last_year is 2" },
  { "year-beyond-all", CHARGES, "a,r,101,,,,R,recurring,month,EUR,1,flat,,,\n", "", "first_year is 101" },
  { "free-months-of-one-time", CHARGES, "a,c,,,,,C,oneTime,,EUR,1,flat,,,2\n", "", "free_months is 2" },
  { "negative-free-months", CHARGES, "a,r,,,,,R,recurring,month,EUR,1,flat,,,-2\n", "", "free_months is -2" },
  { "per-nothing", CHARGES, "a,c,,,,,C,oneTime,,EUR,1,flat,0,,\n", "", "per is 0" },
  { "aggregated-usage", CHARGES, "a,c,,,,,C,usage,,EUR,1,flat,,true,\n", "", "no committed units" },
  { "from-and-up-to", CHARGES, "a,c,,,,,C,oneTime,,EUR,,graduated,,,\n", "a,c,1,10,,,,1,\n",
    "dataset tiers, a, c, 1, 10: all tiers of a charge have from" },
  { "from-or-up-to", CHARGES, "a,c,,,,,C,oneTime,,EUR,,graduated,,,\n", "a,c,1,,,,,1,\na,c,,10,,,,1,\n",
    "all tiers of a charge have from" },
  { "up-to-by-volume", CHARGES, "a,c,,,,,C,oneTime,,EUR,,volume,,,\n", "a,c,,10,,,,1,\n",
    "up_to is for mode graduated; under volume give from" },
  { "tiers-of-another-day", CHARGES, "a,c,,,,,C,oneTime,,EUR,,volume,,,\n", "a,c,1,,,,2026-06-08,1,\n",
    "valid on 2026-06-09" },
  { "share-without-percent", SHARES, "a,c,C,oneTime,,EUR,,share,,oneTime,,,,\n", "", "needs percent" },
  { "share-of-nothing", SHARES, "a,c,C,oneTime,,EUR,,share,5%,,,,,\n", "", "share_type" },
  { "share-with-price", SHARES, "a,c,C,oneTime,,EUR,5,share,5%,oneTime,,,,\n", "", "has no price" },
  { "share-of-usage", SHARES, "a,c,C,oneTime,,EUR,,share,5%,usage,,,,\n", "", "share_type is \"usage\"" },
  { "share-of-no-period", SHARES, "a,c,C,oneTime,,EUR,,share,5%,recurring,,,,\n", "", "share_period \"\"" },
  { "share-as-usage", SHARES, "a,c,C,usage,,EUR,,share,5%,oneTime,,,,\n", "", "has no units" },
  { "percent-without-share", SHARES, "a,c,C,oneTime,,EUR,5,flat,5%,,,,,\n", "", "are for mode share" },
};

static void
is_unpriced (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *charges = g_strconcat (row->header, row->charges, NULL);
  g_autofree char *tiers = g_strconcat (TIERS, row->tiers, NULL);
  g_autoptr (DdProposal) proposal = fixture_line ("a");
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  fixture_start (&fixture, TRUE);
  fixture_table (&fixture, "charges", charges);
  fixture_table (&fixture, "tiers", tiers);
  fixture_unpriced (&fixture, proposal, "pricing-catalogue", "line 1", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
imports_are_refused_with_their_row (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture, TRUE);
  fixture_refuses (fixture, "charges", CHARGES "a,c,,,,,C,oneTime,,EUR,1,flat,0,,\n", "\"per\"", NULL);
  fixture_refuses (fixture, "charges", CHARGES "a,c,0,,,,C,oneTime,,EUR,1,flat,,,\n", "\"first_year\"", NULL);
  fixture_refuses (fixture, "charges", CHARGES "a,c,,101,,,C,oneTime,,EUR,1,flat,,,\n", "\"last_year\"",
                   NULL);
  fixture_refuses (fixture, "charges", CHARGES "a,c,,,,,C,oneTime,,EUR,1,flat,,,1201\n", "\"free_months\"",
                   NULL);
  fixture_refuses (fixture, "charges", SHARES "a,c,C,oneTime,,EUR,,share,101%,oneTime,,,,\n", "\"percent\"",
                   "100%", NULL);
  fixture_refuses (fixture, "charges", SHARES "a,c,C,oneTime,,EUR,,share,5%,usage,,,,\n", "\"share_type\"",
                   NULL);
  fixture_refuses (fixture, "tiers", TIERS "a,c,,0,,,,1,\n", "\"up_to\"", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/catalogue/terms/the-row-of-the-day-counts", the_row_of_the_day_counts);
  fixture_test ("/catalogue/terms/rows-that-miss-their-day-say-so", rows_that_miss_their_day_say_so);
  fixture_test ("/catalogue/terms/rows-of-no-day-price-nothing", rows_of_no_day_price_nothing);
  fixture_test ("/catalogue/terms/overlapping-days-are-refused-at-import",
                overlapping_days_are_refused_at_import);
  fixture_test ("/catalogue/terms/contract-years-follow-each-other", contract_years_follow_each_other);
  fixture_test ("/catalogue/terms/tiers-of-a-year-count-for-it", tiers_of_a_year_count_for_it);
  fixture_test ("/catalogue/terms/graduated-tiers-may-end-at-up-to", graduated_tiers_may_end_at_up_to);
  fixture_test ("/catalogue/terms/tiers-from-a-bound", tiers_from_a_bound);
  fixture_test ("/catalogue/terms/packages-come-off-free-units", packages_come_off_free_units);
  fixture_test ("/catalogue/terms/a-price-may-be-for-a-quantity", a_price_may_be_for_a_quantity);
  fixture_test ("/catalogue/terms/lines-of-an-offering-aggregate", lines_of_an_offering_aggregate);
  fixture_test ("/catalogue/terms/months-may-be-free", months_may_be_free);
  fixture_test ("/catalogue/terms/a-share-names-its-targets", a_share_names_its_targets);
  fixture_test ("/catalogue/terms/a-share-may-name-a-category", a_share_may_name_a_category);
  fixture_test ("/catalogue/terms/a-cost-may-be-in-another-currency", a_cost_may_be_in_another_currency);
  fixture_test ("/catalogue/terms/imports-are-refused-with-their-row", imports_are_refused_with_their_row);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/catalogue/terms/unpriced/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], is_unpriced);
    }
  return g_test_run ();
}
