/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The datasets that a plugin is tested with, in several worlds: ordinary rows (those of the command line,
 * otherwise made up to fit the declared columns), none at all, and rows at the limits of their types.
 *
 * What is made up is always the same. Immutable once made; any thread.
 */
#pragma once

#include "host.h"
#include "subject.h"

G_BEGIN_DECLS

typedef enum
{
  DD_WORLD_ORDINARY,
  DD_WORLD_EMPTY,
  DD_WORLD_ODD, /* the first of those with extreme values */
  DD_N_WORLDS = DD_WORLD_ODD + 12
} DdWorld;

typedef struct
{
  GHashTable *datasets[DD_N_WORLDS]; /* name to DdDataset */
  const GPtrArray *declarations;     /* (transfer none) (element-type DdDatasetDeclaration) */
  GPtrArray *keys;                   /* (element-type utf8): leading keys that the ordinary world has */
} DdTables;

/* @declarations: (element-type DdDatasetDeclaration) */
DdTables *dd_tables_new (const GPtrArray *declarations, const DdSubject *subject, GError **error);
void dd_tables_free (DdTables *tables);

/* The extreme values of @world, of rows with the leading key @key ((nullable): any), as dataset, column and
 * value: the first of them. (nullable) (transfer full) */
char *dd_tables_describe (const DdTables *tables, DdWorld world, const char *key);

/* (nullable) (transfer none) */
DdDataset *dd_tables_get (const DdTables *tables, DdWorld world, const char *name);

G_END_DECLS
