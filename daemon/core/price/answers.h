/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What pricing plugins answer, and what the price engine computes from: values only.
 *
 * Amounts are micros of the currency's unit, percentages and factors nanos, quantities 10^-6.
 * The one exception is a usage rate without committed volume, whose prices, fees and per-unit values are
 * nanos of the currency's unit. Text is an index into the labels of the same answers.
 */
#pragma once

#include "number/money.h"

G_BEGIN_DECLS

typedef enum
{
  DD_STAGE_BASE,
  DD_STAGE_COMMITMENT,
  DD_STAGE_LOCATION,
  DD_STAGE_PROMOTION,
  DD_STAGE_NEGOTIATED,
  DD_STAGE_SPREAD,
  DD_STAGE_GUARD,
  DD_STAGE_TAX,
  DD_N_STAGES
} DdStage;

typedef enum
{
  DD_CHARGE_ONE_TIME,
  DD_CHARGE_RECURRING,
  DD_CHARGE_USAGE,
  DD_N_CHARGE_TYPES
} DdChargeType;

typedef enum
{
  DD_PERIOD_NONE,
  DD_PERIOD_DAY,
  DD_PERIOD_WEEK,
  DD_PERIOD_MONTH,
  DD_PERIOD_QUARTER,
  DD_PERIOD_YEAR,
  DD_N_PERIODS
} DdPeriod;

typedef enum
{
  DD_TIER_FLAT,      /* no tiers: price a unit, plus fee */
  DD_TIER_VOLUME,    /* all units at the reached tier */
  DD_TIER_GRADUATED, /* each unit at its own tier */
  DD_TIER_BLOCK,     /* one price for the reached tier */
  DD_TIER_PACKAGE,   /* price a started package of package_size */
  DD_TIER_SHARE,     /* a percentage (price, nanos) of other charges' nets: its shares name them */
  DD_N_TIER_MODES
} DdTierMode;

typedef enum
{
  DD_ADJUST_PERCENT_OFF,
  DD_ADJUST_PERCENT_ON,
  DD_ADJUST_UNIT_OFF,
  DD_ADJUST_UNIT_ON,
  DD_ADJUST_LINE_OFF,
  DD_ADJUST_LINE_ON,
  DD_ADJUST_UNIT_OVERRIDE,
  DD_ADJUST_FACTOR,
  DD_ADJUST_COST,      /* cost a unit, for margin; never changes a price */
  DD_ADJUST_COST_PLUS, /* mark-up on the unit cost, percent: becomes the base */
  DD_ADJUST_FLOOR,     /* lowest price a unit */
  DD_ADJUST_TAX,       /* percent */
  DD_N_ADJUST_KINDS
} DdAdjustKind;

typedef enum
{
  DD_GROUP_COMPOUND,
  DD_GROUP_ADD,
  DD_GROUP_BEST,
  DD_N_GROUP_MODES
} DdGroupMode;

#define DD_NO_LABEL        G_MAXUINT32
#define DD_NO_LIMIT        G_MININT64 /* a minimum or maximum that isn't there */
#define DD_MAX_YEAR        100        /* contract years are 1 to this */
#define DD_MAX_FREE_MONTHS 1200
#define DD_NO_DAY          0 /* a day that isn't known; nobody sells from 1970-01-01 */

/* A part of a line's price, as the base stage opens it. */
typedef struct
{
  guint32 line;   /* index of the line */
  guint32 id;     /* label: the charge's id within its offering, such as "rental" */
  guint32 name;   /* label: what a document prints */
  guint32 source; /* label: dataset, version and row, such as "charges@3" */
  guint8 type;    /* DdChargeType */
  guint8 period;  /* DdPeriod: of a recurring charge */
  guint8 mode;    /* DdTierMode */
  guint8 reserved;
  DdCurrency currency;
  gint64 price;        /* a unit or package; of the mode's tiers, when it has them, nothing */
  gint64 fee;          /* flat, on top */
  gint64 free_units;   /* quantity that comes off first */
  gint64 package_size; /* quantity */
  gint64 minimum;      /* of the extended amount, or DD_NO_LIMIT */
  gint64 maximum;
  guint32 first_tier; /* index of its tiers, in ascending order of from */
  guint32 n_tiers;

  /* Most charges have none of these; a record names only those that do. */
  gint64 per; /* quantity that price and tiers' prices, unit adjustments, cost and floor are for; 0: one unit.
               * A usage rate runs for it: all its amounts are for so many units */
  DdCurrency
    source_currency;   /* of its amounts, when it isn't its own; converted as they enter the waterfall */
  guint32 aggregate;   /* label + 1: charges with the same one reach tiers together; 0: alone */
  guint16 free_months; /* of the line, from its start: not charged */
  guint8 first_year;   /* contract years that it holds for; 0: from the first; one-time: when it is charged */
  guint8 last_year;    /* 0: to the end */
} DdCharge;

typedef struct
{
  gint64 from;  /* quantity, inclusive; under graduated, see bound */
  gint64 bound; /* graduated: the tier's cumulative end, inclusive; G_MAXINT64 for the last */
  gint64 price;
  gint64 fee; /* charged when the quantity reaches the tier */
} DdTier;

typedef struct
{
  guint32 charge;        /* index of the charge */
  guint32 id;            /* label: the rule's id, which breaks ties */
  guint32 label;         /* label: what explain prints */
  guint32 source;        /* label: dataset and version, or "line" for the line's own alteration */
  guint32 group;         /* label: the stacking group's id, or DD_NO_LABEL */
  gint32 group_priority; /* lower first */
  gint32 priority;
  guint8 stage; /* DdStage */
  guint8 kind;  /* DdAdjustKind */
  guint8 mode;  /* DdGroupMode of the group */
  guint8 reserved;
  DdCurrency currency; /* of an amount; another than its charge's is converted */
  gint64 value;        /* positive: the sign is the kind's */
  gint64 threshold;    /* of the charge's currency: its group must open at that or more; 0: always */
  guint8 first_year;   /* contract years that it holds for, as a charge's */
  guint8 last_year;
} DdAdjustment;

