/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answers what can't be. The option lie says which of its lies it tells; "truth" is none of them.
 */
#include "dealdesk-plugin.h"

#include <stdlib.h>
#include <string.h>

static const char *lie;

static int
tells (const char *name)
{
  return strcmp (lie, name) == 0;
}

static DealdeskCharge
honest_charge (uint32_t line)
{
  return (DealdeskCharge){
    .size = sizeof (DealdeskCharge),
    .line = line,
    .id = "rental",
    .name = "Rental",
    .source = "zoo",
    .currency = "EUR",
    .type = DEALDESK_CHARGE_RECURRING,
    .period = DEALDESK_PERIOD_MONTH,
    .price = 1000000,
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE,
  };
}

static DealdeskResult
open_liar (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  (void)n_options;
  (void)instance;
  lie = options[0].text;
  if (!tells ("open"))
    return DEALDESK_OK;
  strcpy (message, "no licence");
  return DEALDESK_FAILED;
}

static void
lie_of_charge (DealdeskCharge *charge)
{
  if (tells ("charge-line"))
    charge->line = 7;
  if (tells ("charge-size"))
    charge->size = 8;
  if (tells ("charge-type"))
    charge->type = 9;
  if (tells ("charge-period"))
    charge->period = DEALDESK_PERIOD_NONE;
  if (tells ("charge-mode"))
    charge->mode = 77;
  if (tells ("charge-tiers"))
    charge->mode = DEALDESK_TIER_VOLUME;
  if (tells ("charge-currency"))
    memcpy (charge->currency, "XQQ", 4);
  if (tells ("charge-currency-end"))
    memcpy (charge->currency, "EURO", 4);
  if (tells ("charge-price"))
    charge->price = -1;
  if (tells ("charge-limits"))
    {
      charge->minimum = 2;
      charge->maximum = 1;
    }
  if (tells ("charge-package"))
    charge->mode = DEALDESK_TIER_PACKAGE;
  if (tells ("charge-id"))
    charge->id = "";
  if (tells ("charge-null"))
    charge->name = NULL;
  if (tells ("charge-utf8"))
    charge->name = "Rent\x92";
  if (tells ("charge-per"))
    charge->per = -1;
  if (tells ("charge-aggregate"))
    charge->aggregate = "\xff";
  if (tells ("charge-free-months"))
    charge->free_months = 1201;
  if (tells ("charge-free-once"))
    {
      charge->type = DEALDESK_CHARGE_ONE_TIME;
      charge->period = DEALDESK_PERIOD_NONE;
      charge->free_months = 1;
    }
  if (tells ("charge-years"))
    charge->first_year = charge->last_year = 101;
  if (tells ("charge-years-order"))
    {
      charge->first_year = 3;
      charge->last_year = 2;
    }
  if (tells ("share-usage"))
    {
      charge->mode = DEALDESK_TIER_SHARE;
      charge->type = DEALDESK_CHARGE_USAGE;
      charge->period = DEALDESK_PERIOD_NONE;
    }
  if (tells ("share-type") || tells ("share-number") || tells ("share-text") || tells ("share-period"))
    charge->mode = DEALDESK_TIER_SHARE;
}

static void
lie_of_adjustment (DealdeskAdjustment *adjustment)
{
  if (tells ("adjust-charge"))
    adjustment->charge = 7;
  if (tells ("adjust-size"))
    adjustment->size = 8;
  if (tells ("adjust-kind"))
    adjustment->kind = 99;
  if (tells ("adjust-mode"))
    adjustment->mode = 99;
  if (tells ("adjust-value"))
    adjustment->value = -1;
  if (tells ("adjust-percent"))
    adjustment->value = DEALDESK_NANOS + 1;
  if (tells ("adjust-tax"))
    adjustment->kind = DEALDESK_TAX;
  if (tells ("adjust-currency"))
    adjustment->kind = DEALDESK_UNIT_OFF;
  if (tells ("adjust-rule"))
    adjustment->rule = NULL;
  if (tells ("adjust-other-currency"))
    {
      adjustment->kind = DEALDESK_UNIT_OFF;
      memcpy (adjustment->currency, "USD", 4);
    }
  if (tells ("adjust-years"))
    adjustment->last_year = 101;
  if (tells ("adjust-threshold"))
    adjustment->threshold = -1;
}

