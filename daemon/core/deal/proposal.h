/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A proposal's content: everything on offer in one revision, as values.
 *
 * Read strictly from its JSON document (an unknown member is an error with its path), written back
 * canonically: reading what was written gives the same bytes. Prices are not in it: they are computed
 * (price/sheet.h). Pure; immutable once built.
 */
#pragma once

#include "json/json.h"
#include "json/writer.h"
#include "price/answers.h"

G_BEGIN_DECLS

typedef enum
{
  DD_ACTION_ADD,
  DD_ACTION_MODIFY,
  DD_ACTION_DELETE,
  DD_ACTION_NO_CHANGE,
  DD_N_ACTIONS
} DdLineAction;

typedef enum
{
  DD_SIDE_PROVIDER,
  DD_SIDE_CUSTOMER,
  DD_N_SIDES
} DdSide;

/* Whether an optional line was taken. */
typedef enum
{
  DD_CHOICE_OPEN,
  DD_CHOICE_TAKEN,
  DD_CHOICE_LEFT_OUT
} DdChoice;

/* A negotiated alteration of one line: {"charge":"rental","kind":"percent-off","value":"10%","label":"…"} */
typedef struct
{
  char *charge;        /* the charge's id, or NULL for every charge of the line */
  guint8 kind;         /* DD_ADJUST_PERCENT_OFF … DD_ADJUST_FACTOR */
  DdCurrency currency; /* of an amount */
  gint64 value;        /* nanos for percentages and factors, micros for amounts */
  char *label;         /* (nullable) */
} DdAlteration;

/* What the customer has today, for modify and delete: {"charge":"rental","type":"recurring","period":"month",
 * "net":"EUR 120.00"} */
typedef struct
{
  char *charge;
  guint8 type;
  guint8 period;
  DdMoney net;
} DdInstalled;

typedef struct
{
  char *id;
  char *offering;       /* the catalogue's id; NULL until an asked one is mapped */
  char *asked_offering; /* (nullable): the customer's own id for it */
  char *name;           /* (nullable): what the customer calls it */
  gint64 quantity;      /* 10^-6, positive */
  char *site;           /* (nullable) */
  guint8 action;        /* DdLineAction */
  guint8 optional;
  guint8 chosen;       /* DdChoice, of an optional line */
  guint16 commitment;  /* months; 0: the proposal's */
  char *start;         /* (nullable) YYYY-MM-DD, first day that it is charged; NULL: the proposal's */
  GArray *alterations; /* DdAlteration */
  GArray *installed;   /* DdInstalled */
  char *kept; /* (nullable): canonical JSON of what a request said and the mapping has no place for */
} DdLine;

/* {"type":"recurring","period":"month","kind":"line-off","value":"EUR 100.00","label":"…"} */
typedef struct
{
  guint8 type;
  guint8 period;
  guint8 kind;         /* DD_ADJUST_PERCENT_OFF, PERCENT_ON, LINE_OFF, LINE_ON */
  DdCurrency currency; /* required: which charges it is spread over */
  gint64 value;
  char *label; /* (nullable) */
} DdDealAlteration;

/* {"name":"days","type":"integer","value":"30"}: kept as text, typed for comparison */
typedef struct
{
  char *name;
  char *value;
} DdParameter;

typedef struct
{
  char *clause;  /* the clause's id; of a customer's own text an id that it chose */
  char *version; /* of the library's clause; "" for an own text */
  char *rung;    /* "preferred", "fallback-1" … or "own" */
  char *title;
  char *text;         /* the full text that binds */
  guint8 origin;      /* DdSide */
  guint8 acknowledge; /* the customer must acknowledge it */
  GArray *parameters; /* DdParameter */
} DdTerm;

typedef struct
{
  char *id;
  GPtrArray *lines;     /* line ids */
  char *requested_date; /* (nullable) YYYY-MM-DD */
} DdOrderPart;

typedef struct
{
  gint ref_count;
  GPtrArray *lines;      /* DdLine*, in the document's order; ids unique */
  GArray *spread;        /* DdDealAlteration */
  GPtrArray *terms;      /* DdTerm*, clauses unique */
  GPtrArray *orders;     /* DdOrderPart*; a line is in at most one */
  GPtrArray *precedence; /* parts of the agreement, highest first: "terms", "prices", "lines" … */
  guint16 commitment;    /* months, for lines that state none */
  DdCurrency currency;   /* the offer's; "" until known */
  char *effective_from;  /* (nullable) YYYY-MM-DD; where lines that state no other start */
  char *effective_to;
  gint64 valid_until; /* microseconds since 1970 UTC; 0: no end */
  gint64 irrevocable_until;
  guint8
    billing_day; /* day of the month on which charged periods begin, 1 to 28; 0: the line's own start's */
  char *note;    /* (nullable): to the other side */
} DdProposal;

/* @node is the document's object. Errors: DD_ERROR_INVALID_ARGUMENT with the path. (transfer full) */
DdProposal *dd_proposal_read (const DdJsonNode *node, GError **error);
void dd_proposal_write (const DdProposal *proposal, DdJsonWriter *writer);
DdProposal *dd_proposal_new (void);
DdProposal *dd_proposal_ref (DdProposal *proposal);
void dd_proposal_unref (DdProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdProposal, dd_proposal_unref)

DdLine *dd_line_new (void);
void dd_line_free (DdLine *line);
DdTerm *dd_term_new (void);
void dd_term_free (DdTerm *term);
DdOrderPart *dd_order_part_new (void);
void dd_order_part_free (DdOrderPart *part);

/* (nullable), borrowed */
DdLine *dd_proposal_line (const DdProposal *proposal, const char *id);
DdTerm *dd_proposal_term (const DdProposal *proposal, const char *clause);

/* Of the clause as a customer reads it, hex: whatever of it changes changes it. (transfer full) */
char *dd_term_sha256 (const DdTerm *term);

/* The months that @line is bound for, and whether it counts towards totals. */
guint dd_line_commitment (const DdProposal *proposal, const DdLine *line);
gboolean dd_line_counted (const DdLine *line);

/* The first day that @line is charged, its own or the proposal's, days since 1970; DD_NO_DAY: unknown. */
gint32 dd_line_start (const DdProposal *proposal, const DdLine *line);

/* (transfer full) (element-type DdPriceLine), ids borrowed from @proposal. */
GArray *dd_proposal_price_lines (const DdProposal *proposal);

/* Appends the deal-level alterations to @answers as its spreads. */
void dd_proposal_add_spreads (const DdProposal *proposal, DdAnswers *answers);

/* Appends what the customer has today of the lines that modify or delete it. */
void dd_proposal_add_installed (const DdProposal *proposal, DdAnswers *answers);

const char *dd_action_name (DdLineAction action);
int dd_action_from_name (const char *text);
const char *dd_side_name (DdSide side);
int dd_side_from_name (const char *text);

/* RFC 3339 with or without seconds and fraction; "2026-12-31" is its end in UTC. Microseconds since 1970. */
gboolean dd_time_parse (const char *text, gint64 *out_time, GError **error);
gboolean dd_date_is_valid (const char *text); /* "2026-12-31", of a day that there is */
gboolean dd_time_is_valid (const char *text); /* either form, of any year: for what is kept as text */
char *dd_time_format (gint64 time); /* "2026-12-31T12:00:00.000000Z", fraction only when it has one */

G_END_DECLS
