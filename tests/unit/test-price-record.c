/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A recorded sheet that was damaged: whatever a member has become, replay says where, and computes nothing.
 */
#include "price-fixture.h"

/* All that a record can have. */
static Deal *
offer_new (void)
{
  Deal *deal = deal_new ();
  DdCharge *charge;
  DdExpiry expiry = { .charge = 0, .label = DD_NO_LABEL, .last = 20000 };

  deal_line (deal, "1", "25")->commitment = 24;
  deal_charge (deal, "rental", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "1", "10", "5", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "11", NULL, "4", "0");
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_PERCENT_OFF, percent ("10"))->threshold = micros ("1");
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_PERCENT_OFF, percent ("1"))->first_year = 2;
  deal_contract (deal, "4");
  charge = deal_charge (deal, "care", "0");
  charge->mode = DD_TIER_SHARE;
  charge->price = percent ("15");
  deal_share (deal, 1, 0);
  deal_line (deal, "2", "1")->action = DD_ACTION_MODIFY;
  deal_charge (deal, "rental", "5")->source_currency = (DdCurrency){ "USD" };
  deal_installed (deal, "rental", "4");
  g_array_index (deal->answers->installed, DdInstalledNet, 0).source =
    dd_answers_label (deal->answers, "installed@2") + 1;
  deal_exchange (deal, "USD", "EUR", "0.5");
  deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("1"));
  g_array_append_val (deal->answers->expiries, expiry);
  deal->answers->offer_end = 20001;
  deal->answers->interest = percent ("5");
  dd_answers_add_source (deal->answers, "charges", 3, NULL);
  dd_answers_add_source (deal->answers, "pricing-base", 0, "1.0");
  return deal;
}

static char *
record_of (const Deal *deal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdSheet) sheet = dd_sheet_compute ((const DdPriceLine *)(gconstpointer)deal->lines->data,
                                                deal->lines->len, dd_answers_copy (deal->answers), &error);

  g_assert_no_error (error);
  return sheet_write (sheet);
}

/* @record with member @key being @value, or without it. Its own value has no bracket in text. */
static char *
damage (const char *record, const char *key, const char *value)
{
  g_autofree char *named = g_strdup_printf ("\"%s\":", key);
  const char *at = strstr (record, named);
  const char *end;
  guint depth = 0;

  g_assert_nonnull (at);
  for (end = at + strlen (named); depth > 0 || (*end != ',' && *end != '}'); end++)
    {
      depth += *end == '[' || *end == '{';
      depth -= *end == ']' || *end == '}';
    }
  if (value == NULL)
    return g_strdup_printf ("%.*s%s", (int)(at - record), record, end + 1);
  return g_strdup_printf ("%.*s%s%s%s", (int)(at - record), record, named, value, end);
}

typedef struct
{
  const char *key;
  const char *value; /* NULL: it isn't there */
  const char *fragment;
} Damage;

