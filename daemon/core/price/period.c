/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The calendar of a line (see period.h).
 *
 * Days before the first billing day count over the days of the month that the line starts in; days of a month
 * that is cut off count over those of the month in which it begins. Quarters and years are runs of such
 * months. Days and weeks run from the start and know no billing day. Pure; any thread.
 */
#include "price/period.h"

#include "number/day.h"

/* The day in month @index (year * 12 + month from 0) that is @day, or its last when it is shorter. */
static gint64
day_in_month (gint64 index, guint day)
{
  gint64 first = dd_day_from_date (index / 12, (guint)(index % 12) + 1, 1);
  gint64 next = dd_day_from_date ((index + 1) / 12, (guint)((index + 1) % 12) + 1, 1);

  return first + MIN ((gint64)day, next - first) - 1;
}

void
dd_calendar_init (DdCalendar *calendar, gint32 start, guint billing_day)
{
  gint64 year;
  guint month;
  guint day;
  gint64 index;

  dd_day_to_date (start, &year, &month, &day);
  index = year * 12 + month - 1;
  calendar->start = start;
  calendar->day = billing_day == 0 ? day : billing_day;
  calendar->first = calendar->day >= day ? index : index + 1;
  calendar->before = (day_in_month (calendar->first, calendar->day) - start) *
                     (DD_MONTH_PARTS / (day_in_month (index + 1, 1) - day_in_month (index, 1)));
}

/* The first day that is @months after the start; of the 31st that may be a month's last. */
static gint64
day_after (const DdCalendar *calendar, guint months)
{
  gint64 year;
  guint month;
  guint day;

  dd_day_to_date (calendar->start, &year, &month, &day);
  return day_in_month (year * 12 + month - 1 + months, day);
}

/* Parts from the start to @day, by months that begin on the billing day; some of them come before. */
static gint64
parts_to (const DdCalendar *calendar, gint64 day)
{
  gint64 year;
  guint month;
  guint day_of_month;
  gint64 index;
  gint64 begin;
  gint64 length;

  dd_day_to_date (day, &year, &month, &day_of_month);
  index = year * 12 + month - 1;
  begin = day_in_month (index, calendar->day);
  if (begin > day)
    begin = day_in_month (--index, calendar->day);
  if (index < calendar->first)
    {
      /* Before the first billing day: of the days that calendar->before counts. */
      gint64 whole = day_in_month (calendar->first, calendar->day) - calendar->start;

      return calendar->before / whole * (day - calendar->start);
    }
  length = day_in_month (index + 1, calendar->day) - begin;
  return calendar->before + (index - calendar->first) * DD_MONTH_PARTS +
         (day - begin) * (DD_MONTH_PARTS / length);
}

static gboolean
counts_days (DdPeriod period)
{
  return period == DD_PERIOD_DAY || period == DD_PERIOD_WEEK;
}

gint64
dd_calendar_parts (const DdCalendar *calendar, DdPeriod period, guint months)
{
  if (counts_days (period))
    return day_after (calendar, months) - calendar->start;
  if (calendar->before == 0)
    return (gint64)months * DD_MONTH_PARTS;
  return parts_to (calendar, day_after (calendar, months));
}

gint64
dd_calendar_before (const DdCalendar *calendar, DdPeriod period)
{
  return counts_days (period) ? 0 : calendar->before;
}

gint64
dd_period_parts (DdPeriod period)
{
  switch (period)
    {
    case DD_PERIOD_DAY:
      return 1;
    case DD_PERIOD_WEEK:
      return 7;
    case DD_PERIOD_QUARTER:
      return 3 * DD_MONTH_PARTS;
    case DD_PERIOD_YEAR:
      return 12 * DD_MONTH_PARTS;
    default:
      return DD_MONTH_PARTS;
    }
}
