/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limits of authority as text, in the terms of the measure that they limit: "10%", "EUR 25000", "36",
 * "fallback-1". Exact; no state.
 */
#pragma once

#include "dealdesk-plugin.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALK_AWAY   1000
#define MAX_RUNG    (WALK_AWAY - 1)
#define CLAUSE_RUNG "clause.rung"

/* A decimal times 10^scale, the whole of @text up to @end. */
static inline int
parse_decimal (const char *text, const char *end, int scale, int64_t *out_value)
{
  __int128 value = 0;
  int negative = *text == '-';
  int digits = 0;
  int point = 0;

  for (text += negative; text < end; text++)
    {
      if (*text == '.' && !point && digits > 0)
        {
          point = 1;
          continue;
        }
      if (!isdigit ((unsigned char)*text) || (point && scale-- == 0))
        return 0;
      value = value * 10 + (*text - '0');
      digits++;
      if (value > INT64_MAX)
        return 0;
    }
  if (digits == 0 || end[-1] == '.')
    return 0;
  for (; scale > 0 && value <= INT64_MAX; scale--)
    value *= 10;
  if (value > INT64_MAX)
    return 0;
  *out_value = (int64_t)(negative ? -value : value);
  return 1;
}

/* "EUR 25000" in micros; its currency has four bytes. */
static inline int
parse_money (const char *text, char currency[4], int64_t *out_value)
{
  size_t length = strlen (text);

  if (length < 5 || text[3] != ' ' || !parse_decimal (text + 4, text + length, 6, out_value))
    return 0;
  memcpy (currency, text, 3);
  currency[3] = '\0';
  return 1;
}

/* A clause's ladder: "preferred" is 0, "fallback-2" 2, "walk-away" the last. */
static inline int
parse_rung (const char *text, int64_t *out_value)
{
  const char *const fallback = "fallback-";

  if (strcmp (text, "preferred") == 0)
    *out_value = 0;
  else if (strcmp (text, "walk-away") == 0)
    *out_value = WALK_AWAY;
  else if (strncmp (text, fallback, strlen (fallback)) != 0 ||
           !parse_decimal (text + strlen (fallback), text + strlen (text), 0, out_value) || *out_value < 1 ||
           *out_value > MAX_RUNG)
    return 0;
  return 1;
}

static inline int
parse_limit (const DealdeskMeasure *measure, const char *text, int64_t *out_value)
{
  size_t length = strlen (text);
  char currency[4];

  if (strcmp (measure->name, CLAUSE_RUNG) == 0)
    return parse_rung (text, out_value);
  if (measure->percent)
    return length > 1 && text[length - 1] == '%' && parse_decimal (text, text + length - 1, 7, out_value);
  if (measure->currency[0] == '\0')
    return parse_decimal (text, text + length, 0, out_value);
  return parse_money (text, currency, out_value) && strcmp (currency, measure->currency) == 0;
}

/* What parse_limit() takes, for people. */
static inline const char *
limit_form (const DealdeskMeasure *measure)
{
  if (strcmp (measure->name, CLAUSE_RUNG) == 0)
    return "rungs like fallback-1";
  if (measure->percent)
    return "percentages like 10%";
  return measure->currency[0] != '\0' ? "amounts in its currency like EUR 25000" : "whole numbers";
}

static inline void
format_decimal (char *text, size_t size, int64_t value, int scale, int min_digits)
{
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  uint64_t unit = 1;
  int length;
  int n_digits;

  for (int i = 0; i < scale; i++)
    unit *= 10;
  n_digits = snprintf (text, size, "%s%llu", value < 0 ? "-" : "", (unsigned long long)(rest / unit));
  if (scale == 0)
    return;
  length = n_digits + snprintf (text + n_digits, size - (size_t)n_digits, ".%0*llu", scale,
                                (unsigned long long)(rest % unit));
  while (length > n_digits + 1 + min_digits && text[length - 1] == '0')
    text[--length] = '\0';
  if (text[length - 1] == '.')
    text[length - 1] = '\0';
}

static inline void
format_rung (int64_t value, char *text, size_t size)
{
  if (value <= 0 || value >= WALK_AWAY)
    snprintf (text, size, "%s", value <= 0 ? "preferred" : "walk-away");
  else
    snprintf (text, size, "fallback-%d", (int)value);
}

static inline void
format_value (const DealdeskMeasure *measure, int64_t value, char *text, size_t size)
{
  char number[48];

  if (strcmp (measure->name, CLAUSE_RUNG) == 0)
    format_rung (value, text, size);
  else if (measure->percent)
    {
      format_decimal (number, sizeof number, value, 7, 0);
      snprintf (text, size, "%s%%", number);
    }
  else
    {
      format_decimal (number, sizeof number, value, measure->currency[0] != '\0' ? 6 : 0, 2);
      snprintf (text, size, "%.3s%s%s", measure->currency, measure->currency[0] != '\0' ? " " : "", number);
    }
}

/* What was measured: a text as it is, cut where it is long. */
static inline void
format_measured (const DealdeskMeasure *measure, char *text, size_t size)
{
  if (measure->text[0] == '\0')
    {
      format_value (measure, measure->value, text, size);
      return;
    }
  snprintf (text, size, "%s", measure->text);
  dealdesk_mend (text);
}
