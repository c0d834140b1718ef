/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading rows of prices: names, amounts, and what a charge costs by one row.
 *
 * Decimals of a dataset are nanos: an amount is micros unless it is a usage rate's, and one that would need
 * rounding to get there is refused. Importing refuses most of what is wrong here too; rows that were stored
 * under another declaration come as they are. The call's thread.
 */
#ifndef PRICE_ROWS_H
#define PRICE_ROWS_H

#include "price-run.h"

/* Which columns of a dataset say what a charge costs, and how its rows are named in messages. */
typedef struct PriceColumns
{
  const char *dataset;
  const char *tiers; /* the dataset that has the tiers */
  const char *modes; /* for people */
  uint32_t n_modes;  /* of DealdeskTierMode, from the first */
  uint32_t n_keys;
  uint32_t currency;
  uint32_t mode;
  uint32_t price;
  uint32_t fee;
  uint32_t free;
  uint32_t package;
  uint32_t minimum;
  uint32_t maximum;
  uint32_t per;
} PriceColumns;

/* By DealdeskTierMode. */
static const char *const price_mode_names[] = { "flat", "volume", "graduated", "block", "package", "share" };

static inline int
price_find_name (const char *const *names, uint32_t n_names, const char *text, uint32_t *out_index)
{
  for (uint32_t i = 0; i < n_names; i++)
    if (strcmp (names[i], text) == 0)
      {
        *out_index = i;
        return 1;
      }
  return 0;
}

/* "oneTime", "recurring", "usage" */
static inline int
price_read_type (const char *text, uint32_t *out_type)
{
  static const char *const names[] = { "oneTime", "recurring", "usage" };

  return price_find_name (names, 3, text, out_type);
}

/* "day" to "year", "" for none; only recurring charges have one. */
static inline int
price_read_period (const char *text, uint32_t type, uint32_t *out_period)
{
  static const char *const names[] = { "", "day", "week", "month", "quarter", "year" };

  return price_find_name (names, 6, text, out_period) &&
         (type == DEALDESK_CHARGE_RECURRING) == (*out_period != DEALDESK_PERIOD_NONE);
}

static inline const char *
price_mode_name (uint32_t mode)
{
  return mode < sizeof price_mode_names / sizeof *price_mode_names ? price_mode_names[mode] : "unknown";
}

static inline int
price_mode_has_tiers (uint32_t mode)
{
  return mode == DEALDESK_TIER_VOLUME || mode == DEALDESK_TIER_GRADUATED || mode == DEALDESK_TIER_BLOCK;
}

/* A dataset's nanos as the unit of a charge of type; an empty cell is empty. 0: it has too many digits. */
static inline int
price_read_amount (const DealdeskCell *cell, uint32_t type, int64_t empty, int64_t *out_amount)
{
  const int64_t nanos_per_micro = DEALDESK_NANOS / DEALDESK_MICROS;

  if (cell->number == DEALDESK_NONE)
    *out_amount = empty;
  else if (type == DEALDESK_CHARGE_USAGE)
    *out_amount = cell->number;
  else if (cell->number % nanos_per_micro != 0)
    return 0;
  else
    *out_amount = cell->number / nanos_per_micro;
  return 1;
}

static inline int64_t
price_number_or (const DealdeskCell *cell, int64_t empty)
{
  return cell->number == DEALDESK_NONE ? empty : cell->number;
}

/* Three letters and a NUL; what is longer is no currency, and is left out. */
static inline void
price_copy_currency (char currency[4], const char *text)
{
  memset (currency, 0, 4);
  for (int i = 0; i < 3 && text[i] != '\0'; i++)
    currency[i] = text[i];
}

/* "dataset charges, epl, rental: …": the row's keys that aren't empty, and what is wrong. */
static inline DealdeskResult __attribute__ ((format (printf, 6, 7)))
price_fail_row (const PriceRun *run,
                uint32_t line,
                const char *dataset,
                const DealdeskCell *cells,
                uint32_t n_keys,
                const char *format,
                ...)
{
  char keys[384] = "";
  char message[512];
  size_t used = 0;
  va_list arguments;

  for (uint32_t i = 0; i < n_keys; i++)
    if (cells[i].text[0] != '\0' && used < sizeof keys - 80)
      used += (size_t)snprintf (keys + used, sizeof keys - used, ", %.64s", cells[i].text);
  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  return PRICE_FAIL (run, line, "dataset %s%s: %s", dataset, keys, message);
}

/* Narrows rows begin to end, which are equal in the key columns before this one, to those with text in it:
 * rows lie in order of the whole key. */
