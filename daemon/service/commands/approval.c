/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approve and Refuse. Main thread.
 */
#include "commands/commands.h"

static DdRequest *
build (DdBusCall *call, DdCommandType type, const char *text, GError **error)
{
  DdRequest *request = dd_request_from_call (call, type, error);

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "u", &request->command->revision);
  g_variant_get_child (call->parameters, 1, "u", &request->command->step);
  g_variant_get_child (call->parameters, 2, "s", &request->command->sheet);
  request->command->text = g_strdup (text);
  request->may_ask = TRUE;
  if (dd_check_text (text, "text", error))
    return request;
  dd_request_free (request);
  return NULL;
}

DdRequest *
dd_build_approve (DdBusCall *call, GError **error)
{
  return build (call, DD_COMMAND_APPROVE, dd_options_text (call->options, "comment"), error);
}

DdRequest *
dd_build_refuse (DdBusCall *call, GError **error)
{
  const char *reason;

  g_variant_get_child (call->parameters, 3, "&s", &reason);
  return build (call, DD_COMMAND_REFUSE, reason, error);
}
