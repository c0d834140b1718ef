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
#include "number/fraction.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* What a charge opens at where lines reach tiers together; DD_NO_LIMIT: it opens alone. */
typedef struct
{
  gint64 list;
  gint64 contracted;
} DdPart;

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
  struct DdReuse *reuse;          /* (nullable): a sheet whose charges may serve again */
  guint n_computed;               /* charges that ran through the waterfall */
  guint32 *order;                 /* the sheet's, as are the slices */
  DdSlice *slices;                /* of each charge */
  guint32 *installed_order;       /* installed nets by line; NULL without any */
  guint32 *first_installed;       /* a line's first place in it; n_lines + 1 of them */
  gint64 *unspread;               /* micros, of each spread and class of contract years */
  guint n_classes;                /* of contract years; 1 without any */
  guint8 classes[G_MAXUINT8 + 1]; /* the first year of each */
  gboolean has_aggregates;
  gboolean has_shares;
  DdPart *parts;                /* of each charge; NULL without aggregates */
  const DdContract **contracts; /* of each charge, or NULL; NULL without any */
  DdRate *rates;                /* by currencies */
  guint n_rates;
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
  gboolean plain; /* all its amounts are for one unit and in its currency */
  gint64 unit_floor;
  const DdSlice *slice;
  const DdContract *contract; /* (nullable) */
  const DdFraction *shared;   /* of a share: what it takes its percentage of */
  gint64 per;                 /* quantity that unit amounts are for */
  gint64 quantity;            /* of the line; of a rate, that which its price is for */
  gint64 units;               /* charged: without the free ones */
  gint64 minor;               /* the minor unit in micros; 1 for a rate */
  gint64 value;               /* running */
  gint64 opening;             /* what the stacking group in progress opened at */
  DdWide unit_cost;
} DdRun;

/* A thousand times the debt in a year; beyond it an interest is a mistake. */
#define DD_MAX_INTEREST (1000 * DD_NANOS)

/* Beyond it no numerator can give a result in range; below it a few million of them can be added up. */
#define DD_NUMERATOR_LIMIT ((DdWide)1 << 100)

