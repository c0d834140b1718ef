/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Standing authority: who may agree to which value of a measure, by the rows of dataset authority.
 *
 * Fails closed: a value that no valid rule covers refuses the move, a rule that can't be read refuses it too,
 * and the discretionary discount is governed even when the dataset says nothing of it, or nobody measured it.
 * Stateless; any thread.
 */
#include "dealdesk-plugin.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  COLUMN_MEASURE,
  COLUMN_ID,
  COLUMN_WHO,
  COLUMN_ABOVE,
  COLUMN_UP_TO,
  COLUMN_CURRENCY,
  COLUMN_SEGMENT,
  COLUMN_LEVEL,
  COLUMN_VALID_FROM,
  COLUMN_VALID_TO
};

#define ALWAYS_GOVERNED "discount.discretionary"
#define MAX_LEVEL       1000

/* One row that is valid today for this customer and currency. The range is (above, up_to]. */
typedef struct
{
  const char *id;
  const char *who;
  int64_t above; /* INT64_MIN: no lower end */
  int64_t up_to; /* INT64_MAX: no upper end */
  uint32_t level;
  int theirs; /* the requester, or a group of theirs */
} Rule;

typedef struct
{
  const DealdeskHost *host;
  DealdeskCall *call;
  const DealdeskApprovalInput *input;
  const DealdeskMeasure *measure;
  int higher_is_worse;
  Rule *rules;
  uint32_t n_rules;
} Check;

static DealdeskResult __attribute__ ((format (printf, 2, 3)))
fail (const Check *check, const char *format, ...)
{
  char message[768];
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  dealdesk_mend (message);
  return dealdesk_fail (check->host, check->call, UINT32_MAX, message);
}

/* --- values as text --- */

/* A decimal times 10^scale, the whole of @text up to @end. */
static int
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

/* A limit in the terms of @measure: "10%", "EUR 25000" or "36". */
static int
parse_limit (const DealdeskMeasure *measure, const char *text, int64_t *out_value)
{
  size_t length = strlen (text);

  if (measure->percent)
    return length > 1 && text[length - 1] == '%' && parse_decimal (text, text + length - 1, 7, out_value);
  if (measure->currency[0] == '\0')
    return parse_decimal (text, text + length, 0, out_value);
  return length > 4 && strncmp (text, measure->currency, 3) == 0 && text[3] == ' ' &&
         parse_decimal (text + 4, text + length, 6, out_value);
}

static void
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

static void
format_value (const DealdeskMeasure *measure, int64_t value, char *text, size_t size)
{
  char number[48];

  if (measure->percent)
    {
      format_decimal (number, sizeof number, value, 7, 0);
      snprintf (text, size, "%s%%", number);
      return;
    }
  format_decimal (number, sizeof number, value, measure->currency[0] != '\0' ? 6 : 0, 2);
  snprintf (text, size, "%.3s%s%s", measure->currency, measure->currency[0] != '\0' ? " " : "", number);
}

/* --- rules --- */

static int
is_theirs (const DealdeskApprovalInput *input, const char *who)
{
  if (strncmp (who, "user:", 5) == 0)
    return strcmp (who + 5, input->requester) == 0;
  for (uint32_t i = 0; i < input->n_groups; i++)
    if (strcmp (who + 6, input->groups[i]) == 0)
      return 1;
  return 0;
}

static int
applies (const Check *check, const DealdeskCell *cells)
{
  const char *segment = cells[COLUMN_SEGMENT].text;
  const char *currency = cells[COLUMN_CURRENCY].text;

  if (!dealdesk_valid_on (&cells[COLUMN_VALID_FROM], &cells[COLUMN_VALID_TO], check->input->date))
    return 0;
  if (segment[0] != '\0' && strcmp (segment, check->input->segment) != 0)
    return 0;
  return currency[0] == '\0' || check->measure->currency[0] == '\0' ||
         strncmp (currency, check->measure->currency, 4) == 0;
}

