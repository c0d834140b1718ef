/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The tax stage: which rates are due where a line's site lies.
 *
 * Without a row nobody knows whether nothing is due or something was forgotten: that is an error, as soon as
 * there are taxes at all. The rounding, by charge and rate, is the core's. Stateless; any thread.
 */
#include "conditions.h"

enum
{
  REGION,
  CATEGORY,
  ID,
  VALID_FROM,
  RATE,
  LABEL,
  VALID_TO
};

enum
{
  LOCATION_SITE,
  LOCATION_VALID_FROM,
  LOCATION_REGION,
  LOCATION_VALID_TO
};

#define TAXES     0
#define LOCATIONS 1

static const char dataset_name[] = "taxes";

static int
is_valid (const PriceRun *run, const DealdeskCell *cells)
{
  return dealdesk_valid_on (&cells[VALID_FROM], &cells[VALID_TO], run->input->date);
}

/* Of the category the row is for, and on the day. */
static int
counts (const PriceRun *run, const DealdeskCell *cells, const char *category)
{
  return strcmp (cells[CATEGORY].text, category) == 0 && is_valid (run, cells);
}

/* The region's rates for the line's category replace those for every category. */
static const char *
find_category (const PriceRun *run, const DealdeskRows *taxes, const char *category)
{
  int for_all = 0;

  for (uint32_t row = 0; row < taxes->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (taxes, row, 0);

      if (category[0] != '\0' && counts (run, cells, category))
        return category;
      for_all = for_all || counts (run, cells, "*");
    }
  return for_all ? "*" : NULL;
}

static void
tell_misses (const PriceRun *run, uint32_t index, const DealdeskRows *taxes, const char *chosen)
{
  const char *category = category_of (run->input, dealdesk_line (run->input, index));

  for (uint32_t row = 0; row < taxes->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (taxes, row, 0);
      Rule rule = { run, dataset_name, cells[REGION].text, cells[ID].text, index };

      if (rule_is_valid (&rule, &cells[VALID_FROM], &cells[VALID_TO]) &&
          rule_has_text (&rule, "the offering's category", &cells[CATEGORY], category) &&
          strcmp (cells[CATEGORY].text, chosen) != 0)
        price_miss (run, index, rule.id,
                    "it is for every category, and category %.64s has taxes of its own in region %.64s",
                    chosen, cells[REGION].text);
    }
}

static int
tax_row (const PriceRun *run, uint32_t index, const DealdeskCell *cells)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);
  Rule rule = { run, dataset_name, cells[REGION].text, cells[ID].text, index };

  if (cells[RATE].number < 0)
    return rule_fail (&rule, "rate is %.32s: a tax is 0%% or more, such as 19%%", cells[RATE].text);
  for (uint32_t i = 0; i < line->n_charges; i++)
    dealdesk_adjust (run->host, run->call, line->first_charge + i, DEALDESK_TAX, cells[RATE].number, rule.id,
                     text_or (&cells[LABEL], rule.id), dataset_name);
  return 1;
}

static int
fail_missing (const PriceRun *run, uint32_t index, const char *region)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);
  const char *category = category_of (run->input, line);
  char day[16];

  price_format_date (day, sizeof day, run->input->date);
  if (region[0] == '\0')
    PRICE_FAIL (run, index,
                "offering %.64s has no tax region: site \"%.64s\" has none in dataset locations, and the "
                "customer has no country; give either, for dataset taxes",
                line->offering, line->site);
  else
    PRICE_FAIL (
      run, index,
      "dataset taxes has no row for region %.64s and category %.64s on %s, which offering %.64s needs: "
      "import one, of 0%% where nothing is due",
      region, category[0] != '\0' ? category : "*", day, line->offering);
  return 0;
}

static int
tax_line (const PriceRun *run, uint32_t index, const DealdeskRows *locations)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);
  const DealdeskCell *location = find_valid (run, locations, LOCATION_VALID_FROM, LOCATION_VALID_TO);
  const char *region = location != NULL ? location[LOCATION_REGION].text : "";
  const char *category = NULL;
  DealdeskRows taxes;

  if (region[0] == '\0')
    region = run->input->country;
  taxes = dealdesk_find (run->host, run->call, TAXES, region);
  category = find_category (run, &taxes, category_of (run->input, line));
  if (category == NULL)
    return fail_missing (run, index, region);
  if (run->explaining)
    tell_misses (run, index, &taxes, category);
  for (uint32_t row = 0; row < taxes.n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (&taxes, row, 0);

      if (counts (run, cells, category) && !tax_row (run, index, cells))
        return 0;
    }
  return 1;
}

static int
tax_lines (const PriceRun *run, const DealdeskRows *locations)
{
  for (uint32_t i = 0; i < run->input->n_lines; i++)
    {
      if (!price_goes_on (run, i))
        return 0;
      if (dealdesk_line (run->input, i)->action != DEALDESK_ACTION_NO_CHANGE &&
          !tax_line (run, i, &locations[i]))
        return 0;
    }
  return 1;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  DealdeskRows *locations;
  int done;

  (void)instance;
  if (dataset_is_empty (&run, TAXES))
    return DEALDESK_OK;
  locations = look_up_lines (&run, LOCATIONS, site_of);
  done = locations != NULL && tax_lines (&run, locations);
  free (locations);
  return done ? DEALDESK_OK : DEALDESK_FAILED;
}

static const DealdeskPricing pricing = {
  .size = sizeof pricing,
  .price = price,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-tax",
  .version = "1",
  .pricing = &pricing,
};
