/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A sink that can't tell duplicates: each delivery is one more file in its directory, whatever it was.
 */
#include "dealdesk-plugin.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static DealdeskDelivery
deliver (void *instance,
         const DealdeskHost *host,
         DealdeskCall *call,
         const DealdeskOrder *order,
         char *receipt,
         uint32_t size)
{
  char path[4096];

  (void)host;
  (void)call;
  for (int i = 1;; i++)
    {
      int file;

      snprintf (path, sizeof path, "%s/%s-%d", (const char *)instance, order->deal, i);
      file = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
      if (file < 0 && access (path, F_OK) == 0)
        continue;
      if (file < 0)
        {
          snprintf (receipt, size, "the directory can't be written");
          return DEALDESK_RETRY;
        }
      close (file);
      snprintf (receipt, size, "taken as number %d", i);
      return DEALDESK_DELIVERED;
    }
}

static DealdeskResult
open_sink (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  *instance = strdup (options[0].text);
  return *instance != NULL ? DEALDESK_OK : DEALDESK_FAILED;
}

static void
close_sink (void *instance)
{
  free (instance);
}

static const DealdeskHandoff handoff = {
  .size = sizeof handoff,
  .dedupe = DEALDESK_DEDUPE_NONE,
  .deliver = deliver,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "plain-sink",
  .version = "1",
  .open = open_sink,
  .close = close_sink,
  .handoff = &handoff,
};
