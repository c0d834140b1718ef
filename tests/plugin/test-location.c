/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-location, through the host.
 */
#include "fixture-price.h"

#include <string.h>

#define CHARGES                                                                                              \
  "offering,charge,name,type,period,currency,price,mode\n"                                                   \
  "line,rental,Rental,recurring,month,EUR,100,flat\n"                                                        \
  "line,setup,Set-up,oneTime,,EUR,200,flat\n"                                                                \
  "other,rental,Rental,recurring,month,EUR,100,flat\n"                                                       \
  "fibre,access,Access,oneTime,,EUR,50,flat\n"                                                               \
  "fibre,rental,Rental,recurring,month,EUR,100,flat\n"                                                       \
  "portal,access,Access,recurring,month,EUR,12,flat\n"

#define LOCATIONS                                                                                            \
  "site,zone,region,access_cost,access_currency,access_charge\n"                                             \
  "berlin,metro,DE,4000,EUR,\n"                                                                              \
  "sylt,island,DE,9000,EUR,\n"                                                                               \
  "vienna,metro,AT,4000,USD,\n"                                                                              \
  "depot,rural,DE,,,\n"                                                                                      \
  "tower,rural,DE,700,EUR,setup\n"

#define HEAD "place,scope,offering,charge,kind,id,percent,value,currency,minimum,valid_from,valid_to\n"

static void
start (Fixture *fixture, const char *allowances)
{
  fixture_table (fixture, "charges", CHARGES);
  fixture_table (fixture, "locations", LOCATIONS);
  fixture_table (fixture, "sites",
                 "id,country\nberlin,DE\nsylt,DE\nvienna,AT\ndepot,DE\ntower,DE\nparis,FR\n");
  fixture_table (fixture, "allowances", allowances);
  fixture_start (fixture, TRUE);
}

static DdProposal *
line_at (const char *offering, const char *site)
{
  DdProposal *proposal = fixture_line (offering);

  ((DdLine *)proposal->lines->pdata[0])->site = g_strdup (site);
  return proposal;
}

/* Ids of the rules of charge @index, with a space behind each. (transfer full) */
static char *
rules_of (Fixture *fixture, const char *offering, const char *site, guint index)
{
  g_autoptr (DdProposal) proposal = line_at (offering, site);
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  GString *rules = g_string_new (NULL);

  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *rule = fixture_adjustment (answers, i);

      g_assert_cmpuint (rule->stage, ==, DD_STAGE_LOCATION);
      if (rule->charge == index)
        g_string_append_printf (rules, "%s ", dd_answers_text (answers, rule->id));
    }
  return g_string_free (rules, FALSE);
}

#define assert_rules(fixture, offering, site, index, expected)                                               \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    g_autofree char *its_rules = rules_of (fixture, offering, site, index);                                  \
    g_assert_cmpstr (its_rules, ==, expected);                                                               \
  }                                                                                                          \
  G_STMT_END

static void
net_is (Fixture *fixture, const char *offering, const char *site, guint index, const char *expected)
{
  g_autoptr (DdProposal) proposal = line_at (offering, site);
  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);
  g_autofree char *net =
    dd_decimal_format (g_array_index (sheet->results, DdChargeResult, index).net, DD_MICROS_SCALE, 2);

  g_assert_cmpstr (net, ==, expected);
}

/* --- allowances --- */

static void
the_most_specific_place_counts (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,country,*,*,percent,country,1%,,,,,\n"
                       "DE,region,*,*,percent,region,2%,,,,,\n"
                       "metro,zone,*,*,percent,zone,3%,,,,,\n"
                       "berlin,site,*,*,percent,site,4%,,,,,\n");
  assert_rules (fixture, "line", "berlin", 0, "site ");
  assert_rules (fixture, "line", "vienna", 0, "zone ");
  assert_rules (fixture, "line", "sylt", 0, "region ");
  assert_rules (fixture, "line", NULL, 0, "country "); /* the customer's */
  assert_rules (fixture, "line", "paris", 0, "");
  net_is (fixture, "line", "berlin", 0, "96.00");
  net_is (fixture, "line", "berlin", 1, "192.00");
}

