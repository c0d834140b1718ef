/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a restore leaves in doubt: orders that the sink may have got since the copy was made.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

/**
 * dd_doubt_orders:
 * @now: a gint64*: microseconds since 1970 UTC
 *
 * Records of each pending or held order that what became of it isn't known, so that it isn't sent again by a
 * sink that can't tell duplicates. A DdStoreWork.
 */
gboolean dd_doubt_orders (DdTransaction *transaction, gpointer now, GError **error);

G_END_DECLS
