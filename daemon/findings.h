/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is wrong with the configuration. One thread.
 */
#pragma once

#include "inspect.h"

G_BEGIN_DECLS

typedef struct
{
  char *file;
  char *group; /* (nullable) */
  char *key;   /* (nullable) */
  char *message;
} DdFinding;

/* Of the file, then of plugins. (element-type DdFinding) (transfer full) */
GPtrArray *dd_findings_collect (const DdInspection *inspection);

G_END_DECLS
