/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Decimal text to scaled integers and back, exactly.
 *
 * A scaled integer with scale s counts 10^-s: micros have scale 6, nanos scale 9.
 * Text is an optional minus, digits, and an optional point with digits; reading also takes an
 * exponent (JSON numbers have them). Text that would need more digits than the scale
 * holds is refused, never rounded. Pure; any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

#define DD_MICROS_SCALE 6
#define DD_NANOS_SCALE  9
#define DD_MICROS       G_GINT64_CONSTANT (1000000)
#define DD_NANOS        G_GINT64_CONSTANT (1000000000)

/* @length: bytes of @text, or -1. Errors: DD_ERROR_INVALID_ARGUMENT (not a decimal, or too many
 * digits for @scale), DD_ERROR_OVERFLOW. The message quotes the text, not its place. */
gboolean dd_decimal_parse (const char *text, gssize length, guint scale, gint64 *out_value, GError **error);

/* Appends @value with at least @min_digits after the point, and no more than it needs. */
void dd_decimal_append (GString *out, gint64 value, guint scale, guint min_digits);
char *dd_decimal_format (gint64 value, guint scale, guint min_digits);

/* Percentages: "12.5%" is 125000000 nanos. Reading takes the sign as optional. */
gboolean dd_percent_parse (const char *text, gint64 *out_nanos, GError **error);
char *dd_percent_format (gint64 nanos);

/* Quantities, 10^-6: "10.5", trailing zeros dropped. */
gboolean dd_quantity_parse (const char *text, gint64 *out_micros, GError **error);
char *dd_quantity_format (gint64 micros);

G_END_DECLS
