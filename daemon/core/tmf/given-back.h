/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Giving back what a request said (a line's kept) without breaking the schema; for the files of this folder
 * only. Pure; one thread at a time.
 */
#pragma once

#include "json/writer.h"

G_BEGIN_DECLS

/* What a schema asks of a member that may be given back in its place. */
typedef struct
{
  const char *name;
  DdJsonType type;         /* STRING; OBJECT or ARRAY (of objects) whose known members are strings */
  const char *required[3]; /* members that must be there; NULL-terminated when fewer */
} DdGivenBack;

/* Whether @object has all of @required (NULL-terminated when fewer than 3), and text where TMF wants text. */
gboolean dd_tmf_object_fits (const DdJsonNode *object, const char *const required[3]);

/* Writes @kept's members into the open object: those that @rows list and that fit, and those that @known (the
 * names that the schema or we use there, NULL-terminated) doesn't list. Members that @written
 * (NULL-terminated) lists are left alone. The rest goes into @out_rest (nullable) (element-type DdJsonNode),
 * borrowed. */
void dd_tmf_give_back (const DdJsonNode *kept,
                       const DdGivenBack *rows,
                       const char *const *known,
                       const char *const *written,
                       GPtrArray *out_rest,
                       DdJsonWriter *writer);

/* The member "requested", with @rest; nothing when it is empty. */
void dd_tmf_write_requested (const GPtrArray *rest, DdJsonWriter *writer);

G_END_DECLS
