/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A price sheet as Price answers it (see price-json.h).
 */
#include "queries/price-json.h"

#include "number/day.h"
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

/* What the answers list in any order, by charge: ten thousand lines may have one each. */
typedef struct
{
  const DdSheet *sheet;
  guint32 *contract_sources;  /* of each charge: label, or DD_NO_LABEL */
  guint32 *installed_sources; /* the same, of what its line has installed */
  guint32 *first_expiries;    /* of each charge: index + 1; 0: it has none */
  guint32 *next_expiries;     /* of each expiry: its charge's next, the same way */
} ByCharge;

/* Charges lie in order of line. */
static guint
first_charge_of (const DdAnswers *answers, guint32 line)
{
  guint low = 0;
  guint high = answers->charges->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (answers->charges, DdCharge, middle).line < line)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* One that the line states itself has no source. */
static void
note_installed (ByCharge *by_charge, const DdInstalledNet *installed)
{
  const DdAnswers *answers = by_charge->sheet->answers;

  for (guint i = first_charge_of (answers, installed->line); i < answers->charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (answers->charges, DdCharge, i);

      if (charge->line != installed->line)
        break;
      if (charge->id == installed->id)
        by_charge->installed_sources[i] = installed->source != 0 ? installed->source - 1 : DD_NO_LABEL;
    }
}

/* Backwards: of two the first counts, and expiries stay in their order. */
static void
by_charge_init (ByCharge *by_charge, const DdSheet *sheet)
{
  const DdAnswers *answers = sheet->answers;
  guint n_charges = answers->charges->len;

  *by_charge = (ByCharge){ .sheet = sheet,
                           .contract_sources = g_new (guint32, n_charges),
                           .installed_sources = g_new (guint32, n_charges),
                           .first_expiries = g_new0 (guint32, n_charges),
                           .next_expiries = g_new0 (guint32, answers->expiries->len) };
  for (guint i = 0; i < n_charges; i++)
    by_charge->contract_sources[i] = by_charge->installed_sources[i] = DD_NO_LABEL;
  for (guint i = answers->installed->len; i-- > 0;)
    note_installed (by_charge, &g_array_index (answers->installed, DdInstalledNet, i));
  for (guint i = answers->contracts->len; i-- > 0;)
    {
      const DdContract *contract = &g_array_index (answers->contracts, DdContract, i);

      if (contract->charge < n_charges)
        by_charge->contract_sources[contract->charge] = contract->price.source;
    }
  for (guint i = answers->expiries->len; i-- > 0;)
    {
      guint32 charge = g_array_index (answers->expiries, DdExpiry, i).charge;

      if (charge >= n_charges)
        continue;
      by_charge->next_expiries[i] = by_charge->first_expiries[charge];
      by_charge->first_expiries[charge] = i + 1;
    }
}

static void
by_charge_clear (ByCharge *by_charge)
{
  g_free (by_charge->contract_sources);
  g_free (by_charge->installed_sources);
  g_free (by_charge->first_expiries);
  g_free (by_charge->next_expiries);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ByCharge, by_charge_clear)

/* @before: the running value that the step found. */
static void
write_step (DdJsonWriter *writer,
            const ByCharge *by_charge,
            const DdStep *step,
            gint64 before,
            const DdChargeResult *result)
{
  const DdAnswers *answers = by_charge->sheet->answers;
  const DdCharge *charge = &g_array_index (answers->charges, DdCharge, step->charge);
  guint32 source = dd_step_source (answers, step, by_charge->contract_sources[step->charge]);

  if (step->kind == DD_STEP_INSTALLED)
    source = by_charge->installed_sources[step->charge];
  dd_json_write_begin_object (writer);
  dd_price_put_amount (writer, "after", step->after, charge, result->rate);
  dd_price_put_amount (writer, "effect", step->after - before, charge, result->rate);
  dd_json_put_string (writer, "kind", dd_step_kind_name (step->kind));
  dd_put_text (writer, "label", dd_step_label (answers, step));
  dd_put_text (writer, "rule", dd_step_rule (answers, step));
  dd_price_put_source (writer, "source", by_charge->sheet, source);
  dd_json_put_string (writer, "stage", dd_stage_name (step->stage));
  dd_json_write_end_object (writer);
}

static void
write_steps (DdJsonWriter *writer, const ByCharge *by_charge, const DdChargeResult *result)
{
  gint64 before = 0;

  dd_json_write_key (writer, "steps");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < result->n_steps; i++)
    {
      const DdStep *step = &g_array_index (by_charge->sheet->steps, DdStep, result->first_step + i);

      write_step (writer, by_charge, step, before, result);
      before = step->after;
    }
  dd_json_write_end_array (writer);
}

