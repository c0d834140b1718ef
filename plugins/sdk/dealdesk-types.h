/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Everything that crosses between dealdesk and a plugin: the ABI. Include dealdesk-plugin.h, which has the
 * promise, the rules of threads, text and units, and the readers.
 *
 * "(plugin)" a struct that the plugin makes and the host reads, "(host)" the other way round. A struct with a
 * size begins with it: who makes one sets it to its own sizeof, so that the other side knows what is there.
 */
#ifndef DEALDESK_TYPES_H
#define DEALDESK_TYPES_H

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

/* An empty cell's number; a limit or deadline that isn't there. */
#define DEALDESK_NONE INT64_MIN

/* What a call returns. DEALDESK_FAILED must follow a message (dealdesk_fail()): it is then an answer, that
 * this can't be priced, agreed to or advised on, and the person reads it. Without a message, with an answer
 * out of range, or after its deadline a call is a fault: the move fails, three in a row or one call that
 * never returns open the plugin's breaker, and it isn't called for a while. */
typedef enum DealdeskResult
{
  DEALDESK_OK = 0,
  DEALDESK_FAILED = 1
} DealdeskResult;

/* --- what the host offers during a call --- */

/* The call in progress: opaque, given back to the host's functions, on the call's own thread, until it
 * returns. */
typedef struct DealdeskCall DealdeskCall;

/* (host) One cell of a dataset. Never grows within an ABI: cells lie side by side. */
typedef struct DealdeskCell
{
  int64_t number; /* by the column's type: integer; decimal, percent (nanos); quantity (micros); date (days);
                     boolean (0, 1). DEALDESK_NONE when the cell is empty, or of type text or currency */
  const char *text; /* as it was imported, in every type; "" when empty */
} DealdeskCell;

/* (host, in the plugin's memory) Rows of one dataset that share their leading key, in order of the whole key:
 * row r's cell of column c is cells[r * n_columns + c]; columns are those that NAME.plugin lists, in its
 * order. cells is valid, and never changes, until the call returns. Never grows within an ABI. */
typedef struct DealdeskRows
{
  const DealdeskCell *cells; /* NULL when n_rows is 0 */
  uint32_t n_rows;           /* 0: the key isn't there */
  uint32_t n_columns;
} DealdeskRows;

typedef enum DealdeskChargeType
{
  DEALDESK_CHARGE_ONE_TIME = 0,
  DEALDESK_CHARGE_RECURRING = 1, /* once a period */
  DEALDESK_CHARGE_USAGE = 2 /* a rate without committed volume: prices, fees and amounts a unit are nanos */
} DealdeskChargeType;

typedef enum DealdeskPeriod
{
  DEALDESK_PERIOD_NONE = 0,
  DEALDESK_PERIOD_DAY = 1,
  DEALDESK_PERIOD_WEEK = 2,
  DEALDESK_PERIOD_MONTH = 3,
  DEALDESK_PERIOD_QUARTER = 4,
  DEALDESK_PERIOD_YEAR = 5
} DealdeskPeriod;

typedef enum DealdeskTierMode
{
  DEALDESK_TIER_FLAT = 0,      /* no tiers: price a unit, plus fee */
  DEALDESK_TIER_VOLUME = 1,    /* all units at the tier that is reached */
  DEALDESK_TIER_GRADUATED = 2, /* each unit at its own tier */
  DEALDESK_TIER_BLOCK = 3,     /* one price for the tier that is reached */
  DEALDESK_TIER_PACKAGE = 4,   /* no tiers: price a started package of package_size */
  DEALDESK_TIER_SHARE = 5 /* no tiers: price is a percentage (nanos) of the charges that add_share() names */
} DealdeskTierMode;

/* How an adjustment changes the running value of a charge, or what it records beside it. The sign is the
 * kind's: a value is never negative. */
