/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a priced proposal comes to in the dimensions of authority, and what an approval of it covers.
 */
#include "authority/requirement.h"

#include "offer-fixture.h"

static const DdMeasure *
find (const DdMeasures *measures, const char *name, const char *subject)
{
  for (guint i = 0; i < measures->list->len; i++)
    {
      const DdMeasure *measure = &g_array_index (measures->list, DdMeasure, i);

      if (g_str_equal (measure->name, name) && g_strcmp0 (measure->subject, subject) == 0)
        return measure;
    }
  return NULL;
}

static void
assert_measured (const DdMeasures *measures, const char *name, const char *subject, const char *wanted)
{
  const DdMeasure *measure = find (measures, name, subject);
  g_autofree char *text = measure != NULL ? dd_measure_format (measure) : NULL;

  g_assert_cmpstr (text, ==, wanted);
}

static void
add_clause (Offer *offer, const char *clause, const char *rung, const char *name, const char *value)
{
  DdTerm *term = dd_term_new ();
  DdParameter parameter = { .name = g_strdup (name), .value = g_strdup (value) };

  term->clause = g_strdup (clause);
  term->version = g_strdup ("1");
  term->rung = g_strdup (rung);
  term->title = g_strdup (clause);
  term->text = g_strdup ("A text.");
  g_array_append_val (term->parameters, parameter);
  g_ptr_array_add (offer->proposal->terms, term);
}

/* Of EUR 1,000 a month over 36 months and once EUR 2,520, 10% of the monthly part is given: 3600 of 38,520.
 */
static void
figures_are_measured_a_currency (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdMeasures) measures = dd_measures_take (offer->proposal, offer->sheet, "B");

  assert_measured (measures, "discount.list", NULL, "9.3457944%");
  assert_measured (measures, "contract.value", NULL, "EUR 34920.00");
  assert_measured (measures, "currency", NULL, "EUR");
  assert_measured (measures, "commitment.months", NULL, "36");
  assert_measured (measures, "credit.class", NULL, "B");
  assert_measured (measures, "precedence", NULL, "terms");
  assert_measured (measures, "contribution", NULL, NULL);
  g_assert_cmpint (find (measures, "contract.value", NULL)->worse, ==, DD_WORSE_LOWER);
  g_assert_cmpint (find (measures, "discount.list", NULL)->worse, ==, DD_WORSE_HIGHER);
}

/* Line 1 alone: 3600 of 38,500. */
static void
lines_are_measured_with_their_category (void)
{
  static const char *const categories[] = { "access", NULL, NULL, "fibre" };
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdMeasures) measures = dd_measures_take (offer->proposal, offer->sheet, NULL);

  dd_measures_add_lines (measures, offer->proposal, offer->sheet, categories);
  assert_measured (measures, "line.discount.list", "1", "9.3506494%");
  assert_measured (measures, "line.discount.standing", "1", "9.3506494%");
  assert_measured (measures, "line.discount.discretionary", "4", "0%");
  g_assert_cmpstr (find (measures, "line.discount.list", "1")->category, ==, "access");
  g_assert_null (find (measures, "line.discount.list", "2")->category);
  g_assert_null (find (measures, "line.discount.list", "3"));
}

static void
clauses_are_measured_by_rung_and_parameter (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdMeasures) measures = NULL;

  add_clause (offer, "liability", "fallback-2", "cap", "EUR 500000.00");
  add_clause (offer, "service-levels", "walk-away", "credit", "5%");
  add_clause (offer, "governing-law", "preferred", "court", "Hamburg");
  measures = dd_measures_take (offer->proposal, offer->sheet, NULL);
  assert_measured (measures, "clause.rung", "liability", "2");
  assert_measured (measures, "clause.rung", "service-levels", "1000");
  assert_measured (measures, "clause.rung", "governing-law", "0");
  assert_measured (measures, "clause.rung", "payment", SECRET "-walk-away");
  assert_measured (measures, "clause.parameter", "liability.cap", "EUR 500000.00");
  assert_measured (measures, "clause.parameter", "service-levels.credit", "5%");
  assert_measured (measures, "clause.parameter", "governing-law.court", "Hamburg");
  assert_measured (measures, "clause.parameter", "payment.days", "30");
  assert_measured (measures, "payment.days", NULL, "30");
  assert_measured (measures, "credit.class", NULL, NULL);
}