static void
then_the_offerings_own_row_and_the_charges (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,country,*,*,percent,all,1%,,,,,\n"
                       "DE,country,*,rental,percent,charge,2%,,,,,\n"
                       "DE,country,line,*,percent,offering,3%,,,,,\n"
                       "DE,country,line,setup,percent,both,4%,,,,,\n");
  assert_rules (fixture, "line", "berlin", 0, "offering ");
  assert_rules (fixture, "line", "berlin", 1, "both ");
  assert_rules (fixture, "other", "berlin", 0, "charge ");
}

static void
equally_specific_ones_all_apply (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,country,line,rental,line,a,,10,EUR,,,\n"
                       "DE,country,line,rental,percent,b,10%,,,,,\n"
                       "DE,country,line,rental,unit,c,,1,EUR,,,\n");
  net_is (fixture, "line", "berlin", 0, "80.00"); /* 100 - 10 = 90, - 10% = 81, - 1 */
}

static void
a_place_is_of_its_scope (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,zone,*,*,percent,zone,1%,,,,,\n");
  assert_rules (fixture, "line", "berlin", 0, "");
}

static void
rows_that_are_over_do_not_count (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "berlin,site,*,*,percent,old,9%,,,,,2026-06-08\n"
                       "berlin,site,*,*,percent,next,9%,,,,2026-06-10,\n"
                       "DE,country,*,*,percent,now,1%,,,,2026-06-09,2026-06-09\n");
  assert_rules (fixture, "line", "berlin", 0, "now ");
}

/* --- the cost of access --- */

static void
access_costs_what_the_location_says (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  net_is (fixture, "fibre", "berlin", 0, "4050.00");
  net_is (fixture, "fibre", "berlin", 1, "100.00");
  net_is (fixture, "line", "tower", 1, "900.00");  /* its own charge carries it */
  net_is (fixture, "fibre", "tower", 0, "50.00");  /* and no other */
  net_is (fixture, "line", "berlin", 1, "200.00"); /* no such charge */
}

static void
a_contribution_leaves_the_minimum (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,country,*,*,contribution,grant,,5000,EUR,500,,\n"
                       "DE,country,*,*,percent,discount,10%,,,,,\n");
  /* 50 less 10% of the price, not of the cost; 4000 - min (5000, 3500) = 500 */
  net_is (fixture, "fibre", "berlin", 0, "545.00");
  /* 9000 - 5000 */
  net_is (fixture, "fibre", "sylt", 0, "4045.00");
  assert_rules (fixture, "line", "berlin", 0, "discount ");
}

static void
a_contribution_is_chosen_apart_from_allowances (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,country,*,*,contribution,grant,,1000,EUR,,,\n"
                       "berlin,site,*,*,percent,discount,10%,,,,,\n"
                       "island,zone,*,*,contribution,island,,2000,EUR,,,\n");
  assert_rules (fixture, "fibre", "berlin", 0, "discount access-cost grant ");
  assert_rules (fixture, "fibre", "sylt", 0, "access-cost island ");
}

static void
access_in_another_currency_is_converted (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "AT,country,*,*,contribution,grant,,1000,USD,,,\n");
  fixture_rates (fixture, "from,to,rate\nUSD,EUR,0.9\n");
  net_is (fixture, "fibre", "vienna", 0, "2750.00");
}

static void
the_location_of_the_day_counts (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "later,zone,*,*,percent,later,50%,,,,,\nnow,zone,*,*,percent,now,10%,,,,,\n");
  fixture_table (fixture, "locations",
                 "site,valid_from,valid_to,zone,access_cost,access_currency\n"
                 "berlin,,2026-06-08,later,1,EUR\nberlin,2026-06-09,2026-06-09,now,2,EUR\n"
                 "berlin,2026-06-10,,later,3,EUR\n");
  net_is (fixture, "fibre", "berlin", 0, "47.00");
}

static void
a_site_that_is_not_known_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) unknown = line_at ("fibre", "paris");
  g_autoptr (DdProposal) nowhere = line_at ("fibre", NULL);
  g_autoptr (DdProposal) uncosted = line_at ("fibre", "depot");

  start (fixture, HEAD);
  fixture_unpriced (fixture, unknown, "line 1", "offering fibre", "site \"paris\"", "dataset locations",
                    NULL);
  fixture_unpriced (fixture, nowhere, "line 1", "offering fibre", "site \"\"", "dataset locations", NULL);
  fixture_unpriced (fixture, uncosted, "line 1", "dataset locations, depot, access", "access_cost", NULL);

  /* what was known, or will be, isn't */
  fixture_table (fixture, "locations",
                 "site,valid_from,valid_to,access_cost,access_currency\nparis,,2026-06-08,1,EUR\nparis,2026-"
                 "06-10,,1,EUR\n");
  fixture_unpriced (fixture, unknown, "line 1", "dataset locations on 2026-06-09", NULL);

  /* nor does it help to have no locations at all */
  fixture_table (fixture, "locations", "site\n");
  fixture_unpriced (fixture, unknown, "line 1", "site \"paris\"", "dataset locations", NULL);
}