typedef enum DealdeskAdjustKind
{
  DEALDESK_PERCENT_OFF = 0,   /* nanos, at most 100% */
  DEALDESK_PERCENT_ON = 1,    /* nanos */
  DEALDESK_UNIT_OFF = 2,      /* money a unit */
  DEALDESK_UNIT_ON = 3,       /* money a unit */
  DEALDESK_LINE_OFF = 4,      /* money for the line; not on usage */
  DEALDESK_LINE_ON = 5,       /* money for the line; not on usage */
  DEALDESK_UNIT_OVERRIDE = 6, /* money a unit, instead of what there was */
  DEALDESK_FACTOR = 7,        /* nanos: 0.9 is 900000000 */
  DEALDESK_COST = 8,          /* money a unit; for the margin only, never changes a price; several add up */
  DEALDESK_COST_PLUS = 9,     /* mark-up on the unit cost, nanos; base stage only, one a charge */
  DEALDESK_FLOOR =
    10,             /* money a unit; never changes a price: marks it, and limits the spread; highest counts */
  DEALDESK_TAX = 11 /* nanos; tax stage only, and nothing else is there */
} DealdeskAdjustKind;

/* How the rules of one stacking group work together. */
typedef enum DealdeskGroupMode
{
  DEALDESK_GROUP_COMPOUND = 0, /* one after the other, by priority, then rule id */
  DEALDESK_GROUP_ADD = 1,      /* each of the group's opening value, added up */
  DEALDESK_GROUP_BEST = 2      /* the one that leaves the customer the lowest price */
} DealdeskGroupMode;

/* What a line does to its product. */
typedef enum DealdeskLineAction
{
  DEALDESK_ACTION_ADD = 0,
  DEALDESK_ACTION_MODIFY = 1,
  DEALDESK_ACTION_DELETE = 2,
  DEALDESK_ACTION_NO_CHANGE = 3
} DealdeskLineAction;

typedef enum DealdeskAdviceAction
{
  DEALDESK_ADVISE_OFFER = 0,  /* offer this contract value */
  DEALDESK_ADVISE_ACCEPT = 1, /* accept the customer's last offer */
  DEALDESK_ADVISE_HOLD = 2    /* do nothing for now */
} DealdeskAdviceAction;

/* (plugin) A charge that the base stage opens. Copied before add_charge() returns, texts too. */
typedef struct DealdeskCharge
{
  uint32_t size;        /* sizeof (DealdeskCharge) */
  uint32_t line;        /* index of the line, never below the charge's before */
  const char *id;       /* within the line, such as "rental"; once each, not "" */
  const char *name;     /* for documents */
  const char *source;   /* which dataset, for explain: such as "charges" */
  char currency[4];     /* ISO 4217, NUL-terminated: of price, fee, minimum, maximum and the tiers */
  uint32_t type;        /* DealdeskChargeType */
  uint32_t period;      /* DealdeskPeriod: NONE unless recurring */
  uint32_t mode;        /* DealdeskTierMode */
  int64_t price;        /* a unit (FLAT) or package (PACKAGE), not negative; 0 with tiers */
  int64_t fee;          /* flat, in each period; 0: none */
  int64_t free_units;   /* quantity: come off before tier and price; 0: none */
  int64_t package_size; /* quantity: more than 0 with PACKAGE, otherwise 0 */
  int64_t minimum;      /* money: of the whole amount in a period, or DEALDESK_NONE */
  int64_t maximum;      /* not below minimum, or DEALDESK_NONE */

  /* Appended; each may be 0. */
  int64_t per;           /* quantity that price and the tiers' prices are for; 0: one unit */
  const char *aggregate; /* (nullable) charges that name the same reach their tiers with the sum of their
                            units */
  uint32_t free_months;  /* from the line's start, not charged; recurring only */
  uint32_t first_year;   /* contract years of the line that it holds for, from 1; 0: from the first */
  uint32_t last_year; /* 0: to the end. Charges of one line may share an id when their years are disjoint */
  uint32_t reserved;
} DealdeskCharge;

/* (plugin) A tier of the charge that was added last, in ascending order of from. */
typedef struct DealdeskTier
{
  uint32_t size; /* sizeof (DealdeskTier) */
  uint32_t reserved;
  int64_t from;  /* quantity, inclusive */
  int64_t bound; /* GRADUATED: quantity where the tier ends, cumulative, inclusive; INT64_MAX: without end */
  int64_t price; /* a unit, or with BLOCK for all; not negative */
  int64_t fee;   /* charged when the tier is reached; 0: none */
} DealdeskTier;

