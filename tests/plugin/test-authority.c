/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * approval-authority, through the host.
 */
#include "fixture.h"

#include <string.h>

#define HEADER "id,who,measure,above,up_to,currency,segment,level,valid_from,valid_to\n"

static const char sales[] =
  HEADER "discount-sales,group:sales,discount.discretionary,0%,10%,EUR,,1,2026-01-01,\n"
         "discount-managers,group:managers,discount.discretionary,10%,25%,EUR,,1,2026-01-01,\n"
         "discount-carla,user:carla,discount.discretionary,10%,25%,EUR,,1,2026-01-01,\n"
         "discount-directors,group:directors,discount.discretionary,20%,40%,EUR,,2,,\n";

static DdMeasure
discount (gint64 nanos)
{
  return (
    DdMeasure){ .name = "discount.discretionary", .value = nanos, .currency = { "EUR" }, .percent = TRUE };
}

#define PERCENT (DD_NANOS / 100)

/* The discount is always measured, too. */
static GPtrArray *
require (
  Fixture *fixture, DdMeasure measure, const char *requester, const char *const *groups, GError **error)
{
  const DdMeasure measures[] = { measure, discount (0) };
  gboolean there = strcmp (measure.name, measures[1].name) == 0;

  return fixture_require (fixture, measures, there ? 1 : 2, requester, groups, error);
}

static GPtrArray *
ask (Fixture *fixture, DdMeasure measure, const char *requester, const char *group)
{
  const char *const groups[] = { group, NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *steps = require (fixture, measure, requester, groups, &error);

  g_assert_no_error (error);
  return steps;
}

static void
expect_nobody (Fixture *fixture, DdMeasure measure, const char *requester, const char *group)
{
  g_autoptr (GPtrArray) steps = ask (fixture, measure, requester, group);

  g_assert_cmpuint (steps->len, ==, 0);
}

static void
expect_refused (Fixture *fixture, DdMeasure measure, DdErrorCode code, const char *first, const char *second)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (require (fixture, measure, "anna", NULL, &error));
  assert_error (&error, code, first, second, NULL);
}

static void
within_authority_nobody_is_asked (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "authority", sales);
  fixture_start (fixture, TRUE);
  expect_nobody (fixture, discount (10 * PERCENT), "anna", "sales");
  expect_nobody (fixture, discount (0), "anna", "sales");
  expect_nobody (fixture, discount (-5 * PERCENT), "anna", "sales");
  expect_nobody (fixture, discount (25 * PERCENT), "carla", NULL);

  /* who may agree to more may agree to less */
  expect_nobody (fixture, discount (5 * PERCENT), "carla", NULL);
}

static void
beyond_it_the_lowest_level_is_asked (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "authority", sales);
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) steps = ask (fixture, discount (22 * PERCENT + PERCENT / 2), "anna", "sales");

  g_assert_cmpuint (steps->len, ==, 1);

  const DdRequirement *step = steps->pdata[0];

  g_assert_cmpuint (step->step, ==, 1);
  g_assert_cmpuint (step->level, ==, 1);
  g_assert_cmpuint (step->need, ==, 1);
  g_assert_true (step->higher_is_worse);
  g_assert_cmpstr (step->plugin, ==, "approval-authority");
  g_assert_cmpstr (step->rule, ==, "discount-carla,discount-managers");
  g_assert_cmpstr (step->measure, ==, "discount.discretionary");
  g_assert_cmpstr (step->value, ==, "22.5%");
  g_assert_cmpstr (step->limit, ==, "10%");
  g_assert_cmpuint (step->candidates->len, ==, 2);
  g_assert_cmpstr (step->candidates->pdata[0], ==, "user:carla");
  g_assert_cmpstr (step->candidates->pdata[1], ==, "group:managers");

  g_autoptr (GPtrArray) high = ask (fixture, discount (40 * PERCENT), "ines", NULL);

  g_assert_cmpuint (((DdRequirement *)high->pdata[0])->level, ==, 2);
  g_assert_cmpstr (((DdRequirement *)high->pdata[0])->limit, ==, "none");
}

static void
bounds_are_above_and_up_to (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "authority", sales);
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) just_above = ask (fixture, discount (10 * PERCENT + 1), "anna", "sales");

  g_assert_cmpuint (just_above->len, ==, 1);
  g_assert_cmpstr (((DdRequirement *)just_above->pdata[0])->value, ==, "10.0000001%");
  expect_refused (fixture, discount (40 * PERCENT + 1), DD_ERROR_NO_AUTHORITY, "40.0000001%",
                  "dataset authority");
}

