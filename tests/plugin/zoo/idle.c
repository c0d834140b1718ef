/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An honest plugin that does nothing; NAME is its id. It counts how often it was opened and closed, for tests
 * that map it too.
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
  (void)instance;
  (void)host;
  (void)call;
  (void)input;
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
