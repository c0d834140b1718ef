/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two sheets of one proposal compared: which charges differ, and which rules made the difference.
 */
#include "price-fixture.h"

#include "price/sheet-compare.h"
#include "price/step.h"

typedef struct
{
  DdSheet *then;
  DdSheet *now;
  DdSheetDifference *difference;
} Compared;

/* Prices both. */
static Compared
compare (Deal *then, Deal *now)
{
  Compared compared = { .then = deal_price (then), .now = deal_price (now) };

  compared.difference = dd_sheet_compare (compared.then, compared.now);
  return compared;
}

static void
compared_clear (Compared *compared)
{
  dd_sheet_difference_free (compared->difference);
  dd_sheet_unref (compared->then);
  dd_sheet_unref (compared->now);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compared, compared_clear)

static const DdChargeChange *
charge_change (const Compared *compared, guint index)
{
  g_assert_cmpuint (index, <, compared->difference->charges->len);
  return &g_array_index (compared->difference->charges, DdChargeChange, index);
}

/* The change of the step of @name, a rule or else a kind, among those of changed charge @index; NULL when its
 * effect is what it was. */
static const DdStepChange *
step_change (const Compared *compared, guint index, const char *name)
{
  const DdChargeChange *charge = charge_change (compared, index);

  for (guint i = 0; i < charge->n_steps; i++)
    {
      const DdStepChange *change =
        &g_array_index (compared->difference->steps, DdStepChange, charge->first_step + i);
      const DdSheet *sheet = change->step.now != DD_NOWHERE ? compared->now : compared->then;
      const DdStep *step = &g_array_index (
        sheet->steps, DdStep, change->step.now != DD_NOWHERE ? change->step.now : change->step.then);
      const char *rule = dd_step_rule (sheet->answers, step);

      if (g_str_equal (rule != NULL ? rule : dd_step_kind_name (step->kind), name))
        return change;
    }
  return NULL;
}

static void
assert_step (
  const Compared *compared, guint index, const char *name, DdChange change, const char *then, const char *now)
{
  const DdStepChange *step = step_change (compared, index, name);

  g_assert_nonnull (step);
  g_assert_cmpstr (dd_change_name ((DdChange)step->change), ==, dd_change_name (change));
  assert_amount (step->effect_then, then);
  assert_amount (step->effect_now, now);
}

/* A line with a rental. */
static Deal *
rental (const char *price)
{
  Deal *deal = deal_new ();

  deal_line (deal, "1", "2");
  deal_charge (deal, "rental", price);
  return deal;
}

/* @id takes @value percent off the last charge. */
static void
promote (Deal *deal, const char *id, const char *value)
{
  DdAdjustment *rule = deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent (value));

  rule->id = dd_answers_label (deal->answers, id);
  rule->source = dd_answers_label (deal->answers, "promotions");
}

/* --- charges --- */

static void
test_alike (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  promote (then, "spring", "10");
  /* a rule that changes nothing, and names in another order, are no difference */
  dd_answers_label (now->answers, "another");
  promote (now, "spring", "10");
  promote (now, "idle", "0");
  g_auto (Compared) compared = compare (then, now);

  g_assert_cmpuint (compared.difference->charges->len, ==, 0);
  g_assert_cmpuint (compared.difference->steps->len, ==, 0);
  g_assert_cmpuint (compared.difference->totals->len, ==, 1);
}

static void
test_changed_rule (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  promote (then, "spring", "10");
  promote (now, "spring", "15");
  deal_rule (then, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("50"));
  deal_rule (now, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("50"));
  g_auto (Compared) compared = compare (then, now);
  const DdStepChange *spring = step_change (&compared, 0, "spring");

  g_assert_cmpuint (compared.difference->charges->len, ==, 1);
  assert_step (&compared, 0, "spring", DD_CHANGE_CHANGED, "-20.00", "-30.00");
  /* the same half, of less */
  assert_step (&compared, 0, "rule-1", DD_CHANGE_FOLLOWS, "-90.00", "-85.00");
  g_assert_null (step_change (&compared, 0, "open"));
  g_assert_cmpstr (dd_answers_text (compared.then->answers, spring->source_then), ==, "promotions");
  g_assert_cmpstr (dd_answers_text (compared.now->answers, spring->source_now), ==, "promotions");
}

