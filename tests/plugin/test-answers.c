/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every answer that can't be is refused, and says what it was.
 */
#include "fixture.h"

#include <string.h>

#define LIAR                                                                                                 \
  "Kinds=pricing;approval;negotiation;handoff\nStage=base\n[Dataset d]\nColumns=k key text\n"                \
  "[Option lie]\nType=text\nDefault=truth\n"

typedef struct
{
  const char *lie;
  const char *says;
} Row;

static const Row prices[] = {
  { "charge-line", "on line 7 of 2" },
  { "charge-order", "after a later line's" },
  { "charge-size", "8 bytes" },
  { "charge-type", "line 1 with an unknown type" },
  { "charge-period", "a period" },
  { "charge-mode", "tier mode" },
  { "charge-tiers", "gave no tiers" },
  { "charge-currency", "ISO 4217" },
  { "charge-currency-end", "ISO 4217" },
  { "charge-price", "negative" },
  { "charge-limits", "minimum and maximum" },
  { "charge-package", "packages" },
  { "charge-id", "an id" },
  { "charge-twice", "there already" },
  { "charge-null", "no charge name" },
  { "charge-utf8", "UTF-8" },
  { "charge-per", "negative quantity" },
  { "charge-aggregate", "a aggregate that is not UTF-8" },
  { "charge-free-months", "free months" },
  { "charge-years", "contract years" },
  { "contract-charge", "a contracted price of charge 7 of 1" },
  { "contract-twice", "charge 0 a second contracted price" },
  { "contract-size", "8 bytes" },
  { "contract-share", "a share in place of a contracted price" },
  { "contract-tiers", "tier mode block and no tiers" },
  { "contract-tier-flat", "its mode has none" },
  { "share-usage", "a share in place of a usage rate" },
  { "share-size", "a share of 8 bytes" },
  { "share-charge", "a share of charge 7 of 1" },
  { "share-mode", "its mode isn't share" },
  { "share-type", "of a type that has no share" },
  { "share-number", "more often than 64 times" },
  { "share-text", "UTF-8" },
  { "expiry-size", "an expiry of 8 bytes" },
  { "expiry-charge", "an expiry of charge 7 of 1" },
  { "expiry-label", "no label" },
  { "adjust-charge", "charge 7 of 1" },
  { "adjust-size", "8 bytes" },
  { "adjust-kind", "unknown kind" },
  { "adjust-mode", "unknown group mode" },
  { "adjust-value", "negative value" },
  { "adjust-percent", "100%" },
  { "adjust-tax", "tax" },
  { "adjust-currency", "ISO 4217" },
  { "adjust-rule", "no rule id" },
  { "adjust-years", "contract years" },
  { "adjust-threshold", "negative threshold" },
  { "tier-first", "before a charge" },
  { "tier-flat", "its mode has none" },
  { "lookup-dataset", "dataset 3 of the 1" },
  { "lookup-key", "NULL" },
  { "count-dataset", "dataset 4 of the 1" },
  { "price-requirement", "approves nothing now" },
  { "said-and-done", "then that it didn't" },
  { "charge-free-once", "free months, though nothing recurs" },
  { "charge-years-order", "contract years that can't be" },
  { "contract-price", "negative" },
  { "share-period", "of a period that doesn't go with its type" },
};

/* Only while somebody asks why a rule didn't apply. */
static const Row misses[] = {
  { "miss-size", "8 bytes" },
  { "miss-line", "a miss of line 7 of 2" },
  { "miss-rule", "no rule id" },
  { "miss-utf8", "UTF-8" },
};

static const Row requirements[] = {
  { "require-size", "8 bytes" },        { "require-level", "level 100000" },
  { "require-need", "needs nobody" },   { "require-rule", "no rule id" },
  { "require-nobody", "0 candidates" }, { "require-candidate", "\"carla\", which is none of user:NAME" },
  { "require-governs", "measure 1," },  { "require-worse", "worse when 3" },
  { "require-governs-many", "20000" },  { "require-governs-texts", "MiB of texts" },
};

static const Row advice[] = {
  { "advise-action", "action 9" },
  { "advise-total", "negative total" },
  { "advise-reason", "without an end" },
  { "advise-utf8", "UTF-8" },
};

static const Row deliveries[] = {
  { "deliver-receipt", "without an end" },
  { "deliver-outcome", "outcome 42" },
};

static void
start (Fixture *fixture, const char *lie)
{
  fixture_set_up (fixture, NULL);
  fixture_add (fixture, "liar", LIAR);
  g_key_file_set_string (fixture->options, "plugin liar", "lie", lie);
  fixture_start (fixture, FALSE);
}

