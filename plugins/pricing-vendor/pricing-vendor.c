/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Third-party parts: what a vendor asks for each, in the vendor's currency, and the mark-up that makes its
 * price.
 *
 * A vendor's rows lie in order of part, break and first day, however many there are: a part is found by
 * halving. Stateless; any thread.
 */
#include "price-rows.h"

enum
{
  DATASET_PARTS,
  DATASET_COSTS,
  DATASET_MARKUPS
};

enum
{
  PART_OFFERING,
  PART_CHARGE,
  PART_VENDOR,
  PART_PART,
  PART_TYPE,
  PART_PERIOD,
  PART_NAME
};

#define PART_KEYS 2

enum
{
  COST_VENDOR,
  COST_PART,
  COST_FROM,
  COST_VALID_FROM,
  COST_CURRENCY,
  COST_COST,
  COST_LEAD_DAYS,
  COST_VALID_TO
};

#define COST_KEYS 4

enum
{
  MARKUP_VENDOR,
  MARKUP_PART,
  MARKUP_VALID_FROM,
  MARKUP_PERCENT,
  MARKUP_VALID_TO
};

/* One part of a line, with what was found for it. */
typedef struct
{
  const PriceRun *run;
  uint32_t line;
  const DealdeskLine *asked;
  const DealdeskCell *cells;  /* of vendor-parts */
  const DealdeskCell *cost;   /* of vendor-costs */
  const DealdeskCell *markup; /* of markups */
} Part;

static const char *
vendor_of (const Part *part)
{
  return part->cells[PART_VENDOR].text;
}

static const char *
name_of (const Part *part)
{
  return part->cells[PART_PART].text;
}

/* "V/P", by which people ask for a part's cost; size: 160 is enough for all. */
static void
name_rule (const Part *part, char *rule, size_t size)
{
  snprintf (rule, size, "%.64s/%.64s", vendor_of (part), name_of (part));
  dealdesk_mend (rule);
}

/* --- cost --- */

static void
miss_break (const Part *part, const DealdeskCell *cells)
{
  char rule[160];
  char quantity[32];

  if (!part->run->explaining)
    return;
  name_rule (part, rule, sizeof rule);
  price_format_quantity (quantity, sizeof quantity, part->asked->quantity);
  price_miss (part->run, part->line, rule, "quantity %s is below its break, %s", quantity,
              cells[COST_FROM].text);
}

static int
cost_holds (const Part *part, const DealdeskCell *cells)
{
  char rule[160] = "";

  if (part->run->explaining)
    name_rule (part, rule, sizeof rule);
  return price_row_holds (part->run, part->line, rule, &cells[COST_VALID_FROM], &cells[COST_VALID_TO]);
}

static DealdeskResult
fail_cost (const Part *part)
{
  char quantity[32];
  char date[16];

  price_format_quantity (quantity, sizeof quantity, part->asked->quantity);
  price_format_date (date, sizeof date, part->run->input->date);
  return PRICE_FAIL (part->run, part->line,
                     "charge %.64s of offering %.64s: dataset vendor-costs has no cost of vendor %.64s for "
                     "%s of part %.64s on %s: import a row for it that is valid then",
                     part->cells[PART_CHARGE].text, part->cells[PART_OFFERING].text, vendor_of (part),
                     quantity, name_of (part), date);
}

/* All units cost what the highest break that the line's quantity reaches says. Rows ascend by break. What
 * stays or goes isn't bought, and needs no cost: the vendor may have left. */
static DealdeskResult
find_cost (Part *part)
{
  DealdeskRows rows = dealdesk_find (part->run->host, part->run->call, DATASET_COSTS, vendor_of (part));
  uint32_t begin = 0;
  uint32_t end = rows.n_rows;

  price_narrow (&rows, COST_PART, name_of (part), &begin, &end);
  for (uint32_t row = begin; row < end; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (&rows, row, 0);

      if (!cost_holds (part, cells))
        continue;
      if (cells[COST_FROM].number > part->asked->quantity)
        miss_break (part, cells);
      else if (part->cost != NULL && part->cost[COST_FROM].number == cells[COST_FROM].number)
        return price_fail_row (part->run, part->line, "vendor-costs", cells, COST_KEYS,
                               "another row for this break is valid on the same day: end one before the "
                               "other begins");
      else
        part->cost = cells;
    }
  return part->cost == NULL && line_changes (part->asked) ? fail_cost (part) : DEALDESK_OK;
}

