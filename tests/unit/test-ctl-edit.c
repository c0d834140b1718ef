/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl's edits on a proposal, as documents before and after.
 */
#include "edit-fixture.h"

static char **
no_charges (const char *line, gpointer data, GError **error)
{
  dd_fail (error, DD_ERROR_UNPRICED, "line %s has no price", line);
  return NULL;
}

static void
test_discount_all (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.discounts = TEXTS ("12%");
  proposal = edited (&edit);
  /* In place of the 5% that was there, not on top of it. */
  g_assert_cmpuint (n_alterations (proposal, "1"), ==, 1);
  g_assert_cmpint (alteration (proposal, "1", 0)->value, ==, 120000000);
  g_assert_cmpuint (n_alterations (proposal, "2"), ==, 1);
  g_assert_cmpuint (n_alterations (proposal, "a:3"), ==, 0);
  g_assert_cmpuint (n_alterations (proposal, "4"), ==, 0);
}

static void
test_discount_lines (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.discounts = TEXTS ("12%", "5:rental=3.5%");
  edit.lines = TEXTS ("2");
  proposal = edited (&edit);
  g_assert_cmpint (alteration (proposal, "1", 0)->value, ==, 50000000);
  g_assert_cmpint (alteration (proposal, "2", 0)->value, ==, 120000000);
  g_assert_cmpstr (alteration (proposal, "5", 0)->charge, ==, "rental");
  g_assert_cmpint (alteration (proposal, "5", 0)->value, ==, 35000000);
}

static void
test_discount_zero (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.discounts = TEXTS ("1=0%");
  proposal = edited (&edit);
  g_assert_cmpuint (n_alterations (proposal, "1"), ==, 0);
}

static void
test_price_one_charge (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.prices = TEXTS ("1:rental=EUR 380");
  proposal = edited (&edit);
  /* The 5% off everything stays on the other charge, and isn't taken off the price. */
  g_assert_cmpuint (n_alterations (proposal, "1"), ==, 2);
  g_assert_cmpstr (alteration (proposal, "1", 0)->charge, ==, "install");
  g_assert_cmpuint (alteration (proposal, "1", 0)->kind, ==, DD_ADJUST_PERCENT_OFF);
  g_assert_cmpstr (alteration (proposal, "1", 1)->charge, ==, "rental");
  g_assert_cmpuint (alteration (proposal, "1", 1)->kind, ==, DD_ADJUST_UNIT_OVERRIDE);
  g_assert_cmpint (alteration (proposal, "1", 1)->value, ==, 380 * DD_MICROS);
}

static void
test_price_charge_unsaid (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.prices = TEXTS ("2=EUR 380");
  proposal = edited (&edit);
  g_assert_cmpstr (alteration (proposal, "2", 0)->charge, ==, "rental");
  edit.prices = TEXTS ("5=EUR 380");
  refused (&edit, BAD_VALUE, "install, rental");
}

static void
test_price_unknown_charges (void)
{
  g_autoptr (DdProposal) proposal = read_proposal (BASE);
  g_autoptr (GError) error = NULL;
  CtlEdit edit = no_edit ();

  edit.prices = TEXTS ("2=EUR 380");
  g_assert_false (ctl_edit_apply (&edit, proposal, no_charges, NULL, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_UNPRICED);
}

static void
test_line_id_with_colon (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.quantities = TEXTS ("a:3=20.5");
  proposal = edited (&edit);
  g_assert_cmpint (dd_proposal_line (proposal, "a:3")->quantity, ==, 20500000);
}

static void
test_term (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.term = 24;
  proposal = edited (&edit);
  g_assert_cmpuint (dd_line_commitment (proposal, dd_proposal_line (proposal, "1")), ==, 24);
  g_assert_cmpuint (dd_line_commitment (proposal, dd_proposal_line (proposal, "2")), ==, 24);
  edit.term = 0;
  refused (&edit, BAD_VALUE, "--term");
}

static void
test_choice (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.chosen = TEXTS ("5");
  proposal = edited (&edit);
  g_assert_cmpuint (dd_proposal_line (proposal, "5")->chosen, ==, DD_CHOICE_TAKEN);
  edit.chosen = TEXTS ("1");
  refused (&edit, DD_ERROR_INVALID_ARGUMENT, "--choose");
}

static void
assert_order (const DdProposal *proposal, guint index, const char *id, const char *lines)
{
  const DdOrderPart *part = proposal->orders->pdata[index];
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < part->lines->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : ",", (char *)part->lines->pdata[i]);
  g_assert_cmpstr (part->id, ==, id);
  g_assert_cmpstr (text->str, ==, lines);
}

