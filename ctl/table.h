/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of text in aligned columns. Pure; one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CtlTable CtlTable;

CtlTable *ctl_table_new (void);
void ctl_table_free (CtlTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)

/* Before the first row. */
void ctl_table_add_column (CtlTable *table, const char *heading, gboolean right);

/* The column that was added last is the one to be cut where the table is too wide. */
void ctl_table_let_yield (CtlTable *table);
guint ctl_table_n_columns (const CtlTable *table);
guint ctl_table_n_rows (const CtlTable *table);

/* A new row of empty cells; ctl_table_set() fills the newest row's. */
void ctl_table_add_row (CtlTable *table);
void ctl_table_set (CtlTable *table, guint column, const char *text);

/* The heading, then the rows. A column without any text is left out. @columns: the terminal's; the heading is
 * bold then, and columns that yield are cut to fit. 0: it isn't for a terminal. */
void ctl_table_print (const CtlTable *table, guint columns, GString *out);

G_END_DECLS
