/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * approval-authority on rules of more than one dimension: a published matrix, bands of contract value, lines,
 * clauses and texts; through the host.
 */
#include "fixture.h"

#include <string.h>

#define PERCENT (DD_NANOS / 100)
#define EURO    DD_MICROS

#define HEADER "id,who,measure,subject,above,up_to,is,category,value_from,value_below,need,inform,level\n"

/* Contract value below 25k: up to 20% the representative, over 20 to 30% a manager, above a director; from
 * 25k below 100k: up to 10 / 30% / above; from 100k: up to 20% a manager, over 20 to 30% a director, above a
 * vice president; payment over 60 days also finance. */
static const char matrix[] =
  HEADER "s1,group:reps,discount.discretionary,,0%,20%,,,,EUR 25000,,,\n"
         "s2,group:managers,discount.discretionary,,20%,30%,,,,EUR 25000,,,\n"
         "s3,group:directors,discount.discretionary,,30%,,,,,EUR 25000,,,\n"
         "m1,group:reps,discount.discretionary,,0%,10%,,,EUR 25000,EUR 100000,,,\n"
         "m2,group:managers,discount.discretionary,,10%,30%,,,EUR 25000,EUR 100000,,,\n"
         "m3,group:directors,discount.discretionary,,30%,,,,EUR 25000,EUR 100000,,,\n"
         "l1,group:managers,discount.discretionary,,0%,20%,,,EUR 100000,,,,\n"
         "l2,group:directors,discount.discretionary,,20%,30%,,,EUR 100000,,,,\n"
         "l3,group:vice-presidents,discount.discretionary,,30%,,,,EUR 100000,,,,\n"
         "p1,group:reps,payment.days,,,60,,,,,,,\n"
         "p2,group:finance,payment.days,,60,,,,,,,user:treasurer,\n"
         "g1,group:reps,margin,,20%,,,,,,,,\n"
         "g2,group:managers,margin,,,20%,,,,,,,\n";

static DdMeasure
percent (const char *name, gint64 value)
{
  DdWorse worse = g_str_equal (name, "margin") ? DD_WORSE_LOWER : DD_WORSE_HIGHER;

  return (DdMeasure){
    .name = name, .value = value * PERCENT, .currency = { "EUR" }, .percent = TRUE, .worse = worse
  };
}

static DdMeasure
contract_value (gint64 euros)
{
  return (DdMeasure){
    .name = "contract.value", .value = euros * EURO, .currency = { "EUR" }, .worse = DD_WORSE_LOWER
  };
}

static DdMeasure
text (const char *name, const char *subject, const char *value)
{
  return (DdMeasure){ .name = name, .subject = subject, .text = value, .worse = DD_WORSE_CHANGED };
}

static GPtrArray *
ask (Fixture *fixture, const DdMeasure *measures, guint n, const char *group)
{
  const char *const groups[] = { group, NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *steps = fixture_require (fixture, measures, n, "anna", groups, &error);

  g_assert_no_error (error);
  return steps;
}

/* "measure:candidate+candidate", one a step, with a space between. */
static char *
who_is_asked (const GPtrArray *steps)
{
  GString *who = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      const DdRequirement *step = steps->pdata[i];

      g_string_append_printf (who, "%s%s:", i > 0 ? " " : "", step->measure);
      for (guint k = 0; k < step->candidates->len; k++)
        g_string_append_printf (who, "%s%s", k > 0 ? "+" : "", (const char *)step->candidates->pdata[k]);
    }
  return g_string_free (who, FALSE);
}

static void
expect (Fixture *fixture, const DdMeasure *measures, guint n, const char *group, const char *wanted)
{
  g_autoptr (GPtrArray) steps = ask (fixture, measures, n, group);
  g_autofree char *who = who_is_asked (steps);

  g_assert_cmpstr (who, ==, wanted);
}

