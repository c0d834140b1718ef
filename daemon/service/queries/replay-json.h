/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What plugins answer today beside what a sheet recorded, as Replay answers it, for the provider's side.
 * Pure.
 */
#pragma once

#include "deal/proposal.h"
#include "json/writer.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* "now": what differs between the recorded sheet @then of @proposal and @now. */
void dd_replay_write_now (DdJsonWriter *writer,
                          const DdProposal *proposal,
                          const DdSheet *then,
                          const DdSheet *now);

/* "now", where today's plugins give no price: why. */
void dd_replay_write_refused (DdJsonWriter *writer, const GError *refusal);

G_END_DECLS
