/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-guard, through the host.
 */
#include "fixture-price.h"

#define CHARGES                                                                                              \
  "offering,charge,name,type,period,currency,price,mode\n"                                                   \
  "line,rental,Rental,recurring,month,EUR,100,flat\n"                                                        \
  "line,setup,Set-up,oneTime,,EUR,200,flat\n"                                                                \
  "meter,traffic,Traffic,usage,,EUR,0.000000125,flat\n"

#define HEAD "offering,charge,currency,floor,valid_from,valid_to\n"

static void
start (Fixture *fixture, const char *floors)
{
  fixture_table (fixture, "charges", CHARGES);
  fixture_table (fixture, "floors", floors);
  fixture_start (fixture, TRUE);
}

static const DdChargeResult *
result_at (const DdSheet *sheet, guint index)
{
  g_assert_cmpuint (index, <, sheet->results->len);
  return &g_array_index (sheet->results, DdChargeResult, index);
}

static void
a_floor_marks_and_never_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (10 * DD_MICROS, "line", NULL);

  start (fixture, HEAD "line,rental,EUR,100.01,,\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpint (result_at (sheet, 0)->net, ==, 1000 * DD_MICROS);
  g_assert_cmpint (result_at (sheet, 0)->floor, ==, 1000100000);
  g_assert_cmpuint (result_at (sheet, 0)->marks & DD_MARK_BELOW_FLOOR, !=, 0);
  g_assert_cmpuint (result_at (sheet, 1)->marks & DD_MARK_BELOW_FLOOR, ==, 0);
}

static void
a_price_at_its_floor_is_not_marked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD "line,rental,EUR,100,,\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpuint (result_at (sheet, 0)->marks & DD_MARK_BELOW_FLOOR, ==, 0);
}

static void
the_floor_of_the_day_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autofree char *misses = NULL;

  start (fixture, HEAD "line,rental,EUR,70,,2026-06-08\nline,rental,EUR,80,2026-06-09,2026-06-09\n"
                       "line,rental,EUR,90,2026-06-10,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->adjustments->len, ==, 1);
  g_assert_cmpint (fixture_adjustment (answers, 0)->value, ==, 80 * DD_MICROS);
  g_assert_cmpuint (fixture_adjustment (answers, 0)->stage, ==, DD_STAGE_GUARD);
  misses = fixture_misses (fixture, proposal, "floor");
  g_assert_cmpstr (misses, ==,
                   "0 floor: its last day was 2026-06-08, and prices are asked for 2026-06-09\n"
                   "0 floor: its first day is 2026-06-10, and prices are asked for 2026-06-09\n");
}

static void
a_usage_rates_floor_is_in_nanos (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("meter");

  start (fixture, HEAD "meter,traffic,EUR,0.0000001,,\n");

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpint (fixture_adjustment (answers, 0)->value, ==, 100);
}

static void
a_floor_in_another_currency_is_converted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD "line,rental,USD,90.005,,\n");
  fixture_rates (fixture, "from,to,rate\nUSD,EUR,0.9\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpint (result_at (sheet, 0)->floor, ==, 81010000); /* 81.0045, rounded up */
}

static void
what_goes_has_no_floor (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD "line,rental,EUR,80,,\n");
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_DELETE;

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->adjustments->len, ==, 0);
}

static void
a_bad_row_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD "line,rental,EUR,0.0000001,,\n");
  fixture_unpriced (fixture, proposal, "line 1", "dataset floors, line, rental: ", "six digits", NULL);
  fixture_table (fixture, "floors", HEAD "line,rental,EUR,-1,,\n");
  fixture_unpriced (fixture, proposal, "dataset floors, line, rental: ", "-1 is below zero", NULL);
}

static void
importing_refuses_what_cannot_be (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  fixture_refuses (fixture, "floors", HEAD "line,rental,EUR,-1,,\n", ":2:", "floor", NULL);
  fixture_refuses (fixture, "floors", HEAD "line,rental,EUR,,,\n", ":2:", "floor", NULL);
  fixture_refuses (fixture, "floors", HEAD "line,rental,EUR,1,2026-01-01,\nline,rental,EUR,2,2026-02-01,\n",
                   ":3:", "meets line 2", NULL);
}

static void
a_unit_floor_is_rounded_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (3 * DD_MICROS, "line", NULL);

  start (fixture, HEAD "line,rental,EUR,33.335,,\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpint (result_at (sheet, 0)->floor, ==, 100010000); /* 100.005 */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/guard/a-floor-marks-and-never-changes", a_floor_marks_and_never_changes);
  fixture_test ("/guard/a-price-at-its-floor-is-not-marked", a_price_at_its_floor_is_not_marked);
  fixture_test ("/guard/the-floor-of-the-day-counts", the_floor_of_the_day_counts);
  fixture_test ("/guard/a-usage-rates-floor-is-in-nanos", a_usage_rates_floor_is_in_nanos);
  fixture_test ("/guard/a-floor-in-another-currency-is-converted", a_floor_in_another_currency_is_converted);
  fixture_test ("/guard/what-goes-has-no-floor", what_goes_has_no_floor);
  fixture_test ("/guard/a-bad-row-is-named", a_bad_row_is_named);
  fixture_test ("/guard/importing-refuses-what-cannot-be", importing_refuses_what_cannot_be);
  fixture_test ("/guard/a-unit-floor-is-rounded-up", a_unit_floor_is_rounded_up);
  return g_test_run ();
}
