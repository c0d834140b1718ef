/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The promotion stage: rules with conditions, in stacking groups.
 *
 * A row is for one offering, or "*" for all. What a row asks of the sheet (day, segment, country, customer)
 * is looked at once for the rows of all, what it asks of a line for each line. What of a group applies, and
 * how, is the core's; here only that the rows of one group agree on it. Stateless; any thread.
 */
#include "effect.h"

enum
{
  OFFERING,
  ID,
  CHARGE,
  CATEGORY,
  SEGMENT,
  COUNTRY,
  CUSTOMER,
  KIND,
  PERCENT,
  VALUE,
  CURRENCY,
  GROUP,
  MODE,
  GROUP_PRIORITY,
  PRIORITY,
  MIN_QUANTITY,
  MAX_QUANTITY,
  MIN_AMOUNT,
  MIN_MONTHS,
  FIRST_YEAR,
  LAST_YEAR,
  VALID_FROM,
  VALID_TO,
  LABEL
};

#define PROMOTIONS 0

static const char dataset_name[] = "promotions";

/* By DealdeskGroupMode. */
static const char *const mode_names[] = { "compound", "add", "best" };

/* Cells of rows. */
typedef struct
{
  const DealdeskCell **cells;
  size_t n;
  size_t room;
} RowList;

typedef struct
{
  RowList all;     /* for all offerings: that hold for the sheet */
  RowList own;     /* of one line's offering: the same */
  RowList applied; /* to one line */
} Lists;

static int
append (const PriceRun *run, RowList *list, const DealdeskCell *cells)
{
  if (list->n == list->room)
    {
      size_t room = list->room * 2 + 16;
      const DealdeskCell **more = realloc (list->cells, room * sizeof *more);

      if (more == NULL)
        {
          dealdesk_fail (run->host, run->call, UINT32_MAX, "out of memory");
          return 0;
        }
      list->cells = more;
      list->room = room;
    }
  list->cells[list->n++] = cells;
  return 1;
}

static Rule
rule_of (const PriceRun *run, uint32_t line, const DealdeskCell *cells)
{
  return (Rule){ run, dataset_name, cells[OFFERING].text, cells[ID].text, line };
}

static int
holds_for_sheet (const Rule *rule, const DealdeskCell *cells)
{
  const DealdeskPricingInput *input = rule->run->input;

  return rule_is_valid (rule, &cells[VALID_FROM], &cells[VALID_TO]) &&
         rule_has_text (rule, "the customer's segment", &cells[SEGMENT], input->segment) &&
         rule_has_text (rule, "the customer's country", &cells[COUNTRY], input->country) &&
         rule_has_text (rule, "the customer", &cells[CUSTOMER], input->customer);
}

static int
holds_for_line (const Rule *rule, const DealdeskCell *cells, const DealdeskLine *line)
{
  return rule_has_text (rule, "the offering's category", &cells[CATEGORY],
                        category_of (rule->run->input, line)) &&
         rule_has_quantity (rule, &cells[MIN_QUANTITY], &cells[MAX_QUANTITY], line->quantity) &&
         rule_has_months (rule, &cells[MIN_MONTHS], line->commitment);
}

static int
check_row (const Rule *rule, const DealdeskCell *cells)
{
  int grouped = cells[GROUP].text[0] != '\0';

  if (!grouped && (cells[MODE].text[0] != '\0' || cells[GROUP_PRIORITY].number != DEALDESK_NONE))
    return rule_fail (rule, "mode and group_priority are a group's: name the group, or leave them empty");
  if (cells[MIN_AMOUNT].number != DEALDESK_NONE && cells[CURRENCY].text[0] == '\0')
    return rule_fail (rule, "min_amount %s needs a currency, such as EUR", cells[MIN_AMOUNT].text);
  if (cells[FIRST_YEAR].number != DEALDESK_NONE && cells[LAST_YEAR].number != DEALDESK_NONE &&
      cells[LAST_YEAR].number < cells[FIRST_YEAR].number)
    return rule_fail (rule, "last_year %s is before first_year %s", cells[LAST_YEAR].text,
                      cells[FIRST_YEAR].text);
  if (cells[MIN_QUANTITY].number != DEALDESK_NONE && cells[MAX_QUANTITY].number != DEALDESK_NONE &&
      cells[MAX_QUANTITY].number < cells[MIN_QUANTITY].number)
    return rule_fail (rule, "max_quantity %s is below min_quantity %s", cells[MAX_QUANTITY].text,
                      cells[MIN_QUANTITY].text);
  return 1;
}

