/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealdeskd: options, configuration, start and stop.
 *
 * The order of the start is a promise: the store is recovered and synced before the name is owned, so whoever
 * finds the name finds only facts that are on disk.
 */
#include "daemon.h"

#include "config.h"
#include "message-ids.h"

#include <errno.h>
#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUS_NAME "org.dealdesk1"

/* How long a stop waits for calls and deliveries that are under way. */
#define STOP_USEC    (10 * G_USEC_PER_SEC)
#define STOP_STEP_MS 10

/* Exit statuses beside 0 and 1; dealdeskd(8) documents them. */
#define EXIT_REFUSED_STORE   3
#define EXIT_UNKNOWN_OUTCOME 4

typedef struct
{
  gboolean session;
  gboolean system;
  char *address;
  char *state_dir;
  char *config_file;
  char **plugin_dirs;
  gboolean version;
} Options;

typedef struct
{
  DdService *service;
  GMainLoop *loop;
  guint name;
  gint64 stop_deadline; /* monotonic; 0: not stopping */
  int status;
} Main;

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "session", 0, 0, G_OPTION_ARG_NONE, &options->session, "Serve on the session bus, for development",
      NULL },
    { "system", 0, 0, G_OPTION_ARG_NONE, &options->system, "Serve on the system bus (the default)", NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options->address, "Serve on this bus, for development",
      "ADDRESS" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir, "Where the store is", "DIR" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &options->config_file, "The configuration file", "FILE" },
    { "plugin-dir", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->plugin_dirs,
      "Where plugins are; may be given more than once", "DIR" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                "Carries negotiations from a request to a signed agreement and its orders.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "“%s” is no option", (*argv)[1]);
  if (options->session + options->system + (options->address != NULL) > 1)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "--session, --system and --address exclude each other");
  return TRUE;
}

/* A configuration file that was named must be there; the default one may be missing. */
static GKeyFile *
load_config (const Options *options, GError **error)
{
  g_autoptr (GKeyFile) config = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  const char *path = options->config_file != NULL ? options->config_file : DD_CONFIG_FILE;

  if (g_key_file_load_from_file (config, path, G_KEY_FILE_NONE, &local) ||
      (options->config_file == NULL && g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT)))
    return g_steal_pointer (&config);
  dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s: %s", path, local->message);
  return NULL;
}

static const char *const known_keys[][5] = {
  { "Store", "Path" },
  { "Provider", "Name" },
  { "Plugins", "Directories", "Disabled" },
  { "Handoff", "Plugin" },
};

static gboolean
check_config (GKeyFile *config, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (config, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      const char *const *known = NULL;
      if (g_str_has_prefix (groups[i], "plugin "))
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (known_keys); k++)
        if (g_str_equal (known_keys[k][0], groups[i]))
          known = known_keys[k] + 1;
      if (known == NULL)
        return dd_fail (
          error, DD_ERROR_INVALID_ARGUMENT,
          "the configuration has a group [%s]; it knows Store, Provider, Plugins, Handoff and “plugin ID”",
          groups[i]);
      g_auto (GStrv) keys = g_key_file_get_keys (config, groups[i], NULL, NULL);
      for (guint k = 0; keys != NULL && keys[k] != NULL; k++)
        if (!g_strv_contains (known, keys[k]))
          return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                          "the configuration's group [%s] knows no key “%s”", groups[i], keys[k]);
    }
  return TRUE;
}

/* --- the parts --- */

static void
on_store_fatal (const GError *error, gpointer data)
{
  dd_journal (G_LOG_LEVEL_CRITICAL,
              error->code == DD_ERROR_STORE_DAMAGED ? DD_MESSAGE_STORE_REFUSED : DD_MESSAGE_OUTCOME_UNKNOWN,
              "%s", error->message);
  _exit (error->code == DD_ERROR_STORE_DAMAGED ? EXIT_REFUSED_STORE : EXIT_UNKNOWN_OUTCOME);
}

