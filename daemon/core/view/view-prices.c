/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a customer reads of a price sheet: list price, net and tax of each charge, and the sums of net and
 * tax. Amounts are money strings; an uncommitted usage rate is written in nanos of the unit, with "per".
 * Where contract years differ, each class of them has its own price of a charge, and its own sums. Pure.
 */
#include "view/view-prices.h"

static void
put_money (DdJsonWriter *writer, const char *key, gint64 micros, DdCurrency currency)
{
  g_autofree char *text = dd_money_format (micros, currency);

  dd_json_put_string (writer, key, text);
}

static void
put_rate (DdJsonWriter *writer, const char *key, gint64 nanos, DdCurrency currency)
{
  g_autoptr (GString) text = g_string_new (currency.code);

  g_string_append_c (text, ' ');
  dd_decimal_append (text, nanos, DD_NANOS_SCALE, dd_currency_minor_digits (currency));
  dd_json_put_string (writer, key, text->str);
}

/* Contract years that a price holds for; without an end to the end of the commitment. */
static void
put_year (DdJsonWriter *writer, const char *key, guint year)
{
  if (year != 0)
    dd_json_put_int64 (writer, key, year);
}

static void
write_charge (const DdAnswers *answers,
              const DdCharge *charge,
              const DdChargeResult *result,
              DdJsonWriter *writer)
{
  void (*put) (DdJsonWriter *, const char *, gint64, DdCurrency) = result->rate ? put_rate : put_money;

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "currency", charge->currency.code);
  put_year (writer, "firstYear", charge->first_year);
  if (charge->free_months != 0)
    dd_json_put_int64 (writer, "freeMonths", charge->free_months);
  dd_json_put_string (writer, "id", dd_answers_text (answers, charge->id));
  put_year (writer, "lastYear", charge->last_year);
  if (result->list != 0)
    put (writer, "list", result->list, charge->currency);
  dd_json_put_string (writer, "name", dd_answers_text (answers, charge->name));
  put (writer, "net", result->net, charge->currency);
  if (result->rate)
    dd_json_put_string (writer, "per", "unit");
  if (charge->type == DD_CHARGE_RECURRING)
    dd_json_put_string (writer, "period", dd_period_name (charge->period));
  put (writer, "tax", result->tax, charge->currency);
  dd_json_put_string (writer, "type", dd_charge_type_name (charge->type));
  dd_json_write_end_object (writer);
}

void
dd_view_write_charges (DdViewPrices *prices, guint line, DdJsonWriter *writer)
{
  const DdSheet *sheet = prices->sheet;

  dd_json_write_begin_array (writer);
  while (sheet != NULL && prices->next < sheet->answers->charges->len)
    {
      const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, prices->next);

      if (charge->line > line)
        break;
      if (charge->line == line)
        write_charge (sheet->answers, charge, &g_array_index (sheet->results, DdChargeResult, prices->next),
                      writer);
      prices->next++;
    }
  dd_json_write_end_array (writer);
}

void
dd_view_write_totals (const DdSheet *sheet, DdJsonWriter *writer)
{
  dd_json_write_begin_array (writer);
  for (guint i = 0; sheet != NULL && i < sheet->totals->len; i++)
    {
      const DdTotal *total = &g_array_index (sheet->totals, DdTotal, i);

      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "currency", total->currency.code);
      put_year (writer, "firstYear", total->first_year);
      put_year (writer, "lastYear", total->last_year);
      put_money (writer, "net", total->net, total->currency);
      if (total->type == DD_CHARGE_RECURRING)
        dd_json_put_string (writer, "period", dd_period_name (total->period));
      put_money (writer, "tax", total->tax, total->currency);
      dd_json_put_string (writer, "type", dd_charge_type_name (total->type));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

void
dd_view_write_contract_value (const DdSheet *sheet, DdJsonWriter *writer)
{
  dd_json_write_begin_array (writer);
  for (guint i = 0; sheet != NULL && i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);

      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "currency", figures->currency.code);
      put_money (writer, "value", figures->contract_value, figures->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}
