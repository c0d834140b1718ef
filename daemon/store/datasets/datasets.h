/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files of datasets/ share.
 *
 * A dataset is made by a builder: cells row after row, in the declaration's order of columns, their text in
 * one arena. Compiling sorts the rows and hashes the leading key; after that it never changes.
 */
#pragma once

#include "dataset.h"
#include "internal.h"

G_BEGIN_DECLS

/* Rows with one leading key: slots of an open-addressed table. count 0: free. */
typedef struct
{
  guint32 hash;
  guint32 first;
  guint32 count;
} DdKeySlot;

struct _DdDataset
{
  gint ref_count;
  char *name;
  gint64 version;
  GArray *columns; /* DdColumn */
  char *arena;     /* the cells' text */
  gsize arena_size;
  DdCell *cells; /* n_rows * n_columns */
  guint n_rows;
  DdKeySlot *slots;
  guint32 n_slots; /* a power of two, or 0 */
};

/* cell.c: @text, NUL-terminated, of a column's type. The message says what would be right, not the place.
 * Keys that are equal have equal numbers, or, for text, equal text. */
gboolean
dd_cell_read (const DdColumn *column, const char *text, gsize length, DdCell *out_cell, GError **error);
int dd_cell_compare (const DdColumn *column, const DdCell *a, const DdCell *b);
/* Of a number's type, as a cell has it: "12.5%". (transfer full) */
char *dd_cell_format_number (DdColumnType type, gint64 number);

/* rules.c: the declaration's rules between rows, which are as in the file. @lines: each row's. Every conflict
 * is named with both rows. n log n. */
gboolean dd_dataset_check_rules (const DdDatasetDeclaration *declaration,
                                 const DdCell *cells,
                                 guint n_rows,
                                 const guint32 *lines,
                                 const char *file_name,
                                 GError **error);

/* declaration.c */
GArray *dd_columns_copy (const GArray *columns);
void dd_columns_describe (const GArray *columns, GString *out); /* a line each, as declared */

/* compile.c: takes @arena and @cells (transfer full). @lines: (nullable): of an import: line numbers, to name
 * rows by; the rules between rows are checked with them. Freed by the caller. */
DdDataset *dd_dataset_compile (const DdDatasetDeclaration *declaration,
                               char *arena,
                               gsize arena_size,
                               DdCell *cells,
                               guint n_rows,
                               const guint32 *lines,
                               const char *file_name,
                               GError **error);

/* load.c: the stored form: "dealdesk-dataset 1\n", a line each column, an empty line, then all cells row by
 * row, each ended by NUL. */
GBytes *dd_dataset_pack (const DdDataset *dataset);
DdDataset *dd_dataset_unpack (
  const DdDatasetDeclaration *declaration, const char *bytes, gsize length, gint64 version, GError **error);

/* cache.c: thread-safe; least recently used goes first; the newest entry stays, whatever its size. */
DdDatasetCache *dd_dataset_cache_new (gsize max_bytes);
void dd_dataset_cache_free (DdDatasetCache *cache);
DdDataset *dd_dataset_cache_find (DdDatasetCache *cache, const char *key);
void dd_dataset_cache_add (DdDatasetCache *cache, const char *key, DdDataset *dataset);
gsize dd_dataset_cache_bytes (DdDatasetCache *cache);

G_END_DECLS
