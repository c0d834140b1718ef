/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dd_decide(): what holds for every command, and the table of moves. Any thread.
 */
#include "deal/move.h"

static const DdMoveFunc moves[DD_N_COMMANDS] = {
  [DD_COMMAND_OPEN] = dd_move_open,
  [DD_COMMAND_PROPOSE] = dd_move_propose,
  [DD_COMMAND_COUNTER] = dd_move_counter,
  [DD_COMMAND_ACCEPT] = dd_move_accept,
  [DD_COMMAND_DECLINE] = dd_move_decline,
  [DD_COMMAND_WITHDRAW] = dd_move_withdraw,
  [DD_COMMAND_EXTEND] = dd_move_extend,
  [DD_COMMAND_ASK] = dd_move_ask,
  [DD_COMMAND_ANSWER] = dd_move_answer,
  [DD_COMMAND_ACKNOWLEDGE] = dd_move_acknowledge,
  [DD_COMMAND_APPROVE] = dd_move_approve,
  [DD_COMMAND_REFUSE] = dd_move_refuse,
  [DD_COMMAND_SIGN] = dd_move_sign,
  [DD_COMMAND_RECORD_HANDOFF] = dd_move_record_handoff,
  [DD_COMMAND_RESOLVE_ORDER] = dd_move_resolve_order,
  [DD_COMMAND_TIMER] = dd_move_timer,
};

DdDecision *
dd_decision_new (void)
{
  DdDecision *decision = g_new0 (DdDecision, 1);

  decision->events = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_event_free);
  return decision;
}

void
dd_decision_free (DdDecision *decision)
{
  g_ptr_array_unref (decision->events);
  g_clear_pointer (&decision->steps, g_ptr_array_unref);
  g_clear_pointer (&decision->decided, g_array_unref);
  g_free (decision->requester);
  g_free (decision);
}

void
dd_facts_clear (DdFacts *facts)
{
  g_clear_pointer (&facts->proposal, dd_proposal_unref);
  g_clear_pointer (&facts->sheet, dd_sheet_unref);
  g_clear_pointer (&facts->sheet_bytes, g_bytes_unref);
  g_clear_pointer (&facts->parties.provider, g_free);
  g_clear_pointer (&facts->parties.customer_name, g_free);
  g_clear_pointer (&facts->requirements, g_ptr_array_unref);
  g_clear_pointer (&facts->requester, g_free);
  g_clear_pointer (&facts->measures, dd_measures_free);
  g_clear_pointer (&facts->approvers, g_hash_table_unref);
  g_clear_pointer (&facts->groups, g_ptr_array_unref);
  facts->has_content = FALSE;
}

/* A customer's move names its person and channel, and only sides that can make the move do. */
static gboolean
check_mover (const DdCommand *command, GError **error)
{
  static const guint provider_only = 1u << DD_COMMAND_PROPOSE | 1u << DD_COMMAND_APPROVE |
                                     1u << DD_COMMAND_REFUSE | 1u << DD_COMMAND_RESOLVE_ORDER |
                                     1u << DD_COMMAND_RECORD_HANDOFF;
  static const guint customer_only = 1u << DD_COMMAND_ACKNOWLEDGE;

  if (command->side == DD_SIDE_CUSTOMER && (command->person == NULL || command->channel == NULL))
    return dd_fail (
      error, DD_ERROR_INVALID_ARGUMENT,
      "a customer's move must name the customer's person and the channel (portal, mail, letter or meeting)");
  if (command->side == DD_SIDE_CUSTOMER && (provider_only & (1u << command->type)))
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "“%s” is the provider's; the customer counters",
                    dd_command_name (command->type));
  if (command->side == DD_SIDE_PROVIDER && (customer_only & (1u << command->type)))
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "“%s” is the customer's: name the customer's person and the channel",
                    dd_command_name (command->type));
  return TRUE;
}

static gboolean
check_times (const DdDeal *deal, const DdCommand *command, GError **error)
{
  if (command->occurred_at > command->now)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "occurred-at lies in the future; it is when the move happened");
  if (command->occurred_at != 0 && command->occurred_at < deal->opened_at)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "occurred-at lies before the deal was opened");
  return TRUE;
}

DdDecision *
dd_decide (const DdDeal *deal, const DdCommand *command, const DdFacts *facts, GError **error)
{
  g_autoptr (DdDecision) decision = dd_decision_new ();
  DdMove move = { .deal = deal, .command = command, .facts = facts, .decision = decision };

  if (command->expected_version >= 0 && command->expected_version != deal->version)
    {
      dd_fail (error, DD_ERROR_CONFLICT,
               "D-%" G_GINT64_FORMAT " is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT
               "; read it again",
               deal->number, deal->version, command->expected_version);
      return NULL;
    }
  if (!check_mover (command, error) || !check_times (deal, command, error) ||
      !dd_transition_check_deal (deal, command, error) || !moves[command->type](&move, error))
    return NULL;

  /* Half a move is none: while anything is asked, nothing is said. */
  if (decision->questions != 0)
    g_ptr_array_set_size (decision->events, 0);
  return g_steal_pointer (&decision);
}
