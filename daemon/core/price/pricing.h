/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Inside the price engine: one computation's state, and the arithmetic of a step. Not for other parts.
 *
 * A charge runs alone through base to negotiated; spreads then see all charges at once; guard, tax and totals
 * come last. The steps of a charge lie together: its place reserves room for the spread and tax steps that
 * come later, and what stays unused is closed up at the end. Nothing is allocated a charge or a step. Pure;
 * one thread at a time.
 */
#pragma once

#include "deal/proposal.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* A charge's places in the order of adjustments. */
typedef struct
{
  guint32 begin;
  guint32 first_tax; /* end without taxes */
  guint32 end;
} DdSlice;

typedef struct
{
  const DdPriceLine *lines;
  guint n_lines;
  DdAnswers *answers;
  DdSheet *sheet;
  const DdCharge *charges;
  const DdAdjustment *adjustments;
  DdChargeResult *results;
  DdStep *steps;
  struct DdOrdering *ordering;
  guint32 *order;            /* adjustments by charge, then in the order of the waterfall */
  DdSlice *slices;           /* of each charge */
  guint32 *installed_order;  /* installed nets by line; NULL without any */
  guint32 *first_installed;  /* a line's first place in it; n_lines + 1 of them */
  gint64 *unspread;          /* micros, of each spread */
  DdCurrency minor_currency; /* the currency last asked for, and its minor unit */
  gint64 minor_micros;
} DdPricing;

/* One charge on its way. */
typedef struct
{
  DdPricing *pricing;
  const DdCharge *charge;
  DdChargeResult *result;
  guint32 index;
  guint32 cost_plus; /* adjustment, or DD_NO_ADJUSTMENT */
  guint32 n_taxes;
  gboolean has_floor;
  gint64 unit_floor;
  gint64 quantity; /* of the line; one unit of a rate */
  gint64 units;    /* charged: without the free ones */
  gint64 minor;    /* the minor unit in micros; 1 for a rate */
  gint64 value;    /* running */
  DdWide unit_cost;
} DdRun;

/* Beyond it no numerator can give a result in range; below it a few million of them can be added up. */
#define DD_NUMERATOR_LIMIT ((DdWide)1 << 100)

static inline gboolean
dd_numerator_sane (DdWide numerator)
{
  return numerator < DD_NUMERATOR_LIMIT && numerator > -DD_NUMERATOR_LIMIT;
}

/* @numerator / @divisor half away from zero. Inlined, so that a constant divisor costs a multiplication. */
static inline gboolean
dd_divide (DdWide numerator, gint64 divisor, gint64 *out, GError **error)
{
  if (G_LIKELY (numerator == (gint64)numerator))
    {
      gint64 quotient = (gint64)numerator / divisor;
      gint64 remainder = (gint64)numerator % divisor;
      gint64 magnitude = remainder < 0 ? -remainder : remainder;

      if (magnitude >= divisor - magnitude)
        quotient += numerator < 0 ? -1 : 1;
      *out = quotient;
      return TRUE;
    }
  return dd_wide_to_int64 (dd_wide_divide_rounded (numerator, divisor), out, error);
}

static inline gint64
dd_pricing_minor (DdPricing *pricing, DdCurrency currency)
{
  if (!dd_currency_equal (currency, pricing->minor_currency))
    {
      pricing->minor_currency = currency;
      pricing->minor_micros = dd_currency_minor_micros (currency);
    }
  return pricing->minor_micros;
}

/* Records a step and moves the running value. A rise that a rule made is a surcharge. */
static inline gboolean
dd_run_step (DdRun *run, guint32 adjustment, DdStage stage, guint kind, gint64 after, GError **error)
{
  DdChargeResult *result = run->result;
  DdStep *step = &run->pricing->steps[result->first_step + result->n_steps++];

  step->charge = run->index;
  step->adjustment = adjustment;
  step->after = after;
  step->stage = (guint8)stage;
  step->kind = (guint8)kind;
  if (after > run->value && kind < DD_N_ADJUST_KINDS && stage < DD_STAGE_GUARD)
    {
      gint64 effect = 0;

      if (!dd_checked_subtract (after, run->value, &effect, error) ||
          !dd_checked_add (result->surcharge, effect, &result->surcharge, error))
        return FALSE;
      if (stage >= DD_STAGE_NEGOTIATED)
        result->surcharge_discretionary += effect;
    }
  run->value = after;
  return TRUE;
}

/* 'line "2", charge "rental": message'; returns FALSE. */
gboolean dd_pricing_fail (
  const DdPricing *pricing, guint32 charge, DdErrorCode code, GError **error, const char *format, ...)
  G_GNUC_PRINTF (5, 6);

/* Puts the same place before an @error that arithmetic set. Returns FALSE. */
gboolean dd_pricing_place_error (const DdPricing *pricing, guint32 charge, GError **error);

/* id.c, order.c: indexes of @n records by the guint32 that each begins with: (transfer full) order, and the
 * first place of each key. Keys are below @n_keys. */
guint32 *dd_bucket (gconstpointer records, gsize size, guint n, guint n_keys, guint32 **out_first);

/* Charges are then asked for one after the other: sets the next one's slice. */
gboolean dd_pricing_begin_order (DdPricing *pricing, GError **error);
void dd_pricing_order_charge (DdPricing *pricing, guint32 charge);
void dd_pricing_end_order (DdPricing *pricing);

/* installed.c: charges that only the customer's installed nets name are added; a net is looked up. */
gboolean dd_pricing_place_installed (DdPricing *pricing, GError **error);
gboolean dd_run_installed (DdRun *run, gint64 *out_net, GError **error);

/* tier.c: the catalogue's price, with its steps. */
gboolean dd_run_open (DdRun *run, GError **error);

/* group.c: all of the charge's rules of one stage; @place moves behind them. */
gboolean dd_run_stage (DdRun *run, DdStage stage, guint32 *place, guint32 end, GError **error);

/* check.c: refuses what can't be, and notes what the rules of a charge say of cost, floor and tax. A currency
 * that isn't known has no minor unit to round to. */
gboolean dd_pricing_check_lines (const DdPricing *pricing, GError **error);
gboolean dd_pricing_knows_currency (DdPricing *pricing, DdCurrency currency);
gboolean dd_pricing_check_charge (DdPricing *pricing, guint32 charge, GError **error);
gboolean dd_run_check_adjustments (DdRun *run, DdSlice *slice, GError **error);
gboolean dd_pricing_check_spreads (DdPricing *pricing, GError **error);

/* cost.c: the extended cost, and the base that a mark-up on it makes. */
gboolean dd_run_cost (DdRun *run, GError **error);
gboolean dd_run_cost_plus (DdRun *run, GError **error);

/* spread.c: needs every charge's net; sets it and what was left over. */
gboolean dd_spread_matches (const DdSpread *spread, const DdCharge *charge);
gboolean dd_pricing_spread (DdPricing *pricing, GError **error);

/* guard.c: floor and marks. */
gboolean dd_run_floor (DdRun *run, GError **error);
void dd_run_guard (DdRun *run);

/* tax.c */
gboolean dd_run_tax (DdRun *run, GError **error);

/* total.c: totals and figures of a sheet whose results are done. */
gboolean dd_pricing_total (DdPricing *pricing, GError **error);

G_END_DECLS
