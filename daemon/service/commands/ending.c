/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Decline, Withdraw and Extend. Main thread.
 */
#include "commands/commands.h"

static DdRequest *
build (DdBusCall *call, DdCommandType type, GError **error)
{
  DdRequest *request = dd_request_from_call (call, type, error);
  const char *reason = dd_options_text (call->options, "reason");

  if (request == NULL)
    return NULL;
  if (!dd_check_text (reason, "reason", error))
    {
      dd_request_free (request);
      return NULL;
    }
  g_variant_get_child (call->parameters, 0, "u", &request->command->revision);
  request->command->text = g_strdup (reason);
  return request;
}

DdRequest *
dd_build_decline (DdBusCall *call, GError **error)
{
  return build (call, DD_COMMAND_DECLINE, error);
}

DdRequest *
dd_build_withdraw (DdBusCall *call, GError **error)
{
  return build (call, DD_COMMAND_WITHDRAW, error);
}

DdRequest *
dd_build_extend (DdBusCall *call, GError **error)
{
  DdRequest *request = build (call, DD_COMMAND_EXTEND, error);
  const char *until;

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 1, "&s", &until);
  if (dd_time_parse (until, &request->command->valid_until, error))
    return request;
  dd_request_free (request);
  return NULL;
}
