/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What quote items and order items have in common when they are written; for the files of this folder only.
 * Pure; one thread at a time.
 */
#pragma once

#include "deal/deal.h"
#include "json/writer.h"

G_BEGIN_DECLS

/* Whom a document is for: a customer reads its own ids and gets back what it said; order handling reads the
 * catalogue's ids and what was agreed. */
typedef enum
{
  DD_TMF_QUOTE,
  DD_TMF_ORDER
} DdTmfKind;

/* Writes, into the open object of an item: quantity, product, productOffering, and what was kept. TMF's
 * quantity is an integer: a fractional one is left out there and written as the characteristic "quantity". */
void dd_tmf_write_item_content (const DdProposal *proposal,
                                const DdLine *line,
                                DdTmfKind kind,
                                DdJsonWriter *writer);

/* relatedParty: the customer. */
void dd_tmf_write_parties (const DdDeal *deal, DdJsonWriter *writer);

/* An entry of note. */
void dd_tmf_write_note (const char *id, const char *author, const char *text, DdJsonWriter *writer);

/* The note that says that a development store made this. */
void dd_tmf_write_development_note (DdJsonWriter *writer);

G_END_DECLS
