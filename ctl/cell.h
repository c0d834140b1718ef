/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One value of a JSON document as a person reads it. Pure.
 */
#pragma once

#include "json/json.h"

G_BEGIN_DECLS

typedef enum
{
  CTL_CELL_TEXT,  /* an id, a name, one word: kept in one piece */
  CTL_CELL_PROSE, /* words of people: they go on in a further line where a table is wider than the terminal */
  CTL_CELL_STATE, /* one word, which has a colour too */
  CTL_CELL_NUMBER,   /* an integer */
  CTL_CELL_QUANTITY, /* a decimal, as text */
  CTL_CELL_MONEY,    /* "EUR 12.34", or as below */
  CTL_CELL_PERCENT,  /* "18.2606222%", shown with two decimals at most */
  CTL_CELL_TIME,     /* RFC 3339; people read it in their own zone, which it names */
  CTL_CELL_YES,      /* a boolean; FALSE is an empty cell */
  CTL_CELL_LIST,     /* an array of texts */
  CTL_CELL_DIGEST,   /* hex; a table shows its beginning */
  CTL_CELL_MEMBERS,  /* an object or an array of them: "name=value" of all that is plain */
  CTL_CELL_DATA      /* for programs only */
} CtlCellKind;

/* Added to a field's kind: on a terminal without room for all columns this one is left out, that of the
 * highest @rank first. Without it a column always stays. */
#define CTL_GIVES_WAY(rank) ((guint)(rank) << 8)
#define CTL_CELL_KIND(kind) ((CtlCellKind)((kind)&0xff))
#define CTL_CELL_RANK(kind) ((kind) >> 8)

gboolean ctl_cell_is_right (CtlCellKind kind);

/* Whether its text may go on in a further line. */
gboolean ctl_cell_wraps (CtlCellKind kind);

/* @value: (nullable). @whole: a digest isn't cut. (transfer full): "" when there is nothing to show. */
char *ctl_cell_format (CtlCellKind kind, const DdJsonNode *value, gboolean whole);

G_END_DECLS
