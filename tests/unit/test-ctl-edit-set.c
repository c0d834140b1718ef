/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * --set of dealctl: paths, in command-line order, over ids of every kind.
 */
#include "edit-fixture.h"
#include "edit-set.h"

/* Ids with each character that a path has a use for. */
#define ODD                                                                                                  \
  "{\"commitment\":36,\"lines\":["                                                                           \
  "{\"id\":\"site.1\",\"offering\":\"dia\"},"                                                                \
  "{\"id\":\"site\",\"offering\":\"dia\"},"                                                                  \
  "{\"id\":\"a:rental\",\"offering\":\"dia\"},"                                                              \
  "{\"id\":\"a\",\"offering\":\"dia\"},"                                                                     \
  "{\"id\":\"x=1\",\"offering\":\"dia\"}]}"

static DdProposal *
set_from (const char *base, char **settings)
{
  CtlEdit edit = no_edit ();

  edit.settings = settings;
  return edited_from (base, &edit);
}

static DdProposal *
set (char **settings)
{
  return set_from (BASE, settings);
}

static void
test_line (void)
{
  g_autoptr (DdProposal) proposal =
    set (TEXTS ("line.2.discount=15%", "line.2.quantity=20", "line.2.commitment=24",
                "line.2.start=2027-03-01", "line.5.chosen=yes", "line.1:rental.price=EUR 380"));
  const DdLine *line = dd_proposal_line (proposal, "2");

  g_assert_cmpuint (n_alterations (proposal, "2"), ==, 1);
  g_assert_cmpint (alteration (proposal, "2", 0)->value, ==, 150000000);
  g_assert_null (alteration (proposal, "2", 0)->charge);
  g_assert_cmpint (line->quantity, ==, 20 * DD_MICROS);
  g_assert_cmpuint (line->commitment, ==, 24);
  g_assert_cmpstr (line->start, ==, "2027-03-01");
  g_assert_cmpuint (dd_proposal_line (proposal, "5")->chosen, ==, DD_CHOICE_TAKEN);
  /* The 5% off every charge stays on the other one. */
  g_assert_cmpstr (alteration (proposal, "1", 0)->charge, ==, "install");
  g_assert_cmpstr (alteration (proposal, "1", 1)->charge, ==, "rental");
  g_assert_cmpint (alteration (proposal, "1", 1)->value, ==, 380 * DD_MICROS);
}

static void
test_offer (void)
{
  g_autoptr (DdProposal) proposal =
    set (TEXTS ("term=48", "discount=5%", "currency=CHF", "validUntil=2026-12-31T12:00:00Z",
                "irrevocableUntil=2026-12-01T00:00:00Z", "effectiveFrom=2027-01-01", "effectiveTo=2031-01-01",
                "billingDay=15", "note=a=b, as agreed", "spread=EUR 100", "spread.oneTime=+5%"));

  g_assert_cmpuint (proposal->commitment, ==, 48);
  g_assert_cmpuint (dd_line_commitment (proposal, dd_proposal_line (proposal, "1")), ==, 48);
  g_assert_cmpint (alteration (proposal, "1", 0)->value, ==, 50000000);
  g_assert_cmpint (alteration (proposal, "2", 0)->value, ==, 50000000);
  g_assert_cmpuint (n_alterations (proposal, "4"), ==, 0);
  g_assert_cmpstr (proposal->currency.code, ==, "CHF");
  g_assert_cmpint (proposal->valid_until, ==, G_GINT64_CONSTANT (1798718400000000));
  g_assert_cmpint (proposal->irrevocable_until, ==, G_GINT64_CONSTANT (1796083200000000));
  g_assert_cmpstr (proposal->effective_from, ==, "2027-01-01");
  g_assert_cmpstr (proposal->effective_to, ==, "2031-01-01");
  g_assert_cmpuint (proposal->billing_day, ==, 15);
  g_assert_cmpstr (proposal->note, ==, "a=b, as agreed");
  g_assert_cmpuint (proposal->spread->len, ==, 2);
  g_assert_cmpuint (g_array_index (proposal->spread, DdDealAlteration, 1).type, ==, DD_CHARGE_ONE_TIME);
}

