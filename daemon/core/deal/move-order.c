/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What became of orders on their way to order handling; the last delivery closes the deal. Any thread.
 */
#include "deal/move.h"

#include "deal/record.h"

static gboolean
all_others_delivered (const DdDeal *deal, const DdOrder *order)
{
  for (guint i = 0; i < deal->orders->len; i++)
    {
      const DdOrder *other = g_ptr_array_index (deal->orders, i);
      if (other != order && other->state != DD_ORDER_DELIVERED)
        return FALSE;
    }
  return TRUE;
}

static const DdOrder *
find_order (const DdMove *move, GError **error)
{
  const char *id = move->command->order != NULL ? move->command->order : "";
  const DdOrder *order = dd_deal_order (move->deal, id);

  if (order == NULL)
    dd_fail (error, DD_ERROR_NOT_FOUND, "D-%" G_GINT64_FORMAT " has no order “%s”", move->deal->number, id);
  return order;
}

static void
emit_handoff (DdMove *move, const DdOrder *order, guint attempts, gboolean trying, gint64 next_attempt)
{
  DdOrderState state = move->command->order_state;
  DdJsonWriter *body = dd_json_writer_new ();

  dd_json_write_begin_object (body);
  dd_record_put_number (body, "attempts", attempts);
  dd_record_put_number (body, "nextAttempt", next_attempt);
  dd_json_put_string (body, "note", move->command->text);
  dd_json_put_string (body, "order", order->id);
  dd_json_put_string (body, "state", dd_order_state_name (state));
  dd_record_put_flag (body, "trying", trying);
  dd_emit (move, DD_EVENT_HANDOFF_RECORDED, body);
  if (state == DD_ORDER_DELIVERED && all_others_delivered (move->deal, order))
    dd_emit_deal_ended (move, DD_DEAL_CLOSED, "every order is delivered");
}

/* A restore: whether a held order has arrived by now isn't known, and it stays held. */
static gboolean
doubts_held (const DdCommand *command, const DdOrder *order)
{
  return order->state == DD_ORDER_HELD && command->order_state == DD_ORDER_HELD &&
         command->attempt == DD_ATTEMPT_UNKNOWN;
}

/* An attempt begins only on what is known of the earlier ones: whether to ask the sink first depends on it.
 */
gboolean
dd_move_record_handoff (DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  const DdOrder *order = find_order (move, error);
  gboolean begins = command->attempt == DD_ATTEMPT_BEGINS;

  if (order == NULL)
    return FALSE;
  if (order->state != DD_ORDER_PENDING && !doubts_held (command, order))
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "order %s is %s; only a pending one is handed off",
                    order->id, dd_order_state_name (order->state));
  if (begins && command->attempts != order->attempts)
    return dd_fail (error, DD_ERROR_CONFLICT, "order %s had %u attempts, not %u; read it again", order->id,
                    order->attempts, command->attempts);
  emit_handoff (move, order, order->attempts + (begins ? 1 : 0), command->attempt != DD_ATTEMPT_KNOWN,
                command->next_attempt);
  return TRUE;
}

/* A person says that it arrived, or to try again; that an outcome is unknown stays known, so that a sink that
 * can tell is asked before anything is sent. */
gboolean
dd_move_resolve_order (DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  const DdOrder *order = find_order (move, error);
  gboolean retry = command->order_state == DD_ORDER_PENDING;

  if (order == NULL)
    return FALSE;
  if (order->state != DD_ORDER_HELD)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "order %s is %s; only a held one needs a person", order->id,
                    dd_order_state_name (order->state));
  if (command->text == NULL || command->text[0] == '\0')
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "say why: the reason is kept with the order");
  emit_handoff (move, order, order->attempts, retry && order->trying, retry ? command->now : 0);
  return TRUE;
}
