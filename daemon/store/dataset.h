/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Datasets: versioned reference tables that the core or a plugin declares.
 *
 * Importing validates each row and stores all of them as a new immutable version, or nothing. A version is
 * compiled into columns of typed cells, sorted by key, and shared through a byte-bounded cache.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

typedef enum
{
  DD_COLUMN_TEXT,
  DD_COLUMN_INTEGER,
  DD_COLUMN_DECIMAL,  /* nanos */
  DD_COLUMN_QUANTITY, /* micros */
  DD_COLUMN_PERCENT,  /* "12.5%", nanos */
  DD_COLUMN_CURRENCY, /* ISO 4217 code; the cell's text */
  DD_COLUMN_DATE,     /* YYYY-MM-DD, days since 1970 */
  DD_COLUMN_BOOLEAN,  /* true or false */
  DD_N_COLUMN_TYPES
} DdColumnType;

/* "text", "integer" … "boolean"; -1 for other text */
int dd_column_type_from_name (const char *text);
const char *dd_column_type_name (DdColumnType type);

/* Of an imported text, in UTF-8. A plugin may give back any cell as a label, which has at most 1024: what is
 * too long is no fault of the plugin's, and is refused with its row. */
#define DD_DATASET_MAX_TEXT 512

typedef struct
{
  char *name;
  char **values;   /* (nullable): of a text: what an imported cell may be */
  guint8 type;     /* DdColumnType */
  guint8 key;      /* part of the key; keys come first, the leading one finds rows */
  guint8 optional; /* may be empty; a key column too, and "" is then a value of its own */
  guint8 has_min;  /* of a number: what an imported cell may be, in the unit of cells */
  guint8 has_max;
  gint64 min;
  gint64 max;
  char *empty; /* (nullable): of an optional one: what an empty cell counts as where rows are compared */
  gint64 empty_number;
  guint max_bytes; /* of an imported text; 0: any number */
} DdColumn;

/* Further rules, each over columns in an order of its own. */
typedef enum
{
  DD_RULE_TIERS, /* where a tier begins, where it ends: a table of tiers names all by one of the two */
  DD_RULE_YEARS, /* first, last: rows of one key don't count for the same contract year; without a last one a
                  * row counts until the next begins */
  DD_RULE_AGREE, /* rows with the first column filled, and the same, are the same in the others */
  DD_N_DATASET_RULES
} DdDatasetRule;

/* A dataset as declared. The rules name columns, and hold between rows of one import; what was stored stays
 * readable. */
typedef struct
{
  char *name;
  GArray *columns;  /* DdColumn */
  char *valid_from; /* (nullable): the date columns of a row's validity: both or neither */
  char *valid_to;
  char **unique; /* (nullable): columns; rows that are equal in them mustn't be of one priority at one time */
  char *priority;                   /* (nullable): only with unique */
  char **rules[DD_N_DATASET_RULES]; /* (nullable): columns */
} DdDatasetDeclaration;

DdDatasetDeclaration *dd_dataset_declaration_new (const char *name);
/* "offering key text", "valid_to date optional", "mode enum(flat|volume)", "discount percent min 0 max 100%":
 * name, then any of key, optional, and the type, with bounds, inclusive, behind a number's, and "default 0"
 * behind an optional one's. An enumeration is a text that only importing restricts, as it does with bounds:
 * what was stored stays readable. */
gboolean dd_dataset_declaration_add (DdDatasetDeclaration *declaration, const char *column, GError **error);
void dd_dataset_declaration_free (DdDatasetDeclaration *declaration);
/* The index of the column @name (nullable); -1: there is none. */
int dd_dataset_declaration_find (const DdDatasetDeclaration *declaration, const char *name);
/* Appends a copy. */
void dd_dataset_declaration_copy_column (DdDatasetDeclaration *declaration, const DdColumn *column);
/* "text", "date" …, "enum(flat|volume)", "decimal min 0", "integer default 0". (transfer full) */
char *dd_column_describe_type (const DdColumn *column);

/* Rows that are equal in all key columns but these two mustn't be valid on the same day, both ends inclusive,
 * an empty end open. Columns must be declared already, and be dates. */
gboolean dd_dataset_declaration_set_validity (DdDatasetDeclaration *declaration,
                                              const char *from,
                                              const char *to,
                                              GError **error);
/* Two rows that are equal in all of @columns, and in @priority (nullable), mustn't be valid on the same day.
 */
gboolean dd_dataset_declaration_set_unique (DdDatasetDeclaration *declaration,
                                            const char *const *columns,
                                            const char *priority,
                                            GError **error);
