/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a document is made of; for the files of this folder only.
 *
 * Nodes, names and texts live in the document's arena and never move. Equal names of one document usually are
 * one string. Immutable once parsed.
 */
#pragma once

#include "json/arena.h"
#include "json/json.h"

G_BEGIN_DECLS

typedef struct _DdJsonIndex DdJsonIndex;

struct _DdJsonNode
{
  DdJsonNode *parent;
  DdJsonNode *next;
  const char *name; /* NULL but for members */
  union
  {
    const char *text;   /* string, number */
    DdJsonNode *first;  /* array, object without index */
    DdJsonIndex *index; /* object with index */
    gboolean boolean;
  } value;
  guint32 length;    /* children, or bytes of text */
  guint16 name_hash; /* tells most different names apart */
  guint8 type;       /* DdJsonType, or DD_JSON_PENDING */
  guint8 indexed;
};

G_STATIC_ASSERT (sizeof (DdJsonNode) <= 40 || sizeof (gpointer) > 8);

/* A member whose value wasn't read yet; in no finished document. */
#define DD_JSON_PENDING 0xff

struct _DdJson
{
  gatomicrefcount references;
  DdArena arena;
  DdJsonNode *root;
};

static inline gboolean
dd_json_is_container (const DdJsonNode *node)
{
  return node->type == DD_JSON_ARRAY || node->type == DD_JSON_OBJECT;
}

/* Appends the text of @node's place, as dd_json_path() gives it. */
void dd_json_append_path (GString *out, const DdJsonNode *node);

/* As dd_json_parse() of a text that begins at @line and @column of its document, from 1. (transfer full) */
DdJson *dd_json_parse_from (
  const char *text, gsize length, guint line, guint column, const DdJsonLimits *limits, GError **error);

G_END_DECLS
