/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Contents of revisions from their documents. What is immutable is compiled once and kept in a cache that is
 * bounded by bytes.
 */
#pragma once

#include "service.h"

G_BEGIN_DECLS

/* The proposal document @sha256. @shared: from the cache, not to be changed; otherwise one of the caller's
 * own. (transfer full) */
DdProposal *dd_contents_proposal (DdReader *reader, const char *sha256, gboolean shared, GError **error);

/* The sheet document @sha256, computed again from its answers and found equal. (transfer full) */
DdSheet *dd_contents_sheet (DdReader *reader, const DdProposal *proposal, const char *sha256, GError **error);

/* A document as JSON. (transfer full) */
DdJson *dd_contents_json (DdReader *reader, const char *sha256, GError **error);

/* Empties the cache. Any thread. */
void dd_contents_forget (void);

G_END_DECLS
