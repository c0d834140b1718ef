/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The lines' own negotiated alterations, as adjustments of the charges that they name.
 *
 * An alteration of all charges is a percentage or factor; an amount belongs to one charge, so on a line with
 * several it must name it. Alterations apply in the order in which the line has them. Stateless; any thread.
 */
#include "effect.h"

/* An answer's text has no room for more: a fault of ours, if we gave it on. */
#define MAX_LABEL 1024

static int
names_all (const DealdeskAlteration *alteration)
{
  return alteration->charge[0] == '\0' || strcmp (alteration->charge, "*") == 0;
}

/* Appends the ids of the line's charges to @text, which has room for @size bytes. */
static void
list_charges (const DealdeskPricingInput *input, const DealdeskLine *line, char *text, size_t size)
{
  size_t length = strlen (text);

  for (uint32_t i = 0; i < line->n_charges && length < size; i++)
    {
      const DealdeskChargeView *charge = dealdesk_charge (input, line->first_charge + i);

      length += (size_t)snprintf (text + length, size - length, "%s%.64s", i > 0 ? ", " : "", charge->id);
    }
}

static DealdeskResult
fail_unknown (const DealdeskHost *host,
              DealdeskCall *call,
              const DealdeskPricingInput *input,
              uint32_t index,
              const DealdeskAlteration *alteration)
{
  char message[512];

  snprintf (message, sizeof message,
            "an alteration names the charge %.64s, which the line doesn't have: it has ", alteration->charge);
  list_charges (input, dealdesk_line (input, index), message, sizeof message);
  dealdesk_mend (message);
  return dealdesk_fail (host, call, index, message);
}

static DealdeskResult
fail_amount (const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input, uint32_t index)
{
  char message[512];

  snprintf (message, sizeof message, "an alteration by an amount must name one of the line's charges: ");
  list_charges (input, dealdesk_line (input, index), message, sizeof message);
  dealdesk_mend (message);
  return dealdesk_fail (host, call, index, message);
}

static DealdeskResult
alter (const DealdeskHost *host,
       DealdeskCall *call,
       const DealdeskPricingInput *input,
       uint32_t index,
       uint32_t number)
{
  const DealdeskLine *line = dealdesk_line (input, index);
  const DealdeskAlteration *alteration = dealdesk_alteration (line, number);
  int all = names_all (alteration);
  int found = 0;
  char rule[32];

  if (all && kind_is_amount (alteration->kind) && line->n_charges > 1)
    return fail_amount (host, call, input, index);
  snprintf (rule, sizeof rule, "alteration-%u", number + 1);
  for (uint32_t i = 0; i < line->n_charges; i++)
    {
      uint32_t charge = line->first_charge + i;
      const DealdeskChargeView *view = dealdesk_charge (input, charge);
      DealdeskAdjustment adjustment = {
        .size = sizeof adjustment,
        .charge = charge,
        .kind = alteration->kind,
        .rule = rule,
        .label = alteration->label[0] != '\0' ? alteration->label : "Negotiated",
        .source = "line",
        .priority = (int32_t)number,
        .value = alteration->value,
      };

      if (!all && strcmp (alteration->charge, view->id) != 0)
        continue;
      found = 1;
      if (kind_is_amount (alteration->kind) && strncmp (alteration->currency, view->currency, 4) != 0)
        return dealdesk_fail_format (
          host, call, index,
          "an alteration of charge %.64s is in %.3s, and the charge in %.3s: give it in "
          "the charge's currency",
          view->id, alteration->currency, view->currency);
      memcpy (adjustment.currency, alteration->currency, sizeof adjustment.currency);
      host->add_adjustment (call, &adjustment);
    }
  return found ? DEALDESK_OK : fail_unknown (host, call, input, index, alteration);
}

static DealdeskResult
check_value (const DealdeskHost *host,
             DealdeskCall *call,
             uint32_t index,
             const DealdeskAlteration *alteration)
{
  if (alteration->kind > DEALDESK_FACTOR)
    return dealdesk_fail (
      host, call, index,
      "an alteration can be percent-off, percent-on, unit-off, unit-on, line-off, line-on, "
      "unit-override or factor");
  if (alteration->value < 0)
    return dealdesk_fail (host, call, index, "an alteration's value is negative: its kind has the sign");
  if (alteration->kind == DEALDESK_PERCENT_OFF && alteration->value > DEALDESK_NANOS)
    return dealdesk_fail (host, call, index, "an alteration takes off more than 100%");
  if (strlen (alteration->label) > MAX_LABEL)
    return dealdesk_fail (host, call, index, "an alteration's label has more than 1024 bytes: shorten it");
  return DEALDESK_OK;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      const DealdeskLine *line = dealdesk_line (input, i);

      for (uint32_t j = 0; j < line->n_alterations; j++)
        if (check_value (host, call, i, dealdesk_alteration (line, j)) != DEALDESK_OK ||
            alter (host, call, input, i, j) != DEALDESK_OK)
          return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = {
  .size = sizeof pricing,
  .price = price,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-negotiated",
  .version = "1",
  .pricing = &pricing,
};
