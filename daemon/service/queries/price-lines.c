/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The lines of a price sheet as Price answers them: each charge, the steps that made it, and what these rest
 * on (see price-json.h).
 */
#include "queries/price-json.h"

#include "number/day.h"
#include "price/step.h"
#include "queries/queries.h"

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

  dd_put_years (writer, charge->first_year, charge->last_year);
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
