/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files that make up the deal's state share. Internal to core/deal.
 */
#pragma once

#include "deal/deal.h"

G_BEGIN_DECLS

DdRevision *dd_revision_new (void);
void dd_revision_free (DdRevision *revision);

/* A revision's asks from the array member @name of @node, appended. */
void dd_revision_read_asks (DdRevision *revision, const DdJsonNode *node);
void dd_revision_write_asks (const DdRevision *revision, DdJsonWriter *writer);

G_END_DECLS
