/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealdeskd: options, configuration, start and stop.
 *
 * The order of the start is a promise: the store is recovered and synced before the name is owned, so whoever
 * finds the name finds only facts that are on disk.
 */
#include "daemon.h"

#include "config.h"
#include "configuration.h"
#include "inspect.h"
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

/* In a build's folders, from this program's. */
#define BUILT_RUNNER  "runner/dealdesk-runner"
#define BUILT_PLUGINS "../plugins"

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
  gboolean check_config;
  gboolean show_config;
  gboolean json;
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
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &options->check_config,
      "Say what is wrong with the configuration, and end", NULL },
    { "show-config", 0, 0, G_OPTION_ARG_NONE, &options->show_config,
      "Print the configuration that holds, and end", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "With the two above: one JSON document", NULL },
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
  g_autofree char *path = dd_config_store_path (config, options->state_dir);
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
  if (g_str_equal (info->state, "quarantined"))
    dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_PLUGIN_QUARANTINED, "Plugin %s (%s) is quarantined: %s",
                info->id, info->path, info->reason);
  if (g_str_equal (info->state, "refused"))
    dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_PLUGIN_REFUSED, "Plugin %s (%s) is refused: %s", info->id,
                info->path, info->reason);
}

/* Where this program is. (nullable) */
static char *
find_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL ? g_path_get_dirname (program) : NULL;
}

/* Beside this program, where it is installed, or in runner/ below it, where it is built: so that a daemon
 * never talks to a runner of another build. NULL: neither is there, and the installed one is meant. */
static char *
find_runner (void)
{
  static const char *const places[] = { "dealdesk-runner", BUILT_RUNNER };
  g_autofree char *folder = find_folder ();

  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/* Of a daemon that runs where it was built: its own build's plugins. NULL: the installed ones are meant. Only
 * where the program is decides, and never a directory that somebody named: what is there may run in the
 * daemon. */
static char *
find_shipped (void)
{
  g_autofree char *folder = find_folder ();
  g_autofree char *runner = folder != NULL ? g_build_filename (folder, BUILT_RUNNER, NULL) : NULL;
  gboolean built = runner != NULL && g_file_test (runner, G_FILE_TEST_IS_EXECUTABLE);

  return built ? g_build_filename (folder, BUILT_PLUGINS, NULL) : NULL;
}

/* One of the configuration may be missing: not every installation has every folder. One that somebody just
 * named is a slip. */
static void
tell_missing (char **directories)
{
  for (guint i = 0; directories != NULL && directories[i] != NULL; i++)
    if (!g_file_test (directories[i], G_FILE_TEST_IS_DIR))
      g_printerr ("dealdeskd: --plugin-dir %s is no directory: no plugin of it is found\n", directories[i]);
}

static gboolean
open_host (DdService *service, const Options *options, GKeyFile *config, GError **error)
{
  g_auto (DdConfigHost) configured = { 0 };
  g_autofree char *runner = find_runner ();
  g_autofree char *shipped = find_shipped ();
  g_autofree char *store = dd_config_store_path (config, options->state_dir);
  g_autofree char *state_dir = g_path_get_dirname (store);
  g_autofree char *crash_file = g_build_filename (state_dir, "plugin-crashes", NULL);

  dd_config_host_init (&configured, config, options->plugin_dirs);
  configured.options.runner_path = runner;
  configured.options.shipped_dir = shipped;
  configured.options.runner_dir = service->development ? NULL : DD_RUNNER_DIR;
  configured.options.crash_file = crash_file; /* beside the store, so that one daemon at a time has it */
  tell_missing (options->plugin_dirs);
  service->host = dd_host_new (&configured.options, error);
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
  if (!dd_service_is_idle (service))
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
  if (!dd_config_interest (config, &service->interest, &error))
    return fail (error);
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

static int
inspect (const Options *options)
{
  const DdInspection inspection = { options->config_file, options->state_dir, options->plugin_dirs,
                                    options->session || options->address != NULL, options->json };

  return options->check_config ? dd_inspect_check (&inspection) : dd_inspect_show (&inspection);
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
  if (options.check_config || options.show_config)
    return inspect (&options);
  config = dd_config_load (options.config_file, &error);
  if (config == NULL || !dd_config_check_known (config, &error))
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
