/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The objects on the bus, and the way of every call to its method's row. Main thread.
 *
 * Deals are a subtree: an object is made from its path at the moment of a call, so a million deals cost
 * nothing at rest, and introspection answers alike for every id.
 */
#include "access/access.h"
#include "bus/call.h"
#include "door.h"

#include "interface-xml.h"

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
  g_clear_pointer (&call->options, dd_options_free);
  g_free (call->caller);
  g_free (call->actor);
  g_free (call->recorder);
  if (call->inside)
    dd_door_leave (call->service->door);
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

/* --- the way in --- */

static void
on_access (guint32 uid, const char *actor, const char *self, const GError *error, gpointer data)
{
  DdBusCall *call = data;
  g_autoptr (GError) closed = NULL;

  if (error != NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  /* Only now: who asks a person for a password mustn't hold up a restore. */
  call->inside = dd_door_enter (call->service->door, &closed);
  if (!call->inside)
    {
      dd_bus_call_fail (call, closed);
      return;
    }
  call->uid = uid;
  call->caller = g_strdup_printf ("uid:%u", uid);
  call->actor = g_strdup (actor);
  call->recorder = self != NULL && !g_str_equal (self, actor) ? g_strdup (self) : NULL;
  if (call->method->build != NULL)
    dd_bus_call_command (call);
  else if (call->method->serve != NULL)
    call->method->serve (call);
  else
    dd_bus_call_query (call);
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
  g_autoptr (GVariant) options =
    g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);
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
      (call->options = dd_options_read (options, call->method, &error)) == NULL)
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