/* clang-format off */
static const Damage damages[] = {
  { "arithmetic", NULL, "arithmetic" },
  { "arithmetic", "0", "arithmetic" },
  { "labels", NULL, "labels" },
  { "labels", "{}", "labels: is an object; it must be an array" },
  { "labels", "[\"a\",1]", "labels[1]: should be a string" },
  { "labels", "[\"a\",\"a\"]", "labels[1]: is a label that came before" },
  { "sources", "1", "sources: is a number; it must be an array" },
  { "sources", "[{\"version\":1}]", "name" },
  { "sources", "[{\"name\":\"x\",\"pluginVersion\":1,\"version\":1}]", "sources[0].pluginVersion: " },
  { "sources", "[{\"name\":\"x\",\"version\":-1}]", "sources[0].version: " },
  { "charges", "1", "charges: is a number; it must be an array" },
  { "charges", "[1]", "charges: should hold records of 16 values" },
  { "tiers", "1", "tiers: is a number; it must be an array" },
  { "adjustments", "1", "adjustments: is a number; it must be an array" },
  { "spreads", "1", "spreads: is a number; it must be an array" },
  { "installed", "1", "installed: is a number; it must be an array" },
  { "contracts", "1", "contracts: is a number; it must be an array" },
  { "expiries", "1", "expiries: is a number; it must be an array" },
  { "rates", "1", "rates: is a number; it must be an array" },
  { "shares", "1", "shares: is a number; it must be an array" },
  { "interest", "-1", "interest: " },
  { "interest", "1000000000001", "interest: " },
  { "offerEnd", "2147483648", "offerEnd: " },
  { "terms", "1", "terms: is a number; it must be an array" },
  { "terms", "[9,\"0\",\"\",0,0,0,0]", "terms of charge 9; there are 6 charges" },
  { "terms", "[0,\"0\",\"\",0,65536,0,0]", "terms[4]: should be an integer from 0 to 65535" },
  { "thresholds", "1", "thresholds: is a number; it must be an array" },
  { "thresholds", "[9,\"1\"]", "threshold of adjustment 9; there are 3 adjustments" },
  { "installedSources", "1", "installedSources: is a number; it must be an array" },
  { "installedSources", "[1,1]", "source of installed net 1; there are 1 installed nets" },
  { "years", "1", "years: is a number; it must be an array" },
  { "years", "[9,1,2]", "years of adjustment 9; there are 3 adjustments" },
  /* Each kind of value. */
  { "spreads", "[\"1\",3,0,null,\"EUR\",\"1\"]", "spreads[0]: should be a number" },
  { "spreads", "[1.5,3,0,null,\"EUR\",\"1\"]", "spreads[0]: should be an integer from 0 to 255" },
  { "spreads", "[-1,3,0,null,\"EUR\",\"1\"]", "spreads[0]: should be an integer from 0 to 255" },
  { "spreads", "[256,3,0,null,\"EUR\",\"1\"]", "spreads[0]: should be an integer from 0 to 255" },
  { "spreads", "[1,3,0,-1,\"EUR\",\"1\"]", "spreads[3]: should be an integer from 0 to 4294967295" },
  { "spreads", "[1,3,0,null,1,\"1\"]", "spreads[4]: should be a currency or an empty string" },
  { "spreads", "[1,3,0,null,\"EU\",\"1\"]", "spreads[4]: should be a currency or an empty string" },
  { "spreads", "[1,3,0,null,\"EuR\",\"1\"]", "spreads[4]: should be a currency or an empty string" },
  { "spreads", "[1,3,0,null,\"EUr\",\"1\"]", "spreads[4]: should be a currency or an empty string" },
  { "spreads", "[1,3,0,null,\"EUR\",1]", "spreads[5]: should be a string" },
  { "spreads", "[1,3,0,null,\"EUR\",null]", "spreads[5]: should be a string" },
  { "spreads", "[1,3,0,null,\"EUR\",\"9223372036854775808\"]", "spreads[5]: should be an integer from -" },
  { "expiries", "[null,null,1]", "expiries[0]: should be a number" },
  { "expiries", "[0,null,2147483648]", "expiries[2]: should be an integer from -2147483648 to 2147483647" },
  { "contracts", "[0,null,0,\"1\",\"0\",\"0\",\"0\",true,null,0,0,\"0\",\"\"]", "contracts[7]: should be a string" },
};
/* clang-format on */

static void
test_a_whole_record_replays (void)
{
  g_autoptr (Deal) deal = offer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *record = record_of (deal);
  g_autoptr (DdSheet) sheet = deal_replay (deal, record, &error);

  g_assert_no_error (error);
  g_assert_nonnull (sheet);
}

static void
test_each_damaged_member_is_named (void)
{
  g_autoptr (Deal) deal = offer_new ();
  g_autofree char *record = record_of (deal);

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *damaged = damage (record, damages[i].key, damages[i].value);
      g_autoptr (DdSheet) sheet = deal_replay (deal, damaged, &error);

      g_assert_null (sheet);
      g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
      if (strstr (error->message, "the recorded sheet can't be computed again: ") == NULL ||
          strstr (error->message, damages[i].fragment) == NULL)
        g_error ("%s %s: \"%s\" doesn't say \"%s\"", damages[i].key, damages[i].value, error->message,
                 damages[i].fragment);
    }
}

