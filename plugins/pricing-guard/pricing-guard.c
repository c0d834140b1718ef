/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The guard stage: the lowest price a unit of each charge. It marks a charge below, and limits what a deal's
 * discount takes; it never changes a price. Stateless; any thread.
 */
#include "conditions.h"

enum
{
  OFFERING,
  CHARGE,
  VALID_FROM,
  CURRENCY,
  FLOOR,
  VALID_TO,
  LABEL
};

#define FLOORS 0

/* Of what a plugin may say. */
#define MAX_LABEL 1024

static const char dataset_name[] = "floors";

/* Names a row whose floors have no ids of their own: the charge's id is the rule's. */
static Rule
rule_of (const PriceRun *run, uint32_t line, const DealdeskCell *cells)
{
  return (Rule){ run, dataset_name, cells[OFFERING].text, cells[CHARGE].text, line };
}

static int
add_floor (const Rule *rule, const DealdeskCell *cells, uint32_t charge)
{
  const DealdeskChargeView *view = dealdesk_charge (rule->run->input, charge);
  int64_t floor = 0;

  if (strlen (cells[LABEL].text) > MAX_LABEL)
    return rule_fail (rule, "the label has more than %d bytes: shorten it", MAX_LABEL);
  if (!price_read_amount (&cells[FLOOR], view->type, 0, &floor) || floor < 0)
    return rule_fail (rule, "floor %.32s is below zero or has more than six digits after the point",
                      cells[FLOOR].text);
  dealdesk_adjust_money (rule->run->host, rule->run->call, charge, DEALDESK_FLOOR, floor,
                         cells[CURRENCY].text, "floor", text_or (&cells[LABEL], "Floor"), dataset_name);
  return 1;
}

static int
guard_line (const PriceRun *run, uint32_t index, const DealdeskRows *floors)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);

  for (uint32_t row = 0; row < floors->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (floors, row, 0);
      Rule rule = rule_of (run, index, cells);

      if (!price_row_holds (run, index, "floor", &cells[VALID_FROM], &cells[VALID_TO]))
        continue;
      for (uint32_t i = 0; i < line->n_charges; i++)
        if (strcmp (dealdesk_charge (run->input, line->first_charge + i)->id, cells[CHARGE].text) == 0 &&
            !add_floor (&rule, cells, line->first_charge + i))
          return 0;
    }
  return 1;
}

static int
guard_lines (const PriceRun *run, const DealdeskRows *floors)
{
  for (uint32_t i = 0; i < run->input->n_lines; i++)
    {
      if (!price_goes_on (run, i))
        return 0;
      if (line_changes (dealdesk_line (run->input, i)) && !guard_line (run, i, &floors[i]))
        return 0;
    }
  return 1;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  DealdeskRows *floors;
  int done;

  (void)instance;
  if (dataset_is_empty (&run, FLOORS))
    return DEALDESK_OK;
  floors = look_up_lines (&run, FLOORS, offering_of);
  done = floors != NULL && guard_lines (&run, floors);
  free (floors);
  return done ? DEALDESK_OK : DEALDESK_FAILED;
}

static const DealdeskPricing pricing = {
  .size = sizeof pricing,
  .price = price,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-guard",
  .version = "1",
  .pricing = &pricing,
};
