/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Works until it is told to stop, and then says that all went well.
 */
#include "dealdesk-plugin.h"

#include <unistd.h>

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  (void)input;
  while (!host->cancelled (call))
    usleep (1000);
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI, .size = sizeof dealdesk_plugin, .id = "late", .version = "1", .pricing = &pricing
};