/* Of the same length as the results, or not. */
static void
test_other_results_than_are_computed_are_found (void)
{
  static const char *const lines[] = { "3", "10" };
  g_autoptr (Deal) deal = offer_new ();
  g_autofree char *record = record_of (deal);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *damaged = damage (record, "lines", lines[i]);
      g_autoptr (DdSheet) sheet = deal_replay (deal, damaged, &error);

      g_assert_null (sheet);
      g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
      g_assert_nonnull (strstr (error->message, "gives other results than are recorded"));
    }
}

static void
assert_kept (Deal *deal)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = record_of (deal);
  g_autoptr (DdSheet) sheet = deal_replay (deal, record, &error);

  g_assert_no_error (error);
  g_assert_nonnull (sheet);
}

static void
set_aggregate (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  charge->aggregate = 1;
}

static void
set_per (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  charge->per = micros ("10");
}

static void
set_source (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  deal_exchange (deal, "USD", "EUR", "0.5");
  charge->source_currency = (DdCurrency){ "USD" };
}

static void
set_free_months (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  charge->free_months = 3;
}

static void
set_first_year (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  charge->first_year = 2;
}

static void
set_last_year (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  charge->last_year = 2;
}

static void
set_last_year_of_a_rule (Deal *deal, DdCharge *charge, DdAdjustment *rule)
{
  rule->last_year = 1;
}

/* What few charges and rules have, each by itself: a record without it would compute another sheet. */
static void
test_each_term_is_kept_by_itself (void)
{
  static void (*const setters[]) (Deal *, DdCharge *, DdAdjustment *) = {
    set_aggregate,           set_per, set_source, set_free_months, set_first_year, set_last_year,
    set_last_year_of_a_rule,
  };

  for (guint i = 0; i < G_N_ELEMENTS (setters); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      deal_line (deal, "1", "20")->commitment = 36;
      deal_charge (deal, "rental", "100");
      deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_PERCENT_OFF, percent ("10"));
      setters[i](deal, &g_array_index (deal->answers->charges, DdCharge, 0),
                 &g_array_index (deal->answers->adjustments, DdAdjustment, 0));
      assert_kept (deal);
    }
}

static void
test_a_record_may_be_long (void)
{
  g_autoptr (Deal) deal = deal_new ();

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      deal_line (deal, id, "1");
      deal_charge (deal, "rental", "9000000000");
    }
  assert_kept (deal);
}

/* A later arithmetic isn't damage: a later dealdesk can read it. */
static void
test_a_record_of_a_later_arithmetic_is_told_apart (void)
{
  g_autoptr (Deal) deal = offer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *record = record_of (deal);
  g_autofree char *later = damage (record, "arithmetic", "3");
  g_autoptr (DdSheet) sheet = deal_replay (deal, later, &error);

  g_assert_null (sheet);
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_NEWER);
}

static void
test_names_end_where_their_kinds_do (void)
{
  g_assert_cmpstr (dd_stage_name ((DdStage)(DD_N_STAGES - 1)), ==, "tax");
  g_assert_null (dd_stage_name (DD_N_STAGES));
  g_assert_null (dd_tier_mode_name (DD_N_TIER_MODES));
}

/* As with free(): callers needn't ask whether there is one. */
static void
test_nothing_may_be_freed (void)
{
  dd_answers_free (NULL);
  dd_sheet_unref (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/replays", test_a_whole_record_replays);
  g_test_add_func ("/record/damaged-members", test_each_damaged_member_is_named);
  g_test_add_func ("/record/other-results", test_other_results_than_are_computed_are_found);
  g_test_add_func ("/record/terms", test_each_term_is_kept_by_itself);
  g_test_add_func ("/record/long", test_a_record_may_be_long);
  g_test_add_func ("/record/later-arithmetic", test_a_record_of_a_later_arithmetic_is_told_apart);
  g_test_add_func ("/record/names", test_names_end_where_their_kinds_do);
  g_test_add_func ("/record/nothing-is-freed", test_nothing_may_be_freed);
  return g_test_run ();
}
