/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Members of a large object by name (see json-index.h). Any thread.
 */
#include "json/json-index.h"

#include <string.h>

#include "text-hash.h"

/* Four times as many slots as members when made, twice when it is enlarged. */
#define FIRST_SLOTS (DD_JSON_INDEX_FROM * 4)

static guint32
hash_name (const char *name, gsize length)
{
  return (guint32)dd_sip_hash (dd_hash_key (), name, length);
}

static void
put (DdJsonIndex *index, DdJsonNode *member)
{
  guint32 slot = hash_name (member->name, strlen (member->name)) & index->mask;

  while (index->slots[slot] != NULL)
    slot = (slot + 1) & index->mask;
  index->slots[slot] = member;
}

/* The index of so many slots, with all of @object's members in it. The outgrown one stays in the arena; as
 * sizes go by four, all outgrown ones together take a third of the last. */
static void
build (DdArena *arena, DdJsonNode *object, gsize n_slots)
{
  gsize size = sizeof (DdJsonIndex) + n_slots * sizeof (DdJsonNode *);
  DdJsonIndex *index = dd_arena_take (arena, size);

  memset (index, 0, size);
  index->first = object->indexed ? object->value.index->first : object->value.first;
  index->mask = (guint32)(n_slots - 1);
  for (DdJsonNode *member = index->first; member != NULL; member = member->next)
    put (index, member);
  object->value.index = index;
  object->indexed = TRUE;
}

void
dd_json_index_add (DdArena *arena, DdJsonNode *object, DdJsonNode *member)
{
  if (object->length <= DD_JSON_INDEX_FROM)
    return;
  if (!object->indexed)
    build (arena, object, FIRST_SLOTS);
  else if (object->length > (object->value.index->mask + 1) / 2)
    build (arena, object, ((gsize)object->value.index->mask + 1) * 4);
  else
    put (object->value.index, member);
}

DdJsonNode *
dd_json_index_find (const DdJsonIndex *index, const char *name, gsize length)
{
  guint32 slot = hash_name (name, length) & index->mask;

  for (; index->slots[slot] != NULL; slot = (slot + 1) & index->mask)
    {
      const char *candidate = index->slots[slot]->name;

      if (strncmp (candidate, name, length) == 0 && candidate[length] == '\0')
        return index->slots[slot];
    }
  return NULL;
}
