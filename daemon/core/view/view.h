/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The customer view: what a customer may read of one proposal, and what both sides sign.
 *
 * One function builds it, from an allow-list: parties, effective dates, lines, prices, full clause
 * texts, orders, order of precedence. Nothing reaches it by copying a whole object. Its canonical bytes'
 * SHA-256 is the proposal's fingerprint. Pure.
 */
#pragma once

#include "deal/proposal.h"
#include "price/sheet.h"

G_BEGIN_DECLS

typedef struct
{
  const char *deal; /* "D-1042" */
  guint revision;
  guint8 side;               /* DdSide: who made it */
  const char *provider;      /* the provider's legal name */
  const char *customer;      /* the customer's id */
  const char *customer_name; /* (nullable) legal name */
  gboolean development;      /* the store is marked: every document says so */
} DdParties;

/* The view as canonical JSON. (transfer full) */
GBytes *dd_view_build (const DdParties *parties, const DdProposal *proposal, const DdSheet *sheet);

/* Lower-case hex SHA-256 of @bytes; @out_hex holds 65. */
void dd_fingerprint (GBytes *bytes, char out_hex[65]);

G_END_DECLS