/* (plugin) An adjustment of one charge, applied by the core in the stage of NAME.plugin. Copied before
 * add_adjustment() returns, texts too. */
typedef struct DealdeskAdjustment
{
  uint32_t size;          /* sizeof (DealdeskAdjustment) */
  uint32_t charge;        /* index of the charge */
  uint32_t kind;          /* DealdeskAdjustKind */
  uint32_t mode;          /* DealdeskGroupMode of its group; the same in all of a group */
  const char *rule;       /* the rule's id, which breaks ties and answers "why" */
  const char *label;      /* what people read in explain */
  const char *source;     /* which dataset, for explain */
  const char *group;      /* (nullable) the stacking group; NULL: the stage's last one, with its own mode */
  int32_t group_priority; /* groups apply lower first, then by id; the same in all of a group */
  int32_t priority;       /* within the group, lower first */
  char currency[4];       /* of an amount of money: another than its charge's is converted by dataset rates */
  uint32_t reserved;
  int64_t value; /* by kind, never negative; in nanos of the unit for an amount a unit of a usage charge */

  /* Appended; each may be 0. */
  uint32_t first_year; /* contract years that it holds for, as a charge's */
  uint32_t last_year;
  int64_t threshold; /* money, in the charge's currency: it applies when the value that its group opens at is
                        at least that */
} DealdeskAdjustment;

/* (plugin) A charge of mode SHARE takes its percentage of every charge that this names, of all other lines:
 * of their nets after stage negotiated, in their own period. Nothing else is a share's target. Copied before
 * add_share() returns. */
typedef struct DealdeskShare
{
  uint32_t size;        /* sizeof (DealdeskShare) */
  uint32_t charge;      /* index of the charge of mode SHARE */
  uint32_t type;        /* DealdeskChargeType of what it takes a share of; not usage */
  uint32_t period;      /* DealdeskPeriod of it */
  const char *line;     /* (nullable) the id of a line; NULL: all */
  const char *offering; /* (nullable) */
  const char *category; /* (nullable) as dataset offerings has it */
  const char *id;       /* (nullable) the charge's id */
} DealdeskShare;

/* (plugin) What a charge rests on ends on a day; when that is before the offer's end, guard marks the charge.
 */
typedef struct DealdeskExpiry
{
  uint32_t size;   /* sizeof (DealdeskExpiry) */
  uint32_t charge; /* index of the charge */
  int32_t last;    /* the last day, days since 1970 */
  uint32_t reserved;
  const char *label; /* what ends, for people: "quote of vendor V for part P" */
} DealdeskExpiry;

/* (plugin) A rule that didn't apply, and the condition that it missed: the answer to "why not". */
typedef struct DealdeskMiss
{
  uint32_t size;      /* sizeof (DealdeskMiss) */
  uint32_t line;      /* index of the line, or UINT32_MAX: all */
  const char *rule;   /* the rule's id */
  const char *reason; /* for people: "its last day was 2026-06-30", "quantity 5 is below its minimum, 10" */
} DealdeskMiss;

/* When a later value of a measure is worse for the provider than an approved one. */
typedef enum DealdeskWorse
{
  DEALDESK_WORSE_HIGHER = 0,
  DEALDESK_WORSE_LOWER = 1,
  DEALDESK_WORSE_CHANGED = 2 /* it has no order: any other value is */
} DealdeskWorse;

/* (plugin) A measure that a requirement governs: an approval covers a later proposal that is no worse in any
 * of them. Copied before add_requirement() returns. Never grows within an ABI: they lie side by side. */
typedef struct DealdeskGoverned
{
  uint32_t measure; /* index of the input's */
  uint32_t worse;   /* DealdeskWorse; usually the measure's own */
} DealdeskGoverned;

