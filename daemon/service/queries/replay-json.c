/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Then and now as Replay answers it (see replay-json.h). What isn't there then or now has no member.
 */
#include "queries/replay-json.h"

#include "number/checked.h"
#include "price/sheet-compare.h"
#include "price/step.h"
#include "queries/price-json.h"
#include "queries/queries.h"

/* Both sides of one charge; NULL where it isn't there. */
typedef struct
{
  const DdCharge *charge; /* of either */
  const DdChargeResult *then;
  const DdChargeResult *now;
  gboolean rate;
} Charge;

static void
put_amount (DdJsonWriter *writer, const char *key, gint64 value, const Charge *charge)
{
  dd_price_put_amount (writer, key, value, charge->charge, charge->rate);
}

/* --- sources --- */

static void
put_version (DdJsonWriter *writer, const char *key, const DdSheet *sheet, guint32 index)
{
  const DdSource *source;

  if (index == DD_NOWHERE)
    return;
  source = &g_array_index (sheet->answers->sources, DdSource, index);
  if (source->plugin_version != NULL)
    dd_json_put_string (writer, key, source->plugin_version);
  else
    dd_json_put_int64 (writer, key, source->version);
}

static void
write_sources (DdJsonWriter *writer, const DdSheetDifference *difference, gboolean plugins)
{
  dd_json_write_key (writer, plugins ? "sources" : "datasets");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < difference->sources->len; i++)
    {
      const DdPair *pair = &g_array_index (difference->sources, DdPair, i);
      const DdSheet *sheet = pair->now != DD_NOWHERE ? difference->now : difference->then;
      const DdSource *either =
        &g_array_index (sheet->answers->sources, DdSource, pair->now != DD_NOWHERE ? pair->now : pair->then);

      if ((either->plugin_version != NULL) != plugins)
        continue;
      dd_json_write_begin_object (writer);
      if (!plugins)
        dd_json_put_string (writer, "name", either->name);
      put_version (writer, "now", difference->now, pair->now);
      if (plugins)
        dd_json_put_string (writer, "plugin", either->name);
      put_version (writer, "then", difference->then, pair->then);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

/* --- charges --- */

static void
write_reason (DdJsonWriter *writer,
              const DdSheetDifference *difference,
              const DdStepChange *change,
              const Charge *charge)
{
  const DdSheet *sheet = change->step.now != DD_NOWHERE ? difference->now : difference->then;
  const DdStep *step = &g_array_index (sheet->steps, DdStep,
                                       change->step.now != DD_NOWHERE ? change->step.now : change->step.then);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "change", dd_change_name ((DdChange)change->change));
  if (change->step.now != DD_NOWHERE)
    put_amount (writer, "effectNow", change->effect_now, charge);
  if (change->step.then != DD_NOWHERE)
    put_amount (writer, "effectThen", change->effect_then, charge);
  dd_json_put_string (writer, "kind", dd_step_kind_name (step->kind));
  dd_put_text (writer, "label", dd_step_label (sheet->answers, step));
  dd_put_text (writer, "rule", dd_step_rule (sheet->answers, step));
  dd_price_put_source (writer, "sourceNow", difference->now, change->source_now);
  dd_price_put_source (writer, "sourceThen", difference->then, change->source_then);
  dd_json_put_string (writer, "stage", dd_stage_name (step->stage));
  dd_json_write_end_object (writer);
}

static void
write_reasons (DdJsonWriter *writer,
               const DdSheetDifference *difference,
               const DdChargeChange *change,
               const Charge *charge)
{
  dd_json_write_key (writer, "why");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < change->n_steps; i++)
    write_reason (writer, difference,
                  &g_array_index (difference->steps, DdStepChange, change->first_step + i), charge);
  dd_json_write_end_array (writer);
}

/* A difference out of range has no member. */
static void
put_difference (DdJsonWriter *writer, gint64 then, gint64 now, const Charge *charge)
{
  gint64 difference;

  if (dd_checked_subtract (now, then, &difference, NULL))
    put_amount (writer, "difference", difference, charge);
}

/* Pairs that are alike are left out. @then, @now: (nullable): where the amounts are. */
static void
put_pair (
  DdJsonWriter *writer, const char *keys[2], const gint64 *then, const gint64 *now, const Charge *charge)
{
  if (then != NULL && now != NULL && *then == *now)
    return;
  if (now != NULL)
    put_amount (writer, keys[0], *now, charge);
  if (then != NULL)
    put_amount (writer, keys[1], *then, charge);
}

