/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Uses all that a base plugin can: prices for a quantity, aggregation, free months, contract years, shares,
 * contracted prices, expiries, misses. What it was asked it puts into names, so that answers tell it. Where
 * others opened charges before, it contracts those; the option sizes says how old its structs are.
 */
#include "dealdesk-plugin.h"

#include <stdlib.h>

static int is_old;

static uint32_t
size_of (size_t now, size_t first)
{
  return (uint32_t)(is_old ? first : now);
}

static DealdeskResult
open_terms (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  (void)instance;
  (void)message;
  is_old = strcmp (dealdesk_option_text (options, n_options, "sizes"), "first") == 0;
  return DEALDESK_OK;
}

static DealdeskCharge
make_charge (uint32_t line, const char *id, const char *name)
{
  return (DealdeskCharge){
    .size = size_of (sizeof (DealdeskCharge), offsetof (DealdeskCharge, per)),
    .line = line,
    .id = id,
    .name = name,
    .source = "terms",
    .currency = "EUR",
    .type = DEALDESK_CHARGE_RECURRING,
    .period = DEALDESK_PERIOD_MONTH,
    .price = 5 * DEALDESK_MICROS,
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE,
    .per = 1000 * DEALDESK_MICROS,
    .aggregate = line % 2 ? "volume" : NULL,
    .free_months = line,
    .first_year = 1,
    .last_year = 2,
  };
}

static void
open_share (const DealdeskHost *host, DealdeskCall *call, uint32_t index, const DealdeskLine *line)
{
  DealdeskCharge charge = make_charge (index, "care", "Care");
  DealdeskShare share = {
    .size = sizeof share,
    .type = DEALDESK_CHARGE_RECURRING,
    .period = DEALDESK_PERIOD_MONTH,
    .line = index % 3 == 1 ? "1" : NULL,
    .offering = index % 3 == 2 ? line->offering : NULL,
    .category = index % 2 ? line->category : NULL,
    .id = "rental",
  };

  charge.mode = DEALDESK_TIER_SHARE;
  charge.per = 0;
  charge.aggregate = NULL;
  charge.free_months = 0;
  share.charge = host->add_charge (call, &charge);
  host->add_share (call, &share);
  share.id = NULL;
  share.type = DEALDESK_CHARGE_ONE_TIME;
  share.period = DEALDESK_PERIOD_NONE;
  host->add_share (call, &share);
}

static void
open_charges (const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input, uint32_t index)
{
  const DealdeskLine *line = dealdesk_line (input, index);
  DealdeskAdjustment off =
    dealdesk_adjustment (0, DEALDESK_PERCENT_OFF, DEALDESK_NANOS / 10, "off", "Off", "t");
  DealdeskExpiry expiry = { .size = sizeof expiry, .last = input->offer_end - 3, .label = "quote of V" };
  DealdeskCharge charge;
  char name[256];

  snprintf (name, sizeof name, "%.60s, %.60s, %d, %d", line->category, line->unit, line->start,
            input->offer_end);
  charge = make_charge (index, "rental", name);
  off.charge = host->add_charge (call, &charge);
  off.size = size_of (sizeof off, offsetof (DealdeskAdjustment, first_year));
  off.first_year = 2;
  off.last_year = 2;
  off.threshold = 7 * DEALDESK_MICROS;
  host->add_adjustment (call, &off);
  expiry.charge = off.charge;
  host->add_expiry (call, &expiry);
  charge = make_charge (index, is_old ? "rental-3" : "rental", name);
  charge.first_year = 3;
  charge.last_year = 0;
  host->add_charge (call, &charge);
  open_share (host, call, index, line);
}

/* Of every third charge; one that has tiers gets them. */
static void
contract_charges (const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  for (uint32_t i = 0; i < input->n_charges; i += 3)
    {
      DealdeskTier tier = { .size = sizeof tier, .price = 2 * DEALDESK_MICROS, .bound = INT64_MAX };
      DealdeskCharge contract = make_charge (0, NULL, NULL);

      contract.source = dealdesk_charge (input, i)->id;
      contract.mode = i % 2 ? DEALDESK_TIER_GRADUATED : DEALDESK_TIER_FLAT;
      contract.per = 10 * DEALDESK_MICROS;
      host->add_contract (call, i, &contract);
      if (i % 2)
        host->add_tier (call, &tier);
    }
}

static void
explain (const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  const char *asked = "none";
  DealdeskMiss miss = { .size = sizeof miss, .rule = "late", .reason = "its last day was 2026-05-31" };

  if (!host->explaining (call, &asked) || !host->explaining (call, NULL))
    asked = "nothing";
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      miss.line = i % 2 ? UINT32_MAX : i;
      host->add_miss (call, &miss);
    }
  miss.rule = asked != NULL ? asked : "any";
  host->add_miss (call, &miss);
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  for (uint32_t i = 0; input->n_charges == 0 && i < input->n_lines; i++)
    open_charges (host, call, input, i);
  contract_charges (host, call, input);
  explain (host, call, input);
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { .abi = DEALDESK_ABI,
                                                         .size = sizeof dealdesk_plugin,
                                                         .id = NAME,
                                                         .version = "1",
                                                         .open = open_terms,
                                                         .pricing = &pricing };