/* (plugin) What an approval plugin asks for. Copied before add_requirement() returns, texts too. */
typedef struct DealdeskRequirement
{
  uint32_t size;                 /* sizeof (DealdeskRequirement) */
  uint32_t level;                /* 0 to 1000: equal levels decide in parallel, higher after lower */
  uint32_t need;                 /* how many candidates must agree, from 1; UINT32_MAX: all */
  uint32_t higher_is_worse;      /* 1: an earlier approval covers a lower value, 0: a higher one */
  const char *rule;              /* the rule's id */
  const char *measure;           /* what is governed: a measure's name */
  const char *value;             /* what was measured, as text: "12.5%", "EUR 1000.00", "48" */
  const char *limit;             /* how far the requester may go, as text in the same form, or "none" */
  const char *const *candidates; /* "user:NAME", "group:NAME" or "role:NAME" of the deal's team, each once */
  uint32_t n_candidates;         /* 1 to 1024 */
  uint32_t reserved;

  /* Appended. */
  const char *subject;              /* the measure's; NULL or "": the deal's as a whole */
  const DealdeskGoverned *governed; /* what an approval of it covers; none: the measure alone, by
                                       higher_is_worse */
  const char *const *informed;      /* who is told and decides nothing, as candidates */
  uint32_t n_governed;              /* at most 16384 */
  uint32_t n_informed;              /* at most 1024 */
} DealdeskRequirement;

/* (host) The host's functions: for this call, on its thread. Appended to, never reordered: check size before
 * using one that came later. A wrong argument (an index out of range, a function of another kind) doesn't
 * return an error: it makes the call a fault, whatever the plugin returns. */
typedef struct DealdeskHost
{
  uint32_t size;
  uint32_t reserved;

  /* All kinds. Rows for each of n leading keys, in one dataset of NAME.plugin (index in the file's order,
   * from 0), at the version that is pinned for this call. keys: none is NULL. rows: the caller's n, filled
   * in. Some 50 ns a key inside the daemon: ask for many at once, or one at a time, as it reads better. */
  void (*lookup) (
    DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows);

  /* Pricing, base stage. Opens a charge and returns its index, or UINT32_MAX for a wrong one. At most 2^20 a
   * call. */
  uint32_t (*add_charge) (DealdeskCall *call, const DealdeskCharge *charge);
  /* Pricing, base stage, after add_charge(). */
  void (*add_tier) (DealdeskCall *call, const DealdeskTier *tier);
  /* Pricing, any stage: later ones adjust every charge, the base stage those that were opened so far. */
  void (*add_adjustment) (DealdeskCall *call, const DealdeskAdjustment *adjustment);
  /* Approval. At most 1024 a call. */
  void (*add_requirement) (DealdeskCall *call, const DealdeskRequirement *requirement);

  /* All kinds. Not 0 once the call was cancelled or is over its deadline: return DEALDESK_FAILED soon. Cheap.
   */
  int (*cancelled) (DealdeskCall *call);

  /* All kinds but handoff, whose reason is the receipt. Says why the call fails; the first message counts.
   * line: the index of the line that it is about, or UINT32_MAX. message: copied; at most 1024 bytes. */
  void (*fail) (DealdeskCall *call, uint32_t line, const char *message);

  /* --- appended: there when size reaches them --- */

  /* Pricing, base stage. The price contracted with this customer for a charge that is open, a plugin's before
   * too: it replaces the charge's own, which stays the reference for discounts off list. Of contract, mode,
   * price, fee, free_units, package_size, minimum, maximum, per, currency and source count. add_tier() then
   * adds to it. Once a charge. */
  void (*add_contract) (DealdeskCall *call, uint32_t charge, const DealdeskCharge *contract);
  /* Pricing, base stage, for a charge of mode SHARE. At most 64 a charge. */
  void (*add_share) (DealdeskCall *call, const DealdeskShare *share);
  /* Pricing, any stage. */
  void (*add_expiry) (DealdeskCall *call, const DealdeskExpiry *expiry);
  /* Pricing, any stage. Whether somebody asks why a rule didn't apply: not 0 only then, and rule, unless it
   * is NULL, gets the id asked for (borrowed for the call). Answers must be the same either way. */
  int (*explaining) (DealdeskCall *call, const char **rule);
  /* Pricing, any stage, while explaining. At most 4096 a call; more aren't kept. */
  void (*add_miss) (DealdeskCall *call, const DealdeskMiss *miss);
  /* All kinds. How many rows a dataset of NAME.plugin has at the version that is pinned for this call: 0 for
   * one that nobody imported. Cheap. */
  uint32_t (*count_rows) (DealdeskCall *call, uint32_t dataset);
} DealdeskHost;

/* --- pricing --- */

