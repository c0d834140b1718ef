/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-commitment, through the host.
 */
#include "fixture-price.h"

#include <string.h>

#define CHARGES                                                                                              \
  "offering,charge,name,type,period,currency,price,mode\n"                                                   \
  "line,rental,Rental,recurring,month,EUR,100,flat\n"                                                        \
  "line,setup,Set-up,oneTime,,EUR,200,flat\n"                                                                \
  "other,rental,Rental,recurring,month,EUR,100,flat\n"

#define HEAD "offering,charge,months,quantity,valid_from,valid_to,id,kind,percent,value,currency\n"

static void
start (Fixture *fixture, const char *commitments)
{
  fixture_table (fixture, "charges", CHARGES);
  fixture_table (fixture, "commitments", commitments);
  fixture_start (fixture, TRUE);
}

static DdProposal *
committed (const char *offering, guint16 months, gint64 quantity)
{
  DdProposal *proposal = fixture_proposal (quantity * DD_MICROS, offering, NULL);

  proposal->commitment = months;
  return proposal;
}

/* The rule that charge @index has, "" without one. (transfer full) */
static char *
rule_of (Fixture *fixture, DdProposal *proposal, guint index)
{
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  g_autoptr (GString) rules = g_string_new (NULL);

  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *rule = fixture_adjustment (answers, i);

      g_assert_cmpuint (rule->stage, ==, DD_STAGE_COMMITMENT);
      if (rule->charge == index)
        g_string_append (rules, dd_answers_text (answers, rule->id));
    }
  return g_string_free (g_steal_pointer (&rules), FALSE);
}

#define assert_rule(fixture, offering, months, quantity, index, expected)                                    \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    g_autoptr (DdProposal) its_proposal = committed (offering, months, quantity);                            \
    g_autofree char *its_rule = rule_of (fixture, its_proposal, index);                                      \
    g_assert_cmpstr (its_rule, ==, expected);                                                                \
  }                                                                                                          \
  G_STMT_END

/* --- published cases (pricing.tsv) --- */

static void
net_is (Fixture *fixture, guint16 months, gint64 quantity, const char *expected)
{
  g_autoptr (DdProposal) proposal = committed ("port", months, quantity);
  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);
  g_autofree char *net =
    dd_decimal_format (g_array_index (sheet->results, DdChargeResult, 0).net, DD_MICROS_SCALE, 2);

  g_assert_cmpstr (net, ==, expected);
}

static void
cascade (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode\n"
                 "port,rental,Rental,recurring,month,EUR,120,flat\n");
  fixture_table (fixture, "commitments", HEAD "port,rental,24,,,,a,unit-off,,30,EUR\n");
  fixture_start (fixture, TRUE);
  net_is (fixture, 24, 1, "90.00");
  fixture_table (fixture, "promotions", "offering,id,kind,percent\nport,b,percent-off,20%\n");
  net_is (fixture, 24, 1, "72.00");
}

static void
segment (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode\n"
                 "port,rental,Rental,recurring,month,EUR,888,flat\n");
  fixture_table (fixture, "commitments", HEAD "port,rental,0,,,,a,unit-override,,100,EUR\n");
  fixture_table (fixture, "promotions", "offering,id,kind,value\nport,b,factor,1.2\n");
  fixture_start (fixture, TRUE);
  net_is (fixture, 0, 10, "1200.00");
}

static void
schedule_range (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode\n"
                 "port,rental,Rental,recurring,month,EUR,10,flat\n");
  fixture_table (fixture, "commitments",
                 HEAD "port,rental,0,1,,,a,percent-off,10%,,\n"
                      "port,rental,0,10,,,b,percent-off,20%,,\n"
                      "port,rental,0,20,,,c,percent-off,30%,,\n");
  fixture_start (fixture, TRUE);
  net_is (fixture, 0, 30, "210.00");
  net_is (fixture, 0, 9, "81.00");
  net_is (fixture, 0, 10, "80.00");
}

/* --- readings --- */

