/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sign and ResolveOrder. Main thread.
 */
#include "commands/commands.h"

DdRequest *
dd_build_sign (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_SIGN, error);

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "s", &request->command->fingerprint);
  request->may_ask = TRUE;
  return request;
}

DdRequest *
dd_build_resolve_order (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_RESOLVE_ORDER, error);
  const char *how;

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "s", &request->command->order);
  g_variant_get_child (call->parameters, 1, "&s", &how);
  g_variant_get_child (call->parameters, 2, "s", &request->command->text);
  if (g_str_equal (how, "retry") || g_str_equal (how, "delivered"))
    {
      request->command->order_state = how[0] == 'r' ? DD_ORDER_PENDING : DD_ORDER_DELIVERED;
      if (dd_check_name (request->command->order, "order", error) &&
          dd_check_text (request->command->text, "reason", error))
        return request;
    }
  else
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "how “%.40s” should be retry or delivered", how);
  dd_request_free (request);
  return NULL;
}
