/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-catalogue, through the host.
 */
#include "fixture-price.h"

#include <string.h>

#define CHARGES "offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n"
#define TIERS   "offering,charge,from,price,fee\n"
#define COSTS   "offering,charge,currency,cost\n"

static DdAnswers *
price (Fixture *fixture, const char *offering)
{
  g_autoptr (DdProposal) proposal = fixture_line (offering);

  return fixture_answers (fixture, proposal);
}

static void
rows_become_charges (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 CHARGES "epl,rental,Rental,recurring,month,EUR,420.5,flat,1,2,,10,1000\n"
                         "epl,setup,Set-up,oneTime,,EUR,450,flat,,,,,\n"
                         "epl,traffic,Traffic,usage,,EUR,0.000000125,flat,,,,,\n");
  fixture_table (fixture, "costs", COSTS "epl,rental,EUR,262.25\nepl,traffic,EUR,0.0000001\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "epl", "epl", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answers->charges->len, ==, 6);

  const DdCharge *rental = fixture_charge (answers, 3);

  g_assert_cmpuint (rental->line, ==, 1);
  g_assert_cmpstr (dd_answers_text (answers, rental->id), ==, "rental");
  g_assert_cmpstr (dd_answers_text (answers, rental->name), ==, "Rental");
  g_assert_cmpstr (dd_answers_text (answers, rental->source), ==, "charges");
  g_assert_cmpstr (rental->currency.code, ==, "EUR");
  g_assert_cmpuint (rental->type, ==, DD_CHARGE_RECURRING);
  g_assert_cmpuint (rental->period, ==, DD_PERIOD_MONTH);
  g_assert_cmpint (rental->price, ==, 420500000);
  g_assert_cmpint (rental->fee, ==, 1000000);
  g_assert_cmpint (rental->free_units, ==, 2000000);
  g_assert_cmpint (rental->minimum, ==, 10000000);
  g_assert_cmpint (rental->maximum, ==, 1000000000);
  g_assert_cmpint (fixture_charge (answers, 4)->minimum, ==, DD_NO_LIMIT);

  /* usage stays in nanos, its cost too */
  g_assert_cmpint (fixture_charge (answers, 5)->price, ==, 125);
  g_assert_cmpuint (answers->adjustments->len, ==, 4);

  const DdAdjustment *cost = &g_array_index (answers->adjustments, DdAdjustment, 2);

  g_assert_cmpuint (cost->charge, ==, 3);
  g_assert_cmpuint (cost->kind, ==, DD_ADJUST_COST);
  g_assert_cmpuint (cost->stage, ==, DD_STAGE_BASE);
  g_assert_cmpint (cost->value, ==, 262250000);
  g_assert_cmpint (g_array_index (answers->adjustments, DdAdjustment, 3).value, ==, 100);
}

