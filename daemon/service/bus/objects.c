/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The objects on the bus, and the way of every call to its method's row. Main thread.
 *
 * Deals are a subtree: an object is made from its path at the moment of a call, so a million deals cost
 * nothing at rest, and introspection answers alike for every id.
 */
#include "access/access.h"
#include "bus/call.h"
#include "bus/watchers.h"
#include "handoff.h"
#include "timers.h"

#include "background.h"
#include "completion.h"
#include "interface-xml.h"

#include <gio/gunixfdlist.h>
#include <string.h>

#define ROOT_PATH "/org/dealdesk1"
#define DEAL_PATH "/org/dealdesk1/deal"

static const DdInterface *const interfaces[] = { &dd_bus_manager, &dd_bus_deal, &dd_bus_approvals,
                                                 &dd_bus_catalog, &dd_bus_plugins };

static const DdMethod *
find_method (const char *interface, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    if (g_str_equal (interfaces[i]->interface, interface))
      for (const DdMethod *method = interfaces[i]->methods; method->name != NULL; method++)
        if (g_str_equal (method->name, name))
          return method;
  return NULL;
}

/* --- answering --- */

void
dd_bus_call_free (DdBusCall *call)
{
  g_clear_object (&call->invocation);
  g_variant_unref (call->parameters);
  g_clear_pointer (&call->options, g_variant_unref);
  g_free (call->caller);
  g_free (call->actor);
  g_free (call->recorder);
  g_free (call);
}

void
dd_bus_call_fail (DdBusCall *call, const GError *error)
{
  dd_return_error (g_steal_pointer (&call->invocation), error);
  dd_bus_call_free (call);
}

void
dd_bus_call_return (DdBusCall *call, GVariant *values)
{
  g_dbus_method_invocation_return_value (g_steal_pointer (&call->invocation), values);
  dd_bus_call_free (call);
}

/* --- mutating methods --- */

static GBytes *
reply_part (const DdJsonNode *root)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  dd_json_write_node (writer, dd_json_member (root, "reply"));
  char *text = dd_json_writer_finish (writer, &length);
  return g_bytes_new_take (text, length);
}

