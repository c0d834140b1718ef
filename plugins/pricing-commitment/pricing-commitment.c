/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The commitment stage: what a charge costs less for the months that a line is committed for, and its
 * quantity.
 *
 * A charge has one schedule: the most specific one that has rows on the day. Of its rows one counts, that
 * with the most months reached, then the highest quantity. Rows lie in order of months, then quantity, so
 * that the last one that is reached is it. Stateless; any thread.
 */
#include "effect.h"

enum
{
  OFFERING,
  CHARGE,
  MONTHS,
  QUANTITY,
  VALID_FROM,
  ID,
  KIND,
  PERCENT,
  VALUE,
  CURRENCY,
  VALID_TO,
  LABEL
};

#define COMMITMENTS 0

static const char dataset_name[] = "commitments";

/* Rows of one offering (or "*") and charge (or "*"). */
typedef struct
{
  const DealdeskRows *rows;
  uint32_t begin;
  uint32_t end;
} Schedule;

/* From the most specific. */
#define N_SCHEDULES 4

static Rule
rule_of (const PriceRun *run, uint32_t line, const DealdeskCell *cells)
{
  return (Rule){ run, dataset_name, cells[OFFERING].text, cells[ID].text, line };
}

static Schedule
find_schedule (const DealdeskRows *rows, const char *charge)
{
  Schedule schedule = { rows, 0, rows->n_rows };

  price_narrow (rows, CHARGE, charge, &schedule.begin, &schedule.end);
  return schedule;
}

static int
is_valid (const PriceRun *run, const DealdeskCell *cells)
{
  return dealdesk_valid_on (&cells[VALID_FROM], &cells[VALID_TO], run->input->date);
}

static int
is_current (const PriceRun *run, const Schedule *schedule)
{
  for (uint32_t row = schedule->begin; row < schedule->end; row++)
    if (is_valid (run, dealdesk_cell (schedule->rows, row, 0)))
      return 1;
  return 0;
}

static int
is_reached (const DealdeskCell *cells, const DealdeskLine *line)
{
  return cells[MONTHS].number <= (int64_t)line->commitment &&
         price_number_or (&cells[QUANTITY], 0) <= line->quantity;
}

/* The cells of the row that counts, or NULL. */
static const DealdeskCell *
find_reached (const PriceRun *run, const Schedule *schedule, const DealdeskLine *line)
{
  for (uint32_t row = schedule->end; row > schedule->begin; row--)
    {
      const DealdeskCell *cells = dealdesk_cell (schedule->rows, row - 1, 0);

      if (is_valid (run, cells) && is_reached (cells, line))
        return cells;
    }
  return NULL;
}

/* Why a row that is reached doesn't count for one charge. current: the charge's schedule, of which counted is
 * one. */
static void
tell_passed_over (const PriceRun *run,
                  uint32_t index,
                  const Schedule *schedule,
                  int current,
                  const DealdeskCell *counted,
                  const char *charge)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);

  for (uint32_t row = schedule->begin; row < schedule->end; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (schedule->rows, row, 0);

      if (cells == counted || !is_valid (run, cells) || !is_reached (cells, line))
        continue;
      if (!current)
        price_miss (
          run, index, cells[ID].text,
          "it is for offering %.64s, charge %.64s, and charge %.64s of offering %.64s has a schedule "
          "of its own",
          cells[OFFERING].text, cells[CHARGE].text, charge, line->offering);
      else
        price_miss (run, index, cells[ID].text,
                    "it is from %s months, and rule %.64s, from %s months%s%s, counts", cells[MONTHS].text,
                    counted[ID].text, counted[MONTHS].text,
                    counted[QUANTITY].text[0] != '\0' ? " and quantity " : "", counted[QUANTITY].text);
    }
}