/* A price contracted with this customer: it replaces the charge's own, which stays the reference for
 * discount.list. */
typedef struct
{
  guint32 charge; /* index of the charge */
  DdCharge price; /* mode, price, fee, free units, package, minimum, maximum, tiers, per, source and
                   * source_currency count; the rest is the charge's */
} DdContract;

/* Charge @charge, of mode share, takes its percentage of charge @target too. */
typedef struct
{
  guint32 charge;
  guint32 target;
} DdShare;

/* @per units of @from are @rate nanos of @to. */
typedef struct
{
  DdCurrency from;
  DdCurrency to;
  gint64 rate;    /* positive */
  gint64 per;     /* positive, whole units */
  guint32 source; /* label */
} DdRate;

/* What a charge rests on ends on a day: a vendor's quote, a rate, a contract. */
typedef struct
{
  guint32 charge;
  guint32 label; /* label: what ends */
  gint32 last;   /* days since 1970, inclusive */
} DdExpiry;

/* A deal-level discount or surcharge, divided over the charges that it names. */
typedef struct
{
  guint8 type;   /* DdChargeType */
  guint8 period; /* DdPeriod */
  guint8 kind;   /* DD_ADJUST_PERCENT_OFF, PERCENT_ON, LINE_OFF or LINE_ON */
  guint8 reserved;
  guint32 label;
  DdCurrency currency;
  gint64 value;
} DdSpread;

/* A line as the price engine sees it. */
typedef struct
{
  const char *id; /* natural order of ids breaks ties in spread */
  gint64 quantity;
  guint16 commitment; /* months; 0: none */
  guint8 action;      /* DdLineAction (deal/proposal.h) */
  guint8 counted;     /* FALSE for an optional line that isn't chosen */
  guint8 billing_day; /* periods begin on this day of the month, 1 to 28; 0: on the start's own */
  gint32 start;       /* days since 1970; DD_NO_DAY: unknown, only full periods count */
} DdPriceLine;

/* What the customer pays today for one charge of a line that modifies or deletes it. A recurring charge of
 * such a line without one is an error; a one-time charge without one counts as none. */
typedef struct
{
  guint32 line;
  guint32 id;    /* label: the charge's id */
  guint8 type;   /* DdChargeType */
  guint8 period; /* DdPeriod */
  DdCurrency currency;
  gint64 net;     /* micros, whole minor units, of one full period */
  guint32 source; /* label + 1: the dataset that has it; 0: the line states it */
} DdInstalledNet;

/* Which dataset or plugin, at which version, the answers rest on. */
typedef struct
{
  char *name;
  gint64 version;       /* a dataset's; of a plugin 0 */
  char *plugin_version; /* a plugin's; of a dataset NULL */
} DdSource;

/* All that a sheet is computed from. */
typedef struct
{
  GPtrArray *labels;   /* (element-type utf8): interned text */
  GArray *charges;     /* DdCharge, in order of line */
  GArray *tiers;       /* DdTier */
  GArray *adjustments; /* DdAdjustment */
  GArray *spreads;     /* DdSpread */
  GArray *installed;   /* DdInstalledNet */
  GArray *contracts;   /* DdContract, at most one a charge */
  GArray *shares;      /* DdShare */
  GArray *rates;       /* DdRate, each pair once */
  GArray *expiries;    /* DdExpiry */
  gint64 interest;     /* a year's, nanos, for the net present value; 0: none is computed */
  gint32 offer_end;    /* day that the offer holds until; DD_NO_DAY: unknown */
  GArray *sources;     /* DdSource */
  GHashTable *label_index;
} DdAnswers;

DdAnswers *dd_answers_new (void);
void dd_answers_free (DdAnswers *answers);

/* All of it, labels with the same indexes. Returns: (transfer full) */
DdAnswers *dd_answers_copy (const DdAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdAnswers, dd_answers_free)

/* What they hold in memory, about; and what an array of so many bytes holds, which grows by powers of two. */
gsize dd_answers_bytes (const DdAnswers *answers);
gsize dd_array_bytes (gsize bytes);

/* The index of @text, added when new. NULL gives DD_NO_LABEL. */
guint32 dd_answers_label (DdAnswers *answers, const char *text);
const char *dd_answers_text (const DdAnswers *answers, guint32 label); /* NULL for DD_NO_LABEL */
void dd_answers_add_source (DdAnswers *answers, const char *name, gint64 version, const char *plugin_version);

/* Names in documents and datasets ("recurring", "month", "graduated", "percent-off", "best", "negotiated"),
 * and back; -1 when @text is none of them. */
const char *dd_stage_name (DdStage stage);
const char *dd_charge_type_name (DdChargeType type);
const char *dd_period_name (DdPeriod period);
const char *dd_tier_mode_name (DdTierMode mode);
const char *dd_adjust_kind_name (DdAdjustKind kind);
const char *dd_group_mode_name (DdGroupMode mode);
int dd_stage_from_name (const char *text);
int dd_charge_type_from_name (const char *text);
int dd_period_from_name (const char *text);
int dd_tier_mode_from_name (const char *text);
int dd_adjust_kind_from_name (const char *text);
int dd_group_mode_from_name (const char *text);

G_END_DECLS