static void
test_new_and_gone_rules (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  promote (then, "spring", "10");
  promote (now, "summer", "20");
  g_auto (Compared) compared = compare (then, now);

  assert_step (&compared, 0, "spring", DD_CHANGE_GONE, "-20.00", "0.00");
  assert_step (&compared, 0, "summer", DD_CHANGE_NEW, "0.00", "-40.00");
  g_assert_cmpuint (step_change (&compared, 0, "summer")->source_then, ==, DD_NO_LABEL);
  g_assert_cmpuint (step_change (&compared, 0, "spring")->step.now, ==, DD_NOWHERE);
}

static void
test_two_of_a_name (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  for (guint i = 0; i < 2; i++)
    {
      deal_rule (then, DD_STAGE_NEGOTIATED, DD_ADJUST_UNIT_OFF, micros ("5"))->id =
        dd_answers_label (then->answers, "twice");
      deal_rule (now, DD_STAGE_NEGOTIATED, DD_ADJUST_UNIT_OFF, micros (i == 0 ? "5" : "7"))->id =
        dd_answers_label (now->answers, "twice");
    }
  g_auto (Compared) compared = compare (then, now);

  /* the first with the first: it is what it was */
  g_assert_cmpuint (charge_change (&compared, 0)->n_steps, ==, 1);
  assert_step (&compared, 0, "twice", DD_CHANGE_CHANGED, "-10.00", "-14.00");
}

static void
test_new_and_gone_charges (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");
  const DdChargeChange *change;

  deal_charge (then, "care", "5");
  deal_charge (now, "support", "7");
  g_auto (Compared) compared = compare (then, now);

  g_assert_cmpuint (compared.difference->charges->len, ==, 2);
  change = charge_change (&compared, 0);
  g_assert_cmpuint (change->charge.then, ==, 1);
  g_assert_cmpuint (change->charge.now, ==, DD_NOWHERE);
  assert_step (&compared, 0, "open", DD_CHANGE_GONE, "10.00", "0.00");
  change = charge_change (&compared, 1);
  g_assert_cmpuint (change->charge.then, ==, DD_NOWHERE);
  g_assert_cmpuint (change->charge.now, ==, 1);
  assert_step (&compared, 1, "open", DD_CHANGE_NEW, "0.00", "14.00");
}

/* In another currency, period or class of years it is another charge: their amounts have no difference. */
static void
test_other_charges (void)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (Deal) then = rental ("100");
      g_autoptr (Deal) now = rental ("100");
      DdCharge *charge = &g_array_index (now->answers->charges, DdCharge, 0);

      if (i == 0)
        charge->currency = (DdCurrency){ "USD" };
      else if (i == 1)
        charge->period = DD_PERIOD_YEAR;
      else if (i == 2)
        charge->type = DD_CHARGE_ONE_TIME;
      else
        charge->last_year = 2;
      if (i == 2)
        charge->period = DD_PERIOD_NONE;
      g_auto (Compared) compared = compare (then, now);

      g_assert_cmpuint (compared.difference->charges->len, ==, 2);
      g_assert_cmpuint (compared.difference->totals->len, ==, 2);
    }
}

/* A cost has no step; the margin is another all the same. */
static void
test_cost (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  deal_rule (then, DD_STAGE_BASE, DD_ADJUST_COST, micros ("40"));
  deal_rule (now, DD_STAGE_BASE, DD_ADJUST_COST, micros ("41"));
  g_auto (Compared) compared = compare (then, now);

  g_assert_cmpuint (compared.difference->charges->len, ==, 1);
  g_assert_cmpuint (charge_change (&compared, 0)->n_steps, ==, 0);
}