/* Far below zero none comes: the only terms that are, a factor's, are above -2^93. */
static inline gboolean
dd_numerator_sane (DdWide numerator)
{
  return numerator < DD_NUMERATOR_LIMIT;
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

/* The last contract year of class @k; 0: it has no end. */
static inline guint8
dd_pricing_class_end (const DdPricing *pricing, guint k)
{
  return k + 1 < pricing->n_classes ? (guint8)(pricing->classes[k + 1] - 1) : 0;
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

/* Records a step and moves the running value. */
static inline void
dd_run_note (DdRun *run, guint32 adjustment, DdStage stage, guint kind, gint64 after)
{
  DdChargeResult *result = run->result;
  DdStep *step = &run->pricing->steps[result->first_step + result->n_steps++];

  step->charge = run->index;
  step->adjustment = adjustment;
  step->after = after;
  step->stage = (guint8)stage;
  step->kind = (guint8)kind;
  run->value = after;
}

/* The same of a rule before guard: a rise is a surcharge. */
static inline gboolean
dd_run_step (DdRun *run, guint32 adjustment, DdStage stage, guint kind, gint64 after, GError **error)
{
  DdChargeResult *result = run->result;

  if (after > run->value)
    {
      gint64 effect = 0;

      if (!dd_checked_subtract (after, run->value, &effect, error) ||
          !dd_checked_add (result->surcharge, effect, &result->surcharge, error))
        return FALSE;
      if (stage >= DD_STAGE_NEGOTIATED)
        result->surcharge_discretionary += effect;
    }
  dd_run_note (run, adjustment, stage, kind, after);
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

/* sheet.c: dd_sheet_compute() with what may be reused. */
DdSheet *dd_pricing_compute (const DdPriceLine *lines,
                             guint n_lines,
                             DdAnswers *answers,
                             guint arithmetic,
                             struct DdReuse *reuse,
                             guint *out_n_computed,
                             GError **error);

/* recompute.c: once charges and rates are placed; the order of adjustments, if all are where they were, and
 * whether those of a charge stay as they are; reuse.c: the next charge, in order, if it is there already: its
 * steps from @first_step on, and how many rules will tax it. */
void dd_pricing_begin_reuse (DdPricing *pricing);
gboolean dd_pricing_keep_order (DdPricing *pricing);
gboolean dd_pricing_rules_stay (const DdPricing *pricing, guint32 charge);
gboolean
dd_pricing_reuse_charge (DdPricing *pricing, guint32 charge, guint32 first_step, guint32 *out_n_taxes);

/* years.c: cuts charges into copies, one for each class of contract years. Charges of one line and one family
 * are the same charge in different years. */
gboolean dd_pricing_expand_years (DdPricing *pricing, GError **error);
gboolean dd_charge_same_family (const DdCharge *a, const DdCharge *b);

/* installed.c: charges that only the customer's installed nets name are added; a net is looked up. */
gboolean dd_pricing_place_installed (DdPricing *pricing, GError **error);
gboolean dd_run_installed (DdRun *run, gint64 *out_net, GError **error);

/* convert.c: rates are checked; an amount is converted exactly when its currencies differ and there is a
 * rate, which dd_pricing_check_convertible() asks for, saying @what needs it. One of 64 bits always fits. The
 * amount of a rule, for @units if it is a unit's, is in the charge's currency. */
gboolean dd_pricing_place_rates (DdPricing *pricing, GError **error);
int dd_rate_compare (gconstpointer a, gconstpointer b); /* by currencies */
gboolean dd_pricing_check_convertible (
  DdPricing *pricing, guint32 charge, const char *what, DdCurrency from, GError **error);
gboolean dd_pricing_convert (
  const DdPricing *pricing, DdCurrency from, DdCurrency to, DdFraction *amount, GError **error);
DdFraction
dd_pricing_convert_amount (const DdPricing *pricing, DdCurrency from, DdCurrency to, gint64 amount);
gboolean dd_run_rule_amount (
  const DdRun *run, const DdAdjustment *rule, gint64 units, DdFraction *out_amount, GError **error);

/* tier.c: the catalogue's price, with its steps. @price for @units, micros (nanos of a rate); and its minimum
 * and maximum, as steps. */
gboolean dd_run_open (DdRun *run, GError **error);
gboolean
dd_run_price (const DdRun *run, const DdCharge *price, gint64 units, gint64 *out_value, GError **error);
gboolean dd_run_limit (DdRun *run, const DdCharge *price, GError **error);

/* contract.c: each charge's, and the price that replaces the one it opened at. */
gboolean dd_pricing_place_contracts (DdPricing *pricing, GError **error);
gboolean dd_run_contract (DdRun *run, GError **error);

/* aggregate.c: what charges open at that reach tiers together. */
gboolean dd_pricing_aggregate (DdPricing *pricing, GError **error);

/* share.c: prices the charges that are percentages of others, once all others are priced; sheet.c: one of
 * them, of @sum. */
gboolean dd_pricing_run_shares (DdPricing *pricing, GError **error);
gboolean dd_pricing_price_share (DdPricing *pricing, guint32 index, const DdFraction *sum, GError **error);

/* group.c: all of the charge's rules of one stage; @place moves behind them. */
gboolean dd_run_stage (DdRun *run, DdStage stage, guint32 *place, guint32 end, GError **error);

/* check.c: refuses what can't be, and notes what the rules of a charge say of cost, floor and tax. A currency
 * that isn't known has no minor unit to round to. */
gboolean dd_pricing_check_lines (DdPricing *pricing, GError **error);
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
gboolean dd_pricing_mark_expiries (DdPricing *pricing, GError **error);

/* tax.c */
gboolean dd_run_tax (DdRun *run, GError **error);

/* worth.c: the sheet's worths, and @spans, one a charge; those of charges that don't count stay zero. */
gboolean dd_pricing_count_worths (DdPricing *pricing, DdSpan *spans, GError **error);

/* discount.c: what discounts are measured between, weighed; and the worst discounts of usage rates, nanos. */
typedef struct
{
  DdWide net;
  DdWide list;
  DdWide contracted;
  DdWide standing;
  gint64 rate_list;
  gint64 rate_contracted;
  gint64 rate_standing;
} DdPrices;

/* @amount a period over what @span has of it; of one period when that is nothing. */
DdWide dd_weigh (DdWide amount, const DdSpan *span);

/* (@whole - @part) / @whole in nanos. Of nothing, nothing was taken off. */
gint64 dd_share_off (DdWide whole, DdWide part);

/* Returns: the weighed net, without what is installed. A rate has no volume to be weighed by: its own
 * discount is governed, the worst of all. */
DdWide dd_prices_add (DdPrices *prices, const DdChargeResult *result, const DdSpan *span);
void dd_prices_add_rate (DdPrices *prices, const DdChargeResult *result);
void dd_prices_measure (const DdPrices *prices,
                        guint arithmetic,
                        gint64 *out_list,
                        gint64 *out_standing,
                        gint64 *out_discretionary);

/* @amount a period as one a month, rounded to @minor; and exactly, in parts of a micro. */
#define DD_FLOW_PARTS 84
DdWide dd_period_monthly (DdWide amount, guint period, gint64 minor);
DdWide dd_period_flow (DdWide amount, guint period);

/* present-value.c: @months (transfer full) collects charges of one currency. */
GArray *dd_flows_new (void);
void dd_flows_add (GArray *months, const DdCharge *charge, const DdChargeResult *result, const DdSpan *span);
gint64 dd_flows_payback (const GArray *months);
gboolean dd_flows_present_value (const GArray *months, gint64 interest, gint64 *out_value, GError **error);

/* total.c: totals and figures of a sheet whose results are done. */
gboolean dd_pricing_total (DdPricing *pricing, GError **error);

G_END_DECLS
