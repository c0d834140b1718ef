/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Charges and sums as TM Forum prices.
 *
 * Only net and tax go out. A usage rate without committed volume is a price for one unit, with the digits of
 * its nanos, and is in no sum. Where contract years differ, a price's description says which it holds for.
 * Pure; one thread at a time.
 */
#include "tmf/prices.h"

#define PERCENT_SCALE 7 /* nanos of a whole as a percentage */

void
dd_tmf_prices_init (DdTmfPrices *prices, const DdSheet *sheet, guint n_lines)
{
  guint n_charges = sheet != NULL ? sheet->answers->charges->len : 0;
  guint charge = 0;

  prices->sheet = sheet;
  prices->n_lines = n_lines;
  prices->first = g_new (guint, (gsize)n_lines + 1);
  prices->tax_rate = g_new (gint64, (gsize)n_charges + 1);
  for (guint i = 0; i < n_charges; i++)
    prices->tax_rate[i] = G_MININT64;
  for (guint line = 0; line <= n_lines; line++)
    {
      while (charge < n_charges && g_array_index (sheet->answers->charges, DdCharge, charge).line < line)
        charge++;
      prices->first[line] = charge;
    }
  for (guint i = 0; sheet != NULL && i < sheet->answers->adjustments->len; i++)
    {
      const DdAdjustment *adjustment = &g_array_index (sheet->answers->adjustments, DdAdjustment, i);

      if (adjustment->kind == DD_ADJUST_TAX && adjustment->charge < n_charges)
        prices->tax_rate[adjustment->charge] =
          prices->tax_rate[adjustment->charge] == G_MININT64 ? adjustment->value : -1;
    }
}

void
dd_tmf_prices_clear (DdTmfPrices *prices)
{
  g_free (prices->first);
  g_free (prices->tax_rate);
}

static void
put_number (DdJsonWriter *writer, const char *key, gint64 value, guint scale, guint min_digits)
{
  g_autofree char *text = dd_decimal_format (value, scale, min_digits);

  dd_json_write_key (writer, key);
  dd_json_write_number_text (writer, text);
}

static void
put_amount (DdJsonWriter *writer, const char *key, gint64 value, guint scale, DdCurrency currency)
{
  dd_json_write_key (writer, key);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "unit", currency.code);
  put_number (writer, "value", value, scale, dd_currency_minor_digits (currency));
  dd_json_write_end_object (writer);
}

/* @tax_rate: nanos, or negative for none. */
static void
write_price (DdJsonWriter *writer, gint64 net, gint64 tax, gint64 tax_rate, guint scale, DdCurrency currency)
{
  gint64 gross;

  dd_json_write_key (writer, "price");
  dd_json_write_begin_object (writer);
  put_amount (writer, "dutyFreeAmount", net, scale, currency);
  if (dd_checked_add (net, tax, &gross, NULL))
    put_amount (writer, "taxIncludedAmount", gross, scale, currency);
  if (tax_rate >= 0)
    put_number (writer, "taxRate", tax_rate, PERCENT_SCALE, 0);
  dd_json_write_end_object (writer);
}

/* What a price of this form has no member for; nothing for the price of all years. */
static void
put_years (DdJsonWriter *writer, guint first_year, guint last_year, guint free_months)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (last_year != 0 && last_year == first_year)
    g_string_append_printf (text, "contract year %u", first_year);
  else if (last_year != 0)
    g_string_append_printf (text, "contract years %u to %u", MAX (first_year, 1), last_year);
  else if (first_year != 0)
    g_string_append_printf (text, "from contract year %u", first_year);
  if (free_months != 0)
    g_string_append_printf (text, "%sfirst %u months free", text->len > 0 ? ", " : "", free_months);
  if (text->len > 0)
    dd_json_put_string (writer, "description", text->str);
}

static void
put_type (DdJsonWriter *writer, guint8 type, guint8 period)
{
  dd_json_put_string (writer, "priceType", dd_charge_type_name (type));
  if (type == DD_CHARGE_RECURRING)
    dd_json_put_string (writer, "recurringChargePeriod", dd_period_name (period));
}

