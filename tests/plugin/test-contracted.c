/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-contracted, through the host. The customer is linden.
 */
#include "fixture-price.h"

#define CHARGES "offering,charge,name,type,period,currency,price,mode\n"
#define CONTRACTED                                                                                           \
  "customer,offering,charge,valid_from,valid_to,agreement,currency,mode,price,fee,free,package,minimum,"     \
  "maximum,per\n"
#define TIERS "customer,offering,charge,agreement,from,up_to,valid_from,valid_to,price,fee\n"

/* EPL: rent 125 a month, set-up 50; and a licence for 10. */
static void
start (Fixture *fixture)
{
  fixture_table (fixture, "charges",
                 CHARGES "epl,rent,Rental,recurring,month,EUR,125,flat\n"
                         "epl,setup,Set-up,oneTime,,EUR,50,flat\n"
                         "uni,licence,Licence,recurring,month,EUR,10,flat\n"
                         "sip,call,Calls,usage,,EUR,0.02,flat\n");
  fixture_start (fixture, TRUE);
}

static const DdContract *
contract_at (const DdAnswers *answers, guint index)
{
  g_assert_cmpuint (index, <, answers->contracts->len);
  return &g_array_index (answers->contracts, DdContract, index);
}

static void
a_row_replaces_the_whole_charge (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "uni", "epl", NULL);

  start (fixture);
  fixture_table (fixture, "contracted",
                 CONTRACTED "linden,epl,rent,2026-01-01,2026-12-31,FA-7,EUR,package,100,1,2,10,3,900,5\n"
                            "oak,epl,setup,,,FA-1,EUR,flat,1,,,,,,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->contracts->len, ==, 1);

  const DdContract *contract = contract_at (answers, 0);
  const DdCharge *price = &contract->price;

  g_assert_cmpuint (contract->charge, ==, 1);
  g_assert_cmpstr (dd_answers_text (answers, fixture_charge (answers, contract->charge)->id), ==, "rent");
  g_assert_cmpint (fixture_charge (answers, contract->charge)->price, ==, 125 * DD_MICROS);
  g_assert_cmpuint (price->mode, ==, DD_TIER_PACKAGE);
  g_assert_cmpint (price->price, ==, 100 * DD_MICROS);
  g_assert_cmpint (price->fee, ==, DD_MICROS);
  g_assert_cmpint (price->free_units, ==, 2 * DD_MICROS);
  g_assert_cmpint (price->package_size, ==, 10 * DD_MICROS);
  g_assert_cmpint (price->minimum, ==, 3 * DD_MICROS);
  g_assert_cmpint (price->maximum, ==, 900 * DD_MICROS);
  g_assert_cmpint (price->per, ==, 5 * DD_MICROS);
  g_assert_cmpstr (dd_answers_text (answers, price->source), ==, "contracted");

  g_assert_cmpuint (answers->expiries->len, ==, 1);

  const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, 0);

  g_assert_cmpuint (expiry->charge, ==, 1);
  g_assert_cmpint (expiry->last, ==, 20818); /* 2026-12-31 */
  g_assert_cmpstr (dd_answers_text (answers, expiry->label), ==, "agreement FA-7 for charge rent");
}

