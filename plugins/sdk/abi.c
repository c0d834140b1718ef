/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A module from which every type of the ABI can be reached by its debug information: the exported symbol
 * leads to the tables, and the functions below to what hides behind `const void *` and uint32_t. abi-1.xml is
 * the dump of it; it is never called.
 */
#include "dealdesk-plugin.h"

#define REACH DEALDESK_EXPORT __attribute__ ((used))

/* The structs: some are only reached by arrays with a stride, which cross as const void *. */
REACH void dealdesk_abi_structs (const DealdeskPlugin *plugin,
                                 const DealdeskOption *option,
                                 const DealdeskHost *host,
                                 const DealdeskCell *cell,
                                 const DealdeskRows *rows,
                                 const DealdeskPricing *pricing,
                                 const DealdeskPricingInput *pricing_input,
                                 const DealdeskLine *line,
                                 const DealdeskAlteration *alteration,
                                 const DealdeskChargeView *charge_view,
                                 const DealdeskCharge *charge,
                                 const DealdeskTier *tier,
                                 const DealdeskAdjustment *adjustment,
                                 const DealdeskApproval *approval,
                                 const DealdeskApprovalInput *approval_input,
                                 const DealdeskMeasure *measure,
                                 const DealdeskRequirement *requirement,
                                 const DealdeskNegotiation *negotiation,
                                 const DealdeskNegotiationInput *negotiation_input,
                                 const DealdeskOffer *offer,
                                 const DealdeskAdvice *advice,
                                 const DealdeskHandoff *handoff,
                                 const DealdeskOrder *order);

void
dealdesk_abi_structs (const DealdeskPlugin *plugin,
                      const DealdeskOption *option,
                      const DealdeskHost *host,
                      const DealdeskCell *cell,
                      const DealdeskRows *rows,
                      const DealdeskPricing *pricing,
                      const DealdeskPricingInput *pricing_input,
                      const DealdeskLine *line,
                      const DealdeskAlteration *alteration,
                      const DealdeskChargeView *charge_view,
                      const DealdeskCharge *charge,
                      const DealdeskTier *tier,
                      const DealdeskAdjustment *adjustment,
                      const DealdeskApproval *approval,
                      const DealdeskApprovalInput *approval_input,
                      const DealdeskMeasure *measure,
                      const DealdeskRequirement *requirement,
                      const DealdeskNegotiation *negotiation,
                      const DealdeskNegotiationInput *negotiation_input,
                      const DealdeskOffer *offer,
                      const DealdeskAdvice *advice,
                      const DealdeskHandoff *handoff,
                      const DealdeskOrder *order)
{
  (void)plugin;
  (void)option;
  (void)host;
  (void)cell;
  (void)rows;
  (void)pricing;
  (void)pricing_input;
  (void)line;
  (void)alteration;
  (void)charge_view;
  (void)charge;
  (void)tier;
  (void)adjustment;
  (void)approval;
  (void)approval_input;
  (void)measure;
  (void)requirement;
  (void)negotiation;
  (void)negotiation_input;
  (void)offer;
  (void)advice;
  (void)handoff;
  (void)order;
}

/* The constants, which cross as uint32_t. */
REACH void dealdesk_abi_constants (DealdeskChargeType type,
                                   DealdeskPeriod period,
                                   DealdeskTierMode tier,
                                   DealdeskAdjustKind kind,
                                   DealdeskGroupMode group,
                                   DealdeskLineAction action,
                                   DealdeskAdviceAction advice,
                                   DealdeskDedupe dedupe);

void
dealdesk_abi_constants (DealdeskChargeType type,
                        DealdeskPeriod period,
                        DealdeskTierMode tier,
                        DealdeskAdjustKind kind,
                        DealdeskGroupMode group,
                        DealdeskLineAction action,
                        DealdeskAdviceAction advice,
                        DealdeskDedupe dedupe)
{
  (void)type;
  (void)period;
  (void)tier;
  (void)kind;
  (void)group;
  (void)action;
  (void)advice;
  (void)dedupe;
}

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { .abi = DEALDESK_ABI };
