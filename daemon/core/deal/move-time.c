/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * extend and the timer: how long offers and deals live. Any thread.
 */
#include "deal/move.h"

gboolean
dd_move_extend (DdMove *move, GError **error)
{
  const DdRevision *revision = dd_transition_revision (move, error);
  DdJsonWriter *body;

  if (revision == NULL)
    return FALSE;
  if (move->command->valid_until <= move->command->now)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "the new end of validity lies in the past; it must be later than now");
  if (revision->valid_until == 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "revision %u is valid without end; that can't be extended", revision->revision);
  if (move->command->valid_until < revision->valid_until)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "the new end of validity is before the present one; an offer can only be extended");
  if (revision->valid_until < move->command->now)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "revision %u is no longer valid; propose it again",
                    revision->revision);
  move->decision->revision = revision->revision;
  body = dd_emit_begin (move);
  dd_json_put_int64 (body, "revision", revision->revision);
  dd_json_put_int64 (body, "validUntil", move->command->valid_until);
  dd_emit (move, DD_EVENT_EXTENDED, body);
  return TRUE;
}

static gboolean
is_over (const DdRevision *revision, gint64 now)
{
  return revision->valid_until != 0 && revision->valid_until < now;
}

/* Ends what is over. A deal's own expiry takes everything with it. */
gboolean
dd_move_timer (DdMove *move, GError **error)
{
  const DdDeal *deal = move->deal;
  gint64 now = move->command->now;
  gboolean expired = deal->expires != 0 && deal->expires <= now;

  if (deal->state != DD_DEAL_PREPARING && deal->state != DD_DEAL_NEGOTIATING)
    return TRUE;
  for (guint i = 0; i < deal->revisions->len; i++)
    {
      const DdRevision *revision = g_ptr_array_index (deal->revisions, i);
      const DdApprovalRequest *request = dd_deal_request_for (deal, revision->revision);

      if (!expired && !is_over (revision, now))
        continue;
      if (revision->state == DD_PROPOSAL_TABLED)
        dd_emit_ended (move, revision, DD_PROPOSAL_LAPSED, "its validity ended");
      else if (revision->state == DD_PROPOSAL_AWAITING_APPROVAL && request != NULL)
        {
          const DdRevision *answered = dd_deal_revision (deal, revision->answers);
          /* When what it answers ends now too, that closes the request. */
          if (answered == NULL || answered->state != DD_PROPOSAL_TABLED ||
              (!expired && !is_over (answered, now)))
            dd_emit_request_closed (move, request, "overtaken", DD_PROPOSAL_DRAFT, FALSE);
        }
    }
  if (expired)
    dd_emit_deal_ended (move, DD_DEAL_EXPIRED, "its deadline passed");
  return TRUE;
}
