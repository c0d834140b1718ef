/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A price sheet as Price answers it, but for its lines (see price-json.h).
 */
#include "queries/price-json.h"

#include "price/step.h"
#include "queries/queries.h"

void
dd_price_put_amount (
  DdJsonWriter *writer, const char *key, gint64 value, const DdCharge *charge, gboolean rate)
{
  if (!rate)
    {
      dd_put_money (writer, key, value, charge->currency);
      return;
    }
  g_autofree char *digits = dd_decimal_format (value, DD_NANOS_SCALE, 2);
  g_autofree char *text = g_strdup_printf ("%s %s", charge->currency.code, digits);
  dd_json_put_string (writer, key, text);
}

void
dd_price_put_source (DdJsonWriter *writer, const char *key, const DdSheet *sheet, guint32 label)
{
  const char *source = dd_answers_text (sheet->answers, label);
  const GArray *sources = sheet->answers->sources;

  for (guint i = 0; source != NULL && i < sources->len; i++)
    {
      const DdSource *known = &g_array_index (sources, DdSource, i);

      if (known->plugin_version != NULL || !g_str_equal (known->name, source))
        continue;
      g_autofree char *text = g_strdup_printf ("%s@%" G_GINT64_FORMAT, source, known->version);
      dd_json_put_string (writer, key, text);
      return;
    }
  dd_put_text (writer, key, source);
}

void
dd_price_write_totals (DdJsonWriter *writer, const DdSheet *sheet)
{
  dd_json_write_key (writer, "totals");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < sheet->totals->len; i++)
    {
      const DdTotal *total = &g_array_index (sheet->totals, DdTotal, i);
      dd_json_write_begin_object (writer);
      dd_put_money (writer, "cost", total->cost, total->currency);
      dd_json_put_string (writer, "currency", total->currency.code);
      dd_put_money (writer, "list", total->list, total->currency);
      dd_put_money (writer, "net", total->net, total->currency);
      if (total->period != DD_PERIOD_NONE)
        dd_json_put_string (writer, "period", dd_period_name (total->period));
      dd_put_money (writer, "tax", total->tax, total->currency);
      dd_json_put_string (writer, "type", dd_charge_type_name (total->type));
      dd_put_years (writer, total->first_year, total->last_year);
      if (total->unspread != 0)
        dd_put_money (writer, "unspread", total->unspread, total->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

/* Of the charges in @currency that count, how many have a cost: the margin is of these alone. A rate has no
 * part in it. */
static void
count_charges (const DdSheet *sheet, DdCurrency currency, gint64 *out_all, gint64 *out_costed)
{
  gint64 all = 0, costed = 0;

  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, i);

      if (!result->counted || result->rate ||
          !dd_currency_equal (g_array_index (sheet->answers->charges, DdCharge, i).currency, currency))
        continue;
      all++;
      costed += result->has_cost != 0;
    }
  *out_all = all;
  *out_costed = costed;
}

void
dd_price_write_figures (DdJsonWriter *writer, const DdSheet *sheet)
{
  dd_json_write_key (writer, "figures");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);
      gint64 charges, costed, present;

      count_charges (sheet, figures->currency, &charges, &costed);
      dd_json_write_begin_object (writer);
      dd_json_put_int64 (writer, "charges", charges);
      dd_json_put_int64 (writer, "chargesWithCost", costed);
      dd_put_money (writer, "contractValue", figures->contract_value, figures->currency);
      dd_put_money (writer, "cost", figures->cost, figures->currency);
      dd_json_put_string (writer, "currency", figures->currency.code);
      dd_put_percent (writer, "discountDiscretionary", figures->discount_discretionary);
      dd_put_percent (writer, "discountList", figures->discount_list);
      dd_put_percent (writer, "discountStanding", figures->discount_standing);
      if (figures->margin != G_MININT64)
        dd_put_percent (writer, "margin", figures->margin);
      dd_put_money (writer, "monthly", figures->monthly, figures->currency);
      if (figures->payback >= 0)
        dd_json_put_int64 (writer, "payback", figures->payback);
      if (sheet->answers->interest != 0 && costed > 0 &&
          dd_money_round_minor (figures->present_value, figures->currency, &present, NULL))
        dd_put_money (writer, "presentValue", present, figures->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

gboolean
dd_price_write_breakdown (DdJsonWriter *writer, const DdSheet *sheet, const char *const *keys, GError **error)
{
  g_autoptr (GArray) parts = dd_sheet_break_down (sheet, keys, error);

  if (parts == NULL)
    return FALSE;
  dd_json_write_key (writer, "breakdown");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < parts->len; i++)
    {
      const DdBreakdown *part = &g_array_index (parts, DdBreakdown, i);

      dd_json_write_begin_object (writer);
      dd_put_money (writer, "contractList", part->contract_list, part->currency);
      dd_put_money (writer, "contractValue", part->contract_value, part->currency);
      dd_put_money (writer, "cost", part->cost, part->currency);
      dd_json_put_string (writer, "currency", part->currency.code);
      dd_put_text (writer, "key", part->key);
      dd_put_money (writer, "monthly", part->monthly, part->currency);
      dd_put_money (writer, "once", part->once, part->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  return TRUE;
}

void
dd_price_write_applied (DdJsonWriter *writer,
                        const DdProposal *proposal,
                        const DdSheet *sheet,
                        const char *rule)
{
  const DdAnswers *answers = sheet->answers;

  dd_json_write_key (writer, "applied");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < sheet->steps->len; i++)
    {
      const DdStep *step = &g_array_index (sheet->steps, DdStep, i);
      const DdCharge *charge = &g_array_index (answers->charges, DdCharge, step->charge);

      if (g_strcmp0 (dd_step_rule (answers, step), rule) != 0)
        continue;
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "charge", dd_answers_text (answers, charge->id));
      dd_json_put_string (writer, "line",
                          ((const DdLine *)g_ptr_array_index (proposal->lines, charge->line))->id);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

char *
dd_price_sha256 (const DdSheet *sheet)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  dd_sheet_write (sheet, writer);
  g_autofree char *text = dd_json_writer_finish (writer, &length);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, length);
}
