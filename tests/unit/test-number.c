/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exact numbers: checked arithmetic, rounding, fractions.
 */
#include "number/fraction.h"
#include "number/money.h"

#define MAX64 G_MAXINT64
#define MIN64 G_MININT64

/* What outputs hold before a call that must fail. */
#define UNTOUCHED G_GINT64_CONSTANT (424242)

static void
assert_overflow (gboolean succeeded, gint64 out, GError *error)
{
  g_assert_false (succeeded);
  g_assert_error (error, DD_ERROR, DD_ERROR_OVERFLOW);
  g_assert_cmpint (out, ==, UNTOUCHED);
  g_error_free (error);
}

static void
test_sums_are_exact_or_refused (void)
{
  static const struct
  {
    gint64 a, b;
    gboolean fits;
    gint64 sum;
  } rows[] = {
    { 0, 0, TRUE, 0 },          { MAX64, 0, TRUE, MAX64 },
    { MAX64, 1, FALSE, 0 },     { MAX64 - 1, 1, TRUE, MAX64 },
    { MIN64, 0, TRUE, MIN64 },  { MIN64, -1, FALSE, 0 },
    { MIN64, MAX64, TRUE, -1 }, { MAX64, MAX64, FALSE, 0 },
    { MIN64, MIN64, FALSE, 0 }, { -5, 3, TRUE, -2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 out = UNTOUCHED;
      GError *error = NULL;
      gboolean succeeded = dd_checked_add (rows[i].a, rows[i].b, &out, &error);

      if (!rows[i].fits)
        {
          assert_overflow (succeeded, out, error);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (out, ==, rows[i].sum);
    }
}

static void
test_differences_are_exact_or_refused (void)
{
  static const struct
  {
    gint64 a, b;
    gboolean fits;
    gint64 difference;
  } rows[] = {
    { 0, MAX64, TRUE, -MAX64 }, { 0, MIN64, FALSE, 0 },    { -1, MIN64, TRUE, MAX64 }, { MIN64, 1, FALSE, 0 },
    { MAX64, -1, FALSE, 0 },    { MIN64, MIN64, TRUE, 0 }, { 3, 5, TRUE, -2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 out = UNTOUCHED;
      GError *error = NULL;
      gboolean succeeded = dd_checked_subtract (rows[i].a, rows[i].b, &out, &error);

      if (!rows[i].fits)
        {
          assert_overflow (succeeded, out, error);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (out, ==, rows[i].difference);
    }
}

static void
test_division_rounds_half_away_from_zero (void)
{
  static const struct
  {
    gint64 a, b, divisor;
    gboolean fits;
    gint64 result;
  } rows[] = {
    { 1, 1, 2, TRUE, 1 },
    { -1, 1, 2, TRUE, -1 },
    { 1, 1, 3, TRUE, 0 },
    { -1, 1, 3, TRUE, 0 },
    { 2, 1, 3, TRUE, 1 },
    { -2, 1, 3, TRUE, -1 },
    { 3, 1, 2, TRUE, 2 },
    { -3, 1, 2, TRUE, -2 },
    { 5, -1, 2, TRUE, -3 },
    { 5, 1, 10, TRUE, 1 },
    { 4, 1, 10, TRUE, 0 },
    { -5, 1, 10, TRUE, -1 },
    { -4, 1, 10, TRUE, 0 },
    { MAX64, MAX64, MAX64, TRUE, MAX64 },
    { MIN64, MAX64, MAX64, TRUE, MIN64 },
    { MIN64, -1, 1, FALSE, 0 },
    { MIN64, -1, 2, TRUE, G_GINT64_CONSTANT (1) << 62 },
    { MAX64, 2, 1, FALSE, 0 },
    { MAX64, 1, MAX64, TRUE, 1 },
    { MAX64 / 2, 1, MAX64, TRUE, 0 },
    { MAX64 / 2 + 1, 1, MAX64, TRUE, 1 },
    { MIN64, MIN64, MAX64, FALSE, 0 },
    { 0, MIN64, 1, TRUE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 out = UNTOUCHED;
      GError *error = NULL;
      gboolean succeeded = dd_checked_mul_div (rows[i].a, rows[i].b, rows[i].divisor, &out, &error);

      if (!rows[i].fits)
        {
          assert_overflow (succeeded, out, error);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (out, ==, rows[i].result);
    }
}

static void
test_wide_division_holds_at_the_ends_of_its_range (void)
{
  DdWide max = (DdWide)(~(unsigned __int128)0 >> 1);
  DdWide min = -max - 1;

  g_assert_true (dd_wide_divide_rounded (max, max) == 1);
  g_assert_true (dd_wide_divide_rounded (max - 1, max) == 1);
  g_assert_true (dd_wide_divide_rounded (max / 2, max) == 0);
  g_assert_true (dd_wide_divide_rounded (max / 2 + 1, max) == 1);
  g_assert_true (dd_wide_divide_rounded (min, max) == -1);
  g_assert_true (dd_wide_divide_rounded (min, 1) == min);
}

static void
test_rounded_division_is_the_nearest (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      gint64 a = g_test_rand_int ();
      gint64 b = g_test_rand_int ();
      gint64 divisor = g_test_rand_int_range (1, G_MAXINT32);
      gint64 out;

      g_assert_true (dd_checked_mul_div (a, b, divisor, &out, NULL));

      /* Twice the distance to the exact value is at most the divisor, and a tie went away from zero. */
      DdWide product = (DdWide)a * b;
      DdWide distance = 2 * ((DdWide)out * divisor - product);

      g_assert_true (distance <= divisor && distance >= -divisor);
      if (distance == divisor)
        g_assert_true (product >= 0);
      if (distance == -divisor)
        g_assert_true (product <= 0);
    }
}

static void
test_rounding_to_a_step_goes_half_away_from_zero (void)
{
  static const struct
  {
    gint64 value, step;
    gboolean fits;
    gint64 result;
  } rows[] = {
    { 5000, 10000, TRUE, 10000 },    { -5000, 10000, TRUE, -10000 },
    { 4999, 10000, TRUE, 0 },        { -4999, 10000, TRUE, 0 },
    { 14999, 10000, TRUE, 10000 },   { 15000, 10000, TRUE, 20000 },
    { -15000, 10000, TRUE, -20000 }, { MAX64, 1, TRUE, MAX64 },
    { MAX64, 10000, FALSE, 0 },      { MAX64, 100, TRUE, MAX64 - 7 },
    { MAX64, 7, TRUE, MAX64 },       { MIN64, 3, FALSE, 0 },
    { MIN64, 7, TRUE, MIN64 + 1 },   { MAX64, MAX64 - 1, TRUE, MAX64 - 1 },
    { MAX64, 1000, FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 out = UNTOUCHED;
      GError *error = NULL;
      gboolean succeeded = dd_checked_round_to (rows[i].value, rows[i].step, &out, &error);

      if (!rows[i].fits)
        {
          assert_overflow (succeeded, out, error);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (out, ==, rows[i].result);
    }
}

static void
test_money_rounds_to_its_minor_unit (void)
{
  static const struct
  {
    const char *code;
    gint64 micros;
    gint64 rounded;
  } rows[] = {
    { "EUR", 1005000, 1010000 }, { "EUR", -1005000, -1010000 }, { "EUR", 1004999, 1000000 },
    { "JPY", 500000, 1000000 },  { "JPY", 499999, 0 },          { "BHD", 1500, 2000 },
    { "CLF", 149, 100 },         { "CLF", -150, -200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DdCurrency currency;
      gint64 rounded = UNTOUCHED;

      g_assert_true (dd_currency_parse (rows[i].code, &currency, NULL));
      g_assert_true (dd_money_round_minor (rows[i].micros, currency, &rounded, NULL));
      g_assert_cmpint (rounded, ==, rows[i].rounded);
    }

  DdCurrency yen = { "JPY" };
  gint64 rounded = UNTOUCHED;
  GError *error = NULL;
  gboolean succeeded = dd_money_round_minor (MAX64, yen, &rounded, &error);

  assert_overflow (succeeded, rounded, error);
}

static void
test_fractions_are_exact (void)
{
  DdFraction sum = { 1, 3 };
  gint64 rounded = 0;

  g_assert_true (dd_fraction_add (&sum, (DdFraction){ 1, 6 }, NULL));
  g_assert_true (dd_fraction_round (sum, &rounded, NULL));
  g_assert_cmpint (rounded, ==, 1);
  g_assert_true (dd_fraction_add (&sum, (DdFraction){ -1, 1000000007 }, NULL));
  g_assert_true (dd_fraction_round (sum, &rounded, NULL));
  g_assert_cmpint (rounded, ==, 0);
  g_assert_true (dd_fraction_add (&sum, (DdFraction){ 1, 1000000007 }, NULL));
  g_assert_true (dd_fraction_scale (&sum, -3, 1, NULL));
  g_assert_true (dd_fraction_round (sum, &rounded, NULL));
  g_assert_cmpint (rounded, ==, -2);
}

/* Factors in common cancel before they are multiplied. */
static void
test_fractions_take_what_fits (void)
{
  DdFraction value = { (DdWide)MAX64 * 1000, 1000000000 };
  gint64 rounded = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_assert_true (dd_fraction_scale (&value, MAX64, 1000000000, NULL));
      g_assert_true (dd_fraction_scale (&value, 1000000000, MAX64, NULL));
    }
  g_assert_true (dd_fraction_scale (&value, 1000000, 1, NULL));
  g_assert_true (dd_fraction_round (value, &rounded, NULL));
  g_assert_cmpint (rounded, ==, MAX64);
  g_assert_true (dd_fraction_scale (&value, 0, 7, NULL));
  g_assert_true (dd_fraction_round (value, &rounded, NULL));
  g_assert_cmpint (rounded, ==, 0);
}

static void
test_fractions_round_up_to_a_step (void)
{
  static const struct
  {
    gint64 numerator, divisor, step, rounded;
  } rows[] = {
    { 7, 3, 1, 3 },         { 6, 3, 1, 2 },         { 7, 3, 10, 10 },           { 0, 3, 10, 0 },
    { -7, 3, 1, -2 },       { -20, 1, 10, -20 },    { -21, 1, 10, -20 },        { 10001, 1, 10000, 20000 },
    { 20001, 2, 1, 10001 }, { MAX64, 1, 1, MAX64 }, { 1, MAX64, MAX64, MAX64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 rounded = 0;

      g_assert_true (dd_fraction_round_up ((DdFraction){ rows[i].numerator, rows[i].divisor }, rows[i].step,
                                           &rounded, NULL));
      g_assert_cmpint (rounded, ==, rows[i].rounded);
    }
}

/* Whatever part of it leaves the range. */
static void
test_fractions_overflow_with_an_error (void)
{
  const DdWide large = (DdWide)1 << 125;
  const DdFraction coprime[][2] = {
    { { large, 1 }, { large, 1 } },     /* the sum */
    { { -large, 1 }, { -large, 1 } },   /* the same, below zero */
    { { large, 3 }, { 1, 7 } },         /* the left product */
    { { 1, 3 }, { large, 7 } },         /* the right one */
    { { 1, large }, { 1, large - 1 } }, /* the divisors */
  };

  for (guint i = 0; i < G_N_ELEMENTS (coprime); i++)
    {
      DdFraction sum = coprime[i][0];
      GError *error = NULL;

      g_assert_false (dd_fraction_add (&sum, coprime[i][1], &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_OVERFLOW);
      g_assert_true (sum.numerator == coprime[i][0].numerator && sum.divisor == coprime[i][0].divisor);
      g_clear_error (&error);
    }

  DdFraction many = { large, 1 };
  DdFraction few = { 1, large };
  gint64 rounded = UNTOUCHED;
  GError *error = NULL;

  g_assert_false (dd_fraction_scale (&many, 3, 1, NULL));
  g_assert_false (dd_fraction_scale (&few, 1, 3, NULL));
  g_assert_false (dd_fraction_round_up (few, 3, &rounded, NULL));
  gboolean succeeded = dd_fraction_round (many, &rounded, &error);

  assert_overflow (succeeded, rounded, error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/checked/sums-are-exact-or-refused", test_sums_are_exact_or_refused);
  g_test_add_func ("/checked/differences-are-exact-or-refused", test_differences_are_exact_or_refused);
  g_test_add_func ("/checked/division-rounds-half-away-from-zero", test_division_rounds_half_away_from_zero);
  g_test_add_func ("/checked/wide-division-holds-at-the-ends-of-its-range",
                   test_wide_division_holds_at_the_ends_of_its_range);
  g_test_add_func ("/checked/rounded-division-is-the-nearest", test_rounded_division_is_the_nearest);
  g_test_add_func ("/checked/rounding-to-a-step-goes-half-away-from-zero",
                   test_rounding_to_a_step_goes_half_away_from_zero);
  g_test_add_func ("/money/money-rounds-to-its-minor-unit", test_money_rounds_to_its_minor_unit);
  g_test_add_func ("/fraction/fractions-are-exact", test_fractions_are_exact);
  g_test_add_func ("/fraction/fractions-take-what-fits", test_fractions_take_what_fits);
  g_test_add_func ("/fraction/fractions-round-up-to-a-step", test_fractions_round_up_to_a_step);
  g_test_add_func ("/fraction/fractions-overflow-with-an-error", test_fractions_overflow_with_an_error);
  return g_test_run ();
}