static void
a_price_is_refused (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "a", "b", NULL);
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  start (&fixture, row->lie);
  g_assert_null (fixture_price (&fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin liar", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
a_miss_is_refused_when_asked (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "a", "b", NULL);
  g_autoptr (GPtrArray) asked = dd_misses_new ();
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  start (&fixture, row->lie);

  g_autoptr (DdAnswers) unasked = fixture_price (&fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_nonnull (unasked);
  fixture.context.misses = asked;
  g_assert_null (fixture_price (&fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin liar", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

/* It is converted, so there must be a rate. */
static void
an_amount_of_another_currency_needs_a_rate (void)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "a", "b", NULL);
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  start (&fixture, "adjust-other-currency");
  g_assert_null (fixture_price (&fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNPRICED, "line 1", "charge rental", "from USD to EUR on 2026-06-09", NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
a_requirement_is_refused (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *text = g_strnfill (1000, 'x');
  const DdMeasure measure = { .name = "currency", .text = text, .worse = DD_WORSE_CHANGED };
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  start (&fixture, row->lie);
  g_assert_null (fixture_require (&fixture, &measure, 1, "anna", NULL, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin liar", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
advice_is_refused (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  start (&fixture, row->lie);
  g_assert_null (fixture_advise (&fixture, NULL, 0, 100, 0, 100, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin liar", row->says, NULL);
  fixture_tear_down (&fixture, NULL);
}

static void
a_delivery_is_unknown (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *receipt = NULL;
  Fixture fixture = { 0 };

  start (&fixture, row->lie);
  g_assert_cmpint (fixture_deliver (&fixture, "1", "k", "{}", FALSE, &receipt), ==, DD_DELIVERY_UNKNOWN);
  g_assert_nonnull (strstr (receipt, row->says));
  fixture_tear_down (&fixture, NULL);
}

static void
the_truth_is_taken (void)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "a", "b", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *receipt = NULL;
  Fixture fixture = { 0 };

  start (&fixture, "truth");

  g_autoptr (DdAnswers) answers = fixture_price (&fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answers->charges->len, ==, 2);
  g_assert_cmpuint (answers->adjustments->len, ==, 2);
  g_assert_cmpuint (answers->sources->len, ==, 2);

  g_autoptr (GPtrArray) steps = fixture_require (&fixture, NULL, 0, "anna", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, ==, 1);
  g_assert_cmpuint (((DdRequirement *)steps->pdata[0])->step, ==, 1);

  DdAdvice *given = fixture_advise (&fixture, NULL, 0, 100, 0, 100, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (given->reason, ==, "because");
  dd_advice_free (given);
  g_assert_cmpint (fixture_deliver (&fixture, "1", "k", "{}", FALSE, &receipt), ==, DD_DELIVERY_DELIVERED);
  g_assert_cmpstr (receipt, ==, "ok");

  /* a sink that can't tell duplicates is never asked twice */
  g_assert_cmpint (fixture_deliver (&fixture, "1", "k", "{}", TRUE, NULL), ==, DD_DELIVERY_UNKNOWN);
  fixture_tear_down (&fixture, NULL);
}

static void
a_stated_failure_names_the_line (void)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "a", "b", NULL);
  Fixture fixture = { 0 };

  start (&fixture, "said");

  /* however often: it is an answer, not a fault of the plugin */
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (fixture_price (&fixture, proposal, &error));
      assert_error (&error, DD_ERROR_UNPRICED, "plugin liar", "line 2", "the moon is full", NULL);
    }

  g_autofree char *state = fixture_state (&fixture, "liar");

  g_assert_cmpstr (state, ==, "enabled: ");
  fixture_tear_down (&fixture, NULL);
}

static void
nothing_is_answered_without_plugins (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("a");
  g_autoptr (GError) error = NULL;

  fixture_start (fixture, FALSE);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "stage base", NULL);
  g_assert_null (fixture_require (fixture, NULL, 0, "anna", NULL, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "no approval plugin", NULL);
  g_assert_null (fixture_advise (fixture, NULL, 0, 1, 0, 1, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "no negotiation plugin", NULL);
  g_assert_cmpint (fixture_deliver (fixture, "1", "k", "{}", FALSE, NULL), ==, DD_DELIVERY_RETRY);
  g_assert_cmpint (fixture_deliver (fixture, "1", "k", "{}", TRUE, NULL), ==, DD_DELIVERY_UNKNOWN);
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "");
}

static void
alterations_need_their_stage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("a");
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  fixture_alter (proposal, 0, NULL, DD_ADJUST_PERCENT_OFF, "", DD_NANOS / 10);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "stage negotiated", NULL);
}

static void
a_refused_approval_plugin_stops_approvals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "liar", LIAR);
  fixture_add (fixture, "beta", "Kinds=approval\n");
  fixture_start (fixture, FALSE);
  g_assert_null (fixture_require (fixture, NULL, 0, "anna", NULL, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "beta", NULL);
}

static void
add_rows (const char *area, const Row *rows, guint n_rows, GTestDataFunc function)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/answers/%s/%s", area, rows[i].lie);

      g_test_add_data_func (path, &rows[i], function);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("price-refused", prices, G_N_ELEMENTS (prices), a_price_is_refused);
  add_rows ("miss-refused", misses, G_N_ELEMENTS (misses), a_miss_is_refused_when_asked);
  g_test_add_func ("/answers/an-amount-of-another-currency-needs-a-rate",
                   an_amount_of_another_currency_needs_a_rate);
  add_rows ("requirement-refused", requirements, G_N_ELEMENTS (requirements), a_requirement_is_refused);
  add_rows ("advice-refused", advice, G_N_ELEMENTS (advice), advice_is_refused);
  add_rows ("delivery-unknown", deliveries, G_N_ELEMENTS (deliveries), a_delivery_is_unknown);
  g_test_add_func ("/answers/the-truth-is-taken", the_truth_is_taken);
  g_test_add_func ("/answers/a-stated-failure-names-the-line", a_stated_failure_names_the_line);
  fixture_test ("/answers/nothing-is-answered-without-plugins", nothing_is_answered_without_plugins);
  fixture_test ("/answers/alterations-need-their-stage", alterations_need_their_stage);
  fixture_test ("/answers/a-refused-approval-plugin-stops-approvals",
                a_refused_approval_plugin_stops_approvals);
  return g_test_run ();
}