static int
adjust (const PriceRun *run, uint32_t index, const DealdeskCell *cells, uint32_t charge)
{
  const EffectCells effect_cells = { .charge = &cells[CHARGE],
                                     .kind = &cells[KIND],
                                     .percent = &cells[PERCENT],
                                     .value = &cells[VALUE],
                                     .currency = &cells[CURRENCY] };
  Rule rule = rule_of (run, index, cells);
  DealdeskAdjustment adjustment;
  Effect effect = { .kind = DEALDESK_FACTOR };

  if (!effect_read (&rule, &effect_cells, &effect) ||
      !effect_on (&rule, &effect, charge, text_or (&cells[LABEL], "Commitment"), &adjustment))
    return 0;
  run->host->add_adjustment (run->call, &adjustment);
  return 1;
}

static int
price_charge (
  const PriceRun *run, uint32_t index, uint32_t charge, const DealdeskRows *own, const DealdeskRows *all)
{
  const char *id = dealdesk_charge (run->input, charge)->id;
  const Schedule schedules[N_SCHEDULES] = { find_schedule (own, id), find_schedule (own, "*"),
                                            find_schedule (all, id), find_schedule (all, "*") };
  const DealdeskCell *counted = NULL;
  uint32_t current = 0;

  while (current < N_SCHEDULES && !is_current (run, &schedules[current]))
    current++;
  if (current < N_SCHEDULES)
    counted = find_reached (run, &schedules[current], dealdesk_line (run->input, index));
  for (uint32_t i = 0; run->explaining && i < N_SCHEDULES; i++)
    tell_passed_over (run, index, &schedules[i], i == current, counted, id);
  return counted == NULL || adjust (run, index, counted, charge);
}

/* What of a row the line misses, whichever the charge. */
static void
tell_misses (const PriceRun *run, uint32_t index, const DealdeskRows *rows)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);

  for (uint32_t row = 0; row < rows->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, row, 0);
      Rule rule = rule_of (run, index, cells);
      int found = names_everything (&cells[CHARGE]);

      for (uint32_t i = 0; i < line->n_charges && !found; i++)
        found = strcmp (dealdesk_charge (run->input, line->first_charge + i)->id, cells[CHARGE].text) == 0;
      if (!found)
        price_miss (run, index, rule.id, "the line has no charge %.128s", cells[CHARGE].text);
      else if (rule_is_valid (&rule, &cells[VALID_FROM], &cells[VALID_TO]) &&
               rule_has_months (&rule, &cells[MONTHS], line->commitment))
        rule_has_quantity (&rule, &cells[QUANTITY], NULL, line->quantity);
    }
}

static int
price_line (const PriceRun *run, uint32_t index, const DealdeskRows *own, const DealdeskRows *all)
{
  const DealdeskLine *line = dealdesk_line (run->input, index);

  if (run->explaining)
    {
      tell_misses (run, index, own);
      tell_misses (run, index, all);
    }
  for (uint32_t i = 0; i < line->n_charges; i++)
    if (!price_charge (run, index, line->first_charge + i, own, all))
      return 0;
  return 1;
}

static int
price_lines (const PriceRun *run, const DealdeskRows *own)
{
  DealdeskRows all = dealdesk_find (run->host, run->call, COMMITMENTS, "*");

  for (uint32_t i = 0; i < run->input->n_lines; i++)
    {
      if (!price_goes_on (run, i))
        return 0;
      if ((own[i].n_rows > 0 || all.n_rows > 0) && line_changes (dealdesk_line (run->input, i)) &&
          !price_line (run, i, &own[i], &all))
        return 0;
    }
  return 1;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  DealdeskRows *own;
  int done;

  (void)instance;
  if (dataset_is_empty (&run, COMMITMENTS))
    return DEALDESK_OK;
  own = look_up_lines (&run, COMMITMENTS, offering_of);
  done = own != NULL && price_lines (&run, own);
  free (own);
  return done ? DEALDESK_OK : DEALDESK_FAILED;
}

static const DealdeskPricing pricing = {
  .size = sizeof pricing,
  .price = price,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-commitment",
  .version = "1",
  .pricing = &pricing,
};