static void
write_charge (const DdTmfPrices *prices, guint index, DdJsonWriter *writer)
{
  const DdAnswers *answers = prices->sheet->answers;
  const DdCharge *charge = &g_array_index (answers->charges, DdCharge, index);
  const DdChargeResult *result = &g_array_index (prices->sheet->results, DdChargeResult, index);
  const char *id = dd_answers_text (answers, charge->id);
  const char *name = dd_answers_text (answers, charge->name);

  dd_json_write_begin_object (writer);
  put_years (writer, charge->first_year,
             charge->type == DD_CHARGE_ONE_TIME ? charge->first_year : charge->last_year,
             charge->free_months);
  dd_json_put_string (writer, "name", name != NULL ? name : id);
  put_type (writer, charge->type, charge->period);
  if (result->rate)
    dd_json_put_string (writer, "unitOfMeasure", "1 unit");
  write_price (writer, result->net, result->tax, prices->tax_rate[index],
               result->rate ? DD_NANOS_SCALE : DD_MICROS_SCALE, charge->currency);
  if (id != NULL)
    {
      dd_json_write_key (writer, "productOfferingPrice");
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "id", id);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_object (writer);
}

void
dd_tmf_write_line_prices (const DdTmfPrices *prices, guint line, DdJsonWriter *writer)
{
  dd_json_write_begin_array (writer);
  for (guint i = prices->first[line]; line < prices->n_lines && i < prices->first[line + 1]; i++)
    write_charge (prices, i, writer);
  dd_json_write_end_array (writer);
}

static void
write_total (const DdTotal *total, DdJsonWriter *writer)
{
  static const char *const names[] = { "One-time total", "Recurring total", "Usage total" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DD_N_CHARGE_TYPES);
  dd_json_write_begin_object (writer);
  put_years (writer, total->first_year, total->last_year, 0);
  dd_json_put_string (writer, "name", names[total->type]);
  put_type (writer, total->type, total->period);
  write_price (writer, total->net, total->tax, -1, DD_MICROS_SCALE, total->currency);
  dd_json_write_end_object (writer);
}

void
dd_tmf_write_totals (const DdTmfPrices *prices, DdJsonWriter *writer)
{
  dd_json_write_begin_array (writer);
  for (guint i = 0; prices->sheet != NULL && i < prices->sheet->totals->len; i++)
    write_total (&g_array_index (prices->sheet->totals, DdTotal, i), writer);
  dd_json_write_end_array (writer);
}

static DdTotal *
total_for (GArray *totals, const DdCharge *charge)
{
  gboolean once = charge->type == DD_CHARGE_ONE_TIME;
  DdTotal total = {
    .currency = charge->currency,
    .type = charge->type,
    .period = charge->period,
    .first_year = once ? 0 : charge->first_year,
    .last_year = once ? 0 : charge->last_year,
  };

  for (guint i = 0; i < totals->len; i++)
    {
      DdTotal *known = &g_array_index (totals, DdTotal, i);

      if (dd_currency_equal (known->currency, charge->currency) && known->type == charge->type &&
          known->period == charge->period && known->first_year == total.first_year)
        return known;
    }
  g_array_append_val (totals, total);
  return &g_array_index (totals, DdTotal, totals->len - 1);
}

/* The whole sheet's sums were checked. A part's could only leave the range where huge lines of both signs
 * cancel in the whole; the sum then stays without that charge. */
static void
add_charge (const DdTmfPrices *prices, guint index, GArray *totals)
{
  const DdChargeResult *result = &g_array_index (prices->sheet->results, DdChargeResult, index);

  if (result->rate)
    return;

  DdTotal *total = total_for (totals, &g_array_index (prices->sheet->answers->charges, DdCharge, index));

  dd_checked_add (total->net, result->net, &total->net, NULL);
  dd_checked_add (total->tax, result->tax, &total->tax, NULL);
}

void
dd_tmf_write_totals_of (const DdTmfPrices *prices, const guint *lines, guint n_lines, DdJsonWriter *writer)
{
  g_autoptr (GArray) totals = g_array_new (FALSE, FALSE, sizeof (DdTotal));

  for (guint i = 0; prices->sheet != NULL && i < n_lines; i++)
    for (guint k = prices->first[lines[i]]; k < prices->first[lines[i] + 1]; k++)
      add_charge (prices, k, totals);

  dd_json_write_begin_array (writer);
  for (guint i = 0; i < totals->len; i++)
    write_total (&g_array_index (totals, DdTotal, i), writer);
  dd_json_write_end_array (writer);
}
