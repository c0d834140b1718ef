/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The driver of a computation (see sheet.h, and pricing.h for its plan) and the life of a sheet.
 *
 * Pure; a finished sheet may be read from any thread, and its count is atomic.
 */
#include "price/pricing.h"

#include <string.h>

/* Steps of a charge that no rule or spread makes, and those that a contracted price adds: itself and a limit.
 */
#define MAX_OWN_STEPS      5
#define MAX_CONTRACT_STEPS 2

gboolean
dd_pricing_fail (
  const DdPricing *pricing, guint32 charge, DdErrorCode code, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  dd_fail (error, code, "%s", message);
  return dd_pricing_place_error (pricing, charge, error);
}

gboolean
dd_pricing_place_error (const DdPricing *pricing, guint32 charge, GError **error)
{
  const DdCharge *failed = &pricing->charges[charge];

  /* Only once: what set the error may have placed it already. */
  if (error != NULL && !g_str_has_prefix ((*error)->message, "line \""))
    g_prefix_error (error, "line \"%s\", charge \"%s\": ", pricing->lines[failed->line].id,
                    dd_answers_text (pricing->answers, failed->id));
  return FALSE;
}

/* A charge that states no price has none in the catalogue: what replaces it is its list then, or it would
 * hide what is given elsewhere. */
static gboolean
lacks_price (const DdRun *run)
{
  const DdCharge *charge = run->charge;

  return (run->contract != NULL || run->cost_plus != DD_NO_ADJUSTMENT) && charge->mode == DD_TIER_FLAT &&
         charge->price == 0 && charge->fee == 0 && charge->minimum <= 0;
}

/* The catalogue's price, and what replaces it. */
static gboolean
run_base (DdRun *run, GError **error)
{
  DdChargeResult *result = run->result;

  if (!dd_run_open (run, error))
    return FALSE;
  result->list = run->value;
  if (!dd_run_contract (run, error) || !dd_run_cost (run, error) || !dd_run_cost_plus (run, error))
    return FALSE;
  if (G_UNLIKELY (lacks_price (run)))
    {
      result->list = run->value;
      result->surcharge = 0;
    }
  return dd_run_floor (run, error);
}

/* From the catalogue's price to negotiated. */
static gboolean
run_stages (DdRun *run, GError **error)
{
  guint32 begin = run->slice->begin;
  guint32 end = run->slice->end;
  DdChargeResult *result = run->result;
  gint64 rounded = 0;

  if (!run_base (run, error))
    return FALSE;
  if (!dd_run_stage (run, DD_STAGE_BASE, &begin, end, error))
    return FALSE;
  result->contracted = run->value;
  result->surcharge_base = result->surcharge;
  for (DdStage stage = DD_STAGE_COMMITMENT; stage < DD_STAGE_NEGOTIATED; stage++)
    if (!dd_run_stage (run, stage, &begin, end, error))
      return FALSE;
  result->standing = run->value;
  if (!dd_run_stage (run, DD_STAGE_NEGOTIATED, &begin, end, error))
    return FALSE;
  if (run->value % run->minor != 0)
    {
      if (!dd_checked_round_to (run->value, run->minor, &rounded, error))
        return FALSE;
      dd_run_note (run, DD_NO_ADJUSTMENT, DD_STAGE_NEGOTIATED, DD_STEP_ROUND, rounded);
    }
  result->negotiated = run->value;
  return TRUE;
}

static gboolean
take_installed (DdRun *run, guint action, GError **error)
{
  gint64 net = 0;

  if ((action != DD_ACTION_MODIFY && action != DD_ACTION_DELETE) || run->result->rate)
    return TRUE;
  if (!dd_run_installed (run, &net, error))
    return FALSE;
  run->result->installed = net;
  /* Both are at least zero: the difference is in range. */
  if (net != 0)
    dd_run_note (run, DD_NO_ADJUSTMENT, DD_STAGE_NEGOTIATED, DD_STEP_INSTALLED, run->value - net);
  return TRUE;
}

static guint
count_spreads (const DdPricing *pricing, const DdCharge *charge)
{
  guint n = 0;

  for (guint i = 0; i < pricing->answers->spreads->len; i++)
    n += dd_spread_matches (&g_array_index (pricing->answers->spreads, DdSpread, i), charge);
  return n;
}

static void
init_run (DdRun *run, DdPricing *pricing, guint32 index)
{
  const DdCharge *charge = &pricing->charges[index];
  const DdPriceLine *line = &pricing->lines[charge->line];
  gboolean rate = charge->type == DD_CHARGE_USAGE;
  gint64 per = charge->per != 0 ? charge->per : DD_MICROS;

  *run = (DdRun){
    .pricing = pricing,
    .charge = charge,
    .result = &pricing->results[index],
    .index = index,
    .cost_plus = DD_NO_ADJUSTMENT,
    .minor = rate ? 1 : dd_pricing_minor (pricing, charge->currency),
    .plain = per == DD_MICROS,
    .slice = &pricing->slices[index],
    .contract = pricing->contracts != NULL ? pricing->contracts[index] : NULL,
    .per = per,
    .quantity = rate ? per : line->quantity,
    .units = rate ? per : MAX (line->quantity - charge->free_units, 0),
  };
  run->result->rate = (guint8)rate;
  run->result->counted = line->counted && line->action != DD_ACTION_NO_CHANGE;
}

