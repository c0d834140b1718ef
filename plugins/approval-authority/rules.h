/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of dataset authority as rules: which of them speak of a measure today, and of which values.
 */
#pragma once

#include "limits.h"

#include <stdarg.h>

enum
{
  COLUMN_MEASURE,
  COLUMN_ID,
  COLUMN_WHO,
  COLUMN_SUBJECT,
  COLUMN_ABOVE,
  COLUMN_UP_TO,
  COLUMN_IS,
  COLUMN_WORSE,
  COLUMN_CURRENCY,
  COLUMN_SEGMENT,
  COLUMN_CATEGORY,
  COLUMN_COUNTRY,
  COLUMN_VALUE_FROM,
  COLUMN_VALUE_BELOW,
  COLUMN_LEVEL,
  COLUMN_NEED,
  COLUMN_INFORM,
  COLUMN_VALID_FROM,
  COLUMN_VALID_TO
};

#define CONTRACT_VALUE "contract.value"
#define MAX_LEVEL      1000
#define MAX_NEED       1000
#define NEED_ALL       UINT32_MAX

/* One row that is valid today for this customer. The range is (above, up_to]. */
typedef struct
{
  const char *id;
  const char *who;
  const char *is;     /* values of a text, by "|"; "" for any */
  const char *inform; /* who is told; "" for nobody */
  int64_t above;      /* INT64_MIN: no lower end */
  int64_t up_to;      /* INT64_MAX: no upper end */
  uint32_t level;
  uint32_t need;
  uint32_t worse;
  uint32_t band; /* index of the contract value that it has a condition on, or UINT32_MAX */
  uint32_t row;
  int theirs; /* the requester, or a group or role of theirs, and one person is enough */
} Rule;

