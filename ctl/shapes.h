/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Shapes that several verbs print, and replies that come as arrays turned into rows.
 */
#pragma once

#include "output.h"
#include "json/writer.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A step that a rule asks for: its measure, limit, candidates, decisions. */
extern const CtlField ctl_step_fields[];

/* An order of the agreement, without its document. */
extern const CtlField ctl_order_fields[];

/* What was kept from a request and not understood: plain texts. */
extern const CtlField ctl_remark_fields[];

/* A priced line, without its charges; and a charge, without its steps. */
extern const CtlField ctl_line_fields[];
extern const CtlField ctl_charge_fields[];

/* The first of them say which charge it is; figures and marks follow. */
#define CTL_CHARGE_N_NAMES 5

/* A price sheet's totals, and its figures over the commitment. */
extern const CtlField ctl_total_fields[];
extern const CtlField ctl_figure_fields[];

/* "1-2", "3-" from the members firstYear and lastYear: contract years. (transfer full) */
char *ctl_shape_years (const DdJsonNode *row);

/* "once", "per month", "usage" from the members type and period. (transfer full) */
char *ctl_shape_charge_kind (const DdJsonNode *row);

/* "EUR 1200.00 per month, EUR 80.00 once" from the member summary. (transfer full) */
char *ctl_shape_totals (const DdJsonNode *row);

/* The version of a dataset from the member version. (transfer full) */
char *ctl_shape_format_imported (const DdJsonNode *row);

/* A dataset's columns; a long choice of values may be wrapped between them. (transfer full) */
char *ctl_shape_format_columns (const DdJsonNode *row);

/* Writes the elements of @rows, an array of tuples, as objects with @keys. An x is a time in microseconds
 * since 1970 UTC in this interface, and 0 none. The array is to be begun and ended by the caller. */
void ctl_shape_write_rows (DdJsonWriter *writer, const char *const *keys, GVariant *rows);

/* Copies the members of @object, but for those that the NULL-terminated @except names. */
void ctl_shape_copy_members (DdJsonWriter *writer, const DdJsonNode *object, const char *const *except);

/* The member @key of @object as a number, or 0. */
guint ctl_shape_number (const DdJsonNode *object, const char *key);

/* Whether the member @key of @object is there and true. */
gboolean ctl_shape_is_true (const DdJsonNode *object, const char *key);

/* The member @key of @object as text; "" without one. Borrowed. */
const char *ctl_shape_text (const DdJsonNode *object, const char *key);

G_END_DECLS
