/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * accept: by the side that received the offer, of exactly the fingerprint that it read. The provider's passes
 * the gate. A late one is legal on evidence that it happened in time. Any thread.
 */
#include "deal/move.h"

/* A late acceptance is one that is recorded late: it happened while the offer stood. */
static gboolean
check_late (const DdMove *move, const DdRevision *revision, GError **error)
{
  const DdCommand *command = move->command;

  if (command->occurred_at == 0 || command->occurred_at > dd_deal_lapse (move->deal, revision))
    return dd_fail (
      error, DD_ERROR_ILLEGAL_MOVE,
      "revision %u lapsed; it can be accepted only with an occurred-at between its tabling and its lapse",
      revision->revision);
  if (command->evidence == NULL || command->evidence[0] == '\0')
    return dd_fail (error, DD_ERROR_INCOMPLETE,
                    "revision %u lapsed; a late acceptance needs its evidence attached", revision->revision);
  if (move->deal->last_tabled != revision->revision)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "revision %u lapsed and revision %u was tabled since; accept that one",
                    revision->revision, move->deal->last_tabled);
  return TRUE;
}

static gboolean
is_late (const DdMove *move, const DdRevision *revision)
{
  gint64 lapse = dd_deal_lapse (move->deal, revision);

  return revision->state == DD_PROPOSAL_LAPSED || (lapse != 0 && move->command->now > lapse);
}

static gboolean
check_in_time (const DdMove *move, const DdRevision *revision, GError **error)
{
  gint64 occurred_at = move->command->occurred_at;

  if (occurred_at != 0 && occurred_at < revision->tabled_at)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "occurred-at lies before revision %u was tabled; an acceptance comes after it",
                    revision->revision);
  return !is_late (move, revision) || check_late (move, revision, error);
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
  if (!dd_gate (move, move->command->actor, &gate, error))
    return FALSE;
  if (gate == DD_GATE_REQUEST && is_late (move, revision))
    return dd_fail (error, DD_ERROR_NO_AUTHORITY,
                    "revision %u lapsed before its acceptance had the approvals that it needs",
                    revision->revision);
  if (gate == DD_GATE_PASS)
    {
      dd_emit_standing (move, DD_REQUEST_ACCEPT, revision->revision, revision->sheet, FALSE);
      dd_emit_agreed (move, revision);
    }
  else if (gate == DD_GATE_REQUEST)
    dd_emit_request (move, DD_REQUEST_ACCEPT, revision->revision, revision->sheet, FALSE);
  return TRUE;
}