/* --- mark-up --- */

static void
name_markup (const DealdeskCell *cells, char *rule, size_t size)
{
  snprintf (rule, size, "markup %.64s%s%.64s", cells[MARKUP_VENDOR].text,
            cells[MARKUP_PART].text[0] != '\0' ? "/" : "", cells[MARKUP_PART].text);
  dealdesk_mend (rule);
}

static const DealdeskCell *
find_valid_markup (const Part *part, const DealdeskRows *rows, const char *name)
{
  uint32_t begin = 0;
  uint32_t end = rows->n_rows;

  price_narrow (rows, MARKUP_PART, name, &begin, &end);
  for (uint32_t row = begin; row < end; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, row, 0);
      char rule[160] = "";

      if (part->run->explaining)
        name_markup (cells, rule, sizeof rule);
      if (price_row_holds (part->run, part->line, rule, &cells[MARKUP_VALID_FROM], &cells[MARKUP_VALID_TO]))
        return cells;
    }
  return NULL;
}

/* The vendor's for the part, the vendor's, any vendor's for the part, any vendor's: the first that there is.
 */
static DealdeskResult
find_markup (Part *part)
{
  const char *const vendors[] = { vendor_of (part), "*" };
  char date[16];

  for (uint32_t i = 0; i < 2 && part->markup == NULL; i++)
    {
      DealdeskRows rows = dealdesk_find (part->run->host, part->run->call, DATASET_MARKUPS, vendors[i]);

      part->markup = find_valid_markup (part, &rows, name_of (part));
      if (part->markup == NULL)
        part->markup = find_valid_markup (part, &rows, "");
    }
  if (part->markup != NULL)
    return DEALDESK_OK;
  price_format_date (date, sizeof date, part->run->input->date);
  return PRICE_FAIL (
    part->run, part->line,
    "charge %.64s of offering %.64s: dataset markups has no mark-up for part %.64s of vendor "
    "%.64s on %s: import a row for it, for the vendor, or for vendor *",
    part->cells[PART_CHARGE].text, part->cells[PART_OFFERING].text, name_of (part), vendor_of (part), date);
}

/* --- charges --- */

static DealdeskResult
add_cost (const Part *part, uint32_t index, uint32_t type)
{
  char rule[160];
  char label[256];
  const char *days = part->cost[COST_LEAD_DAYS].text;
  int64_t cost = 0;

  name_rule (part, rule, sizeof rule);
  snprintf (label, sizeof label, "Cost of part %.64s of vendor %.64s%s%.16s%s", name_of (part),
            vendor_of (part), days[0] != '\0' ? ", " : "", days, days[0] != '\0' ? " days to deliver" : "");
  dealdesk_mend (label);
  if (!price_read_amount (&part->cost[COST_COST], type, 0, &cost) || cost < 0)
    return price_fail_row (part->run, part->line, "vendor-costs", part->cost, COST_KEYS,
                           "the cost is negative or has more than six digits after the point");
  dealdesk_adjust_money (part->run->host, part->run->call, index, DEALDESK_COST, cost,
                         part->cost[COST_CURRENCY].text, rule, label, "vendor-costs");
  return DEALDESK_OK;
}

static DealdeskResult
add_markup (const Part *part, uint32_t index)
{
  char rule[160];
  char label[160];

  if (part->markup[MARKUP_PERCENT].number < 0)
    return price_fail_row (part->run, part->line, "markups", part->markup, 3,
                           "percent is %.32s: a mark-up isn't negative", part->markup[MARKUP_PERCENT].text);
  name_markup (part->markup, rule, sizeof rule);
  snprintf (label, sizeof label, "Mark-up on part %.64s of vendor %.64s", name_of (part), vendor_of (part));
  dealdesk_mend (label);
  dealdesk_adjust (part->run->host, part->run->call, index, DEALDESK_COST_PLUS,
                   part->markup[MARKUP_PERCENT].number, rule, label, "markups");
  return DEALDESK_OK;
}

