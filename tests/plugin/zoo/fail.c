/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fails and doesn't say why.
 */
#include "dealdesk-plugin.h"

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  (void)host;
  (void)call;
  (void)input;
  return DEALDESK_FAILED;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI, .size = sizeof dealdesk_plugin, .id = "fail", .version = "1", .pricing = &pricing
};
