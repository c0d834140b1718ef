/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Prices contracted with the customer: each replaces a charge that the catalogue or a vendor's cost opened,
 * whole, with tiers, fees, free units and limits of its own.
 *
 * Rows of one customer come at once and lie in order of the key, so that a line finds its own by halving.
 * Stateless; any thread.
 */
#include "price-tiers.h"

enum
{
  DATASET_CONTRACTED,
  DATASET_TIERS
};

enum
{
  CONTRACT_CUSTOMER,
  CONTRACT_OFFERING,
  CONTRACT_CHARGE,
  CONTRACT_VALID_FROM,
  CONTRACT_AGREEMENT,
  CONTRACT_CURRENCY,
  CONTRACT_MODE,
  CONTRACT_PRICE,
  CONTRACT_FEE,
  CONTRACT_FREE,
  CONTRACT_PACKAGE,
  CONTRACT_MINIMUM,
  CONTRACT_MAXIMUM,
  CONTRACT_PER,
  CONTRACT_VALID_TO
};

#define CONTRACT_KEYS 4

enum
{
  TIER_CUSTOMER,
  TIER_OFFERING,
  TIER_CHARGE,
  TIER_AGREEMENT,
  TIER_FROM,
  TIER_UP_TO,
  TIER_VALID_FROM,
  TIER_PRICE,
  TIER_FEE,
  TIER_VALID_TO
};

static const PriceColumns contract_columns = {
  .dataset = "contracted",
  .tiers = "contracted-tiers",
  .modes = "flat, volume, graduated, block or package",
  .n_modes = DEALDESK_TIER_PACKAGE + 1,
  .n_keys = CONTRACT_KEYS,
  .currency = CONTRACT_CURRENCY,
  .mode = CONTRACT_MODE,
  .price = CONTRACT_PRICE,
  .fee = CONTRACT_FEE,
  .free = CONTRACT_FREE,
  .package = CONTRACT_PACKAGE,
  .minimum = CONTRACT_MINIMUM,
  .maximum = CONTRACT_MAXIMUM,
  .per = CONTRACT_PER,
};

static const PriceTierColumns tier_columns = {
  .dataset = "contracted-tiers",
  .n_keys = TIER_PRICE,
  .from = TIER_FROM,
  .up_to = TIER_UP_TO,
  .first_year = UINT32_MAX,
  .valid_from = TIER_VALID_FROM,
  .valid_to = TIER_VALID_TO,
  .price = TIER_PRICE,
  .fee = TIER_FEE,
};

/* All that is contracted with the customer, and the line in progress. */
typedef struct
{
  const PriceRun *run;
  DealdeskRows contracted;
  DealdeskRows tiers;
  uint32_t line;
} Found;

#define FAIL_CONTRACT(found, cells, ...)                                                                     \
  price_fail_row ((found)->run, (found)->line, "contracted", cells, CONTRACT_KEYS, __VA_ARGS__)

static DealdeskResult
add_tiers (const Found *found, const DealdeskCell *cells, const DealdeskCharge *contract)
{
  const DealdeskRows *tiers = &found->tiers;
  uint32_t begin = 0;
  uint32_t end = tiers->n_rows;

  price_narrow (tiers, TIER_OFFERING, cells[CONTRACT_OFFERING].text, &begin, &end);
  price_narrow (tiers, TIER_CHARGE, cells[CONTRACT_CHARGE].text, &begin, &end);
  price_narrow (tiers, TIER_AGREEMENT, cells[CONTRACT_AGREEMENT].text, &begin, &end);
  return price_add_tiers (found->run, found->line, &tier_columns, tiers, begin, end, contract,
                          cells[CONTRACT_OFFERING].text);
}

static void
add_expiry (const Found *found, const DealdeskCell *cells, uint32_t charge)
{
  char label[160];

  if (cells[CONTRACT_VALID_TO].number == DEALDESK_NONE)
    return;
  snprintf (label, sizeof label, "agreement %.64s for charge %.64s", cells[CONTRACT_AGREEMENT].text,
            cells[CONTRACT_CHARGE].text);
  dealdesk_mend (label);
  dealdesk_expire (found->run->host, found->run->call, charge, cells[CONTRACT_VALID_TO].number, label);
}

