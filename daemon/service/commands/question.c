/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ask, Answer and Acknowledge. Main thread.
 */
#include "commands/commands.h"

/* "clause:liability", "line:3" or "". */
static gboolean
set_subject (DdCommand *command, const char *subject, GError **error)
{
  if (subject[0] == '\0')
    return TRUE;
  if (g_str_has_prefix (subject, "clause:") && subject[7] != '\0')
    command->subject = g_strdup (subject + 7);
  else if (g_str_has_prefix (subject, "line:") && subject[5] != '\0')
    {
      command->subject = g_strdup (subject + 5);
      command->on_line = TRUE;
    }
  else
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "subject “%.60s” should be clause:ID, line:ID or empty",
                    subject);
  return dd_check_name (command->subject, "subject", error);
}

DdRequest *
dd_build_ask (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_ASK, error);
  const char *subject, *text;

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "&s", &subject);
  g_variant_get_child (call->parameters, 1, "&s", &text);
  request->command->text = g_strdup (text);
  if (set_subject (request->command, subject, error) && dd_check_text (text, "question", error))
    return request;
  dd_request_free (request);
  return NULL;
}

DdRequest *
dd_build_answer (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_ANSWER, error);

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "u", &request->command->question);
  g_variant_get_child (call->parameters, 1, "s", &request->command->text);
  if (dd_check_text (request->command->text, "answer", error))
    return request;
  dd_request_free (request);
  return NULL;
}

DdRequest *
dd_build_acknowledge (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_ACKNOWLEDGE, error);

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "u", &request->command->revision);
  g_variant_get_child (call->parameters, 1, "s", &request->command->subject);
  if (dd_check_name (request->command->subject, "clause", error))
    return request;
  dd_request_free (request);
  return NULL;
}
