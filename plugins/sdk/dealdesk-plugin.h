/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The plugin interface of dealdesk: the one header that a plugin includes. dealdesk-plugin(7) is the manual,
 * TUTORIAL.md in the documentation the way in.
 *
 * A plugin is a shared object that exports one symbol, `dealdesk_plugin`, and a key file NAME.plugin beside
 * it. Plain C, values only: the same object runs in a process of its own, confined, or inside the daemon.
 * Plugins decide, the core computes: a plugin returns adjustments, requirements, advice or the outcome of a
 * delivery, never sums.
 *
 * THE ABI PROMISE. While DEALDESK_ABI stays the same:
 *  - A plugin that was built once runs with every later dealdesk, without being built again; and one that is
 * built with a later header runs with an earlier dealdesk, if it checks the size before it uses what came
 * later.
 *  - Fields are only ever appended to structs and tables: never moved, removed, retyped or given another
 * meaning. DealdeskCell, DealdeskRows, DealdeskOption and DealdeskGoverned lie side by side in memory and
 * never grow.
 *  - Constants keep their values. New ones may come: treat one that you don't know as none of yours.
 *  - A struct with a size begins with it. Each side reads no more than the other has; what isn't there counts
 * as 0.
 *  - Arrays whose elements may grow come with their stride: the readers below use it, never `array[i]`.
 *  - A reserved field is 0, and isn't read.
 *  - The readers below are inline: they are compiled into the plugin, and need nothing of the host's that is
 * newer than ABI 1. A change that breaks any of this raises DEALDESK_ABI; a daemon refuses plugins of another
 * ABI by name. Each release compares the compiled header with plugins/sdk/abi-1.xml.
 *
 * Threads. open and close run on one thread at a time, and never while a call runs. The functions of a kind
 * may run on several threads at once, with the same instance: an instance that changes needs a lock. A call's
 * own functions are used on its own thread only. A plugin makes no threads or processes, sets no signal
 * handlers, and leaves locale, environment, umask and current directory alone.
 *
 * Units. Money in micros (10^-6 of the currency's unit), quantities 10^-6, percentages and factors in nanos
 * (10^-9; 10% is 100000000), dates in days and times in microseconds since 1970 UTC. A usage rate's price is
 * in nanos of the currency's unit. There is no floating point.
 *
 * Text is UTF-8, NUL-terminated, never NULL unless (nullable), at most 1024 bytes from a plugin. What the
 * host gives is borrowed for the call, and read-only; what a plugin gives is copied before the function
 * returns. "(plugin, for ever)" means static: it is there until the process ends.
 *
 * Errors. A call that can't answer says why, once: `return dealdesk_fail (host, call, line, "…")`. A person
 * reads it: what is wrong, where, and what would be right. What can't be (an index that doesn't exist, text
 * that isn't UTF-8, a missing message, a crash, no answer before the deadline of 5 seconds) is a fault of the
 * plugin: the move fails, the daemon and the other plugins run on.
 */
#ifndef DEALDESK_PLUGIN_H
#define DEALDESK_PLUGIN_H

#include "dealdesk-types.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

DEALDESK_BEGIN_DECLS

/* Export exactly this, and make everything else static: DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin
 * = { .abi = DEALDESK_ABI, .size = sizeof dealdesk_plugin, .id = "my-plugin", .version = "1", … }; */

/* --- the input's arrays: index below its n_… --- */

static inline const DealdeskLine *
dealdesk_line (const DealdeskPricingInput *input, uint32_t index)
{
  return (const DealdeskLine *)(const void *)((const char *)input->lines +
                                              (size_t)index * input->line_stride);
}

static inline const DealdeskAlteration *
dealdesk_alteration (const DealdeskLine *line, uint32_t index)
{
  return (const DealdeskAlteration *)(const void *)((const char *)(const void *)line->alterations +
                                                    (size_t)index * line->alteration_stride);
}

/* index: of the sheet, such as line->first_charge + i. */
static inline const DealdeskChargeView *
dealdesk_charge (const DealdeskPricingInput *input, uint32_t index)
{
  return (const DealdeskChargeView *)(const void *)((const char *)input->charges +
                                                    (size_t)index * input->charge_stride);
}

static inline const DealdeskMeasure *
dealdesk_measure (const DealdeskApprovalInput *input, uint32_t index)
{
  return (const DealdeskMeasure *)(const void *)((const char *)input->measures +
                                                 (size_t)index * input->measure_stride);
}

static inline const DealdeskOffer *
dealdesk_offer (const DealdeskNegotiationInput *input, uint32_t index)
{
  return (const DealdeskOffer *)(const void *)((const char *)input->offers +
                                               (size_t)index * input->offer_stride);
}

/* --- finding in them --- */

/* The first measure of this name, or NULL: it wasn't measured, which isn't the same as nothing. A measure
 * with a currency comes once for each of the sheet's: walk through them all when that matters. */
static inline const DealdeskMeasure *
dealdesk_measure_named (const DealdeskApprovalInput *input, const char *name)
{
  for (uint32_t i = 0; i < input->n_measures; i++)
    if (strcmp (dealdesk_measure (input, i)->name, name) == 0)
      return dealdesk_measure (input, i);
  return NULL;
}

/* Whether the requester is who: "user:NAME" themselves, or a member of "group:NAME". */
static inline int
dealdesk_requester_is (const DealdeskApprovalInput *input, const char *who)
{
  if (strncmp (who, "user:", 5) == 0)
    return strcmp (who + 5, input->requester) == 0;
  if (strncmp (who, "group:", 6) != 0)
    return 0;
  for (uint32_t i = 0; i < input->n_groups; i++)
    if (strcmp (who + 6, input->groups[i]) == 0)
      return 1;
  return 0;
}

/* The last offer of one side, or NULL. by_customer: 0 or 1. */
static inline const DealdeskOffer *
dealdesk_last_offer (const DealdeskNegotiationInput *input, int by_customer)
{
  for (uint32_t i = input->n_offers; i > 0; i--)
    if (!dealdesk_offer (input, i - 1)->by_customer == !by_customer)
      return dealdesk_offer (input, i - 1);
  return NULL;
}

/* --- datasets --- */

/* The rows of one key. dataset: its place in NAME.plugin, from 0. */
static inline DealdeskRows
dealdesk_find (const DealdeskHost *host, DealdeskCall *call, uint32_t dataset, const char *key)
{
  DealdeskRows rows = { NULL, 0, 0 };

  host->lookup (call, dataset, &key, 1, &rows);
  return rows;
}

/* column: its place in NAME.plugin, from 0. */
static inline const DealdeskCell *
dealdesk_cell (const DealdeskRows *rows, uint32_t row, uint32_t column)
{
  return &rows->cells[(size_t)row * rows->n_columns + column];
}

static inline const char *
dealdesk_text (const DealdeskRows *rows, uint32_t row, uint32_t column)
{
  return dealdesk_cell (rows, row, column)->text;
}

/* DEALDESK_NONE when the cell is empty. */
static inline int64_t
dealdesk_number (const DealdeskRows *rows, uint32_t row, uint32_t column)
{
  return dealdesk_cell (rows, row, column)->number;
}

/* Money from a cell of type decimal, which has nanos: in micros, halves away from zero. DEALDESK_NONE when it
 * is empty. For an amount a unit of a usage charge take the cell's number as it is. */
static inline int64_t
dealdesk_money_of (const DealdeskCell *cell)
{
  const int64_t step = DEALDESK_NANOS / DEALDESK_MICROS;
  int64_t rest = cell->number % step;

  if (cell->number == DEALDESK_NONE)
    return DEALDESK_NONE;
  return cell->number / step + (rest >= step / 2) - (rest <= -(step / 2));
}

/* Whether date lies in [from, to], both days included: cells of dates, either may be empty. */
static inline int
dealdesk_valid_on (const DealdeskCell *from, const DealdeskCell *to, int32_t date)
{
  return (from->number == DEALDESK_NONE || from->number <= date) &&
         (to->number == DEALDESK_NONE || date <= to->number);
}

/* --- options, in open() --- */

/* The option of this name, or NULL: NAME.plugin doesn't list it. */
static inline const DealdeskOption *
dealdesk_option (const DealdeskOption *options, uint32_t n_options, const char *name)
{
  for (uint32_t i = 0; i < n_options; i++)
    if (strcmp (options[i].name, name) == 0)
      return &options[i];
  return NULL;
}

/* "" when NAME.plugin doesn't list it. Borrowed for open(). */
static inline const char *
dealdesk_option_text (const DealdeskOption *options, uint32_t n_options, const char *name)
{
  const DealdeskOption *option = dealdesk_option (options, n_options, name);

  return option != NULL ? option->text : "";
}

/* DEALDESK_NONE when NAME.plugin doesn't list it. */
static inline int64_t
dealdesk_option_number (const DealdeskOption *options, uint32_t n_options, const char *name)
{
  const DealdeskOption *option = dealdesk_option (options, n_options, name);

  return option != NULL ? option->number : DEALDESK_NONE;
}

/* --- adjustments --- */

/* An adjustment in no group and with no priority; set more of it before host->add_adjustment(). rule, label
 * and source as in DealdeskAdjustment. */
static inline DealdeskAdjustment
dealdesk_adjustment (uint32_t charge,
                     DealdeskAdjustKind kind,
                     int64_t value,
                     const char *rule,
                     const char *label,
                     const char *source)
{
  DealdeskAdjustment adjustment;

  memset (&adjustment, 0, sizeof adjustment);
  adjustment.size = sizeof adjustment;
  adjustment.charge = charge;
  adjustment.kind = kind;
  adjustment.value = value;
  adjustment.rule = rule;
  adjustment.label = label;
  adjustment.source = source;
  return adjustment;
}

/* A kind whose value is a percentage or factor: PERCENT_OFF, PERCENT_ON, FACTOR, COST_PLUS, TAX. */
static inline void
dealdesk_adjust (const DealdeskHost *host,
                 DealdeskCall *call,
                 uint32_t charge,
                 DealdeskAdjustKind kind,
                 int64_t nanos,
                 const char *rule,
                 const char *label,
                 const char *source)
{
  DealdeskAdjustment adjustment = dealdesk_adjustment (charge, kind, nanos, rule, label, source);

  host->add_adjustment (call, &adjustment);
}

/* A kind whose value is money: UNIT_…, LINE_…, COST, FLOOR. currency: three letters; another than the
 * charge's own, as in dealdesk_charge(), is converted by dataset rates. amount: micros; an amount a unit of a
 * usage charge is in nanos, as a cell of type decimal has it. */
static inline void
dealdesk_adjust_money (const DealdeskHost *host,
                       DealdeskCall *call,
                       uint32_t charge,
                       DealdeskAdjustKind kind,
                       int64_t amount,
                       const char *currency,
                       const char *rule,
                       const char *label,
                       const char *source)
{
  DealdeskAdjustment adjustment = dealdesk_adjustment (charge, kind, amount, rule, label, source);

  for (int i = 0; i < 3 && currency[i] != '\0'; i++)
    adjustment.currency[i] = currency[i];
  host->add_adjustment (call, &adjustment);
}

/* --- what a charge rests on, and why a rule didn't apply --- */

/* What label names ends after the day last, as a cell of type date has it; without one (DEALDESK_NONE)
 * nothing ends. Does nothing with an earlier dealdesk. */
static inline void
dealdesk_expire (
  const DealdeskHost *host, DealdeskCall *call, uint32_t charge, int64_t last, const char *label)
{
  DealdeskExpiry expiry;

  if (last == DEALDESK_NONE || host->size < offsetof (DealdeskHost, add_expiry) + sizeof host->add_expiry)
    return;
  memset (&expiry, 0, sizeof expiry);
  expiry.size = sizeof expiry;
  expiry.charge = charge;
  expiry.last = (int32_t)last;
  expiry.label = label;
  host->add_expiry (call, &expiry);
}

/* Whether somebody asks why rule didn't apply: then say it with dealdesk_miss(). Never with an earlier
 * dealdesk. */
static inline int
dealdesk_asks_about (const DealdeskHost *host, DealdeskCall *call, const char *rule)
{
  const char *asked = NULL;

  if (host->size < offsetof (DealdeskHost, add_miss) + sizeof host->add_miss ||
      !host->explaining (call, &asked))
    return 0;
  return asked == NULL || strcmp (asked, rule) == 0;
}

/* After dealdesk_asks_about(). line: an index, or UINT32_MAX. reason: "its last day was 2026-06-30". */
static inline void
dealdesk_miss (
  const DealdeskHost *host, DealdeskCall *call, uint32_t line, const char *rule, const char *reason)
{
  DealdeskMiss miss;

  memset (&miss, 0, sizeof miss);
  miss.size = sizeof miss;
  miss.line = line;
  miss.rule = rule;
  miss.reason = reason;
  host->add_miss (call, &miss);
}

/* --- numbers --- */

/* nanos of amount, towards zero, without overflow for 0 to 900%: dealdesk_percent_of (m, DEALDESK_NANOS / 2)
 * is half. */
static inline int64_t
dealdesk_percent_of (int64_t amount, int64_t nanos)
{
  return amount / DEALDESK_NANOS * nanos + amount % DEALDESK_NANOS * nanos / DEALDESK_NANOS;
}

/* Decimal text of value × 10^-scale, without needless zeros but with at least min_digits after the point.
 * size: 32 is enough for all. */
static inline void
dealdesk_format_decimal (char *text, size_t size, int64_t value, int scale, int min_digits)
{
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  char digits[32];
  int length = snprintf (digits, sizeof digits, "%0*llu", scale + 1, (unsigned long long)rest);
  int point = length - scale;

  while (length > point + min_digits && digits[length - 1] == '0')
    length--;
  snprintf (text, size, "%s%.*s%s%.*s", value < 0 ? "-" : "", point, digits, length > point ? "." : "",
            length - point, digits + point);
}

/* "12.5%". size: 32 is enough for all. */
static inline void
dealdesk_format_percent (char *text, size_t size, int64_t nanos)
{
  char number[32];

  dealdesk_format_decimal (number, sizeof number, nanos, 7, 0);
  snprintf (text, size, "%s%%", number);
}

/* "EUR 1234.50". currency: three letters. size: 40 is enough for all. */
static inline void
dealdesk_format_money (char *text, size_t size, const char *currency, int64_t micros)
{
  char number[32];

  dealdesk_format_decimal (number, sizeof number, micros, 6, 2);
  snprintf (text, size, "%.3s %s", currency, number);
}

/* --- messages --- */

/* Drops from text, which "%.64s" and the like made of whole text, the characters that they cut through: what
 * crosses must be UTF-8. */
static inline void
dealdesk_mend (char *text)
{
  char *end = text;

  while (*text != '\0')
    {
      unsigned char lead = (unsigned char)*text;
      int needed = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
      int there = 1;

      while (there < needed && ((unsigned char)text[there] & 0xc0) == 0x80)
        there++;
      for (int i = 0; there == needed && i < there; i++)
        *end++ = text[i];
      text += there;
    }
  *end = '\0';
}

/* `return dealdesk_fail (host, call, line, "…")`. line: an index, or UINT32_MAX. */
static inline DealdeskResult
dealdesk_fail (const DealdeskHost *host, DealdeskCall *call, uint32_t line, const char *message)
{
  host->fail (call, line, message);
  return DEALDESK_FAILED;
}

/* The same, as printf does; what is longer than 1023 bytes is cut. */
static inline DealdeskResult __attribute__ ((format (printf, 4, 5)))
dealdesk_fail_format (const DealdeskHost *host, DealdeskCall *call, uint32_t line, const char *format, ...)
{
  char message[1024];
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  dealdesk_mend (message);
  return dealdesk_fail (host, call, line, message);
}

DEALDESK_END_DECLS

#endif