/* From the recorded reply, the same for the first call and for its retries. */
static void
return_reply (DdBusCall *call, GBytes *recorded)
{
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  const char *text = g_bytes_get_data (recorded, &size);
  g_autoptr (DdJson) json = dd_json_parse (text, size, NULL, &error);
  const DdJsonNode *root = json != NULL ? dd_json_root (json) : NULL;
  gint64 version = 0;
  g_autoptr (GUnixFDList) fds = NULL;
  GVariantBuilder values;

  if (root == NULL || !dd_json_get_int64 (root, "version", TRUE, 0, G_MAXINT64, &version, &error))
    {
      dd_bus_call_fail (call, error);
      return;
    }
  g_autoptr (GBytes) part = reply_part (root);
  GVariant *document = dd_document_variant (part, &fds, &error);
  if (document == NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  g_variant_builder_init (&values, G_VARIANT_TYPE_TUPLE);
  if (g_str_equal (call->method->name, "Open"))
    g_variant_builder_add (&values, "s", dd_json_text (dd_json_member (root, "deal")));
  g_variant_builder_add (&values, "t", (guint64)version);
  g_variant_builder_add (&values, "s", dd_json_text (dd_json_member (root, "head")));
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
  else if (request->reply != NULL)
    return_reply (call, request->reply);
  else
    {
      g_autoptr (GError) error =
        g_error_new (DD_ERROR, DD_ERROR_FAILED, "%s changed nothing", call->method->name);
      dd_bus_call_fail (call, error);
    }
  if (request->result_events != NULL)
    dd_watchers_emit (service->watchers, request);
  if (request->orders_changed)
    dd_handoff_wake (service->handoff);
  if (request->next_timer != 0)
    dd_timers_wake (service->timers, request->next_timer);
  dd_request_free (request);
}

static void
start_command (DdBusCall *call)
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

/* --- reading methods --- */

static void
query_free (DdQuery *query)
{
  g_variant_builder_clear (&query->values);
  g_clear_pointer (&query->in, g_bytes_unref);
  g_clear_pointer (&query->document, g_bytes_unref);
  g_clear_object (&query->fds);
  g_clear_error (&query->error);
  g_clear_pointer (&query->pins, dd_pins_free);
  g_clear_pointer (&query->deal, dd_deal_free);
  g_clear_pointer (&query->proposal, dd_proposal_unref);
  g_clear_pointer (&query->sheet, dd_sheet_unref);
  g_free (query);
}

static void
finish_query (gpointer data)
{
  DdQuery *query = data;
  DdBusCall *call = query->call;

  if (query->error != NULL)
    dd_bus_call_fail (call, query->error);
  else
    {
      if (query->value != NULL)
        g_variant_builder_add_value (&query->values, query->value);
      g_dbus_method_invocation_return_value_with_unix_fd_list (
        g_steal_pointer (&call->invocation), g_variant_builder_end (&query->values), query->fds);
      dd_bus_call_free (call);
    }
  query_free (query);
}

/* On the thread that answered: a large document is copied into its memfd there. */
static void
query_done (DdQuery *query)
{
  if (query->error == NULL && query->document != NULL)
    query->value = dd_document_variant (query->document, &query->fds, &query->error);
  dd_completion_push (query->call->service->completion, finish_query, query);
}

static gboolean
read_query (DdReader *reader, gpointer data, GError **error)
{
  DdQuery *query = data;

  return query->call->method->read (query, reader, error);
}

static void
read_done (gpointer data, const GError *error)
{
  DdQuery *query = data;

  if (error != NULL)
    query->error = g_error_copy (error);
  query_done (query);
}

static void
query_job (gpointer data)
{
  DdQuery *query = data;
  const DdMethod *method = query->call->method;

  (method->job != NULL ? method->job : method->background) (query, NULL, &query->error);
  query_done (query);
}

static void
query_failed (gpointer data, const GError *error)
{
  DdQuery *query = data;

  query->error = g_error_copy (error);
  query_done (query);
}

/* The document of a reading method that takes one, as its argument before the options. */
static gboolean
take_document (DdBusCall *call, DdQuery *query, GError **error)
{
  gsize n = g_variant_n_children (call->parameters);

  for (gsize i = 0; i + 1 < n; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (call->parameters, i);
      if (!g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
        continue;
      query->in = dd_bus_call_document (call, (guint)i, DD_MAX_DOCUMENT, FALSE, error);
      return query->in != NULL || *error == NULL;
    }
  return TRUE;
}

static void
start_query (DdBusCall *call)
{
  DdQuery *query = g_new0 (DdQuery, 1);

  query->call = call;
  query->now = dd_service_now ();
  g_variant_builder_init (&query->values, G_VARIANT_TYPE_TUPLE);
  if (!take_document (call, query, &query->error))
    finish_query (query);
  else if (call->method->read != NULL)
    dd_store_read (call->service->store, read_query, read_done, query);
  else if (call->method->background != NULL)
    dd_background_run (call->service->background, query_job, query);
  else
    dd_host_run (call->service->host, query_job, query_failed, query);
}

/* --- the way in --- */

static void
on_access (guint32 uid, const char *actor, const char *self, const GError *error, gpointer data)
{
  DdBusCall *call = data;

  if (error != NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  call->uid = uid;
  call->caller = g_strdup_printf ("uid:%u", uid);
  call->actor = g_strdup (actor);
  call->recorder = self != NULL && !g_str_equal (self, actor) ? g_strdup (self) : NULL;
  if (call->method->build != NULL)
    start_command (call);
  else if (call->method->serve != NULL)
    call->method->serve (call);
  else
    start_query (call);
}

/* A decision, or the provider's signature; the customer's is recorded by whoever may. */
static gboolean
is_personal (const DdMethod *method, gboolean customer)
{
  return g_str_equal (method->action, "approve") || (g_str_equal (method->action, "sign") && !customer);
}

/* "/org/dealdesk1/deal/D_1042" is D-1042. */
static gboolean
deal_of_path (const char *path, gint64 *out_deal, GError **error)
{
  const char *node = strrchr (path, '/') + 1;
  g_autofree char *id = g_strdup (node);

  if (strlen (id) > 1 && id[1] == '_')
    id[1] = '-';
  return dd_deal_id_parse (id, out_deal, error);
}

static void
on_method_call (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *name,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer data)
{
  DdBusCall *call = g_new0 (DdBusCall, 1);
  g_autoptr (GError) error = NULL;
  DdAccessQuestion question = { .sender = sender };

  call->service = data;
  call->invocation = invocation;
  call->parameters = g_variant_ref (parameters);
  call->options = g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);
  call->method = find_method (interface, name);
  if (call->service->stopping)
    {
      error = g_error_new_literal (DD_ERROR, DD_ERROR_UNAVAILABLE,
                                   "the daemon is stopping; try again when it is back");
      dd_bus_call_fail (call, error);
      return;
    }
  if (call->method == NULL)
    {
      error = g_error_new (DD_ERROR, DD_ERROR_FAILED, "%s.%s has no row", interface, name);
      dd_bus_call_fail (call, error);
      return;
    }
  if ((g_str_equal (interface, dd_bus_deal.interface) && !deal_of_path (path, &call->deal, &error)) ||
      !dd_options_check (call->options, call->method, &error))
    {
      dd_bus_call_fail (call, error);
      return;
    }
  question.action = call->method->action;
  question.as = dd_options_text (call->options, "as");
  question.customer = dd_options_text (call->options, "customer-person") != NULL;
  question.personal = is_personal (call->method, question.customer);
  question.interactive = (g_dbus_message_get_flags (g_dbus_method_invocation_get_message (invocation)) &
                          G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
  dd_access_check (call->service->access, &question, on_access, call);
}

static const GDBusInterfaceVTable vtable = { on_method_call, NULL, NULL, { 0 } };

static GDBusNodeInfo *
node_info (void)
{
  static GDBusNodeInfo *info;

  if (info == NULL)
    {
      g_autoptr (GError) error = NULL;
      info = g_dbus_node_info_new_for_xml (dd_interface_xml, &error);
      if (info == NULL)
        g_error ("the interface's XML: %s", error->message);
    }
  return info;
}

/* Deals aren't listed: there may be a million. */
static char **
deals_enumerate (GDBusConnection *connection, const char *sender, const char *path, gpointer data)
{
  return g_new0 (char *, 1);
}

static GDBusInterfaceInfo **
deals_introspect (
  GDBusConnection *connection, const char *sender, const char *path, const char *node, gpointer data)
{
  GDBusInterfaceInfo **infos = g_new0 (GDBusInterfaceInfo *, 2);

  if (node != NULL)
    infos[0] =
      g_dbus_interface_info_ref (g_dbus_node_info_lookup_interface (node_info (), dd_bus_deal.interface));
  return infos;
}

static const GDBusInterfaceVTable *
deals_dispatch (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *node,
                gpointer *out_data,
                gpointer data)
{
  *out_data = data;
  return node != NULL && g_str_equal (interface, dd_bus_deal.interface) ? &vtable : NULL;
}

static const GDBusSubtreeVTable deals_vtable = { deals_enumerate, deals_introspect, deals_dispatch, { 0 } };

gboolean
dd_objects_register (const DdService *service, GError **error)
{
  static const struct
  {
    const char *path;
    const DdInterface *interface;
  } objects[] = {
    { ROOT_PATH, &dd_bus_manager },
    { ROOT_PATH "/approvals", &dd_bus_approvals },
    { ROOT_PATH "/catalog", &dd_bus_catalog },
    { ROOT_PATH "/plugins", &dd_bus_plugins },
  };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    if (g_dbus_connection_register_object (
          service->connection, objects[i].path,
          g_dbus_node_info_lookup_interface (node_info (), objects[i].interface->interface), &vtable,
          (gpointer)service, NULL, error) == 0)
      return FALSE;
  return g_dbus_connection_register_subtree (service->connection, DEAL_PATH, &deals_vtable,
                                             G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES,
                                             (gpointer)service, NULL, error) != 0;
}
