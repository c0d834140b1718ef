/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checked integer arithmetic (see checked.h).
 *
 * A product of two 64-bit numbers always fits in 127 bits, so only the narrowing can fail. Pure; any thread.
 */
#include "number/checked.h"

static gboolean
fail_overflow (GError **error)
{
  return dd_fail (error, DD_ERROR_OVERFLOW,
                  "a number left the exact range; scaled results must be from %" G_GINT64_FORMAT
                  " to %" G_GINT64_FORMAT,
                  G_MININT64, G_MAXINT64);
}

gboolean
dd_checked_add (gint64 a, gint64 b, gint64 *out_sum, GError **error)
{
  gint64 sum;

  if (__builtin_add_overflow (a, b, &sum))
    return fail_overflow (error);
  *out_sum = sum;
  return TRUE;
}

gboolean
dd_checked_subtract (gint64 a, gint64 b, gint64 *out_difference, GError **error)
{
  gint64 difference;

  if (__builtin_sub_overflow (a, b, &difference))
    return fail_overflow (error);
  *out_difference = difference;
  return TRUE;
}

DdWide
dd_wide_divide_rounded (DdWide dividend, DdWide divisor)
{
  g_assert (divisor > 0);

  DdWide quotient = dividend / divisor;
  DdWide remainder = dividend % divisor;
  DdWide magnitude = remainder < 0 ? -remainder : remainder;

  /* Not 2 * magnitude >= divisor: that could overflow. */
  if (magnitude >= divisor - magnitude)
    quotient += dividend < 0 ? -1 : 1;
  return quotient;
}

gboolean
dd_wide_to_int64 (DdWide wide, gint64 *out, GError **error)
{
  if (wide < G_MININT64 || wide > G_MAXINT64)
    return fail_overflow (error);
  *out = (gint64)wide;
  return TRUE;
}

gboolean
dd_checked_mul_div (gint64 a, gint64 b, gint64 divisor, gint64 *out, GError **error)
{
  return dd_wide_to_int64 (dd_wide_divide_rounded ((DdWide)a * b, divisor), out, error);
}

gboolean
dd_checked_round_to (gint64 value, gint64 step, gint64 *out, GError **error)
{
  return dd_wide_to_int64 (dd_wide_divide_rounded (value, step) * step, out, error);
}