static void
lie_of_contract (const DealdeskHost *host, DealdeskCall *call, uint32_t charge)
{
  DealdeskCharge contract = honest_charge (0);
  DealdeskTier tier = { .size = sizeof tier };

  contract.id = contract.name = NULL;
  if (tells ("contract-charge"))
    host->add_contract (call, 7, &contract);
  if (tells ("contract-twice"))
    host->add_contract (call, charge, &contract);
  if (tells ("contract-size"))
    contract.size = 8;
  if (tells ("contract-price"))
    contract.price = -1;
  if (tells ("contract-share"))
    contract.mode = DEALDESK_TIER_SHARE;
  if (tells ("contract-tiers"))
    contract.mode = DEALDESK_TIER_BLOCK;
  if (strncmp (lie, "contract-", 9) == 0)
    host->add_contract (call, charge, &contract);
  if (tells ("contract-tier-flat"))
    host->add_tier (call, &tier);
}

static void
lie_of_share (const DealdeskHost *host, DealdeskCall *call, uint32_t charge)
{
  DealdeskShare share = {
    .size = tells ("share-size") ? 8 : sizeof share,
    .charge = tells ("share-charge") ? 7 : charge,
    .period = tells ("share-period") ? DEALDESK_PERIOD_MONTH : DEALDESK_PERIOD_NONE,
    .type = tells ("share-type") ? DEALDESK_CHARGE_USAGE : DEALDESK_CHARGE_ONE_TIME,
    .id = tells ("share-text") ? "\xff" : NULL,
  };

  for (int i = 0; strncmp (lie, "share-", 6) == 0 && i < (tells ("share-number") ? 65 : 1); i++)
    host->add_share (call, &share);
}

static void
lie_of_expiry (const DealdeskHost *host, DealdeskCall *call, uint32_t charge)
{
  DealdeskExpiry expiry = {
    .size = tells ("expiry-size") ? 8 : sizeof expiry,
    .charge = tells ("expiry-charge") ? 7 : charge,
    .label = tells ("expiry-label") ? NULL : "quote",
  };

  if (strncmp (lie, "expiry-", 7) == 0)
    host->add_expiry (call, &expiry);
}

/* Counts only while somebody asks why a rule didn't apply. */
static void
lie_of_miss (const DealdeskHost *host, DealdeskCall *call)
{
  DealdeskMiss miss = {
    .size = tells ("miss-size") ? 8 : sizeof miss,
    .line = tells ("miss-line") ? 7 : 0,
    .rule = tells ("miss-rule") ? NULL : "r",
    .reason = tells ("miss-reason") ? NULL
              : tells ("miss-utf8") ? "\xff"
                                    : "it is late",
  };

  if (strncmp (lie, "miss-", 5) == 0)
    host->add_miss (call, &miss);
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  DealdeskAdjustment adjustment = { .size = sizeof adjustment,
                                    .kind = DEALDESK_PERCENT_OFF,
                                    .rule = "r",
                                    .label = "l",
                                    .source = "zoo",
                                    .value = 1 };
  DealdeskTier tier = { .size = sizeof tier };
  DealdeskRequirement requirement = { .size = sizeof requirement };
  DealdeskRows rows;
  const char *key = NULL;

  (void)instance;
  if (tells ("tier-first"))
    host->add_tier (call, &tier);
  if (tells ("lookup-dataset"))
    host->lookup (call, 3, &key, 1, &rows);
  if (tells ("count-dataset"))
    host->count_rows (call, 4);
  if (tells ("lookup-key"))
    host->lookup (call, 0, &key, 1, &rows);
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      DealdeskCharge charge = honest_charge (tells ("charge-order") ? input->n_lines - 1 - i : i);

      lie_of_charge (&charge);
      adjustment.charge = host->add_charge (call, &charge);
      if (tells ("charge-twice"))
        host->add_charge (call, &charge);
      if (tells ("tier-flat"))
        host->add_tier (call, &tier);
      lie_of_adjustment (&adjustment);
      host->add_adjustment (call, &adjustment);
      lie_of_contract (host, call, adjustment.charge);
      lie_of_share (host, call, adjustment.charge);
      lie_of_expiry (host, call, adjustment.charge);
    }
  lie_of_miss (host, call);
  if (tells ("price-requirement"))
    host->add_requirement (call, &requirement);
  if (tells ("said-and-done"))
    host->fail (call, UINT32_MAX, "it went wrong");
  if (tells ("said"))
    return dealdesk_fail (host, call, 1, "the moon is full");
  return DEALDESK_OK;
}