static void
test_orders (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.orders = TEXTS ("rest@2027-03-01=rest", "first=1..2");
  proposal = edited (&edit);
  g_assert_cmpuint (proposal->orders->len, ==, 2);
  assert_order (proposal, 0, "rest", "a:3,5"); /* line 4 changes nothing */
  assert_order (proposal, 1, "first", "1,2");
  g_assert_cmpstr (((DdOrderPart *)proposal->orders->pdata[0])->requested_date, ==, "2027-03-01");
}

static void
test_orders_refused (void)
{
  CtlEdit edit = no_edit ();

  edit.orders = TEXTS ("1=1,2", "2=2");
  refused (&edit, BAD_VALUE, "again in “2”");
  edit.orders = TEXTS ("1=9");
  refused (&edit, DD_ERROR_NOT_FOUND, "“9”");
  edit.orders = TEXTS ("1=2..1");
  refused (&edit, DD_ERROR_INVALID_ARGUMENT, "doesn't come after");
  edit.orders = TEXTS ("1=rest", "2=rest");
  refused (&edit, BAD_VALUE, "only one order");
  edit.orders = TEXTS ("1=1,2,a:3,5", "2=rest");
  refused (&edit, DD_ERROR_INVALID_ARGUMENT, "no line is left");
  edit.orders = TEXTS ("1");
  refused (&edit, BAD_VALUE, "ID=LINE");
}

static void
test_spreads (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;
  const DdDealAlteration *spread;

  edit.spreads = TEXTS ("EUR 1000", "oneTime=+5%");
  proposal = edited (&edit);
  g_assert_cmpuint (proposal->spread->len, ==, 2);
  spread = &g_array_index (proposal->spread, DdDealAlteration, 0);
  g_assert_cmpuint (spread->kind, ==, DD_ADJUST_LINE_OFF);
  g_assert_cmpuint (spread->period, ==, DD_PERIOD_MONTH);
  g_assert_cmpint (spread->value, ==, 1000 * DD_MICROS);
  spread++;
  g_assert_cmpuint (spread->kind, ==, DD_ADJUST_PERCENT_ON);
  g_assert_cmpuint (spread->type, ==, DD_CHARGE_ONE_TIME);
  g_assert_cmpstr (spread->currency.code, ==, "EUR");
}

static void
test_spread_replaces (void)
{
  g_autoptr (DdProposal) proposal = read_proposal (BASE);
  g_autoptr (GError) error = NULL;
  CtlEdit edit = no_edit ();

  edit.spreads = TEXTS ("EUR 1000");
  g_assert_true (ctl_edit_apply (&edit, proposal, two_charges, NULL, &error));
  edit.spreads = TEXTS ("EUR 700");
  g_assert_true (ctl_edit_apply (&edit, proposal, two_charges, NULL, &error));
  g_assert_cmpuint (proposal->spread->len, ==, 1);
  g_assert_cmpint (g_array_index (proposal->spread, DdDealAlteration, 0).value, ==, 700 * DD_MICROS);
}

static void
test_spread_currency (void)
{
  g_autoptr (DdProposal) proposal = read_proposal ("{\"lines\":[{\"id\":\"1\"}]}");
  g_autoptr (GError) error = NULL;
  CtlEdit edit = no_edit ();

  edit.spreads = TEXTS ("5%");
  g_assert_false (ctl_edit_apply (&edit, proposal, two_charges, NULL, &error));
  g_assert_error (error, CTL_USAGE_ERROR, 0);
  g_clear_error (&error);
  edit.spreads = TEXTS ("year=CHF 5%");
  g_assert_true (ctl_edit_apply (&edit, proposal, two_charges, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_array_index (proposal->spread, DdDealAlteration, 0).currency.code, ==, "CHF");
}

static void
test_bad_text (void)
{
  static const struct
  {
    gsize offset;
    const char *text;
    const char *option;
    gint code;
  } cases[] = {
    { G_STRUCT_OFFSET (CtlEdit, discounts), "112%", "--discount", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, discounts), "-1%", "--discount", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, discounts), "10", "“10%”", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, discounts), "1=10", "“10%”", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, discounts), "lots", "--discount", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, discounts), "9=5%", "--discount", DD_ERROR_NOT_FOUND },
    { G_STRUCT_OFFSET (CtlEdit, lines), "1", "--line", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, prices), "1:rental", "--price", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, prices), "1:rental=380", "--price", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, prices), "1:rental=EUR -1", "--price", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, quantities), "1=0", "--quantity", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, quantities), "1=many", "--quantity", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, spreads), "EUR -5", "--spread", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, spreads), "fortnight=EUR 5", "--spread", BAD_VALUE },
    { G_STRUCT_OFFSET (CtlEdit, left_out), "9", "--leave-out", DD_ERROR_NOT_FOUND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CtlEdit edit = no_edit ();
      char *list[] = { (char *)cases[i].text, NULL };

      *(char ***)G_STRUCT_MEMBER_P (&edit, cases[i].offset) = list;
      refused (&edit, cases[i].code, cases[i].option);
    }
}