static void
a_published_matrix_is_data (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint64 value;
    gint64 discount;
    const char *asked; /* of a representative */
  } cases[] = {
    { 24999, 20, "" },
    { 24999, 21, "group:managers" },
    { 24999, 30, "group:managers" },
    { 24999, 31, "group:directors" },
    { 25000, 10, "" },
    { 25000, 11, "group:managers" },
    { 99999, 30, "group:managers" },
    { 99999, 31, "group:directors" },
    { 100000, 0, "group:managers" },
    { 100000, 20, "group:managers" },
    { 100000, 21, "group:directors" },
    { 100000, 30, "group:directors" },
    { 100000, 31, "group:vice-presidents" },
  };

  fixture_table (fixture, "authority", matrix);
  fixture_start (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const DdMeasure measures[] = { percent ("discount.discretionary", cases[i].discount),
                                     contract_value (cases[i].value), percent ("margin", 40) };
      g_autofree char *wanted = cases[i].asked[0] == '\0'
                                  ? g_strdup ("")
                                  : g_strconcat ("discount.discretionary:", cases[i].asked, NULL);

      expect (fixture, measures, G_N_ELEMENTS (measures), "reps", wanted);
    }
}

static void
margin_and_payment_days_together_need_both (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = { percent ("discount.discretionary", 5),
                           contract_value (30000),
                           percent ("margin", 21),
                           { .name = "payment.days", .value = 60 } };

  fixture_table (fixture, "authority", matrix);
  fixture_start (fixture, TRUE);
  expect (fixture, measures, 4, "reps", "");
  measures[3].value = 61;
  expect (fixture, measures, 4, "reps", "payment.days:group:finance");
  measures[2] = percent ("margin", 20);
  expect (fixture, measures, 4, "reps", "margin:group:managers payment.days:group:finance");
  measures[3].value = 60;
  expect (fixture, measures, 4, "reps", "margin:group:managers");

  measures[3].value = 90;

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 4, "reps");
  const DdRequirement *finance = steps->pdata[1];

  g_assert_cmpuint (finance->informed->len, ==, 1);
  g_assert_cmpstr (finance->informed->pdata[0], ==, "user:treasurer");
  g_assert_cmpstr (finance->limit, ==, "60");
}

/* What an approval holds for: the discount no higher, and the value that its band asked for. */
static void
a_requirement_governs_its_band_too (Fixture *fixture, gconstpointer data)
{
  const DdMeasure measures[] = { percent ("discount.discretionary", 25), contract_value (70000),
                                 percent ("margin", 40) };

  fixture_table (fixture, "authority", matrix);
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 3, "reps");
  const DdRequirement *step = steps->pdata[0];

  g_assert_cmpuint (step->governed->len, ==, 2);
  g_assert_true (dd_governed_is (step->governed->pdata[0], &measures[0]));
  g_assert_true (dd_governed_is (step->governed->pdata[1], &measures[1]));

  const DdMeasure less = percent ("discount.discretionary", 24);
  const DdMeasure more = percent ("discount.discretionary", 26);
  const DdMeasure larger = contract_value (70001);
  const DdMeasure smaller = contract_value (69999);

  g_assert_true (dd_governed_covers (step->governed->pdata[0], &measures[0]));
  g_assert_true (dd_governed_covers (step->governed->pdata[0], &less));
  g_assert_false (dd_governed_covers (step->governed->pdata[0], &more));
  g_assert_true (dd_governed_covers (step->governed->pdata[1], &larger));
  g_assert_false (dd_governed_covers (step->governed->pdata[1], &smaller));
  g_assert_false (dd_governed_covers (step->governed->pdata[0], NULL));
}

static void
lines_of_the_same_rules_are_asked_together (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = {
    percent ("discount.discretionary", 1),       percent ("line.discount.discretionary", 12),
    percent ("line.discount.discretionary", 25), percent ("line.discount.discretionary", 50),
    percent ("line.discount.discretionary", 90),
  };
  static const char *const ids[] = { NULL, "1", "2", "3", "4" };
  static const char *const categories[] = { NULL, "equipment", "equipment", "equipment", "access" };

  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      measures[i].subject = ids[i];
      measures[i].category = categories[i];
    }
  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "e1,group:reps,line.discount.discretionary,,0%,20%,,equipment,,,,,\n"
                        "e2,group:managers,line.discount.discretionary,,20%,60%,,equipment,,,,,\n");
  fixture_start (fixture, TRUE);
  expect (fixture, measures, 5, "reps", "line.discount.discretionary:group:managers");

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 5, "reps");
  const DdRequirement *step = steps->pdata[0];

  /* the worst of them is named, and no line of a category that no rule is about */
  g_assert_cmpstr (step->subject, ==, "3");
  g_assert_cmpstr (step->value, ==, "50%");
  g_assert_cmpuint (step->governed->len, ==, 2);
}

