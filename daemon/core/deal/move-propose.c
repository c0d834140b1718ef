/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * propose and counter: new content becomes a revision; the gate decides whether it is tabled now or after
 * approvals. Any thread.
 */
#include "deal/move.h"

static gboolean
check_validity (const DdMove *move, gint64 valid_until, gint64 irrevocable_until, GError **error)
{
  if (valid_until != 0 && valid_until <= move->command->now)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "validUntil lies in the past; an offer must be valid for some time");
  if (irrevocable_until != 0 && valid_until != 0 && irrevocable_until > valid_until)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "irrevocableUntil must not be after validUntil");
  return TRUE;
}

/* Tables or requests what the gate allows. @sheet: SHA-256 of the sheet that the facts hold. */
static void
table_through_gate (DdMove *move, DdGate gate, guint revision, guint answers, const char *sheet)
{
  if (gate == DD_GATE_PASS)
    {
      dd_emit_standing (move, DD_REQUEST_TABLE, revision, sheet, move->command->variant);
      dd_emit_tabled (move, revision, DD_SIDE_PROVIDER, answers, move->command->variant);
    }
  else
    dd_emit_request (move, DD_REQUEST_TABLE, revision, sheet, move->command->variant);
}

/* A new revision from the command's own proposal. */
static gboolean
propose_new (DdMove *move, guint answers, GError **error)
{
  const DdCommand *command = move->command;
  DdGate gate = DD_GATE_PASS;
  guint revision = 0;

  if (!move->facts->has_content || move->facts->revision != 0)
    {
      move->decision->questions |= DD_QUESTION_PRICE;
      return TRUE;
    }
  if (!check_validity (move, move->facts->proposal->valid_until, move->facts->proposal->irrevocable_until,
                       error))
    return FALSE;
  if (command->side == DD_SIDE_PROVIDER && !command->draft && !dd_gate (move, command->actor, &gate, error))
    return FALSE;
  if (gate == DD_GATE_ASK)
    return TRUE;

  dd_emit_drafted (move, answers, &revision);
  move->decision->revision = revision;
  if (command->draft)
    return TRUE;
  if (command->side == DD_SIDE_CUSTOMER)
    {
      dd_emit_tabled (move, revision, DD_SIDE_CUSTOMER, answers, command->variant);
      return TRUE;
    }
  /* Only requests name it. */
  g_autofree char *sheet = move->decision->steps == NULL || move->decision->steps->len == 0
                             ? NULL
                             : g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, move->facts->sheet_bytes);
  table_through_gate (move, gate, revision, answers, sheet);
  return TRUE;
}

/* The same revision on the table again. */
static gboolean
propose_again (DdMove *move, GError **error)
{
  const DdRevision *revision = dd_transition_revision (move, error);
  DdGate gate;

  if (move->command->draft)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "revision %u is there already; propose it without “draft” to table it",
                    move->command->revision);
  if (revision == NULL || !check_validity (move, revision->valid_until, 0, error))
    return FALSE;
  if (!move->facts->has_content || move->facts->revision != revision->revision)
    {
      move->decision->questions |= DD_QUESTION_CONTENT;
      move->decision->content_revision = revision->revision;
      return TRUE;
    }
  if (!dd_gate (move, move->command->actor, &gate, error))
    return FALSE;
  if (gate == DD_GATE_ASK)
    return TRUE;
  move->decision->revision = revision->revision;
  table_through_gate (move, gate, revision->revision, revision->answers, revision->sheet);
  return TRUE;
}

gboolean
dd_move_propose (DdMove *move, GError **error)
{
  if (move->command->proposal == NULL && move->command->revision != 0)
    return propose_again (move, error);
  return propose_new (move, 0, error);
}

gboolean
dd_move_counter (DdMove *move, GError **error)
{
  const DdRevision *answered = dd_transition_revision (move, error);

  if (answered == NULL)
    return FALSE;
  if (answered->valid_until != 0 && dd_move_time (move) > answered->valid_until)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "revision %u is no longer valid; a new proposal would be right", answered->revision);
  if (move->command->draft)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a counter is tabled; prepare a draft with “propose”");
  return propose_new (move, answered->revision, error);
}