/* (host) What was negotiated on one line; the business of stage negotiated. */
typedef struct DealdeskAlteration
{
  const char *charge; /* the charge's id, or "*" for all of the line */
  const char *label;  /* "" when none */
  uint32_t kind;      /* DealdeskAdjustKind, PERCENT_OFF to FACTOR */
  char currency[4];   /* of an amount; "" otherwise */
  int64_t value;      /* by kind */
} DealdeskAlteration;

/* (host) One line of the proposal. */
typedef struct DealdeskLine
{
  const char *id;                        /* within the proposal */
  const char *offering;                  /* of the provider's catalogue */
  const char *site;                      /* a key of dataset sites; "" when none */
  uint32_t action;                       /* DealdeskLineAction; a NO_CHANGE line need not be priced */
  uint32_t commitment;                   /* months; 0: none */
  int64_t quantity;                      /* 10^-6 units */
  const DealdeskAlteration *alterations; /* use dealdesk_alteration(); NULL when none */
  uint32_t n_alterations;
  uint32_t alteration_stride;
  uint32_t first_charge; /* index of its first charge; to the first plugin of the base stage there are none */
  uint32_t n_charges;    /* they follow each other */

  /* Appended. */
  const char *category; /* of its offering, as dataset offerings has it; "" when none */
  const char *unit;     /* the same */
  int32_t start;        /* day that it begins, days since 1970; 0: unknown */
  uint32_t reserved;
} DealdeskLine;

/* (host) A charge as later stages see it; its prices are the core's alone. */
typedef struct DealdeskChargeView
{
  uint32_t line;    /* index of its line */
  uint32_t type;    /* DealdeskChargeType */
  uint32_t period;  /* DealdeskPeriod */
  char currency[4]; /* ISO 4217 */
  const char *id;   /* as the base stage opened it */
} DealdeskChargeView;

/* (host) A whole sheet. */
typedef struct DealdeskPricingInput
{
  uint32_t size;
  uint32_t n_lines;
  const void *lines; /* use dealdesk_line() */
  uint32_t line_stride;
  uint32_t charge_stride;
  const void *charges; /* use dealdesk_charge(); those that plugins before this one opened */
  uint32_t n_charges;
  int32_t date;         /* days since 1970: the day that prices are asked for. There is no other clock */
  const char *customer; /* a key of dataset customers; "" when unknown, as the next two */
  const char *segment;
  const char *country; /* of the customer, as dataset customers has it; a site has its own */
  char currency[4];    /* the offer's, or "" while it has none */
  uint32_t reserved;

  /* Appended. */
  int32_t offer_end; /* last day of the offer, days since 1970; 0: unknown */
  uint32_t reserved2;
} DealdeskPricingInput;

/* (plugin, for ever) */
typedef struct DealdeskPricing
{
  uint32_t size; /* sizeof (DealdeskPricing) */
  uint32_t reserved;
  /* Opens or adjusts the charges of one whole sheet. The same input must give the same answers: no clock,
   * chance, environment or memory of earlier calls. May use lookup, count_rows, add_charge, add_tier,
   * add_contract and add_share (base), add_adjustment, add_expiry, explaining, add_miss, cancelled, fail.
   * Without a word on a line its charges stay as they are. instance: of open(), or NULL. */
  DealdeskResult (*price) (void *instance,
                           const DealdeskHost *host,
                           DealdeskCall *call,
                           const DealdeskPricingInput *input);
} DealdeskPricing;

/* --- approval --- */

/* (host) A measure of a proposal. Those with a currency come once for each that the sheet has. More names may
 * come.
 *
 * Of the whole deal: discount.list, discount.standing, discount.discretionary, margin, contract.value,
 * commitment.months; contribution (what location allowances take off one-time charges), payment.days
 * (parameter days of clause payment), currency (text, the offer's), precedence (text, the parts of the
 * agreement, highest first), credit.class (text, the customer's).
 * Of a line, with subject and category: line.discount.list, line.discount.standing,
 * line.discount.discretionary.
 * Of a clause, with subject: clause.rung (0 preferred, n fallback-n, 1000 walk-away; text where it is none of
 * them), clause.parameter (subject CLAUSE.NAME; a number, amount, percentage or text), clause.own (text: the
 * SHA-256 of a clause that the customer wrote, or of rung own). */
