/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deals to be priced, built a line at a time, for the tests of the price engine.
 */
#pragma once

#include "deal/proposal.h"
#include "price/sheet.h"

#include <string.h>

#define EUR ((DdCurrency){ "EUR" })

typedef struct
{
  GArray *lines;  /* DdPriceLine */
  GPtrArray *ids; /* owns the lines' ids */
  DdAnswers *answers;
} Deal;

static inline gint64
scaled (const char *text, guint scale)
{
  gint64 value;

  g_assert_true (dd_decimal_parse (text, -1, scale, &value, NULL));
  return value;
}

/* Micros of an amount or a quantity, and nanos of a percentage. */
static inline gint64
micros (const char *text)
{
  return scaled (text, DD_MICROS_SCALE);
}

static inline gint64
percent (const char *text)
{
  return scaled (text, DD_NANOS_SCALE - 2);
}

static inline Deal *
deal_new (void)
{
  Deal *deal = g_new0 (Deal, 1);

  deal->lines = g_array_new (FALSE, TRUE, sizeof (DdPriceLine));
  deal->ids = g_ptr_array_new_with_free_func (g_free);
  deal->answers = dd_answers_new ();
  return deal;
}

static inline void
deal_free (Deal *deal)
{
  g_array_unref (deal->lines);
  g_ptr_array_unref (deal->ids);
  g_clear_pointer (&deal->answers, dd_answers_free);
  g_free (deal);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deal, deal_free)

static inline DdPriceLine *
deal_line (Deal *deal, const char *id, const char *quantity)
{
  DdPriceLine line = { .id = g_strdup (id), .quantity = micros (quantity), .counted = TRUE };

  g_ptr_array_add (deal->ids, (gpointer)line.id);
  g_array_append_val (deal->lines, line);
  return &g_array_index (deal->lines, DdPriceLine, deal->lines->len - 1);
}

/* Of the last line, by default a flat monthly charge. */
static inline DdCharge *
deal_charge (Deal *deal, const char *id, const char *price)
{
  DdCharge charge = {
    .line = deal->lines->len - 1,
    .id = dd_answers_label (deal->answers, id),
    .name = dd_answers_label (deal->answers, id),
    .source = dd_answers_label (deal->answers, "charges@1"),
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .currency = EUR,
    .price = micros (price),
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
    .first_tier = deal->answers->tiers->len,
  };

  g_array_append_val (deal->answers->charges, charge);
  return &g_array_index (deal->answers->charges, DdCharge, deal->answers->charges->len - 1);
}

static inline DdCharge *
deal_rate (Deal *deal, const char *id, gint64 nanos)
{
  DdCharge *charge = deal_charge (deal, id, "0");

  charge->type = DD_CHARGE_USAGE;
  charge->period = DD_PERIOD_NONE;
  charge->price = nanos;
  return charge;
}

/* Of the last charge. @bound: NULL for the last tier. */
static inline void
deal_tier (
  Deal *deal, DdTierMode mode, const char *from, const char *bound, const char *price, const char *fee)
{
  DdCharge *charge = &g_array_index (deal->answers->charges, DdCharge, deal->answers->charges->len - 1);
  DdTier tier = {
    .from = micros (from),
    .bound = bound != NULL ? micros (bound) : G_MAXINT64,
    .price = micros (price),
    .fee = micros (fee),
  };

  charge->mode = (guint8)mode;
  charge->n_tiers++;
  g_array_append_val (deal->answers->tiers, tier);
}

/* On the last charge, without a group. */
static inline DdAdjustment *
deal_rule (Deal *deal, DdStage stage, DdAdjustKind kind, gint64 value)
{
  guint n = deal->answers->adjustments->len;
  g_autofree char *id = g_strdup_printf ("rule-%u", n);
  DdAdjustment rule = {
    .charge = deal->answers->charges->len - 1,
    .id = dd_answers_label (deal->answers, id),
    .label = dd_answers_label (deal->answers, id),
    .source = DD_NO_LABEL,
    .group = DD_NO_LABEL,
    .stage = (guint8)stage,
    .kind = (guint8)kind,
    .currency = EUR,
    .value = value,
  };

  g_array_append_val (deal->answers->adjustments, rule);
  return &g_array_index (deal->answers->adjustments, DdAdjustment, n);
}

static inline DdAdjustment *
deal_grouped (Deal *deal, DdStage stage, DdGroupMode mode, DdAdjustKind kind, gint64 value)
{
  DdAdjustment *rule = deal_rule (deal, stage, kind, value);

  rule->group = dd_answers_label (deal->answers, "group");
  rule->mode = (guint8)mode;
  return rule;
}

static inline DdSpread *
deal_spread (Deal *deal, DdAdjustKind kind, gint64 value)
{
  DdSpread spread = {
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .kind = (guint8)kind,
    .label = DD_NO_LABEL,
    .currency = EUR,
    .value = value,
  };

  g_array_append_val (deal->answers->spreads, spread);
  return &g_array_index (deal->answers->spreads, DdSpread, deal->answers->spreads->len - 1);
}

static inline void
deal_installed (Deal *deal, const char *charge, const char *net)
{
  DdInstalledNet installed = {
    .line = deal->lines->len - 1,
    .id = dd_answers_label (deal->answers, charge),
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .currency = EUR,
    .net = micros (net),
  };

  g_array_append_val (deal->answers->installed, installed);
}