typedef struct
{
  const DealdeskHost *host;
  DealdeskCall *call;
  const DealdeskApprovalInput *input;
  const DealdeskMeasure *measure;
  uint32_t index; /* of the measure */
  Rule *rules;
  uint32_t n_rules;
  uint32_t *values; /* indexes of the contract's values, one a currency: few among the many of lines */
  uint32_t n_values;
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

static inline int
who_is_sound (const char *who)
{
  static const char *const kinds[] = { "user:", "group:", "role:" };

  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (strncmp (who, kinds[i], strlen (kinds[i])) == 0)
      return who[strlen (kinds[i])] != '\0';
  return 0;
}

static inline int
is_theirs (const DealdeskApprovalInput *input, const char *who)
{
  if (strcmp (who, "role:owner") == 0)
    return input->owner[0] != '\0' && strcmp (input->owner, input->requester) == 0;
  return dealdesk_requester_is (input, who);
}

static inline int
fits (const DealdeskCell *cell, const char *text)
{
  return cell->text[0] == '\0' || strcmp (cell->text, text) == 0;
}

/* Whether the row speaks of the measure at all, whatever the contract comes to. */
static inline int
applies (const Check *check, const DealdeskCell *cells)
{
  const DealdeskMeasure *measure = check->measure;
  const char *currency = cells[COLUMN_CURRENCY].text;

  return dealdesk_valid_on (&cells[COLUMN_VALID_FROM], &cells[COLUMN_VALID_TO], check->input->date) &&
         fits (&cells[COLUMN_SEGMENT], check->input->segment) &&
         fits (&cells[COLUMN_COUNTRY], check->input->country) &&
         (currency[0] == '\0' || measure->currency[0] == '\0' ||
          strncmp (currency, measure->currency, 4) == 0);
}

/* --- the contract's value as a condition --- */

/* FALSE without memory. */
static inline int
find_contract_values (Check *check)
{
  check->values = malloc ((check->input->n_measures + (size_t)1) * sizeof *check->values);
  for (uint32_t i = 0; check->values != NULL && i < check->input->n_measures; i++)
    if (strcmp (dealdesk_measure (check->input, i)->name, CONTRACT_VALUE) == 0)
      check->values[check->n_values++] = i;
  return check->values != NULL;
}

static inline uint32_t
find_contract_value (const Check *check, const char *currency)
{
  for (uint32_t i = 0; i < check->n_values; i++)
    if (strncmp (dealdesk_measure (check->input, check->values[i])->currency, currency, 4) == 0)
      return check->values[i];
  return UINT32_MAX;
}

/* Whether the contract is worth something in another currency than @band. */
static inline int
is_worth_more (const Check *check, uint32_t band)
{
  for (uint32_t i = 0; i < check->n_values; i++)
    if (check->values[i] != band && dealdesk_measure (check->input, check->values[i])->value > 0)
      return 1;
  return 0;
}

/* Whether the contract's value lies in the row's band: from value_from, below value_below. Of a deal without
 * any value in the band's currency nothing can be said, so the rule isn't its; nor of one that is worth more
 * in another currency that it is below. */
static DealdeskResult
check_band (const Check *check, const DealdeskCell *cells, uint32_t *out_band, int *out_inside)
{
  const char *const ends[] = { cells[COLUMN_VALUE_FROM].text, cells[COLUMN_VALUE_BELOW].text };

  *out_band = UINT32_MAX;
  *out_inside = 1;
  for (int i = 0; i < 2; i++)
    {
      char currency[4] = "";
      int64_t end = 0;
      int64_t value;

      if (ends[i][0] == '\0')
        continue;
      if (!parse_money (ends[i], currency, &end))
        return fail (check, "dataset authority, rule %.64s: %s \"%.32s\" should be an amount like EUR 25000",
                     cells[COLUMN_ID].text, i == 0 ? "value_from" : "value_below", ends[i]);
      *out_band = find_contract_value (check, currency);
      if (*out_band == UINT32_MAX)
        {
          *out_inside = 0;
          return DEALDESK_OK;
        }
      value = dealdesk_measure (check->input, *out_band)->value;
      if (i == 0 ? value < end : value >= end || is_worth_more (check, *out_band))
        *out_inside = 0;
    }
  return DEALDESK_OK;
}

/* --- a row --- */

static DealdeskResult
read_range (const Check *check, const DealdeskCell *cells, Rule *rule)
{
  const DealdeskMeasure *measure = check->measure;
  const char *above = cells[COLUMN_ABOVE].text;
  const char *up_to = cells[COLUMN_UP_TO].text;

  rule->above = INT64_MIN;
  rule->up_to = INT64_MAX;
  rule->is = cells[COLUMN_IS].text;
  if (measure->text[0] != '\0')
    {
      if (above[0] == '\0' && up_to[0] == '\0')
        return DEALDESK_OK;
      return fail (check,
                   "dataset authority, rule %.64s: %.64s is a text here, \"%.64s\": column is says which, "
                   "above and up_to stay empty",
                   rule->id, measure->name, measure->text);
    }
  if (rule->is[0] != '\0')
    return fail (check, "dataset authority, rule %.64s: is \"%.32s\" is for texts; %.64s is measured: use %s",
                 rule->id, rule->is, measure->name, "above and up_to");
  if ((above[0] != '\0' && !parse_limit (measure, above, &rule->above)) ||
      (up_to[0] != '\0' && !parse_limit (measure, up_to, &rule->up_to)))
    return fail (check,
                 "dataset authority, rule %.64s: above \"%.32s\" and up_to \"%.32s\" must be %s, as %.64s is",
                 rule->id, above, up_to, limit_form (measure), measure->name);
  if (rule->up_to <= rule->above)
    return fail (check, "dataset authority, rule %.64s: above \"%.32s\" isn't below up_to \"%.32s\"",
                 rule->id, above, up_to);
  return DEALDESK_OK;
}

static DealdeskResult
read_need (const Check *check, const DealdeskCell *cells, Rule *rule)
{
  const char *need = cells[COLUMN_NEED].text;
  int64_t number = 1;

  if (strcmp (need, "all") == 0)
    rule->need = NEED_ALL;
  else if (need[0] == '\0' || strcmp (need, "any") == 0)
    rule->need = 1;
  else if (parse_decimal (need, need + strlen (need), 0, &number) && number >= 1 && number <= MAX_NEED)
    rule->need = (uint32_t)number;
  else
    return fail (check, "dataset authority, rule %.64s: need \"%.32s\" should be any, all, or how many",
                 rule->id, need);
  return DEALDESK_OK;
}

/* enum(higher|lower|changed), as the dataset holds it. */
static inline uint32_t
read_worse (const DealdeskMeasure *measure, const char *worse)
{
  if (worse[0] == '\0')
    return measure->worse;
  return strcmp (worse, "higher") == 0  ? DEALDESK_WORSE_HIGHER
         : strcmp (worse, "lower") == 0 ? DEALDESK_WORSE_LOWER
                                        : DEALDESK_WORSE_CHANGED;
}

/* In which direction more authority is needed: that in which it is worse, but a large contract needs more
 * although it is better. */
static inline uint32_t
demanding (const DealdeskMeasure *measure, const Rule *rule)
{
  return strcmp (measure->name, CONTRACT_VALUE) == 0 ? DEALDESK_WORSE_HIGHER : rule->worse;
}

/* One of two who must agree hasn't the authority of both. */
static inline int
needs_one (const Rule *rule)
{
  return rule->need == 1 || (rule->need == NEED_ALL &&
                             (strncmp (rule->who, "user:", 5) == 0 || strcmp (rule->who, "role:owner") == 0));
}

static DealdeskResult
read_rule (const Check *check, const DealdeskCell *cells, Rule *rule)
{
  int64_t level = cells[COLUMN_LEVEL].number;

  rule->id = cells[COLUMN_ID].text;
  rule->who = cells[COLUMN_WHO].text;
  rule->inform = cells[COLUMN_INFORM].text;
  if (rule->inform[0] != '\0' && !who_is_sound (rule->inform))
    return fail (check,
                 "dataset authority, rule %.64s: inform \"%.64s\" is none of user:NAME, group:NAME, %s",
                 rule->id, rule->inform, "role:NAME");
  if (!who_is_sound (rule->who))
    return fail (check, "dataset authority, rule %.64s: who is \"%.64s\", none of user:NAME, group:NAME, %s",
                 rule->id, rule->who, "role:NAME");
  if (level != DEALDESK_NONE && (level < 0 || level > MAX_LEVEL))
    return fail (check, "dataset authority, rule %.64s: level must be 0 to %d", rule->id, MAX_LEVEL);
  if (read_range (check, cells, rule) != DEALDESK_OK || read_need (check, cells, rule) != DEALDESK_OK)
    return DEALDESK_FAILED;
  rule->worse = read_worse (check->measure, cells[COLUMN_WORSE].text);

  /* Authority that begins at nothing covers less than nothing too: a surcharge needs no more authority than
   * 0%. */
  if (rule->above == 0 && demanding (check->measure, rule) == DEALDESK_WORSE_HIGHER)
    rule->above = INT64_MIN;
  rule->level = level != DEALDESK_NONE ? (uint32_t)level : 1;
  rule->theirs = needs_one (rule) && is_theirs (check->input, rule->who);
  return DEALDESK_OK;
}

/* The rules of @rows that speak of the measure; @out_governed: whether any row is about its subject and
 * category, today or not, for this customer or not. */
static DealdeskResult
read_rules (Check *check, const DealdeskRows *rows, int *out_governed)
{
  *out_governed = 0;
  check->n_rules = 0;
  for (uint32_t row = 0; row < rows->n_rows; row++)
    {
      const DealdeskCell *cells = dealdesk_cell (rows, row, 0);
      Rule *rule = &check->rules[check->n_rules];
      int inside;

      if (!fits (&cells[COLUMN_SUBJECT], check->measure->subject) ||
          !fits (&cells[COLUMN_CATEGORY], check->measure->category))
        continue;
      *out_governed = 1;
      if (!applies (check, cells))
        continue;
      if (check_band (check, cells, &rule->band, &inside) != DEALDESK_OK)
        return DEALDESK_FAILED;
      if (!inside)
        continue;
      if (read_rule (check, cells, rule) != DEALDESK_OK)
        return DEALDESK_FAILED;
      rule->row = row;
      check->n_rules++;
    }
  return DEALDESK_OK;
}

/* --- what a rule says of the value --- */

/* Whether @text is one of @list, by "|". */
static inline int
is_listed_text (const char *list, const char *text)
{
  size_t length = strlen (text);

  for (const char *at = list; at != NULL; at = strchr (at, '|'))
    {
      at += *at == '|';
      if (strncmp (at, text, length) == 0 && (at[length] == '|' || at[length] == '\0'))
        return 1;
    }
  return 0;
}

static inline int
covers (const Check *check, const Rule *rule)
{
  const DealdeskMeasure *measure = check->measure;

  if (measure->text[0] != '\0')
    return rule->is[0] == '\0' || is_listed_text (rule->is, measure->text);
  return (rule->above == INT64_MIN || rule->above < measure->value) && measure->value <= rule->up_to;
}

/* Who may agree to a worse value may agree to a better one: an approver of 10% to 25% may give 5%. */
static inline int
within (const Check *check, const Rule *rule)
{
  int64_t value = check->measure->value;

  if (!rule->theirs)
    return 0;
  if (check->measure->text[0] != '\0')
    return covers (check, rule);
  switch (demanding (check->measure, rule))
    {
    case DEALDESK_WORSE_HIGHER:
      return value <= rule->up_to;
    case DEALDESK_WORSE_LOWER:
      return rule->above == INT64_MIN || value > rule->above;
    default:
      return covers (check, rule);
    }
}
