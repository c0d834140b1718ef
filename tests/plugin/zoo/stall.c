/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stays in open(), price() and close() as long as the file is there that its only option names, and hears no
 * alarm meanwhile.
 */
#include "dealdesk-plugin.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static char flag[1024];

static void
stall (void)
{
  sigset_t alarms;

  sigemptyset (&alarms);
  sigaddset (&alarms, SIGALRM);
  sigprocmask (SIG_BLOCK, &alarms, NULL);
  while (access (flag, F_OK) == 0)
    usleep (1000);
}

static DealdeskResult
open_stall (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  (void)n_options;
  (void)instance;
  (void)message;
  strncpy (flag, options[0].text, sizeof flag - 1);
  stall ();
  return DEALDESK_OK;
}

static void
close_stall (void *instance)
{
  (void)instance;
  stall ();
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  (void)host;
  (void)call;
  (void)input;
  stall ();
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "stall",
  .version = "1",
  .open = open_stall,
  .close = close_stall,
  .pricing = &pricing,
};
