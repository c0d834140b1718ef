/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Decimal text to scaled integers and back (see decimal.h).
 *
 * Text is read as coefficient * 10^exponent, where the coefficient ends in no zero. Then exactness is one
 * comparison: it fits a scale exactly if and only if exponent + scale isn't negative. Pure; any thread.
 */
#include "number/decimal.h"
#include "number/quoted.h"

#include <string.h>

/* Every number of so many digits fits in 64 bits, unsigned; none of more digits fits in 63 bits and a sign.
 */
#define MAX_DIGITS 19

/* Beyond any exponent that matters, and far from overflow when lengths of text are added. */
#define EXPONENT_CEILING G_GINT64_CONSTANT (1000000000000)

#define MAX_SCALE 18

/* A percent is 10^-2, so nanos count 10^-7 of a percent. */
#define PERCENT_SCALE (DD_NANOS_SCALE - 2)

static const guint64 powers_of_ten[MAX_DIGITS + 1] = {
  1ull,
  10ull,
  100ull,
  1000ull,
  10000ull,
  100000ull,
  1000000ull,
  10000000ull,
  100000000ull,
  1000000000ull,
  10000000000ull,
  100000000000ull,
  1000000000000ull,
  10000000000000ull,
  100000000000000ull,
  1000000000000000ull,
  10000000000000000ull,
  100000000000000000ull,
  1000000000000000000ull,
  10000000000000000000ull,
};

typedef struct
{
  gboolean negative;
  guint64 coefficient;  /* meaningless when n_digits is beyond MAX_DIGITS */
  gint64 n_digits;      /* of the coefficient; 0 for zero */
  gint64 pending_zeros; /* read, but not part of the coefficient until another digit follows */
  gint64 exponent;
} Decimal;

static const char *
take_digits (Decimal *decimal, const char *cursor, const char *end)
{
  for (; cursor < end && *cursor >= '0' && *cursor <= '9'; cursor++)
    {
      guint digit = (guint)(*cursor - '0');

      if (digit == 0)
        {
          decimal->pending_zeros += decimal->n_digits > 0;
          continue;
        }
      gint64 n_new = decimal->pending_zeros + 1;

      decimal->n_digits += n_new;
      decimal->pending_zeros = 0;
      if (decimal->n_digits <= MAX_DIGITS)
        decimal->coefficient = decimal->coefficient * powers_of_ten[n_new] + digit;
    }
  return cursor;
}

/* @cursor stands behind the "e". NULL when no number follows. */
static const char *
take_exponent (Decimal *decimal, const char *cursor, const char *end)
{
  gboolean negative = cursor < end && *cursor == '-';
  gint64 exponent = 0;

  if (cursor < end && (*cursor == '-' || *cursor == '+'))
    cursor++;
  if (cursor == end || !g_ascii_isdigit (*cursor))
    return NULL;
  for (; cursor < end && g_ascii_isdigit (*cursor); cursor++)
    exponent = MIN (exponent * 10 + (*cursor - '0'), EXPONENT_CEILING);
  decimal->exponent += negative ? -exponent : exponent;
  return cursor;
}

static gboolean
scan (const char *text, gsize length, Decimal *decimal)
{
  const char *end = text + length;
  const char *cursor = text;

  if (cursor < end && *cursor == '-')
    {
      decimal->negative = TRUE;
      cursor++;
    }
  const char *whole = cursor;

  cursor = take_digits (decimal, cursor, end);
  if (cursor == whole || (*whole == '0' && cursor - whole > 1))
    return FALSE;
  if (cursor < end && *cursor == '.')
    {
      const char *fraction = cursor + 1;

      cursor = take_digits (decimal, fraction, end);
      if (cursor == fraction)
        return FALSE;
      decimal->exponent -= cursor - fraction;
    }
  if (cursor < end && (*cursor == 'e' || *cursor == 'E'))
    cursor = take_exponent (decimal, cursor + 1, end);
  decimal->exponent += decimal->pending_zeros;
  return cursor == end;
}