static void
test_tax (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  deal_rule (then, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("19"));
  deal_rule (now, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("20"));
  g_auto (Compared) compared = compare (then, now);

  assert_step (&compared, 0, "rule-0", DD_CHANGE_CHANGED, "38.00", "40.00");
}

/* --- what a rule says --- */

static void
test_open (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("120");

  g_auto (Compared) compared = compare (then, now);
  assert_step (&compared, 0, "open", DD_CHANGE_CHANGED, "200.00", "240.00");
  g_assert_cmpstr (dd_answers_text (compared.then->answers, step_change (&compared, 0, "open")->source_then),
                   ==, "charges@1");
}

static void
test_tiers (void)
{
  g_autoptr (Deal) then = rental ("0");
  g_autoptr (Deal) now = rental ("0");

  deal_tier (then, DD_TIER_VOLUME, "1", NULL, "50", "0");
  deal_tier (now, DD_TIER_VOLUME, "1", NULL, "45", "0");
  g_auto (Compared) compared = compare (then, now);
  assert_step (&compared, 0, "open", DD_CHANGE_CHANGED, "100.00", "90.00");
}

/* The price is the same, and its worth isn't. */
static void
test_rate (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  g_array_index (then->answers->charges, DdCharge, 0).source_currency = (DdCurrency){ "USD" };
  g_array_index (now->answers->charges, DdCharge, 0).source_currency = (DdCurrency){ "USD" };
  deal_exchange (then, "USD", "EUR", "0.9");
  deal_exchange (now, "USD", "EUR", "0.8");
  g_auto (Compared) compared = compare (then, now);
  assert_step (&compared, 0, "open", DD_CHANGE_CHANGED, "180.00", "160.00");
}

/* A share says the same percentage; what it is of moved. */
static void
test_share (void)
{
  Deal *deals[] = { rental ("100"), rental ("200") };

  for (guint i = 0; i < G_N_ELEMENTS (deals); i++)
    {
      DdCharge *care = deal_charge (deals[i], "care", "0");

      care->mode = DD_TIER_SHARE;
      care->price = percent ("15");
      deal_share (deals[i], 1, 0);
    }
  g_auto (Compared) compared = compare (deals[0], deals[1]);

  g_assert_cmpuint (compared.difference->charges->len, ==, 2);
  /* in the order of ids */
  assert_step (&compared, 0, "open", DD_CHANGE_FOLLOWS, "30.00", "60.00");
  assert_step (&compared, 1, "open", DD_CHANGE_CHANGED, "200.00", "400.00");
  deal_free (deals[0]);
  deal_free (deals[1]);
}

static void
test_contract (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("110");

  deal_contract (then, "80");
  deal_contract (now, "80");
  g_auto (Compared) compared = compare (then, now);
  /* the catalogue's price moved, and the list with it; the contracted one is what it was */
  assert_step (&compared, 0, "open", DD_CHANGE_CHANGED, "200.00", "220.00");
  assert_step (&compared, 0, "contract", DD_CHANGE_FOLLOWS, "-40.00", "-60.00");

  g_autoptr (Deal) before = rental ("100");
  g_autoptr (Deal) after = rental ("100");
  deal_contract (before, "80");
  deal_contract (after, "70");
  g_auto (Compared) again = compare (before, after);
  assert_step (&again, 0, "contract", DD_CHANGE_CHANGED, "-40.00", "-60.00");
  g_assert_cmpstr (dd_answers_text (again.now->answers, step_change (&again, 0, "contract")->source_now), ==,
                   "contracts@1");
}

