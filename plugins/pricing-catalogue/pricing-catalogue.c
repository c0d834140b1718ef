/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The catalogue's prices: what each offering is charged for, with its tiers, fees, limits, terms and costs.
 *
 * Data decides, this only turns rows into charges. Of one charge several rows may count: each for its
 * contract years. Stateless; any thread.
 */
#include "price-tiers.h"

#include <stdlib.h>

enum
{
  DATASET_CHARGES,
  DATASET_TIERS,
  DATASET_COSTS,
  N_DATASETS
};

enum
{
  CHARGE_OFFERING,
  CHARGE_ID,
  CHARGE_FIRST_YEAR,
  CHARGE_VALID_FROM,
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
  CHARGE_MAXIMUM,
  CHARGE_PER,
  CHARGE_AGGREGATE,
  CHARGE_FREE_MONTHS,
  CHARGE_LAST_YEAR,
  CHARGE_VALID_TO,
  CHARGE_PERCENT,
  CHARGE_SHARE_TYPE,
  CHARGE_SHARE_PERIOD,
  CHARGE_SHARE_OFFERING,
  CHARGE_SHARE_CATEGORY,
  CHARGE_SHARE_CHARGE
};

#define CHARGE_KEYS 4

enum
{
  TIER_OFFERING,
  TIER_CHARGE,
  TIER_FROM,
  TIER_UP_TO,
  TIER_FIRST_YEAR,
  TIER_VALID_FROM,
  TIER_PRICE,
  TIER_FEE,
  TIER_VALID_TO
};

enum
{
  COST_OFFERING,
  COST_CHARGE,
  COST_VALID_FROM,
  COST_CURRENCY,
  COST_COST,
  COST_VALID_TO
};

#define COST_KEYS 3

static const PriceColumns charge_columns = {
  .dataset = "charges",
  .tiers = "tiers",
  .modes = "flat, volume, graduated, block, package or share",
  .n_modes = DEALDESK_TIER_SHARE + 1,
  .n_keys = CHARGE_KEYS,
  .currency = CHARGE_CURRENCY,
  .mode = CHARGE_MODE,
  .price = CHARGE_PRICE,
  .fee = CHARGE_FEE,
  .free = CHARGE_FREE,
  .package = CHARGE_PACKAGE,
  .minimum = CHARGE_MINIMUM,
  .maximum = CHARGE_MAXIMUM,
  .per = CHARGE_PER,
};

static const PriceTierColumns tier_columns = {
  .dataset = "tiers",
  .n_keys = TIER_PRICE,
  .from = TIER_FROM,
  .up_to = TIER_UP_TO,
  .first_year = TIER_FIRST_YEAR,
  .valid_from = TIER_VALID_FROM,
  .valid_to = TIER_VALID_TO,
  .price = TIER_PRICE,
  .fee = TIER_FEE,
};

/* A row that was read for an earlier line: what it says doesn't depend on the line. */
typedef struct
{
  const DealdeskCell *cells; /* NULL: none */
  DealdeskCharge charge;
} Known;

#define N_KNOWN 128

/* The rows of one line's offering. */
typedef struct
{
  const PriceRun *run;
  Known *known; /* N_KNOWN of them, by the row's address */
  uint32_t line;
  const DealdeskRows *rows[N_DATASETS];
} Found;

#define FAIL_CHARGE(found, cells, ...)                                                                       \
  price_fail_row ((found)->run, (found)->line, "charges", cells, CHARGE_KEYS, __VA_ARGS__)

/* --- one row --- */

/* A row's rule, for those who ask why it doesn't count. */
static void
name_rule (char *rule, size_t size, const char *offering, const char *id)
{
  snprintf (rule, size, "%.64s/%.64s", offering, id);
  dealdesk_mend (rule);
}

static int
row_holds (const Found *found, const DealdeskCell *cells)
{
  char rule[160] = "";

  if (found->run->explaining)
    name_rule (rule, sizeof rule, cells[CHARGE_OFFERING].text, cells[CHARGE_ID].text);
  return price_row_holds (found->run, found->line, rule, &cells[CHARGE_VALID_FROM], &cells[CHARGE_VALID_TO]);
}