/* One changed word of it is another text. */
static void
a_customers_text_is_measured_whole (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdMeasures) before = NULL;
  g_autoptr (DdMeasures) after = NULL;
  DdTerm *term;

  add_clause (offer, "audit", "own", "months", "6");
  before = dd_measures_take (offer->proposal, offer->sheet, NULL);
  term = dd_proposal_term (offer->proposal, "audit");
  g_free (term->text);
  term->text = g_strdup ("One text.");
  after = dd_measures_take (offer->proposal, offer->sheet, NULL);

  const DdMeasure *first = find (before, "clause.own", "audit");
  const DdMeasure *second = find (after, "clause.own", "audit");
  DdGoverned *governed = dd_governed_new (first, first->worse);

  g_assert_cmpuint (strlen (first->text), ==, 64);
  g_assert_null (find (before, "clause.rung", "audit"));
  g_assert_null (find (before, "clause.parameter", "audit.months"));
  g_assert_true (dd_governed_covers (governed, first));
  g_assert_false (dd_governed_covers (governed, second));
  g_assert_true (dd_governed_is (governed, second));
  dd_governed_free (governed);
}

/* Days that can't be read, or in a clause that the customer wrote, are days all the same. */
static void
payment_days_are_measured_however_they_are_written (void)
{
  static const struct
  {
    const char *rung;
    const char *value;
  } cases[] = { { "preferred", "90" }, { "own", "90" }, { "preferred", "90 days" }, { "own", "90.0" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Offer) offer = offer_new ();
      g_autoptr (DdMeasures) measures = NULL;

      g_ptr_array_set_size (offer->proposal->terms, 0);
      add_clause (offer, "payment", cases[i].rung, "days", cases[i].value);
      measures = dd_measures_take (offer->proposal, offer->sheet, NULL);
      assert_measured (measures, "payment.days", NULL, cases[i].value);
      g_assert_true ((find (measures, "payment.days", NULL)->text != NULL) ==
                     !g_str_equal (cases[i].value, "90"));
    }
}

static void
a_line_may_be_bound_for_longer (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdMeasures) measures = NULL;
  DdLine *line = g_ptr_array_index (offer->proposal->lines, 0);

  line->commitment = 60;
  measures = dd_measures_take (offer->proposal, offer->sheet, NULL);
  assert_measured (measures, "commitment.months", NULL, "60");
}

static void
what_is_governed_is_recorded (void)
{
  DdMeasure measures[] = {
    { .name = "discount.list", .value = G_MAXINT64, .currency = { "EUR" }, .percent = TRUE },
    { .name = "margin", .value = -1, .currency = { "EUR" }, .percent = TRUE, .worse = DD_WORSE_LOWER },
    { .name = "clause.own", .subject = "audit", .text = "0a1b", .worse = DD_WORSE_CHANGED },
  };
  DdRequirement *requirement = dd_requirement_new ();
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdJsonWriter) again = dd_json_writer_new ();
  g_autoptr (GError) error = NULL;

  requirement->step = 1;
  requirement->rule = g_strdup ("r");
  requirement->measure = g_strdup ("discount.list");
  requirement->subject = g_strdup ("7");
  g_ptr_array_add (requirement->informed, g_strdup ("user:carla"));
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    g_ptr_array_add (requirement->governed, dd_governed_new (&measures[i], measures[i].worse));
  dd_requirement_write (requirement, writer);

  g_autofree char *text = dd_json_writer_finish (writer, NULL);
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, &error);
  DdRequirement *read = dd_requirement_read (dd_json_root (json), &error);

  g_assert_no_error (error);
  dd_requirement_write (read, again);

  g_autofree char *text_again = dd_json_writer_finish (again, NULL);

  g_assert_cmpstr (text_again, ==, text);
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      g_assert_true (dd_governed_is (read->governed->pdata[i], &measures[i]));
      g_assert_true (dd_governed_covers (read->governed->pdata[i], &measures[i]));
    }
  dd_requirement_free (read);
  dd_requirement_free (requirement);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/figures-are-measured-a-currency", figures_are_measured_a_currency);
  g_test_add_func ("/measure/lines-are-measured-with-their-category", lines_are_measured_with_their_category);
  g_test_add_func ("/measure/clauses-are-measured-by-rung-and-parameter",
                   clauses_are_measured_by_rung_and_parameter);
  g_test_add_func ("/measure/a-customers-text-is-measured-whole", a_customers_text_is_measured_whole);
  g_test_add_func ("/measure/payment-days-are-measured-however-they-are-written",
                   payment_days_are_measured_however_they_are_written);
  g_test_add_func ("/measure/a-line-may-be-bound-for-longer", a_line_may_be_bound_for_longer);
  g_test_add_func ("/measure/what-is-governed-is-recorded", what_is_governed_is_recorded);
  return g_test_run ();
}
