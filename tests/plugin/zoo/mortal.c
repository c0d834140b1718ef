/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Dies in the way that its option says, where its option says; otherwise it answers with nothing.
 */
#include "dealdesk-plugin.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char how[16];
  char where[16];
} Crash;

static volatile int depth;

/* Never in one frame, whatever the compiler makes of it. */
__attribute__ ((noinline)) static int
use_up_the_stack (volatile char *above)
{
  volatile char here[4096];

  here[0] = above[0];
  depth = depth + 1;
  return depth > 0 ? use_up_the_stack (here) + here[0] : 0;
}

/* Says which thread it is. */
static void
wait_for_ever (void)
{
  char text[32];
  int length = snprintf (text, sizeof text, "%d\n", (int)gettid ());

  if (length > 0 && write (STDOUT_FILENO, text, (size_t)length) > 0)
    for (;;)
      pause ();
}

static void
die (const Crash *crash, const char *where)
{
  volatile char top = 0;

  if (strcmp (crash->where, where) != 0)
    return;
  if (strcmp (crash->how, "segv") == 0)
    *(volatile int *)(uintptr_t)4096 = 1;
  if (strcmp (crash->how, "stack") == 0)
    use_up_the_stack (&top);
  if (strcmp (crash->how, "abort") == 0)
    abort ();
  if (strcmp (crash->how, "bus") == 0)
    raise (SIGBUS);
  if (strcmp (crash->how, "ill") == 0)
    raise (SIGILL);
  if (strcmp (crash->how, "fpe") == 0)
    raise (SIGFPE);
  if (strcmp (crash->how, "kill") == 0)
    raise (SIGKILL);
  if (strcmp (crash->how, "exit") == 0)
    _exit (7);
  if (strcmp (crash->how, "hang") == 0)
    for (;;)
      pause ();
  if (strcmp (crash->how, "wait") == 0)
    wait_for_ever ();
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)host;
  (void)call;
  (void)input;
  die (instance, "call");
  return DEALDESK_OK;
}

static DealdeskResult
require (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskApprovalInput *input)
{
  (void)host;
  (void)call;
  (void)input;
  die (instance, "call");
  return DEALDESK_OK;
}

static DealdeskResult
open_crash (const DealdeskOption *options, uint32_t n_options, void **instance, char message[256])
{
  Crash *crash = calloc (1, sizeof *crash);

  (void)message;
  for (uint32_t i = 0; crash != NULL && i < n_options; i++)
    snprintf (strcmp (options[i].name, "how") == 0 ? crash->how : crash->where, sizeof crash->how, "%s",
              options[i].text);
  *instance = crash;
  if (crash == NULL)
    return DEALDESK_FAILED;
  die (crash, "open");
  return DEALDESK_OK;
}

static void
close_crash (void *instance)
{
  die (instance, "close");
  free (instance);
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };
static const DealdeskApproval approval = { .size = sizeof approval, .require = require };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { .abi = DEALDESK_ABI,
                                                         .size = sizeof dealdesk_plugin,
                                                         .id = "mortal",
                                                         .version = "1",
                                                         .open = open_crash,
                                                         .close = close_crash,
                                                         .pricing = &pricing,
                                                         .approval = &approval };