static void
without_rules_it_fails_closed (Fixture *fixture, gconstpointer data)
{
  DdMeasure value = {
    .name = "contract.value", .value = 5 * DD_MICROS, .currency = { "EUR" }, .percent = FALSE
  };

  fixture_start (fixture, TRUE);
  expect_refused (fixture, discount (0), DD_ERROR_NO_AUTHORITY, "discount.discretionary is 0%",
                  "dataset authority");
  expect_refused (fixture, value, DD_ERROR_NO_AUTHORITY, "discount.discretionary is 0%", "dataset authority");
}

static void
what_was_not_measured_fails_closed (Fixture *fixture, gconstpointer data)
{
  DdMeasure value = {
    .name = "contract.value", .value = 5 * DD_MICROS, .currency = { "EUR" }, .percent = FALSE
  };
  const char *const groups[] = { "sales", NULL };
  g_autoptr (GError) error = NULL;

  fixture_table (fixture, "authority", sales);
  fixture_start (fixture, TRUE);
  expect_nobody (fixture, value, "anna", "sales");
  g_assert_null (fixture_require (fixture, &value, 1, "anna", groups, &error));
  assert_error (&error, DD_ERROR_NO_AUTHORITY, "discount.discretionary wasn't measured", NULL);
  g_assert_null (fixture_require (fixture, NULL, 0, "anna", groups, &error));
  assert_error (&error, DD_ERROR_NO_AUTHORITY, "discount.discretionary wasn't measured", NULL);
}

/* Ids that are cut lose whole characters, wherever the cut falls in one. */
static void
long_texts_are_cut_between_characters (Fixture *fixture, gconstpointer data)
{
  static const char letters[] = "äßü€";

  fixture_start (fixture, TRUE);
  for (guint shift = 0; shift < 4; shift++)
    {
      g_autoptr (GString) csv = g_string_new (HEADER);
      g_autoptr (GString) id = g_string_new_len ("xxx", shift);

      for (guint i = 0; i < 20; i++)
        g_string_append (id, letters);
      for (guint i = 0; i < 12; i++)
        g_string_append_printf (csv, "%u%s,user:%s%u,discount.discretionary,0%%,10%%,,,,,\n", i, id->str,
                                id->str, i);
      fixture_table (fixture, "authority", csv->str);

      g_autoptr (GPtrArray) steps = ask (fixture, discount (PERCENT), "anna", NULL);
      const DdRequirement *step = steps->pdata[0];

      g_assert_true (g_str_has_prefix (step->rule, "0"));
      g_assert_cmpuint (strlen (step->rule), >, 400);
      g_assert_cmpuint (step->candidates->len, ==, 12);

      g_string_assign (csv, HEADER);
      g_string_append_printf (csv, "%s,%s,discount.discretionary,%s,10%%,,,,,\n", id->str, id->str, id->str);
      fixture_table (fixture, "authority", csv->str);
      expect_refused (fixture, discount (PERCENT), DD_ERROR_NO_AUTHORITY, "äßü€", "user:NAME");
    }
}

static void
only_rules_that_apply_count (Fixture *fixture, gconstpointer data)
{
  DdMeasure dollars = discount (5 * PERCENT);

  g_strlcpy (dollars.currency.code, "USD", sizeof dollars.currency.code);
  fixture_table (fixture, "authority",
                 HEADER "future,group:sales,discount.discretionary,0%,10%,EUR,,1,2026-12-01,\n"
                        "past,group:sales,discount.discretionary,0%,10%,EUR,,1,,2026-06-01\n"
                        "other,group:sales,discount.discretionary,0%,10%,EUR,bank,1,,\n"
                        "mine,group:sales,discount.discretionary,0%,3%,EUR,retail,1,,\n");
  fixture_start (fixture, TRUE);
  expect_nobody (fixture, discount (3 * PERCENT), "anna", "sales");
  expect_refused (fixture, discount (5 * PERCENT), DD_ERROR_NO_AUTHORITY, "5%", "segment retail");
  expect_refused (fixture, dollars, DD_ERROR_NO_AUTHORITY, "5%", "currency USD");
}

