/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What each charge comes to over its line's commitment: the sum of its periods, each rounded once.
 *
 * Where the line's start is known, full periods count as often as they fit and a part of one is its exact
 * fraction (period.h). A period that contract years or the end of free months divide is the exact sum of its
 * parts over the charge's family, rounded once; the parts take what they add to the rounded sum. Where it
 * isn't known, the whole term counts as one such period, in which days and weeks are those of a year of 365
 * days. Pure.
 */
#include "price/period.h"
#include "price/pricing.h"

enum
{
  AMOUNT_VALUE,
  AMOUNT_LIST,
  AMOUNT_COST,
  N_AMOUNTS
};

/* How many periods a month has: numerator and divisor. */
static const struct
{
  gint64 numerator;
  gint64 divisor;
} periods_a_month[DD_N_PERIODS] = {
  [DD_PERIOD_NONE] = { 0, 1 },  [DD_PERIOD_DAY] = { 365, 12 },  [DD_PERIOD_WEEK] = { 365, 84 },
  [DD_PERIOD_MONTH] = { 1, 1 }, [DD_PERIOD_QUARTER] = { 1, 3 }, [DD_PERIOD_YEAR] = { 1, 12 },
};

/* The days before the first full period; it has no number of its own. */
#define PERIOD_BEFORE -1
#define PERIOD_NO     -2

/* A family on its way through the term, in order of years. */
typedef struct
{
  DdPricing *pricing;
  DdSpan *spans;
  DdCalendar calendar; /* of the line with this start and billing day */
  gint32 start;
  guint8 billing_day;
  gint64 steps[N_AMOUNTS]; /* what each amount is rounded to */
  gint64 period;           /* the number of the one that is divided */
  DdWide parts[N_AMOUNTS]; /* its parts so far, over the parts of a full period */
} Walk;

DdWide
dd_period_monthly (DdWide amount, guint period, gint64 minor)
{
  DdWide numerator = amount * periods_a_month[period].numerator;
  gint64 divisor = periods_a_month[period].divisor;

  return divisor == 1 ? numerator : dd_wide_divide_rounded (numerator, (DdWide)divisor * minor) * minor;
}

DdWide
dd_period_flow (DdWide amount, guint period)
{
  return amount * (periods_a_month[period].numerator * (DD_FLOW_PARTS / periods_a_month[period].divisor));
}

static DdWide
rounded (DdWide parts, gint64 whole, gint64 step)
{
  return dd_wide_divide_rounded (parts, (DdWide)whole * step) * step;
}

/* @parts of period @period, which others of the family may have a part of too. */
static void
add_part (Walk *walk,
          gint64 period,
          gint64 parts,
          gint64 whole,
          const DdWide amounts[N_AMOUNTS],
          DdWide sums[N_AMOUNTS])
{
  for (guint i = 0; i < N_AMOUNTS; i++)
    {
      DdWide before = walk->period == period ? walk->parts[i] : 0;

      walk->parts[i] = before + amounts[i] * parts;
      sums[i] += rounded (walk->parts[i], whole, walk->steps[i]) - rounded (before, whole, walk->steps[i]);
    }
  walk->period = period;
}

static void
add_dated (
  Walk *walk, guint period, const DdSpan *span, const DdWide amounts[N_AMOUNTS], DdWide sums[N_AMOUNTS])
{
  gint64 before = dd_calendar_before (&walk->calendar, (DdPeriod)period);
  gint64 whole = span->whole;
  gint64 at = span->begin;
  gint64 end = span->begin + span->parts;

  while (at < end)
    {
      gint64 number = at < before ? PERIOD_BEFORE : (at - before) / whole;
      gint64 begin = number == PERIOD_BEFORE ? 0 : before + number * whole;
      gint64 stop = number == PERIOD_BEFORE ? before : begin + whole;

      if (at == begin && stop <= end && number != PERIOD_BEFORE)
        {
          gint64 n = (end - at) / whole;

          for (guint i = 0; i < N_AMOUNTS; i++)
            sums[i] += amounts[i] * n;
          at += n * whole;
          continue;
        }
      stop = MIN (stop, end);
      add_part (walk, number, stop - at, whole, amounts, sums);
      at = stop;
    }
}

/* The months that a charge is charged in, without those that are free. */
static void
set_months (const DdPriceLine *line, const DdCharge *charge, DdSpan *span)
{
  guint first = 12 * (MAX (charge->first_year, 1) - 1u);
  guint end = charge->last_year == 0 ? G_MAXUINT : 12u * charge->last_year;

  span->first_month = first;
  span->end_month = first;
  if (charge->type == DD_CHARGE_ONE_TIME)
    return;
  span->first_month = MAX (first, charge->free_months);
  span->end_month = MAX (MIN (end, line->commitment), span->first_month);
}