/* All of a charge but what comes after every charge's net. */
static gboolean
run_charge (DdRun *run, GError **error)
{
  guint action = run->pricing->lines[run->charge->line].action;

  run->pricing->n_computed++;
  if (!dd_run_check_adjustments (run, &run->pricing->slices[run->index], error))
    return FALSE;
  if (action == DD_ACTION_DELETE)
    run->result->has_cost = FALSE;
  else if (!run_stages (run, error))
    return dd_pricing_place_error (run->pricing, run->index, error);
  if (!take_installed (run, action, error))
    return dd_pricing_place_error (run->pricing, run->index, error);
  run->result->net = run->value;
  return TRUE;
}

/* @next_step: where the steps of the next charge begin. A share only takes its place: it waits for others. */
static gboolean
price_charge (DdPricing *pricing, guint32 index, guint32 *next_step, GError **error)
{
  const DdCharge *charge = &pricing->charges[index];
  const DdSlice *slice = &pricing->slices[index];
  guint32 n_taxes = 0;
  DdRun run;

  dd_pricing_order_charge (pricing, index);
  if (pricing->reuse != NULL && dd_pricing_reuse_charge (pricing, index, *next_step, &n_taxes))
    {
      *next_step += pricing->results[index].n_steps + n_taxes + count_spreads (pricing, charge);
      return TRUE;
    }
  if (!dd_pricing_check_charge (pricing, index, error))
    return FALSE;
  init_run (&run, pricing, index);
  run.result->first_step = *next_step;
  if (pricing->lines[charge->line].action == DD_ACTION_NO_CHANGE)
    return TRUE;
  if (charge->mode == DD_TIER_SHARE)
    {
      *next_step += MAX_OWN_STEPS + (run.contract != NULL ? MAX_CONTRACT_STEPS : 0) +
                    (slice->end - slice->begin) + pricing->answers->spreads->len;
      return TRUE;
    }
  if (!run_charge (&run, error))
    return FALSE;
  *next_step += run.result->n_steps + run.n_taxes + count_spreads (pricing, charge);
  return TRUE;
}

gboolean
dd_pricing_price_share (DdPricing *pricing, guint32 index, const DdFraction *sum, GError **error)
{
  DdRun run;

  if (pricing->lines[pricing->charges[index].line].action == DD_ACTION_NO_CHANGE)
    return TRUE;
  init_run (&run, pricing, index);
  run.shared = sum;
  return run_charge (&run, error);
}

/* Guard and tax; also moves the charge's steps up to @n_steps, where those before it end. */
static gboolean
finish_charge (DdPricing *pricing, guint32 index, guint32 *n_steps, GError **error)
{
  DdChargeResult *result = &pricing->results[index];
  DdRun run = {
    .pricing = pricing,
    .charge = &pricing->charges[index],
    .result = result,
    .index = index,
    .value = result->net,
  };

  run.minor = result->rate ? 1 : dd_pricing_minor (pricing, run.charge->currency);
  dd_run_guard (&run);
  if (pricing->lines[run.charge->line].action != DD_ACTION_NO_CHANGE && !dd_run_tax (&run, error))
    return dd_pricing_place_error (pricing, index, error);
  if (result->first_step != *n_steps)
    memmove (&pricing->steps[*n_steps], &pricing->steps[result->first_step],
             result->n_steps * sizeof (DdStep));
  result->first_step = *n_steps;
  *n_steps += result->n_steps;
  return TRUE;
}

/* All steps that could come. */
static guint64
count_room (const DdAnswers *answers)
{
  return (guint64)answers->charges->len * (MAX_OWN_STEPS + answers->spreads->len) +
         (guint64)answers->contracts->len * MAX_CONTRACT_STEPS + answers->adjustments->len;
}

static gboolean
make_room (DdPricing *pricing, GError **error)
{
  const DdAnswers *answers = pricing->answers;
  guint64 n_steps = count_room (answers);
  DdSheet *sheet = pricing->sheet;

  if (n_steps > G_MAXINT32 / sizeof (DdStep))
    return dd_fail (error, DD_ERROR_TOO_LARGE, "%u charges and %u adjustments are too many for one sheet",
                    answers->charges->len, answers->adjustments->len);
  sheet->steps = g_array_sized_new (FALSE, FALSE, sizeof (DdStep), (guint)n_steps);
  g_array_set_size (sheet->steps, (guint)n_steps);
  sheet->results = g_array_sized_new (FALSE, TRUE, sizeof (DdChargeResult), answers->charges->len);
  g_array_set_size (sheet->results, answers->charges->len);
  pricing->steps = (DdStep *)(gpointer)sheet->steps->data;
  pricing->results = (DdChargeResult *)(gpointer)sheet->results->data;
  pricing->unspread = g_new0 (gint64, MAX (answers->spreads->len, 1) * (gsize)pricing->n_classes);
  return TRUE;
}

