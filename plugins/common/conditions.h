/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Conditions of the shipped plugins' rules: is the quantity enough, is it this customer's? A condition that
 * is missed is told to whoever asks why, with both values. An empty cell, or "*" where text is compared, is
 * no condition. The call's thread.
 */
#ifndef PRICE_CONDITIONS_H
#define PRICE_CONDITIONS_H

#include "price-rows.h"

#include <stddef.h>
#include <stdlib.h>

/* A row while it is looked at. */
typedef struct Rule
{
  const PriceRun *run;
  const char *dataset;
  const char *key; /* leading key of its row: messages name the row by both */
  const char *id;  /* the rule's */
  uint32_t line;   /* index, or UINT32_MAX: all lines */
} Rule;

/* Notes that the rule doesn't apply, and gives 0. */
#define RULE_MISS(rule, ...) (price_miss ((rule)->run, (rule)->line, (rule)->id, __VA_ARGS__), 0)

/* Refuses the sheet: "dataset promotions, dia-100, spring: …". Returns 0. */
static inline int __attribute__ ((format (printf, 2, 3)))
rule_fail (const Rule *rule, const char *format, ...)
{
  char message[512];
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  dealdesk_mend (message);
  PRICE_FAIL (rule->run, rule->line, "dataset %s, %.64s, %.64s: %s", rule->dataset, rule->key, rule->id,
              message);
  return 0;
}

/* from, to: cells of dates, both days included. */
static inline int
rule_is_valid (const Rule *rule, const DealdeskCell *from, const DealdeskCell *to)
{
  return price_row_holds (rule->run, rule->line, rule->id, from, to);
}

/* minimum, maximum: cells of quantities, both included. */
static inline int
rule_has_quantity (const Rule *rule,
                   const DealdeskCell *minimum,
                   const DealdeskCell *maximum,
                   int64_t quantity)
{
  char text[32];

  price_format_quantity (text, sizeof text, quantity);
  if (minimum->number != DEALDESK_NONE && quantity < minimum->number)
    return RULE_MISS (rule, "quantity %s is below its minimum, %s", text, minimum->text);
  if (maximum != NULL && maximum->number != DEALDESK_NONE && quantity > maximum->number)
    return RULE_MISS (rule, "quantity %s is above its maximum, %s", text, maximum->text);
  return 1;
}

/* minimum: a cell of whole months. */
static inline int
rule_has_months (const Rule *rule, const DealdeskCell *minimum, uint32_t months)
{
  if (minimum->number == DEALDESK_NONE || (int64_t)months >= minimum->number)
    return 1;
  return RULE_MISS (rule, "the commitment of %u months is below its minimum, %s", months, minimum->text);
}

static inline int
names_everything (const DealdeskCell *wanted)
{
  return wanted->text[0] == '\0' || strcmp (wanted->text, "*") == 0;
}

/* Whether a cell names what is there, or everything. */
static inline int
names_text (const DealdeskCell *wanted, const char *text)
{
  return names_everything (wanted) || strcmp (wanted->text, text) == 0;
}

/* what: of the text that is there, such as "the customer's segment". */
static inline int
rule_has_text (const Rule *rule, const char *what, const DealdeskCell *wanted, const char *text)
{
  if (names_text (wanted, text))
    return 1;
  return RULE_MISS (rule, "%s is %.128s, and it is for %.128s", what, text[0] != '\0' ? text : "unknown",
                    wanted->text);
}

/* As dataset offerings has it; "" of a host that doesn't tell. */
static inline const char *
category_of (const DealdeskPricingInput *input, const DealdeskLine *line)
{
  if (input->line_stride < offsetof (DealdeskLine, category) + sizeof line->category ||
      line->category == NULL)
    return "";
  return line->category;
}

/* The cell's text, or other when it is empty. */
static inline const char *
text_or (const DealdeskCell *cell, const char *other)
{
  return cell->text[0] != '\0' ? cell->text : other;
}

/* Cells of the row that is valid on the day, or NULL: rows of one key never meet. from, to: columns. */
static inline const DealdeskCell *
find_valid (const PriceRun *run, const DealdeskRows *rows, uint32_t from, uint32_t to)
{
  for (uint32_t row = 0; row < rows->n_rows; row++)
    if (dealdesk_valid_on (dealdesk_cell (rows, row, from), dealdesk_cell (rows, row, to), run->input->date))
      return dealdesk_cell (rows, row, 0);
  return NULL;
}

/* Rows of dataset for one key of each line, which takes (line) to its key. (transfer full): free(); NULL
 * after dealdesk_fail(): out of memory. */
static inline DealdeskRows *
look_up_lines (const PriceRun *run, uint32_t dataset, const char *(*key_of) (const DealdeskLine *line))
{
  uint32_t n_lines = run->input->n_lines;
  const char **keys = malloc (((size_t)n_lines + 1) * sizeof *keys);
  DealdeskRows *rows = malloc (((size_t)n_lines + 1) * sizeof *rows);

  if (keys == NULL || rows == NULL)
    {
      free (keys);
      free (rows);
      dealdesk_fail (run->host, run->call, UINT32_MAX, "out of memory");
      return NULL;
    }
  for (uint32_t i = 0; i < n_lines; i++)
    keys[i] = key_of (dealdesk_line (run->input, i));
  run->host->lookup (run->call, dataset, keys, n_lines, rows);
  free (keys);
  return rows;
}

/* Each of them for look_up_lines(). */
static inline const char *
offering_of (const DealdeskLine *line)
{
  return line->offering;
}

static inline const char *
site_of (const DealdeskLine *line)
{
  return line->site;
}

#endif