/* What comes later counts, and of a whole line as of one of its charges. */
static void
test_order (void)
{
  g_autoptr (DdProposal) narrow =
    set (TEXTS ("discount=5%", "line.2.discount=15%", "term=48", "line.2.commitment=12"));
  g_autoptr (DdProposal) wide =
    set (TEXTS ("line.2.discount=15%", "discount=5%", "line.2.commitment=12", "term=48"));
  g_autoptr (DdProposal) spread = set (TEXTS ("spread=EUR 100", "spread.month=EUR 70", "spread.year=EUR 5"));

  g_assert_cmpint (alteration (narrow, "2", 0)->value, ==, 150000000);
  g_assert_cmpint (alteration (narrow, "1", 0)->value, ==, 50000000);
  g_assert_cmpuint (dd_proposal_line (narrow, "2")->commitment, ==, 12);
  g_assert_cmpuint (n_alterations (wide, "2"), ==, 1);
  g_assert_cmpint (alteration (wide, "2", 0)->value, ==, 50000000);
  g_assert_cmpuint (dd_proposal_line (wide, "2")->commitment, ==, 0);
  g_assert_cmpuint (spread->spread->len, ==, 2);
  g_assert_cmpint (g_array_index (spread->spread, DdDealAlteration, 0).value, ==, 70 * DD_MICROS);
}

static void
test_after_options (void)
{
  CtlEdit edit = no_edit ();
  g_autoptr (DdProposal) proposal = NULL;

  edit.settings = TEXTS ("line.2.discount=15%");
  edit.discounts = TEXTS ("5%");
  edit.term = 24;
  proposal = edited (&edit);
  g_assert_cmpint (alteration (proposal, "2", 0)->value, ==, 150000000);
  g_assert_cmpint (alteration (proposal, "1", 0)->value, ==, 50000000);
  g_assert_cmpuint (proposal->commitment, ==, 24);
  g_assert_false (ctl_edit_is_empty (&edit));
}

static void
test_odd_ids (void)
{
  g_autoptr (DdProposal) proposal =
    set_from (ODD, TEXTS ("line.site.1.discount=1%", "line.site.discount=2%", "line.a:rental.discount=3%",
                          "line.a:install.discount=4%", "line.x=1.discount=5%"));

  g_assert_cmpint (alteration (proposal, "site.1", 0)->value, ==, 10000000);
  g_assert_cmpint (alteration (proposal, "site", 0)->value, ==, 20000000);
  /* The line of that whole name, not a charge of line a. */
  g_assert_cmpint (alteration (proposal, "a:rental", 0)->value, ==, 30000000);
  g_assert_null (alteration (proposal, "a:rental", 0)->charge);
  g_assert_cmpuint (n_alterations (proposal, "a"), ==, 1);
  g_assert_cmpstr (alteration (proposal, "a", 0)->charge, ==, "install");
  g_assert_cmpint (alteration (proposal, "x=1", 0)->value, ==, 50000000);
}

