/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a strategy's advice comes to: plugins advise, the core checks.
 *
 * Pure; any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

typedef enum
{
  DD_ADVISE_OFFER,  /* offer this contract value */
  DD_ADVISE_ACCEPT, /* accept what the customer has on the table */
  DD_ADVISE_HOLD,   /* do nothing for now */
  DD_N_ADVICE
} DdAdviceAction;

const char *dd_advice_action_name (DdAdviceAction action); /* "offer" */

/**
 * dd_advice_check:
 * @action: a DdAdviceAction, as the plugin gave it
 * @total: the contract value that it advises, micros
 * @list_total: the same at list prices, micros
 * @customer_total: of the customer's offer that is on the table, or G_MININT64: there is none
 * @out_discount: (out): of @total against @list_total, nanos; negative above list
 *
 * Errors: DD_ERROR_PLUGIN_FAILED when the advice can't be followed: an unknown action, a negative value, or
 * an acceptance of nothing or of another value than the customer's.
 */
gboolean dd_advice_check (
  guint action, gint64 total, gint64 list_total, gint64 customer_total, gint64 *out_discount, GError **error);

G_END_DECLS
