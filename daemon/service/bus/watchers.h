/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Who asked for Moved signals. They are unicast: nobody else sees them.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

DdWatchers *dd_watchers_new (const DdService *service);
void dd_watchers_free (DdWatchers *watchers);

/* @deal: 0 for all. FALSE when @sender watches too much already. */
gboolean dd_watchers_add (DdWatchers *watchers, const char *sender, gint64 deal, GError **error);
void dd_watchers_remove (DdWatchers *watchers, const char *sender, gint64 deal);

/* Ends all watches, telling each watcher. */
void dd_watchers_end_all (DdWatchers *watchers);

/* Tells the watchers of the request's deal what was appended. */
void dd_watchers_emit (DdWatchers *watchers, const DdRequest *request);

G_END_DECLS