/* list 125, contracted 100: the catalogue's price stays the reference of discounts off list */
static void
list_stays_the_reference (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");

  start (fixture);
  fixture_table (fixture, "contracted", CONTRACTED "linden,epl,rent,,,FA-7,EUR,flat,100,,,,,,\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);
  const DdChargeResult *rent = &g_array_index (sheet->results, DdChargeResult, 0);

  g_assert_cmpint (rent->list, ==, 125 * DD_MICROS);
  g_assert_cmpint (rent->standing, ==, 100 * DD_MICROS);
  g_assert_cmpint (rent->net, ==, 100 * DD_MICROS);
  g_assert_cmpuint (sheet->answers->expiries->len, ==, 0);
}

static void
an_agreement_has_tiers_of_its_own (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  fixture_table (fixture, "contracted",
                 CONTRACTED "linden,uni,licence,,2026-06-08,FA-1,EUR,volume,,,,,,,\n"
                            "linden,uni,licence,2026-06-09,,FA-2,EUR,graduated,,,,,,,\n");
  fixture_table (fixture, "contracted-tiers",
                 TIERS "linden,uni,licence,FA-1,1,,,,1,\n"
                       "linden,uni,licence,FA-2,,10,,,8,2\n"
                       "linden,uni,licence,FA-2,,,,2026-06-08,1,\n"
                       "linden,uni,licence,FA-2,,,2026-06-09,,6,3\n"
                       "oak,uni,licence,FA-2,1,,,,1,\n");
  assert_net (fixture, "uni", "10", "82.00");
  assert_net (fixture, "uni", "12", "97.00");
}

static void
rows_count_on_their_days (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");

  start (fixture);
  fixture_table (fixture, "contracted",
                 CONTRACTED "linden,epl,rent,,2026-06-08,FA-1,EUR,flat,100,,,,,,\n"
                            "linden,epl,rent,2026-06-10,,FA-2,EUR,flat,90,,,,,,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  g_autofree char *all = fixture_misses (fixture, proposal, NULL);
  g_autofree char *one = fixture_misses (fixture, proposal, "FA-2");

  g_assert_cmpuint (answers->contracts->len, ==, 0);
  g_assert_cmpstr (all, ==,
                   "0 FA-1: its last day was 2026-06-08, and prices are asked for 2026-06-09\n"
                   "0 FA-2: its first day is 2026-06-10, and prices are asked for 2026-06-09\n");
  g_assert_cmpstr (one, ==, "0 FA-2: its first day is 2026-06-10, and prices are asked for 2026-06-09\n");
}

static void
another_currency_is_converted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("uni");

  start (fixture);
  fixture_table (fixture, "contracted", CONTRACTED "linden,uni,licence,,,FA-1,USD,flat,0.004,,,,,,\n");
  fixture_unpriced (fixture, proposal, "line 1", "USD", "EUR", "2026-06-09", NULL);
  fixture_rates (fixture, "from,to,rate\nUSD,EUR,0.9737\n");
  assert_net (fixture, "uni", "1000000", "3894.80");
}

/* A usage rate has nine digits, contracted or not. */
static void
a_usage_rate_may_be_contracted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("sip");

  start (fixture);
  fixture_table (fixture, "contracted", CONTRACTED "linden,sip,call,,,FA-1,EUR,flat,0.012345678,,,,,,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpint (contract_at (answers, 0)->price.price, ==, 12345678);
}

/* The charge of each contract year is replaced. */
static void
all_contract_years_are_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("a");

  fixture_table (fixture, "charges",
                 "offering,charge,first_year,name,type,period,currency,price,mode\n"
                 "a,rent,,R,recurring,month,EUR,1,flat\na,rent,2,R,recurring,month,EUR,2,flat\n");
  fixture_table (fixture, "contracted", CONTRACTED "linden,a,rent,,,FA-1,EUR,flat,1,,,,,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->contracts->len, ==, 2);
  g_assert_cmpuint (contract_at (answers, 0)->charge, ==, 0);
  g_assert_cmpuint (contract_at (answers, 1)->charge, ==, 1);
}

static void
nobody_has_no_contracts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");

  start (fixture);
  fixture->context.customer = NULL;
  fixture_table (fixture, "contracted", CONTRACTED "linden,epl,rent,,,FA-7,EUR,flat,100,,,,,,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->contracts->len, ==, 0);
}

/* A price that no charge gets would be lost, unnoticed; what stays may have left the catalogue. */
static void
a_charge_that_is_not_there_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");

  start (fixture);
  fixture_table (fixture, "contracted", CONTRACTED "linden,epl,rental,,,FA-7,EUR,flat,100,,,,,,\n");
  fixture_unpriced (fixture, proposal, "pricing-contracted", "line 1",
                    "dataset contracted, linden, epl, rental", "it has rent, setup", NULL);
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_NO_CHANGE;

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->contracts->len, ==, 0);
}

typedef struct
{
  const char *name;
  const char *contracted;
  const char *tiers;
  const char *says;
} Row;

