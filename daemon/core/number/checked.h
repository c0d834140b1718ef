/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checked integer arithmetic: every result is exact or an error.
 *
 * Wide products are taken in __int128. The one rounding rule of dealdesk is half away
 * from zero: 0.5 becomes 1 and -0.5 becomes -1. Pure; any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

typedef __int128 DdWide;

/* Each writes @out only on success, and otherwise sets DD_ERROR_OVERFLOW. */
gboolean dd_checked_add (gint64 a, gint64 b, gint64 *out_sum, GError **error);
gboolean dd_checked_subtract (gint64 a, gint64 b, gint64 *out_difference, GError **error);

/* @a * @b / @divisor, rounded half away from zero once. @divisor must be positive. */
gboolean dd_checked_mul_div (gint64 a, gint64 b, gint64 divisor, gint64 *out, GError **error);

/* @dividend / @divisor, rounded half away from zero. @divisor must be positive. */
DdWide dd_wide_divide_rounded (DdWide dividend, DdWide divisor);

/* Narrows @wide, or DD_ERROR_OVERFLOW. */
gboolean dd_wide_to_int64 (DdWide wide, gint64 *out, GError **error);

/* @value rounded half away from zero to a multiple of @step (positive). */
gboolean dd_checked_round_to (gint64 value, gint64 step, gint64 *out, GError **error);

G_END_DECLS
