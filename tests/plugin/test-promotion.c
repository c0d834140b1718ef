/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-promotion, through the host.
 */
#include "fixture-price.h"

#include <string.h>

#define CHARGES                                                                                              \
  "offering,charge,name,type,period,currency,price,mode\n"                                                   \
  "line,rental,Rental,recurring,month,EUR,1000,flat\n"                                                       \
  "line,setup,Set-up,oneTime,,EUR,200,flat\n"                                                                \
  "other,rental,Rental,recurring,month,EUR,1000,flat\n"                                                      \
  "meter,traffic,Traffic,usage,,EUR,0.000000125,flat\n"

#define HEAD "offering,id,charge,kind,percent,value,currency,group,mode,priority\n"

static void
start (Fixture *fixture, const char *promotions)
{
  fixture_table (fixture, "charges", CHARGES);
  fixture_table (fixture, "promotions", promotions);
  fixture_start (fixture, TRUE);
}

/* Nets of rental and setup of offering line. */
static void
expect_nets (Fixture *fixture, const char *rental, const char *setup)
{
  g_autofree char *first = fixture_net (fixture, "line", "1", 0);
  g_autofree char *second = fixture_net (fixture, "line", "1", 1);

  g_assert_cmpstr (first, ==, rental);
  g_assert_cmpstr (second, ==, setup);
}

/* --- published cases (pricing.tsv) --- */

static void
compound (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,a,rental,percent-off,20%,,,g,compound,1\n"
                       "line,b,rental,percent-off,10%,,,g,compound,2\n");
  expect_nets (fixture, "720.00", "200.00");
}

static void
additive (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,a,rental,percent-off,20%,,,g,add,1\n"
                       "line,b,rental,percent-off,10%,,,g,add,2\n");
  expect_nets (fixture, "700.00", "200.00");
}

static void
percent_then_amount (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,a,rental,percent-off,10%,,,g,add,1\n"
                       "line,b,rental,line-off,,100,EUR,g,add,2\n");
  expect_nets (fixture, "800.00", "200.00");
}

static void
triple (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *mode;
    const char *percent;
    const char *net;
  } cases[] = { { "compound", "50%", "75.00" }, { "add", "10%", "420.00" } };

  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode\n"
                 "line,rental,Rental,recurring,month,EUR,600,flat\n");
  fixture_start (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) csv = g_string_new (HEAD);

      for (guint k = 1; k <= 3; k++)
        g_string_append_printf (csv, "line,p%u,,percent-off,%s,,,g,%s,%u\n", k, cases[i].percent,
                                cases[i].mode, k);
      fixture_table (fixture, "promotions", csv->str);
      assert_net (fixture, "line", "1", cases[i].net);
    }
}

/* --- readings --- */

static void
without_a_group_the_best_counts (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,a,rental,percent-off,5%,,,,,1\n"
                       "line,b,rental,line-off,,80,EUR,,,2\n"
                       "*,c,rental,factor,,0.95,,,,3\n");
  expect_nets (fixture, "920.00", "200.00");
}

static void
a_percentage_is_for_all_charges_and_for_all_offerings (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "*,a,,percent-off,10%,,,,,\n*,b,setup,percent-off,50%,,,g,,\n");
  expect_nets (fixture, "900.00", "90.00");
  assert_net (fixture, "other", "1", "900.00");
}

static void
groups_apply_by_their_priority (Fixture *fixture, gconstpointer data)
{
  start (fixture, "offering,id,charge,kind,percent,value,currency,group,group_priority\n"
                  "line,a,rental,unit-override,,500,EUR,last,2\n"
                  "line,b,rental,line-off,,100,EUR,first,1\n");
  expect_nets (fixture, "500.00", "200.00");

  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  const DdAdjustment *first = fixture_adjustment (answers, 0);

  g_assert_cmpuint (first->stage, ==, DD_STAGE_PROMOTION);
  g_assert_cmpstr (dd_answers_text (answers, first->source), ==, "promotions");
  g_assert_cmpstr (dd_answers_text (answers, first->group), ==, "last");
  g_assert_cmpint (first->group_priority, ==, 2);
}

