/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exact fractions (see fraction.h).
 *
 * Common factors are taken out before a product, so that it only fails when no exact result would fit. Almost
 * all divisors are powers of ten, which have much in common. Pure; any thread.
 */
#include "number/fraction.h"

/* A sum of two below it still fits in 127 bits. */
#define LIMIT ((DdWide)1 << 126)

static gboolean
fail_range (GError **error)
{
  return dd_fail (error, DD_ERROR_OVERFLOW, "an exact fraction left the range of 126 bits");
}

static DdWide
magnitude (DdWide value)
{
  return value < 0 ? -value : value;
}

/* Both at least zero, and not both zero. */
static DdWide
common_factor (DdWide a, DdWide b)
{
  while (b != 0)
    {
      DdWide rest = a % b;

      a = b;
      b = rest;
      if (a <= G_MAXINT64)
        {
          /* From here on in 64 bits: an order of magnitude faster. */
          guint64 narrow_a = (guint64)a;
          guint64 narrow_b = (guint64)b;

          while (narrow_b != 0)
            {
              guint64 narrow_rest = narrow_a % narrow_b;

              narrow_a = narrow_b;
              narrow_b = narrow_rest;
            }
          return narrow_a;
        }
    }
  return a;
}

/* By division: the builtin that detects overflow needs a library that not every compiler links. */
static gboolean
multiply (DdWide a, DdWide b, DdWide *out)
{
  if (a != 0 && magnitude (b) >= LIMIT / magnitude (a))
    return FALSE;
  *out = a * b;
  return TRUE;
}

gboolean
dd_fraction_add (DdFraction *sum, DdFraction term, GError **error)
{
  DdWide common = common_factor (sum->divisor, term.divisor);
  DdWide left = 0;
  DdWide right = 0;
  DdWide divisor = 0;

  if (!multiply (sum->numerator, term.divisor / common, &left) ||
      !multiply (term.numerator, sum->divisor / common, &right) ||
      !multiply (sum->divisor / common, term.divisor, &divisor) || magnitude (left + right) >= LIMIT)
    return fail_range (error);
  *sum = (DdFraction){ left + right, divisor };
  return TRUE;
}

gboolean
dd_fraction_scale (DdFraction *value, gint64 multiplier, gint64 divisor, GError **error)
{
  DdWide own = common_factor (magnitude (value->numerator), value->divisor);
  DdFraction scaled = { value->numerator / own, value->divisor / own };
  DdWide across = common_factor (magnitude (scaled.numerator), divisor);
  DdWide back = common_factor (magnitude (multiplier), scaled.divisor);
  DdWide factor = multiplier / back;
  DdWide rest = divisor / across;
  DdWide both = common_factor (magnitude (factor), rest);

  if (!multiply (scaled.numerator / across, factor / both, &scaled.numerator) ||
      !multiply (scaled.divisor / back, rest / both, &scaled.divisor))
    return fail_range (error);
  *value = scaled;
  return TRUE;
}

gboolean
dd_fraction_round (DdFraction value, gint64 *out, GError **error)
{
  return dd_wide_to_int64 (dd_wide_divide_rounded (value.numerator, value.divisor), out, error);
}

gboolean
dd_fraction_round_up (DdFraction value, gint64 step, gint64 *out, GError **error)
{
  DdWide steps = 0;
  DdWide rest = 0;
  DdWide divisor = 0;

  if (!multiply (value.divisor, step, &divisor))
    return fail_range (error);
  steps = value.numerator / divisor;
  rest = value.numerator % divisor;
  return dd_wide_to_int64 ((steps + (rest > 0)) * step, out, error);
}