static void
set_parts (Walk *walk, const DdPriceLine *line, const DdCharge *charge, DdSpan *span)
{
  guint months = span->end_month - span->first_month;
  DdPeriod period = (DdPeriod)charge->period;

  if (line->start == DD_NO_DAY)
    {
      span->parts = months * periods_a_month[period].numerator;
      span->whole = periods_a_month[period].divisor;
      return;
    }
  if (walk->start != line->start || walk->billing_day != line->billing_day)
    {
      dd_calendar_init (&walk->calendar, line->start, line->billing_day);
      walk->start = line->start;
      walk->billing_day = line->billing_day;
    }
  span->whole = dd_period_parts (period);
  span->begin = dd_calendar_parts (&walk->calendar, period, span->first_month);
  if (months > 0)
    span->parts = dd_calendar_parts (&walk->calendar, period, span->end_month) - span->begin;
}

static gboolean
count_charge (Walk *walk, guint32 index, GError **error)
{
  DdPricing *pricing = walk->pricing;
  const DdCharge *charge = &pricing->charges[index];
  const DdPriceLine *line = &pricing->lines[charge->line];
  const DdChargeResult *result = &pricing->results[index];
  DdWorth *worth = &g_array_index (pricing->sheet->worths, DdWorth, index);
  DdSpan *span = &walk->spans[index];
  DdWide amounts[N_AMOUNTS] = { result->net, (DdWide)result->list - result->installed, result->cost };
  DdWide sums[N_AMOUNTS] = { 0 };

  set_months (line, charge, span);
  walk->steps[AMOUNT_VALUE] = walk->steps[AMOUNT_LIST] = dd_pricing_minor (pricing, charge->currency);
  walk->steps[AMOUNT_COST] = 1;
  if (charge->type == DD_CHARGE_ONE_TIME)
    for (guint i = 0; i < N_AMOUNTS; i++)
      sums[i] = amounts[i];
  else
    {
      set_parts (walk, line, charge, span);
      if (span->whole == 1 && line->start == DD_NO_DAY)
        for (guint i = 0; i < N_AMOUNTS; i++)
          sums[i] = amounts[i] * span->parts;
      else if (line->start == DD_NO_DAY)
        add_part (walk, 0, span->parts, span->whole, amounts, sums);
      else
        add_dated (walk, charge->period, span, amounts, sums);
    }
  if (!dd_wide_to_int64 (sums[AMOUNT_VALUE], &worth->value, error) ||
      !dd_wide_to_int64 (sums[AMOUNT_LIST], &worth->list, error) ||
      !dd_wide_to_int64 (sums[AMOUNT_COST], &worth->cost, error))
    return dd_pricing_place_error (pricing, index, error);
  return TRUE;
}

/* Of the family of charge @first, the one whose years begin next after @year; *@end when there is none. */
static guint32
next_in_family (const DdCharge *charges, guint32 first, guint32 end, guint year)
{
  guint32 next = end;

  for (guint32 i = first; i < end; i++)
    if (charges[i].first_year > year && dd_charge_same_family (&charges[i], &charges[first]) &&
        (next == end || charges[i].first_year < charges[next].first_year))
      next = i;
  return next;
}

static gboolean
begins_family (const DdCharge *charges, guint32 line_first, guint32 index)
{
  for (guint32 i = line_first; i < index; i++)
    if (dd_charge_same_family (&charges[i], &charges[index]))
      return FALSE;
  return TRUE;
}

static gboolean
count_family (Walk *walk, guint32 line_first, guint32 line_end, guint32 index, GError **error)
{
  const DdCharge *charges = walk->pricing->charges;

  walk->period = PERIOD_NO;
  if (charges[index].first_year == 0 || charges[index].type == DD_CHARGE_ONE_TIME)
    return count_charge (walk, index, error);
  if (!begins_family (charges, line_first, index))
    return TRUE;
  for (guint32 member = next_in_family (charges, index, line_end, 0); member < line_end;
       member = next_in_family (charges, index, line_end, charges[member].first_year))
    if (!count_charge (walk, member, error))
      return FALSE;
  return TRUE;
}

gboolean
dd_pricing_count_worths (DdPricing *pricing, DdSpan *spans, GError **error)
{
  guint32 n_charges = pricing->answers->charges->len;
  Walk walk = { .pricing = pricing, .spans = spans };
  guint32 line_end = 0;

  for (guint32 first = 0; first < n_charges; first = line_end)
    {
      guint32 line = pricing->charges[first].line;

      for (line_end = first; line_end < n_charges && pricing->charges[line_end].line == line;)
        line_end++;
      if (pricing->lines[line].billing_day > 28)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "line \"%s\": billing day %u isn't one that every month has; 1 to 28 are",
                        pricing->lines[line].id, pricing->lines[line].billing_day);
      for (guint32 i = first; i < line_end; i++)
        if (pricing->results[i].counted && !pricing->results[i].rate &&
            !count_family (&walk, first, line_end, i, error))
          return FALSE;
    }
  return TRUE;
}
