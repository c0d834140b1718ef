/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of a file while the rules between them are checked. An empty cell counts as its column's default.
 * Pure; any thread.
 */
#pragma once

#include "datasets/datasets.h"

G_BEGIN_DECLS

typedef struct
{
  const GArray *columns; /* DdColumn */
  const DdCell *cells;
  guint n_rows;
  const guint32 *lines;
  const char *file_name;
  int from; /* columns of the validity; -1: there are none */
  int to;
} DdRows;

typedef struct
{
  const DdRows *rows;
  guint *compared; /* columns in which rows are equal that the rule is about */
  guint n_compared;
  guint *more; /* columns that the rule looks at besides */
  guint n_more;
} DdRule;

/* The first and last day of a row. */
typedef struct
{
  gint64 from;
  gint64 to;
  guint32 row;
} DdRowSpan;

const DdColumn *dd_rows_column (const DdRows *rows, guint index);
DdCell dd_rows_cell (const DdRows *rows, guint32 row, guint column);
DdRowSpan dd_rows_span (const DdRows *rows, guint32 row);
int dd_rule_compare (const DdRule *rule, guint32 a, guint32 b);
/* "FILE:LINE: offering "x", valid from … meets line N, valid …; @right". FALSE. */
gboolean dd_rule_complain (const DdRule *rule, guint32 a, guint32 b, const char *right, GError **error);

/* rules-years.c: after validity was checked. */
gboolean dd_rows_check_years (const DdDatasetDeclaration *declaration, const DdRows *rows, GError **error);

G_END_DECLS