/* Groups have one mode and one priority, or their order depends on which row is asked. */
static int
check_group (const Rule *rule, const DealdeskCell *cells, const RowList *applied)
{
  for (size_t i = 0; cells[GROUP].text[0] != '\0' && i < applied->n; i++)
    {
      const DealdeskCell *other = applied->cells[i];

      if (strcmp (other[GROUP].text, cells[GROUP].text) == 0 &&
          (strcmp (text_or (&other[MODE], "compound"), text_or (&cells[MODE], "compound")) != 0 ||
           price_number_or (&other[GROUP_PRIORITY], 0) != price_number_or (&cells[GROUP_PRIORITY], 0)))
        return rule_fail (rule,
                          "group %.64s has mode %s and priority %d here, and mode %s and priority %d in rule "
                          "%.64s: give all of a group the same",
                          cells[GROUP].text, text_or (&cells[MODE], "compound"),
                          (int)price_number_or (&cells[GROUP_PRIORITY], 0),
                          text_or (&other[MODE], "compound"),
                          (int)price_number_or (&other[GROUP_PRIORITY], 0), other[ID].text);
    }
  return 1;
}

static uint32_t
mode_of (const DealdeskCell *cells)
{
  uint32_t mode = DEALDESK_GROUP_COMPOUND;

  price_find_name (mode_names, sizeof mode_names / sizeof *mode_names, cells[MODE].text, &mode);
  return mode;
}

/* A minimum amount is compared with what the charge is offered at, so it holds in that currency only; a usage
 * rate has no amount. */
static int
has_amount (const Rule *rule, const DealdeskCell *cells, const DealdeskChargeView *charge)
{
  const char *offered = rule->run->input->currency[0] != '\0' ? rule->run->input->currency : charge->currency;

  if (cells[MIN_AMOUNT].number == DEALDESK_NONE)
    return 1;
  if (charge->type == DEALDESK_CHARGE_USAGE)
    return RULE_MISS (rule, "charge %.64s is a usage rate, which has no amount, and its minimum is %s %s",
                      charge->id, cells[CURRENCY].text, cells[MIN_AMOUNT].text);
  if (strcmp (offered, cells[CURRENCY].text) != 0)
    return RULE_MISS (rule, "charge %.64s is offered in %s, and its minimum amount is in %s", charge->id,
                      offered, cells[CURRENCY].text);
  return 1;
}

static int
adjust (const Rule *rule, const DealdeskCell *cells, const Effect *effect, uint32_t charge)
{
  const DealdeskChargeView *view = dealdesk_charge (rule->run->input, charge);
  DealdeskAdjustment adjustment;

  if (!effect_on (rule, effect, charge, text_or (&cells[LABEL], "Promotion"), &adjustment))
    return 0;
  if (cells[GROUP].text[0] != '\0')
    {
      adjustment.group = cells[GROUP].text;
      adjustment.mode = mode_of (cells);
      adjustment.group_priority = (int32_t)price_number_or (&cells[GROUP_PRIORITY], 0);
    }
  adjustment.priority = (int32_t)price_number_or (&cells[PRIORITY], 0);
  adjustment.first_year = (uint32_t)price_number_or (&cells[FIRST_YEAR], 0);
  adjustment.last_year = (uint32_t)price_number_or (&cells[LAST_YEAR], 0);
  if (cells[MIN_AMOUNT].number != DEALDESK_NONE &&
      !money_for_charge (rule, &cells[MIN_AMOUNT], view->type, &adjustment.threshold))
    return 0;
  rule->run->host->add_adjustment (rule->run->call, &adjustment);
  return 1;
}