static gboolean
fail_text (const char *text, gsize length, DdErrorCode code, const char *reason, GError **error)
{
  g_autofree char *quoted = dd_quote (text, (gssize)length);

  return dd_fail (error, code, "%s %s", quoted, reason);
}

static gboolean
fail_digits (const char *text, gsize length, guint scale, GError **error)
{
  g_autofree char *reason =
    g_strdup_printf ("needs more digits after the point than the %u that are kept; it isn't rounded", scale);

  return fail_text (text, length, DD_ERROR_INVALID_ARGUMENT, reason, error);
}

gboolean
dd_decimal_parse (const char *text, gssize length, guint scale, gint64 *out_value, GError **error)
{
  gsize size = length < 0 ? strlen (text) : (gsize)length;
  Decimal decimal = { 0 };

  g_assert (scale <= MAX_SCALE);
  if (!scan (text, size, &decimal))
    return fail_text (text, size, DD_ERROR_INVALID_ARGUMENT,
                      "isn't a decimal; write it like 1234.50, with no spaces, separators or leading zeros",
                      error);
  if (decimal.n_digits == 0)
    {
      *out_value = 0;
      return TRUE;
    }

  gint64 shift = decimal.exponent + scale;

  if (shift < 0)
    return fail_digits (text, size, scale, error);

  guint64 limit = (guint64)G_MAXINT64 + decimal.negative;
  gboolean fits = decimal.n_digits + shift <= MAX_DIGITS;
  guint64 magnitude = fits ? decimal.coefficient * powers_of_ten[shift] : G_MAXUINT64;

  if (magnitude > limit)
    return fail_text (text, size, DD_ERROR_OVERFLOW, "is too large to be kept exactly", error);
  *out_value = (gint64)(decimal.negative ? -magnitude : magnitude);
  return TRUE;
}

void
dd_decimal_append (GString *out, gint64 value, guint scale, guint min_digits)
{
  char digits[MAX_DIGITS + 1]; /* the magnitude's digits, least significant first */
  guint n_digits = 0;
  guint n_dropped = 0;
  guint64 magnitude = value < 0 ? -(guint64)value : (guint64)value;

  g_assert (scale <= MAX_SCALE && min_digits <= MAX_SCALE);
  for (; magnitude > 0 || n_digits <= scale; magnitude /= 10)
    digits[n_digits++] = (char)('0' + magnitude % 10);
  while (n_dropped < scale && scale - n_dropped > min_digits && digits[n_dropped] == '0')
    n_dropped++;

  if (value < 0)
    g_string_append_c (out, '-');
  for (guint i = n_digits; i > n_dropped; i--)
    {
      if (i == scale)
        g_string_append_c (out, '.');
      g_string_append_c (out, digits[i - 1]);
    }
  if (scale == 0 && min_digits > 0)
    g_string_append_c (out, '.');
  for (guint i = scale; i < min_digits; i++)
    g_string_append_c (out, '0');
}

char *
dd_decimal_format (gint64 value, guint scale, guint min_digits)
{
  GString *out = g_string_sized_new (32);

  dd_decimal_append (out, value, scale, min_digits);
  return g_string_free (out, FALSE);
}

gboolean
dd_percent_parse (const char *text, gint64 *out_nanos, GError **error)
{
  gsize length = strlen (text);

  if (length > 0 && text[length - 1] == '%')
    length--;
  return dd_decimal_parse (text, (gssize)length, PERCENT_SCALE, out_nanos, error);
}

char *
dd_percent_format (gint64 nanos)
{
  GString *out = g_string_sized_new (32);

  dd_decimal_append (out, nanos, PERCENT_SCALE, 0);
  g_string_append_c (out, '%');
  return g_string_free (out, FALSE);
}

gboolean
dd_quantity_parse (const char *text, gint64 *out_micros, GError **error)
{
  return dd_decimal_parse (text, -1, DD_MICROS_SCALE, out_micros, error);
}

char *
dd_quantity_format (gint64 micros)
{
  return dd_decimal_format (micros, DD_MICROS_SCALE, 0);
}
