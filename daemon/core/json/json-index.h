/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Members of a large object by name; for the files of this folder only.
 *
 * An open hash table in the document's arena. Its hash is keyed with random bits of the process, so that
 * nobody can write a document whose names all collide.
 */
#pragma once

#include "json/json-node.h"

G_BEGIN_DECLS

/* Objects up to so many members are searched one by one, which is as fast and takes no room. */
#define DD_JSON_INDEX_FROM 16

struct _DdJsonIndex
{
  DdJsonNode *first; /* the object's members in document order */
  guint32 mask;      /* slots - 1; the slots are a power of two */
  DdJsonNode *slots[];
};

/* Adds the member @member, which is in @object's list already and counted; makes or enlarges the index when
 * it is time. The name must be new. */
void dd_json_index_add (DdArena *arena, DdJsonNode *object, DdJsonNode *member);

/* (nullable): @name needs no NUL behind. */
DdJsonNode *dd_json_index_find (const DdJsonIndex *index, const char *name, gsize length);

G_END_DECLS
