/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Commands: what somebody asks of a deal. Values only; who asks was settled before.
 */
#pragma once

#include "deal/deal.h"

G_BEGIN_DECLS

typedef enum
{
  DD_COMMAND_OPEN,
  DD_COMMAND_PROPOSE,
  DD_COMMAND_COUNTER,
  DD_COMMAND_ACCEPT,
  DD_COMMAND_DECLINE,
  DD_COMMAND_WITHDRAW,
  DD_COMMAND_EXTEND,
  DD_COMMAND_ASK,
  DD_COMMAND_ANSWER,
  DD_COMMAND_ACKNOWLEDGE,
  DD_COMMAND_APPROVE,
  DD_COMMAND_REFUSE,
  DD_COMMAND_SIGN,
  DD_COMMAND_RECORD_HANDOFF,
  DD_COMMAND_RESOLVE_ORDER,
  DD_COMMAND_TIMER,
  DD_N_COMMANDS
} DdCommandType;

const char *dd_command_name (DdCommandType type); /* "propose", for messages */

/* What a command brings to DD_COMMAND_OPEN. */
typedef struct
{
  char *title;
  char *customer;
  char *customer_name; /* (nullable) */
  char *external_id;   /* (nullable) */
  DdProposal *request;
  GBytes *source;     /* (nullable): the request's own bytes */
  char *kept;         /* (nullable): canonical JSON of what the mapping has no place for */
  GPtrArray *remarks; /* (nullable) (element-type utf8) */
  gint64 expires;     /* 0: never */
} DdOpening;

/* What a handoff record tells of an attempt. */
typedef enum
{
  DD_ATTEMPT_BEGINS, /* it is about to be made: until more is told, its outcome is unknown */
  DD_ATTEMPT_KNOWN,  /* its outcome is known */
  DD_ATTEMPT_UNKNOWN /* its outcome can't be known */
} DdAttempt;

typedef struct
{
  DdCommandType type;
  guint8 side;             /* DdSide: whose move it is */
  char *actor;             /* the provider's person who makes or records it */
  char *recorder;          /* (nullable): who calls for the actor, when that is another */
  char *person;            /* (nullable): of a customer's move, the customer's person */
  char *channel;           /* (nullable): of a customer's move */
  char *evidence;          /* (nullable) */
  gint64 now;              /* recorded at */
  gint64 occurred_at;      /* 0: now */
  gint64 expected_version; /* -1: any */

  guint revision; /* 0: none, or the deal as a whole */
  guint step;     /* 0: every step that the actor may decide */
  gboolean variant;
  gboolean draft;
  DdProposal *proposal; /* (nullable): of propose and counter */
  char *fingerprint;    /* (nullable): of accept and sign */
  char *sheet;          /* of approve and refuse: SHA-256 of what was read */
  char *text;           /* (nullable): question, answer, reason, comment or receipt */
  char *subject;        /* (nullable): clause or line id */
  gboolean on_line;     /* the subject is a line */
  guint question;
  gint64 valid_until;
  char *order;              /* an order's id */
  DdOrderState order_state; /* of a handoff's outcome */
  DdAttempt attempt;        /* of a handoff */
  guint attempts;           /* of one that begins: how many were begun before, as it was read */
  gint64 next_attempt;
  DdOpening *opening; /* of open */
} DdCommand;

DdCommand *dd_command_new (DdCommandType type);
void dd_command_free (DdCommand *command);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdCommand, dd_command_free)

G_END_DECLS