/* One unit of @from is @rate of @to. */
static inline DdRate *
deal_exchange (Deal *deal, const char *from, const char *to, const char *rate)
{
  DdRate exchange = { .rate = scaled (rate, DD_NANOS_SCALE), .per = 1, .source = DD_NO_LABEL };

  g_strlcpy (exchange.from.code, from, sizeof exchange.from.code);
  g_strlcpy (exchange.to.code, to, sizeof exchange.to.code);
  g_array_append_val (deal->answers->rates, exchange);
  return &g_array_index (deal->answers->rates, DdRate, deal->answers->rates->len - 1);
}

/* On the last charge, a flat price; the tiers that it takes must be the last ones. */
static inline DdCharge *
deal_contract (Deal *deal, const char *price)
{
  DdContract contract = {
    .charge = deal->answers->charges->len - 1,
    .price = { .price = micros (price),
               .minimum = DD_NO_LIMIT,
               .maximum = DD_NO_LIMIT,
               .first_tier = deal->answers->tiers->len,
               .source = dd_answers_label (deal->answers, "contracts@1") },
  };

  g_array_append_val (deal->answers->contracts, contract);
  return &g_array_index (deal->answers->contracts, DdContract, deal->answers->contracts->len - 1).price;
}

static inline void
deal_share (Deal *deal, guint32 charge, guint32 target)
{
  DdShare share = { .charge = charge, .target = target };

  g_array_append_val (deal->answers->shares, share);
}

static inline DdSheet *
deal_try (Deal *deal, GError **error)
{
  return dd_sheet_compute ((const DdPriceLine *)(gconstpointer)deal->lines->data, deal->lines->len,
                           g_steal_pointer (&deal->answers), error);
}

static inline DdSheet *
deal_price (Deal *deal)
{
  g_autoptr (GError) error = NULL;
  DdSheet *sheet = deal_try (deal, &error);

  g_assert_no_error (error);
  return sheet;
}

static inline void
deal_refused (Deal *deal, DdErrorCode code, const char *fragment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdSheet) sheet = deal_try (deal, &error);

  g_assert_null (sheet);
  g_assert_error (error, DD_ERROR, (gint)code);
  if (strstr (error->message, fragment) == NULL)
    g_error ("\"%s\" doesn't say \"%s\"", error->message, fragment);
}

static inline const DdChargeResult *
sheet_result (const DdSheet *sheet, guint charge)
{
  return &g_array_index (sheet->results, DdChargeResult, charge);
}

static inline const DdStep *
sheet_step (const DdSheet *sheet, guint charge, guint step)
{
  g_assert_cmpuint (step, <, sheet_result (sheet, charge)->n_steps);
  return &g_array_index (sheet->steps, DdStep, sheet_result (sheet, charge)->first_step + step);
}

static inline const DdTotal *
sheet_total (const DdSheet *sheet, guint total)
{
  g_assert_cmpuint (total, <, sheet->totals->len);
  return &g_array_index (sheet->totals, DdTotal, total);
}

static inline void
assert_amount (gint64 amount, const char *expected)
{
  g_autofree char *text = dd_decimal_format (amount, DD_MICROS_SCALE, 2);

  g_assert_cmpstr (text, ==, expected);
}

/* The net of the first charge, when @deal is priced. */
static inline void
assert_net (Deal *deal, const char *expected)
{
  g_autoptr (DdSheet) sheet = deal_price (deal);

  assert_amount (sheet_result (sheet, 0)->net, expected);
}

static inline char *
sheet_write (const DdSheet *sheet)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_sheet_write (sheet, writer);
  return dd_json_writer_finish (writer, NULL);
}

static inline DdSheet *
deal_replay (Deal *deal, const char *text, GError **error)
{
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, error);

  g_assert_nonnull (json);
  return dd_sheet_replay ((const DdPriceLine *)(gconstpointer)deal->lines->data, deal->lines->len,
                          dd_json_root (json), error);
}

static inline gint32
day (const char *date)
{
  GDate parsed;

  g_date_clear (&parsed, 1);
  g_date_set_parse (&parsed, date);
  g_assert_true (g_date_valid (&parsed));
  return (gint32)g_date_get_julian (&parsed) - 719163; /* of 1970-01-01 */
}

static inline DdPriceLine *
dated_line (Deal *deal, const char *id, const char *start, guint billing_day, guint months)
{
  DdPriceLine *line = deal_line (deal, id, "1");

  line->start = day (start);
  line->billing_day = (guint8)billing_day;
  line->commitment = (guint16)months;
  return line;
}

static inline DdCharge *
charge_of_years (Deal *deal, const char *id, const char *price, guint first_year, guint last_year)
{
  DdCharge *charge = deal_charge (deal, id, price);

  charge->first_year = (guint8)first_year;
  charge->last_year = (guint8)last_year;
  return charge;
}

static inline const DdDealFigures *
figures_of (const DdSheet *sheet)
{
  g_assert_cmpuint (sheet->figures->len, ==, 1);
  return &g_array_index (sheet->figures, DdDealFigures, 0);
}