static void
years_and_the_minimum_amount_are_the_cores (Fixture *fixture, gconstpointer data)
{
  start (fixture, "offering,id,charge,kind,percent,currency,min_amount,first_year,last_year,label\n"
                  "line,a,rental,percent-off,10%,EUR,500,2,3,Years two and three\n");

  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  const DdAdjustment *rule = fixture_adjustment (answers, 0);

  g_assert_cmpuint (answers->adjustments->len, ==, 1);
  g_assert_cmpint (rule->threshold, ==, 500 * DD_MICROS);
  g_assert_cmpuint (rule->first_year, ==, 2);
  g_assert_cmpuint (rule->last_year, ==, 3);
  g_assert_cmpstr (dd_answers_text (answers, rule->label), ==, "Years two and three");
}

static void
a_usage_rate_takes_amounts_a_unit_in_nanos (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "meter,a,traffic,unit-off,,0.000000025,EUR,,,\n");

  g_autoptr (DdProposal) proposal = fixture_line ("meter");
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpint (fixture_adjustment (answers, 0)->value, ==, 25);
}

static void
an_amount_in_another_currency_is_converted (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "line,a,rental,line-off,,100,USD,,,\n");
  fixture_rates (fixture, "from,to,rate\nUSD,EUR,0.9\n");
  expect_nets (fixture, "910.00", "200.00");
}

static void
what_goes_or_stays_has_no_promotions (Fixture *fixture, gconstpointer data)
{
  const DdLineAction actions[] = { DD_ACTION_DELETE, DD_ACTION_NO_CHANGE };

  start (fixture, HEAD "line,a,,percent-off,10%,,,,,\n");
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (DdProposal) proposal = fixture_line ("line");

      ((DdLine *)proposal->lines->pdata[0])->action = actions[i];

      g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

      g_assert_cmpuint (answers->adjustments->len, ==, 0);
    }
}

/* --- conditions --- */

typedef struct
{
  const char *name;
  const char *column;
  const char *met;
  const char *missed;
  const char *says;
} Condition;

/* The line: 10 of offering line, category access, for 24 months, of linden (retail, DE), on 2026-06-09. */
static const Condition conditions[] = {
  { "category", "category", "access", "voice",
    "0 p: the offering's category is access, and it is for voice\n" },
  { "segment", "segment", "retail", "health", "customer's segment is retail, and it is for health\n" },
  { "country", "country", "DE", "AT", "customer's country is DE, and it is for AT\n" },
  { "customer", "customer", "linden", "nordhafen", "customer is linden, and it is for nordhafen\n" },
  { "min-quantity", "min_quantity", "10", "10.5", "0 p: quantity 10 is below its minimum, 10.5\n" },
  { "max-quantity", "max_quantity", "10", "9", "0 p: quantity 10 is above its maximum, 9\n" },
  { "min-months", "min_months", "24", "36", "0 p: the commitment of 24 months is below its minimum, 36\n" },
  { "valid-from", "valid_from", "2026-06-09", "2026-06-10",
    "its first day is 2026-06-10, and prices are asked for 2026-06-09\n" },
  { "valid-to", "valid_to", "2026-06-09", "2026-06-08",
    "its last day was 2026-06-08, and prices are asked for 2026-06-09\n" },
  { "charge", "charge", "rental", "port", "0 p: the line has no charge port\n" },
};