typedef struct DealdeskMeasure
{
  const char *name;
  int64_t value;    /* 0 of a text */
  char currency[4]; /* of the figures that it was measured on, of a percentage too; "" when they have none */
  uint32_t percent; /* 1: the value is nanos; 0: micros with a currency, a plain number without */

  /* Appended. */
  const char *subject;  /* the line, clause or parameter; "" when it is of the whole deal */
  const char *category; /* of a line's offering; "" when none */
  const char *text;     /* the value where it is no number; "" otherwise */
  uint32_t worse;       /* DealdeskWorse */
  uint32_t reserved;
} DealdeskMeasure;

/* (host) What is about to be tabled or accepted, and by whom. */
typedef struct DealdeskApprovalInput
{
  uint32_t size;
  uint32_t n_measures;
  const void *measures; /* use dealdesk_measure(). A margin that isn't known is no measure; when advice is
                           checked there are discount.discretionary and contract.value only */
  uint32_t measure_stride;
  uint32_t n_groups;
  const char *requester;     /* the person who wants to table or accept; for "user:NAME" */
  const char *const *groups; /* that the requester is a member of; for "group:NAME" */
  const char *customer;      /* as in DealdeskPricingInput, the next three too */
  const char *segment;
  const char *country;
  int32_t date;
  uint32_t reserved;

  /* Appended. */
  const char *owner; /* of the deal: a person, for "role:owner"; "" before there is a deal */
} DealdeskApprovalInput;

/* (plugin, for ever) */
typedef struct DealdeskApproval
{
  uint32_t size; /* sizeof (DealdeskApproval) */
  uint32_t reserved;
  /* Adds what must be agreed by whom; nothing when the requester may. DEALDESK_FAILED with a message refuses
   * the move: nobody may agree to it. Who may decide in the end (not whoever wrote it), who did, and whether
   * that still holds is the core's. Deterministic, as price(). May use lookup, add_requirement, cancelled,
   * fail. */
  DealdeskResult (*require) (void *instance,
                             const DealdeskHost *host,
                             DealdeskCall *call,
                             const DealdeskApprovalInput *input);
} DealdeskApproval;

/* --- negotiation --- */

/* (host) One step of the history: who offered what, when. */
typedef struct DealdeskOffer
{
  uint32_t by_customer; /* 1: the customer's, 0: ours */
  uint32_t revision;    /* its number in the deal, from 1 */
  int64_t time;         /* microseconds since 1970 UTC */
  int64_t total;        /* contract value, micros of the input's currency */
} DealdeskOffer;

/* (host) */
typedef struct DealdeskNegotiationInput
{
  uint32_t size;
  uint32_t n_offers;
  const void *offers; /* oldest first; use dealdesk_offer() */
  uint32_t offer_stride;
  uint32_t reserved;
  int64_t list_total; /* contract value at list, micros */
  int64_t opened;     /* when the deal was opened, microseconds since 1970 UTC */
  int64_t now;        /* the same; there is no other clock */
  int64_t deadline;   /* when the negotiation must end; DEALDESK_NONE: unknown */
  char currency[4];   /* ISO 4217 */
  uint32_t reserved2;
} DealdeskNegotiationInput;

/* (plugin, in the host's memory, which is zeroed before) */
typedef struct DealdeskAdvice
{
  uint32_t size;    /* set by the host: what it has room for */
  uint32_t action;  /* DealdeskAdviceAction */
  int64_t total;    /* never negative. OFFER: the contract value to offer, micros; the host rounds it to the
                       minor unit. ACCEPT: exactly the total of the customer's last offer. HOLD: not used */
  char reason[512]; /* for people; the host reads to the NUL */
} DealdeskAdvice;

/* (plugin, for ever) */
typedef struct DealdeskNegotiation
{
  uint32_t size; /* sizeof (DealdeskNegotiation) */
  uint32_t reserved;
  /* Advice, which a person follows or not; nothing happens by itself, and the core checks the authority.
   * Deterministic, as price(). May use lookup, cancelled, fail. */
  DealdeskResult (*advise) (void *instance,
                            const DealdeskHost *host,
                            DealdeskCall *call,
                            const DealdeskNegotiationInput *input,
                            DealdeskAdvice *advice);
} DealdeskNegotiation;

