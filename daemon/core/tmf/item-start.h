/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The day on which an item's product starts or ends; for the files of this folder only. Pure; any thread.
 */
#pragma once

#include "tmf/item-write.h"

G_BEGIN_DECLS

/* The product's member that says from which day @line is charged, or no more: "startDate" of what is added or
 * modified, "terminationDate" of what is deleted. (nullable): what stays starts on no day. */
const char *dd_tmf_start_member (const DdLine *line);

/* @line's start, of its product @product (nullable), as the request has it. */
gboolean dd_tmf_read_start (const DdJsonNode *product, DdLine *line, GError **error);

/* Into the open product. Returns: (nullable): the member that was written. */
const char *
dd_tmf_write_start (const DdProposal *proposal, const DdLine *line, DdTmfKind kind, DdJsonWriter *writer);

G_END_DECLS