static void
without_access_charges_no_location_is_needed (Fixture *fixture, gconstpointer data)
{
  const DdLineAction actions[] = { DD_ACTION_DELETE, DD_ACTION_NO_CHANGE };

  start (fixture, HEAD);
  net_is (fixture, "line", "paris", 0, "100.00");
  net_is (fixture, "portal", "paris", 0, "12.00"); /* recurring: it carries no cost */
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (DdProposal) proposal = line_at ("fibre", "paris");

      ((DdLine *)proposal->lines->pdata[0])->action = actions[i];

      g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

      g_assert_cmpuint (answers->adjustments->len, ==, 0);
    }
}

static void
the_access_charge_is_an_option (Fixture *fixture, gconstpointer data)
{
  g_key_file_set_string (fixture->options, "plugin pricing-location", "access-charge", "setup");
  start (fixture, HEAD);
  net_is (fixture, "line", "berlin", 1, "4200.00");
  net_is (fixture, "fibre", "berlin", 0, "50.00");
}

/* --- why not --- */

static void
what_was_missed_is_told (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *rule;
    const char *says;
  } misses[] = {
    { "old", "0 old: its last day was 2026-06-08, and prices are asked for 2026-06-09\n" },
    { "next", "0 next: its first day is 2026-06-10, and prices are asked for 2026-06-09\n" },
    { "other", "0 other: the offering is fibre, and it is for other\n" },
    { "port", "0 port: the line has no charge port\n" },
    { "country", "0 country: it is for country DE, and charge rental has a more specific allowance\n" },
    { "grant", "0 grant: the access cost of 4000 isn't above its minimum, 4000\n" },
    { "zone", "" },
  };
  g_autoptr (DdProposal) proposal = line_at ("fibre", "berlin");
  g_autoptr (DdProposal) line = line_at ("line", "berlin");
  g_autofree char *no_access = NULL;

  start (fixture, HEAD "berlin,site,*,rental,percent,old,1%,,,,,2026-06-08\n"
                       "berlin,site,*,rental,line,next,,1,EUR,,2026-06-10,\n"
                       "berlin,site,other,*,percent,other,1%,,,,,\n"
                       "berlin,site,*,port,percent,port,1%,,,,,\n"
                       "metro,zone,*,rental,percent,zone,1%,,,,,\n"
                       "DE,country,*,rental,percent,country,1%,,,,,\n"
                       "DE,country,*,*,contribution,grant,,500,EUR,4000,,\n");
  for (guint i = 0; i < G_N_ELEMENTS (misses); i++)
    {
      g_autofree char *told = fixture_misses (fixture, proposal, misses[i].rule);

      g_assert_cmpstr (told, ==, misses[i].says);
    }
  no_access = fixture_misses (fixture, line, "grant");
  g_assert_cmpstr (no_access, ==, "0 grant: the line has no one-time charge access\n");
}

/* --- bad rows --- */

static void
a_bad_row_is_named (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *csv;
    const char *says;
  } bad[] = {
    { HEAD "DE,country,*,*,percent,a,,5,EUR,,,\n", "kind percent takes a percent, such as 12.5%" },
    { HEAD "DE,country,*,rental,line,a,5%,,,,,\n", "kind line takes a value, such as 12.50" },
    { HEAD "DE,country,*,*,unit,a,,5,EUR,,,\n", "belongs to one charge" },
    { HEAD "DE,country,*,rental,unit,a,,5,,,,\n", "needs the currency" },
    { HEAD "DE,country,*,*,percent,a,5%,,,10,,\n", "minimum 10 goes with kind contribution only" },
    { HEAD "DE,country,*,*,contribution,a,5%,,,10,,\n", "takes a value, such as 1500.00" },
    { HEAD "DE,country,*,*,contribution,a,,5,USD,,,\n", "the access cost of site berlin is in EUR" },
    { HEAD "DE,country,*,*,contribution,a,,0.0000001,EUR,,,\n", "more than six digits" },
  };
  g_autoptr (DdProposal) proposal = line_at ("fibre", "berlin");

  start (fixture, HEAD);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      fixture_table (fixture, "allowances", bad[i].csv);
      fixture_unpriced (fixture, proposal, "line 1", "dataset allowances, DE, a: ", bad[i].says, NULL);
    }
  fixture_table (fixture, "allowances", HEAD "DE,country,*,*,contribution,a,,-5,EUR,,,\n");
  fixture_unpriced (fixture, proposal, "dataset allowances, DE, a: ", "below zero", NULL);
  fixture_table (fixture, "locations", "site,access_cost,access_currency\nberlin,-1,EUR\n");
  fixture_unpriced (fixture, proposal, "dataset locations, berlin", "access_cost -1 is below zero", NULL);
}