/* Two rows that are valid on the same day mustn't break @rule. */
gboolean dd_dataset_declaration_set_rule (DdDatasetDeclaration *declaration,
                                          DdDatasetRule rule,
                                          const char *const *columns,
                                          GError **error);
/* "Tiers": its key in a plugin's file. */
const char *dd_dataset_rule_key (DdDatasetRule rule);
/* "validity valid_from to valid_to", "unique offering, segment by priority"; "" without rules. (transfer
 * full) */
char *dd_dataset_describe_rules (const DdDatasetDeclaration *declaration);

typedef struct
{
  gint64 number;    /* typed value; G_MININT64 for an empty cell */
  const char *text; /* the cell as written; "" when empty */
} DdCell;

/* A compiled version: immutable, any thread. */
typedef struct _DdDataset DdDataset;

DdDataset *dd_dataset_ref (DdDataset *dataset);
void dd_dataset_unref (DdDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdDataset, dd_dataset_unref)
const char *dd_dataset_name (const DdDataset *dataset);
gint64 dd_dataset_version (const DdDataset *dataset); /* 0: nothing was ever imported; it is empty */
guint dd_dataset_n_rows (const DdDataset *dataset);
guint dd_dataset_n_columns (const DdDataset *dataset);
const DdCell *dd_dataset_row (const DdDataset *dataset, guint row); /* n_columns cells */

/* The rows whose leading key is @key: contiguous, in order of the full key. Hashed: some 50 ns. */
guint dd_dataset_find (const DdDataset *dataset, const char *key, guint *out_first);

/* Parses and checks RFC 4180 text against @declaration: header (names in any order), types, bounds, duplicate
 * keys, and the rules between rows.
 * Every error names file (@file_name), line, column and the right form. Runs on the calling thread; no store.
 * The result has version 0 until it is stored. (transfer full) */
DdDataset *dd_dataset_parse_csv (const DdDatasetDeclaration *declaration,
                                 const char *file_name,
                                 const char *text,
                                 gsize length,
                                 GError **error);

/* The same, telling how far it is, in bytes. @progress: (nullable). */
DdDataset *dd_dataset_parse_csv_slowly (const DdDatasetDeclaration *declaration,
                                        const char *file_name,
                                        const char *text,
                                        gsize length,
                                        DdStoreProgress progress,
                                        gpointer progress_data,
                                        GError **error);

/* The same of a table that was made of something else. @lines: of each row, without the header, the line of
 * @file_name that it was made of. */
DdDataset *dd_dataset_parse_made (const DdDatasetDeclaration *declaration,
                                  const char *file_name,
                                  const char *text,
                                  gsize length,
                                  const guint32 *lines,
                                  GError **error);

/* One difference between two versions: a row that only one has (the other is NULL), or a row of one key that
 * they have with other values. Cells lie in the declaration's order. */
typedef gboolean (*DdDatasetDifference) (const DdCell *from, const DdCell *to, gpointer data);

/* Calls @func in order of the key, until it gives FALSE. Both of one declaration. */
void dd_dataset_diff (const DdDataset *from, const DdDataset *to, DdDatasetDifference func, gpointer data);

/* Whether the cell @column is another: by its value, not by how it is written. */
gboolean
dd_dataset_cell_differs (const DdDataset *dataset, guint column, const DdCell *from, const DdCell *to);

/* Stores @dataset as the next version. Adds a row to the store's chain. */
gboolean dd_transaction_import (DdTransaction *transaction,
                                const DdDataset *dataset,
                                const DdAppend *append,
                                gint64 *out_version,
                                GError **error);

/* The current version's number; 0 when nothing was imported. */
gboolean dd_reader_dataset_version (DdReader *reader, const char *name, gint64 *out_version, GError **error);

/* A number that changes with every version of any dataset, and only then; 0 while there is none. */
gboolean dd_reader_dataset_generation (DdReader *reader, gint64 *out_generation, GError **error);

/* (transfer full): @version 0 is the current one. Compiled once, kept in a cache bounded by bytes. Columns
 * that
 * @declaration names and the stored version lacks are empty cells. */
DdDataset *
dd_reader_dataset (DdReader *reader, const DdDatasetDeclaration *declaration, gint64 version, GError **error);

typedef struct
{
  const char *name;
  gint64 version;
  gint64 rows;
  gint64 time;
  const char *actor;
} DdDatasetRow;

typedef gboolean (*DdDatasetRowFunc) (const DdDatasetRow *row, gpointer data);
/* The current version of each dataset. */
gboolean dd_reader_list_datasets (DdReader *reader, DdDatasetRowFunc func, gpointer data, GError **error);

G_END_DECLS
