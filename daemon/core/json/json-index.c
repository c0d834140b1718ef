/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Members of a large object by name (see json-index.h).
 *
 * The hash is SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, with the round
 * numbers that hash tables use). The key is made once; after that everything is pure. Any thread.
 */
#include "json/json-index.h"

#include <string.h>

/* Four times as many slots as members when made, twice when it is enlarged. */
#define FIRST_SLOTS (DD_JSON_INDEX_FROM * 4)

typedef struct
{
  guint64 a;
  guint64 b;
} HashKey;

static const HashKey *
hash_key (void)
{
  static HashKey key;
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      key.a = ((guint64)g_random_int () << 32) | g_random_int ();
      key.b = ((guint64)g_random_int () << 32) | g_random_int ();
      g_once_init_leave (&made, 1);
    }
  return &key;
}

static inline guint64
rotate (guint64 word, guint by)
{
  return (word << by) | (word >> (64 - by));
}

static inline void
sip_round (guint64 v[4])
{
  v[0] += v[1];
  v[1] = rotate (v[1], 13) ^ v[0];
  v[0] = rotate (v[0], 32);
  v[2] += v[3];
  v[3] = rotate (v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotate (v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotate (v[1], 17) ^ v[2];
  v[2] = rotate (v[2], 32);
}

static guint64
hash_name (const char *name, gsize length)
{
  const HashKey *key = hash_key ();
  guint64 v[4] = { key->a ^ 0x736f6d6570736575ull, key->b ^ 0x646f72616e646f6dull,
                   key->a ^ 0x6c7967656e657261ull, key->b ^ 0x7465646279746573ull };
  gsize rest = length;
  guint64 word;

  for (; rest >= 8; rest -= 8, name += 8)
    {
      memcpy (&word, name, 8);
      v[3] ^= word;
      sip_round (v);
      v[0] ^= word;
    }
  word = 0;
  memcpy (&word, name, rest);
  word ^= (guint64)length << 56;
  v[3] ^= word;
  sip_round (v);
  v[0] ^= word;
  v[2] ^= 0xff;
  sip_round (v);
  sip_round (v);
  sip_round (v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void
put (DdJsonIndex *index, DdJsonNode *member)
{
  guint32 slot = (guint32)hash_name (member->name, strlen (member->name)) & index->mask;

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
  guint32 slot = (guint32)hash_name (name, length) & index->mask;

  for (; index->slots[slot] != NULL; slot = (slot + 1) & index->mask)
    {
      const char *candidate = index->slots[slot]->name;

      if (strncmp (candidate, name, length) == 0 && candidate[length] == '\0')
        return index->slots[slot];
    }
  return NULL;
}
