/* SPDX-License-Identifier: LGPL-2.1-or-later OR 0BSD
 *
 * meet-halfway: offers the middle between the customer's last offer and ours, never more than option
 * `reserve` off the list total; accepts what is as good. Deterministic; the instance never changes; any
 * thread.
 */
#include "dealdesk-plugin.h"

#include <stdlib.h>

#define MICROS_PER_CENT 10000

typedef struct
{
  int64_t reserve; /* nanos */
} Tactic;

static DealdeskResult
advise (void *instance,
        const DealdeskHost *host,
        DealdeskCall *call,
        const DealdeskNegotiationInput *input,
        DealdeskAdvice *advice)
{
  const Tactic *tactic = instance;
  const DealdeskOffer *theirs = dealdesk_last_offer (input, 1);
  const DealdeskOffer *ours = dealdesk_last_offer (input, 0);
  int64_t from = ours != NULL ? ours->total : input->list_total;
  int64_t lowest = input->list_total - dealdesk_percent_of (input->list_total, tactic->reserve);
  char amount[40];

  if (input->list_total < 0 || input->list_total > INT64_MAX / 4 || from < 0 || from > INT64_MAX / 4)
    return dealdesk_fail (host, call, UINT32_MAX, "a total is out of range");
  if (theirs == NULL && ours != NULL)
    {
      advice->action = DEALDESK_ADVISE_HOLD;
      snprintf (advice->reason, sizeof advice->reason, "revision %u waits for the customer's answer",
                ours->revision);
      return DEALDESK_OK;
    }
  if (theirs != NULL && theirs->total < from)
    from = theirs->total + (from - theirs->total) / 2;
  if (from < lowest)
    from = lowest;
  from -= from % MICROS_PER_CENT;
  if (theirs != NULL && theirs->total >= from)
    {
      advice->action = DEALDESK_ADVISE_ACCEPT;
      advice->total = theirs->total;
      snprintf (advice->reason, sizeof advice->reason,
                "revision %u of the customer is as good as what would be offered", theirs->revision);
      return DEALDESK_OK;
    }
  advice->action = DEALDESK_ADVISE_OFFER;
  advice->total = from;
  dealdesk_format_money (amount, sizeof amount, input->currency, from);
  snprintf (advice->reason, sizeof advice->reason, "%s is half of the way, or as far as the reserve allows",
            amount);
  return DEALDESK_OK;
}

static DealdeskResult
open_tactic (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  int64_t reserve = dealdesk_option_number (options, n_options, "reserve");
  Tactic *tactic;

  if (reserve < 0 || reserve > DEALDESK_NANOS)
    {
      snprintf (message, 256, "option reserve must be 0%% to 100%%");
      return DEALDESK_FAILED;
    }
  tactic = malloc (sizeof *tactic);
  if (tactic == NULL)
    {
      snprintf (message, 256, "out of memory");
      return DEALDESK_FAILED;
    }
  tactic->reserve = reserve;
  *instance = tactic;
  return DEALDESK_OK;
}

static const DealdeskNegotiation negotiation = { .size = sizeof negotiation, .advise = advise };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "meet-halfway",
  .version = "1",
  .open = open_tactic,
  .close = free,
  .negotiation = &negotiation,
};
