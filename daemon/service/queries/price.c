/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Price and Reprice: a pricing run without a move. In a job; what is in the making hangs on the query.
 */
#include "queries/queries.h"

#include "contents.h"
#include "pricing.h"

static gboolean
load (DdReader *reader, gpointer data, GError **error)
{
  DdQuery *query = data;
  guint number = dd_query_number (query, 0);
  const DdRevision *revision = NULL;

  query->deal = dd_reader_deal (reader, query->call->deal, error);
  query->pins = query->deal != NULL ? dd_pins_new (query->call->service, reader, error) : NULL;
  if (query->pins == NULL)
    return FALSE;
  if (query->proposal != NULL)
    return TRUE;
  if (number != 0 || dd_query_has_tabled (query->deal))
    {
      revision = dd_query_revision (query->deal, number, error);
      if (revision == NULL)
        return FALSE;
      query->mapped = TRUE;
    }
  query->proposal = dd_contents_proposal (
    reader, revision != NULL ? revision->proposal : query->deal->request, revision != NULL, error);
  return query->proposal != NULL;
}

static gboolean
run (DdQuery *query, GError **error)
{
  DdPricingRequest request = { .now = query->now };
  g_autoptr (GHashTable) map = dd_options_map (query->call->options, "map");

  if (!dd_store_read_here (query->call->service->store, load, query, error))
    return FALSE;
  if (map != NULL && g_hash_table_size (map) > 0 && query->mapped)
    return dd_fail (
      error, DD_ERROR_INVALID_ARGUMENT,
      "map goes with a document or a request; a revision's lines have offerings of the catalogue "
      "already");
  request.customer = query->deal->customer;
  request.map = map;
  request.deal = query->deal->number;
  query->sheet =
    dd_pricing_run (query->call->service, query->pins, &request, query->proposal, query->mapped, error);
  return query->sheet != NULL;
}

/* --- Price --- */

/* Money, but of a rate: its nanos. */
static void
put_amount (DdJsonWriter *writer, const char *key, gint64 value, const DdCharge *charge, gboolean rate)
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

static void
write_step (
  DdJsonWriter *writer, const DdSheet *sheet, const DdStep *step, const DdCharge *charge, gboolean rate)
{
  const DdAnswers *answers = sheet->answers;
  const char *label = NULL, *source = NULL;

  if (step->adjustment != DD_NO_ADJUSTMENT && step->stage == DD_STAGE_SPREAD)
    label = dd_answers_text (answers, g_array_index (answers->spreads, DdSpread, step->adjustment).label);
  else if (step->adjustment != DD_NO_ADJUSTMENT)
    {
      const DdAdjustment *adjustment = &g_array_index (answers->adjustments, DdAdjustment, step->adjustment);
      label = dd_answers_text (answers, adjustment->label);
      source = dd_answers_text (answers, adjustment->source);
    }
  else if (step->stage == DD_STAGE_BASE)
    source = dd_answers_text (answers, charge->source);
  dd_json_write_begin_object (writer);
  put_amount (writer, "after", step->after, charge, rate);
  dd_put_text (writer, "label", label);
  dd_put_text (writer, "source", source);
  dd_json_put_string (writer, "stage", dd_stage_name (step->stage));
  dd_json_write_end_object (writer);
}

static void
write_charge (DdJsonWriter *writer, const DdSheet *sheet, guint index)
{
  const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, index);
  const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, index);

  dd_json_write_begin_object (writer);
  if (result->has_cost)
    put_amount (writer, "cost", result->cost, charge, result->rate);
  dd_json_put_string (writer, "currency", charge->currency.code);
  dd_json_put_string (writer, "id", dd_answers_text (sheet->answers, charge->id));
  put_amount (writer, "list", result->list, charge, result->rate);
  if (result->marks & DD_MARK_BELOW_FLOOR)
    dd_json_put_boolean (writer, "belowFloor", TRUE);
  if (result->marks & DD_MARK_NEGATIVE_MARGIN)
    dd_json_put_boolean (writer, "negativeMargin", TRUE);
  dd_json_put_string (writer, "name", dd_answers_text (sheet->answers, charge->name));
  put_amount (writer, "net", result->net, charge, result->rate);
  if (charge->period != DD_PERIOD_NONE)
    dd_json_put_string (writer, "period", dd_period_name (charge->period));
  dd_json_write_key (writer, "steps");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < result->n_steps; i++)
    write_step (writer, sheet, &g_array_index (sheet->steps, DdStep, result->first_step + i), charge,
                result->rate);
  dd_json_write_end_array (writer);
  put_amount (writer, "tax", result->tax, charge, result->rate);
  dd_json_put_string (writer, "type", dd_charge_type_name (charge->type));
  dd_json_write_end_object (writer);
}

