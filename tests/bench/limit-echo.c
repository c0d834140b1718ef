/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limit: what a GDBus call through the message bus costs when the service does nothing.
 *
 * Starts itself once more as the service on the session bus, calls it one at a time with several payloads,
 * then keeps 32 calls in flight. Prints limit.echo.{empty,1KiB,100KiB}.{p50,p99} in microseconds and
 * limit.echo.pipelined{,.1KiB} in calls a second. Usage: limit-echo [serve]
 */
#include "measure.h"

#include <gio/gio.h>
#include <string.h>

#define NAME      "org.dealdesk1.Limit.Echo"
#define PATH      "/org/dealdesk1/limit"
#define INTERFACE "org.dealdesk1.Limit.Echo"
#define IN_FLIGHT 32

static const char introspection[] = "<node><interface name='" INTERFACE "'>"
                                    "<method name='Nothing'/>"
                                    "<method name='Same'><arg type='ay' direction='in'/>"
                                    "<arg type='ay' direction='out'/></method>"
                                    "</interface></node>";

static void
serve_call (GDBusConnection *connection,
            const char *sender,
            const char *path,
            const char *interface,
            const char *method,
            GVariant *arguments,
            GDBusMethodInvocation *invocation,
            gpointer data)
{
  /* Nothing takes () and gives (), Same takes (ay) and gives (ay): the reply is the arguments. */
  g_dbus_method_invocation_return_value (invocation, arguments);
}

static int
serve (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = serve_call };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  measure_require (connection != NULL, "session bus", error);
  measure_require (g_dbus_connection_register_object (connection, PATH, node->interfaces[0], &vtable, NULL,
                                                      NULL, &error) != 0,
                   "object", error);
  g_bus_own_name_on_connection (connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 0;
}

/* (transfer floating): arguments with @size bytes; for 0 none. */
static GVariant *
make_arguments (gsize size)
{
  g_autofree guint8 *bytes = NULL;
  GVariant *array;

  if (size == 0)
    return NULL;
  bytes = g_malloc (size);
  memset (bytes, 'x', size);
  array = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, size, 1);
  return g_variant_new_tuple (&array, 1);
}

static void
one_at_a_time (GDBusConnection *connection, const char *label, gsize size, guint count)
{
  g_autofree double *samples = g_new (double, count);
  g_autofree char *p50 = g_strdup_printf ("limit.echo.%s.p50", label);
  g_autofree char *p99 = g_strdup_printf ("limit.echo.%s.p99", label);
  guint warm = count / 10;

  for (guint i = 0; i < warm + count; i++)
    {
      g_autoptr (GError) error = NULL;
      double start = measure_now ();
      g_autoptr (GVariant) reply =
        g_dbus_connection_call_sync (connection, NAME, PATH, INTERFACE, size == 0 ? "Nothing" : "Same",
                                     make_arguments (size), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

      measure_require (reply != NULL, "call", error);
      if (i >= warm)
        samples[i - warm] = measure_now () - start;
    }
  measure_sort (samples, count);
  measure_print (p50, measure_at (samples, count, 0.5), "us");
  measure_print (p99, measure_at (samples, count, 0.99), "us");
}

typedef struct
{
  GDBusConnection *connection;
  GMainLoop *loop;
  gsize size;
  guint to_send;
  guint to_come;
} Pipeline;

static void pipeline_send (Pipeline *pipeline);

static void
pipeline_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Pipeline *pipeline = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (pipeline->connection, result, &error);

  measure_require (reply != NULL, "call", error);
  if (--pipeline->to_come == 0)
    g_main_loop_quit (pipeline->loop);
  else if (pipeline->to_send > 0)
    pipeline_send (pipeline);
}

static void
pipeline_send (Pipeline *pipeline)
{
  pipeline->to_send--;
  g_dbus_connection_call (pipeline->connection, NAME, PATH, INTERFACE,
                          pipeline->size == 0 ? "Nothing" : "Same", make_arguments (pipeline->size), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, pipeline_reply, pipeline);
}

static void
pipelined (GDBusConnection *connection, const char *name, gsize size, guint count)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Pipeline pipeline = { connection, loop, size, count, count };
  double start = measure_now ();

  for (guint i = 0; i < IN_FLIGHT; i++)
    pipeline_send (&pipeline);
  g_main_loop_run (loop);
  measure_print (name, count / (measure_now () - start) * 1e6, "calls/s");
}

static void
wait_for_service (GDBusConnection *connection)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GVariant) reply =
        g_dbus_connection_call_sync (connection, NAME, PATH, INTERFACE, "Nothing", NULL, NULL,
                                     G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL);

      if (reply != NULL)
        return;
      g_usleep (5000);
    }
  measure_require (FALSE, "the echo service didn't come", NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GSubprocess) service = NULL;

  if (argc == 2 && g_str_equal (argv[1], "serve"))
    return serve ();
  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  measure_require (connection != NULL, "session bus", error);
  service = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, argv[0], "serve", NULL);
  measure_require (service != NULL, "service", error);
  wait_for_service (connection);

  one_at_a_time (connection, "empty", 0, 3000);
  one_at_a_time (connection, "1KiB", 1024, 3000);
  one_at_a_time (connection, "100KiB", 100 * 1024, 500);
  pipelined (connection, "limit.echo.pipelined", 0, 30000);
  pipelined (connection, "limit.echo.pipelined.1KiB", 1024, 20000);

  g_subprocess_force_exit (service);
  g_subprocess_wait (service, NULL, NULL);
  return 0;
}