static DealdeskResult
read_kind (const Found *found, const DealdeskCell *cells, DealdeskCharge *charge)
{
  if (!price_read_type (cells[CHARGE_TYPE].text, &charge->type))
    return FAIL_CHARGE (found, cells, "type is \"%.32s\", not oneTime, recurring or usage",
                        cells[CHARGE_TYPE].text);
  if (!price_read_period (cells[CHARGE_PERIOD].text, charge->type, &charge->period))
    return FAIL_CHARGE (
      found, cells,
      "period is \"%.32s\"; recurring charges have day, week, month, quarter or year, others none",
      cells[CHARGE_PERIOD].text);
  return DEALDESK_OK;
}

static int
has_share_columns (const DealdeskCell *cells)
{
  if (cells[CHARGE_PERCENT].number != DEALDESK_NONE)
    return 1;
  for (uint32_t i = CHARGE_SHARE_TYPE; i <= CHARGE_SHARE_CHARGE; i++)
    if (cells[i].text[0] != '\0')
      return 1;
  return 0;
}

static DealdeskResult
read_share (const Found *found, const DealdeskCell *cells, DealdeskCharge *charge)
{
  if (charge->mode != DEALDESK_TIER_SHARE)
    return has_share_columns (cells)
             ? FAIL_CHARGE (found, cells, "percent and share_… are for mode share, and its mode is %s",
                            price_mode_name (charge->mode))
             : DEALDESK_OK;
  if (charge->type == DEALDESK_CHARGE_USAGE || charge->per != 0 || charge->free_units != 0)
    return FAIL_CHARGE (found, cells,
                        "a share of other charges has no units: no type usage, no per and no free units");
  if (cells[CHARGE_PERCENT].number == DEALDESK_NONE || cells[CHARGE_PERCENT].number < 0 ||
      cells[CHARGE_SHARE_TYPE].text[0] == '\0')
    return FAIL_CHARGE (found, cells,
                        "mode share needs percent, such as 15%%, and share_type, oneTime or recurring: what "
                        "it takes a share of");
  charge->price = cells[CHARGE_PERCENT].number;
  return DEALDESK_OK;
}

/* last_year comes with the rows around it: see find_last_year(). */
static DealdeskResult
read_more (const Found *found, const DealdeskCell *cells, DealdeskCharge *charge)
{
  int64_t months = price_number_or (&cells[CHARGE_FREE_MONTHS], 0);
  int64_t first = price_number_or (&cells[CHARGE_FIRST_YEAR], 0);

  if (months < 0 || months > 1200 || (months > 0 && charge->type != DEALDESK_CHARGE_RECURRING))
    return FAIL_CHARGE (found, cells, "free_months is %.32s: recurring charges have 0 to 1200, others none",
                        cells[CHARGE_FREE_MONTHS].text);
  if (first < 0 || first > 100)
    return FAIL_CHARGE (found, cells, "first_year is %.32s; contract years are 1 to 100",
                        cells[CHARGE_FIRST_YEAR].text);
  if (cells[CHARGE_AGGREGATE].number == 1 &&
      (charge->type == DEALDESK_CHARGE_USAGE || charge->mode == DEALDESK_TIER_SHARE))
    return FAIL_CHARGE (found, cells,
                        "usage rates and shares have no committed units to aggregate over lines");
  charge->free_months = (uint32_t)months;
  charge->first_year = (uint32_t)first;
  return DEALDESK_OK;
}

/* --- contract years --- */

/* The next row of the same charge that counts; n_rows when there is none. */
static uint32_t
next_row (const Found *found, uint32_t row)
{
  const DealdeskRows *rows = found->rows[DATASET_CHARGES];
  const char *id = dealdesk_text (rows, row, CHARGE_ID);

  for (uint32_t next = row + 1; next < rows->n_rows; next++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, next, 0);

      if (strcmp (cells[CHARGE_ID].text, id) != 0)
        break;
      if (dealdesk_valid_on (&cells[CHARGE_VALID_FROM], &cells[CHARGE_VALID_TO], found->run->input->date))
        return next;
    }
  return rows->n_rows;
}

