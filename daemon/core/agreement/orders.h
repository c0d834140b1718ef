/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The orders of an agreement: what a signed deal asks order handling to do. Pure; any thread.
 */
#pragma once

#include "deal/deal.h"
#include "price/sheet.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;
  char *key;        /* the handoff's idempotency key: the same for ever for this order of this agreement */
  GBytes *document; /* TMF622 */
} DdAgreedOrder;

void dd_agreed_order_free (DdAgreedOrder *order);

/**
 * dd_agreement_orders:
 * @deal: with its agreement
 * @revision: the accepted one
 * @development: the documents say that they bind nobody
 *
 * Returns: (transfer full) (element-type DdAgreedOrder): in the proposal's order, maybe none. A part of which
 * optional lines that were left out leave nothing is no order.
 */
GPtrArray *dd_agreement_orders (const DdDeal *deal,
                                const DdRevision *revision,
                                const DdProposal *proposal,
                                const DdSheet *sheet,
                                gboolean development);

G_END_DECLS
