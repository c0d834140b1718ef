/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exchange rates that prices rest on: which row counts, what is recorded, and what is refused.
 */
#include "fixture-price.h"

#define CHARGES "offering,charge,name,type,period,currency,price,mode\n"
#define RATES   "from,to,valid_from,valid_to,rate,per\n"

static void
start (Fixture *fixture)
{
  fixture_table (fixture, "charges",
                 CHARGES "a,c,C,oneTime,,USD,7,flat\na,d,D,oneTime,,USD,1,flat\nb,c,C,oneTime,,EUR,1,flat\n"
                         "y,c,C,oneTime,,JPY,1000,flat\n");
  fixture_start (fixture, TRUE);
}

static DdProposal *
offer_in (const char *currency, const char *offering)
{
  DdProposal *proposal = fixture_proposal (2 * DD_MICROS, offering, "b", NULL);

  g_strlcpy (proposal->currency.code, currency, sizeof proposal->currency.code);
  return proposal;
}

/* 7.00 USD at 0.9737, quantity 2: 13.63 */
static void
the_offers_currency_settles_the_charges (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = offer_in ("EUR", "a");

  start (fixture);
  fixture_rates (fixture, RATES "USD,EUR,,,0.9737,\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);
  const DdAnswers *answers = sheet->answers;
  const DdRate *rate = &g_array_index (answers->rates, DdRate, 0);
  const DdSource *source = &g_array_index (answers->sources, DdSource, answers->sources->len - 1);

  g_assert_cmpuint (answers->rates->len, ==, 1);
  g_assert_cmpstr (rate->from.code, ==, "USD");
  g_assert_cmpstr (rate->to.code, ==, "EUR");
  g_assert_cmpint (rate->rate, ==, 973700000);
  g_assert_cmpint (rate->per, ==, 1);
  g_assert_cmpstr (fixture_charge (answers, 0)->currency.code, ==, "EUR");
  g_assert_cmpstr (fixture_charge (answers, 0)->source_currency.code, ==, "USD");
  g_assert_cmpstr (fixture_charge (answers, 2)->source_currency.code, ==, "");
  g_assert_cmpstr (source->name, ==, "rates");
  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 0).net, ==, 13630000);
  g_assert_cmpuint (answers->expiries->len, ==, 0);
}

static void
an_offer_without_currency_leaves_them (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = offer_in ("", "a");

  start (fixture);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->rates->len, ==, 0);
  g_assert_cmpstr (fixture_charge (answers, 0)->currency.code, ==, "USD");
}

/* Of the rows that are valid on the day the one that began last; its last day is noted for each charge. */
static void
the_rate_of_the_day_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = offer_in ("EUR", "a");

  start (fixture);
  fixture_rates (fixture, RATES "USD,EUR,,,0.5,\nUSD,EUR,2026-06-01,2026-06-30,0.9,\n"
                                "USD,EUR,2026-06-05,2026-06-08,0.8,\nUSD,EUR,2026-06-10,,0.7,\n"
                                "USD,CHF,2026-06-09,,0.6,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpint (g_array_index (answers->rates, DdRate, 0).rate, ==, 900000000);
  g_assert_cmpuint (answers->expiries->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, i);

      g_assert_cmpuint (expiry->charge, ==, i);
      g_assert_cmpint (expiry->last, ==, 20634); /* 2026-06-30 */
      g_assert_cmpstr (dd_answers_text (answers, expiry->label), ==, "rate from USD to EUR");
    }
}

/* 100 yen at a time keep their digits */
static void
a_rate_may_be_for_several_units (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = offer_in ("EUR", "y");

  start (fixture);
  fixture_rates (fixture, RATES "JPY,EUR,,,0.612345678,100\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpint (g_array_index (sheet->answers->rates, DdRate, 0).per, ==, 100);
  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 0).net, ==, 12250000);
}

/* Neither the other way round nor through a third currency. */
static void
another_pair_is_no_rate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = offer_in ("EUR", "a");

  start (fixture);
  fixture_unpriced (fixture, proposal, "line 1", "charge c of offering a", "from USD to EUR on 2026-06-09",
                    NULL);
  fixture_rates (fixture, RATES "EUR,USD,,,1.1,\nUSD,CHF,,,1,\nCHF,EUR,,,1,\nUSD,EUR,2026-06-10,,1,\n");
  fixture_unpriced (fixture, proposal, "line 1", "charge c of offering a", "from USD to EUR on 2026-06-09",
                    NULL);
}

static void
a_rate_of_nothing_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = offer_in ("EUR", "a");

  start (fixture);
  fixture_rates (fixture, RATES "USD,EUR,,,0,\n");
  fixture_unpriced (fixture, proposal, "dataset rates, from USD to EUR", "isn't positive", NULL);
  fixture_rates (fixture, RATES "USD,EUR,,,1,0\n");
  fixture_unpriced (fixture, proposal, "dataset rates, from USD to EUR", "isn't positive", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/rates/the-offers-currency-settles-the-charges", the_offers_currency_settles_the_charges);
  fixture_test ("/rates/an-offer-without-currency-leaves-them", an_offer_without_currency_leaves_them);
  fixture_test ("/rates/the-rate-of-the-day-counts", the_rate_of_the_day_counts);
  fixture_test ("/rates/a-rate-may-be-for-several-units", a_rate_may_be_for_several_units);
  fixture_test ("/rates/another-pair-is-no-rate", another_pair_is_no_rate);
  fixture_test ("/rates/a-rate-of-nothing-is-refused", a_rate_of_nothing_is_refused);
  return g_test_run ();
}