/* Without last_year a row counts until the next one begins. */
static DealdeskResult
find_last_year (const Found *found, uint32_t row, DealdeskCharge *charge)
{
  const DealdeskRows *rows = found->rows[DATASET_CHARGES];
  const DealdeskCell *cells = dealdesk_cell (rows, row, 0);
  uint32_t next = next_row (found, row);
  int64_t first = charge->first_year > 0 ? charge->first_year : 1;
  int64_t last = price_number_or (&cells[CHARGE_LAST_YEAR], 0);
  int64_t next_first = 0;

  if (last != 0 && (last < first || last > 100))
    return FAIL_CHARGE (found, cells,
                        "last_year is %.32s; contract years are 1 to 100, the last not before "
                        "the first",
                        cells[CHARGE_LAST_YEAR].text);
  if (next < rows->n_rows)
    {
      next_first = price_number_or (dealdesk_cell (rows, next, CHARGE_FIRST_YEAR), 1);
      if (next_first <= (last != 0 ? last : first))
        return FAIL_CHARGE (found, cells,
                            "another row of it counts for contract year %d too: give each row first_year and "
                            "last_year so that they don't meet",
                            (int)next_first);
      if (last == 0)
        last = next_first - 1;
    }
  charge->last_year = (uint32_t)last;
  return DEALDESK_OK;
}

/* --- charges, and what belongs to them --- */

static void
add_share (const Found *found, const DealdeskCell *cells, uint32_t index)
{
  DealdeskShare share = { .size = sizeof share, .charge = index };
  const char **names[] = { &share.offering, &share.category, &share.id };

  price_read_type (cells[CHARGE_SHARE_TYPE].text, &share.type);
  price_read_period (cells[CHARGE_SHARE_PERIOD].text, share.type, &share.period);
  for (uint32_t i = 0; i < 3; i++)
    if (cells[CHARGE_SHARE_OFFERING + i].text[0] != '\0')
      *names[i] = cells[CHARGE_SHARE_OFFERING + i].text;
  found->run->host->add_share (found->run->call, &share);
}

static DealdeskResult
check_share (const Found *found, const DealdeskCell *cells)
{
  uint32_t type = 0;
  uint32_t period = 0;

  if (!price_read_type (cells[CHARGE_SHARE_TYPE].text, &type) || type == DEALDESK_CHARGE_USAGE ||
      !price_read_period (cells[CHARGE_SHARE_PERIOD].text, type, &period))
    return FAIL_CHARGE (found, cells,
                        "share_type is \"%.32s\" and share_period \"%.32s\": write oneTime without a period, "
                        "or recurring with day, week, month, quarter or year",
                        cells[CHARGE_SHARE_TYPE].text, cells[CHARGE_SHARE_PERIOD].text);
  if (!PRICE_HOST_HAS (found->run->host, add_share))
    return FAIL_CHARGE (found, cells, "this dealdesk has no charges of mode share");
  return DEALDESK_OK;
}

static DealdeskResult
add_cost (const Found *found, const DealdeskCell *cells, const DealdeskCharge *charge, uint32_t index)
{
  int64_t cost = 0;

  if (!price_read_amount (&cells[COST_COST], charge->type, 0, &cost) || cost < 0)
    return price_fail_row (found->run, found->line, "costs", cells, COST_KEYS,
                           "the cost is negative or has more than six digits after the point");
  dealdesk_adjust_money (found->run->host, found->run->call, index, DEALDESK_COST, cost,
                         cells[COST_CURRENCY].text, "cost", "Cost", "costs");
  return DEALDESK_OK;
}

