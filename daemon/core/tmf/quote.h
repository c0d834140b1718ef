/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * TMF648 quotes in and out, MEF's LSO Sonata profile (MEF 115) included. Pure.
 */
#pragma once

#include "deal/deal.h"
#include "deal/proposal.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* A request as it was understood. What has no place in a proposal stays in each line's kept and in kept. */
typedef struct
{
  DdProposal *proposal; /* lines with asked_offering; offering is NULL until mapped */
  char *title;          /* its description, or one made from its external id */
  char *external_id;    /* (nullable) */
  char *customer;       /* (nullable): id of the party in a buying role */
  char *customer_name;  /* (nullable) */
  char *kept;           /* canonical JSON object of the quote's own members that have no place */
  GPtrArray *remarks;   /* (element-type utf8): what was kept and not mapped, one sentence each */
} DdQuoteRequest;

/* @root: a TMF648 Quote or Quote_Create, or a Sonata quote. Errors: DD_ERROR_INVALID_ARGUMENT with the path
 * (impossible quantities, an empty string where an object belongs, two items of one id, no items), never half
 * a request; DD_ERROR_OVERFLOW for an amount beyond the exact range. (transfer full) */
DdQuoteRequest *dd_quote_request_read (const DdJsonNode *root, GError **error);
void dd_quote_request_free (DdQuoteRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdQuoteRequest, dd_quote_request_free)

typedef struct
{
  const DdDeal *deal;
  const DdRevision *revision; /* (nullable): NULL exports the request, unpriced, state inProgress */
  const DdProposal *proposal;
  const DdSheet *sheet; /* (nullable) with @revision NULL */
  gboolean development;
} DdQuoteExport;

/* A TMF648 Quote, valid against the schema; customer-facing: no cost, margin, floor or approval. */
void dd_quote_write (const DdQuoteExport *export, DdJsonWriter *writer);

/* A TMF622 ProductOrder_Create for one part of the agreed proposal. @key becomes externalId. */
void dd_order_write (const DdDeal *deal,
                     const DdRevision *revision,
                     const DdProposal *proposal,
                     const DdSheet *sheet,
                     const DdOrderPart *part,
                     const char *key,
                     gboolean development,
                     DdJsonWriter *writer);

G_END_DECLS
