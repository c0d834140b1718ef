/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checking advice (see advice.h). Any thread.
 */
#include "strategy/advice.h"

#include "number/checked.h"
#include "number/decimal.h"

static const char *const action_names[] = { "offer", "accept", "hold" };
G_STATIC_ASSERT (G_N_ELEMENTS (action_names) == DD_N_ADVICE);

const char *
dd_advice_action_name (DdAdviceAction action)
{
  return action_names[action];
}

gboolean
dd_advice_check (
  guint action, gint64 total, gint64 list_total, gint64 customer_total, gint64 *out_discount, GError **error)
{
  DdWide discount = 0;

  if (action >= DD_N_ADVICE)
    return dd_fail (error, DD_ERROR_PLUGIN_FAILED, "the strategy advises action %u, which isn't known",
                    action);
  if (action != DD_ADVISE_HOLD && total < 0)
    return dd_fail (error, DD_ERROR_PLUGIN_FAILED, "the strategy advises a negative contract value");
  if (action == DD_ADVISE_ACCEPT && customer_total == G_MININT64)
    return dd_fail (error, DD_ERROR_PLUGIN_FAILED,
                    "the strategy advises to accept, but the customer has no offer on the table");
  if (action == DD_ADVISE_ACCEPT && total != customer_total)
    return dd_fail (error, DD_ERROR_PLUGIN_FAILED,
                    "the strategy advises to accept another value than the customer's offer has");
  if (list_total > 0 && action != DD_ADVISE_HOLD)
    discount = dd_wide_divide_rounded (((DdWide)list_total - total) * DD_NANOS, list_total);
  return dd_wide_to_int64 (discount, out_discount, error);
}