static DealdeskResult
read_rule (const Check *check, const DealdeskCell *cells, Rule *out_rule)
{
  const char *above = cells[COLUMN_ABOVE].text;
  const char *up_to = cells[COLUMN_UP_TO].text;
  const char *who = cells[COLUMN_WHO].text;
  int64_t level = cells[COLUMN_LEVEL].number;
  Rule rule = { .id = cells[COLUMN_ID].text, .who = who, .above = INT64_MIN, .up_to = INT64_MAX, .level = 1 };

  if ((strncmp (who, "user:", 5) != 0 || who[5] == '\0') &&
      (strncmp (who, "group:", 6) != 0 || who[6] == '\0'))
    return fail (check, "dataset authority, rule %.64s: who is \"%.64s\", not user:NAME or group:NAME",
                 rule.id, who);
  if ((above[0] != '\0' && !parse_limit (check->measure, above, &rule.above)) ||
      (up_to[0] != '\0' && !parse_limit (check->measure, up_to, &rule.up_to)))
    return fail (check,
                 "dataset authority, rule %.64s: above \"%.32s\" and up_to \"%.32s\" must be %s, as %.64s is",
                 rule.id, above, up_to,
                 check->measure->percent               ? "percentages like 10%"
                 : check->measure->currency[0] != '\0' ? "amounts in its currency like EUR 25000"
                                                       : "whole numbers",
                 check->measure->name);
  if (rule.up_to <= rule.above)
    return fail (check, "dataset authority, rule %.64s: above \"%.32s\" isn't below up_to \"%.32s\"", rule.id,
                 above, up_to);
  if (level != DEALDESK_NONE && (level < 0 || level > MAX_LEVEL))
    return fail (check, "dataset authority, rule %.64s: level must be 0 to %d", rule.id, MAX_LEVEL);

  /* Authority that begins at nothing covers less than nothing too: a surcharge needs no more authority than
   * 0%. */
  if (rule.above == 0 && check->higher_is_worse)
    rule.above = INT64_MIN;
  rule.level = level != DEALDESK_NONE ? (uint32_t)level : 1;
  rule.theirs = is_theirs (check->input, who);
  *out_rule = rule;
  return DEALDESK_OK;
}

static DealdeskResult
read_rules (Check *check, const DealdeskRows *rows)
{
  for (uint32_t row = 0; row < rows->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, row, 0);

      if (!applies (check, cells))
        continue;
      if (read_rule (check, cells, &check->rules[check->n_rules]) != DEALDESK_OK)
        return DEALDESK_FAILED;
      check->n_rules++;
    }
  return DEALDESK_OK;
}

/* --- the decision --- */

static int
covers (const Check *check, const Rule *rule)
{
  int64_t value = check->measure->value;

  return (rule->above == INT64_MIN || rule->above < value) && value <= rule->up_to;
}

/* Who may agree to a worse value may agree to a better one: an approver of 10% to 25% may give 5%. */
static int
within (const Check *check, const Rule *rule)
{
  int64_t value = check->measure->value;

  if (!rule->theirs)
    return 0;
  return check->higher_is_worse ? value <= rule->up_to : rule->above == INT64_MIN || value > rule->above;
}

/* The furthest that the requester may go, as text; "none" without any rule of theirs. */
static void
find_limit (const Check *check, char *text, size_t size)
{
  const Rule *furthest = NULL;

  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (!rule->theirs)
        continue;
      if (furthest == NULL ||
          (check->higher_is_worse ? rule->up_to > furthest->up_to : rule->above < furthest->above))
        furthest = rule;
    }
  if (furthest == NULL)
    snprintf (text, size, "none");
  else
    format_value (check->measure, check->higher_is_worse ? furthest->up_to : furthest->above, text, size);
}

static void
append (char *text, size_t size, const char *more)
{
  size_t length = strlen (text);

  snprintf (text + length, size - length, "%s%.64s", length > 0 ? "," : "", more);
  dealdesk_mend (text + length);
}

static int
is_listed (const char *const *candidates, uint32_t n_candidates, const char *who)
{
  for (uint32_t i = 0; i < n_candidates; i++)
    if (strcmp (candidates[i], who) == 0)
      return 1;
  return 0;
}

