/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Shapes that several verbs print, and replies that come as arrays turned into rows.
 */
#pragma once

#include "output.h"
#include "json/writer.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define DD_FIELD_END                                                                                         \
  {                                                                                                          \
    NULL, NULL, DD_CELL_TEXT, NULL                                                                           \
  }
#define DD_SECTION_END                                                                                       \
  {                                                                                                          \
    NULL, NULL, DD_SHAPE_RECORD, NULL, NULL, NULL                                                            \
  }

/* A step that a rule asks for: its measure, limit, candidates, decisions. */
extern const DdField dd_step_fields[];

/* "once", "per month", "usage" from the members type and period. (transfer full) */
char *dd_shape_charge_kind (const DdJsonNode *row);

/* "EUR 1200.00 per month, EUR 80.00 once" from the member summary. (transfer full) */
char *dd_shape_totals (const DdJsonNode *row);

/* Writes the elements of @rows, an array of tuples, as objects with @keys. An x is a time in microseconds
 * since 1970 UTC in this interface, and 0 none. The array is to be begun and ended by the caller. */
void dd_shape_write_rows (DdJsonWriter *writer, const char *const *keys, GVariant *rows);

/* Copies the members of @object, but for those that the NULL-terminated @except names. */
void dd_shape_copy_members (DdJsonWriter *writer, const DdJsonNode *object, const char *const *except);

/* The member @key of @object as a number, or 0. */
guint dd_shape_number (const DdJsonNode *object, const char *key);

/* The member @key of @object as text; "" without one. Borrowed. */
const char *dd_shape_text (const DdJsonNode *object, const char *key);

G_END_DECLS