static void
test_times (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.valid_until = (char *)"2026-12-31T12:00:00Z";
  edit.note = (char *)"as agreed by telephone";
  proposal = edited (&edit);
  g_assert_cmpint (proposal->valid_until, ==, G_GINT64_CONSTANT (1798718400000000));
  g_assert_cmpstr (proposal->note, ==, "as agreed by telephone");
  edit.valid_until = (char *)"soon";
  refused (&edit, BAD_VALUE, "--valid-until");
}

static void
test_terms (void)
{
  static const char first[] = "{\"terms\":[{\"clause\":\"pay\",\"title\":\"P\",\"text\":\"30 days\"},"
                              "{\"clause\":\"law\",\"title\":\"L\",\"text\":\"Hamburg\"}]}";
  static const char second[] = "{\"terms\":[{\"clause\":\"sla\",\"title\":\"S\",\"text\":\"99%\"},"
                               "{\"clause\":\"pay\",\"title\":\"P\",\"text\":\"60 days\"}]}";
  g_autoptr (DdProposal) proposal = read_proposal (BASE);
  g_autoptr (DdJson) one = dd_json_parse (first, strlen (first), NULL, NULL);
  g_autoptr (DdJson) two = dd_json_parse (second, strlen (second), NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ctl_edit_merge_terms (dd_json_root (one), proposal, &error));
  g_assert_true (ctl_edit_merge_terms (dd_json_root (two), proposal, &error));
  g_assert_cmpuint (proposal->terms->len, ==, 3);
  g_assert_cmpstr (((DdTerm *)proposal->terms->pdata[0])->text, ==, "60 days");
  g_assert_cmpstr (dd_proposal_term (proposal, "law")->text, ==, "Hamburg");
  g_assert_cmpstr (dd_proposal_term (proposal, "sla")->text, ==, "99%");
}

static void
test_bad_terms (void)
{
  static const char text[] =
    "{\"terms\":[{\"clause\":\"pay\",\"title\":\"P\",\"text\":\"x\"},{\"clause\":5}]}";
  g_autoptr (DdProposal) proposal = read_proposal (BASE);
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (ctl_edit_merge_terms (dd_json_root (json), proposal, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "terms[1].clause"));
  g_assert_cmpuint (proposal->terms->len, ==, 0);
}

static void
test_empty (void)
{
  CtlEdit edit = no_edit ();

  g_assert_true (ctl_edit_is_empty (&edit));
  edit.note = (char *)"";
  g_assert_false (ctl_edit_is_empty (&edit));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/edit/a-discount-replaces-percentages-of-lines-that-are-sold", test_discount_all);
  g_test_add_func ("/ctl/edit/a-discount-can-be-for-named-lines-and-charges", test_discount_lines);
  g_test_add_func ("/ctl/edit/a-discount-of-nothing-takes-the-old-one-away", test_discount_zero);
  g_test_add_func ("/ctl/edit/a-price-replaces-what-was-negotiated-on-its-charge-only",
                   test_price_one_charge);
  g_test_add_func ("/ctl/edit/a-price-without-charge-needs-a-line-with-one", test_price_charge_unsaid);
  g_test_add_func ("/ctl/edit/an-error-of-pricing-is-passed-on", test_price_unknown_charges);
  g_test_add_func ("/ctl/edit/a-line-id-may-have-a-colon", test_line_id_with_colon);
  g_test_add_func ("/ctl/edit/a-term-is-for-every-line", test_term);
  g_test_add_func ("/ctl/edit/only-optional-lines-are-chosen", test_choice);
  g_test_add_func ("/ctl/edit/orders-take-lines-ranges-and-the-rest", test_orders);
  g_test_add_func ("/ctl/edit/orders-that-cannot-be-are-refused", test_orders_refused);
  g_test_add_func ("/ctl/edit/spreads-are-off-unless-marked", test_spreads);
  g_test_add_func ("/ctl/edit/a-spread-replaces-one-over-the-same-charges", test_spread_replaces);
  g_test_add_func ("/ctl/edit/a-percentage-over-the-deal-needs-a-currency", test_spread_currency);
  g_test_add_func ("/ctl/edit/bad-text-names-its-option", test_bad_text);
  g_test_add_func ("/ctl/edit/times-are-read-exactly", test_times);
  g_test_add_func ("/ctl/edit/terms-replace-their-clause-and-add-others", test_terms);
  g_test_add_func ("/ctl/edit/bad-terms-name-their-place-and-change-nothing", test_bad_terms);
  g_test_add_func ("/ctl/edit/an-edit-that-says-anything-is-not-empty", test_empty);
  return g_test_run ();
}
