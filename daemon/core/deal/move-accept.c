/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * accept: by the side that received the offer, of exactly the fingerprint that it read. The provider's passes
 * the gate. A late one is legal on evidence that it happened in time. Any thread.
 */
#include "deal/move.h"

static gboolean
check_in_time (const DdMove *move, const DdRevision *revision, GError **error)
{
  const DdCommand *command = move->command;
  gboolean over = revision->state == DD_PROPOSAL_LAPSED ||
                  (revision->valid_until != 0 && command->now > revision->valid_until);
  gint64 lapse = revision->valid_until != 0 ? revision->valid_until : revision->ended_at;

  if (!over)
    return TRUE;
  if (command->occurred_at == 0 || command->occurred_at < revision->tabled_at || command->occurred_at > lapse)
    return dd_fail (
      error, DD_ERROR_ILLEGAL_MOVE,
      "revision %u lapsed; it can be accepted only with an occurred-at between its tabling and its lapse",
      revision->revision);
  if (command->evidence == NULL)
    return dd_fail (error, DD_ERROR_INCOMPLETE,
                    "revision %u lapsed; a late acceptance needs its evidence attached", revision->revision);
  if (move->deal->last_tabled != revision->revision)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "revision %u lapsed and revision %u was tabled since; accept that one",
                    revision->revision, move->deal->last_tabled);
  return TRUE;
}

static gboolean
check_content (const DdMove *move, const DdRevision *revision, GError **error)
{
  const char *fingerprint = move->command->fingerprint;

  if (fingerprint == NULL || fingerprint[0] == '\0')
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "an acceptance must name the fingerprint of what was read");
  if (!g_str_equal (fingerprint, revision->view))
    return dd_fail (error, DD_ERROR_CONFLICT,
                    "the fingerprint isn't revision %u's, which is %s; read it again", revision->revision,
                    revision->view);
  if (revision->open_choice)
    return dd_fail (
      error, DD_ERROR_INCOMPLETE,
      "revision %u has optional lines that are neither chosen nor left out; counter with the choice",
      revision->revision);
  return TRUE;
}

gboolean
dd_move_accept (DdMove *move, GError **error)
{
  const DdRevision *revision = dd_transition_revision (move, error);
  DdGate gate;

  if (revision == NULL || !check_in_time (move, revision, error) || !check_content (move, revision, error))
    return FALSE;
  move->decision->revision = revision->revision;
  if (move->command->side == DD_SIDE_CUSTOMER)
    {
      if (!revision->approved)
        return dd_fail (error, DD_ERROR_NO_AUTHORITY, "revision %u was tabled without its approvals standing",
                        revision->revision);
      dd_emit_agreed (move, revision);
      return TRUE;
    }

  if (dd_deal_request_for (move->deal, revision->revision) != NULL)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "the acceptance of revision %u waits for approval already",
                    revision->revision);
  if (!move->facts->has_content || move->facts->revision != revision->revision)
    {
      move->decision->questions |= DD_QUESTION_CONTENT;
      move->decision->content_revision = revision->revision;
      return TRUE;
    }
  gate = dd_gate (move, move->command->actor);
  if (gate == DD_GATE_PASS)
    dd_emit_agreed (move, revision);
  else if (gate == DD_GATE_REQUEST)
    dd_emit_request (move, DD_REQUEST_ACCEPT, revision->revision, revision->sheet, FALSE);
  return TRUE;
}