static const Row rows[] = {
  { "mode", "linden,epl,rent,,,FA-7,EUR,share,,,,,,,\n", "",
    "dataset contracted, linden, epl, rent: mode is \"share\", not flat, volume, graduated, block or "
    "package" },
  { "no-price", "linden,epl,rent,,,FA-7,EUR,flat,,,,,,,\n", "", "mode flat needs a price of its own" },
  { "price-beside-tiers", "linden,epl,rent,,,FA-7,EUR,volume,5,,,,,,\n", "linden,epl,rent,FA-7,1,,,,5,\n",
    "mode volume takes its prices from dataset contracted-tiers" },
  { "no-tiers", "linden,epl,rent,,,FA-7,EUR,volume,,,,,,,\n", "linden,epl,rent,FA-8,1,,,,5,\n",
    "dataset contracted-tiers has no tiers" },
  { "negative", "linden,epl,rent,,,FA-7,EUR,flat,-5,,,,,,\n", "", "negative" },
  { "digits", "linden,epl,rent,,,FA-7,EUR,flat,0.0000001,,,,,,\n", "", "six digits" },
  { "per", "linden,epl,rent,,,FA-7,EUR,flat,5,,,,,,0\n", "", "per is 0" },
  { "two-a-day",
    "linden,epl,rent,,,FA-7,EUR,flat,5,,,,,,\nlinden,epl,rent,2026-01-01,,FA-8,EUR,flat,6,,,,,,\n", "",
    "another row for this charge is valid on the same day" },
};

static void
is_unpriced (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *contracted = g_strconcat (CONTRACTED, row->contracted, NULL);
  g_autofree char *tiers = g_strconcat (TIERS, row->tiers, NULL);
  g_autoptr (DdProposal) proposal = fixture_line ("epl");
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  start (&fixture);
  fixture_table (&fixture, "contracted", contracted);
  fixture_table (&fixture, "contracted-tiers", tiers);
  fixture_unpriced (&fixture, proposal, "pricing-contracted", "line 1", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
imports_are_refused_with_their_row (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  fixture_refuses (fixture, "contracted", CONTRACTED "linden,epl,rent,,,FA-7,EUR,stairs,5,,,,,,\n",
                   ":2:", "\"mode\"", "graduated", NULL);
  fixture_refuses (fixture, "contracted", CONTRACTED "linden,epl,rent,,,FA-7,EUR,flat,-5,,,,,,\n",
                   "\"price\"", NULL);
  fixture_refuses (fixture, "contracted", CONTRACTED "linden,epl,rent,,,,EUR,flat,5,,,,,,\n", "\"agreement\"",
                   NULL);
  fixture_refuses (fixture, "contracted",
                   CONTRACTED "linden,epl,rent,,2026-06-30,FA-7,EUR,flat,5,,,,,,\n"
                              "linden,epl,rent,2026-06-30,,FA-8,EUR,flat,6,,,,,,\n",
                   ":3:", "rent", NULL);
  fixture_refuses (fixture, "contracted-tiers", TIERS "linden,epl,rent,FA-7,1,,,,-5,\n", "\"price\"", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/contracted/a-row-replaces-the-whole-charge", a_row_replaces_the_whole_charge);
  fixture_test ("/contracted/list-stays-the-reference", list_stays_the_reference);
  fixture_test ("/contracted/an-agreement-has-tiers-of-its-own", an_agreement_has_tiers_of_its_own);
  fixture_test ("/contracted/rows-count-on-their-days", rows_count_on_their_days);
  fixture_test ("/contracted/another-currency-is-converted", another_currency_is_converted);
  fixture_test ("/contracted/a-usage-rate-may-be-contracted", a_usage_rate_may_be_contracted);
  fixture_test ("/contracted/all-contract-years-are-replaced", all_contract_years_are_replaced);
  fixture_test ("/contracted/nobody-has-no-contracts", nobody_has_no_contracts);
  fixture_test ("/contracted/a-charge-that-is-not-there-is-refused", a_charge_that_is_not_there_is_refused);
  fixture_test ("/contracted/imports-are-refused-with-their-row", imports_are_refused_with_their_row);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/contracted/unpriced/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], is_unpriced);
    }
  return g_test_run ();
}