static gboolean
run_pricing (DdPricing *pricing, GError **error)
{
  DdAnswers *answers = pricing->answers;
  guint32 n_steps = 0;

  if (!dd_pricing_check_spreads (pricing, error) || !dd_pricing_place_rates (pricing, error) ||
      !dd_pricing_place_installed (pricing, error) || !dd_pricing_check_lines (pricing, error) ||
      !dd_pricing_expand_years (pricing, error))
    return FALSE;
  pricing->charges = (const DdCharge *)(gconstpointer)answers->charges->data;
  pricing->adjustments = (const DdAdjustment *)(gconstpointer)answers->adjustments->data;
  dd_pricing_begin_reuse (pricing);
  if (!dd_pricing_place_contracts (pricing, error) || !dd_pricing_begin_order (pricing, error) ||
      !make_room (pricing, error) || !dd_pricing_aggregate (pricing, error))
    return FALSE;
  for (guint32 i = 0; i < answers->charges->len; i++)
    if (!price_charge (pricing, i, &n_steps, error))
      return FALSE;
  if (!dd_pricing_run_shares (pricing, error) || !dd_pricing_spread (pricing, error) ||
      !dd_pricing_mark_expiries (pricing, error))
    return FALSE;
  n_steps = 0;
  for (guint32 i = 0; i < answers->charges->len; i++)
    if (!finish_charge (pricing, i, &n_steps, error))
      return FALSE;
  g_array_set_size (pricing->sheet->steps, n_steps);
  return dd_pricing_total (pricing, error);
}

DdSheet *
dd_pricing_compute (const DdPriceLine *lines,
                    guint n_lines,
                    DdAnswers *answers,
                    guint arithmetic,
                    struct DdReuse *reuse,
                    guint *out_n_computed,
                    GError **error)
{
  g_autoptr (DdSheet) sheet = g_new0 (DdSheet, 1);
  DdPricing pricing = {
    .lines = lines, .n_lines = n_lines, .answers = answers, .sheet = sheet, .reuse = reuse
  };

  sheet->ref_count = 1;
  sheet->arithmetic = arithmetic;
  sheet->answers = answers;
  sheet->n_lines = n_lines;
  sheet->totals = g_array_new (FALSE, TRUE, sizeof (DdTotal));
  sheet->figures = g_array_new (FALSE, TRUE, sizeof (DdDealFigures));

  gboolean priced = run_pricing (&pricing, error);

  dd_pricing_end_order (&pricing);
  g_free (pricing.installed_order);
  g_free (pricing.first_installed);
  g_free (pricing.unspread);
  g_free (pricing.parts);
  g_free (pricing.contracts);
  g_free (pricing.rates);
  if (priced && out_n_computed != NULL)
    *out_n_computed = pricing.n_computed;
  return priced ? g_steal_pointer (&sheet) : NULL;
}

DdSheet *
dd_sheet_compute (const DdPriceLine *lines, guint n_lines, DdAnswers *answers, GError **error)
{
  return dd_pricing_compute (lines, n_lines, answers, DD_ARITHMETIC_VERSION, NULL, NULL, error);
}

gsize
dd_sheet_bytes (const DdSheet *sheet)
{
  gsize n_charges = sheet->answers->charges->len;

  return sizeof *sheet + dd_answers_bytes (sheet->answers) +
         dd_array_bytes (count_room (sheet->answers) * sizeof (DdStep)) +
         dd_array_bytes (n_charges * sizeof (DdChargeResult)) +
         dd_array_bytes (n_charges * sizeof (DdWorth)) + n_charges * (sizeof (DdSlice) + sizeof (DdSpan)) +
         sheet->answers->adjustments->len * sizeof *sheet->order + sheet->totals->len * sizeof (DdTotal) +
         sheet->figures->len * sizeof (DdDealFigures);
}

DdSheet *
dd_sheet_ref (DdSheet *sheet)
{
  g_atomic_int_inc (&sheet->ref_count);
  return sheet;
}

void
dd_sheet_unref (DdSheet *sheet)
{
  if (sheet == NULL || !g_atomic_int_dec_and_test (&sheet->ref_count))
    return;
  dd_answers_free (sheet->answers);
  g_clear_pointer (&sheet->steps, g_array_unref);
  g_clear_pointer (&sheet->results, g_array_unref);
  g_clear_pointer (&sheet->worths, g_array_unref);
  g_free (sheet->spans);
  g_free (sheet->order);
  g_free (sheet->slices);
  g_array_unref (sheet->totals);
  g_array_unref (sheet->figures);
  g_free (sheet);
}
