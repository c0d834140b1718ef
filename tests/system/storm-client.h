/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The clients of a storm: each negotiates deals of its own from the request to the last signature, one after
 * the other, and now and then asks about a deal of all.
 *
 * Each move has a key of its own and is made as a person of its own (storm.h); one without an answer is sent
 * again, with its key, before the client goes on. Each client is for one thread at a time, and has a
 * connection of its own; all else is the main thread's.
 */
#pragma once

#include "moves.h"
#include "storm.h"

G_BEGIN_DECLS

#define STORM_CLIENTS     8
#define STORM_SHARED_DEAL "D-1"

typedef struct
{
  guint number;
  GDBusConnection *connection;
  GRand *random;
  GPtrArray *moves;   /* StormMove* */
  Call *call;         /* (nullable): not answered yet; of the newest move */
  gboolean on_shared; /* it asks about the deal of all, beside the way of its own */
  guint step;         /* of the own deal's way */
  char *deal;         /* the own one */
  char *fingerprint;  /* of the revision that both accepted */
} StormClient;

/* Imports the samples and the people, and opens the deal of all. */
void storm_prepare (Rig *rig);

/* @clients: STORM_CLIENTS of them, zeroed. */
void storm_clients_start (Rig *rig, StormClient *clients);
void storm_clients_end (StormClient *clients);

/* Makes the next move, or the unanswered one again. FALSE: the daemon is gone. Nothing is refused: that ends
 * the test.
 */
gboolean storm_client_move (StormClient *client);

/* The log against the moves' answers (storm_find_fault()): a fault ends the test. */
void storm_check_log (Rig *rig, const StormClient *clients);
/* Each confirmed order is in the spool once, in the bytes that were confirmed; and nothing else is. */
void storm_check_spool (Rig *rig);

guint storm_count_moves (const StormClient *clients);
guint storm_count_unanswered (const StormClient *clients);

G_END_DECLS
