/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * negotiation-timed, through the host.
 */
#include "fixture.h"
#include "strategy/advice.h"

#include <math.h>
#include <string.h>

#define DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static void
start (Fixture *fixture, const char *beta, const char *kappa)
{
  g_key_file_set_string (fixture->options, "plugin negotiation-timed", "opening-discount", "5%");
  g_key_file_set_string (fixture->options, "plugin negotiation-timed", "reserve-discount", "15%");
  g_key_file_set_string (fixture->options, "plugin negotiation-timed", "beta", beta);
  g_key_file_set_string (fixture->options, "plugin negotiation-timed", "kappa", kappa);
  fixture_start (fixture, TRUE);
}

/* Advice on a list total of 1000.00, @day days into 10. */
static DdAdvice *
ask (Fixture *fixture, gint64 day, const DdOffer *offers, guint n_offers)
{
  gint64 opened = fixture->context.now;
  DdAdvice *advice;
  g_autoptr (GError) error = NULL;

  fixture->context.now = opened + day * DAY;
  advice = fixture_advise (fixture, offers, n_offers, 1000 * DD_MICROS, opened, opened + 10 * DAY, &error);
  fixture->context.now = opened;
  g_assert_no_error (error);
  return advice;
}

static void
expect (Fixture *fixture, gint64 day, const DdOffer *offers, guint n_offers, guint action, gint64 total)
{
  DdAdvice *advice = ask (fixture, day, offers, n_offers);

  g_assert_cmpuint (advice->action, ==, action);
  g_assert_cmpint (advice->total, ==, total);
  g_assert_cmpstr (advice->plugin, ==, "negotiation-timed");
  g_assert_cmpuint (strlen (advice->reason), >, 0);
  dd_advice_free (advice);
}

static void
offers_fall_from_opening_to_reserve (Fixture *fixture, gconstpointer data)
{
  start (fixture, "1", "0%");
  expect (fixture, 0, NULL, 0, DD_ADVISE_OFFER, 950 * DD_MICROS);
  expect (fixture, 5, NULL, 0, DD_ADVISE_OFFER, 900 * DD_MICROS);
  expect (fixture, 10, NULL, 0, DD_ADVISE_OFFER, 850 * DD_MICROS);
  expect (fixture, 20, NULL, 0, DD_ADVISE_OFFER, 850 * DD_MICROS);
  expect (fixture, -3, NULL, 0, DD_ADVISE_OFFER, 950 * DD_MICROS);
}

static void
the_curve_is_the_published_one (Fixture *fixture, gconstpointer data)
{
  const double beta = 0.3;
  const double kappa = 0.1;

  start (fixture, "0.3", "10%");
  for (gint64 day = 0; day <= 10; day++)
    {
      DdAdvice *advice = ask (fixture, day, NULL, 0);
      double done = kappa + (1 - kappa) * pow ((double)day / 10, 1 / beta);
      double exact = 850 + (1 - done) * (950 - 850);

      /* rounded up to a cent */
      g_assert_cmpfloat ((double)advice->total / DD_MICROS, >=, exact - 0.000001);
      g_assert_cmpfloat ((double)advice->total / DD_MICROS, <, exact + 0.010001);
      dd_advice_free (advice);
    }
}

static void
enough_is_accepted (Fixture *fixture, gconstpointer data)
{
  const DdOffer enough[] = { { FALSE, 1, 0, 950 * DD_MICROS }, { TRUE, 2, 1, 900 * DD_MICROS } };
  const DdOffer little[] = { { FALSE, 1, 0, 950 * DD_MICROS }, { TRUE, 2, 1, 900 * DD_MICROS - 1 } };

  start (fixture, "1", "0%");
  expect (fixture, 5, enough, 2, DD_ADVISE_ACCEPT, 900 * DD_MICROS);
  expect (fixture, 4, enough, 2, DD_ADVISE_OFFER, 910 * DD_MICROS);
  expect (fixture, 5, little, 2, DD_ADVISE_OFFER, 900 * DD_MICROS);
}

static void
nobody_bids_against_themselves (Fixture *fixture, gconstpointer data)
{
  const DdOffer waiting[] = { { TRUE, 1, 0, 500 * DD_MICROS }, { FALSE, 2, 1, 880 * DD_MICROS } };

  start (fixture, "1", "0%");
  expect (fixture, 5, waiting, 2, DD_ADVISE_HOLD, 880 * DD_MICROS);
  expect (fixture, 8, waiting, 2, DD_ADVISE_OFFER, 870 * DD_MICROS);
}

static void
patience_stands_for_a_deadline (Fixture *fixture, gconstpointer data)
{
  gint64 opened = 0;
  g_autoptr (GError) error = NULL;

  g_key_file_set_string (fixture->options, "plugin negotiation-timed", "patience", "20");
  start (fixture, "1", "0%");
  opened = fixture->context.now - 10 * DAY;

  DdAdvice *advice = fixture_advise (fixture, NULL, 0, 1000 * DD_MICROS, opened, G_MININT64, &error);

  g_assert_no_error (error);
  g_assert_cmpint (advice->total, ==, 900 * DD_MICROS);
  dd_advice_free (advice);
}

static void
options_out_of_range_are_refused (gconstpointer data)
{
  const char *const *option = data;
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  g_key_file_set_string (fixture.options, "plugin negotiation-timed", option[0], option[1]);
  fixture_start (&fixture, TRUE);

  g_autofree char *state = fixture_state (&fixture, "negotiation-timed");

  g_assert_true (g_str_has_prefix (state, "refused: "));
  g_assert_nonnull (strstr (state, option[2]));
  fixture_tear_down (&fixture, NULL);
}

int
main (int argc, char **argv)
{
  static const char *const options[][3] = { { "beta", "0", "beta" },
                                            { "beta", "101", "beta" },
                                            { "kappa", "101%", "kappa" },
                                            { "opening-discount", "16%", "opening-discount" },
                                            { "reserve-discount", "101%", "reserve-discount" },
                                            { "patience", "0", "patience" } };

  g_test_init (&argc, &argv, NULL);
  fixture_test ("/timed/offers-fall-from-opening-to-reserve", offers_fall_from_opening_to_reserve);
  fixture_test ("/timed/the-curve-is-the-published-one", the_curve_is_the_published_one);
  fixture_test ("/timed/enough-is-accepted", enough_is_accepted);
  fixture_test ("/timed/nobody-bids-against-themselves", nobody_bids_against_themselves);
  fixture_test ("/timed/patience-stands-for-a-deadline", patience_stands_for_a_deadline);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *path = g_strdup_printf ("/timed/refuses/%s/%s", options[i][0], options[i][1]);

      g_test_add_data_func (path, options[i], options_out_of_range_are_refused);
    }
  return g_test_run ();
}
