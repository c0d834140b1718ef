/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The service in the process (see fixture.h). One thread.
 */
#include "fixture.h"

#include "error-names.h"

#include <glib/gstdio.h>
#include <string.h>

/* --- the service --- */

static void
on_fatal (const GError *error, gpointer data)
{
  g_error ("the store: %s", error->message);
}

Server *
server_start (GDBusConnection *connection, gboolean development)
{
  static const char *const directories[] = { PLUGIN_DIR, NULL };
  Server *server = g_new0 (Server, 1);
  DdStoreOptions store = { .development = development,
                           .refuse_development = !development,
                           .fatal = on_fatal };
  DdHostOptions host = { .directories = directories,
                         .shipped_dir = PLUGIN_DIR,
                         .own_datasets = dd_core_datasets () };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  server->folder = g_dir_make_tmp ("dealdesk-bus-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (server->folder, "dealdesk.db", NULL);
  server->service = g_new0 (DdService, 1);
  server->service->development = development;
  server->service->bus_name = development ? "address" : "system";
  server->service->provider = g_strdup ("Provider");
  server->service->store = dd_store_open (path, &store, &error);
  g_assert_no_error (error);
  server->service->host = dd_host_new (&host, &error);
  g_assert_no_error (error);
  server->service->connection = connection;
  server->name = g_strdup (g_dbus_connection_get_unique_name (connection));
  dd_service_start (server->service, &error);
  g_assert_no_error (error);
  return server;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (folder);
}

void
server_stop (Server *server)
{
  GDBusConnection *connection = g_object_ref (server->service->connection);

  dd_service_free (server->service);
  bus_disconnect (connection);
  remove_folder (server->folder);
  g_free (server->folder);
  g_free (server->name);
  g_free (server);
}

/* --- callers --- */

GDBusConnection *
bus_connect (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
    NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  return connection;
}

void
bus_disconnect (GDBusConnection *connection)
{
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_object_unref (connection);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Pending *call = data;

  call->reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &call->fds,
                                                                 result, &call->error);
  call->done = TRUE;
}

/* g_dbus_connection_call() has the flag for interactive authorisation alone among those of a message. */
Pending *
call_start (GDBusConnection *caller,
            const Server *server,
            const char *path,
            const char *interface,
            const char *method,
            GVariant *arguments,
            GUnixFDList *fds,
            GDBusMessageFlags flags)
{
  Pending *call = g_new0 (Pending, 1);
  GDBusCallFlags call_flags = flags & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION
                                ? G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION
                                : G_DBUS_CALL_FLAGS_NONE;

  g_dbus_connection_call_with_unix_fd_list (caller, server->name, path, interface, method, arguments, NULL,
                                            call_flags, G_MAXINT, fds, NULL, on_reply, call);
  return call;
}

void
call_wait (const Pending *call)
{
  while (!call->done)
    g_main_context_iteration (NULL, TRUE);
}

void
call_free (Pending *call)
{
  call_wait (call);
  g_clear_pointer (&call->reply, g_variant_unref);
  g_clear_object (&call->fds);
  g_clear_error (&call->error);
  g_free (call);
}

GVariant *
call_good (GDBusConnection *caller,
           const Server *server,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *arguments)
{
  Pending *call =
    call_start (caller, server, path, interface, method, arguments, NULL, G_DBUS_MESSAGE_FLAGS_NONE);
  GVariant *reply;

  call_wait (call);
  g_assert_no_error (call->error);
  reply = g_variant_ref (call->reply);
  call_free (call);
  return reply;
}

const char *
must_have_failed (const Pending *call, const char *error)
{
  g_autofree char *expected = g_strconcat (DD_BUS_ERROR_PREFIX, error, NULL);
  g_autofree char *found = NULL;

  call_wait (call);
  g_assert_nonnull (call->error);
  found = g_dbus_error_get_remote_error (call->error);
  if (g_strcmp0 (found, expected) != 0)
    g_test_message ("%s", call->error->message);
  g_assert_cmpstr (found, ==, expected);
  return call->error->message;
}

char *
call_bad (GDBusConnection *caller,
          const Server *server,
          const char *path,
          const char *interface,
          const char *method,
          GVariant *arguments,
          const char *error)
{
  Pending *call =
    call_start (caller, server, path, interface, method, arguments, NULL, G_DBUS_MESSAGE_FLAGS_NONE);
  char *message = g_strdup (must_have_failed (call, error));

  call_free (call);
  return message;
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  *(gboolean *)data = TRUE;
}