static DealdeskResult
add_contract (const Found *found, const DealdeskCell *cells, uint32_t index)
{
  const DealdeskChargeView *charge = dealdesk_charge (found->run->input, index);
  DealdeskCharge contract = {
    .size = sizeof contract,
    .line = found->line,
    .id = charge->id,
    .name = charge->id,
    .source = "contracted",
    .type = charge->type,
    .period = charge->period,
  };

  if (price_read_terms (found->run, found->line, &contract_columns, cells, &contract) != DEALDESK_OK)
    return DEALDESK_FAILED;
  found->run->host->add_contract (found->run->call, index, &contract);
  if (price_mode_has_tiers (contract.mode) && add_tiers (found, cells, &contract) != DEALDESK_OK)
    return DEALDESK_FAILED;
  add_expiry (found, cells, index);
  return DEALDESK_OK;
}

/* A charge that no line of the offering has would never get its price, unnoticed. */
static DealdeskResult
fail_unknown (const Found *found, const DealdeskCell *cells, const DealdeskLine *line)
{
  char ids[256] = "none";
  size_t used = 0;

  for (uint32_t i = 0; i < line->n_charges && used < sizeof ids - 40; i++)
    used += (size_t)snprintf (ids + used, sizeof ids - used, "%s%.32s", i > 0 ? ", " : "",
                              dealdesk_charge (found->run->input, line->first_charge + i)->id);
  return FAIL_CONTRACT (found, cells,
                        "offering %.64s has no charge %.64s to replace; on this day it has %s: name one of "
                        "these, or end the row with valid_to",
                        cells[CONTRACT_OFFERING].text, cells[CONTRACT_CHARGE].text, ids);
}

/* A charge of several contract years is one a year: the contracted price replaces them all. */
static DealdeskResult
price_row (const Found *found, const DealdeskCell *cells)
{
  const DealdeskLine *line = dealdesk_line (found->run->input, found->line);
  uint32_t n_replaced = 0;

  for (uint32_t i = 0; i < line->n_charges; i++)
    {
      uint32_t index = line->first_charge + i;

      if (strcmp (dealdesk_charge (found->run->input, index)->id, cells[CONTRACT_CHARGE].text) != 0)
        continue;
      n_replaced++;
      if (add_contract (found, cells, index) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  if (n_replaced == 0 && line_changes (line))
    return fail_unknown (found, cells, line);
  return DEALDESK_OK;
}

static DealdeskResult
price_line (const Found *found)
{
  const DealdeskRows *rows = &found->contracted;
  const char *charge = NULL;
  uint32_t begin = 0;
  uint32_t end = rows->n_rows;

  price_narrow (rows, CONTRACT_OFFERING, dealdesk_line (found->run->input, found->line)->offering, &begin,
                &end);
  for (uint32_t row = begin; row < end; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, row, 0);

      if (!price_row_holds (found->run, found->line, cells[CONTRACT_AGREEMENT].text,
                            &cells[CONTRACT_VALID_FROM], &cells[CONTRACT_VALID_TO]))
        continue;
      if (charge != NULL && strcmp (charge, cells[CONTRACT_CHARGE].text) == 0)
        return FAIL_CONTRACT (found, cells,
                              "another row for this charge is valid on the same day: end one "
                              "before the other begins");
      charge = cells[CONTRACT_CHARGE].text;
      if (price_row (found, cells) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  Found found = { .run = &run };

  (void)instance;
  if (input->customer[0] != '\0')
    found.contracted = dealdesk_find (host, call, DATASET_CONTRACTED, input->customer);
  if (found.contracted.n_rows == 0)
    return DEALDESK_OK;
  if (!PRICE_HOST_HAS (host, add_contract) || !PRICE_HOST_HAS (host, add_expiry))
    return PRICE_FAIL (&run, UINT32_MAX,
                       "this dealdesk has no contracted prices, and dataset contracted has "
                       "some for customer %.64s",
                       input->customer);
  found.tiers = dealdesk_find (host, call, DATASET_TIERS, input->customer);
  for (found.line = 0; found.line < input->n_lines; found.line++)
    {
      if (!price_goes_on (&run, found.line) || price_line (&found) != DEALDESK_OK)
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
  .id = "pricing-contracted",
  .version = "1",
  .pricing = &pricing,
};
