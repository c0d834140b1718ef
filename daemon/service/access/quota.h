/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How much one user may have under way: calls, and bytes of calls, over all of the user's connections.
 *
 * It is a filter on the connection, before dispatch, so that what is refused never reaches the main loop. It
 * counts every method call from its arrival until its answer is written, whoever answers. A call that wants
 * no answer is counted too: it gets one, which is dropped here.
 *
 * Unique names are asked for their uid when they first call; until the bus has answered, a name counts for
 * itself. The question goes out while the first call is read, so what is read meanwhile is bounded by the
 * bus's own queue.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DdQuota DdQuota;

typedef struct
{
  guint calls;
  gsize bytes; /* of paths, names and bodies; a document in a memfd isn't the daemon's memory */
} DdQuotaLimits;

extern const DdQuotaLimits dd_quota_limits;

/* From now on @connection's calls are counted. Main thread. (transfer full) */
DdQuota *dd_quota_new (GDBusConnection *connection, const DdQuotaLimits *limits);
void dd_quota_free (DdQuota *quota);

/* Calls under way, of all users. Any thread. */
guint dd_quota_in_flight (const DdQuota *quota);

G_END_DECLS
