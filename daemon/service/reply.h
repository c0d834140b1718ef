/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a mutating command answers, as it is kept under the idempotency key.
 */
#pragma once

#include "deal/decide.h"

G_BEGIN_DECLS

/* {"deal","version","head","reply":{"state","revision"?,"proposalState"?,"fingerprint"?,"sheet"?,"question"?,"remarks":[…]?,"requirements":[…]?}},
 * of the state after the command. (transfer full) */
GBytes *dd_reply_build (const DdDeal *deal, const DdDecision *decision, const guint8 head[32]);

G_END_DECLS