static void
check_condition (Fixture *fixture, const Condition *condition, const char *offering, gboolean met)
{
  g_autofree char *csv =
    g_strdup_printf ("offering,id,%s,kind,percent\n%s,p,%s,percent-off,10%%\n", condition->column, offering,
                     met ? condition->met : condition->missed);
  g_autoptr (DdProposal) proposal = fixture_proposal (10 * DD_MICROS, "line", NULL);
  g_autofree char *misses = NULL;

  proposal->commitment = 24;
  fixture_table (fixture, "promotions", csv);

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  misses = fixture_misses (fixture, proposal, "p");
  if (met)
    {
      g_assert_cmpuint (answers->adjustments->len, >, 0);
      g_assert_cmpstr (misses, ==, "");
      return;
    }
  g_assert_cmpuint (answers->adjustments->len, ==, 0);
  if (strstr (misses, condition->says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", misses, condition->says);
}

static void
a_condition_that_is_missed_is_told (gconstpointer data)
{
  const Condition *condition = data;
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  start (&fixture, HEAD);
  fixture_offerings (&fixture, "id,name,category\nline,Line,access\n");
  for (guint i = 0; i < 4; i++)
    check_condition (&fixture, condition, i < 2 ? "line" : "*", i % 2 == 0);
  fixture_tear_down (&fixture, NULL);
}

static void
a_minimum_amount_in_another_currency_is_missed (Fixture *fixture, gconstpointer data)
{
  start (fixture, "offering,id,charge,kind,percent,currency,min_amount\n"
                  "line,a,rental,percent-off,10%,USD,500\n"
                  "meter,b,,percent-off,10%,EUR,500\n");

  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "line", "meter", NULL);
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  g_autofree char *misses = fixture_misses (fixture, proposal, NULL);

  g_assert_cmpuint (answers->adjustments->len, ==, 0);
  g_assert_nonnull (
    strstr (misses, "0 a: charge rental is offered in EUR, and its minimum amount is in USD\n"));
  g_assert_nonnull (strstr (
    misses, "1 b: charge traffic is a usage rate, which has no amount, and its minimum is EUR 500\n"));
}

static void
only_the_rule_that_is_asked_about_is_told (Fixture *fixture, gconstpointer data)
{
  start (fixture, "offering,id,segment,kind,percent,priority\n"
                  "line,a,health,percent-off,10%,1\nline,b,public,percent-off,10%,2\n");

  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autofree char *misses = fixture_misses (fixture, proposal, "b");

  g_assert_cmpstr (misses, ==, "0 b: the customer's segment is retail, and it is for public\n");
}

/* --- bad rows --- */

static const struct
{
  const char *csv;
  const char *says;
} bad_rows[] = {
  { HEAD "line,a,,percent-off,,0.1,,,,\n", "kind percent-off takes a percent, such as 12.5%" },
  { HEAD "line,a,,percent-off,10%,5,,,,\n", "and no value" },
  { HEAD "line,a,,factor,10%,,,,,\n", "kind factor takes a value, such as 0.9" },
  { HEAD "line,a,rental,unit-off,,,EUR,,,\n", "kind unit-off takes a value, such as 12.50" },
  { HEAD "line,a,rental,unit-off,,5,,,,\n", "needs the currency of its value, such as EUR" },
  { HEAD "line,a,,line-off,,5,EUR,,,\n", "belongs to one charge: name it" },
  { HEAD "line,a,rental,line-off,,0.0000001,EUR,,,\n", "more than six digits" },
  { HEAD "line,a,,percent-off,10%,,,,best,\n", "name the group" },
  { HEAD "line,a,,percent-off,10%,,,g,add,1\nline,b,,percent-off,10%,,,g,best,2\n",
    "group g has mode best and priority 0 here, and mode add and priority 0 in rule a" },
  { "offering,id,kind,percent,min_amount\nline,a,percent-off,10%,5\n", "min_amount 5 needs a currency" },
  { "offering,id,kind,percent,first_year,last_year\nline,a,percent-off,10%,3,2\n",
    "last_year 2 is before first_year 3" },
  { "offering,id,kind,percent,min_quantity,max_quantity\nline,a,percent-off,10%,3,2\n",
    "max_quantity 2 is below min_quantity 3" },
};

static void
a_bad_row_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD);
  for (guint i = 0; i < G_N_ELEMENTS (bad_rows); i++)
    {
      fixture_table (fixture, "promotions", bad_rows[i].csv);
      fixture_unpriced (fixture, proposal, "line 1", "dataset promotions, line, ", bad_rows[i].says, NULL);
    }
}

static void
a_usage_rate_has_no_amount_for_the_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("meter");

  start (fixture, HEAD "meter,a,traffic,line-off,,5,EUR,,,\n");
  fixture_unpriced (fixture, proposal, "dataset promotions, meter, a", "usage rate", "unit-off", NULL);
}

static void
rows_stored_without_bounds_are_checked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  start (fixture, HEAD);
  fixture_table (fixture, "promotions", HEAD "line,a,,percent-off,100.5%,,,,,\n");
  fixture_unpriced (fixture, proposal, "promotions, line, a", "100.5% is more than 100%", NULL);
  fixture_table (fixture, "promotions", HEAD "line,a,,half-off,50%,,,,,\n");
  fixture_unpriced (fixture, proposal, "promotions, line, a", "no kind \"half-off\"", NULL);
}

static void
importing_refuses_what_cannot_be (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  fixture_refuses (fixture, "promotions", HEAD "line,a,,percent-off,101%,,,,,\n", ":2:", "percent", "100%",
                   NULL);
  fixture_refuses (fixture, "promotions", HEAD "line,a,rental,line-off,,-5,EUR,,,\n", ":2:", "value", NULL);
  fixture_refuses (fixture, "promotions", HEAD "line,a,,half-off,50%,,,,,\n", ":2:", "kind", "percent-off",
                   NULL);
  fixture_refuses (fixture, "promotions", HEAD "line,a,,percent-off,5%,,XYZ,,,\n", ":2:", "currency", NULL);
  fixture_refuses (fixture, "promotions",
                   "offering,id,kind,percent,valid_from,valid_to\n"
                   "line,a,percent-off,5%,2026-02-01,2026-01-01\n",
                   ":2:", "valid_to", NULL);
}

