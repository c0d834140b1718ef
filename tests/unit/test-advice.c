/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a strategy's advice comes to.
 */
#include "strategy/advice.h"

#define EUR(n) ((gint64)(n)*1000000)
#define NONE   G_MININT64

static void
discount_is_measured_against_list (void)
{
  g_autoptr (GError) error = NULL;
  gint64 discount = -1;

  g_assert_true (dd_advice_check (DD_ADVISE_OFFER, EUR (900), EUR (1000), NONE, &discount, &error));
  g_assert_cmpint (discount, ==, 100000000);
  g_assert_true (dd_advice_check (DD_ADVISE_OFFER, EUR (1100), EUR (1000), NONE, &discount, &error));
  g_assert_cmpint (discount, ==, -100000000);
  g_assert_true (dd_advice_check (DD_ADVISE_OFFER, EUR (5), 0, NONE, &discount, &error));
  g_assert_cmpint (discount, ==, 0);
  g_assert_true (dd_advice_check (DD_ADVISE_HOLD, -1, EUR (1000), NONE, &discount, &error));
  g_assert_no_error (error);
}

static void
advice_that_cannot_be_followed_is_refused (void)
{
  static const struct
  {
    guint action;
    gint64 total, customer;
  } bad[] = {
    { DD_N_ADVICE, EUR (1), NONE },
    { DD_ADVISE_OFFER, -1, NONE },
    { DD_ADVISE_ACCEPT, EUR (1), NONE },
    { DD_ADVISE_ACCEPT, EUR (1), EUR (2) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 discount = 7;

      g_assert_false (
        dd_advice_check (bad[i].action, bad[i].total, EUR (10), bad[i].customer, &discount, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_PLUGIN_FAILED);
      g_assert_cmpint (discount, ==, 7);
    }
}

static void
a_discount_beyond_numbers_is_an_error (void)
{
  g_autoptr (GError) error = NULL;
  gint64 discount = 7;

  g_assert_false (dd_advice_check (DD_ADVISE_OFFER, G_MAXINT64, 1, NONE, &discount, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_OVERFLOW);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/discount-is-measured-against-list", discount_is_measured_against_list);
  g_test_add_func ("/advice/advice-that-cannot-be-followed-is-refused",
                   advice_that_cannot_be_followed_is_refused);
  g_test_add_func ("/advice/a-discount-beyond-numbers-is-an-error", a_discount_beyond_numbers_is_an_error);
  return g_test_run ();
}
