/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A mutating call: its command through the engine, then its reply. Main thread.
 */
#include "bus/call.h"

#include "announce.h"

#include <gio/gunixfdlist.h>

static void
return_reply (DdBusCall *call, const DdReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  GVariant *document = dd_document_variant (reply->document, &fds, &error);
  GVariantBuilder values;

  if (document == NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  g_variant_builder_init (&values, G_VARIANT_TYPE_TUPLE);
  if (call->method->opens)
    {
      g_autofree char *id = dd_deal_id_format (reply->deal);
      g_variant_builder_add (&values, "s", id);
    }
  g_variant_builder_add (&values, "t", (guint64)reply->version);
  g_variant_builder_add (&values, "s", reply->head);
  g_variant_builder_add_value (&values, document);
  g_dbus_method_invocation_return_value_with_unix_fd_list (g_steal_pointer (&call->invocation),
                                                           g_variant_builder_end (&values), fds);
  dd_bus_call_free (call);
}

static void
on_request_done (DdRequest *request, gpointer data)
{
  DdBusCall *call = data;
  const DdService *service = call->service;

  if (request->error != NULL)
    dd_bus_call_fail (call, request->error);
  else if (request->reply.document != NULL)
    return_reply (call, &request->reply);
  else
    {
      g_autoptr (GError) error =
        g_error_new (DD_ERROR, DD_ERROR_FAILED, "%s changed nothing", call->method->name);
      dd_bus_call_fail (call, error);
    }
  dd_announce (service, request);
  dd_request_free (request);
}

void
dd_bus_call_command (DdBusCall *call)
{
  g_autoptr (GError) error = NULL;
  DdRequest *request = call->method->build (call, &error);

  if (request == NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  request->done = on_request_done;
  request->done_data = call;
  dd_engine_run (request);
}
