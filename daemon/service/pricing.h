/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One pricing run: pin the datasets, map the offerings, ask the plugins, compute.
 */
#pragma once

#include "pins.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* What a run is asked for; all of it stays the caller's. */
typedef struct
{
  const char *customer; /* the customer's id */
  const char *owner;    /* (nullable): of the deal; where approvals are asked for */
  GHashTable *map;      /* (nullable) */
  gint64 now;
  gint64 deal;            /* 0: it has no number yet */
  GPtrArray *misses;      /* (nullable) (element-type DdMiss): gets the rules that didn't apply */
  const char *asked_rule; /* (nullable): the only one of them that is asked about */
} DdPricingRequest;

/**
 * dd_pricing_run:
 * @proposal: mapped in place where its lines lack offerings, unless @mapped
 *
 * Returns: (transfer full) (nullable): the sheet. From a job; @proposal and @pins must be reachable from the
 * job's data.
 */
DdSheet *dd_pricing_run (const DdService *service,
                         const DdPins *pins,
                         const DdPricingRequest *request,
                         DdProposal *proposal,
                         gboolean mapped,
                         GError **error);

/* The context that a plugin call gets for @customer. @deal: (nullable): "D-1042". Borrows from @pins and
 * @deal. */
DdCallContext dd_pricing_context (const DdPins *pins, const char *customer, const char *deal, gint64 now);

/* Asks the approval plugins about @sheet. @out_measures: (out) (transfer full): what they were asked about.
 * (transfer full) (element-type DdRequirement). From a job. */
GPtrArray *dd_pricing_requirements (const DdService *service,
                                    const DdPins *pins,
                                    const DdPricingRequest *request,
                                    const DdProposal *proposal,
                                    const DdSheet *sheet,
                                    const char *requester,
                                    DdMeasures **out_measures,
                                    GError **error);

G_END_DECLS