static void
write_lines (DdJsonWriter *writer, const DdProposal *proposal, const DdSheet *sheet)
{
  guint charge = 0;

  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);
      g_autofree char *quantity = dd_quantity_format (line->quantity);

      dd_json_write_begin_object (writer);
      dd_json_write_key (writer, "charges");
      dd_json_write_begin_array (writer);
      for (; charge < sheet->answers->charges->len &&
             g_array_index (sheet->answers->charges, DdCharge, charge).line == i;
           charge++)
        write_charge (writer, sheet, charge);
      dd_json_write_end_array (writer);
      dd_json_put_string (writer, "id", line->id);
      dd_json_put_string (writer, "name", line->name);
      dd_json_put_string (writer, "offering", line->offering);
      dd_json_put_string (writer, "quantity", quantity);
      dd_json_put_string (writer, "site", line->site);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_totals (DdJsonWriter *writer, const DdSheet *sheet)
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
      if (total->unspread != 0)
        dd_put_money (writer, "unspread", total->unspread, total->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
put_percent (DdJsonWriter *writer, const char *key, gint64 nanos)
{
  g_autofree char *text = dd_percent_format (nanos);

  dd_json_put_string (writer, key, text);
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

static void
write_figures (DdJsonWriter *writer, const DdSheet *sheet)
{
  dd_json_write_key (writer, "figures");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);
      gint64 charges, costed;

      count_charges (sheet, figures->currency, &charges, &costed);
      dd_json_write_begin_object (writer);
      dd_json_put_int64 (writer, "charges", charges);
      dd_json_put_int64 (writer, "chargesWithCost", costed);
      dd_put_money (writer, "contractValue", figures->contract_value, figures->currency);
      dd_put_money (writer, "cost", figures->cost, figures->currency);
      dd_json_put_string (writer, "currency", figures->currency.code);
      put_percent (writer, "discountDiscretionary", figures->discount_discretionary);
      put_percent (writer, "discountList", figures->discount_list);
      put_percent (writer, "discountStanding", figures->discount_standing);
      if (figures->margin != G_MININT64)
        put_percent (writer, "margin", figures->margin);
      dd_put_money (writer, "monthly", figures->monthly, figures->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static char *
sheet_sha256 (const DdSheet *sheet)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  dd_sheet_write (sheet, writer);
  g_autofree char *text = dd_json_writer_finish (writer, &length);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, length);
}

static DdProposal *
read_document (GBytes *bytes, GError **error)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (DdJson) json = dd_json_parse (text, size, NULL, error);

  return json != NULL ? dd_proposal_read (dd_json_root (json), error) : NULL;
}

gboolean
dd_query_price (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdJsonWriter) writer = NULL;

  if (query->in != NULL && (query->proposal = read_document (query->in, error)) == NULL)
    return FALSE;
  if (!run (query, error))
    return FALSE;

  g_autofree char *sha256 = sheet_sha256 (query->sheet);
  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  write_figures (writer, query->sheet);
  write_lines (writer, query->proposal, query->sheet);
  dd_json_put_string (writer, "sheet", sha256);
  write_totals (writer, query->sheet);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

/* --- Reprice --- */

static GVariant *
flat_results (const DdSheet *sheet)
{
  g_autoptr (GArray) flat = g_array_sized_new (FALSE, FALSE, sizeof (gint64), sheet->results->len * 4);

  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, i);
      gint64 row[] = { g_array_index (sheet->answers->charges, DdCharge, i).line, result->list, result->net,
                       result->tax };
      g_array_append_vals (flat, row, G_N_ELEMENTS (row));
    }
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, flat->data, flat->len, sizeof (gint64));
}

gboolean
dd_query_reprice (DdQuery *query, DdReader *reader, GError **error)
{
  if (!run (query, error))
    return FALSE;
  g_variant_builder_open (&query->values, G_VARIANT_TYPE ("a(sssxxx)"));
  for (guint i = 0; i < query->sheet->totals->len; i++)
    {
      const DdTotal *total = &g_array_index (query->sheet->totals, DdTotal, i);
      g_variant_builder_add (&query->values, "(sssxxx)", total->currency.code,
                             dd_charge_type_name (total->type), dd_period_name (total->period), total->list,
                             total->net, total->tax);
    }
  g_variant_builder_close (&query->values);
  if (dd_options_flag (query->call->options, "flat"))
    g_variant_builder_add_value (&query->values, flat_results (query->sheet));
  else
    g_variant_builder_add_value (&query->values,
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, NULL, 0, sizeof (gint64)));
  return TRUE;
}