static void
write_years (DdJsonWriter *writer, guint first_year, guint last_year)
{
  if (first_year != 0)
    dd_json_put_int64 (writer, "firstYear", first_year);
  if (last_year != 0)
    dd_json_put_int64 (writer, "lastYear", last_year);
}

/* What charge @index rests on and that ends before the offer does. */
static void
write_ends_early (DdJsonWriter *writer, const ByCharge *by_charge, guint index)
{
  const DdAnswers *answers = by_charge->sheet->answers;

  dd_json_write_key (writer, "endsEarly");
  dd_json_write_begin_array (writer);
  for (guint32 i = by_charge->first_expiries[index]; i != 0; i = by_charge->next_expiries[i - 1])
    {
      const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, i - 1);

      if (expiry->last >= answers->offer_end)
        continue;
      g_autofree char *last = dd_day_format (expiry->last);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "last", last);
      dd_put_text (writer, "what", dd_answers_text (answers, expiry->label));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

/* What most charges have none of. */
static void
write_extras (DdJsonWriter *writer, const ByCharge *by_charge, guint index)
{
  const DdSheet *sheet = by_charge->sheet;
  const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, index);

  write_years (writer, charge->first_year, charge->last_year);
  if (charge->free_months != 0)
    dd_json_put_int64 (writer, "freeMonths", charge->free_months);
  if (charge->per != 0)
    {
      g_autofree char *per = dd_quantity_format (charge->per);
      dd_json_put_string (writer, "per", per);
    }
  if (charge->source_currency.code[0] != '\0' &&
      !dd_currency_equal (charge->source_currency, charge->currency))
    dd_json_put_string (writer, "sourceCurrency", charge->source_currency.code);
  if (g_array_index (sheet->results, DdChargeResult, index).marks & DD_MARK_ENDS_EARLY)
    write_ends_early (writer, by_charge, index);
}

/* The share of the net that isn't cost; of nothing there is none. */
static void
put_margin (DdJsonWriter *writer, const DdChargeResult *result)
{
  DdWide nanos;

  if (!result->has_cost || result->net <= 0)
    return;
  nanos = dd_wide_divide_rounded (((DdWide)result->net - result->cost) * DD_NANOS, result->net);
  g_autofree char *text = dd_percent_format ((gint64)CLAMP (nanos, -(DdWide)G_MAXINT64, (DdWide)G_MAXINT64));
  dd_json_put_string (writer, "margin", text);
}

static void
write_charge (DdJsonWriter *writer, const ByCharge *by_charge, guint index)
{
  const DdSheet *sheet = by_charge->sheet;
  const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, index);
  const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, index);

  dd_json_write_begin_object (writer);
  if (result->has_cost)
    dd_price_put_amount (writer, "cost", result->cost, charge, result->rate);
  dd_json_put_string (writer, "currency", charge->currency.code);
  dd_json_put_string (writer, "id", dd_answers_text (sheet->answers, charge->id));
  dd_price_put_amount (writer, "list", result->list, charge, result->rate);
  if (result->marks & DD_MARK_BELOW_FLOOR)
    dd_json_put_boolean (writer, "belowFloor", TRUE);
  if (result->marks & DD_MARK_NEGATIVE_MARGIN)
    dd_json_put_boolean (writer, "negativeMargin", TRUE);
  put_margin (writer, result);
  dd_json_put_string (writer, "name", dd_answers_text (sheet->answers, charge->name));
  dd_price_put_amount (writer, "net", result->net, charge, result->rate);
  if (charge->period != DD_PERIOD_NONE)
    dd_json_put_string (writer, "period", dd_period_name (charge->period));
  write_steps (writer, by_charge, result);
  write_extras (writer, by_charge, index);
  dd_price_put_amount (writer, "tax", result->tax, charge, result->rate);
  dd_json_put_string (writer, "type", dd_charge_type_name (charge->type));
  dd_json_write_end_object (writer);
}

void
dd_price_write_lines (DdJsonWriter *writer, const DdProposal *proposal, const DdSheet *sheet)
{
  g_auto (ByCharge) by_charge = { 0 };
  guint charge = 0;

  by_charge_init (&by_charge, sheet);
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
        write_charge (writer, &by_charge, charge);
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
      write_years (writer, total->first_year, total->last_year);
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
      put_percent (writer, "discountDiscretionary", figures->discount_discretionary);
      put_percent (writer, "discountList", figures->discount_list);
      put_percent (writer, "discountStanding", figures->discount_standing);
      if (figures->margin != G_MININT64)
        put_percent (writer, "margin", figures->margin);
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