static void
add_expiry (const Part *part, uint32_t index)
{
  char label[192];

  if (part->cost[COST_VALID_TO].number == DEALDESK_NONE)
    return;
  snprintf (label, sizeof label, "quote of vendor %.64s for part %.64s", vendor_of (part), name_of (part));
  dealdesk_mend (label);
  dealdesk_expire (part->run->host, part->run->call, index, part->cost[COST_VALID_TO].number, label);
}

static DealdeskResult
price_charge (const Part *part, uint32_t index, uint32_t type)
{
  if (part->cost == NULL)
    return DEALDESK_OK;
  if (add_cost (part, index, type) != DEALDESK_OK || add_markup (part, index) != DEALDESK_OK)
    return DEALDESK_FAILED;
  add_expiry (part, index);
  return DEALDESK_OK;
}

/* A charge that the catalogue doesn't have is opened at nothing, in the vendor's currency: the mark-up makes
 * its price. */
static DealdeskResult
open_charge (const Part *part)
{
  const DealdeskCell *cells = part->cells;
  DealdeskCharge charge = {
    .size = sizeof charge,
    .line = part->line,
    .id = cells[PART_CHARGE].text,
    .name = cells[PART_NAME].text[0] != '\0' ? cells[PART_NAME].text : cells[PART_PART].text,
    .source = "vendor-parts",
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE,
  };

  if (!price_read_type (cells[PART_TYPE].text, &charge.type) ||
      !price_read_period (cells[PART_PERIOD].text, charge.type, &charge.period))
    return price_fail_row (part->run, part->line, "vendor-parts", cells, PART_KEYS,
                           "type is \"%.32s\" and period \"%.32s\"; a charge that the catalogue doesn't have "
                           "needs type oneTime or usage, or recurring with day, week, month, quarter or year",
                           cells[PART_TYPE].text, cells[PART_PERIOD].text);
  /* What stays or goes, or find_cost() would have failed. */
  if (part->cost == NULL)
    return DEALDESK_OK;
  price_copy_currency (charge.currency, part->cost[COST_CURRENCY].text);
  return price_charge (part, part->run->host->add_charge (part->run->call, &charge), charge.type);
}

/* A charge of several contract years is one a year: the part costs the same in each. */
static DealdeskResult
price_part (Part *part)
{
  uint32_t n_known = 0;

  if (find_cost (part) != DEALDESK_OK || (part->cost != NULL && find_markup (part) != DEALDESK_OK))
    return DEALDESK_FAILED;
  for (uint32_t i = 0; i < part->asked->n_charges; i++)
    {
      uint32_t index = part->asked->first_charge + i;
      const DealdeskChargeView *charge = dealdesk_charge (part->run->input, index);

      if (strcmp (charge->id, part->cells[PART_CHARGE].text) != 0)
        continue;
      n_known++;
      if (price_charge (part, index, charge->type) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return n_known > 0 ? DEALDESK_OK : open_charge (part);
}

static DealdeskResult
price_line (const PriceRun *run, uint32_t line, const DealdeskRows *parts)
{
  for (uint32_t row = 0; row < parts->n_rows; row++)
    {
      Part part = { .run = run,
                    .line = line,
                    .asked = dealdesk_line (run->input, line),
                    .cells = dealdesk_cell (parts, row, 0) };

      if (price_part (&part) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);

  (void)instance;
  if (dataset_is_empty (&run, DATASET_PARTS))
    return DEALDESK_OK;
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      DealdeskRows parts = dealdesk_find (host, call, DATASET_PARTS, dealdesk_line (input, i)->offering);

      if (!price_goes_on (&run, i) || price_line (&run, i, &parts) != DEALDESK_OK)
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
  .id = "pricing-vendor",
  .version = "1",
  .pricing = &pricing,
};
