/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files of the moves share. Internal to core/deal.
 *
 * A move function judges its command and appends events to the decision. It runs on the state as it was
 * before the command.
 */
#pragma once

#include "deal/decide.h"

G_BEGIN_DECLS

typedef struct
{
  const DdDeal *deal;
  const DdCommand *command;
  const DdFacts *facts;
  DdDecision *decision;
} DdMove;

typedef gboolean (*DdMoveFunc) (DdMove *move, GError **error);

gboolean dd_move_open (DdMove *move, GError **error);
gboolean dd_move_propose (DdMove *move, GError **error);
gboolean dd_move_counter (DdMove *move, GError **error);
gboolean dd_move_accept (DdMove *move, GError **error);
gboolean dd_move_decline (DdMove *move, GError **error);
gboolean dd_move_withdraw (DdMove *move, GError **error);
gboolean dd_move_extend (DdMove *move, GError **error);
gboolean dd_move_ask (DdMove *move, GError **error);
gboolean dd_move_answer (DdMove *move, GError **error);
gboolean dd_move_acknowledge (DdMove *move, GError **error);
gboolean dd_move_approve (DdMove *move, GError **error);
gboolean dd_move_refuse (DdMove *move, GError **error);
gboolean dd_move_sign (DdMove *move, GError **error);
gboolean dd_move_record_handoff (DdMove *move, GError **error);
gboolean dd_move_resolve_order (DdMove *move, GError **error);
gboolean dd_move_timer (DdMove *move, GError **error);

/* --- the table of legal transitions (transitions.c) --- */

/* Whether the deal's state allows the command at all; the error names the state and the states that would. */
gboolean dd_transition_check_deal (const DdDeal *deal, const DdCommand *command, GError **error);

/* The command's revision, when its state and its maker allow the command; otherwise NULL with an error. */
const DdRevision *dd_transition_revision (const DdMove *move, GError **error);

/* --- events (emit.c) --- */

/* Begins an event's body: an open object. With the person who moved, when it is a customer's. */
DdJsonWriter *dd_emit_begin (const DdMove *move);
/* @writer: (transfer full). Returns the event, borrowed. */
DdEvent *dd_emit (DdMove *move, DdEventType type, DdJsonWriter *writer);

/* The facts' content as a new revision; @out_revision is its number. */
void dd_emit_drafted (DdMove *move, guint answers, guint *out_revision);
/* Tables @revision of @side: ends what it answers and, unless a variant, what the same side has on the table.
 */
void dd_emit_tabled (DdMove *move, guint revision, DdSide side, guint answers, gboolean variant);
/* Ends one proposal alone. */
void dd_emit_end (DdMove *move, const DdRevision *revision, DdProposalState state, const char *reason);
/* Ends one proposal, and every request that rests on it. */
void dd_emit_ended (DdMove *move, const DdRevision *revision, DdProposalState state, const char *reason);
void dd_emit_request_closed (DdMove *move,
                             const DdApprovalRequest *request,
                             const char *outcome,
                             DdProposalState state,
                             gboolean approved);
void dd_emit_request (DdMove *move, DdRequestKind kind, guint revision, const char *sheet, gboolean variant);
/* Records which earlier approvals let @revision pass the gate; nothing when none was needed. */
void dd_emit_standing (DdMove *move, DdRequestKind kind, guint revision, const char *sheet, gboolean variant);
/* Both sides accepted @revision: the others end. */
void dd_emit_agreed (DdMove *move, const DdRevision *revision);
void dd_emit_deal_ended (DdMove *move, DdDealState state, const char *reason);

/* --- the gate (gate.c) --- */

typedef enum
{
  DD_GATE_ASK,    /* the requirements aren't known yet; the question was put */
  DD_GATE_PASS,   /* nothing beyond the requester's authority, or earlier approvals cover it */
  DD_GATE_REQUEST /* approvals are needed first */
} DdGate;

/* The one gate: whether the requester may table or accept what the facts hold. FALSE with an error when
 * approvals are needed that nobody could give. */
gboolean dd_gate (DdMove *move, const char *requester, DdGate *out_gate, GError **error);

/* Nobody approves what they wrote: whether @person is the requester, an author of a provider's revision since
 * the one that people approved last, called for one of them, or recorded the customer's offer @revision that
 * is to be accepted. @revision may be the next, which isn't there yet. */
gboolean dd_gate_wrote (
  const DdDeal *deal, guint revision, const char *requester, const char *recorder, const char *person);

/* When it happened: occurred_at where that was given. */
gint64 dd_move_time (const DdMove *move);

G_END_DECLS
