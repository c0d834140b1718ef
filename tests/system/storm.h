/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a storm's moves must have left in the log, and finding what they didn't.
 *
 * Each move is made as a person of its own: whatever an event says of its actor says which move made it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MOVE_UNANSWERED, /* it may have had its effect, or not */
  MOVE_DONE,
  MOVE_REFUSED
} MoveState;

typedef struct
{
  char *actor;
  const char *leading; /* the type of event that one such move makes exactly once */
  MoveState state;
  char *deal;      /* where it was done */
  guint64 version; /* as answered */
  char *head;
} StormMove;

typedef struct
{
  char *deal;
  guint64 version;
  char *type;
  char *actor;
  char *head;
} StormEvent;

void storm_move_free (gpointer move);
void storm_event_free (gpointer event);

/* What is wrong with the log, in words; NULL: nothing is. Moves and events in any order. */
char *storm_find_fault (const GPtrArray *moves, const GPtrArray *events);

G_END_DECLS
