/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Days of the proleptic Gregorian calendar (see day.h). Pure; any thread.
 */
#include "number/day.h"

#define DAYS_OF_ERA  146097 /* 400 years */
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

/* Years are counted from March, so that the leap day is a year's last. */
gint64
dd_day_from_date (gint64 year, guint month, guint day)
{
  gint64 shifted = month <= 2 ? year - 1 : year;
  gint64 era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  gint64 year_of_era = shifted - era * 400;
  gint64 day_of_year = (153 * ((gint64)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * DAYS_OF_ERA + day_of_era - DAYS_TO_1970;
}

void
dd_day_to_date (gint64 day, gint64 *out_year, guint *out_month, guint *out_day)
{
  gint64 shifted = day + DAYS_TO_1970;
  gint64 era = (shifted >= 0 ? shifted : shifted - (DAYS_OF_ERA - 1)) / DAYS_OF_ERA;
  gint64 day_of_era = shifted - era * DAYS_OF_ERA;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint month = (guint)((5 * day_of_year + 2) / 153);

  *out_day = (guint)(day_of_year - (153 * month + 2) / 5 + 1);
  *out_month = month < 10 ? month + 3 : month - 9;
  *out_year = year_of_era + era * 400 + (*out_month <= 2);
}

char *
dd_day_format (gint64 day)
{
  gint64 year;
  guint month;
  guint of_month;

  dd_day_to_date (day, &year, &month, &of_month);
  return g_strdup_printf ("%04" G_GINT64_FORMAT "-%02u-%02u", year, month, of_month);
}