static void
put_amounts (DdJsonWriter *writer, const Charge *charge)
{
  static const char *cost[] = { "costNow", "costThen" };
  static const char *list[] = { "listNow", "listThen" };
  static const char *tax[] = { "taxNow", "taxThen" };
  const DdChargeResult *then = charge->then;
  const DdChargeResult *now = charge->now;

  put_pair (writer, cost, then != NULL && then->has_cost ? &then->cost : NULL,
            now != NULL && now->has_cost ? &now->cost : NULL, charge);
  put_difference (writer, then != NULL ? then->net : 0, now != NULL ? now->net : 0, charge);
  put_pair (writer, list, then != NULL ? &then->list : NULL, now != NULL ? &now->list : NULL, charge);
  if (now != NULL)
    put_amount (writer, "now", now->net, charge);
  put_pair (writer, tax, then != NULL ? &then->tax : NULL, now != NULL ? &now->tax : NULL, charge);
  if (then != NULL)
    put_amount (writer, "then", then->net, charge);
}

static Charge
find_charge (const DdSheetDifference *difference, const DdPair *pair)
{
  gboolean is_new = pair->then == DD_NOWHERE;
  const DdSheet *sheet = is_new ? difference->now : difference->then;
  Charge charge = { .charge =
                      &g_array_index (sheet->answers->charges, DdCharge, is_new ? pair->now : pair->then) };

  if (pair->then != DD_NOWHERE)
    charge.then = &g_array_index (difference->then->results, DdChargeResult, pair->then);
  if (pair->now != DD_NOWHERE)
    charge.now = &g_array_index (difference->now->results, DdChargeResult, pair->now);
  charge.rate = (is_new ? charge.now : charge.then)->rate;
  return charge;
}

static void
write_charge (DdJsonWriter *writer,
              const DdProposal *proposal,
              const DdSheetDifference *difference,
              const DdChargeChange *change)
{
  Charge both = find_charge (difference, &change->charge);
  const DdCharge *charge = both.charge;
  const DdAnswers *answers =
    (change->charge.then == DD_NOWHERE ? difference->now : difference->then)->answers;

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "charge", dd_answers_text (answers, charge->id));
  dd_json_put_string (writer, "currency", charge->currency.code);
  dd_json_put_string (writer, "line",
                      ((const DdLine *)g_ptr_array_index (proposal->lines, charge->line))->id);
  dd_json_put_string (writer, "name", dd_answers_text (answers, charge->name));
  if (charge->period != DD_PERIOD_NONE)
    dd_json_put_string (writer, "period", dd_period_name (charge->period));
  put_amounts (writer, &both);
  dd_json_put_string (writer, "type", dd_charge_type_name (charge->type));
  write_reasons (writer, difference, change, &both);
  dd_put_years (writer, charge->first_year, charge->last_year);
  dd_json_write_end_object (writer);
}

/* --- totals --- */

static void
write_total (DdJsonWriter *writer, const DdTotal *then, const DdTotal *now)
{
  const DdTotal *either = now != NULL ? now : then;
  gint64 difference;

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "currency", either->currency.code);
  if (dd_checked_subtract (now != NULL ? now->net : 0, then != NULL ? then->net : 0, &difference, NULL))
    dd_put_money (writer, "difference", difference, either->currency);
  if (now != NULL)
    dd_put_money (writer, "now", now->net, now->currency);
  if (either->period != DD_PERIOD_NONE)
    dd_json_put_string (writer, "period", dd_period_name (either->period));
  if (then != NULL)
    dd_put_money (writer, "then", then->net, then->currency);
  dd_json_put_string (writer, "type", dd_charge_type_name (either->type));
  dd_put_years (writer, either->first_year, either->last_year);
  dd_json_write_end_object (writer);
}

static void
write_totals (DdJsonWriter *writer, const DdSheetDifference *difference)
{
  dd_json_write_key (writer, "totals");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < difference->totals->len; i++)
    {
      const DdPair *pair = &g_array_index (difference->totals, DdPair, i);

      write_total (
        writer,
        pair->then != DD_NOWHERE ? &g_array_index (difference->then->totals, DdTotal, pair->then) : NULL,
        pair->now != DD_NOWHERE ? &g_array_index (difference->now->totals, DdTotal, pair->now) : NULL);
    }
  dd_json_write_end_array (writer);
}

void
dd_replay_write_now (DdJsonWriter *writer,
                     const DdProposal *proposal,
                     const DdSheet *then,
                     const DdSheet *now)
{
  g_autoptr (DdSheetDifference) difference = dd_sheet_compare (then, now);
  g_autofree char *sha256 = dd_price_sha256 (now);

  dd_json_write_key (writer, "now");
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "charges");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < difference->charges->len; i++)
    write_charge (writer, proposal, difference, &g_array_index (difference->charges, DdChargeChange, i));
  dd_json_write_end_array (writer);
  write_sources (writer, difference, FALSE);
  dd_json_put_string (writer, "sheet", sha256);
  write_sources (writer, difference, TRUE);
  write_totals (writer, difference);
  dd_json_write_end_object (writer);
}

void
dd_replay_write_refused (DdJsonWriter *writer, const GError *refusal)
{
  dd_json_write_key (writer, "now");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "refused", refusal->message);
  dd_json_write_end_object (writer);
}