static void
test_limits (void)
{
  static const DdStepKind kinds[] = { DD_STEP_MINIMUM, DD_STEP_MAXIMUM };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (Deal) then = rental ("100");
      g_autoptr (Deal) now = rental ("100");
      g_autoptr (Deal) cheaper = rental ("90");
      Deal *deals[] = { then, now, cheaper };

      for (guint k = 0; k < G_N_ELEMENTS (deals); k++)
        {
          DdCharge *charge = &g_array_index (deals[k]->answers->charges, DdCharge, 0);
          gint64 limit = kinds[i] == DD_STEP_MINIMUM ? micros ("300") : micros ("150");

          *(kinds[i] == DD_STEP_MINIMUM ? &charge->minimum : &charge->maximum) =
            limit + (k == 1 ? micros ("10") : 0);
        }
      /* without it the limited price would be the same, and no difference */
      deal_rule (cheaper, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, percent ("10"));
      g_autoptr (DdSheet) first = deal_price (then);
      g_autoptr (DdSheet) second = deal_price (now);
      g_autoptr (DdSheet) third = deal_price (cheaper);
      g_autoptr (DdSheetDifference) moved = dd_sheet_compare (first, second);
      g_autoptr (DdSheetDifference) followed = dd_sheet_compare (first, third);

      /* the limit alone moved; the price below it alone did */
      g_assert_cmpuint (moved->steps->len, ==, 1);
      g_assert_cmpuint (g_array_index (moved->steps, DdStepChange, 0).change, ==, DD_CHANGE_CHANGED);
      g_assert_cmpuint (followed->steps->len, ==, 3);
      g_assert_cmpuint (g_array_index (followed->steps, DdStepChange, 0).change, ==, DD_CHANGE_CHANGED);
      g_assert_cmpuint (g_array_index (followed->steps, DdStepChange, 1).change, ==, DD_CHANGE_FOLLOWS);
      g_assert_cmpuint (g_array_index (followed->steps, DdStepChange, 2).change, ==, DD_CHANGE_NEW);
    }
}