static void
test_left_out (void)
{
  g_autoptr (DdProposal) proposal =
    set (TEXTS ("line.5.chosen=yes", "line.5.chosen=no", "line.1.discount=0%"));

  g_assert_cmpuint (dd_proposal_line (proposal, "5")->chosen, ==, DD_CHOICE_LEFT_OUT);
  g_assert_cmpuint (n_alterations (proposal, "1"), ==, 0);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    gint code;
    const char *said;
  } cases[] = {
    { "", BAD_VALUE, "PATH=VALUE" },
    { "term", BAD_VALUE, "PATH=VALUE" },
    { "=48", BAD_VALUE, "PATH=VALUE" },
    { "term=", BAD_VALUE, "PATH=VALUE" },
    { "line.2=15%", BAD_VALUE, "line.LINE.KEY=VALUE" },
    { "line..discount=15%", BAD_VALUE, "line.LINE.KEY=VALUE" },
    { "terms=48", BAD_VALUE, "did you mean term?" },
    { "Term=48", BAD_VALUE, "did you mean term?" },
    { "warehouse=3", BAD_VALUE, "what can is billingDay, currency, discount" },
    { "term.48=1", BAD_VALUE, "“term.48” can't be set" },
    { "lines.2.discount=15%", BAD_VALUE, "line.LINE.KEY" },
    { "line.2.quantty=3", BAD_VALUE, "did you mean quantity?" },
    { "line.2.site=3", BAD_VALUE, "what can is chosen, commitment, discount" },
    { "line.9.discount=15%", DD_ERROR_NOT_FOUND, "no line “9”" },
    { "line.2.rental.discount=15%", BAD_VALUE, "line.2:rental.discount" },
    { "line.2:rental.quantity=3", BAD_VALUE, "of a whole line: line.2.quantity" },
    { "line.2.discount=15", BAD_VALUE, "“15%”" },
    { "line.2.discount=115%", BAD_VALUE, "between 0% and 100%" },
    { "line.2.price=380", BAD_VALUE, "380" },
    { "line.2.price=EUR -1", BAD_VALUE, "can't be negative" },
    { "line.5.price=EUR 1", BAD_VALUE, "install, rental" },
    { "line.2.quantity=0", BAD_VALUE, "above 0" },
    { "line.2.quantity=many", BAD_VALUE, "many" },
    { "line.2.commitment=0", BAD_VALUE, "months, from 1" },
    { "line.2.start=soon", BAD_VALUE, "such as 2026-12-31" },
    { "line.5.chosen=maybe", BAD_VALUE, "yes or no" },
    { "line.1.chosen=yes", DD_ERROR_INVALID_ARGUMENT, "isn't optional" },
    { "term=0", BAD_VALUE, "months, from 1" },
    { "term=65536", BAD_VALUE, "months, from 1" },
    { "term=4.5", BAD_VALUE, "months, from 1" },
    { "discount=-1%", BAD_VALUE, "between 0% and 100%" },
    { "currency=euro", BAD_VALUE, "euro" },
    { "billingDay=29", BAD_VALUE, "from 1 to 28" },
    { "effectiveFrom=2026-02-30", BAD_VALUE, "such as 2026-12-31" },
    { "validUntil=soon", BAD_VALUE, "soon" },
    { "spread.fortnight=EUR 5", BAD_VALUE, "fortnight" },
    { "spread=EUR -5", BAD_VALUE, "begins with +" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CtlEdit edit = no_edit ();

      edit.settings = TEXTS ("note=kept", cases[i].text);
      refused (&edit, cases[i].code, cases[i].said);
      /* The whole of what was typed, too. */
      if (cases[i].code != DD_ERROR_INVALID_ARGUMENT)
        refused (&edit, cases[i].code, cases[i].text);
    }
}

/* Each path that completion offers is one. */
static void
test_paths (void)
{
  g_auto (GStrv) paths = ctl_edit_set_paths ();

  g_assert_cmpuint (g_strv_length (paths), >, 1);
  g_assert_true (g_strv_contains ((const char *const *)paths, "line."));
  for (guint i = 0; paths[i] != NULL; i++)
    {
      CtlEdit edit = no_edit ();
      g_autofree char *text = g_strconcat (paths[i], "nothing", NULL);
      g_autoptr (DdProposal) proposal = read_proposal (BASE);
      g_autoptr (GError) error = NULL;

      edit.settings = TEXTS (text);
      if (!ctl_edit_apply (&edit, proposal, two_charges, NULL, &error))
        g_assert_null (strstr (error->message, "can't be set"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/edit-set/a-path-sets-one-thing-of-a-line", test_line);
  g_test_add_func ("/ctl/edit-set/a-path-without-line-is-of-the-offer", test_offer);
  g_test_add_func ("/ctl/edit-set/what-is-set-later-counts", test_order);
  g_test_add_func ("/ctl/edit-set/settings-come-after-other-edits", test_after_options);
  g_test_add_func ("/ctl/edit-set/ids-may-have-dots-colons-and-equals-signs", test_odd_ids);
  g_test_add_func ("/ctl/edit-set/what-was-there-can-be-taken-away", test_left_out);
  g_test_add_func ("/ctl/edit-set/what-can-t-be-set-says-what-can", test_refused);
  g_test_add_func ("/ctl/edit-set/completion-offers-paths-that-are-known", test_paths);
  return g_test_run ();
}