void
settle (GDBusConnection *caller)
{
  for (guint i = 0; i < 2; i++)
    {
      gboolean settled = FALSE;
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_dbus_connection_call (caller, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                              "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, on_settled,
                              &settled);
      while (!settled)
        g_main_context_iteration (NULL, TRUE);
    }
}

/* --- documents --- */

GVariant *
document (const char *text)
{
  return g_variant_new_variant (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1));
}

char *
document_text (GVariant *reply, GUnixFDList *fds)
{
  g_autoptr (GVariant) box = g_variant_get_child_value (reply, g_variant_n_children (reply) - 1);
  g_autoptr (GVariant) value = g_variant_get_variant (box);
  g_autoptr (GMappedFile) file = NULL;
  gsize size;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    {
      const char *data = g_variant_get_fixed_array (value, &size, 1);
      return g_strndup (data, size);
    }
  g_assert_true (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE));
  file = g_mapped_file_new_from_fd (g_unix_fd_list_peek_fds (fds, NULL)[g_variant_get_handle (value)], FALSE,
                                    NULL);
  g_assert_nonnull (file);
  return g_strndup (g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
}

/* --- a small deal --- */

static void
import (GDBusConnection *caller, const Server *server, const char *dataset, const char *text)
{
  g_autoptr (GVariant) reply = call_good (caller, server, CATALOG, "Import",
                                          g_variant_new ("(s@va{sv})", dataset, document (text), NULL));
}

void
import_samples (GDBusConnection *caller, const Server *server, const char *manager)
{
  g_autofree char *members = g_strdup_printf ("group,person\nsales,anna\nsales-managers,%s\n", manager);

  import (caller, server, "offerings",
          "id,name,category,unit,valid_from,valid_to\ndia-1000,Internet access,access,line,2026-01-01,\n");
  import (caller, server, "charges",
          "offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n"
          "dia-1000,rental,Rental,recurring,month,EUR,549.00,flat,,,,,\n");
  import (caller, server, "authority",
          "id,who,measure,above,up_to,currency,segment,level,valid_from,valid_to\n"
          "sales,group:sales,discount.discretionary,0%,10%,EUR,,1,2026-01-01,\n"
          "managers,group:sales-managers,discount.discretionary,10%,25%,EUR,,1,2026-01-01,\n");
  import (caller, server, "members", members);
}

GVariant *
proposal (const char *discount)
{
  g_autofree char *text = g_strdup_printf (
    "{\"lines\":[{\"id\":\"1\",\"offering\":\"dia-1000\",\"quantity\":\"1\",\"commitment\":36,"
    "\"alterations\":[{\"kind\":\"percent-off\",\"value\":\"%s\"}]}],\"currency\":\"EUR\","
    "\"commitment\":36,\"validUntil\":\"2099-01-01T00:00:00Z\"}",
    discount);

  return document (text);
}

char *
open_deal (GDBusConnection *caller, const Server *server)
{
  g_autoptr (GVariant) options = g_variant_ref_sink (
    g_variant_new_parsed ("{'format': <'proposal'>, 'customer': <'c-1'>, 'as': <'anna'>}"));
  g_autoptr (GVariant) reply =
    call_good (caller, server, MANAGER, "Open", g_variant_new ("(@v@a{sv})", proposal ("0%"), options));
  const char *id;

  g_variant_get_child (reply, 0, "&s", &id);
  return g_strdup_printf ("/org/dealdesk1/deal/D_%s", id + 2);
}

void
deal_set_up (DealFixture *fixture, gconstpointer data)
{
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->server = server_start (bus_connect (), TRUE);
  fixture->caller = bus_connect ();
  import_samples (fixture->caller, fixture->server, "carla");
  fixture->deal = open_deal (fixture->caller, fixture->server);
}

void
deal_tear_down (DealFixture *fixture, gconstpointer data)
{
  bus_disconnect (fixture->caller);
  server_stop (fixture->server);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
  g_free (fixture->deal);
}

void
deal_import (const DealFixture *fixture, const char *dataset, const char *text)
{
  g_variant_unref (call_good (fixture->caller, fixture->server, CATALOG, "Import",
                              g_variant_new ("(s@va{sv})", dataset, document (text), NULL)));
}
