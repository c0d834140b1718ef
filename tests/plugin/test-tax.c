/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-tax, through the host.
 */
#include "fixture-price.h"

#include <string.h>

#define CHARGES                                                                                              \
  "offering,charge,name,type,period,currency,price,mode\n"                                                   \
  "line,rental,Rental,recurring,month,EUR,10.10,flat\n"                                                      \
  "line,setup,Set-up,oneTime,,EUR,0.10,flat\n"

#define HEAD "region,category,id,rate,valid_from,valid_to,label\n"

static void
start (Fixture *fixture, const char *taxes)
{
  fixture_table (fixture, "charges", CHARGES);
  fixture_table (fixture, "taxes", taxes);
  fixture_start (fixture, TRUE);
}

static DdProposal *
line_at (const char *site)
{
  DdProposal *proposal = fixture_proposal (10 * DD_MICROS, "line", NULL);

  ((DdLine *)proposal->lines->pdata[0])->site = g_strdup (site);
  return proposal;
}

/* "ID RATE LABEL\n" of each tax of the first charge. (transfer full) */
static char *
taxes_of (Fixture *fixture, DdProposal *proposal)
{
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *tax = fixture_adjustment (answers, i);
      g_autofree char *rate = dd_percent_format (tax->value);

      g_assert_cmpuint (tax->kind, ==, DD_ADJUST_TAX);
      if (tax->charge == 0)
        g_string_append_printf (text, "%s %s %s\n", dd_answers_text (answers, tax->id), rate,
                                dd_answers_text (answers, tax->label));
    }
  return g_string_free (text, FALSE);
}

static void
expect_taxes (Fixture *fixture, const char *site, const char *expected)
{
  g_autoptr (DdProposal) proposal = line_at (site);
  g_autofree char *taxes = taxes_of (fixture, proposal);

  g_assert_cmpstr (taxes, ==, expected);
}

/* pricing.tsv: 10 x 10.10 at 23% is 23.23; and each charge of the line has its own. */
static void
line_tax (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at (NULL);

  start (fixture, HEAD "DE,*,vat,23%,,,VAT\n");

  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 0).tax, ==, 23230000);
  g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 1).tax, ==, 230000);
}

static void
a_locations_region_comes_before_the_customers_country (Fixture *fixture, gconstpointer data)
{
  fixture_table (fixture, "locations",
                 "site,valid_to,valid_from,region\nhelgoland,2026-06-09,,DE-HEL\nhelgoland,,2026-06-10,DE\n"
                 "berlin,,,\nbonn,2026-06-08,,DE-HEL\n");
  start (fixture, HEAD "DE,*,vat,19%,,,VAT\nDE-HEL,*,none,0%,,,\n");
  expect_taxes (fixture, "helgoland", "none 0% none\n");
  expect_taxes (fixture, "berlin", "vat 19% VAT\n");
  expect_taxes (fixture, "bonn", "vat 19% VAT\n");
  expect_taxes (fixture, "nowhere", "vat 19% VAT\n");
  expect_taxes (fixture, NULL, "vat 19% VAT\n");
}

static void
a_categorys_own_taxes_replace_the_general_ones (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,*,vat,19%,,,\nDE,books,reduced,7%,,,\n");
  fixture_offerings (fixture, "id,name,category\nline,Line,books\n");
  expect_taxes (fixture, NULL, "reduced 7% reduced\n");
  fixture_offerings (fixture, "id,name,category\nline,Line,access\n");
  expect_taxes (fixture, NULL, "vat 19% vat\n");
}

static void
all_taxes_of_a_region_are_due (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,*,county,1.5%,,,\nDE,*,state,4%,,,\n");
  expect_taxes (fixture, NULL, "county 1.5% county\nstate 4% state\n");
}

static void
the_rate_of_the_day_is_due (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD "DE,*,vat,16%,2026-01-01,2026-06-08,\nDE,*,vat,19%,2026-06-09,2026-06-09,\n"
                       "DE,*,vat,21%,2026-06-10,,\n");
  expect_taxes (fixture, NULL, "vat 19% vat\n");
}

static void
without_any_rows_nothing_is_taxed (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  expect_taxes (fixture, NULL, "");
}

static void
a_region_without_a_row_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at ("linz");

  fixture_table (fixture, "locations", "site,region\nlinz,AT\n");
  start (fixture, HEAD "DE,*,vat,19%,,,\n");
  fixture_unpriced (fixture, proposal, "line 1", "dataset taxes has no row for region AT", "offering line",
                    "2026-06-09", NULL);

  /* one that is over, or for another category, is none */
  fixture_table (fixture, "taxes", HEAD "AT,*,vat,20%,,2026-06-08,\n");
  fixture_unpriced (fixture, proposal, "region AT", NULL);
  fixture_table (fixture, "taxes", HEAD "AT,books,vat,10%,,,\n");
  fixture_unpriced (fixture, proposal, "region AT and category *", NULL);
}

