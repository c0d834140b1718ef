/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The state of one deal: what its events add up to.
 *
 * Only what deciding the next move needs is here; contents of proposals, texts of questions and the
 * like are in the events and documents. Written as canonical JSON and read back, it is the same
 * state. Pure; owned by one thread at a time.
 */
#pragma once

#include "authority/standing.h"
#include "deal/event.h"
#include "deal/proposal.h"

G_BEGIN_DECLS

typedef enum
{
  DD_DEAL_PREPARING,
  DD_DEAL_NEGOTIATING,
  DD_DEAL_AGREED,
  DD_DEAL_SIGNED,
  DD_DEAL_CLOSED,
  DD_DEAL_DECLINED,
  DD_DEAL_WITHDRAWN,
  DD_DEAL_EXPIRED,
  DD_N_DEAL_STATES
} DdDealState;

typedef enum
{
  DD_PROPOSAL_DRAFT,
  DD_PROPOSAL_AWAITING_APPROVAL,
  DD_PROPOSAL_REFUSED,
  DD_PROPOSAL_TABLED,
  DD_PROPOSAL_SUPERSEDED,
  DD_PROPOSAL_ACCEPTED,
  DD_PROPOSAL_DECLINED,
  DD_PROPOSAL_WITHDRAWN,
  DD_PROPOSAL_LAPSED,
  DD_N_PROPOSAL_STATES
} DdProposalState;

typedef enum
{
  DD_ORDER_PENDING, /* waits for its sink, or for the next attempt */
  DD_ORDER_DELIVERED,
  DD_ORDER_HELD, /* outcome unknown or refused by the sink: a person decides */
  DD_N_ORDER_STATES
} DdOrderState;

/* A clause of a revision that asks to be acknowledged. */
typedef struct
{
  char *clause;
  char *sha256; /* of its id, version, title, parameters and text */
} DdAsk;

typedef struct
{
  guint revision;
  guint8 side;        /* DdSide */
  guint8 state;       /* DdProposalState */
  guint8 variant;     /* tabled beside others */
  guint8 open_choice; /* an optional line isn't settled */
  guint8 approved;    /* the gate was passed for the move that stands */
  char *author;
  char *recorder; /* (nullable): who called for the author */
  guint answers;  /* the revision that it counters, or 0 */
  char *proposal; /* documents, by SHA-256 */
  char *sheet;
  char *view;         /* also its fingerprint */
  gint64 tabled_at;   /* 0: never; of the last tabling */
  gint64 valid_until; /* 0: no end */
  gint64 irrevocable_until;
  gint64 ended_at;
  char
    *summary; /* canonical JSON: {"contract":[{currency,list,net}],"totals":[{currency,net,period,type}]} */
  GPtrArray *asks; /* DdAsk* */
} DdRevision;

typedef struct
{
  char *clause;
  char *sha256;
  char *person;
} DdAcknowledgement;

typedef struct
{
  guint number;   /* from 1 */
  guint8 side;    /* who asked */
  guint8 on_line; /* the subject is a line, not a clause */
  guint8 answered;
  char *subject; /* (nullable): clause or line id; NULL: the deal as a whole */
} DdQuestionState;

typedef struct
{
  guint8 side;
  char *person;
  gint64 time;
} DdSignature;

typedef struct
{
  char *id;       /* "1", "2" … within the deal */
  char *key;      /* the handoff's idempotency key, for ever the same */
  char *document; /* TMF622 order, by SHA-256 */
  guint8 state;   /* DdOrderState */
  guint attempts;
  guint8 trying;       /* an attempt was begun whose outcome isn't recorded: until it is, it is unknown */
  guint8 released;     /* a person said to try a held one again: for the next attempt */
  gint64 next_attempt; /* when pending */
  char *note;          /* (nullable): the sink's receipt, or why it is held */
} DdOrder;

/* Which projections an event touched; a bit set for the store. */
typedef enum
{
  DD_CHANGED_REVISIONS = 1 << 0,
  DD_CHANGED_APPROVALS = 1 << 1,
  DD_CHANGED_ORDERS = 1 << 2
} DdChanged;

typedef struct
{
  gint64 number;  /* D-1042 is 1042 */
  gint64 version; /* events so far */
  guint8 state;   /* DdDealState */
  char *title;
  char *customer;      /* id in dataset customers, or what the request called it */
  char *customer_name; /* (nullable) */
  char *owner;         /* the person who opened it */
  char *external_id;   /* (nullable): the customer's own number */
  char *request;       /* (nullable): the request as a proposal document, by SHA-256 */
  char *source;        /* (nullable): the request's original bytes, by SHA-256 */
  gint64 opened_at;
  gint64 updated_at;
  gint64 expires;       /* 0: never */
  guint accepted;       /* revision, or 0 */
  guint last_tabled;    /* revision tabled last, or 0 */
  guint last_approved;  /* revision whose request people approved last, or 0 */
  guint reopen_sides;   /* bit set of DdSide that asked to reopen after a signature */
  char *agreement;      /* (nullable): the fingerprint both sides accepted */
  GPtrArray *revisions; /* DdRevision*, revision n at index n - 1 */
  GPtrArray *requests;  /* DdApprovalRequest* that are open */
  GPtrArray *approvals; /* DdStanding*: the last that each person gave of each thing */
  GPtrArray *acknowledgements;
  GPtrArray *questions; /* DdQuestionState* */
  GPtrArray *signatures;
  GPtrArray *orders;
  guint changed; /* DdChanged since the state was read; not part of it */
} DdDeal;

DdDeal *dd_deal_new (gint64 number);
void dd_deal_free (DdDeal *deal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdDeal, dd_deal_free)

/* The state as canonical JSON, and back. */
void dd_deal_write (const DdDeal *deal, DdJsonWriter *writer);
DdDeal *dd_deal_read (const DdJsonNode *node, GError **error);

/* What @type with @body, recorded at @time, does to @deal. The same for a new event and for one of
 * years ago. DD_ERROR_STORE_DAMAGED when it doesn't fit. */
gboolean dd_deal_apply (DdDeal *deal, DdEventType type, const DdJsonNode *body, gint64 time, GError **error);

/* (nullable), borrowed */
DdRevision *dd_deal_revision (const DdDeal *deal, guint revision);
DdApprovalRequest *dd_deal_request_for (const DdDeal *deal, guint revision);
DdOrder *dd_deal_order (const DdDeal *deal, const char *id);

/* The last moment at which @revision stood or will have stood; 0: no end is known. */
gint64 dd_deal_lapse (const DdDeal *deal, const DdRevision *revision);

/* The next moment at which the deal wants a timer (validity, expiry), or 0. */
gint64 dd_deal_next_timer (const DdDeal *deal);

/* "D-1042" and back. */
char *dd_deal_id_format (gint64 number);
gboolean dd_deal_id_parse (const char *text, gint64 *out_number, GError **error);

const char *dd_deal_state_name (DdDealState state);
int dd_deal_state_from_name (const char *text);
const char *dd_proposal_state_name (DdProposalState state);
int dd_proposal_state_from_name (const char *text);
const char *dd_order_state_name (DdOrderState state);
int dd_order_state_from_name (const char *text);

G_END_DECLS
