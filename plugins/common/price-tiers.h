/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Tables of tiers: rows of one charge, in order of from, then of up_to.
 *
 * A table names its tiers by from, where a tier begins, or, when it is graduated, by up_to, where it ends,
 * cumulative and inclusive; a row of such a table without up_to is the last one, without end. So there can be
 * no gap. The call's thread.
 */
#ifndef PRICE_TIERS_H
#define PRICE_TIERS_H

#include "price-rows.h"

/* Columns of a dataset of tiers. */
typedef struct PriceTierColumns
{
  const char *dataset;
  uint32_t n_keys;
  uint32_t from;
  uint32_t up_to;
  uint32_t first_year; /* UINT32_MAX: it has none */
  uint32_t valid_from;
  uint32_t valid_to;
  uint32_t price;
  uint32_t fee;
} PriceTierColumns;

/* The tiers of one charge while they are read. */
typedef struct PriceTable
{
  const PriceRun *run;
  const PriceTierColumns *columns;
  const DealdeskRows *rows;
  uint32_t begin; /* the charge's rows */
  uint32_t end;
  uint32_t line;
  const DealdeskCharge *charge;
  int64_t year; /* of the rows that count; DEALDESK_NONE: those without one */
  DealdeskTier last;
  uint32_t n_tiers;
} PriceTable;

static inline const DealdeskCell *
price_tier_cells (const PriceTable *table, uint32_t row)
{
  return dealdesk_cell (table->rows, row, 0);
}

static inline int
price_tier_counts (const PriceTable *table, uint32_t row)
{
  const PriceTierColumns *columns = table->columns;
  const DealdeskCell *cells = price_tier_cells (table, row);

  return dealdesk_valid_on (&cells[columns->valid_from], &cells[columns->valid_to],
                            table->run->input->date) &&
         (columns->first_year == UINT32_MAX || cells[columns->first_year].number == table->year);
}

/* Tiers with a charge's own first year count for it, otherwise those without one. */
static inline void
price_choose_tier_year (PriceTable *table)
{
  table->year = table->charge->first_year;
  if (table->columns->first_year != UINT32_MAX && table->year != 0)
    for (uint32_t row = table->begin; row < table->end; row++)
      if (price_tier_counts (table, row))
        return;
  table->year = DEALDESK_NONE;
}

static inline DealdeskResult
price_give_tier (PriceTable *table, uint32_t row, int64_t from, int64_t bound)
{
  const PriceTierColumns *columns = table->columns;
  const DealdeskCell *cells = price_tier_cells (table, row);
  DealdeskTier tier = { .size = sizeof tier, .from = from, .bound = bound };

  if (!price_read_amount (&cells[columns->price], table->charge->type, 0, &tier.price) ||
      !price_read_amount (&cells[columns->fee], table->charge->type, 0, &tier.fee))
    return price_fail_row (table->run, table->line, columns->dataset, cells, columns->n_keys,
                           "an amount has more than six digits after the point");
  if (tier.from < 0 || tier.price < 0 || tier.fee < 0 ||
      (table->n_tiers > 0 && tier.from <= table->last.from))
    return price_fail_row (table->run, table->line, columns->dataset, cells, columns->n_keys,
                           "a number is negative, or two tiers begin at the same quantity");
  if (table->charge->mode == DEALDESK_TIER_GRADUATED &&
      (tier.bound < tier.from || tier.bound <= (table->n_tiers > 0 ? table->last.bound : 0)))
    return price_fail_row (
      table->run, table->line, columns->dataset, cells, columns->n_keys,
      "the tier has no room: under graduated, from n ends the tier before at n - 1, and up_to is above 0");
  table->run->host->add_tier (table->run->call, &tier);
  table->last = tier;
  table->n_tiers++;
  return DEALDESK_OK;
}

/* Under graduated, a tier that begins at n ends the one before at n - 1: so says a catalogue's "from 11". */
static inline DealdeskResult
price_give_from (PriceTable *table, uint32_t row, uint32_t next)
{
  int64_t from = price_tier_cells (table, row)[table->columns->from].number;
  int64_t bound = INT64_MAX;

  if (table->charge->mode == DEALDESK_TIER_GRADUATED && next < table->end)
    bound = price_tier_cells (table, next)[table->columns->from].number - DEALDESK_MICROS;
  return price_give_tier (table, row, from, bound);
}