static void
texts_are_covered_by_name (Fixture *fixture, gconstpointer data)
{
  const DdMeasure discount = percent ("discount.discretionary", 1);
  const DdMeasure euro[] = { discount, text ("currency", NULL, "EUR") };
  const DdMeasure franc[] = { discount, text ("currency", NULL, "CHF") };
  const DdMeasure yen[] = { discount, text ("currency", NULL, "JPY") };
  const DdMeasure own[] = { discount, text ("clause.own", "liability", "e3b0c442") };
  g_autoptr (GError) error = NULL;

  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "c1,group:reps,currency,,,,EUR,,,,,,\n"
                        "c2,group:treasury,currency,,,,USD|CHF,,,,,,\n"
                        "o,group:legal,clause.own,,,,,,,,,,\n");
  fixture_start (fixture, TRUE);
  expect (fixture, euro, 2, "reps", "");
  expect (fixture, franc, 2, "reps", "currency:group:treasury");
  expect (fixture, own, 2, "reps", "clause.own:group:legal");
  g_assert_null (fixture_require (fixture, yen, 2, "anna", NULL, &error));
  assert_error (&error, DD_ERROR_NO_AUTHORITY, "currency is JPY", "whose column is has JPY", NULL);
}

/* Even where nobody wrote a rule of it. */
static void
a_customers_own_text_is_always_governed (Fixture *fixture, gconstpointer data)
{
  const DdMeasure measures[] = { percent ("discount.discretionary", 1),
                                 text ("clause.own", "liability", "e3b0c442") };
  const char *const reps[] = { "reps", NULL };
  g_autoptr (GError) error = NULL;

  fixture_table (fixture, "authority", HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n");
  fixture_start (fixture, TRUE);
  g_assert_null (fixture_require (fixture, measures, 2, "anna", reps, &error));
  assert_error (&error, DD_ERROR_NO_AUTHORITY, "clause.own of liability", "nobody has authority", NULL);
}

static void
rungs_are_limits_of_a_clause (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = { percent ("discount.discretionary", 1),
                           { .name = "clause.rung", .subject = "liability", .value = 1 },
                           { .name = "clause.rung", .subject = "payment", .value = 1000 } };

  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "r1,group:reps,clause.rung,liability,,fallback-1,,,,,,,\n"
                        "r2,group:legal,clause.rung,liability,fallback-1,walk-away,,,,,,,\n");
  fixture_start (fixture, TRUE);
  expect (fixture, measures, 3, "reps", "");
  measures[1].value = 2;
  expect (fixture, measures, 3, "reps", "clause.rung:group:legal");

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 3, "reps");
  const DdRequirement *step = steps->pdata[0];

  g_assert_cmpstr (step->subject, ==, "liability");
  g_assert_cmpstr (step->value, ==, "fallback-2");
  g_assert_cmpstr (step->limit, ==, "fallback-1");
}

static void
some_rules_need_more_than_one (Fixture *fixture, gconstpointer data)
{
  const DdMeasure measures[] = { percent ("discount.discretionary", 30) };

  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "board,group:board,discount.discretionary,,20%,,,,,,3,,\n"
                        "one,user:ines,discount.discretionary,,20%,,,,,,any,,\n"
                        "both,user:otto,discount.discretionary,,20%,,,,,,all,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 1, "reps");

  g_assert_cmpuint (steps->len, ==, 3);
  for (guint i = 0; i < steps->len; i++)
    {
      const DdRequirement *step = steps->pdata[i];
      guint wanted = g_str_equal (step->rule, "board")  ? 3
                     : g_str_equal (step->rule, "both") ? DD_NEED_ALL
                                                        : 1;

      g_assert_cmpuint (step->need, ==, wanted);
      g_assert_cmpuint (step->candidates->len, ==, 1);
    }
}

