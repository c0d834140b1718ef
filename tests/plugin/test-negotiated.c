/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pricing-negotiated, through the host.
 */
#include "fixture.h"

static void
start (Fixture *fixture)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n"
                 "one,rental,Rental,recurring,month,EUR,100,flat,,,,,\n"
                 "two,rental,Rental,recurring,month,EUR,100,flat,,,,,\n"
                 "two,setup,Set-up,oneTime,,EUR,50,flat,,,,,\n");
  fixture_start (fixture, TRUE);
}

static const DdAdjustment *
adjustment_at (const DdAnswers *answers, guint index)
{
  g_assert_cmpuint (index, <, answers->adjustments->len);
  return &g_array_index (answers->adjustments, DdAdjustment, index);
}

static void
alterations_become_adjustments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "one", "two", NULL);
  g_autoptr (GError) error = NULL;

  start (fixture);
  fixture_alter (proposal, 0, NULL, DD_ADJUST_UNIT_OVERRIDE, "EUR", 80 * DD_MICROS);
  fixture_alter (proposal, 1, NULL, DD_ADJUST_PERCENT_OFF, "", DD_NANOS / 10);
  fixture_alter (proposal, 1, "setup", DD_ADJUST_LINE_OFF, "EUR", 5 * DD_MICROS);

  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answers->adjustments->len, ==, 4);
  g_assert_cmpuint (adjustment_at (answers, 0)->charge, ==, 0);
  g_assert_cmpuint (adjustment_at (answers, 0)->kind, ==, DD_ADJUST_UNIT_OVERRIDE);
  g_assert_cmpuint (adjustment_at (answers, 0)->stage, ==, DD_STAGE_NEGOTIATED);
  g_assert_cmpint (adjustment_at (answers, 0)->value, ==, 80 * DD_MICROS);
  g_assert_cmpstr (adjustment_at (answers, 0)->currency.code, ==, "EUR");
  g_assert_cmpuint (adjustment_at (answers, 1)->charge, ==, 1);
  g_assert_cmpuint (adjustment_at (answers, 2)->charge, ==, 2);
  g_assert_cmpuint (adjustment_at (answers, 3)->charge, ==, 2);
  g_assert_cmpint (adjustment_at (answers, 3)->priority, ==, 1);
  g_assert_cmpstr (dd_answers_text (answers, adjustment_at (answers, 3)->source), ==, "line");
}

static void
an_unknown_charge_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("two");
  g_autoptr (GError) error = NULL;

  start (fixture);
  fixture_alter (proposal, 0, "rent", DD_ADJUST_PERCENT_OFF, "", 1);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNPRICED, "line 1", "rent,", "rental, setup", NULL);
}

static void
an_amount_must_name_its_charge (Fixture *fixture, gconstpointer data)
{
  const DdAdjustKind kinds[] = { DD_ADJUST_UNIT_OFF, DD_ADJUST_UNIT_ON, DD_ADJUST_LINE_OFF, DD_ADJUST_LINE_ON,
                                 DD_ADJUST_UNIT_OVERRIDE };

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (DdProposal) proposal = fixture_line ("two");
      g_autoptr (GError) error = NULL;

      fixture_alter (proposal, 0, NULL, kinds[i], "EUR", 1);
      g_assert_null (fixture_price (fixture, proposal, &error));
      assert_error (&error, DD_ERROR_UNPRICED, "line 1", "must name one", "rental, setup", NULL);
    }
}

static void
a_value_that_cannot_be_is_refused (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    DdAdjustKind kind;
    gint64 value;
    const char *says;
  } bad[] = { { DD_ADJUST_PERCENT_OFF, DD_NANOS + 1, "100%" },
              { DD_ADJUST_PERCENT_ON, -1, "negative" },
              { DD_ADJUST_TAX, 1, "can be percent-off" } };

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (DdProposal) proposal = fixture_line ("one");
      g_autoptr (GError) error = NULL;

      fixture_alter (proposal, 0, NULL, bad[i].kind, "", bad[i].value);
      g_assert_null (fixture_price (fixture, proposal, &error));
      assert_error (&error, DD_ERROR_UNPRICED, "line 1", bad[i].says, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/negotiated/alterations-become-adjustments", alterations_become_adjustments);
  fixture_test ("/negotiated/an-unknown-charge-is-named", an_unknown_charge_is_named);
  fixture_test ("/negotiated/an-amount-must-name-its-charge", an_amount_must_name_its_charge);
  fixture_test ("/negotiated/a-value-that-cannot-be-is-refused", a_value_that_cannot_be_is_refused);
  return g_test_run ();
}
