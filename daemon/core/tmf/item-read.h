/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The items of a quote as a proposal's lines; for the files of this folder only. Pure; one thread at a time.
 */
#pragma once

#include "deal/proposal.h"
#include "tmf/kept.h"

G_BEGIN_DECLS

/* Adds a line to @proposal for each item of @root's quoteItem, nested ones (a bundle's parts) included. The
 * shape of quoteItem itself must be checked already. */
gboolean dd_quote_items_read (const DdJsonNode *root, DdProposal *proposal, DdKeeper *keeper, GError **error);

G_END_DECLS
