/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a request says and a proposal has no place for: collected while reading, told in few sentences; for
 * the files of this folder only. Pure; one thread at a time.
 */
#pragma once

#include "json/json.h"

G_BEGIN_DECLS

/* What proposals allow for an id, in bytes. */
#define DD_TMF_MAX_ID 128

/* Gathers what was kept of which items, so that forty items give one sentence. */
typedef struct
{
  GPtrArray *groups;   /* in order of first mention */
  GHashTable *by_what; /* unowned */
} DdKeeper;

void dd_keeper_init (DdKeeper *keeper);
void dd_keeper_clear (DdKeeper *keeper);

/* "@what of item @item @ending": the same @what is one group. */
void dd_keeper_note (DdKeeper *keeper, const char *what, const char *ending, const char *item);

/* The sentences, in order of first mention. */
void dd_keeper_tell (const DdKeeper *keeper, GPtrArray *remarks);

/* Members that a foreign format knows, and what they must be. */
typedef struct
{
  const char *name;
  DdJsonType type; /* DD_JSON_OBJECT, or DD_JSON_ARRAY (of objects) */
} DdContainer;

/* Every member of @object that @containers lists is what it must be; "" or null in its place is refused, not
 * guessed at. */
gboolean dd_tmf_check_containers (const DdJsonNode *object, const DdContainer *containers, GError **error);

/* Every amount of money at any depth below @node is exact in micros. */
gboolean dd_tmf_check_money (const DdJsonNode *node, GError **error);

/* Member @name as an identifier, as proposals take them: 1 to 128 bytes, no control characters. */
gboolean dd_tmf_get_id (const DdJsonNode *object, const char *name, const char **out_id, GError **error);

/* Whether @object has no other members than @names (NULL-terminated). */
gboolean dd_tmf_has_only (const DdJsonNode *object, const char *const *names);

G_END_DECLS