/* A member of the board has a third of its authority. */
static void
one_of_three_has_no_authority_alone (Fixture *fixture, gconstpointer data)
{
  const DdMeasure measures[] = { percent ("discount.discretionary", 30) };

  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "board,group:board,discount.discretionary,,20%,,,,,,3,,\n");
  fixture_start (fixture, TRUE);
  expect (fixture, measures, 1, "board", "discount.discretionary:group:board");
}

static void
all_of_one_person_is_that_person (Fixture *fixture, gconstpointer data)
{
  const DdMeasure measures[] = { percent ("discount.discretionary", 30) };

  fixture_table (fixture, "authority", HEADER "a,user:anna,discount.discretionary,,0%,,,,,,all,,\n");
  fixture_start (fixture, TRUE);
  expect (fixture, measures, 1, "reps", "");
}

/* Where one says that less is worse and the other that more is, an approval covers only the value itself. */
static void
rules_that_disagree_hold_for_the_value_alone (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = { percent ("discount.discretionary", 1),
                           { .name = "clause.parameter", .subject = "liability.cap", .value = 12 } };

  fixture_table (fixture, "authority",
                 "id,who,measure,subject,above,up_to,worse\n"
                 "d,group:reps,discount.discretionary,,0%,20%,\n"
                 "h,group:legal,clause.parameter,liability.cap,,24,higher\n"
                 "l,group:finance,clause.parameter,liability.cap,,24,lower\n");
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 2, "reps");
  const DdRequirement *step = steps->pdata[0];

  g_assert_cmpuint (step->candidates->len, ==, 2);
  g_assert_true (dd_governed_covers (step->governed->pdata[0], &measures[1]));
  for (measures[1].value = 11; measures[1].value <= 13; measures[1].value += 2)
    g_assert_false (dd_governed_covers (step->governed->pdata[0], &measures[1]));
}

/* Rule "a,b" isn't rules "a" and "b", though they read the same. */
static void
lines_of_other_rules_are_asked_apart (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = { percent ("discount.discretionary", 1), percent ("line.discount.list", 30),
                           percent ("line.discount.list", 30) };

  measures[1].subject = "1";
  measures[1].category = "equipment";
  measures[2].subject = "2";
  measures[2].category = "access";
  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "\"a,b\",group:interns,line.discount.list,,0%,,,equipment,,,,,\n"
                        "a,group:managers,line.discount.list,,0%,,,access,,,,,\n"
                        "b,group:directors,line.discount.list,,0%,,,access,,,,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) steps = ask (fixture, measures, 3, "reps");

  g_assert_cmpuint (steps->len, ==, 2);
  for (guint i = 0; i < steps->len; i++)
    g_assert_cmpuint (((DdRequirement *)steps->pdata[i])->governed->len, ==, 1);
}

static void
a_margin_of_one_currency_is_no_others (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = { percent ("discount.discretionary", 1), percent ("discount.discretionary", 1),
                           percent ("margin", 40) };
  const char *const reps[] = { "reps", NULL };
  g_autoptr (GError) error = NULL;

  measures[1].currency = (DdCurrency){ "USD" };
  fixture_table (fixture, "authority",
                 HEADER "d,group:reps,discount.discretionary,,0%,20%,,,,,,,\n"
                        "g,group:reps,margin,,20%,,,,,,,,\n");
  fixture_start (fixture, TRUE);
  g_assert_null (fixture_require (fixture, measures, 3, "anna", reps, &error));
  assert_error (&error, DD_ERROR_NO_AUTHORITY, "margin", "in USD it isn't known", NULL);
}

/* EUR 20,000 and as much in dollars isn't below EUR 25,000, nor can it be told that it is above. */
static void
a_second_currency_takes_no_band_from_below (Fixture *fixture, gconstpointer data)
{
  DdMeasure measures[] = { percent ("discount.discretionary", 15), contract_value (20000),
                           percent ("margin", 40), contract_value (20000) };
  const char *const reps[] = { "reps", NULL };
  g_autoptr (GError) error = NULL;

  measures[3].currency = (DdCurrency){ "USD" };
  fixture_table (fixture, "authority", matrix);
  fixture_start (fixture, TRUE);
  expect (fixture, measures, 3, "reps", "");
  g_assert_null (fixture_require (fixture, measures, 4, "anna", reps, &error));
  assert_error (&error, DD_ERROR_NO_AUTHORITY, "discount.discretionary", "nobody has authority", NULL);
  measures[1] = contract_value (100000);
  expect (fixture, measures, 4, "reps", "discount.discretionary:group:managers");
}

