/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The price sheet: the priced waterfall of one proposal.
 *
 * A sheet keeps what the plugins answered, the versions that they read, and the version of the
 * arithmetic; computing it again gives the same bytes. Every change of a running value is a
 * step. DESIGN.md section 5 is the semantics. Pure; a finished sheet is immutable.
 */
#pragma once

#include "json/json.h"
#include "json/writer.h"
#include "price/answers.h"

G_BEGIN_DECLS

/* Raised whenever any input could give another figure than before. */
#define DD_ARITHMETIC_VERSION 2

#define DD_NO_ADJUSTMENT G_MAXUINT32

/* Kinds of steps that no adjustment makes; they go on where DdAdjustKind ends. */
typedef enum
{
  DD_STEP_OPEN = DD_N_ADJUST_KINDS, /* the catalogue's price at its tier, with fees */
  DD_STEP_MINIMUM,
  DD_STEP_MAXIMUM,
  DD_STEP_ROUND,     /* to the minor unit, after negotiated */
  DD_STEP_INSTALLED, /* less what the customer pays today */
  DD_STEP_CONTRACT,  /* the price contracted with this customer, instead of the catalogue's */
  DD_N_STEP_KINDS
} DdStepKind;

/* One change of a charge's running value. A rule that applied is a step even if it changed nothing; costs and
 * floors are none. In stage tax the value grows by the tax: it is the gross. */
typedef struct
{
  guint32 charge;
  guint32 adjustment; /* index; a spread's index in stage spread; DD_NO_ADJUSTMENT for base and rounding */
  gint64 after;       /* the running value after this step (of the same charge's last step before: before) */
  guint8 stage;
  guint8 kind; /* DdAdjustKind or DdStepKind */
} DdStep;

typedef enum
{
  DD_MARK_BELOW_FLOOR = 1 << 0,
  DD_MARK_NEGATIVE_MARGIN = 1 << 1,
  DD_MARK_ENDS_EARLY = 1 << 2 /* what it rests on ends before the offer does */
} DdMarks;

/* What came out for one charge, for one full period; micros, but nanos for an uncommitted usage rate
 * (rate TRUE), which takes no part in totals. */
typedef struct
{
  guint32 first_step;
  guint32 n_steps;
  gint64 list;       /* the catalogue's price at the tier reached, extended */
  gint64 standing;   /* before negotiated: what this customer would pay anyway */
  gint64 negotiated; /* after negotiated, rounded to the minor unit */
  gint64 installed;  /* what a modify or delete line takes off after negotiated; 0 for others */
  gint64 net;        /* after spread: negotiated less installed, and the spread's effect */
  gint64 tax;
  gint64 cost;                    /* extended; 0 when has_cost is FALSE */
  gint64 floor;                   /* extended, rounded up; 0 without one */
  gint64 surcharge;               /* what surcharges added after list, for the discount measures */
  gint64 surcharge_discretionary; /* of it, in negotiated and spread */
  gint64 contracted;              /* after base: the customer's contracted price, or the list's; not recorded,
                                   * as the next */
  gint64 surcharge_base;          /* of surcharge, in base */
  guint8 has_cost;
  guint8 rate;
  guint8 counted; /* its line is counted */
  guint8 marks;   /* DdMarks */
} DdChargeResult;

/* Sums over the counted charges of one currency, type, period and class of contract years; one-time charges
 * of all years are one sum. List and standing are less installed nets, so that their differences to net are
 * what was given. */
typedef struct
{
  DdCurrency currency;
  guint8 type;
  guint8 period;
  gint64 list;
  gint64 standing;
  gint64 net;
  gint64 tax;
  gint64 cost;       /* of the charges that have one */
  gint64 unspread;   /* what a spread could not place, micros; 0 when all fitted */
  guint8 first_year; /* contract years; both 0 when all are alike */
  guint8 last_year;
} DdTotal;

/* What a charge comes to over its line's commitment, micros: sums of its rounded periods. */
typedef struct
{
  gint64 value;
  gint64 list;
  gint64 cost;
} DdWorth;

/* When a charge is charged within its line's commitment: months from the line's start, and how many periods
 * that is: parts over whole. */
typedef struct
{
  guint first_month;
  guint end_month; /* exclusive; of a one-time charge the first */
  gint64 begin;    /* parts from the line's start, when that is known */
  gint64 parts;
  gint64 whole;
} DdSpan;

/* The deal's figures in one currency, over its commitment. Margin and discounts compare the new charges in
 * full (installed nets added back), and weigh a line without commitment by one period, so that nothing
 * escapes them. The discounts are at least those of the worst usage
 * rate. */
typedef struct
{
  DdCurrency currency;
  gint64 contract_value; /* one-time plus every period's net over each line's commitment */
  gint64 contract_list;  /* the same at list prices */
  gint64 monthly;        /* recurring, of the first year, normalised to a month; display only */
  gint64 cost;           /* over the commitment */
  gint64 margin; /* contract value of costed charges less cost, nanos of that value; G_MININT64: no cost
                  * known; -G_MAXINT64: costs without any value */
  gint64 discount_list;          /* nanos */
  gint64 discount_standing;      /* nanos; by arithmetic 1 it was what discretionary is */
  gint64 discount_discretionary; /* nanos */
  gint64 present_value;          /* of value less cost, month by month, at the answers' interest; micros; 0
                                  * without interest or cost */
  gint64 payback;                /* months until value has covered cost; -1: never, or no cost known */
} DdDealFigures;

