/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answers like an honest plugin, and breaks one rule of the interface, which the option misdeed names. What
 * the daemon can't see in a single call is for the conformance program to find.
 */
#include "dealdesk-plugin.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char misdeed[64];
static const char *kept_option = "";
static const char *kept_text;
static void *volatile forgotten;
static unsigned counter;
static int inside;

static int
does (const char *what)
{
  return strcmp (misdeed, what) == 0;
}

static DealdeskResult
open_misfit (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  strncpy (misdeed, options[0].text, sizeof misdeed - 1);
  kept_option = does ("keep-option") ? options[0].text : "keep";
  if (does ("leak-open"))
    forgotten = malloc (100);
  if (n_options < 2 || options[1].number >= 0)
    return DEALDESK_OK;
  if (does ("long-message"))
    memset (message, 'x', 300);
  else if (!does ("no-message"))
    strcpy (message, "the second option must not be negative");
  (void)instance;
  return DEALDESK_FAILED;
}

static void
close_misfit (void *instance)
{
  (void)instance;
}

/* The answer follows from whether it may read what isn't its own. */
static int
reads_outside (void)
{
  int file = open ("/etc/passwd", O_RDONLY | O_CLOEXEC);

  if (file < 0)
    return 0;
  close (file);
  return 1;
}

/* Another thread being inside at the same time changes the answer. */
static int
meets_another (void)
{
  int meets;

  __atomic_add_fetch (&inside, 1, __ATOMIC_SEQ_CST);
  usleep (2000);
  meets = __atomic_load_n (&inside, __ATOMIC_SEQ_CST) > 1;
  usleep (2000);
  __atomic_sub_fetch (&inside, 1, __ATOMIC_SEQ_CST);
  return meets;
}

static int64_t
price_of (void)
{
  char place[256];

  if (does ("count"))
    return ++counter;
  if (does ("place"))
    return getcwd (place, sizeof place) != NULL ? (int64_t)strlen (place) : 0;
  if (does ("day"))
    return time (NULL) / 86400;
  if (does ("race"))
    return meets_another ();
  if (does ("outside"))
    return reads_outside ();
  return 1;
}

static void
do_quietly (const DealdeskPricingInput *input)
{
  if (does ("leak"))
    forgotten = malloc (100);
  if (does ("files") && open ("/dev/null", O_RDONLY) < 0)
    abort ();
  if (does ("deaf") && input->n_lines > 1000)
    usleep (1300 * 1000);
  if (does ("keep-input"))
    {
      if (kept_text != NULL && kept_text[0] == '?')
        counter++;
      kept_text = input->customer;
    }
  if (kept_option[0] == '?')
    counter++;
  if (does ("beyond") && input->n_lines > 0 &&
      ((const volatile DealdeskLine *)input->lines)[input->n_lines].action == 77)
    counter++;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  int64_t value = price_of ();

  if (does ("why-not"))
    value += host->explaining (call, NULL);

  (void)instance;
  do_quietly (input);
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      const DealdeskLine *line =
        does ("stride") ? &((const DealdeskLine *)input->lines)[i] : dealdesk_line (input, i);
      DealdeskCharge charge = { .size = sizeof charge,
                                .line = i,
                                .id = "rental",
                                .name = "Rental",
                                .source = "misfit",
                                .currency = "EUR",
                                .type = DEALDESK_CHARGE_ONE_TIME,
                                .price = value + line->action,
                                .minimum = DEALDESK_NONE,
                                .maximum = DEALDESK_NONE };

      host->add_charge (call, &charge);
    }
  return DEALDESK_OK;
}

/* With deny: what was delivered is denied. */
static DealdeskDelivery
deliver (void *instance,
         const DealdeskHost *host,
         DealdeskCall *call,
         const DealdeskOrder *order,
         char *receipt,
         uint32_t receipt_size)
{
  static char last[64];
  int again = strncmp (last, order->key, sizeof last - 1) == 0;

  (void)instance;
  (void)host;
  (void)call;
  strncpy (last, order->key, sizeof last - 1);
  snprintf (receipt, receipt_size, "%s", order->key);
  return again && does ("deny") ? DEALDESK_RETRY : DEALDESK_DELIVERED;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };
static const DealdeskHandoff handoff = { .size = sizeof handoff,
                                         .dedupe = DEALDESK_DEDUPE_KEY,
                                         .deliver = deliver };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "misfit",
  .version = "1",
  .open = open_misfit,
  .close = close_misfit,
  .pricing = &pricing,
  .handoff = &handoff,
};