static void
a_line_without_a_region_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at ("x");

  start (fixture, HEAD "DE,*,vat,19%,,,\n");
  fixture->context.country = "";
  fixture_unpriced (fixture, proposal, "line 1", "no tax region: site \"x\"", "dataset taxes", NULL);
}

static void
what_stays_needs_no_tax_row (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at (NULL);

  start (fixture, HEAD "AT,*,vat,20%,,,\n");
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_NO_CHANGE;

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_cmpuint (answers->adjustments->len, ==, 0);
}

static void
what_goes_is_credited_with_its_tax (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at (NULL);
  g_autofree char *taxes = NULL;

  start (fixture, HEAD "DE,*,vat,19%,,,\n");
  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_DELETE;
  taxes = taxes_of (fixture, proposal);
  g_assert_cmpstr (taxes, ==, "vat 19% vat\n");
}

static void
what_was_missed_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at (NULL);
  g_autofree char *misses = NULL;

  start (fixture,
         HEAD "DE,*,vat,19%,,,\nDE,books,books,7%,,,\nDE,access,own,5%,,,\nDE,access,old,6%,,2026-06-08,\n");
  fixture_offerings (fixture, "id,name,category\nline,Line,access\n");
  misses = fixture_misses (fixture, proposal, NULL);
  g_assert_cmpstr (misses, ==,
                   "0 vat: it is for every category, and category access has taxes of its own in region DE\n"
                   "0 old: its last day was 2026-06-08, and prices are asked for 2026-06-09\n"
                   "0 books: the offering's category is access, and it is for books\n");
}

static void
importing_refuses_what_cannot_be (Fixture *fixture, gconstpointer data)
{
  start (fixture, HEAD);
  fixture_refuses (fixture, "taxes", HEAD "DE,*,vat,-1%,,,\n", ":2:", "rate", NULL);
  fixture_refuses (fixture, "taxes", HEAD "DE,*,vat,19,,,\n", ":2:", "rate", "12.5%", NULL);
  fixture_refuses (fixture, "taxes", HEAD "DE,*,vat,19%,2026-01-01,,\nDE,*,vat,20%,2026-07-01,,\n",
                   ":3:", "meets line 2", NULL);
}

static void
a_bad_row_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = line_at (NULL);

  start (fixture, HEAD);
  fixture_table (fixture, "taxes", HEAD "DE,*,vat,-1%,,,\n");
  fixture_unpriced (fixture, proposal, "line 1", "dataset taxes, DE, vat", "such as 19%", NULL);
}

static void
the_readmes_example (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *site;
    gint64 tax;
  } cases[] = { { NULL, 19190000 }, { "empire", 8960000 } };

  fixture_table (fixture, "locations", "site,region\nempire,US-NY\n");
  start (fixture, "region,category,id,rate\nDE,*,vat,19%\nDE,books,reduced,7%\n"
                  "US-NY,*,state,4%\nUS-NY,*,city,4.875%\n");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DdProposal) proposal = line_at (cases[i].site);
      g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

      g_assert_cmpint (g_array_index (sheet->results, DdChargeResult, 0).tax, ==, cases[i].tax);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/tax/case/line-tax", line_tax);
  fixture_test ("/tax/a-locations-region-comes-before-the-customers-country",
                a_locations_region_comes_before_the_customers_country);
  fixture_test ("/tax/a-categorys-own-taxes-replace-the-general-ones",
                a_categorys_own_taxes_replace_the_general_ones);
  fixture_test ("/tax/all-taxes-of-a-region-are-due", all_taxes_of_a_region_are_due);
  fixture_test ("/tax/the-rate-of-the-day-is-due", the_rate_of_the_day_is_due);
  fixture_test ("/tax/without-any-rows-nothing-is-taxed", without_any_rows_nothing_is_taxed);
  fixture_test ("/tax/a-region-without-a-row-is-an-error", a_region_without_a_row_is_an_error);
  fixture_test ("/tax/a-line-without-a-region-is-an-error", a_line_without_a_region_is_an_error);
  fixture_test ("/tax/what-stays-needs-no-tax-row", what_stays_needs_no_tax_row);
  fixture_test ("/tax/what-goes-is-credited-with-its-tax", what_goes_is_credited_with_its_tax);
  fixture_test ("/tax/what-was-missed-is-told", what_was_missed_is_told);
  fixture_test ("/tax/importing-refuses-what-cannot-be", importing_refuses_what_cannot_be);
  fixture_test ("/tax/a-bad-row-is-named", a_bad_row_is_named);
  fixture_test ("/tax/the-readmes-example", the_readmes_example);
  return g_test_run ();
}
