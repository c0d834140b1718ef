/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb watch: a line for each move, until interrupted. One thread, in the main loop.
 *
 * The daemon forgets watchers when it goes; when its name comes back, we ask again.
 */
#include "verbs.h"
#include "fault.h"
#include "shapes.h"

#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

static gint watch_count;

const GOptionEntry ctl_watch_options[] = {
  { "count", 0, 0, G_OPTION_ARG_INT, &watch_count, "End after so many moves", "N" }, G_OPTION_ENTRY_NULL
};

typedef struct
{
  CtlRun *run;
  GMainLoop *loop;
  char *deal; /* "" is all */
  gint seen;
  gboolean watching;
  GError *error; /* (nullable): why it ended */
} Watch;

static void
end_watch (Watch *watch, GError *error)
{
  if (watch->error == NULL)
    watch->error = error;
  else
    g_clear_error (&error);
  g_main_loop_quit (watch->loop);
}

static char *
move_as_json (const char *deal, guint64 version, const char *state, const char *const *events)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", deal);
  dd_json_write_key (writer, "events");
  dd_json_write_begin_array (writer);
  for (guint i = 0; events[i] != NULL; i++)
    dd_json_write_string (writer, events[i]);
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "state", state);
  dd_json_put_int64 (writer, "version", (gint64)version);
  dd_json_write_end_object (writer);
  return dd_json_writer_finish (writer, NULL);
}

static void
on_moved (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *signal,
          GVariant *parameters,
          gpointer data)
{
  Watch *watch = data;
  g_autofree const char **events = NULL;
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;
  const char *deal;
  const char *state;
  guint64 version;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(stsas)")))
    return;
  g_variant_get (parameters, "(&st&s^a&s)", &deal, &version, &state, &events);
  if (*watch->deal != '\0' && !g_str_equal (deal, watch->deal))
    return;
  if (watch->run->json)
    line = move_as_json (deal, version, state, events);
  else
    {
      g_autofree char *joined = g_strjoinv (", ", (char **)events);

      line = g_strdup_printf ("%s  version %" G_GUINT64_FORMAT "  %s  %s", deal, version, state, joined);
    }
  text = g_strconcat (line, "\n", NULL);
  if (!ctl_run_print_text (text, &error))
    end_watch (watch, error);
  else if (watch_count > 0 && ++watch->seen >= watch_count)
    end_watch (watch, NULL);
}

static gboolean
ask_to_watch (Watch *watch, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Watch");
  g_autoptr (CtlReply) reply = NULL;

  ctl_request_add (request, g_variant_new_string (watch->deal));
  reply = ctl_run_send (watch->run, request, error);
  return reply != NULL;
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  Watch *watch = data;
  GError *error = NULL;

  if (!ask_to_watch (watch, &error))
    {
      end_watch (watch, error);
      return;
    }
  watch->watching = TRUE;
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  Watch *watch = data;

  /* Gone while we watched, it comes back; not there at all, there is nothing to watch. */
  if (connection == NULL)
    end_watch (watch, g_error_new (DD_ERROR, DD_ERROR_UNAVAILABLE, "the bus is gone"));
  else if (!watch->watching)
    end_watch (watch,
               ctl_fault_translate (g_error_new (G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN, "not there")));
}

static gboolean
on_interrupt (gpointer data)
{
  end_watch (data, NULL);
  return G_SOURCE_CONTINUE;
}

/* A deal that isn't there would be watched for ever. */
static gboolean
check_deal (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Log", error);
  g_autoptr (CtlReply) reply = NULL;

  if (request == NULL)
    return FALSE;
  ctl_request_add (request, g_variant_new_uint64 (0));
  ctl_request_add (request, g_variant_new_uint32 (1));
  reply = ctl_run_send (run, request, error);
  return reply != NULL;
}

gboolean
ctl_verb_watch (CtlRun *run, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *deal = run->n_words == 0 ? g_strdup ("") : ctl_run_deal (run, error);
  Watch watch = { .run = run, .loop = loop, .deal = deal };
  GDBusConnection *connection;
  guint sources[2];
  guint signal;
  guint name;

  if (deal == NULL || (run->n_words > 0 && !check_deal (run, error)) || ctl_run_bus (run, error) == NULL)
    return FALSE;
  connection = ctl_bus_connection (run->bus);
  sources[0] = g_unix_signal_add (SIGINT, on_interrupt, &watch);
  sources[1] = g_unix_signal_add (SIGTERM, on_interrupt, &watch);
  signal = g_dbus_connection_signal_subscribe (connection, "org.dealdesk1", "org.dealdesk1.Manager", "Moved",
                                               NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_moved, &watch, NULL);
  name = g_bus_watch_name_on_connection (connection, "org.dealdesk1", G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                         on_appeared, on_vanished, &watch, NULL);
  g_main_loop_run (loop);
  g_bus_unwatch_name (name);
  g_dbus_connection_signal_unsubscribe (connection, signal);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  if (watch.error != NULL)
    {
      g_propagate_error (error, watch.error);
      return FALSE;
    }
  return TRUE;
}