static gboolean
open_store (DdService *service, const Options *options, GKeyFile *config, GError **error)
{
  g_autofree char *configured = g_key_file_get_string (config, "Store", "Path", NULL);
  const char *directory = options->state_dir != NULL ? options->state_dir : DD_STATE_DIR;
  g_autofree char *path = configured != NULL && options->state_dir == NULL
                            ? g_strdup (configured)
                            : g_build_filename (directory, "dealdesk.db", NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  DdStoreOptions store_options = {
    .development = service->development,
    .refuse_development = !service->development,
    .fatal = on_store_fatal,
  };

  if (g_mkdir_with_parents (parent, 0700) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s can't be made: %s", parent, g_strerror (errno));
  service->store = dd_store_open (path, &store_options, error);
  return service->store != NULL;
}

static void
tell_refused (const DdPluginInfo *info, gpointer data)
{
  if (g_str_equal (info->state, "refused"))
    dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_PLUGIN_REFUSED, "Plugin %s (%s) is refused: %s", info->id,
                info->path, info->reason);
}

/* Where plugins are, in order: of two with one id the first counts. */
static char **
plugin_directories (const Options *options, GKeyFile *config)
{
  g_auto (GStrv) configured = g_key_file_get_string_list (config, "Plugins", "Directories", NULL, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (options->plugin_dirs != NULL)
    g_strv_builder_addv (builder, (const char **)options->plugin_dirs);
  if (configured != NULL)
    g_strv_builder_addv (builder, (const char **)configured);
  g_strv_builder_add (builder, DD_PLUGIN_DIR);
  return g_strv_builder_end (builder);
}

static gboolean
open_host (DdService *service, const Options *options, GKeyFile *config, GError **error)
{
  g_auto (GStrv) directories = plugin_directories (options, config);
  g_auto (GStrv) disabled = g_key_file_get_string_list (config, "Plugins", "Disabled", NULL, NULL);
  g_autofree char *handoff = g_key_file_get_string (config, "Handoff", "Plugin", NULL);
  DdHostOptions host_options = {
    .directories = (const char *const *)directories,
    .disabled = (const char *const *)disabled,
    .handoff = handoff,
    .options = config,
  };

  service->host = dd_host_new (&host_options, error);
  if (service->host != NULL)
    dd_host_list (service->host, tell_refused, NULL);
  return service->host != NULL;
}

static GDBusConnection *
connect_bus (const Options *options, GError **error)
{
  if (options->address != NULL)
    return g_dbus_connection_new_for_address_sync (options->address,
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                     G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                   NULL, NULL, error);
  return g_bus_get_sync (options->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, error);
}

/* --- the loop --- */

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  Main *run = data;

  g_printerr ("dealdeskd: the name %s is another's, or the bus is gone\n", name);
  run->status = EXIT_FAILURE;
  g_main_loop_quit (run->loop);
}

static gboolean
on_stopping (gpointer data)
{
  Main *run = data;

  if (!dd_service_is_idle (run->service) && g_get_monotonic_time () < run->stop_deadline)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (run->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_signal (gpointer data)
{
  Main *run = data;

  if (run->stop_deadline != 0)
    return G_SOURCE_CONTINUE;
  /* The name goes first: who calls then waits for the next daemon instead of being refused. */
  g_clear_handle_id (&run->name, g_bus_unown_name);
  dd_service_stop (run->service);
  run->stop_deadline = g_get_monotonic_time () + STOP_USEC;
  g_timeout_add (STOP_STEP_MS, on_stopping, run);
  return G_SOURCE_CONTINUE;
}

static int
serve (DdService *service)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Main run = { .service = service, .loop = loop, .status = EXIT_SUCCESS };

  /* Before the name is owned, so that whoever sees the name may end us. */
  g_unix_signal_add (SIGTERM, on_signal, &run);
  g_unix_signal_add (SIGINT, on_signal, &run);
  run.name = g_bus_own_name_on_connection (service->connection, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                           NULL, on_name_lost, &run, NULL);
  g_main_loop_run (loop);
  g_clear_handle_id (&run.name, g_bus_unown_name);
  if (run.status == EXIT_SUCCESS && !dd_service_is_idle (service))
    {
      /* All that was answered is on disk; the next start recovers the rest. */
      g_printerr ("dealdeskd: calls are still under way; ending without them\n");
      _exit (run.status);
    }
  return run.status;
}

static int
fail (const GError *error)
{
  g_printerr ("dealdeskd: %s\n", error->message);
  return EXIT_FAILURE;
}

static int
fail_store (const GError *error)
{
  dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_STORE_REFUSED, "%s", error->message);
  return EXIT_REFUSED_STORE;
}

static int
start_and_serve (DdService *service, const Options *options, GKeyFile *config)
{
  g_autoptr (GError) error = NULL;

  service->development = options->session || options->address != NULL;
  service->bus_name = options->session ? "session" : options->address != NULL ? "address" : "system";
  service->provider = g_key_file_get_string (config, "Provider", "Name", NULL);
  if (service->provider == NULL && service->development)
    service->provider = g_strdup ("Development");
  if (service->provider == NULL || service->provider[0] == '\0')
    {
      dd_fail (&error, DD_ERROR_INVALID_ARGUMENT,
               "the configuration lacks the provider's legal name, which both sides sign: [Provider] Name=");
      return fail (error);
    }
  if (!open_store (service, options, config, &error))
    return fail_store (error);
  if (!open_host (service, options, config, &error) ||
      (service->connection = connect_bus (options, &error)) == NULL)
    return fail (error);
  g_dbus_connection_set_exit_on_close (service->connection, FALSE);
  if (!dd_service_start (service, &error))
    return fail (error);
  return serve (service);
}

int
main (int argc, char **argv)
{
  Options options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) config = NULL;
  DdService *service;
  int status;

  setlocale (LC_ALL, "");
  umask (0077);
  /* A large sheet's arrays would be mapped and unmapped at each run otherwise, a page fault every 4 KiB: 1-2
   * us a line. */
  mallopt (M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt (M_TRIM_THRESHOLD, 32 * 1024 * 1024);
  if (!parse_options (&argc, &argv, &options, &error))
    return fail (error);
  if (options.version)
    {
      g_print ("dealdeskd %s\n", DD_VERSION);
      return EXIT_SUCCESS;
    }
  config = load_config (&options, &error);
  if (config == NULL || !check_config (config, &error))
    return fail (error);

  service = g_new0 (DdService, 1);
  status = start_and_serve (service, &options, config);
  dd_service_free (service);
  g_free (options.address);
  g_free (options.state_dir);
  g_free (options.config_file);
  g_strfreev (options.plugin_dirs);
  return status;
}
