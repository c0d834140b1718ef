/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the shipped pricing plugins share: a run over one sheet, how it fails, and why a rule didn't apply.
 *
 * Not part of the SDK, nor installed: static inline, compiled into each plugin. A rule that missed is told
 * only while somebody asks, and texts for it are only made then; answers are the same either way. The call's
 * thread.
 */
#ifndef PRICE_RUN_H
#define PRICE_RUN_H

#include "dealdesk-plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct PriceRun
{
  const DealdeskHost *host;
  DealdeskCall *call;
  const DealdeskPricingInput *input;
  int explaining;
  const char *asked; /* (nullable): the one rule that is asked about */
} PriceRun;

/* Lines between two looks at whether the call was cancelled. */
#define PRICE_LINES_PER_LOOK 1024

/* Whether the host has a function that came after the first ones. */
#define PRICE_HOST_HAS(host, member)                                                                         \
  ((host)->size >= offsetof (DealdeskHost, member) + sizeof (host)->member && (host)->member != NULL)

#define PRICE_FAIL(run, line, ...) dealdesk_fail_format ((run)->host, (run)->call, line, __VA_ARGS__)

static inline PriceRun
price_run (const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = { host, call, input, 0, NULL };

  if (PRICE_HOST_HAS (host, explaining) && PRICE_HOST_HAS (host, add_miss))
    run.explaining = host->explaining (call, &run.asked);
  return run;
}

/* Asked before each line, and looks only now and then. 0 after a message: the call was cancelled. */
static inline int
price_goes_on (const PriceRun *run, uint32_t line)
{
  if (line % PRICE_LINES_PER_LOOK != 0 || !run->host->cancelled (run->call))
    return 1;
  dealdesk_fail (run->host, run->call, UINT32_MAX, "cancelled");
  return 0;
}

/* Nobody imported it: a price that doesn't use a plugin shouldn't pay for it. */
static inline int
dataset_is_empty (const PriceRun *run, uint32_t dataset)
{
  return PRICE_HOST_HAS (run->host, count_rows) && run->host->count_rows (run->call, dataset) == 0;
}

/* A line whose product stays as it is, or goes, has no rules: it costs what it cost. */
static inline int
line_changes (const DealdeskLine *line)
{
  return line->action != DEALDESK_ACTION_NO_CHANGE && line->action != DEALDESK_ACTION_DELETE;
}

/* "2026-06-30" of days since 1970. size: 16 is enough for all. */
static inline void
price_format_date (char *text, size_t size, int64_t days)
{
  /* years begin in March here, so that a leap day ends one */
  int64_t shifted = days + 719468;
  int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  int64_t day_of_era = shifted - era * 146097;
  int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month = (5 * day_of_year + 2) / 153;
  int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
  int64_t year = year_of_era + era * 400 + (month >= 10);

  month = month < 10 ? month + 3 : month - 9;
  snprintf (text, size, "%04u-%02u-%02u", (unsigned)(year % 10000) % 10000, (unsigned)month % 100,
            (unsigned)day % 100);
}

/* "12.5" of a quantity. size: 32 is enough for all. */
static inline void
price_format_quantity (char *text, size_t size, int64_t quantity)
{
  dealdesk_format_decimal (text, size, quantity, 6, 0);
}

/* Whether somebody asks about this rule. */
static inline int
price_is_asked (const PriceRun *run, const char *rule)
{
  return run->explaining && (run->asked == NULL || strcmp (run->asked, rule) == 0);
}

/* Says that a rule didn't apply to a line (UINT32_MAX: all), and which condition it missed, with both values.
 */
static inline void __attribute__ ((format (printf, 4, 5)))
price_miss (const PriceRun *run, uint32_t line, const char *rule, const char *format, ...)
{
  char reason[512];
  va_list arguments;

  if (!price_is_asked (run, rule))
    return;
  va_start (arguments, format);
  vsnprintf (reason, sizeof reason, format, arguments);
  va_end (arguments);
  dealdesk_mend (reason);
  dealdesk_miss (run->host, run->call, line, rule, reason);
}

/* For a row that isn't valid on the day of the prices. */
static inline void
price_miss_dates (
  const PriceRun *run, uint32_t line, const char *rule, const DealdeskCell *from, const DealdeskCell *to)
{
  char date[16];

  price_format_date (date, sizeof date, run->input->date);
  if (from->number != DEALDESK_NONE && from->number > run->input->date)
    price_miss (run, line, rule, "its first day is %s, and prices are asked for %s", from->text, date);
  else
    price_miss (run, line, rule, "its last day was %s, and prices are asked for %s", to->text, date);
}

/* Whether a row is valid on the day of the prices; otherwise tells who asks. Either cell may be empty. */
static inline int
price_row_holds (
  const PriceRun *run, uint32_t line, const char *rule, const DealdeskCell *from, const DealdeskCell *to)
{
  if (dealdesk_valid_on (from, to, run->input->date))
    return 1;
  if (run->explaining)
    price_miss_dates (run, line, rule, from, to);
  return 0;
}

#endif