static int
apply (const Rule *rule, const DealdeskCell *cells, const DealdeskLine *line, RowList *applied)
{
  const EffectCells effect_cells = { .charge = &cells[CHARGE],
                                     .kind = &cells[KIND],
                                     .percent = &cells[PERCENT],
                                     .value = &cells[VALUE],
                                     .currency = &cells[CURRENCY] };
  int found = 0;
  Effect effect = { .kind = DEALDESK_FACTOR };

  if (!check_group (rule, cells, applied) || !effect_read (rule, &effect_cells, &effect) ||
      !append (rule->run, applied, cells))
    return 0;
  for (uint32_t i = 0; i < line->n_charges; i++)
    {
      const DealdeskChargeView *view = dealdesk_charge (rule->run->input, line->first_charge + i);

      if (!names_text (&cells[CHARGE], view->id))
        continue;
      found = 1;
      if (has_amount (rule, cells, view) && !adjust (rule, cells, &effect, line->first_charge + i))
        return 0;
    }
  if (!found)
    price_miss (rule->run, rule->line, rule->id, "the line has no charge %.128s", cells[CHARGE].text);
  return 1;
}

/* A row that holds for the sheet must be sound; what is over, or for others, does no harm. 0 after a message.
 */
static int
list_row (const PriceRun *run, uint32_t line, const DealdeskCell *cells, RowList *list)
{
  Rule rule = rule_of (run, line, cells);

  return !holds_for_sheet (&rule, cells) || (check_row (&rule, cells) && append (run, list, cells));
}

/* list: rows that hold for the sheet. */
static int
apply_list (const PriceRun *run, uint32_t index, const RowList *list, RowList *applied)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);

  for (size_t i = 0; i < list->n; i++)
    {
      Rule rule = rule_of (run, index, list->cells[i]);

      if (holds_for_line (&rule, list->cells[i], line) && !apply (&rule, list->cells[i], line, applied))
        return 0;
    }
  return 1;
}

/* rows: of the line's offering. */
static int
price_line (const PriceRun *run, uint32_t index, const DealdeskRows *rows, Lists *lists)
{
  lists->own.n = 0;
  lists->applied.n = 0;
  for (uint32_t row = 0; row < rows->n_rows; row++)
    if (!list_row (run, index, dealdesk_cell (rows, row, 0), &lists->own))
      return 0;
  return apply_list (run, index, &lists->own, &lists->applied) &&
         apply_list (run, index, &lists->all, &lists->applied);
}

static int
price_lines (const PriceRun *run, const DealdeskRows *rows, Lists *lists)
{
  DealdeskRows all = dealdesk_find (run->host, run->call, PROMOTIONS, "*");

  for (uint32_t row = 0; row < all.n_rows; row++)
    if (!list_row (run, UINT32_MAX, dealdesk_cell (&all, row, 0), &lists->all))
      return 0;
  for (uint32_t i = 0; i < run->input->n_lines; i++)
    {
      if (!price_goes_on (run, i))
        return 0;
      if ((rows[i].n_rows > 0 || lists->all.n > 0) && line_changes (dealdesk_line (run->input, i)) &&
          !price_line (run, i, &rows[i], lists))
        return 0;
    }
  return 1;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  Lists lists = { 0 };
  DealdeskRows *rows;
  int done;

  (void)instance;
  if (dataset_is_empty (&run, PROMOTIONS))
    return DEALDESK_OK;
  rows = look_up_lines (&run, PROMOTIONS, offering_of);
  done = rows != NULL && price_lines (&run, rows, &lists);
  free (rows);
  free (lists.all.cells);
  free (lists.own.cells);
  free (lists.applied.cells);
  return done ? DEALDESK_OK : DEALDESK_FAILED;
}

static const DealdeskPricing pricing = {
  .size = sizeof pricing,
  .price = price,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-promotion",
  .version = "1",
  .pricing = &pricing,
};
