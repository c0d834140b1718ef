/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An honest plugin that does nothing but open a charge for each line that has none, since nothing is priced
 * without; NAME is its id. It counts how often it was opened and closed, for tests that map it too.
 */
#include "dealdesk-plugin.h"

DEALDESK_EXPORT int zoo_opened;
DEALDESK_EXPORT int zoo_closed;

static DealdeskResult
open_idle (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  (void)options;
  (void)n_options;
  (void)instance;
  (void)message;
  zoo_opened++;
  return DEALDESK_OK;
}

static void
close_idle (void *instance)
{
  (void)instance;
  zoo_closed++;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  DealdeskCharge charge = { .size = sizeof charge,
                            .id = "idle",
                            .name = "Idle",
                            .source = "zoo",
                            .currency = "EUR",
                            .minimum = DEALDESK_NONE,
                            .maximum = DEALDESK_NONE };

  (void)instance;
  for (charge.line = 0; charge.line < input->n_lines; charge.line++)
    if (dealdesk_line (input, charge.line)->n_charges == 0 &&
        dealdesk_line (input, charge.line)->action != DEALDESK_ACTION_NO_CHANGE)
      host->add_charge (call, &charge);
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = NAME,
  .version = "1",
  .open = open_idle,
  .close = close_idle,
  .pricing = &pricing,
};