static void
the_most_months_count_and_then_the_highest_quantity (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,rental,12,,,,y1,percent-off,5%,,\n"
                       "line,rental,12,50,,,y1-50,percent-off,9%,,\n"
                       "line,rental,24,,,,y2,percent-off,8%,,\n"
                       "line,rental,24,10,,,y2-10,percent-off,12%,,\n");
  assert_rule (fixture, "line", 11, 100, 0, "");
  assert_rule (fixture, "line", 12, 49, 0, "y1");
  assert_rule (fixture, "line", 12, 50, 0, "y1-50");
  assert_rule (fixture, "line", 24, 9, 0, "y2");
  assert_rule (fixture, "line", 36, 10, 0, "y2-10");
  assert_rule (fixture, "line", 36, 10, 1, "");
  /* more months come before more quantity */
  assert_rule (fixture, "line", 24, 9, 0, "y2");
}

static void
a_schedule_of_its_own_replaces_the_general_one (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "*,*,12,,,,all,percent-off,1%,,\n"
                       "*,rental,12,,,,all-rental,percent-off,2%,,\n"
                       "line,*,12,,,,own,percent-off,3%,,\n"
                       "line,rental,24,,,,own-rental,percent-off,4%,,\n");
  assert_rule (fixture, "line", 24, 1, 0, "own-rental");
  assert_rule (fixture, "line", 12, 1, 0, ""); /* its own begins at 24 months */
  assert_rule (fixture, "line", 12, 1, 1, "own");
  assert_rule (fixture, "other", 12, 1, 0, "all-rental");
}

static void
a_schedule_that_is_over_replaces_nothing (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "*,*,12,,,,all,percent-off,1%,,\n"
                       "line,rental,12,,2026-01-01,2026-06-08,old,percent-off,4%,,\n");
  assert_rule (fixture, "line", 12, 1, 0, "all");
}

static void
rows_hold_one_after_the_other (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,rental,12,,2026-01-01,2026-06-08,old,percent-off,4%,,\n"
                       "line,rental,12,,2026-06-09,2026-06-09,today,percent-off,5%,,\n"
                       "line,rental,12,,2026-06-10,,next,percent-off,6%,,\n");
  assert_rule (fixture, "line", 12, 1, 0, "today");
}

static void
the_lines_own_commitment_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = committed ("line", 12, 1);
  g_autofree char *rule = NULL;

  start (fixture, HEAD "line,rental,36,,,,y3,percent-off,9%,,\n");
  ((DdLine *)proposal->lines->pdata[0])->commitment = 36;
  rule = rule_of (fixture, proposal, 0);
  g_assert_cmpstr (rule, ==, "y3");
}

static void
what_goes_or_stays_has_no_commitment (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = committed ("line", 12, 1);
  g_autofree char *rule = NULL;

  start (fixture, HEAD "line,rental,12,,,,y1,percent-off,9%,,\n");
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_DELETE;
  rule = rule_of (fixture, proposal, 0);
  g_assert_cmpstr (rule, ==, "");
}

/* --- conditions --- */

static void
what_was_missed_is_told (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *rule;
    const char *says;
  } misses[] = {
    { "y3", "0 y3: the commitment of 24 months is below its minimum, 36\n" },
    { "y2-10", "0 y2-10: quantity 5 is below its minimum, 10\n" },
    { "y1", "0 y1: it is from 12 months, and rule y2, from 24 months, counts\n" },
    { "old", "0 old: its last day was 2026-06-08, and prices are asked for 2026-06-09\n" },
    { "next", "0 next: its first day is 2026-06-10, and prices are asked for 2026-06-09\n" },
    { "port", "0 port: the line has no charge port\n" },
    { "all", "0 all: it is for offering *, charge *, and charge rental of offering line has a schedule of "
             "its own\n" },
    { "long",
      "0 long: the commitment of 24 months is below its minimum, 48\n" }, /* once, not for each charge */
    { "y2", "" },
  };
  g_autoptr (DdProposal) proposal = committed ("line", 24, 5);

  start (fixture, HEAD "line,rental,36,,,,y3,percent-off,9%,,\nline,rental,24,10,,,y2-10,percent-off,9%,,\n"
                       "line,rental,24,,,,y2,percent-off,9%,,\nline,rental,12,,,,y1,percent-off,9%,,\n"
                       "line,rental,13,,2026-01-01,2026-06-08,old,percent-off,9%,,\n"
                       "line,rental,14,,2026-06-10,,next,percent-off,9%,,\n"
                       "line,port,12,,,,port,percent-off,9%,,\n*,*,12,,,,all,percent-off,1%,,\n"
                       "*,*,48,,,,long,percent-off,1%,,\n");
  for (guint i = 0; i < G_N_ELEMENTS (misses); i++)
    {
      g_autofree char *told = fixture_misses (fixture, proposal, misses[i].rule);

      if (strcmp (misses[i].rule, "all") == 0)
        g_assert_true (g_str_has_prefix (told, misses[i].says)); /* it applies to the set-up */
      else
        g_assert_cmpstr (told, ==, misses[i].says);
    }
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
    { HEAD "line,rental,0,,,,a,percent-off,,0.1,\n", "takes a percent, such as 12.5%" },
    { HEAD "line,rental,0,,,,a,unit-off,,5,\n", "needs the currency" },
    { HEAD "line,*,0,,,,a,line-off,,5,EUR\n", "belongs to one charge" },
    { HEAD "line,rental,0,,,,a,unit-off,,0.0000001,EUR\n", "more than six digits" },
    { HEAD "line,rental,0,,,,a,factor,5%,,\n", "such as 0.9" },
  };
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      fixture_table (fixture, "commitments", bad[i].csv);
      fixture_unpriced (fixture, proposal, "line 1", "dataset commitments, line, a: ", bad[i].says, NULL);
    }
}

