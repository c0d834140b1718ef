/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * decline and withdraw: the ways to end a proposal or the whole deal, or to take an acceptance back. Any
 * thread.
 */
#include "deal/move.h"

#include "deal/record.h"

static void
end_all (DdMove *move, DdProposalState tabled_become)
{
  for (guint i = 0; i < move->deal->requests->len; i++)
    {
      const DdApprovalRequest *request = g_ptr_array_index (move->deal->requests, i);
      if (request->kind == DD_REQUEST_TABLE)
        dd_emit_request_closed (move, request, "overtaken", DD_PROPOSAL_DRAFT, FALSE);
      else
        dd_emit_request_closed (move, request, "overtaken", DD_PROPOSAL_TABLED, FALSE);
    }
  for (guint i = 0; i < move->deal->revisions->len; i++)
    {
      const DdRevision *revision = g_ptr_array_index (move->deal->revisions, i);
      DdJsonWriter *body;

      if (revision->state != DD_PROPOSAL_TABLED)
        continue;
      body = dd_emit_begin (move);
      dd_json_put_string (body, "reason", "the deal ended");
      dd_json_put_int64 (body, "revision", revision->revision);
      dd_json_put_string (body, "state", dd_proposal_state_name (tabled_become));
      dd_emit (move, DD_EVENT_PROPOSAL_ENDED, body);
    }
}

gboolean
dd_move_decline (DdMove *move, GError **error)
{
  const DdRevision *revision;

  if (move->command->revision == 0)
    {
      end_all (move, DD_PROPOSAL_DECLINED);
      dd_emit_deal_ended (move, DD_DEAL_DECLINED, move->command->text);
      return TRUE;
    }
  revision = dd_transition_revision (move, error);
  if (revision == NULL)
    return FALSE;
  move->decision->revision = revision->revision;
  dd_emit_ended (move, revision, DD_PROPOSAL_DECLINED, move->command->text);
  return TRUE;
}

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

static gboolean
withdraw_deal (DdMove *move, GError **error)
{
  if (move->deal->state == DD_DEAL_AGREED)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "D-%" G_GINT64_FORMAT " is agreed; withdraw revision %u to reopen it first",
                    move->deal->number, move->deal->accepted);
  for (guint i = 0; i < move->deal->revisions->len; i++)
    if (!check_revocable (move, g_ptr_array_index (move->deal->revisions, i), error))
      return FALSE;
  end_all (move, DD_PROPOSAL_WITHDRAWN);
  dd_emit_deal_ended (move, DD_DEAL_WITHDRAWN, move->command->text);
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

gboolean
dd_move_withdraw (DdMove *move, GError **error)
{
  const DdRevision *revision;
  const DdApprovalRequest *request;

  if (move->command->revision == 0)
    return withdraw_deal (move, error);
  move->decision->revision = move->command->revision;
  if (move->deal->state == DD_DEAL_AGREED && move->command->revision == move->deal->accepted)
    return reopen (move, error);

  revision = dd_transition_revision (move, error);
  if (revision == NULL || !check_revocable (move, revision, error))
    return FALSE;
  request = dd_deal_request_for (move->deal, revision->revision);
  if (revision->state == DD_PROPOSAL_AWAITING_APPROVAL && request != NULL)
    dd_emit_request_closed (move, request, "recalled", DD_PROPOSAL_DRAFT, FALSE);
  else
    dd_emit_ended (move, revision, DD_PROPOSAL_WITHDRAWN, move->command->text);
  return TRUE;
}