/* A label that is too long is refused with its row, before it could become a fault of the plugin. */
static void
the_longest_label_is_priced_and_a_longer_one_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *label = g_strnfill (DD_DATASET_MAX_TEXT, 'x');
  g_autofree char *longest =
    g_strconcat ("offering,id,charge,kind,percent,label\nline,a,rental,percent-off,20%,", label, "\n", NULL);
  g_autofree char *longer =
    g_strconcat ("offering,id,charge,kind,percent,label\nline,a,rental,percent-off,20%,x", label, "\n", NULL);

  start (fixture, longest);
  expect_nets (fixture, "800.00", "200.00");
  fixture_refuses (fixture, "promotions", longer, "promotions:2: ", "column 6 \"label\"", "513 bytes",
                   "at most 512", NULL);
}

static void
rules_of_equal_priority_that_meet_are_refused (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  fixture_refuses (fixture, "promotions",
                   HEAD "line,a,rental,percent-off,5%,,,g,,1\nline,b,rental,percent-off,6%,,,g,,1\n",
                   ":3:", "meets line 2", "different priorities", NULL);
}

static void
the_readmes_example (Fixture *fixture, gconstpointer data)
{
  start (fixture,
         "offering,id,charge,segment,kind,percent,value,currency,group,mode,group_priority,priority\n"
         "*,loyal,rental,retail,percent-off,10%,,,stack,add,1,1\n"
         "line,launch,rental,,line-off,,100.00,EUR,stack,add,1,2\n"
         "line,spring,rental,,percent-off,5%,,,,,,1\n"
         "line,friends,rental,,unit-off,,30.00,EUR,,,,2\n");
  expect_nets (fixture, "760.00", "200.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/promotion/case/compound", compound);
  fixture_test ("/promotion/case/additive", additive);
  fixture_test ("/promotion/case/percent-then-amount", percent_then_amount);
  fixture_test ("/promotion/case/triple", triple);
  fixture_test ("/promotion/without-a-group-the-best-counts", without_a_group_the_best_counts);
  fixture_test ("/promotion/a-percentage-is-for-all-charges-and-for-all-offerings",
                a_percentage_is_for_all_charges_and_for_all_offerings);
  fixture_test ("/promotion/groups-apply-by-their-priority", groups_apply_by_their_priority);
  fixture_test ("/promotion/years-and-the-minimum-amount-are-the-cores",
                years_and_the_minimum_amount_are_the_cores);
  fixture_test ("/promotion/a-usage-rate-takes-amounts-a-unit-in-nanos",
                a_usage_rate_takes_amounts_a_unit_in_nanos);
  fixture_test ("/promotion/an-amount-in-another-currency-is-converted",
                an_amount_in_another_currency_is_converted);
  fixture_test ("/promotion/what-goes-or-stays-has-no-promotions", what_goes_or_stays_has_no_promotions);
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *path = g_strdup_printf ("/promotion/condition/%s", conditions[i].name);

      g_test_add_data_func (path, &conditions[i], a_condition_that_is_missed_is_told);
    }
  fixture_test ("/promotion/a-minimum-amount-in-another-currency-is-missed",
                a_minimum_amount_in_another_currency_is_missed);
  fixture_test ("/promotion/only-the-rule-that-is-asked-about-is-told",
                only_the_rule_that_is_asked_about_is_told);
  fixture_test ("/promotion/a-bad-row-is-named", a_bad_row_is_named);
  fixture_test ("/promotion/a-usage-rate-has-no-amount-for-the-line",
                a_usage_rate_has_no_amount_for_the_line);
  fixture_test ("/promotion/rows-stored-without-bounds-are-checked", rows_stored_without_bounds_are_checked);
  fixture_test ("/promotion/importing-refuses-what-cannot-be", importing_refuses_what_cannot_be);
  fixture_test ("/promotion/the-longest-label-is-priced-and-a-longer-one-refused",
                the_longest_label_is_priced_and_a_longer_one_refused);
  fixture_test ("/promotion/rules-of-equal-priority-that-meet-are-refused",
                rules_of_equal_priority_that_meet_are_refused);
  fixture_test ("/promotion/the-readmes-example", the_readmes_example);
  return g_test_run ();
}