static DealdeskResult
add_costs (const Found *found, const DealdeskCharge *charge, uint32_t index)
{
  const DealdeskRows *rows = found->rows[DATASET_COSTS];
  uint32_t begin = 0;
  uint32_t end = rows->n_rows;

  price_narrow (rows, COST_CHARGE, charge->id, &begin, &end);
  for (uint32_t row = begin; row < end; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, row, 0);

      if (price_row_holds (found->run, found->line, "cost", &cells[COST_VALID_FROM], &cells[COST_VALID_TO]) &&
          add_cost (found, cells, charge, index) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static DealdeskResult
open_charge (const Found *found, const DealdeskCell *cells, const DealdeskCharge *charge)
{
  const char *offering = cells[CHARGE_OFFERING].text;
  const DealdeskRows *tiers = found->rows[DATASET_TIERS];
  DealdeskCharge opened = *charge;
  char aggregate[1024];
  uint32_t begin = 0;
  uint32_t end = tiers->n_rows;
  uint32_t index;

  if (charge->mode == DEALDESK_TIER_SHARE && check_share (found, cells) != DEALDESK_OK)
    return DEALDESK_FAILED;
  if (cells[CHARGE_AGGREGATE].number == 1)
    {
      if ((size_t)snprintf (aggregate, sizeof aggregate, "%s/%s", offering, charge->id) >= sizeof aggregate)
        return FAIL_CHARGE (found, cells, "offering and charge are too long to aggregate over lines");
      opened.aggregate = aggregate;
    }
  index = found->run->host->add_charge (found->run->call, &opened);
  if (charge->mode == DEALDESK_TIER_SHARE)
    add_share (found, cells, index);
  if (price_mode_has_tiers (charge->mode))
    {
      price_narrow (tiers, TIER_CHARGE, charge->id, &begin, &end);
      if (price_add_tiers (found->run, found->line, &tier_columns, tiers, begin, end, charge, offering) !=
          DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return add_costs (found, charge, index);
}

static DealdeskResult
read_charge (const Found *found, uint32_t row, Known *known)
{
  const DealdeskCell *cells = dealdesk_cell (found->rows[DATASET_CHARGES], row, 0);
  DealdeskCharge charge = {
    .size = sizeof charge,
    .id = cells[CHARGE_ID].text,
    .name = cells[CHARGE_NAME].text,
    .source = "charges",
  };

  if (read_kind (found, cells, &charge) != DEALDESK_OK ||
      price_read_terms (found->run, found->line, &charge_columns, cells, &charge) != DEALDESK_OK ||
      read_share (found, cells, &charge) != DEALDESK_OK || read_more (found, cells, &charge) != DEALDESK_OK ||
      find_last_year (found, row, &charge) != DEALDESK_OK)
    return DEALDESK_FAILED;
  *known = (Known){ cells, charge };
  return DEALDESK_OK;
}

static DealdeskResult
add_charge (const Found *found, uint32_t row)
{
  const DealdeskCell *cells = dealdesk_cell (found->rows[DATASET_CHARGES], row, 0);
  Known *known = &found->known[((uintptr_t)cells >> 4) * 2654435761U / 65536 % N_KNOWN];
  DealdeskCharge charge;

  if (known->cells != cells && read_charge (found, row, known) != DEALDESK_OK)
    return DEALDESK_FAILED;
  charge = known->charge;
  charge.line = found->line;
  return open_charge (found, cells, &charge);
}

/* --- the sheet --- */

/* A line without rows is for other plugins of the base stage: the host refuses what none of them prices. */
static DealdeskResult
price_line (const Found *found)
{
  const DealdeskRows *charges = found->rows[DATASET_CHARGES];

  for (uint32_t row = 0; row < charges->n_rows; row++)
    if (row_holds (found, dealdesk_cell (charges, row, 0)) && add_charge (found, row) != DEALDESK_OK)
      return DEALDESK_FAILED;
  return DEALDESK_OK;
}

static DealdeskResult
price_lines (const PriceRun *run, const char **keys, DealdeskRows *rows, Known *known)
{
  uint32_t n_lines = run->input->n_lines;

  for (uint32_t i = 0; i < n_lines; i++)
    keys[i] = dealdesk_line (run->input, i)->offering;
  for (uint32_t dataset = 0; dataset < N_DATASETS; dataset++)
    run->host->lookup (run->call, dataset, keys, n_lines, rows + (size_t)dataset * n_lines);
  for (uint32_t i = 0; i < n_lines; i++)
    {
      Found found = { run, known, i, { rows + i, rows + n_lines + i, rows + 2 * (size_t)n_lines + i } };

      if (!price_goes_on (run, i) || price_line (&found) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  const char **keys = malloc (((size_t)input->n_lines + 1) * sizeof *keys);
  DealdeskRows *rows = malloc (((size_t)input->n_lines + 1) * N_DATASETS * sizeof *rows);
  Known *known = calloc (N_KNOWN, sizeof *known);
  DealdeskResult result = DEALDESK_FAILED;

  (void)instance;
  if (keys != NULL && rows != NULL && known != NULL)
    result = price_lines (&run, keys, rows, known);
  else
    PRICE_FAIL (&run, UINT32_MAX, "out of memory");
  free (keys);
  free (rows);
  free (known);
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
  .version = "2",
  .pricing = &pricing,
};