/* A charge's places in the order of adjustments. */
typedef struct
{
  guint32 begin;
  guint32 first_tax; /* end without taxes */
  guint32 end;
} DdSlice;

typedef struct
{
  gint ref_count;
  guint arithmetic;   /* DD_ARITHMETIC_VERSION that computed it */
  DdAnswers *answers; /* owned */
  guint n_lines;
  GArray *steps;   /* DdStep, in order of charge */
  GArray *results; /* DdChargeResult, one a charge */
  GArray *totals;  /* DdTotal, by currency, type, period */
  GArray *figures; /* DdDealFigures, by currency */
  GArray *worths;  /* DdWorth, one a charge; not recorded, since they follow from the rest */
  DdSpan *spans;   /* one a charge, the same */
  guint32 *order;  /* adjustments by charge, then in the order of the waterfall; not recorded either */
  DdSlice *slices; /* of each charge, in that order */
} DdSheet;

/**
 * dd_sheet_compute:
 * @lines: the proposal's lines, in order
 * @answers: (transfer full): what the plugins said; its adjustments may come in any order
 *
 * Runs the waterfall. Where contract years differ, the sheet's answers have a charge for each class of years
 * that are alike (years.c): first to last year, 0 for the last class's end. Errors: DD_ERROR_OVERFLOW,
 * DD_ERROR_INVALID_ARGUMENT (an answer that can't be: unknown charge, a circle of shares, a percentage over
 * 100 off), DD_ERROR_UNPRICED (a line without any charge, an amount without a rate to its charge's currency),
 * each naming line and charge. Returns: (transfer full) (nullable)
 */
DdSheet *dd_sheet_compute (const DdPriceLine *lines, guint n_lines, DdAnswers *answers, GError **error);

/**
 * dd_sheet_recompute:
 * @before: (nullable): a sheet of much the same offer, such as the one before an edit
 * @before_lines: those that @before was computed from; they need not be the same lines, or as many
 * @answers: (transfer full): what the plugins say now
 * @out_n_computed: (out) (optional): charges that ran through the waterfall up to negotiated; the others took
 *   their steps from @before
 *
 * The same sheet or error as dd_sheet_compute() gives, byte for byte. A charge of which all is equal that its
 * price before spread depends on takes that from @before. Charges that are shares of others or reach tiers
 * together with others are always computed, and so is all that sees the whole deal: spread, tax and totals.
 * Returns: (transfer full) (nullable)
 */
DdSheet *dd_sheet_recompute (const DdSheet *before,
                             const DdPriceLine *before_lines,
                             const DdPriceLine *lines,
                             guint n_lines,
                             DdAnswers *answers,
                             guint *out_n_computed,
                             GError **error);

/* What the sheet holds in memory, about. */
gsize dd_sheet_bytes (const DdSheet *sheet);

DdSheet *dd_sheet_ref (DdSheet *sheet);
void dd_sheet_unref (DdSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdSheet, dd_sheet_unref)

/* The whole internal sheet: answers, sources and results, canonical. Its SHA-256 is what an approver's
 * decision names. Costs and floors are in it: it never leaves the provider's side. */
void dd_sheet_write (const DdSheet *sheet, DdJsonWriter *writer);

/* Reads the answers back and computes again, whatever results are recorded: DD_ERROR_STORE_DAMAGED when that
 * can't be done, DD_ERROR_STORE_NEWER when the arithmetic is of a later version. */
DdSheet *dd_sheet_compute_recorded (const DdPriceLine *lines,
                                    guint n_lines,
                                    const DdJsonNode *recorded,
                                    GError **error);

/* The same, and DD_ERROR_STORE_DAMAGED when the results differ from the recorded ones. */
DdSheet *
dd_sheet_replay (const DdPriceLine *lines, guint n_lines, const DdJsonNode *recorded, GError **error);

/* What a sheet comes to for one key (a line, a site, a category) in one currency. */
typedef struct
{
  const char *key; /* as it was given */
  DdCurrency currency;
  gint64 once;           /* one-time net */
  gint64 monthly;        /* recurring net, of the first year, normalised to a month; display only */
  gint64 contract_value; /* micros, as in DdDealFigures, the next two too */
  gint64 contract_list;
  gint64 cost;
} DdBreakdown;

/* breakdown.c: sums by @keys, one for each line (NULL counts as ""), in natural order of key, then currency.
 * Every figure adds up to the deal's. Returns: (transfer full) (element-type DdBreakdown) */
GArray *dd_sheet_break_down (const DdSheet *sheet, const char *const *keys, GError **error);

/* The discounts of one line in one currency, nanos, measured as those of DdDealFigures are. */
typedef struct
{
  guint32 line;
  DdCurrency currency;
  gint64 discount_list;
  gint64 discount_standing;
  gint64 discount_discretionary;
} DdLineDiscounts;

/* discount.c: of every line that counts, in order of line. (transfer full) (element-type DdLineDiscounts) */
GArray *dd_sheet_line_discounts (const DdSheet *sheet);

/* Natural order of ids: "2" before "10", "a2" before "a10". */
int dd_id_compare (const char *a, const char *b);

G_END_DECLS
