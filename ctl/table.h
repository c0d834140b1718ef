/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of text in aligned columns. Pure; one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DdTable DdTable;

DdTable *dd_table_new (void);
void dd_table_free (DdTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdTable, dd_table_free)

/* Before the first row. */
void dd_table_add_column (DdTable *table, const char *heading, gboolean right);
guint dd_table_n_columns (const DdTable *table);
guint dd_table_n_rows (const DdTable *table);

/* A new row of empty cells; dd_table_set() fills the newest row's. */
void dd_table_add_row (DdTable *table);
void dd_table_set (DdTable *table, guint column, const char *text);

/* The heading, then the rows. A column without any text is left out. @bold: the heading in bold. */
void dd_table_print (const DdTable *table, gboolean bold, GString *out);

G_END_DECLS
