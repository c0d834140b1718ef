/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The catalogue's prices: what each offering is charged for, with its tiers, fees, limits and costs.
 *
 * Data decides, this only turns rows into charges. Dataset decimals are nanos: a price is micros unless it is
 * a usage rate's, and a price that would need rounding to get there is refused. Stateless; any thread.
 */
#include "dealdesk-plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  DATASET_CHARGES,
  DATASET_TIERS,
  DATASET_COSTS,
  N_DATASETS
};

static const char *const dataset_names[N_DATASETS] = { "charges", "tiers", "costs" };

enum
{
  CHARGE_OFFERING,
  CHARGE_ID,
  CHARGE_NAME,
  CHARGE_TYPE,
  CHARGE_PERIOD,
  CHARGE_CURRENCY,
  CHARGE_PRICE,
  CHARGE_MODE,
  CHARGE_FEE,
  CHARGE_FREE,
  CHARGE_PACKAGE,
  CHARGE_MINIMUM,
  CHARGE_MAXIMUM
};

enum
{
  TIER_OFFERING,
  TIER_CHARGE,
  TIER_FROM,
  TIER_PRICE,
  TIER_FEE
};

enum
{
  COST_OFFERING,
  COST_CHARGE,
  COST_CURRENCY,
  COST_COST
};

/* One run over a sheet. */
typedef struct
{
  const DealdeskHost *host;
  DealdeskCall *call;
  const DealdeskPricingInput *input;
  DealdeskRows *rows[N_DATASETS]; /* one for each line */
} Run;

/* Lines between two looks at whether the call was cancelled. */
#define LINES_PER_LOOK 1024

static const char *const types[] = { "oneTime", "recurring", "usage" };
static const char *const periods[] = { "", "day", "week", "month", "quarter", "year" };
static const char *const modes[] = { "flat", "volume", "graduated", "block", "package" };

#define N_ELEMENTS(array) (sizeof (array) / sizeof *(array))

static DealdeskResult __attribute__ ((format (printf, 3, 4)))
fail (const Run *run, uint32_t line, const char *format, ...)
{
  char message[512];
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  dealdesk_mend (message);
  return dealdesk_fail (run->host, run->call, line, message);
}

static int
find_name (const char *const *names, size_t n_names, const char *text, uint32_t *out_index)
{
  for (size_t i = 0; i < n_names; i++)
    if (strcmp (names[i], text) == 0)
      {
        *out_index = (uint32_t)i;
        return 1;
      }
  return 0;
}

/* A dataset's nanos as the unit of a charge of @type; an empty cell is @empty. */
static int
read_price (const DealdeskCell *cell, uint32_t type, int64_t empty, int64_t *out_price)
{
  const int64_t nanos_per_micro = DEALDESK_NANOS / DEALDESK_MICROS;

  if (cell->number == DEALDESK_NONE)
    *out_price = empty;
  else if (type == DEALDESK_CHARGE_USAGE)
    *out_price = cell->number;
  else if (cell->number % nanos_per_micro != 0)
    return 0;
  else
    *out_price = cell->number / nanos_per_micro;
  return 1;
}

static int64_t
number_or_zero (const DealdeskCell *cell)
{
  return cell->number == DEALDESK_NONE ? 0 : cell->number;
}

static DealdeskResult
read_names (const Run *run, uint32_t line, const DealdeskCell *cells, DealdeskCharge *charge)
{
  const char *offering = cells[CHARGE_OFFERING].text;
  const char *id = cells[CHARGE_ID].text;

  if (!find_name (types, N_ELEMENTS (types), cells[CHARGE_TYPE].text, &charge->type))
    return fail (run, line,
                 "dataset charges, %.64s, %.64s: type is \"%.32s\", not oneTime, recurring or usage",
                 offering, id, cells[CHARGE_TYPE].text);
  if (!find_name (periods, N_ELEMENTS (periods), cells[CHARGE_PERIOD].text, &charge->period) ||
      (charge->type == DEALDESK_CHARGE_RECURRING) != (charge->period != DEALDESK_PERIOD_NONE))
    return fail (
      run, line,
      "dataset charges, %.64s, %.64s: period is \"%.32s\"; recurring charges have day, week, month, quarter "
      "or year, others none",
      offering, id, cells[CHARGE_PERIOD].text);
  if (!find_name (modes, N_ELEMENTS (modes), cells[CHARGE_MODE].text, &charge->mode))
    return fail (
      run, line,
      "dataset charges, %.64s, %.64s: mode is \"%.32s\", not flat, volume, graduated, block or package",
      offering, id, cells[CHARGE_MODE].text);
  return DEALDESK_OK;
}

