/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * decline and withdraw: the ways to end a proposal or the whole deal, or to take an acceptance back. Any
 * thread.
 */
#include "deal/move.h"

#include "deal/record.h"

/* While an offer is irrevocable its maker can't end it, nor the deal under it. */
static gboolean
check_revocable (const DdMove *move, const DdRevision *revision, GError **error)
{
  if (revision->state != DD_PROPOSAL_TABLED || revision->side != move->command->side ||
      revision->irrevocable_until <= move->command->now)
    return TRUE;
  g_autofree char *until = dd_time_format (revision->irrevocable_until);
  return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "revision %u is irrevocable until %s", revision->revision,
                  until);
}

/* Ends the deal with all that is open in it: offers of the mover are withdrawn, those of the other side
 * declined. */
static gboolean
end_deal (DdMove *move, DdDealState state, GError **error)
{
  const DdDeal *deal = move->deal;

  if (deal->state == DD_DEAL_AGREED)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "D-%" G_GINT64_FORMAT " is agreed; withdraw revision %u to reopen it first", deal->number,
                    deal->accepted);
  for (guint i = 0; i < deal->revisions->len; i++)
    if (!check_revocable (move, g_ptr_array_index (deal->revisions, i), error))
      return FALSE;
  for (guint i = 0; i < deal->requests->len; i++)
    {
      const DdApprovalRequest *request = g_ptr_array_index (deal->requests, i);
      dd_emit_request_closed (move, request, "overtaken",
                              request->kind == DD_REQUEST_TABLE ? DD_PROPOSAL_DRAFT : DD_PROPOSAL_TABLED,
                              FALSE);
    }
  for (guint i = 0; i < deal->revisions->len; i++)
    {
      const DdRevision *revision = g_ptr_array_index (deal->revisions, i);
      if (revision->state == DD_PROPOSAL_TABLED)
        dd_emit_end (move, revision,
                     revision->side == move->command->side ? DD_PROPOSAL_WITHDRAWN : DD_PROPOSAL_DECLINED,
                     "the deal ended");
    }
  dd_emit_deal_ended (move, state, move->command->text);
  return TRUE;
}

gboolean
dd_move_decline (DdMove *move, GError **error)
{
  const DdRevision *revision;

  if (move->command->revision == 0)
    return end_deal (move, DD_DEAL_DECLINED, error);
  revision = dd_transition_revision (move, error);
  if (revision == NULL)
    return FALSE;
  move->decision->revision = revision->revision;
  dd_emit_ended (move, revision, DD_PROPOSAL_DECLINED, move->command->text);
  return TRUE;
}

/* Before the first signature either side reopens; after it, both must. */
static gboolean
reopen (DdMove *move, GError **error)
{
  guint mine = 1u << move->command->side;
  gboolean complete = move->deal->signatures->len == 0 || ((move->deal->reopen_sides | mine) == 0x3);
  DdJsonWriter *body;

  if (move->deal->reopen_sides & mine)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "the %s asked to reopen already; the other side must too, since it is signed",
                    dd_side_name (move->command->side));
  body = dd_emit_begin (move);
  dd_record_put_flag (body, "complete", complete);
  dd_json_put_string (body, "reason", move->command->text);
  dd_json_put_int64 (body, "revision", move->deal->accepted);
  dd_json_put_string (body, "side", dd_side_name (move->command->side));
  dd_emit (move, DD_EVENT_REOPENED, body);
  return TRUE;
}

/* The provider takes back that it asked to accept the other side's offer. */
static gboolean
recalls_acceptance (const DdMove *move)
{
  const DdApprovalRequest *request = dd_deal_request_for (move->deal, move->command->revision);

  return move->command->side == DD_SIDE_PROVIDER && request != NULL && request->kind == DD_REQUEST_ACCEPT;
}

gboolean
dd_move_withdraw (DdMove *move, GError **error)
{
  const DdApprovalRequest *request = dd_deal_request_for (move->deal, move->command->revision);
  const DdRevision *revision;

  if (move->command->revision == 0)
    return end_deal (move, DD_DEAL_WITHDRAWN, error);
  move->decision->revision = move->command->revision;
  if (move->deal->state == DD_DEAL_AGREED && move->command->revision == move->deal->accepted)
    return reopen (move, error);
  if (recalls_acceptance (move))
    {
      dd_emit_request_closed (move, request, "recalled", DD_PROPOSAL_TABLED, FALSE);
      return TRUE;
    }

  revision = dd_transition_revision (move, error);
  if (revision == NULL || !check_revocable (move, revision, error))
    return FALSE;
  if (revision->state == DD_PROPOSAL_AWAITING_APPROVAL && request != NULL)
    dd_emit_request_closed (move, request, "recalled", DD_PROPOSAL_DRAFT, FALSE);
  else
    dd_emit_ended (move, revision, DD_PROPOSAL_WITHDRAWN, move->command->text);
  return TRUE;
}