static inline uint32_t
price_next_tier (const PriceTable *table, uint32_t row)
{
  while (row < table->end && !price_tier_counts (table, row))
    row++;
  return row;
}

/* Rows without up_to come first, and are the last tier. */
static inline DealdeskResult
price_give_up_to (PriceTable *table)
{
  uint32_t first = price_next_tier (table, table->begin);
  uint32_t open = UINT32_MAX;

  for (uint32_t row = first; row < table->end; row = price_next_tier (table, row + 1))
    {
      int64_t bound = price_tier_cells (table, row)[table->columns->up_to].number;

      if (bound == DEALDESK_NONE && open == UINT32_MAX)
        open = row;
      else if (bound == DEALDESK_NONE)
        return price_fail_row (table->run, table->line, table->columns->dataset,
                               price_tier_cells (table, row), table->columns->n_keys,
                               "two tiers have neither from nor up_to: only the last one may");
      else if (price_give_tier (table, row, table->n_tiers > 0 ? table->last.bound : 0, bound) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return open == UINT32_MAX
           ? DEALDESK_OK
           : price_give_tier (table, open, table->n_tiers > 0 ? table->last.bound : 0, INT64_MAX);
}

/* That a table names tiers in one way, which goes with its mode; whether that is by up_to. */
static inline DealdeskResult
price_check_table (const PriceTable *table, int *out_up_to)
{
  const PriceTierColumns *columns = table->columns;
  int any_from = 0;
  int any_up_to = 0;

  for (uint32_t row = price_next_tier (table, table->begin); row < table->end;
       row = price_next_tier (table, row + 1))
    {
      const DealdeskCell *cells = price_tier_cells (table, row);
      int has_from = cells[columns->from].number != DEALDESK_NONE;
      int has_up_to = cells[columns->up_to].number != DEALDESK_NONE;

      any_from |= has_from;
      any_up_to |= has_up_to || !has_from;
      if (any_from && any_up_to)
        return price_fail_row (table->run, table->line, columns->dataset, cells, columns->n_keys,
                               "all tiers of a charge have from (1, 11), or all have up_to (10, 20) but for "
                               "a last one without end");
      if (any_up_to && table->charge->mode != DEALDESK_TIER_GRADUATED)
        return price_fail_row (table->run, table->line, columns->dataset, cells, columns->n_keys,
                               "up_to is for mode graduated; under %s give from, where the tier begins",
                               price_mode_name (table->charge->mode));
    }
  *out_up_to = any_up_to;
  return DEALDESK_OK;
}

/* Gives the charge, or contracted price, that was added last its tiers, from rows begin to end. */
static inline DealdeskResult
price_add_tiers (const PriceRun *run,
                 uint32_t line,
                 const PriceTierColumns *columns,
                 const DealdeskRows *rows,
                 uint32_t begin,
                 uint32_t end,
                 const DealdeskCharge *charge,
                 const char *offering)
{
  PriceTable table = { run, columns, rows, begin, end, line, charge, DEALDESK_NONE, { 0 }, 0 };
  int up_to = 0;

  price_choose_tier_year (&table);
  if (price_check_table (&table, &up_to) != DEALDESK_OK)
    return DEALDESK_FAILED;
  if (up_to)
    return price_give_up_to (&table);
  for (uint32_t row = price_next_tier (&table, begin); row < end;)
    {
      uint32_t next = price_next_tier (&table, row + 1);

      if (price_give_from (&table, row, next) != DEALDESK_OK)
        return DEALDESK_FAILED;
      row = next;
    }
  if (table.n_tiers == 0)
    {
      char date[16];

      price_format_date (date, sizeof date, run->input->date);
      return PRICE_FAIL (
        run, line,
        "charge %.64s of offering %.64s has mode %s, and dataset %s has no tiers for it that "
        "are valid on %s",
        charge->id, offering, price_mode_name (charge->mode), columns->dataset, date);
    }
  return DEALDESK_OK;
}

#endif
