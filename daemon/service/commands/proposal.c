/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Propose, Counter and Accept. The arguments on the main thread, documents in a job.
 */
#include "commands/commands.h"

#include <string.h>

/* Nothing can be ordered for a day that is over. Both are YYYY-MM-DD. */
static gboolean
check_orders (const DdProposal *proposal, gint64 now, GError **error)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *today = g_date_time_format (moment, "%Y-%m-%d");

  for (guint i = 0; i < proposal->orders->len; i++)
    {
      const DdOrderPart *part = g_ptr_array_index (proposal->orders, i);

      if (part->requested_date != NULL && strcmp (part->requested_date, today) < 0)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "order “%s” is wanted on %s, which is over; the earliest is today, %s (UTC)",
                        part->id, part->requested_date, today);
    }
  return TRUE;
}

static gboolean
prepare (DdRequest *request, GError **error)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (request->document, &size);
  g_autoptr (DdJson) json = dd_json_parse (text, size, NULL, error);

  if (json == NULL)
    return FALSE;
  request->command->proposal = dd_proposal_read (dd_json_root (json), error);
  return request->command->proposal != NULL &&
         check_orders (request->command->proposal, request->command->now, error);
}

static DdRequest *
build (DdBusCall *call, DdCommandType type, GError **error)
{
  DdRequest *request = dd_request_from_call (call, type, error);

  if (request == NULL)
    return NULL;
  request->map = dd_options_map (call->options, "map");
  request->command->variant = dd_options_flag (call->options, "variant");
  request->command->draft = dd_options_flag (call->options, "draft");
  request->may_ask = TRUE;
  if (request->document != NULL)
    request->prepare = prepare;
  return request;
}

DdRequest *
dd_build_propose (DdBusCall *call, GError **error)
{
  DdRequest *request = build (call, DD_COMMAND_PROPOSE, error);

  if (request == NULL)
    return NULL;
  request->command->revision = dd_options_number (call->options, "revision");
  if (request->document == NULL || request->command->revision == 0)
    return request;
  dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "give a document or a revision to table again, not both");
  dd_request_free (request);
  return NULL;
}

DdRequest *
dd_build_counter (DdBusCall *call, GError **error)
{
  DdRequest *request = build (call, DD_COMMAND_COUNTER, error);

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "u", &request->command->revision);
  if (request->document != NULL)
    return request;
  dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a counter needs its document: what is offered instead");
  dd_request_free (request);
  return NULL;
}

DdRequest *
dd_build_accept (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_ACCEPT, error);

  if (request == NULL)
    return NULL;
  g_variant_get_child (call->parameters, 0, "u", &request->command->revision);
  g_variant_get_child (call->parameters, 1, "s", &request->command->fingerprint);
  request->may_ask = request->command->side == DD_SIDE_PROVIDER;
  return request;
}
