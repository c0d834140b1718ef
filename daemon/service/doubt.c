/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Doubting orders after a restore (see doubt.h). On the thread of the restore, in its transaction.
 */
#include "doubt.h"

#include "deal/decide.h"

#define NOTE "the store was restored from a copy: what became of this order since isn't known"

typedef struct
{
  gint64 deal;
  char *order;
  gboolean held;
} Settled;

static void
settled_free (gpointer data)
{
  Settled *settled = data;

  g_free (settled->order);
  g_free (settled);
}

static void
add_settled (gint64 deal, const char *order, gboolean held, gpointer data)
{
  Settled *settled = g_new (Settled, 1);

  *settled = (Settled){ deal, g_strdup (order), held };
  g_ptr_array_add (data, settled);
}

static gboolean
doubt (DdTransaction *transaction, const Settled *settled, gint64 now, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (dd_transaction_reader (transaction), settled->deal, error);
  g_autoptr (DdCommand) command = dd_command_new (DD_COMMAND_RECORD_HANDOFF);
  g_autoptr (DdDecision) decision = NULL;
  const DdAppend details = { now, 0, "restore", "daemon" };
  DdFacts facts = { 0 };
  guint8 head[32];

  if (deal == NULL)
    return FALSE;
  command->actor = g_strdup (details.actor);
  command->now = now;
  command->order = g_strdup (settled->order);
  command->order_state = settled->held ? DD_ORDER_HELD : DD_ORDER_PENDING;
  command->attempt = DD_ATTEMPT_UNKNOWN;
  command->next_attempt = settled->held ? 0 : now;
  command->text = g_strdup (NOTE);
  decision = dd_decide (deal, command, &facts, error);
  return decision != NULL &&
         dd_transaction_append (transaction, deal, decision->events, &details, head, error);
}

gboolean
dd_doubt_orders (DdTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (settled_free);
  const gint64 *now = data;

  if (!dd_reader_settled_orders (dd_transaction_reader (transaction), add_settled, all, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    if (!doubt (transaction, all->pdata[i], *now, error))
      return FALSE;
  return TRUE;
}
