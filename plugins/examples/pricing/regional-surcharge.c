/* SPDX-License-Identifier: LGPL-2.1-or-later OR 0BSD
 *
 * regional-surcharge: what lines cost more in some countries, as a percentage on each of their charges.
 * Dataset sites says where a line lies, dataset regions which percentage is due there, and when. Stateless;
 * any thread.
 */
#include "dealdesk-plugin.h"

/* Datasets and columns by their place in regional-surcharge.plugin. */
#define SITES             0
#define SITES_COUNTRY     1
#define REGIONS           1
#define REGIONS_FROM      1
#define REGIONS_NAME      2
#define REGIONS_SURCHARGE 3
#define REGIONS_TO        4

static DealdeskResult
adjust_line (const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input, uint32_t index)
{
  const DealdeskLine *line = dealdesk_line (input, index);
  DealdeskRows sites = dealdesk_find (host, call, SITES, line->site);
  const char *country = sites.n_rows > 0 ? dealdesk_text (&sites, 0, SITES_COUNTRY) : input->country;
  DealdeskRows regions = dealdesk_find (host, call, REGIONS, country);

  for (uint32_t row = 0; row < regions.n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (&regions, row, 0);

      if (!dealdesk_valid_on (&cells[REGIONS_FROM], &cells[REGIONS_TO], input->date))
        continue;
      if (cells[REGIONS_SURCHARGE].number < 0)
        return dealdesk_fail_format (host, call, index, "dataset regions, %.64s: it is below 0%%", country);
      for (uint32_t i = 0; i < line->n_charges; i++)
        dealdesk_adjust (host, call, line->first_charge + i, DEALDESK_PERCENT_ON,
                         cells[REGIONS_SURCHARGE].number, country, cells[REGIONS_NAME].text, "regions");
    }
  return DEALDESK_OK;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  (void)instance;
  for (uint32_t i = 0; i < input->n_lines; i++)
    if (host->cancelled (call) || adjust_line (host, call, input, i) != DEALDESK_OK)
      return DEALDESK_FAILED;
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "regional-surcharge",
  .version = "1",
  .pricing = &pricing,
};