static void
money_and_numbers_are_measured_too (Fixture *fixture, gconstpointer data)
{
  DdMeasure value = {
    .name = "contract.value", .value = 30000 * DD_MICROS, .currency = { "EUR" }, .percent = FALSE
  };
  DdMeasure months = { .name = "commitment.months", .value = 48 };
  DdMeasure margin = {
    .name = "margin", .value = 8 * PERCENT, .currency = { "EUR" }, .percent = TRUE, .worse = DD_WORSE_LOWER
  };

  fixture_table (fixture, "authority",
                 HEADER "d,group:sales,discount.discretionary,0%,10%,EUR,,,,\n"
                        "v1,group:sales,contract.value,EUR 0,EUR 25000.50,EUR,,,,\n"
                        "v2,group:managers,contract.value,EUR 25000.50,,EUR,,,,\n"
                        "m1,group:sales,commitment.months,0,36,,,,,\n"
                        "m2,group:legal,commitment.months,36,60,,,,,\n");
  fixture_start (fixture, TRUE);

  g_autoptr (GPtrArray) values = ask (fixture, value, "anna", "sales");
  g_autoptr (GPtrArray) lengths = ask (fixture, months, "anna", "sales");

  fixture_table (fixture, "authority",
                 HEADER "d,group:sales,discount.discretionary,0%,10%,EUR,,,,\n"
                        "g1,group:sales,margin,20%,,EUR,,,,\n"
                        "g2,group:finance,margin,0%,20%,EUR,,,,\n");

  g_autoptr (GPtrArray) margins = ask (fixture, margin, "anna", "sales");

  g_assert_cmpstr (((DdRequirement *)values->pdata[0])->value, ==, "EUR 30000.00");
  g_assert_cmpstr (((DdRequirement *)values->pdata[0])->limit, ==, "EUR 25000.50");
  g_assert_cmpstr (((DdRequirement *)lengths->pdata[0])->value, ==, "48");
  g_assert_cmpstr (((DdRequirement *)lengths->pdata[0])->limit, ==, "36");
  g_assert_cmpstr (((DdRequirement *)margins->pdata[0])->limit, ==, "20%");
  g_assert_false (((DdRequirement *)margins->pdata[0])->higher_is_worse);

  /* a better margin needs nobody, a negative one has no rule */
  margin.value = 30 * PERCENT;
  expect_nobody (fixture, margin, "anna", "sales");
  margin.value = -PERCENT;
  expect_refused (fixture, margin, DD_ERROR_NO_AUTHORITY, "margin is -1%", "dataset authority");
}

static void
a_rule_that_cannot_be_read_refuses (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *row;
    const char *says;
  } bad[] = { { "x,sales,discount.discretionary,0%,10%,,,,,\n", "user:NAME" },
              { "x,group:,discount.discretionary,0%,10%,,,,,\n", "user:NAME" },
              { "x,group:s,discount.discretionary,0,10%,,,,,\n", "percentages" },
              { "x,group:s,discount.discretionary,0%,EUR 10,,,,,\n", "percentages" },
              { "x,group:s,discount.discretionary,10%,10%,,,,,\n", "isn't below" },
              { "x,group:s,discount.discretionary,0%,99999999999999999999%,,,,,\n", "percentages" },
              { "x,group:s,discount.discretionary,0%,10%,,,-1,,\n", "level" } };

  fixture_start (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *csv = g_strconcat (HEADER, bad[i].row, NULL);

      fixture_table (fixture, "authority", csv);
      expect_refused (fixture, discount (PERCENT), DD_ERROR_NO_AUTHORITY, "rule x", bad[i].says);
    }
}

static void
a_governed_margin_must_be_known (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "authority",
                 HEADER
                 "d,user:anna,discount.discretionary,0%,10%,EUR,,,,\ng,group:sales,margin,20%,,EUR,,,,\n");
  fixture_start (fixture, TRUE);
  expect_refused (fixture, discount (PERCENT), DD_ERROR_NO_AUTHORITY, "margin", "isn't known");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/authority/within-it-nobody-is-asked", within_authority_nobody_is_asked);
  fixture_test ("/authority/beyond-it-the-lowest-level-is-asked", beyond_it_the_lowest_level_is_asked);
  fixture_test ("/authority/bounds-are-above-and-up-to", bounds_are_above_and_up_to);
  fixture_test ("/authority/without-rules-it-fails-closed", without_rules_it_fails_closed);
  fixture_test ("/authority/what-was-not-measured-fails-closed", what_was_not_measured_fails_closed);
  fixture_test ("/authority/long-texts-are-cut-between-characters", long_texts_are_cut_between_characters);
  fixture_test ("/authority/only-rules-that-apply-count", only_rules_that_apply_count);
  fixture_test ("/authority/money-and-numbers-are-measured-too", money_and_numbers_are_measured_too);
  fixture_test ("/authority/a-rule-that-cannot-be-read-refuses", a_rule_that_cannot_be_read_refuses);
  fixture_test ("/authority/a-governed-margin-must-be-known", a_governed_margin_must_be_known);
  return g_test_run ();
}