static void
the_owner_is_a_role (Fixture *fixture, gconstpointer data)
{
  const DdMeasure measures[] = { percent ("discount.discretionary", 15) };

  fixture_table (fixture, "authority", HEADER "o,role:owner,discount.discretionary,,0%,20%,,,,,,,\n");
  fixture_start (fixture, TRUE);
  fixture->context.owner = "anna";
  expect (fixture, measures, 1, "reps", "");
  fixture->context.owner = "bela";
  expect (fixture, measures, 1, "reps", "discount.discretionary:role:owner");
}

static void
what_cannot_be_read_refuses (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *row;
    const char *says;
  } cases[] = {
    { "x,group:reps,discount.discretionary,,0%,20%,,,25000,,,,", "value_from \"25000\" should be an amount" },
    { "x,group:reps,discount.discretionary,,0%,20%,EUR,,,,,,", "is \"EUR\" is for texts" },
    { "x,group:reps,discount.discretionary,,0%,20%,,,,,most,,", "need \"most\" should be any, all" },
    { "x,team:reps,discount.discretionary,,0%,20%,,,,,,,", "who is \"team:reps\"" },
    { "x,group:reps,discount.discretionary,,0%,20%,,,,,,boss,", "inform \"boss\"" },
    { "x,group:reps,discount.discretionary,,10%,10%,,,,,,,", "isn't below up_to" },
  };

  fixture_start (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const DdMeasure measures[] = { percent ("discount.discretionary", 15), contract_value (30000) };
      g_autofree char *table = g_strconcat (HEADER, cases[i].row, "\n", NULL);
      g_autoptr (GError) error = NULL;

      fixture_table (fixture, "authority", table);
      g_assert_null (fixture_require (fixture, measures, 2, "anna", NULL, &error));
      assert_error (&error, DD_ERROR_NO_AUTHORITY, "rule x", cases[i].says, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/authority/a-published-matrix-is-data", a_published_matrix_is_data);
  fixture_test ("/authority/margin-and-payment-days-together-need-both",
                margin_and_payment_days_together_need_both);
  fixture_test ("/authority/a-requirement-governs-its-band-too", a_requirement_governs_its_band_too);
  fixture_test ("/authority/lines-of-the-same-rules-are-asked-together",
                lines_of_the_same_rules_are_asked_together);
  fixture_test ("/authority/texts-are-covered-by-name", texts_are_covered_by_name);
  fixture_test ("/authority/a-customers-own-text-is-always-governed",
                a_customers_own_text_is_always_governed);
  fixture_test ("/authority/rungs-are-limits-of-a-clause", rungs_are_limits_of_a_clause);
  fixture_test ("/authority/some-rules-need-more-than-one", some_rules_need_more_than_one);
  fixture_test ("/authority/one-of-three-has-no-authority-alone", one_of_three_has_no_authority_alone);
  fixture_test ("/authority/all-of-one-person-is-that-person", all_of_one_person_is_that_person);
  fixture_test ("/authority/rules-that-disagree-hold-for-the-value-alone",
                rules_that_disagree_hold_for_the_value_alone);
  fixture_test ("/authority/lines-of-other-rules-are-asked-apart", lines_of_other_rules_are_asked_apart);
  fixture_test ("/authority/a-margin-of-one-currency-is-no-others", a_margin_of_one_currency_is_no_others);
  fixture_test ("/authority/a-second-currency-takes-no-band-from-below",
                a_second_currency_takes_no_band_from_below);
  fixture_test ("/authority/the-owner-is-a-role", the_owner_is_a_role);
  fixture_test ("/authority/what-cannot-be-read-refuses", what_cannot_be_read_refuses);
  return g_test_run ();
}