static inline void
price_narrow (const DealdeskRows *rows, uint32_t column, const char *text, uint32_t *begin, uint32_t *end)
{
  uint32_t first = *begin;
  uint32_t last = *end;

  while (first < last)
    {
      uint32_t middle = first + (last - first) / 2;

      if (strcmp (dealdesk_text (rows, middle, column), text) < 0)
        first = middle + 1;
      else
        last = middle;
    }
  *begin = first;
  for (uint32_t step = 1; last < *end && strcmp (dealdesk_text (rows, last, column), text) == 0; step *= 2)
    {
      first = last;
      last = *end - last > step ? last + step : *end;
    }
  /* all before first are equal, and last is behind them */
  while (first < last)
    {
      uint32_t middle = first + (last - first) / 2;

      if (strcmp (dealdesk_text (rows, middle, column), text) == 0)
        first = middle + 1;
      else
        last = middle;
    }
  *end = first;
}

static inline int
price_limits_are_sound (const DealdeskCharge *charge)
{
  if ((charge->minimum != DEALDESK_NONE && charge->minimum < 0) ||
      (charge->maximum != DEALDESK_NONE && charge->maximum < 0))
    return 0;
  return charge->minimum == DEALDESK_NONE || charge->maximum == DEALDESK_NONE ||
         charge->minimum <= charge->maximum;
}

/* Amounts and quantities of a row, whose mode and type are known. */
static inline DealdeskResult
price_read_numbers (const PriceRun *run,
                    uint32_t line,
                    const PriceColumns *columns,
                    const DealdeskCell *cells,
                    DealdeskCharge *charge)
{
  if (!price_read_amount (&cells[columns->price], charge->type, 0, &charge->price) ||
      !price_read_amount (&cells[columns->fee], charge->type, 0, &charge->fee) ||
      !price_read_amount (&cells[columns->minimum], charge->type, DEALDESK_NONE, &charge->minimum) ||
      !price_read_amount (&cells[columns->maximum], charge->type, DEALDESK_NONE, &charge->maximum))
    return price_fail_row (run, line, columns->dataset, cells, columns->n_keys,
                           "an amount has more than six digits after the point");
  charge->free_units = price_number_or (&cells[columns->free], 0);
  charge->package_size = price_number_or (&cells[columns->package], 0);
  charge->per = price_number_or (&cells[columns->per], 0);
  if (charge->price < 0 || charge->fee < 0 || charge->free_units < 0 || charge->package_size < 0 ||
      (charge->mode == DEALDESK_TIER_PACKAGE) != (charge->package_size > 0) ||
      !price_limits_are_sound (charge))
    return price_fail_row (run, line, columns->dataset, cells, columns->n_keys,
                           "a number is negative, a package has no size (or a size no mode package), or the "
                           "minimum is above the maximum");
  if (cells[columns->per].number != DEALDESK_NONE && charge->per <= 0)
    return price_fail_row (run, line, columns->dataset, cells, columns->n_keys,
                           "per is %.32s: it is the quantity that the price is for, above 0, such as 1000",
                           cells[columns->per].text);
  return DEALDESK_OK;
}

/* What the row says of mode, price, fee, free units, package, limits, per and currency; charge has its type.
 */
static inline DealdeskResult
price_read_terms (const PriceRun *run,
                  uint32_t line,
                  const PriceColumns *columns,
                  const DealdeskCell *cells,
                  DealdeskCharge *charge)
{
  int has_price = cells[columns->price].number != DEALDESK_NONE;

  if (!price_find_name (price_mode_names, columns->n_modes, cells[columns->mode].text, &charge->mode))
    return price_fail_row (run, line, columns->dataset, cells, columns->n_keys, "mode is \"%.32s\", not %s",
                           cells[columns->mode].text, columns->modes);
  price_copy_currency (charge->currency, cells[columns->currency].text);
  if (charge->mode == DEALDESK_TIER_SHARE)
    {
      if (has_price)
        return price_fail_row (run, line, columns->dataset, cells, columns->n_keys,
                               "mode share takes its percentage from column percent, and has no price");
    }
  else if (price_mode_has_tiers (charge->mode) == has_price)
    return price_fail_row (run, line, columns->dataset, cells, columns->n_keys, "mode %s %s%s%s",
                           price_mode_name (charge->mode),
                           has_price ? "takes its prices from dataset " : "needs a price of its own",
                           has_price ? columns->tiers : "", has_price ? ", not a price of its own" : "");
  return price_read_numbers (run, line, columns, cells, charge);
}

#endif
