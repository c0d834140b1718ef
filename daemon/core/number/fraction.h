/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exact fractions: sums of amounts whose divisors differ, rounded only when they are done.
 *
 * What can't be held in 126 bits is an error, never an approximation. Pure; any thread.
 */
#pragma once

#include "number/checked.h"

G_BEGIN_DECLS

typedef struct
{
  DdWide numerator;
  DdWide divisor; /* positive */
} DdFraction;

/* Each changes its first argument or writes @out only on success, and otherwise sets DD_ERROR_OVERFLOW. */
gboolean dd_fraction_add (DdFraction *sum, DdFraction term, GError **error);

/* Times @multiplier / @divisor; @divisor must be positive. */
gboolean dd_fraction_scale (DdFraction *value, gint64 multiplier, gint64 divisor, GError **error);

/* Half away from zero. */
gboolean dd_fraction_round (DdFraction value, gint64 *out, GError **error);

/* The least multiple of @step (positive) that isn't below @value. */
gboolean dd_fraction_round_up (DdFraction value, gint64 step, gint64 *out, GError **error);

G_END_DECLS