static void
versions_are_among_the_sources (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "pricing-catalogue", "charges", "tiers", "costs" };

  fixture_table (fixture, "charges", CHARGES "epl,setup,Set-up,oneTime,,EUR,450,flat,,,,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = price (fixture, "epl");

  g_assert_cmpuint (answers->sources->len, >, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (g_array_index (answers->sources, DdSource, i).name, ==, names[i]);
  g_assert_cmpstr (g_array_index (answers->sources, DdSource, 0).plugin_version, ==, "2");
}

static void
tiers_ascend_by_number (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 CHARGES "a,licence,Licence,recurring,month,EUR,,graduated,,,,,\n"
                         "b,licence,Licence,recurring,month,EUR,,volume,,,,,\n");
  fixture_table (fixture, "tiers",
                 TIERS "a,licence,11,17,5\na,licence,1,19,\na,licence,101,15,\n"
                       "b,licence,1,19,\nb,licence,11,17,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) graduated = price (fixture, "a");
  g_autoptr (DdAnswers) volume = price (fixture, "b");
  const gint64 from[] = { 1, 11, 101 };
  const gint64 bounds[] = { 10 * DD_MICROS, 100 * DD_MICROS, G_MAXINT64 };

  g_assert_cmpuint (fixture_charge (graduated, 0)->n_tiers, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const DdTier *tier = &g_array_index (graduated->tiers, DdTier, i);

      g_assert_cmpint (tier->from, ==, from[i] * DD_MICROS);
      g_assert_cmpint (tier->bound, ==, bounds[i]);
    }
  g_assert_cmpint (g_array_index (graduated->tiers, DdTier, 1).fee, ==, 5 * DD_MICROS);
  g_assert_cmpuint (fixture_charge (volume, 0)->n_tiers, ==, 2);
  g_assert_cmpint (g_array_index (volume->tiers, DdTier, 1).price, ==, 17 * DD_MICROS);
}

typedef struct
{
  const char *name;
  const char *charges;
  const char *tiers;
  const char *costs;
  const char *says;
} Row;

/* What importing lets through, or was stored before it looked. */
static const Row rows[] = {
  { "no-tiers", "epl,l,L,oneTime,,EUR,,volume,,,,,\n", "", "", "no tiers" },
  { "tiers-without-room", "epl,l,L,oneTime,,EUR,,graduated,,,,,\n", "epl,l,1,1,\nepl,l,1.5,1,\n", "",
    "dataset tiers, epl, l, 1: the tier has no room" },
  { "too-many-digits", "epl,l,L,oneTime,,EUR,0.0000001,flat,,,,,\n", "", "", "six digits" },
  { "tier-with-too-many-digits", "epl,l,L,oneTime,,EUR,,volume,,,,,\n", "epl,l,1,0.0000001,\n", "",
    "dataset tiers, epl, l, 1: an amount has more than six digits" },
  { "cost-with-too-many-digits", "epl,l,L,oneTime,,EUR,1,flat,,,,,\n", "", "epl,l,EUR,0.0000001\n",
    "dataset costs" },
  { "unknown-type", "epl,l,L,monthly,,EUR,1,flat,,,,,\n", "", "", "type is \"monthly\"" },
  { "recurring-without-period", "epl,l,L,recurring,,EUR,1,flat,,,,,\n", "", "", "period" },
  { "one-time-with-period", "epl,l,L,oneTime,month,EUR,1,flat,,,,,\n", "", "", "period" },
  { "unknown-mode", "epl,l,L,oneTime,,EUR,1,stairs,,,,,\n", "", "", "mode is \"stairs\"" },
  { "no-price", "epl,l,L,oneTime,,EUR,,flat,,,,,\n", "", "", "needs a price" },
  { "price-beside-tiers", "epl,l,L,oneTime,,EUR,1,volume,,,,,\n", "epl,l,1,1,\n", "", "dataset tiers" },
  { "package-without-size", "epl,l,L,oneTime,,EUR,1,package,,,,,\n", "", "", "package" },
  { "size-without-package", "epl,l,L,oneTime,,EUR,1,flat,,,10,,\n", "", "", "package" },
  { "minimum-above-maximum", "epl,l,L,oneTime,,EUR,1,flat,,,,5,4\n", "", "", "minimum is above" },
  { "negative", "epl,l,L,oneTime,,EUR,-1,flat,,,,,\n", "", "", "negative" },
  { "negative-tier", "epl,l,L,oneTime,,EUR,,volume,,,,,\n", "epl,l,1,-1,\n", "", "negative" },
  { "negative-cost", "epl,l,L,oneTime,,EUR,1,flat,,,,,\n", "", "epl,l,EUR,-1\n", "negative" },
};

static void
is_unpriced (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *charges = g_strconcat (CHARGES, row->charges, NULL);
  g_autofree char *tiers = g_strconcat (TIERS, row->tiers, NULL);
  g_autofree char *costs = g_strconcat (COSTS, row->costs, NULL);
  g_autoptr (DdProposal) proposal = fixture_line ("epl");
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  fixture_start (&fixture, TRUE);
  fixture_table (&fixture, "charges", charges);
  fixture_table (&fixture, "tiers", tiers);
  fixture_table (&fixture, "costs", costs);
  fixture_unpriced (&fixture, proposal, "pricing-catalogue", "line 1", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
imports_are_refused_with_their_row (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture, TRUE);
  fixture_refuses (fixture, "charges", CHARGES "epl,l,L,monthly,,EUR,1,flat,,,,,\n", ":2:", "\"type\"",
                   "oneTime, recurring, usage", NULL);
  fixture_refuses (fixture, "charges", CHARGES "epl,l,L,recurring,moon,EUR,1,flat,,,,,\n", "\"period\"",
                   "quarter", NULL);
  fixture_refuses (fixture, "charges", CHARGES "epl,l,L,oneTime,,EUR,1,stairs,,,,,\n", "\"mode\"",
                   "graduated", NULL);
  fixture_refuses (fixture, "charges", CHARGES "epl,l,L,oneTime,,EUR,-1,flat,,,,,\n", "\"price\"", "below 0",
                   NULL);
  fixture_refuses (fixture, "charges", CHARGES "epl,l,L,oneTime,,XXY,1,flat,,,,,\n", "\"currency\"", NULL);
  fixture_refuses (fixture, "tiers", TIERS "epl,l,1,-1,\n", "\"price\"", "below 0", NULL);
  fixture_refuses (fixture, "tiers", TIERS "epl,l,-1,1,\n", "\"from\"", "below 0", NULL);
  fixture_refuses (fixture, "costs", COSTS "epl,l,EUR,-1\n", "\"cost\"", "below 0", NULL);
}

static void
a_line_that_nothing_prices_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");

  fixture_start (fixture, TRUE);
  fixture_unpriced (fixture, proposal, "line 1", "offering epl", "charges (pricing-catalogue)",
                    "vendor-parts (pricing-vendor)", "2026-06-09", NULL);
}

static void
what_stays_needs_no_charges (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("gone");
  g_autoptr (GError) error = NULL;

  fixture_start (fixture, TRUE);

  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answers->charges->len, ==, 0);
}

static void
an_unmapped_line_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");
  g_autoptr (GError) error = NULL;

  fixture_start (fixture, TRUE);
  g_clear_pointer (&((DdLine *)proposal->lines->pdata[0])->offering, g_free);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNMAPPED, "line 1", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/catalogue/rows-become-charges", rows_become_charges);
  fixture_test ("/catalogue/versions-are-among-the-sources", versions_are_among_the_sources);
  fixture_test ("/catalogue/tiers-ascend-by-number", tiers_ascend_by_number);
  fixture_test ("/catalogue/imports-are-refused-with-their-row", imports_are_refused_with_their_row);
  fixture_test ("/catalogue/a-line-that-nothing-prices-is-refused", a_line_that_nothing_prices_is_refused);
  fixture_test ("/catalogue/what-stays-needs-no-charges", what_stays_needs_no_charges);
  fixture_test ("/catalogue/an-unmapped-line-is-refused", an_unmapped_line_is_refused);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/catalogue/unpriced/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], is_unpriced);
    }
  return g_test_run ();
}
