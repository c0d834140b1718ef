/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Never returns, whatever the host says, until a test that maps it too sets zoo_release. Then it answers as
 * if nothing had been.
 */
#include "dealdesk-plugin.h"

#include <unistd.h>

DEALDESK_EXPORT volatile int zoo_release;
DEALDESK_EXPORT volatile int zoo_inside;

static void
hang (void)
{
  __atomic_add_fetch (&zoo_inside, 1, __ATOMIC_SEQ_CST);
  while (!__atomic_load_n (&zoo_release, __ATOMIC_SEQ_CST))
    usleep (1000);
  __atomic_sub_fetch (&zoo_inside, 1, __ATOMIC_SEQ_CST);
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  DealdeskCharge charge = { .size = sizeof charge,
                            .id = "rental",
                            .name = "Rental",
                            .source = "zoo",
                            .currency = "EUR",
                            .minimum = DEALDESK_NONE,
                            .maximum = DEALDESK_NONE };

  (void)instance;
  hang ();

  /* reads all that it was given, which must still be there */
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      charge.line = i;
      charge.id = dealdesk_line (input, i)->offering;
      host->add_charge (call, &charge);
    }
  return DEALDESK_OK;
}

static DealdeskDelivery
deliver (void *instance,
         const DealdeskHost *host,
         DealdeskCall *call,
         const DealdeskOrder *order,
         char *receipt,
         uint32_t receipt_size)
{
  (void)instance;
  (void)host;
  (void)call;
  hang ();
  receipt[0] = order->length > 0 && receipt_size > 1 ? order->document[0] : '\0';
  return DEALDESK_DELIVERED;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };
static const DealdeskHandoff handoff = { .size = sizeof handoff,
                                         .dedupe = DEALDESK_DEDUPE_NONE,
                                         .deliver = deliver };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { .abi = DEALDESK_ABI,
                                                         .size = sizeof dealdesk_plugin,
                                                         .id = "hang",
                                                         .version = "1",
                                                         .pricing = &pricing,
                                                         .handoff = &handoff };
