/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Takes PERCENT off every charge. It comes in two versions, VERSION, for a plugin to be upgraded.
 */
#include "dealdesk-plugin.h"

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      const DealdeskLine *line = dealdesk_line (input, i);

      for (uint32_t j = 0; j < line->n_charges; j++)
        {
          DealdeskAdjustment adjustment = {
            .size = sizeof adjustment,
            .charge = line->first_charge + j,
            .kind = DEALDESK_PERCENT_OFF,
            .rule = "rebate",
            .label = "Rebate",
            .source = "zoo",
            .value = PERCENT * (DEALDESK_NANOS / 100),
          };

          host->add_adjustment (call, &adjustment);
        }
    }
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "rebate",
  .version = VERSION,
  .pricing = &pricing,
};
