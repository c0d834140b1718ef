/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a mutating command answers, as it is kept under the idempotency key.
 */
#pragma once

#include "deal/decide.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 deal;
  gint64 version;
  char *head;       /* hex */
  GBytes *document; /* (nullable): none yet */
} DdReply;

void dd_reply_clear (DdReply *reply);

/* The document of a reply, of the state after the command:
 * {"state","revision"?,"proposalState"?,"fingerprint"?,"sheet"?,
 * "question"?,"remarks":[…]?,"requirements":[…]?}. (transfer full) */
GBytes *dd_reply_build (const DdDeal *deal, const DdDecision *decision);

/* As it is kept: {"deal","version","head","reply":{…}}; and back, for a retry. */
GBytes *dd_reply_record (const DdReply *reply);
gboolean dd_reply_recall (DdReply *reply, GBytes *recorded, GError **error);

G_END_DECLS