static void
importing_refuses_what_cannot_be (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  fixture_refuses (fixture, "allowances", HEAD "DE,land,*,*,percent,a,5%,,,,,\n", ":2:", "scope", "country",
                   NULL);
  fixture_refuses (fixture, "allowances", HEAD "DE,country,*,*,percent,a,101%,,,,,\n", ":2:", "percent",
                   NULL);
  fixture_refuses (fixture, "allowances", HEAD "DE,country,*,*,contribution,a,,5,EUR,-1,,\n",
                   ":2:", "minimum", NULL);
  fixture_refuses (fixture, "allowances",
                   HEAD "DE,country,*,*,percent,a,5%,,,,2026-01-01,2026-06-30\n"
                        "DE,country,*,*,percent,b,6%,,,,2026-06-30,\n",
                   ":3:", "meets line 2", NULL);
  fixture_refuses (fixture, "locations", "site,access_cost,access_currency\nberlin,-1,EUR\n",
                   ":2:", "access_cost", NULL);
  fixture_refuses (fixture, "locations", "site,access_cost,access_currency\nberlin,1,EURO\n",
                   ":2:", "access_currency", NULL);
}

static void
the_readmes_example (Fixture *fixture, gconstpointer data)
{
  start (fixture, "place,scope,offering,charge,kind,id,percent,value,currency,minimum\n"
                  "DE,country,*,*,percent,germany,2%,,,\n"
                  "metro,zone,*,rental,percent,metro,5%,,,\n"
                  "metro,zone,*,*,contribution,metro-access,,5000.00,EUR,500.00\n");
  net_is (fixture, "fibre", "berlin", 1, "95.00");
  net_is (fixture, "fibre", "berlin", 0, "549.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/location/the-most-specific-place-counts", the_most_specific_place_counts);
  fixture_test ("/location/then-the-offerings-own-row-and-the-charges",
                then_the_offerings_own_row_and_the_charges);
  fixture_test ("/location/equally-specific-ones-all-apply", equally_specific_ones_all_apply);
  fixture_test ("/location/a-place-is-of-its-scope", a_place_is_of_its_scope);
  fixture_test ("/location/rows-that-are-over-do-not-count", rows_that_are_over_do_not_count);
  fixture_test ("/location/access-costs-what-the-location-says", access_costs_what_the_location_says);
  fixture_test ("/location/a-contribution-leaves-the-minimum", a_contribution_leaves_the_minimum);
  fixture_test ("/location/a-contribution-is-chosen-apart-from-allowances",
                a_contribution_is_chosen_apart_from_allowances);
  fixture_test ("/location/access-in-another-currency-is-converted", access_in_another_currency_is_converted);
  fixture_test ("/location/the-location-of-the-day-counts", the_location_of_the_day_counts);
  fixture_test ("/location/a-site-that-is-not-known-is-an-error", a_site_that_is_not_known_is_an_error);
  fixture_test ("/location/without-access-charges-no-location-is-needed",
                without_access_charges_no_location_is_needed);
  fixture_test ("/location/the-access-charge-is-an-option", the_access_charge_is_an_option);
  fixture_test ("/location/what-was-missed-is-told", what_was_missed_is_told);
  fixture_test ("/location/a-bad-row-is-named", a_bad_row_is_named);
  fixture_test ("/location/importing-refuses-what-cannot-be", importing_refuses_what_cannot_be);
  fixture_test ("/location/the-readmes-example", the_readmes_example);
  return g_test_run ();
}