static void
test_spread (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");
  g_autoptr (Deal) dearer = rental ("200");

  deal_spread (then, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_spread (now, DD_ADJUST_PERCENT_OFF, percent ("20"));
  deal_spread (dearer, DD_ADJUST_PERCENT_OFF, percent ("20"));
  g_auto (Compared) compared = compare (then, now);
  g_autoptr (DdSheet) third = deal_price (dearer);
  g_autoptr (DdSheetDifference) followed = dd_sheet_compare (compared.now, third);

  assert_step (&compared, 0, dd_step_kind_name (DD_ADJUST_PERCENT_OFF), DD_CHANGE_CHANGED, "-20.00",
               "-40.00");
  g_assert_cmpuint (followed->steps->len, ==, 2);
  g_assert_cmpuint (g_array_index (followed->steps, DdStepChange, 1).change, ==, DD_CHANGE_FOLLOWS);
}

/* A mark-up says the same of a cost that moved: the cost is what changed, and has no step. */
static void
test_cost_plus (void)
{
  Deal *deals[] = { rental ("0"), rental ("0") };

  for (guint i = 0; i < G_N_ELEMENTS (deals); i++)
    {
      deal_rule (deals[i], DD_STAGE_BASE, DD_ADJUST_COST, micros (i == 0 ? "40" : "50"));
      deal_rule (deals[i], DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("25"));
    }
  g_auto (Compared) compared = compare (deals[0], deals[1]);
  assert_step (&compared, 0, "rule-1", DD_CHANGE_CHANGED, "100.00", "125.00");
  deal_free (deals[0]);
  deal_free (deals[1]);
}

static void
test_installed (void)
{
  Deal *deals[] = { rental ("100"), rental ("100") };

  for (guint i = 0; i < G_N_ELEMENTS (deals); i++)
    {
      g_array_index (deals[i]->lines, DdPriceLine, 0).action = DD_ACTION_MODIFY;
      deal_installed (deals[i], "rental", i == 0 ? "50" : "60");
    }
  g_auto (Compared) compared = compare (deals[0], deals[1]);
  assert_step (&compared, 0, "installed", DD_CHANGE_CHANGED, "-50.00", "-60.00");
  deal_free (deals[0]);
  deal_free (deals[1]);
}

/* --- sources --- */

static void
test_sources (void)
{
  g_autoptr (Deal) then = rental ("100");
  g_autoptr (Deal) now = rental ("100");

  dd_answers_add_source (then->answers, "charges", 1, NULL);
  dd_answers_add_source (then->answers, "catalogue", 0, "1.0");
  dd_answers_add_source (then->answers, "tiers", 4, NULL);
  dd_answers_add_source (then->answers, "retired", 0, "1.0");
  dd_answers_add_source (now->answers, "tiers", 4, NULL);
  dd_answers_add_source (now->answers, "catalogue", 0, "1.1");
  dd_answers_add_source (now->answers, "charges", 2, NULL);
  dd_answers_add_source (now->answers, "rates", 1, NULL);
  g_auto (Compared) compared = compare (then, now);
  static const DdPair expected[] = { { 0, 2 }, { DD_NOWHERE, 3 }, { 1, 1 }, { 3, DD_NOWHERE } };

  /* datasets by name, then plugins */
  g_assert_cmpuint (compared.difference->sources->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const DdPair *pair = &g_array_index (compared.difference->sources, DdPair, i);

      g_assert_cmpuint (pair->then, ==, expected[i].then);
      g_assert_cmpuint (pair->now, ==, expected[i].now);
    }
}

/* --- replay --- */

/* What was recorded isn't what comes out: dd_sheet_replay() refuses it, this shows it. */
static void
test_computed_as_recorded (void)
{
  g_autoptr (Deal) deal = rental ("100");
  g_autoptr (DdSheet) sheet = deal_price (deal);
  g_autofree char *text = sheet_write (sheet);
  g_autoptr (GString) altered = g_string_new (text);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_string_replace (altered, "\"200000000\"", "\"200000001\"", 0), >, 0);
  g_autoptr (DdJson) json = dd_json_parse (altered->str, altered->len, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (DdSheet) refused = deal_replay (deal, altered->str, &error);
  g_assert_null (refused);
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
  g_clear_error (&error);

  g_autoptr (DdSheet) computed = dd_sheet_compute_recorded (
    (const DdPriceLine *)(gconstpointer)deal->lines->data, deal->lines->len, dd_json_root (json), &error);
  g_assert_no_error (error);
  g_autofree char *out = sheet_write (computed);
  g_assert_cmpstr (out, ==, text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price-compare/equal-sheets-have-no-difference", test_alike);
  g_test_add_func ("/price-compare/a-changed-rule-is-named-and-what-follows-is-told-from-it",
                   test_changed_rule);
  g_test_add_func ("/price-compare/a-rule-is-new-or-gone", test_new_and_gone_rules);
  g_test_add_func ("/price-compare/of-two-rules-of-a-name-the-first-is-compared-with-the-first",
                   test_two_of_a_name);
  g_test_add_func ("/price-compare/a-charge-is-new-or-gone", test_new_and_gone_charges);
  g_test_add_func ("/price-compare/another-currency-period-type-or-year-is-another-charge",
                   test_other_charges);
  g_test_add_func ("/price-compare/a-cost-is-a-difference", test_cost);
  g_test_add_func ("/price-compare/a-tax-is-a-difference", test_tax);
  g_test_add_func ("/price-compare/a-price-changed", test_open);
  g_test_add_func ("/price-compare/a-tier-changed", test_tiers);
  g_test_add_func ("/price-compare/a-rate-changed-a-price", test_rate);
  g_test_add_func ("/price-compare/a-share-follows", test_share);
  g_test_add_func ("/price-compare/a-contracted-price-changed-or-follows", test_contract);
  g_test_add_func ("/price-compare/a-limit-changed-or-follows", test_limits);
  g_test_add_func ("/price-compare/a-spread-changed-or-follows", test_spread);
  g_test_add_func ("/price-compare/a-mark-up-on-another-cost-changed", test_cost_plus);
  g_test_add_func ("/price-compare/an-installed-net-changed", test_installed);
  g_test_add_func ("/price-compare/sources-of-another-version-are-named", test_sources);
  g_test_add_func ("/price-compare/a-recorded-sheet-is-computed-whatever-results-it-has",
                   test_computed_as_recorded);
  return g_test_run ();
}
