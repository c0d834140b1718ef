/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The plugin interface of dealdesk: all that a plugin may include.
 *
 * A plugin is a shared object that exports one symbol, `dealdesk_plugin`, and a key file NAME.plugin
 * beside it. Plain C, values only: the same object runs inside the daemon or in a process of its own.
 *
 * The ABI promise: within one DEALDESK_ABI, fields are only ever appended to structs and tables, never
 * moved, and constants never change. Each struct that crosses begins with its size; both sides read no
 * more than the size that the other was compiled against. Arrays of structs come with their stride: use the
 * readers below.
 *
 * Threads: open and close are called on one thread, and never while another call runs. The functions of a
 * kind may be called from several threads at once; they must not keep pointers from one call to the next.
 *
 * Units: money in micros (10^-6 of the currency's unit), quantities 10^-6, percentages and factors in nanos
 * (10^-9; 10% is 100000000), dates in days and times in microseconds since 1970 UTC. A usage rate's price is
 * in nanos of the currency's unit. There is no floating point.
 *
 * Text is UTF-8, NUL-terminated, never NULL unless said, and borrowed for the call.
 */
#ifndef DEALDESK_PLUGIN_H
#define DEALDESK_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define DEALDESK_BEGIN_DECLS                                                                                 \
  extern "C"                                                                                                 \
  {
#define DEALDESK_END_DECLS }
#else
#define DEALDESK_BEGIN_DECLS
#define DEALDESK_END_DECLS
#endif

DEALDESK_BEGIN_DECLS

#define DEALDESK_ABI 1

#define DEALDESK_EXPORT __attribute__ ((visibility ("default")))

#define DEALDESK_MICROS INT64_C (1000000)
#define DEALDESK_NANOS  INT64_C (1000000000)

/* An empty cell's number; a limit that isn't there. */
#define DEALDESK_NONE INT64_MIN

/* What a call returns. DEALDESK_FAILED must be preceded by a message (dealdesk_fail()): it is then an answer,
 * that this can't be priced or agreed to. Without a message, with an answer out of range, or after its
 * deadline a call counts as a fault: three in a row, or one call that never returns, and the plugin isn't
 * called for a while. */
typedef enum
{
  DEALDESK_OK = 0,
  DEALDESK_FAILED = 1
} DealdeskResult;

/* --- what the host offers during a call --- */

/* Opaque: the call in progress, given back to the host's functions. */
typedef struct DealdeskCall DealdeskCall;

typedef struct
{
  int64_t number;   /* typed by its column: integer, decimal and percent (nanos), quantity (micros),
                       date (days), boolean (0, 1); DEALDESK_NONE when empty or text */
  const char *text; /* as it was imported; "" when empty */
} DealdeskCell;

/* Rows of one dataset that share their leading key: row r's cell of column c is cells[r * n_columns + c];
 * columns are those that NAME.plugin lists, in its order. Valid until the call returns. */
typedef struct
{
  const DealdeskCell *cells;
  uint32_t n_rows;
  uint32_t n_columns;
} DealdeskRows;

typedef enum
{
  DEALDESK_CHARGE_ONE_TIME = 0,
  DEALDESK_CHARGE_RECURRING = 1,
  DEALDESK_CHARGE_USAGE = 2
} DealdeskChargeType;

typedef enum
{
  DEALDESK_PERIOD_NONE = 0,
  DEALDESK_PERIOD_DAY = 1,
  DEALDESK_PERIOD_WEEK = 2,
  DEALDESK_PERIOD_MONTH = 3,
  DEALDESK_PERIOD_QUARTER = 4,
  DEALDESK_PERIOD_YEAR = 5
} DealdeskPeriod;

typedef enum
{
  DEALDESK_TIER_FLAT = 0,
  DEALDESK_TIER_VOLUME = 1,
  DEALDESK_TIER_GRADUATED = 2,
  DEALDESK_TIER_BLOCK = 3,
  DEALDESK_TIER_PACKAGE = 4
} DealdeskTierMode;

typedef enum
{
  DEALDESK_PERCENT_OFF = 0,
  DEALDESK_PERCENT_ON = 1,
  DEALDESK_UNIT_OFF = 2,
  DEALDESK_UNIT_ON = 3,
  DEALDESK_LINE_OFF = 4,
  DEALDESK_LINE_ON = 5,
  DEALDESK_UNIT_OVERRIDE = 6,
  DEALDESK_FACTOR = 7,
  DEALDESK_COST = 8,      /* a unit; for margin only */
  DEALDESK_COST_PLUS = 9, /* mark-up on the unit cost, nanos */
  DEALDESK_FLOOR = 10,    /* a unit */
  DEALDESK_TAX = 11       /* percent, nanos */
} DealdeskAdjustKind;

typedef enum
{
  DEALDESK_GROUP_COMPOUND = 0,
  DEALDESK_GROUP_ADD = 1,
  DEALDESK_GROUP_BEST = 2
} DealdeskGroupMode;

/* What a line does to its product. */
typedef enum
{
  DEALDESK_ACTION_ADD = 0,
  DEALDESK_ACTION_MODIFY = 1,
  DEALDESK_ACTION_DELETE = 2,
  DEALDESK_ACTION_NO_CHANGE = 3
} DealdeskLineAction;

typedef enum
{
  DEALDESK_ADVISE_OFFER = 0,  /* offer this contract value */
  DEALDESK_ADVISE_ACCEPT = 1, /* accept the customer's last offer */
  DEALDESK_ADVISE_HOLD = 2    /* do nothing for now */
} DealdeskAdviceAction;

/* A charge that the base stage opens. */
typedef struct
{
  uint32_t size;      /* sizeof (DealdeskCharge) */
  uint32_t line;      /* index of the line */
  const char *id;     /* within the offering, such as "rental" */
  const char *name;   /* for documents */
  const char *source; /* which dataset row, for explain: such as "charges" */
  char currency[4];
  uint32_t type;        /* DealdeskChargeType */
  uint32_t period;      /* DealdeskPeriod; NONE unless recurring */
  uint32_t mode;        /* DealdeskTierMode */
  int64_t price;        /* a unit or package; 0 with tiers */
  int64_t fee;          /* flat */
  int64_t free_units;   /* quantity */
  int64_t package_size; /* quantity */
  int64_t minimum;      /* of the extended amount, or DEALDESK_NONE */
  int64_t maximum;
} DealdeskCharge;

/* A tier of the charge that was added last, in ascending order of from. */
typedef struct
{
  uint32_t size; /* sizeof (DealdeskTier) */
  uint32_t reserved;
  int64_t from;  /* quantity, inclusive */
  int64_t bound; /* graduated: cumulative end, inclusive, or INT64_MAX */
  int64_t price;
  int64_t fee;
} DealdeskTier;

/* An adjustment of one charge, applied by the core in the plugin's stage. */
typedef struct
{
  uint32_t size;          /* sizeof (DealdeskAdjustment) */
  uint32_t charge;        /* index of the charge */
  uint32_t kind;          /* DealdeskAdjustKind */
  uint32_t mode;          /* DealdeskGroupMode of its group */
  const char *rule;       /* the rule's id, which breaks ties and answers "why" */
  const char *label;      /* for explain */
  const char *source;     /* which dataset, for explain */
  const char *group;      /* (nullable) stacking group */
  int32_t group_priority; /* lower first */
  int32_t priority;
  char currency[4]; /* of an amount */
  uint32_t reserved;
  int64_t value; /* never negative: the sign is the kind's */
} DealdeskAdjustment;

/* What an approval plugin asks for. */
typedef struct
{
  uint32_t size;  /* sizeof (DealdeskRequirement) */
  uint32_t level; /* equal levels in parallel, higher after lower */
  uint32_t need;  /* how many candidates must agree; UINT32_MAX: all */
  uint32_t higher_is_worse;
  const char *rule;
  const char *measure;
  const char *value;             /* what was measured, as text */
  const char *limit;             /* what the requester may */
  const char *const *candidates; /* "user:NAME" or "group:NAME" */
  uint32_t n_candidates;
  uint32_t reserved;
} DealdeskRequirement;

/* The host's functions. Appended to, never reordered; check size before using one that came later. */
typedef struct
{
  uint32_t size;
  uint32_t reserved;

  /* Rows for each of n leading keys, in one dataset of NAME.plugin (index in its order), at the version
   * that is pinned for this call. rows[i] has no rows when keys[i] isn't there. */
  void (*lookup) (
    DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows);

  /* Base stage only: opens a charge; returns its index. Charges must come in order of line. */
  uint32_t (*add_charge) (DealdeskCall *call, const DealdeskCharge *charge);
  void (*add_tier) (DealdeskCall *call, const DealdeskTier *tier);
  void (*add_adjustment) (DealdeskCall *call, const DealdeskAdjustment *adjustment);
  void (*add_requirement) (DealdeskCall *call, const DealdeskRequirement *requirement);

  /* Whether the call was cancelled or is over its deadline: return DEALDESK_FAILED soon. */
  int (*cancelled) (DealdeskCall *call);

  /* Says why the call fails; the first message counts. line: index, or UINT32_MAX. */
  void (*fail) (DealdeskCall *call, uint32_t line, const char *message);
} DealdeskHost;

/* --- pricing --- */

typedef struct
{
  const char *charge; /* the charge's id, or "*" for all of the line */
  const char *label;
  uint32_t kind; /* DealdeskAdjustKind */
  char currency[4];
  int64_t value;
} DealdeskAlteration;

typedef struct
{
  const char *id;
  const char *offering;
  const char *site;    /* "" when none */
  uint32_t action;     /* DealdeskLineAction */
  uint32_t commitment; /* months */
  int64_t quantity;
  const DealdeskAlteration *alterations;
  uint32_t n_alterations;
  uint32_t alteration_stride;
  uint32_t first_charge; /* the charges that the base stage opened, for later stages */
  uint32_t n_charges;
} DealdeskLine;

/* A charge as later stages see it. */
typedef struct
{
  uint32_t line;
  uint32_t type;
  uint32_t period;
  char currency[4];
  const char *id;
} DealdeskChargeView;

typedef struct
{
  uint32_t size;
  uint32_t n_lines;
  const void *lines; /* use dealdesk_line() */
  uint32_t line_stride;
  uint32_t charge_stride;
  const void *charges; /* use dealdesk_charge(); none in the base stage */
  uint32_t n_charges;
  int32_t date; /* days since 1970: the day that prices are asked for */
  const char *customer;
  const char *segment;
  const char *country;
  char currency[4]; /* the offer's, or "" */
  uint32_t reserved;
} DealdeskPricingInput;

typedef struct
{
  uint32_t size; /* sizeof (DealdeskPricing) */
  uint32_t reserved;
  /* One whole sheet at a time. */
  DealdeskResult (*price) (void *instance,
                           const DealdeskHost *host,
                           DealdeskCall *call,
                           const DealdeskPricingInput *input);
} DealdeskPricing;

/* --- approval --- */

/* A measure of a proposal: name and value; percentages in nanos, money in micros with its currency. */
typedef struct
{
  const char *name; /* "discount.list", "discount.standing", "discount.discretionary", "margin",
                       "contract.value", "commitment.months" */
  int64_t value;
  char currency[4]; /* of the figures that it was measured on, of a percentage too; "" when they have none */
  uint32_t percent; /* the value is nanos; otherwise micros with a currency, a plain number without */
} DealdeskMeasure;

typedef struct
{
  uint32_t size;
  uint32_t n_measures;
  const void *measures; /* use dealdesk_measure() */
  uint32_t measure_stride;
  uint32_t n_groups;
  const char *requester;     /* the person who wants to table or accept */
  const char *const *groups; /* that the requester is a member of */
  const char *customer;
  const char *segment;
  const char *country;
  int32_t date;
  uint32_t reserved;
} DealdeskApprovalInput;

typedef struct
{
  uint32_t size; /* sizeof (DealdeskApproval) */
  uint32_t reserved;
  /* Adds what must be agreed by whom; nothing when the requester may. DEALDESK_FAILED refuses the move. */
  DealdeskResult (*require) (void *instance,
                             const DealdeskHost *host,
                             DealdeskCall *call,
                             const DealdeskApprovalInput *input);
} DealdeskApproval;

/* --- negotiation --- */

/* One step of the history: who offered what, when. */
typedef struct
{
  uint32_t by_customer;
  uint32_t revision;
  int64_t time;
  int64_t total; /* contract value, micros */
} DealdeskOffer;

typedef struct
{
  uint32_t size;
  uint32_t n_offers;
  const void *offers; /* oldest first; use dealdesk_offer() */
  uint32_t offer_stride;
  uint32_t reserved;
  int64_t list_total; /* contract value at list, micros */
  int64_t opened;     /* when the deal was opened */
  int64_t now;
  int64_t deadline; /* when the negotiation must end; DEALDESK_NONE: unknown */
  char currency[4];
  uint32_t reserved2;
} DealdeskNegotiationInput;

typedef struct
{
  uint32_t size;    /* sizeof (DealdeskAdvice), set by the host */
  uint32_t action;  /* DealdeskAdviceAction */
  int64_t total;    /* contract value to offer, micros */
  char reason[512]; /* for people; the host reads to the NUL */
} DealdeskAdvice;

typedef struct
{
  uint32_t size; /* sizeof (DealdeskNegotiation) */
  uint32_t reserved;
  DealdeskResult (*advise) (void *instance,
                            const DealdeskHost *host,
                            DealdeskCall *call,
                            const DealdeskNegotiationInput *input,
                            DealdeskAdvice *advice);
} DealdeskNegotiation;

/* --- handoff --- */

/* How the sink tells duplicates. */
typedef enum
{
  DEALDESK_DEDUPE_NONE = 0, /* it can't: an unknown outcome is held for a person */
  DEALDESK_DEDUPE_KEY = 1,  /* the same key has effect once */
  DEALDESK_DEDUPE_QUERY = 2 /* query() tells whether a key arrived */
} DealdeskDedupe;

typedef enum
{
  DEALDESK_DELIVERED = 0, /* durably in the sink */
  DEALDESK_RETRY = 1,     /* surely not delivered; try again later */
  DEALDESK_REJECTED = 2,  /* surely not delivered, and never will be as it is */
  DEALDESK_UNKNOWN = 3    /* can't be known */
} DealdeskDelivery;

typedef struct
{
  uint32_t size;
  uint32_t length;      /* bytes of document */
  const char *key;      /* idempotency key: [A-Za-z0-9-], the same for ever for this order */
  const char *deal;     /* "D-1042" */
  const char *order;    /* its id within the deal */
  const char *document; /* the TMF622 order, JSON */
} DealdeskOrder;

typedef struct
{
  uint32_t size;   /* sizeof (DealdeskHandoff) */
  uint32_t dedupe; /* DealdeskDedupe */
  /* receipt: at least 256 bytes, NUL-terminated text from the sink or the reason. */
  DealdeskDelivery (*deliver) (void *instance,
                               const DealdeskHost *host,
                               DealdeskCall *call,
                               const DealdeskOrder *order,
                               char *receipt,
                               uint32_t receipt_size);
  /* QUERY only, otherwise NULL: DELIVERED, RETRY (it isn't there) or UNKNOWN. */
  DealdeskDelivery (*query) (void *instance,
                             const DealdeskHost *host,
                             DealdeskCall *call,
                             const DealdeskOrder *order,
                             char *receipt,
                             uint32_t receipt_size);
} DealdeskHandoff;

/* --- the plugin itself --- */

/* An option's value, in the order that NAME.plugin lists them. */
typedef struct
{
  const char *name;
  const char *text;
  int64_t number; /* integer, percent (nanos), decimal (nanos), boolean; DEALDESK_NONE for text */
} DealdeskOption;

typedef struct
{
  uint32_t abi;   /* DEALDESK_ABI */
  uint32_t size;  /* sizeof (DealdeskPlugin) */
  const char *id; /* as in NAME.plugin */
  const char *version;

  /* Makes an instance. message: 256 bytes for the reason when it can't. (nullable) */
  DealdeskResult (*open) (const DealdeskOption *options, uint32_t n_options, void **instance, char *message);
  void (*close) (void *instance); /* (nullable) */

  /* A table for each kind that it offers, otherwise NULL. */
  const DealdeskPricing *pricing;
  const DealdeskApproval *approval;
  const DealdeskNegotiation *negotiation;
  const DealdeskHandoff *handoff;
} DealdeskPlugin;

/* The one exported symbol: `DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { … };` */

/* --- readers --- */

static inline const DealdeskLine *
dealdesk_line (const DealdeskPricingInput *input, uint32_t index)
{
  return (const DealdeskLine *)(const void *)((const char *)input->lines +
                                              (size_t)index * input->line_stride);
}

static inline const DealdeskAlteration *
dealdesk_alteration (const DealdeskLine *line, uint32_t index)
{
  return (const DealdeskAlteration *)(const void *)((const char *)line->alterations +
                                                    (size_t)index * line->alteration_stride);
}

static inline const DealdeskChargeView *
dealdesk_charge (const DealdeskPricingInput *input, uint32_t index)
{
  return (const DealdeskChargeView *)(const void *)((const char *)input->charges +
                                                    (size_t)index * input->charge_stride);
}

static inline const DealdeskMeasure *
dealdesk_measure (const DealdeskApprovalInput *input, uint32_t index)
{
  return (const DealdeskMeasure *)(const void *)((const char *)input->measures +
                                                 (size_t)index * input->measure_stride);
}

static inline const DealdeskOffer *
dealdesk_offer (const DealdeskNegotiationInput *input, uint32_t index)
{
  return (const DealdeskOffer *)(const void *)((const char *)input->offers +
                                               (size_t)index * input->offer_stride);
}

static inline const DealdeskCell *
dealdesk_cell (const DealdeskRows *rows, uint32_t row, uint32_t column)
{
  return &rows->cells[(size_t)row * rows->n_columns + column];
}

/* Whether date lies in [from, to): dataset dates, either may be empty. */
static inline int
dealdesk_valid_on (const DealdeskCell *from, const DealdeskCell *to, int32_t date)
{
  return (from->number == DEALDESK_NONE || from->number <= date) &&
         (to->number == DEALDESK_NONE || date < to->number);
}

/* Drops from @text, which "%.64s" and the like made of whole text, the characters that they cut through: what
 * crosses must be UTF-8. */
static inline void
dealdesk_mend (char *text)
{
  char *end = text;

  while (*text != '\0')
    {
      unsigned char lead = (unsigned char)*text;
      int needed = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
      int there = 1;

      while (there < needed && ((unsigned char)text[there] & 0xc0) == 0x80)
        there++;
      for (int i = 0; there == needed && i < there; i++)
        *end++ = text[i];
      text += there;
    }
  *end = '\0';
}

static inline DealdeskResult
dealdesk_fail (const DealdeskHost *host, DealdeskCall *call, uint32_t line, const char *message)
{
  host->fail (call, line, message);
  return DEALDESK_FAILED;
}

DEALDESK_END_DECLS

#endif