static DealdeskResult
read_numbers (const Run *run, uint32_t line, const DealdeskCell *cells, DealdeskCharge *charge)
{
  const char *offering = cells[CHARGE_OFFERING].text;
  const char *id = cells[CHARGE_ID].text;
  int needs_price = charge->mode == DEALDESK_TIER_FLAT || charge->mode == DEALDESK_TIER_PACKAGE;
  int has_price = cells[CHARGE_PRICE].number != DEALDESK_NONE;

  if (!read_price (&cells[CHARGE_PRICE], charge->type, 0, &charge->price) ||
      !read_price (&cells[CHARGE_FEE], charge->type, 0, &charge->fee) ||
      !read_price (&cells[CHARGE_MINIMUM], charge->type, DEALDESK_NONE, &charge->minimum) ||
      !read_price (&cells[CHARGE_MAXIMUM], charge->type, DEALDESK_NONE, &charge->maximum))
    return fail (run, line,
                 "dataset charges, %.64s, %.64s: an amount has more than six digits after the point",
                 offering, id);
  if (needs_price != has_price)
    return fail (run, line, "dataset charges, %.64s, %.64s: mode %s %s a price of its own", offering, id,
                 modes[charge->mode], needs_price ? "needs" : "takes its prices from dataset tiers, not");
  charge->free_units = number_or_zero (&cells[CHARGE_FREE]);
  charge->package_size = number_or_zero (&cells[CHARGE_PACKAGE]);
  if (charge->price < 0 || charge->fee < 0 || charge->free_units < 0 || charge->package_size < 0 ||
      (charge->mode == DEALDESK_TIER_PACKAGE && charge->package_size == 0) ||
      (charge->minimum != DEALDESK_NONE && charge->minimum < 0) ||
      (charge->maximum != DEALDESK_NONE && charge->maximum < 0) ||
      (charge->minimum != DEALDESK_NONE && charge->maximum != DEALDESK_NONE &&
       charge->minimum > charge->maximum))
    return fail (
      run, line,
      "dataset charges, %.64s, %.64s: a number is negative, a package has no size, or the minimum is above "
      "the maximum",
      offering, id);
  return DEALDESK_OK;
}

/* Under graduated, a tier that begins at n ends the one before at n - 1: so says the catalogue's "from 11".
 */
static int64_t
tier_bound (const DealdeskRows *tiers, uint32_t row, uint32_t mode)
{
  const DealdeskCell *next;

  if (mode != DEALDESK_TIER_GRADUATED || row + 1 == tiers->n_rows)
    return INT64_MAX;
  next = dealdesk_cell (tiers, row + 1, TIER_FROM);
  if (strcmp (dealdesk_cell (tiers, row, TIER_CHARGE)->text,
              dealdesk_cell (tiers, row + 1, TIER_CHARGE)->text) != 0)
    return INT64_MAX;
  return next->number - DEALDESK_MICROS;
}

static DealdeskResult
add_tier (const Run *run,
          uint32_t line,
          const DealdeskCharge *charge,
          uint32_t row,
          const DealdeskTier *before,
          DealdeskTier *out_tier)
{
  const DealdeskRows *tiers = &run->rows[DATASET_TIERS][line];
  const DealdeskCell *cells = dealdesk_cell (tiers, row, 0);
  DealdeskTier tier = { .size = sizeof tier, .from = cells[TIER_FROM].number };

  if (!read_price (&cells[TIER_PRICE], charge->type, 0, &tier.price) ||
      !read_price (&cells[TIER_FEE], charge->type, 0, &tier.fee))
    return fail (
      run, line,
      "dataset tiers, %.64s, %.64s, from %.32s: an amount has more than six digits after the point",
      cells[TIER_OFFERING].text, charge->id, cells[TIER_FROM].text);
  tier.bound = tier_bound (tiers, row, charge->mode);
  if (tier.from < 0 || tier.price < 0 || tier.fee < 0 || (before != NULL && tier.from <= before->from) ||
      (charge->mode == DEALDESK_TIER_GRADUATED && tier.bound < tier.from))
    return fail (
      run, line,
      "dataset tiers, %.64s, %.64s, from %.32s: a number is negative, or the tier has no room (a graduated "
      "tier is at least one unit wide)",
      cells[TIER_OFFERING].text, charge->id, cells[TIER_FROM].text);
  run->host->add_tier (run->call, &tier);
  *out_tier = tier;
  return DEALDESK_OK;
}

static DealdeskResult
add_tiers (const Run *run, uint32_t line, const char *offering, const DealdeskCharge *charge)
{
  const DealdeskRows *tiers = &run->rows[DATASET_TIERS][line];
  DealdeskTier tier;
  uint32_t n_tiers = 0;

  for (uint32_t row = 0; row < tiers->n_rows; row++)
    {
      if (strcmp (dealdesk_cell (tiers, row, TIER_CHARGE)->text, charge->id) != 0)
        continue;
      if (add_tier (run, line, charge, row, n_tiers > 0 ? &tier : NULL, &tier) != DEALDESK_OK)
        return DEALDESK_FAILED;
      n_tiers++;
    }
  if (n_tiers == 0)
    return fail (run, line,
                 "charge %.64s of offering %.64s has mode %s, and dataset tiers has no tiers for it",
                 charge->id, offering, modes[charge->mode]);
  return DEALDESK_OK;
}