static DealdeskResult
require (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskApprovalInput *input)
{
  DealdeskGoverned governed[20000] = { 0 };
  const char *candidates[] = { tells ("require-candidate") ? "carla" : "user:carla" };
  uint32_t n_governed = tells ("require-governs") || tells ("require-worse") ? 1
                        : tells ("require-governs-many")                     ? 20000
                        : tells ("require-governs-texts")                    ? 16384
                                                                             : 0;
  DealdeskRequirement requirement = {
    .size = tells ("require-size") ? 8 : sizeof requirement,
    .level = tells ("require-level") ? 100000 : 1,
    .need = tells ("require-need") ? 0 : 1,
    .rule = tells ("require-rule") ? NULL : "r",
    .measure = "margin",
    .value = "1%",
    .limit = "2%",
    .candidates = candidates,
    .n_candidates = tells ("require-nobody") ? 0 : 1,
    .governed = governed,
    .n_governed = n_governed,
  };

  (void)instance;
  (void)input;
  governed[0] = (DealdeskGoverned){ tells ("require-governs") ? 1 : 0, tells ("require-worse") ? 3 : 0 };
  host->add_requirement (call, &requirement);
  return DEALDESK_OK;
}

static DealdeskResult
advise (void *instance,
        const DealdeskHost *host,
        DealdeskCall *call,
        const DealdeskNegotiationInput *input,
        DealdeskAdvice *advice)
{
  (void)instance;
  (void)host;
  (void)call;
  (void)input;
  strcpy (advice->reason, "because");
  if (tells ("advise-action"))
    advice->action = 9;
  if (tells ("advise-total"))
    advice->total = -1;
  if (tells ("advise-reason"))
    memset (advice->reason, 'x', sizeof advice->reason);
  if (tells ("advise-utf8"))
    strcpy (advice->reason, "\xff");
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
  (void)order;
  strcpy (receipt, "ok");
  if (tells ("deliver-receipt"))
    memset (receipt, 'x', receipt_size);
  return tells ("deliver-outcome") ? (DealdeskDelivery)42 : DEALDESK_DELIVERED;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };
static const DealdeskApproval approval = { .size = sizeof approval, .require = require };
static const DealdeskNegotiation negotiation = { .size = sizeof negotiation, .advise = advise };
static const DealdeskHandoff handoff = { .size = sizeof handoff,
                                         .dedupe = DEALDESK_DEDUPE_NONE,
                                         .deliver = deliver };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { .abi = DEALDESK_ABI,
                                                         .size = sizeof dealdesk_plugin,
                                                         .id = "liar",
                                                         .version = "1",
                                                         .open = open_liar,
                                                         .pricing = &pricing,
                                                         .approval = &approval,
                                                         .negotiation = &negotiation,
                                                         .handoff = &handoff };
