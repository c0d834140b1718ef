/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open: a request document becomes a deal. The arguments on the main thread, the document in a job.
 */
#include "commands/commands.h"

#include "offerings.h"
#include "tmf/quote.h"

#include <string.h>

static gboolean
take_quote (DdRequest *request, const DdJsonNode *root, GError **error)
{
  DdOpening *opening = request->command->opening;
  g_autoptr (DdQuoteRequest) quote = dd_quote_request_read (root, error);

  if (quote == NULL)
    return FALSE;
  opening->request = g_steal_pointer (&quote->proposal);
  if (opening->title == NULL)
    opening->title = g_steal_pointer (&quote->title);
  if (opening->customer == NULL)
    opening->customer = g_steal_pointer (&quote->customer);
  opening->customer_name = g_steal_pointer (&quote->customer_name);
  opening->external_id = g_steal_pointer (&quote->external_id);
  opening->kept = g_steal_pointer (&quote->kept);
  opening->remarks = g_steal_pointer (&quote->remarks);
  return TRUE;
}

/* The caller's own mapping is part of what was asked; what it doesn't know is looked up when it is priced. */
static void
apply_map (DdRequest *request)
{
  GPtrArray *lines = request->command->opening->request->lines;

  for (guint i = 0; request->map != NULL && i < lines->len; i++)
    {
      DdLine *line = g_ptr_array_index (lines, i);
      const char *offering =
        line->asked_offering != NULL ? g_hash_table_lookup (request->map, line->asked_offering) : NULL;
      if (offering != NULL && line->offering == NULL)
        line->offering = g_strdup (offering);
    }
}

typedef struct
{
  const DdService *service;
  DdPins *pins;
} Pinning;

static gboolean
pin (DdReader *reader, gpointer data, GError **error)
{
  Pinning *pinning = data;

  pinning->pins = dd_pins_new (pinning->service, reader, error);
  return pinning->pins != NULL;
}

/* Only a remark: an offering may be mapped, and a catalogue imported, before anything is priced; so that the
 * catalogue can't be read is no more than one either. A catalogue is large: what is pinned is looked through
 * after the snapshot. */
static void
remark_offerings (DdRequest *request)
{
  DdOpening *opening = request->command->opening;
  Pinning pinning = { .service = request->service };
  g_autoptr (DdPins) pins = NULL;
  g_autoptr (GError) error = NULL;

  if (opening->remarks == NULL)
    opening->remarks = g_ptr_array_new_with_free_func (g_free);
  if (!dd_store_read_here (request->service->store, pin, &pinning, &error))
    {
      g_ptr_array_add (opening->remarks,
                       g_strdup_printf ("the offerings weren't looked up: %s", error->message));
      return;
    }
  pins = pinning.pins;
  dd_offerings_remark (pins, request->map, opening->request, opening->remarks);
}

static gboolean
prepare (DdRequest *request, GError **error)
{
  DdOpening *opening = request->command->opening;
  gsize size = 0;
  const char *text = g_bytes_get_data (request->document, &size);
  g_autoptr (DdJson) json = dd_json_parse (text, size, NULL, error);

  if (json == NULL)
    return FALSE;
  if (g_str_equal (request->format, "proposal"))
    opening->request = dd_proposal_read (dd_json_root (json), error);
  else if (!take_quote (request, dd_json_root (json), error))
    return FALSE;
  if (opening->request == NULL)
    return FALSE;
  opening->source = g_bytes_ref (request->document);
  if (opening->customer == NULL)
    opening->customer = g_strdup (opening->customer_name);
  if (opening->customer == NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "the request names no customer; give one with --customer ID");
  if (opening->title == NULL)
    opening->title = g_strdup_printf ("Request of %s", opening->customer);
  if (!dd_check_name (opening->title, "title", error) ||
      !dd_check_name (opening->customer, "customer's id", error) ||
      !dd_check_name (opening->customer_name, "customer's name", error) ||
      !dd_check_name (opening->external_id, "request's own number", error))
    return FALSE;
  apply_map (request);
  remark_offerings (request);
  return TRUE;
}

DdRequest *
dd_build_open (DdBusCall *call, GError **error)
{
  DdRequest *request = dd_request_from_call (call, DD_COMMAND_OPEN, error);
  const char *format = dd_options_text (call->options, "format");
  const char *expires = dd_options_text (call->options, "expires");
  gint64 expiry = 0;
  gboolean good = FALSE;

  if (request == NULL)
    return NULL;
  if (request->document == NULL)
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
             "the request is empty; it should be a TMF648 quote or a proposal in JSON");
  else if (format != NULL && !g_str_equal (format, "tmf648") && !g_str_equal (format, "proposal"))
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "format “%.40s” should be tmf648 or proposal", format);
  else if (request->command->side == DD_SIDE_CUSTOMER)
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
             "a deal is opened by the provider; the request itself is the customer's");
  else
    good = expires == NULL || dd_time_parse (expires, &expiry, error);
  if (!good)
    {
      dd_request_free (request);
      return NULL;
    }
  request->format = g_strdup (format != NULL ? format : "tmf648");
  request->map = dd_options_map (call->options, "map");
  request->prepare = prepare;
  request->command->opening = g_new0 (DdOpening, 1);
  request->command->opening->title = g_strdup (dd_options_text (call->options, "title"));
  request->command->opening->customer = g_strdup (dd_options_text (call->options, "customer"));
  request->command->opening->expires = expiry;
  return request;
}