static void
importing_refuses_what_cannot_be (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  fixture_refuses (fixture, "commitments", HEAD "line,rental,-1,,,,a,percent-off,5%,,\n", ":2:", "months",
                   NULL);
  fixture_refuses (fixture, "commitments", HEAD "line,rental,12,,,,a,percent-off,101%,,\n", ":2:", "percent",
                   NULL);
  fixture_refuses (fixture, "commitments", HEAD "line,rental,12,,,,a,percent-on,5%,,\n", ":2:", "kind", NULL);
  fixture_refuses (fixture, "commitments",
                   HEAD "line,rental,12,,2026-01-01,2026-06-30,a,percent-off,5%,,\n"
                        "line,rental,12,,2026-06-30,,b,percent-off,6%,,\n",
                   ":3:", "meets line 2", NULL);
}

static void
the_readmes_example (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode\n"
                 "port,rental,Rental,recurring,month,EUR,189,flat\n");
  fixture_table (fixture, "commitments",
                 "offering,charge,months,quantity,id,kind,percent,value,currency\n"
                 "*,rental,24,,two-years,percent-off,5%,,\n"
                 "port,rental,24,,port-two-years,percent-off,8%,,\n"
                 "port,rental,24,10,port-ten,percent-off,12%,,\n"
                 "port,rental,36,,port-three-years,unit-override,,150.00,EUR\n");
  fixture_start (fixture, TRUE);
  net_is (fixture, 24, 20, "3326.40");
  net_is (fixture, 36, 20, "3000.00");
  net_is (fixture, 12, 20, "3780.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/commitment/case/cascade", cascade);
  fixture_test ("/commitment/case/segment", segment);
  fixture_test ("/commitment/case/schedule-range", schedule_range);
  fixture_test ("/commitment/the-most-months-count-and-then-the-highest-quantity",
                the_most_months_count_and_then_the_highest_quantity);
  fixture_test ("/commitment/a-schedule-of-its-own-replaces-the-general-one",
                a_schedule_of_its_own_replaces_the_general_one);
  fixture_test ("/commitment/a-schedule-that-is-over-replaces-nothing",
                a_schedule_that_is_over_replaces_nothing);
  fixture_test ("/commitment/rows-hold-one-after-the-other", rows_hold_one_after_the_other);
  fixture_test ("/commitment/the-lines-own-commitment-counts", the_lines_own_commitment_counts);
  fixture_test ("/commitment/what-goes-or-stays-has-no-commitment", what_goes_or_stays_has_no_commitment);
  fixture_test ("/commitment/what-was-missed-is-told", what_was_missed_is_told);
  fixture_test ("/commitment/a-bad-row-is-named", a_bad_row_is_named);
  fixture_test ("/commitment/importing-refuses-what-cannot-be", importing_refuses_what_cannot_be);
  fixture_test ("/commitment/the-readmes-example", the_readmes_example);
  return g_test_run ();
}
