/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of text in aligned columns, without the less important ones where the terminal is too narrow for all
 * or, where it is narrower still, a record a row. Pure; one thread at a time.
 */
#pragma once

#include "style.h"

G_BEGIN_DECLS

typedef struct _CtlTable CtlTable;

typedef enum
{
  CTL_COLUMN_PLAIN = 0,
  CTL_COLUMN_RIGHT = 1 << 0, /* aligned to the right */
  CTL_COLUMN_WRAPS = 1 << 1, /* words, which go on in further lines where there is no room beside the rest */
  CTL_COLUMN_STATE = 1 << 2  /* a state's word, coloured as such */
} CtlColumnFlags;

/* Flags too: where there is no room for all columns, the one of the highest @rank is left out first; one of
 * rank 0 stays. */
#define CTL_COLUMN_GIVES_WAY(rank) ((guint)(rank) << 8)

CtlTable *ctl_table_new (void);
void ctl_table_free (CtlTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)

/* Before the first row. @level: 0, or how deep the rows of this column lie within those of others. */
void ctl_table_add_column (CtlTable *table, const char *heading, guint flags, guint level);
guint ctl_table_n_columns (const CtlTable *table);
guint ctl_table_n_rows (const CtlTable *table);

/* A new row of empty cells; ctl_table_set() fills the newest row's. @text is safe to print (text.h). */
void ctl_table_add_row (CtlTable *table);
void ctl_table_set (CtlTable *table, guint column, const char *text);

/* The heading, then the rows. A column without any text is left out. From CTL_TABLE_LEAST columns of the
 * terminal it stays a table, as long as columns can give way; below, or when they can't, each row is a record
 * with everything. */
#define CTL_TABLE_LEAST 60

void ctl_table_print (const CtlTable *table, const CtlStyle *style, GString *out);

G_END_DECLS
