/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One value of a JSON document as a person reads it. Pure.
 */
#pragma once

#include "json/json.h"

G_BEGIN_DECLS

typedef enum
{
  DD_CELL_TEXT,
  DD_CELL_NUMBER,
  DD_CELL_MONEY,   /* "EUR 12.34" */
  DD_CELL_PERCENT, /* "12.5%" */
  DD_CELL_TIME,    /* RFC 3339 */
  DD_CELL_YES,     /* a boolean; FALSE is an empty cell */
  DD_CELL_LIST,    /* an array of texts */
  DD_CELL_DIGEST,  /* hex; a table shows its beginning */
  DD_CELL_MEMBERS, /* an object or an array of them: "name=value" of all that is plain */
  DD_CELL_DATA     /* for programs only */
} DdCellKind;

gboolean dd_cell_is_right (DdCellKind kind);

/* @value: (nullable). @whole: a digest isn't cut. (transfer full): "" when there is nothing to show. */
char *dd_cell_format (DdCellKind kind, const DdJsonNode *value, gboolean whole);

G_END_DECLS
