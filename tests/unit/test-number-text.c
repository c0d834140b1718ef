/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Numbers as text: decimals, percentages, quantities, currencies, money, and text that is quoted.
 */
#include "number/money.h"
#include "number/quoted.h"

#include <string.h>

#define MAX64 G_MAXINT64
#define MIN64 G_MININT64

/* What outputs hold before a call that must fail. */
#define UNTOUCHED G_GINT64_CONSTANT (424242)

/* Rows of the currency table. */
#define N_CURRENCIES 164

static void
test_decimals_are_read_exactly (void)
{
  static const struct
  {
    const char *text;
    guint scale;
    gint64 value;
  } rows[] = {
    { "0", 6, 0 },
    { "-0", 6, 0 },
    { "0.000000000000000", 6, 0 },
    { "0e99999999999999999999", 6, 0 },
    { "1", 6, 1000000 },
    { "-1", 6, -1000000 },
    { "1234.50", 6, 1234500000 },
    { "0.000001", 6, 1 },
    { "-0.000001", 6, -1 },
    { "1.0000000000000000000000000000000000", 6, 1000000 },
    { "100", 0, 100 },
    { "10.0", 0, 10 },
    { "1e3", 0, 1000 },
    { "1E+3", 0, 1000 },
    { "1.5E-2", 6, 15000 },
    { "1500000e-6", 6, 1500000 },
    { "100000000000000000000000000000e-29", 6, 1000000 },
    { "0.00000000000000000000000000001e29", 6, 1000000 },
    { "9223372036854775807", 0, MAX64 },
    { "-9223372036854775808", 0, MIN64 },
    { "9223372036854.775807", 6, MAX64 },
    { "-9223372036854.775808", 6, MIN64 },
    { "9223372036.854775807", 9, MAX64 },
    { "9223372036854775807e-6", 6, MAX64 },
    { "-9.223372036854775808", 18, MIN64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 out = UNTOUCHED;
      g_autoptr (GError) error = NULL;

      dd_decimal_parse (rows[i].text, -1, rows[i].scale, &out, &error);
      g_assert_no_error (error);
      g_assert_cmpint (out, ==, rows[i].value);
    }
}

static void
test_text_that_is_no_exact_decimal_is_refused (void)
{
  static const struct
  {
    const char *text;
    guint scale;
    DdErrorCode code;
    const char *says;
  } rows[] = {
    { "", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "-", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "+1", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "--1", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1.", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { ".5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { ".", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "-.5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { " 1", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1 ", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1\n", 6, DD_ERROR_INVALID_ARGUMENT, "\"1\\u000a\" isn't a decimal" },
    { "1,5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1'000", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1.5.5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "01", 6, DD_ERROR_INVALID_ARGUMENT, "leading zeros" },
    { "00", 6, DD_ERROR_INVALID_ARGUMENT, "leading zeros" },
    { "-01.5", 6, DD_ERROR_INVALID_ARGUMENT, "leading zeros" },
    { "1e", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1e+", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1e1.5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "e5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "0x10", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "NaN", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "inf", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1\x92", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "\xd9\xa1", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "0.0000001", 6, DD_ERROR_INVALID_ARGUMENT, "more digits after the point than the 6" },
    { "1.5", 0, DD_ERROR_INVALID_ARGUMENT, "more digits after the point than the 0" },
    { "1e-7", 6, DD_ERROR_INVALID_ARGUMENT, "more digits" },
    { "1e-99999999999999999999999999", 6, DD_ERROR_INVALID_ARGUMENT, "more digits" },
    { "123456789012345678901234567890.12345678", 6, DD_ERROR_INVALID_ARGUMENT, "more digits" },
    { "9223372036854775808", 0, DD_ERROR_OVERFLOW, "too large" },
    { "-9223372036854775809", 0, DD_ERROR_OVERFLOW, "too large" },
    { "9223372036854.775808", 6, DD_ERROR_OVERFLOW, "too large" },
    { "10000000000000", 6, DD_ERROR_OVERFLOW, "too large" },
    { "18446744073709551616", 0, DD_ERROR_OVERFLOW, "too large" },
    { "99999999999999999999999999999999999999999", 0, DD_ERROR_OVERFLOW, "too large" },
    { "1e19", 0, DD_ERROR_OVERFLOW, "too large" },
    { "1e99999999999999999999999999", 6, DD_ERROR_OVERFLOW, "too large" },
    { "1ex", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
    { "1e-.5", 6, DD_ERROR_INVALID_ARGUMENT, "isn't a decimal" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 out = UNTOUCHED;
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_decimal_parse (rows[i].text, -1, rows[i].scale, &out, &error));
      g_assert_error (error, DD_ERROR, (int)rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].says));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpint (out, ==, UNTOUCHED);
    }
}

static void
test_only_the_given_length_is_read (void)
{
  gint64 out = UNTOUCHED;

  g_assert_true (dd_decimal_parse ("12.5,17", 4, 1, &out, NULL));
  g_assert_cmpint (out, ==, 125);
  g_assert_false (dd_decimal_parse ("12\0"
                                    "3",
                                    4, 1, &out, NULL));
  g_assert_cmpint (out, ==, 125);
}

static void
test_decimals_are_written_with_the_digits_they_need (void)
{
  static const struct
  {
    gint64 value;
    guint scale, min_digits;
    const char *text;
  } rows[] = {
    { 0, 6, 0, "0" },
    { 0, 6, 2, "0.00" },
    { 0, 0, 0, "0" },
    { 0, 0, 2, "0.00" },
    { 7, 0, 3, "7.000" },
    { 1, 6, 0, "0.000001" },
    { -1, 6, 0, "-0.000001" },
    { 1234500000, 6, 0, "1234.5" },
    { 1234500000, 6, 2, "1234.50" },
    { 1234500000, 6, 9, "1234.500000000" },
    { -500000, 6, 0, "-0.5" },
    { 1000000, 6, 0, "1" },
    { 100, 0, 0, "100" },
    { MAX64, 6, 2, "9223372036854.775807" },
    { MIN64, 6, 2, "-9223372036854.775808" },
    { MIN64, 0, 0, "-9223372036854775808" },
    { MIN64, 18, 0, "-9.223372036854775808" },
    { 1, 18, 0, "0.000000000000000001" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = dd_decimal_format (rows[i].value, rows[i].scale, rows[i].min_digits);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static gint64
random_int64 (void)
{
  guint64 bits = ((guint64)(guint32)g_test_rand_int () << 32) | (guint32)g_test_rand_int ();

  /* Of every size, not only large ones. */
  return (gint64)bits >> g_test_rand_int_range (0, 64);
}

static void
test_what_is_written_reads_back_the_same (void)
{
  for (guint i = 0; i < 50000; i++)
    {
      gint64 value = random_int64 ();
      guint scale = (guint)g_test_rand_int_range (0, 19);
      guint min_digits = (guint)g_test_rand_int_range (0, 19);
      g_autofree char *text = dd_decimal_format (value, scale, min_digits);
      g_autofree char *padded = g_strdup_printf ("%se%d", text, 3);
      gint64 out = UNTOUCHED;
      g_autoptr (GError) error = NULL;

      dd_decimal_parse (text, -1, scale, &out, &error);
      g_assert_no_error (error);
      g_assert_cmpint (out, ==, value);

      /* The same digits times a thousand, counted in thousands. */
      if (scale >= 3)
        {
          dd_decimal_parse (padded, -1, scale - 3, &out, &error);
          g_assert_no_error (error);
          g_assert_cmpint (out, ==, value);
        }
    }
}

static void
test_percentages_are_nanos (void)
{
  static const struct
  {
    const char *text;
    gint64 nanos;
    const char *written;
  } rows[] = {
    { "12.5%", 125000000, "12.5%" },  { "12.5", 125000000, "12.5%" },
    { "100%", DD_NANOS, "100%" },     { "0%", 0, "0%" },
    { "-3.10%", -31000000, "-3.1%" }, { "0.0000001%", 1, "0.0000001%" },
  };
  static const char *const bad[] = { "", "%", "12.5%%", "12.5 %", "%12", "0.00000001%", "12,5%" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 nanos = UNTOUCHED;

      g_assert_true (dd_percent_parse (rows[i].text, &nanos, NULL));
      g_assert_cmpint (nanos, ==, rows[i].nanos);

      g_autofree char *written = dd_percent_format (nanos);

      g_assert_cmpstr (written, ==, rows[i].written);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gint64 nanos = UNTOUCHED;
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_percent_parse (bad[i], &nanos, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (nanos, ==, UNTOUCHED);
    }
}

static void
test_quantities_are_micros (void)
{
  gint64 micros = UNTOUCHED;

  g_assert_true (dd_quantity_parse ("10.50", &micros, NULL));
  g_assert_cmpint (micros, ==, 10500000);

  g_autofree char *text = dd_quantity_format (micros);

  g_assert_cmpstr (text, ==, "10.5");
}

static void
test_currencies_have_their_minor_digits (void)
{
  static const char *const by_digits[] = {
    "JPY KRW CLP VND ISK UGX XAF XOF XPF PYG RWF KMF GNF DJF BIF VUV UYI",
    "",
    "EUR USD GBP CHF AED ZWG INR CNY MGA MRU HUF XCD XCG",
    "BHD IQD JOD KWD LYD OMR TND",
    "CLF UYW",
  };
  static const gint64 micros[] = { 1000000, 0, 10000, 1000, 100 };

  for (guint digits = 0; digits < G_N_ELEMENTS (by_digits); digits++)
    {
      g_auto (GStrv) codes = g_strsplit (by_digits[digits], " ", -1);

      for (char **code = codes; *code != NULL; code++)
        {
          DdCurrency currency;
          g_autoptr (GError) error = NULL;

          dd_currency_parse (*code, &currency, &error);
          g_assert_no_error (error);
          g_assert_cmpstr (currency.code, ==, *code);
          g_assert_cmpuint (dd_currency_minor_digits (currency), ==, digits);
          g_assert_cmpint (dd_currency_minor_micros (currency), ==, micros[digits]);
        }
    }
}

/* Holds the table's order, which the search needs, and that nothing fell out or came in. */
static void
test_there_are_as_many_currencies_as_listed (void)
{
  guint n_found = 0;

  for (char a = 'A'; a <= 'Z'; a++)
    for (char b = 'A'; b <= 'Z'; b++)
      for (char c = 'A'; c <= 'Z'; c++)
        {
          const char code[] = { a, b, c, '\0' };
          DdCurrency currency;

          n_found += dd_currency_parse (code, &currency, NULL) != FALSE;
        }
  g_assert_cmpuint (n_found, ==, N_CURRENCIES);
}

static void
test_what_is_no_currency_is_refused (void)
{
  static const char *const bad[] = { "",    "EU",   "EURO",   "eur", "Eur", "XXX", "XTS",
                                     "XAU", "XAG",  "XPT",    "XPD", "XDR", "DEM", "ZZZ",
                                     "E R", " EUR", "E\xd9R", "HRK", "BGN" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      DdCurrency currency = { "abc" };
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_currency_parse (bad[i], &currency, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpstr (currency.code, ==, "abc");
    }
}

static void
test_money_is_written_with_its_minor_unit (void)
{
  static const struct
  {
    gint64 micros;
    const char *code;
    const char *text;
  } rows[] = {
    { 1234500000, "EUR", "EUR 1234.50" },
    { 1235000000, "JPY", "JPY 1235" },
    { 1250, "EUR", "EUR 0.001250" },
    { 0, "EUR", "EUR 0.00" },
    { 0, "JPY", "JPY 0" },
    { -10000, "EUR", "EUR -0.01" },
    { 1500, "BHD", "BHD 0.001500" },
    { 1000, "BHD", "BHD 0.001" },
    { 100, "CLF", "CLF 0.0001" },
    { 500000, "JPY", "JPY 0.500000" },
    { MIN64, "EUR", "EUR -9223372036854.775808" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DdMoney money;

      g_assert_true (dd_currency_parse (rows[i].code, &money.currency, NULL));

      g_autofree char *text = dd_money_format (rows[i].micros, money.currency);

      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_true (dd_money_parse (text, &money, NULL));
      g_assert_cmpint (money.micros, ==, rows[i].micros);
      g_assert_cmpstr (money.currency.code, ==, rows[i].code);
    }
}

static void
test_text_that_is_no_money_is_refused (void)
{
  static const char *const bad[] = { "",       "EUR",     "1234.50",       "1234.50 EUR", "EUR  1",   "EUR1",
                                     " EUR 1", "EUR 1 ",  "EUR",           "EUR 1,50",    "XXX 1.00", "eur 1",
                                     "EUR ",   "EUR 1\t", "EUR 0.0000001", "EUR 1 2",     "EUR +1" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      DdMoney money = { UNTOUCHED, { "abc" } };
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_money_parse (bad[i], &money, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (money.micros, ==, UNTOUCHED);
      g_assert_cmpstr (money.currency.code, ==, "abc");
    }
}

/* Digits of which none is a minor unit's: all six are shown. */
static void
test_money_without_a_currency_is_a_number (void)
{
  g_autofree char *text = dd_money_format (1500000, (DdCurrency){ "" });

  g_assert_cmpstr (text, ==, "1.500000");
}

/* 48 characters of four bytes are all that is looked at of 49, and the rest is told by a mark. */
static void
test_quoted_text_ends_with_a_mark_where_it_was_cut (void)
{
  static const guint lengths[] = { 48, 49 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *quoted = NULL;

      for (guint character = 0; character < lengths[i]; character++)
        g_string_append (text, "\U0001F600");
      quoted = dd_quote (text->str, -1);
      g_assert_cmpint (g_utf8_strlen (quoted, -1), ==, 48 + 2 + i);
      g_assert_cmpint (g_str_has_suffix (quoted, "…\""), ==, lengths[i] > 48);
    }
}

static void
test_quoted_text_is_short_valid_and_printable (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *long_quote = dd_quote (long_text, -1);
  g_autofree char *bad_quote = dd_quote ("a\x92\x1b[2Jb", -1);
  g_autofree char *nul_quote = dd_quote ("a\0b", 3);

  g_assert_cmpuint (strlen (long_quote), <, 64);
  g_assert_true (g_str_has_suffix (long_quote, "…\""));
  g_assert_cmpstr (bad_quote, ==, "\"a\xef\xbf\xbd\\u001b[2Jb\"");
  g_assert_true (g_utf8_validate (nul_quote, -1, NULL));
  g_assert_true (g_str_has_suffix (nul_quote, "b\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimal/decimals-are-read-exactly", test_decimals_are_read_exactly);
  g_test_add_func ("/decimal/text-that-is-no-exact-decimal-is-refused",
                   test_text_that_is_no_exact_decimal_is_refused);
  g_test_add_func ("/decimal/only-the-given-length-is-read", test_only_the_given_length_is_read);
  g_test_add_func ("/decimal/decimals-are-written-with-the-digits-they-need",
                   test_decimals_are_written_with_the_digits_they_need);
  g_test_add_func ("/decimal/what-is-written-reads-back-the-same", test_what_is_written_reads_back_the_same);
  g_test_add_func ("/decimal/percentages-are-nanos", test_percentages_are_nanos);
  g_test_add_func ("/decimal/quantities-are-micros", test_quantities_are_micros);
  g_test_add_func ("/currency/currencies-have-their-minor-digits", test_currencies_have_their_minor_digits);
  g_test_add_func ("/currency/there-are-as-many-currencies-as-listed",
                   test_there_are_as_many_currencies_as_listed);
  g_test_add_func ("/currency/what-is-no-currency-is-refused", test_what_is_no_currency_is_refused);
  g_test_add_func ("/money/money-is-written-with-its-minor-unit", test_money_is_written_with_its_minor_unit);
  g_test_add_func ("/money/text-that-is-no-money-is-refused", test_text_that_is_no_money_is_refused);
  g_test_add_func ("/money/without-a-currency", test_money_without_a_currency_is_a_number);
  g_test_add_func ("/quote/quoted-text-is-short-valid-and-printable",
                   test_quoted_text_is_short_valid_and_printable);
  g_test_add_func ("/quote/cut-text-ends-with-a-mark", test_quoted_text_ends_with_a_mark_where_it_was_cut);
  return g_test_run ();
}
