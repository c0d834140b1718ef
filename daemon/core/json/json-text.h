/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Looking at JSON text: places in it, and escapes that the library lets pass; for the files of this folder
 * only. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Line and column (in characters) of the byte at @offset, both from 1. All before it must be valid UTF-8. */
void dd_json_text_place (const char *text, gsize offset, guint *out_line, guint *out_column);

/* Where the string that ends with the quote at @closing begins: the offset of its opening quote. */
gsize dd_json_text_string_begin (const char *text, gsize closing);

/* (nullable): the first \u escape from @raw to @end that is half of a surrogate pair without its other half.
 * Escapes must be well formed. */
const char *dd_json_text_lone_surrogate (const char *raw, const char *end);

G_END_DECLS
