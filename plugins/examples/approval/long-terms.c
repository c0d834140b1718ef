/* SPDX-License-Identifier: LGPL-2.1-or-later OR 0BSD
 *
 * long-terms: who wants a commitment of more than so many months needs somebody's agreement. Options `months`
 * and `approver` say how many, and whose. Deterministic; the instance never changes; any thread.
 */
#include "dealdesk-plugin.h"

#include <stdlib.h>

typedef struct
{
  int64_t months;
  char approver[128]; /* "user:NAME" or "group:NAME" */
} Rule;

static DealdeskResult
require (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskApprovalInput *input)
{
  const Rule *rule = instance;
  const DealdeskMeasure *asked = dealdesk_measure_named (input, "commitment.months");
  const char *candidates[] = { rule->approver };
  char value[32];
  char limit[32];

  if (asked == NULL || asked->value <= rule->months || dealdesk_requester_is (input, rule->approver))
    return DEALDESK_OK;
  dealdesk_format_decimal (value, sizeof value, asked->value, 0, 0);
  dealdesk_format_decimal (limit, sizeof limit, rule->months, 0, 0);

  DealdeskRequirement requirement = {
    .size = sizeof requirement,
    .level = 1,
    .need = 1,
    .higher_is_worse = 1,
    .rule = "longest-term",
    .measure = asked->name,
    .value = value,
    .limit = limit,
    .candidates = candidates,
    .n_candidates = 1,
  };

  host->add_requirement (call, &requirement);
  return DEALDESK_OK;
}

static DealdeskResult
open_rule (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  const char *approver = dealdesk_option_text (options, n_options, "approver");
  int64_t months = dealdesk_option_number (options, n_options, "months");
  Rule *rule;

  if (months < 0)
    {
      snprintf (message, 256, "option months must be 0 or more");
      return DEALDESK_FAILED;
    }
  if ((strncmp (approver, "user:", 5) != 0 && strncmp (approver, "group:", 6) != 0) ||
      strlen (approver) >= sizeof rule->approver || strchr (approver, ':')[1] == '\0')
    {
      snprintf (message, 256, "option approver must be user:NAME or group:NAME, at most 127 bytes");
      return DEALDESK_FAILED;
    }
  rule = malloc (sizeof *rule);
  if (rule == NULL)
    {
      snprintf (message, 256, "out of memory");
      return DEALDESK_FAILED;
    }
  rule->months = months;
  snprintf (rule->approver, sizeof rule->approver, "%s", approver);
  *instance = rule;
  return DEALDESK_OK;
}

static const DealdeskApproval approval = { .size = sizeof approval, .require = require };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "long-terms",
  .version = "1",
  .open = open_rule,
  .close = free,
  .approval = &approval,
};
