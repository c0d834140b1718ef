/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An item's product; for the files of this folder only. Pure; one thread at a time.
 */
#pragma once

#include "tmf/item-write.h"

G_BEGIN_DECLS

/* @kept: (nullable): the product as the request said it. */
void dd_tmf_write_product (const DdProposal *proposal,
                           const DdLine *line,
                           const DdJsonNode *kept,
                           DdTmfKind kind,
                           DdJsonWriter *writer);

G_END_DECLS
