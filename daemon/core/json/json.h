/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading JSON: the one wrapper around the one library (yajl).
 *
 * A document is parsed whole into one arena of nodes. Numbers keep their text, so decimals
 * stay exact. Refused, with line, column and path: anything that RFC 8259 refuses, invalid UTF-8,
 * duplicate keys, nesting or size beyond the limits, NUL in strings. A node knows its
 * parent, so any later complaint names its place ("quoteItem[3].quantity").
 * Pure; a parsed document is immutable and may be read from any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

typedef enum
{
  DD_JSON_NULL,
  DD_JSON_BOOLEAN,
  DD_JSON_NUMBER,
  DD_JSON_STRING,
  DD_JSON_ARRAY,
  DD_JSON_OBJECT
} DdJsonType;

typedef struct _DdJson DdJson;         /* a document: owns its nodes */
typedef struct _DdJsonNode DdJsonNode; /* borrowed from its document */

typedef struct
{
  gsize max_bytes;
  guint max_depth;
} DdJsonLimits;

/* What documents from outside get: 32 MiB, 64 levels. */
extern const DdJsonLimits dd_json_limits_default;

/* For documents of our own store, which were checked when they came in. */
extern const DdJsonLimits dd_json_limits_own;

/* @limits: (nullable): the default ones. (transfer full). The text itself isn't kept.
 * Errors: DD_ERROR_INVALID_ARGUMENT, DD_ERROR_TOO_LARGE. */
DdJson *dd_json_parse (const char *text, gsize length, const DdJsonLimits *limits, GError **error);
DdJson *dd_json_ref (DdJson *json);
void dd_json_unref (DdJson *json);
const DdJsonNode *dd_json_root (const DdJson *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdJson, dd_json_unref)

DdJsonType dd_json_type (const DdJsonNode *node);
const char *dd_json_type_name (DdJsonType type);

/* Children in document order; an array's or object's only. NULL past the end. */
guint dd_json_length (const DdJsonNode *node);
const DdJsonNode *dd_json_first (const DdJsonNode *node);
const DdJsonNode *dd_json_next (const DdJsonNode *node);
const char *dd_json_name (const DdJsonNode *node); /* a member's key; NULL for others */

/* (nullable): the member @name of an object, NULL when absent or when @node is NULL or no object. */
const DdJsonNode *dd_json_member (const DdJsonNode *node, const char *name);

/* A string's bytes (valid UTF-8, no NUL), or a number's text; NULL for other types. */
const char *dd_json_text (const DdJsonNode *node);
gboolean dd_json_boolean (const DdJsonNode *node);

/* "quoteItem[3].quantity"; "$" for the root. */
char *dd_json_path (const DdJsonNode *node);

/* Sets DD_ERROR_INVALID_ARGUMENT "PATH: message"; returns FALSE. */
gboolean dd_json_complain (const DdJsonNode *node, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* Typed members. An absent member leaves @out as it is and is no error unless @required; a member of
 * another type is an error with its path. Text is borrowed from the document. */
gboolean dd_json_get_text (
  const DdJsonNode *object, const char *name, gboolean required, const char **out_text, GError **error);
gboolean dd_json_get_boolean (
  const DdJsonNode *object, const char *name, gboolean required, gboolean *out_value, GError **error);
gboolean dd_json_get_int64 (const DdJsonNode *object,
                            const char *name,
                            gboolean required,
                            gint64 min,
                            gint64 max,
                            gint64 *out_value,
                            GError **error);
/* A decimal given as a number or as a string, exact at @scale. */
gboolean dd_json_get_decimal (const DdJsonNode *object,
                              const char *name,
                              gboolean required,
                              guint scale,
                              gint64 *out_value,
                              GError **error);
gboolean dd_json_get_array (const DdJsonNode *object,
                            const char *name,
                            gboolean required,
                            const DdJsonNode **out_array,
                            GError **error);
gboolean dd_json_get_object (const DdJsonNode *object,
                             const char *name,
                             gboolean required,
                             const DdJsonNode **out_object,
                             GError **error);

/* DD_ERROR_INVALID_ARGUMENT naming the first member of @object that isn't in @known (NULL-terminated),
 * and listing the known ones. */
gboolean dd_json_only_members (const DdJsonNode *object, const char *const *known, GError **error);

G_END_DECLS
