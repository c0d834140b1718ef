/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A price sheet as Price answers it, for the provider's side: costs, margins, present values are in it. Pure.
 */
#pragma once

#include "deal/proposal.h"
#include "json/writer.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* Members of the object that is open in @writer, each named after its function: "figures", "lines", "totals",
 * "breakdown". @proposal: what was priced. */
void dd_price_write_figures (DdJsonWriter *writer, const DdSheet *sheet);
void dd_price_write_lines (DdJsonWriter *writer, const DdProposal *proposal, const DdSheet *sheet);
void dd_price_write_totals (DdJsonWriter *writer, const DdSheet *sheet);
/* @keys: one for each line; NULL for one that has none. */
gboolean dd_price_write_breakdown (DdJsonWriter *writer,
                                   const DdSheet *sheet,
                                   const char *const *keys,
                                   GError **error);

/* "applied": each line and charge that a step of @rule is of. */
void dd_price_write_applied (DdJsonWriter *writer,
                             const DdProposal *proposal,
                             const DdSheet *sheet,
                             const char *rule);

/* Money, but of a @rate its nanos. */
void dd_price_put_amount (
  DdJsonWriter *writer, const char *key, gint64 value, const DdCharge *charge, gboolean rate);

/* "charges" becomes "charges@3", so that a step names the rows that it came from. What is no dataset of the
 * sheet's, such as "line", stays as it is. Nothing for DD_NO_LABEL. */
void dd_price_put_source (DdJsonWriter *writer, const char *key, const DdSheet *sheet, guint32 label);

/* The digest of the whole sheet. (transfer full) */
char *dd_price_sha256 (const DdSheet *sheet);

G_END_DECLS