static DealdeskResult
add_cost (const Run *run, uint32_t line, const char *offering, const DealdeskCharge *charge, uint32_t index)
{
  const DealdeskRows *costs = &run->rows[DATASET_COSTS][line];

  for (uint32_t row = 0; row < costs->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (costs, row, 0);
      DealdeskAdjustment cost = {
        .size = sizeof cost,
        .charge = index,
        .kind = DEALDESK_COST,
        .rule = "cost",
        .label = "Cost",
        .source = dataset_names[DATASET_COSTS],
      };

      if (strcmp (cells[COST_CHARGE].text, charge->id) != 0)
        continue;
      if (!read_price (&cells[COST_COST], charge->type, 0, &cost.value) || cost.value < 0)
        return fail (
          run, line,
          "dataset costs, %.64s, %.64s: the cost is negative or has more than six digits after the "
          "point",
          offering, charge->id);
      if (strncmp (cells[COST_CURRENCY].text, charge->currency, sizeof charge->currency) != 0)
        return fail (
          run, line,
          "dataset costs, %.64s, %.64s: the cost is in %.3s, and the charge in %.3s: give it in the "
          "charge's currency",
          offering, charge->id, cells[COST_CURRENCY].text, charge->currency);
      memcpy (cost.currency, cells[COST_CURRENCY].text, sizeof cost.currency - 1);
      run->host->add_adjustment (run->call, &cost);
    }
  return DEALDESK_OK;
}

static DealdeskResult
add_charge (const Run *run, uint32_t line, const DealdeskCell *cells)
{
  const char *offering = cells[CHARGE_OFFERING].text;
  DealdeskCharge charge = {
    .size = sizeof charge,
    .line = line,
    .id = cells[CHARGE_ID].text,
    .name = cells[CHARGE_NAME].text,
    .source = dataset_names[DATASET_CHARGES],
  };

  if (read_names (run, line, cells, &charge) != DEALDESK_OK ||
      read_numbers (run, line, cells, &charge) != DEALDESK_OK)
    return DEALDESK_FAILED;
  memcpy (charge.currency, cells[CHARGE_CURRENCY].text, sizeof charge.currency - 1);

  uint32_t index = run->host->add_charge (run->call, &charge);

  if (charge.mode != DEALDESK_TIER_FLAT && charge.mode != DEALDESK_TIER_PACKAGE &&
      add_tiers (run, line, offering, &charge) != DEALDESK_OK)
    return DEALDESK_FAILED;
  return add_cost (run, line, offering, &charge, index);
}

static DealdeskResult
price_line (const Run *run, uint32_t line)
{
  const DealdeskRows *charges = &run->rows[DATASET_CHARGES][line];
  const DealdeskLine *asked = dealdesk_line (run->input, line);

  /* what stays as it is may have left the catalogue */
  if (charges->n_rows == 0 && asked->action != DEALDESK_ACTION_NO_CHANGE)
    return fail (run, line,
                 "offering %.64s has no charges in dataset charges: import a row for each of its charges",
                 asked->offering);
  for (uint32_t row = 0; row < charges->n_rows; row++)
    if (add_charge (run, line, dealdesk_cell (charges, row, 0)) != DEALDESK_OK)
      return DEALDESK_FAILED;
  return DEALDESK_OK;
}

static DealdeskResult
price_lines (Run *run, const char **keys, DealdeskRows *rows)
{
  uint32_t n_lines = run->input->n_lines;

  for (uint32_t i = 0; i < n_lines; i++)
    keys[i] = dealdesk_line (run->input, i)->offering;
  for (uint32_t dataset = 0; dataset < N_DATASETS; dataset++)
    {
      run->rows[dataset] = rows + (size_t)dataset * n_lines;
      run->host->lookup (run->call, dataset, keys, n_lines, run->rows[dataset]);
    }
  for (uint32_t i = 0; i < n_lines; i++)
    {
      if (i % LINES_PER_LOOK == 0 && run->host->cancelled (run->call))
        return fail (run, UINT32_MAX, "cancelled");
      if (price_line (run, i) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  Run run = { .host = host, .call = call, .input = input };
  const char **keys = malloc (((size_t)input->n_lines + 1) * sizeof *keys);
  DealdeskRows *rows = malloc (((size_t)input->n_lines + 1) * N_DATASETS * sizeof *rows);
  DealdeskResult result = DEALDESK_FAILED;

  (void)instance;
  if (keys != NULL && rows != NULL)
    result = price_lines (&run, keys, rows);
  else
    fail (&run, UINT32_MAX, "out of memory");
  free (keys);
  free (rows);
  return result;
}

static const DealdeskPricing pricing = {
  .size = sizeof pricing,
  .price = price,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-catalogue",
  .version = "1",
  .pricing = &pricing,
};