/* One requirement of all candidates at the lowest level whose rules cover the value. */
static DealdeskResult
require_approval (const Check *check, uint32_t level, const char *value, const char **candidates)
{
  char rules[512] = "";
  char limit[64];
  DealdeskRequirement requirement = {
    .size = sizeof requirement,
    .level = level,
    .need = 1,
    .higher_is_worse = check->higher_is_worse != 0,
    .rule = rules,
    .measure = check->measure->name,
    .value = value,
    .limit = limit,
    .candidates = candidates,
  };

  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (rule->level != level || !covers (check, rule))
        continue;
      append (rules, sizeof rules, rule->id);
      if (!is_listed (candidates, requirement.n_candidates, rule->who))
        candidates[requirement.n_candidates++] = rule->who;
    }
  find_limit (check, limit, sizeof limit);
  check->host->add_requirement (check->call, &requirement);
  return DEALDESK_OK;
}

static DealdeskResult
decide (const Check *check, const char **candidates)
{
  uint32_t level = UINT32_MAX;
  char value[64];

  format_value (check->measure, check->measure->value, value, sizeof value);
  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (within (check, rule))
        return DEALDESK_OK;
      if (covers (check, rule) && rule->level < level)
        level = rule->level;
    }
  if (level == UINT32_MAX)
    return fail (
      check,
      "%.64s is %s, and nobody has authority for it: dataset authority needs a rule of measure %.64s with "
      "above < %s <= up_to that is valid today%s%.3s%s%.64s",
      check->measure->name, value, check->measure->name, value,
      check->measure->currency[0] != '\0' ? ", for currency " : "", check->measure->currency,
      check->input->segment[0] != '\0' ? ", for segment " : "", check->input->segment);
  return require_approval (check, level, value, candidates);
}

static DealdeskResult
check_measure (Check *check)
{
  DealdeskRows rows = { 0 };
  const char **candidates;
  DealdeskResult result = DEALDESK_FAILED;

  check->host->lookup (check->call, 0, &check->measure->name, 1, &rows);
  if (rows.n_rows == 0 && strcmp (check->measure->name, ALWAYS_GOVERNED) != 0)
    return DEALDESK_OK;
  check->n_rules = 0;
  check->higher_is_worse = strcmp (check->measure->name, "margin") != 0;
  check->rules = malloc (((size_t)rows.n_rows + 1) * sizeof *check->rules);
  candidates = malloc (((size_t)rows.n_rows + 1) * sizeof *candidates);
  if (check->rules == NULL || candidates == NULL)
    fail (check, "out of memory");
  else if (read_rules (check, &rows) == DEALDESK_OK)
    result = decide (check, candidates);
  free (candidates);
  free (check->rules);
  return result;
}

static int
is_measured (const DealdeskApprovalInput *input, const char *name)
{
  for (uint32_t i = 0; i < input->n_measures; i++)
    if (strcmp (dealdesk_measure (input, i)->name, name) == 0)
      return 1;
  return 0;
}

/* What wasn't measured can't be judged; where it is governed, that is no reason to let it pass. */
static DealdeskResult
check_all_measured (const Check *check)
{
  const char *const margin = "margin";
  DealdeskRows rows = { 0 };

  if (!is_measured (check->input, ALWAYS_GOVERNED))
    return fail (check, "nobody can agree to it: %s wasn't measured, and it is always governed",
                 ALWAYS_GOVERNED);
  if (is_measured (check->input, margin))
    return DEALDESK_OK;
  check->host->lookup (check->call, 0, &margin, 1, &rows);
  if (rows.n_rows == 0)
    return DEALDESK_OK;
  return fail (check, "dataset authority governs the margin, and it isn't known: give the charges' costs");
}

static DealdeskResult
require (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskApprovalInput *input)
{
  Check check = { .host = host, .call = call, .input = input };

  (void)instance;
  for (uint32_t i = 0; i < input->n_measures; i++)
    {
      check.measure = dealdesk_measure (input, i);
      if (check_measure (&check) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return check_all_measured (&check);
}

static const DealdeskApproval approval = {
  .size = sizeof approval,
  .require = require,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "approval-authority",
  .version = "1",
  .approval = &approval,
};
