/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Large JSON, part by part: the elements or members of a document that isn't made a tree of as a whole.
 *
 * Only the skeleton between the parts is read here; each part is parsed when it comes, so memory is bounded
 * by the largest of them. A fault is found where reading it whole would find it, but for names that are there
 * twice in the outermost object. Pure; any thread.
 */
#pragma once

#include "json/json.h"

G_BEGIN_DECLS

typedef struct
{
  const char *text; /* borrowed from the document */
  gsize length;
  guint line; /* where it begins, from 1 */
  guint column;
  const char *name; /* a member's, as written, without NUL; NULL of an element */
  gsize name_length;
  guint index; /* from 0 */
} DdJsonPart;

typedef gboolean (*DdJsonPartFunc) (const DdJsonPart *part, gpointer data, GError **error);

/* A whole document as a part. */
DdJsonPart dd_json_part_whole (const char *text, gsize length);

/* Whether @part begins as an object or array does. */
gboolean dd_json_part_is (const DdJsonPart *part, DdJsonType type);

/* Calls @func with each element of @outer, an array, or each member, of an object; FALSE stops with its
 * error. Otherwise DD_ERROR_INVALID_ARGUMENT with line and column. */
gboolean dd_json_each_part (const DdJsonPart *outer, DdJsonPartFunc func, gpointer data, GError **error);

/* As dd_json_parse(); lines and columns count from the document's beginning. (transfer full) */
DdJson *dd_json_part_parse (const DdJsonPart *part, const DdJsonLimits *limits, GError **error);

G_END_DECLS