/* --- handoff --- */

/* How the sink tells duplicates, which decides what the host does after an outcome that nobody knows. */
typedef enum DealdeskDedupe
{
  DEALDESK_DEDUPE_NONE = 0, /* it can't: the order is held for a person */
  DEALDESK_DEDUPE_KEY = 1,  /* the same key has effect once: delivered again */
  DEALDESK_DEDUPE_QUERY = 2 /* query() is asked first whether the key arrived */
} DealdeskDedupe;

/* When in doubt: UNKNOWN. A RETRY that arrived after all is delivered twice. */
typedef enum DealdeskDelivery
{
  DEALDESK_DELIVERED = 0, /* durably in the sink */
  DEALDESK_RETRY = 1,     /* surely not delivered; try again later */
  DEALDESK_REJECTED = 2,  /* surely not delivered, and never will be as it is */
  DEALDESK_UNKNOWN = 3    /* can't be known */
} DealdeskDelivery;

/* (host) */
typedef struct DealdeskOrder
{
  uint32_t size;
  uint32_t length;      /* bytes of document */
  const char *key;      /* idempotency key: [A-Za-z0-9-], the same for ever for this order, and no other's */
  const char *deal;     /* "D-1042" */
  const char *order;    /* its id within the deal, as people chose it: any text */
  const char *document; /* the TMF622 order, JSON in UTF-8; length bytes, not NUL-terminated */
} DealdeskOrder;

/* (plugin, for ever) */
typedef struct DealdeskHandoff
{
  uint32_t size;   /* sizeof (DealdeskHandoff) */
  uint32_t dedupe; /* DealdeskDedupe: what the sink can, not what would be nice */
  /* One attempt at one order; the outbox and its retries are the core's. May use lookup, cancelled. receipt:
   * the sink's own reference, or the reason: UTF-8 text with its NUL in receipt_size bytes (at least 256), ""
   * at first. */
  DealdeskDelivery (*deliver) (void *instance,
                               const DealdeskHost *host,
                               DealdeskCall *call,
                               const DealdeskOrder *order,
                               char *receipt,
                               uint32_t receipt_size);
  /* QUERY only, otherwise NULL. Whether the order's key arrived: DELIVERED, RETRY (it isn't there, and won't
   * come) or UNKNOWN. Changes nothing. */
  DealdeskDelivery (*query) (void *instance,
                             const DealdeskHost *host,
                             DealdeskCall *call,
                             const DealdeskOrder *order,
                             char *receipt,
                             uint32_t receipt_size);
} DealdeskHandoff;

/* --- the plugin itself --- */

/* (host) An option's value: the configuration's, or NAME.plugin's default. All that NAME.plugin lists are
 * there, in its order. Borrowed for open(): keep a copy. Never grows within an ABI: options lie side by side.
 */
typedef struct DealdeskOption
{
  const char *name;
  const char *text; /* as it was written, in every type */
  int64_t number;   /* by its type: integer; percent, decimal (nanos); boolean (0, 1). DEALDESK_NONE for text
                       and directory */
} DealdeskOption;

/* (plugin, for ever) */
typedef struct DealdeskPlugin
{
  uint32_t abi;        /* DEALDESK_ABI */
  uint32_t size;       /* sizeof (DealdeskPlugin) */
  const char *id;      /* as in NAME.plugin */
  const char *version; /* 1 to 64 bytes; kept with every price, so change it when answers may change */

  /* (nullable) Makes an instance and returns DEALDESK_OK, or writes the reason into message (256 bytes, with
   * its NUL) and returns DEALDESK_FAILED: the plugin is then refused. No call runs meanwhile. */
  DealdeskResult (*open) (const DealdeskOption *options, uint32_t n_options, void **instance, char *message);
  /* (nullable) Frees the instance. No call runs, and none comes until the next open(). */
  void (*close) (void *instance);

  /* A table for each kind that it offers, otherwise NULL. */
  const DealdeskPricing *pricing;
  const DealdeskApproval *approval;
  const DealdeskNegotiation *negotiation;
  const DealdeskHandoff *handoff;
} DealdeskPlugin;

DEALDESK_END_DECLS

#endif
