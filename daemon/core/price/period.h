/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The calendar of a line: how much of a charge's period lies between two months of its term, exactly.
 *
 * Time is counted in parts from the line's start. For periods of months a part is so small that a day of a
 * month of any length is a whole number of them: an exact fraction is an integer here, and parts of a period
 * always add up to it. Inside the price engine. Pure; any thread.
 */
#pragma once

#include "price/answers.h"

G_BEGIN_DECLS

/* The least common multiple of 28, 29, 30 and 31. */
#define DD_MONTH_PARTS 377580

/* Periods begin on a day of the month; one that was begun before the line's start has days before the first
 * whole period, and the last one may be cut off by the term's end, which is exclusive. */
typedef struct
{
  gint64 start;  /* days since 1970 */
  gint64 first;  /* the first month that begins on the billing day, as year * 12 + month */
  guint day;     /* the billing day; of the start's own up to 31, and then the last of a shorter month */
  gint64 before; /* parts before the first whole month */
} DdCalendar;

/* @billing_day: 1 to 28, or 0 for the start's own day. */
void dd_calendar_init (DdCalendar *calendar, gint32 start, guint billing_day);

/* Parts of @period's kind (of a month, or days) from the start to @months later. */
gint64 dd_calendar_parts (const DdCalendar *calendar, DdPeriod period, guint months);

/* Of those, the ones before the first period that begins on a billing day. */
gint64 dd_calendar_before (const DdCalendar *calendar, DdPeriod period);

/* Parts of one full @period, which must be a period. */
gint64 dd_period_parts (DdPeriod period);

G_END_DECLS
