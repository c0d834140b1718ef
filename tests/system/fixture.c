/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A real daemon on a bus of its own (see fixture.h).
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char bus_config[] =
  "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN' "
  "'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>"
  "<busconfig><type>session</type><listen>unix:path=%s/bus</listen>"
  "<auth>EXTERNAL</auth><policy context='default'>"
  "<allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>";

/* A test that dies leaves nothing behind. */
static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* --- the bus --- */

static void
start_bus (Rig *rig)
{
  g_autofree char *path = g_build_filename (rig->folder, "bus.conf", NULL);
  g_autofree char *config = g_strdup_printf (bus_config, rig->folder);
  g_autofree char *option = g_strconcat ("--config-file=", path, NULL);
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, config, -1, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  rig->bus = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", option, "--nofork", "--nopidfile",
                                          "--print-address", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (rig->bus));
  rig->address = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (rig->address);
}

GDBusConnection *
rig_connect (const Rig *rig)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    rig->address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
    NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  return connection;
}

static void
on_moved (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer data)
{
  Rig *rig = data;

  g_free (rig->moved_deal);
  g_free (rig->moved_state);
  g_variant_get (parameters, "(stsas)", &rig->moved_deal, NULL, &rig->moved_state, NULL);
  rig->n_moved++;
}

/* --- the daemon --- */

static char *
log_path (const Rig *rig)
{
  return g_build_filename (rig->folder, "daemon.log", NULL);
}

char *
rig_said (const Rig *rig)
{
  g_autofree char *path = log_path (rig);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
spawn_daemon (Rig *rig)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *path = log_path (rig);
  g_autoptr (GError) error = NULL;
  int log = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  g_assert_null (rig->daemon);
  g_assert_cmpint (log, >=, 0);
  g_subprocess_launcher_take_stdout_fd (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", rig->address, TRUE);
  for (guint i = 0; i < rig->environment->len; i++)
    {
      g_auto (GStrv) pair = g_strsplit (rig->environment->pdata[i], "=", 2);

      g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
    }
  if (rig->preload != NULL)
    {
      g_autofree char *options =
        g_strconcat (g_getenv ("ASAN_OPTIONS") != NULL ? g_getenv ("ASAN_OPTIONS") : "",
                     ":verify_asan_link_order=0", NULL);

      g_subprocess_launcher_setenv (launcher, "LD_PRELOAD", rig->preload, TRUE);
      g_subprocess_launcher_setenv (launcher, "ASAN_OPTIONS", options, TRUE);
    }
  rig->daemon =
    g_subprocess_launcher_spawn (launcher, &error, DEALDESKD, "--session", "--state-dir", rig->state,
                                 "--config", rig->config, "--plugin-dir", rig->plugins, NULL);
  g_assert_no_error (error);
}

typedef struct
{
  gboolean owned;
  gboolean ended;
} Waiting;

static void
on_owned (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  ((Waiting *)data)->owned = TRUE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;

  waiting->ended = g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  g_rc_box_release (waiting);
}

void
rig_iterate (void)
{
  g_main_context_iteration (NULL, TRUE);
}

void
rig_start (Rig *rig)
{
  Waiting *waiting = g_rc_box_new0 (Waiting); /* the wait outlives this function */
  guint watch;

  spawn_daemon (rig);
  g_subprocess_wait_async (rig->daemon, NULL, on_ended, g_rc_box_acquire (waiting));
  watch = g_bus_watch_name_on_connection (rig->connection, "org.dealdesk1", G_BUS_NAME_WATCHER_FLAGS_NONE,
                                          on_owned, NULL, waiting, NULL);
  while (!waiting->owned && !waiting->ended)
    rig_iterate ();
  g_bus_unwatch_name (watch);
  if (waiting->ended)
    {
      g_autofree char *said = rig_said (rig);

      g_error ("the daemon ended instead of serving: %s", said);
    }
  g_rc_box_release (waiting);
}

static int
exit_status (GSubprocess *process)
{
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                              : -g_subprocess_get_term_sig (process);
}

int
rig_wait_end (Rig *rig)
{
  g_autoptr (GSubprocess) daemon = g_steal_pointer (&rig->daemon);
  g_autoptr (GError) error = NULL;

  g_subprocess_wait (daemon, NULL, &error);
  g_assert_no_error (error);
  return exit_status (daemon);
}

int
rig_start_in_vain (Rig *rig, char **out_said)
{
  g_autofree char *path = log_path (rig);
  int status;

  g_remove (path);
  spawn_daemon (rig);
  status = rig_wait_end (rig);
  *out_said = rig_said (rig);
  return status;
}

pid_t
rig_pid (const Rig *rig)
{
  return (pid_t)g_ascii_strtoll (g_subprocess_get_identifier (rig->daemon), NULL, 10);
}

void
rig_kill (Rig *rig)
{
  g_subprocess_force_exit (rig->daemon);
  g_assert_cmpint (rig_wait_end (rig), ==, -SIGKILL);
}

int
rig_stop (Rig *rig)
{
  g_subprocess_send_signal (rig->daemon, SIGTERM);
  return rig_wait_end (rig);
}

/* --- making and removing --- */

void
rig_write_config (const Rig *rig, const char *spool)
{
  g_autofree char *text =
    g_strdup_printf ("[Provider]\nName=Sample Telecom AG\n\n[plugin handoff-spool]\ndirectory=%s\n", spool);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (rig->config, text, -1, &error);
  g_assert_no_error (error);
}

void
rig_add_config (const Rig *rig, const char *text)
{
  g_autofree char *config = NULL;
  g_autofree char *all = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (rig->config, &config, NULL, &error);
  g_assert_no_error (error);
  all = g_strconcat (config, "\n", text, NULL);
  g_file_set_contents (rig->config, all, -1, &error);
  g_assert_no_error (error);
}

static void
copy_plugin_file (const Rig *rig, const char *from, const char *id, const char *suffix)
{
  g_autofree char *name = g_strconcat (id, suffix, NULL);
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *path = g_build_filename (rig->plugins, name, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (source, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (path, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0755, &error);
  g_assert_no_error (error);
}

void
rig_copy_plugins (Rig *rig)
{
  static const char *const shipped[] = { "approval-authority", "handoff-spool", "negotiation-timed",
                                         "pricing-catalogue", "pricing-negotiated" };

  g_free (rig->plugins);
  rig->plugins = g_build_filename (rig->folder, "plugins", NULL);
  g_assert_cmpint (g_mkdir (rig->plugins, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      copy_plugin_file (rig, PLUGIN_DIR, shipped[i], ".so");
      copy_plugin_file (rig, PLUGIN_DIR, shipped[i], ".plugin");
    }
}

void
rig_add_animal (const Rig *rig, const char *id, const char *text)
{
  g_autofree char *name = g_strconcat (id, ".plugin", NULL);
  g_autofree char *path = g_build_filename (rig->plugins, name, NULL);
  g_autofree char *all = g_strdup_printf ("[Plugin]\nId=%s\nModule=%s.so\nAbi=1\n%s", id, id, text);
  g_autoptr (GError) error = NULL;

  copy_plugin_file (rig, ZOO_DIR, id, ".so");
  g_file_set_contents_full (path, all, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
}

Rig *
rig_new (void)
{
  Rig *rig = g_new0 (Rig, 1);
  g_autoptr (GError) error = NULL;

  rig->folder = g_dir_make_tmp ("dealdesk-system-XXXXXX", &error);
  g_assert_no_error (error);
  rig->state = g_build_filename (rig->folder, "state", NULL);
  rig->spool = g_build_filename (rig->folder, "spool", NULL);
  rig->config = g_build_filename (rig->folder, "dealdesk.conf", NULL);
  rig->database = g_build_filename (rig->state, "dealdesk.db", NULL);
  rig->plugins = g_strdup (PLUGIN_DIR);
  rig->environment = g_ptr_array_new_with_free_func (g_free);
  g_assert_cmpint (g_mkdir (rig->state, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (rig->spool, 0700), ==, 0);
  rig_write_config (rig, rig->spool);
  start_bus (rig);
  rig->connection = rig_connect (rig);
  rig->moved = g_dbus_connection_signal_subscribe (rig->connection, NULL, "org.dealdesk1.Manager", "Moved",
                                                   NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_moved, rig, NULL);
  return rig;
}

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *place)
{
  return remove (path);
}

void
rig_free (Rig *rig)
{
  if (rig->daemon != NULL)
    {
      int status = rig_stop (rig);
      g_autofree char *said = rig_said (rig);

      if (status != 0)
        g_error ("the daemon ended with status %d: %s", status, said);
    }
  g_dbus_connection_signal_unsubscribe (rig->connection, rig->moved);
  g_dbus_connection_close_sync (rig->connection, NULL, NULL);
  g_object_unref (rig->connection);
  g_subprocess_force_exit (rig->bus);
  g_subprocess_wait (rig->bus, NULL, NULL);
  g_object_unref (rig->bus);
  nftw (rig->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  g_ptr_array_unref (rig->environment);
  g_free (rig->folder);
  g_free (rig->state);
  g_free (rig->spool);
  g_free (rig->config);
  g_free (rig->database);
  g_free (rig->plugins);
  g_free (rig->preload);
  g_free (rig->address);
  g_free (rig->moved_deal);
  g_free (rig->moved_state);
  g_free (rig);
}

/* --- data
 * ---------------------------------------------------------------------------------------------------------
 */

char *
source_text (const char *path, gsize *out_length)
{
  g_autofree char *full = g_build_filename (SOURCE_DIR, path, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (full, &text, out_length, &error);
  g_assert_no_error (error);
  return text;
}

char *
shared_path (const char *path)
{
  const char *set = g_getenv ("DEALDESK_SHARED");
  g_autofree char *full = set != NULL ? g_build_filename (set, path, NULL)
                                      : g_build_filename (SOURCE_DIR, "..", "shared", path, NULL);

  return g_file_test (full, G_FILE_TEST_EXISTS) ? g_steal_pointer (&full) : NULL;
}

void
rig_import (const Rig *rig, const char *dataset, const char *csv, gssize length)
{
  g_autoptr (DdJson) none = call_must (
    call_document (call_text (call_new ("catalog", "Import"), dataset), csv, length), rig->connection);

  g_assert_null (none);
}

void
rig_import_samples (const Rig *rig)
{
  static const char *const datasets[] = { "offerings", "customers", "sites", "aliases", "members",
                                          "authority", "charges",   "tiers", "costs" };

  for (guint i = 0; i < G_N_ELEMENTS (datasets); i++)
    {
      g_autofree char *path = g_strdup_printf ("data/samples/%s.csv", datasets[i]);
      gsize length = 0;
      g_autofree char *csv = source_text (path, &length);

      rig_import (rig, datasets[i], csv, (gssize)length);
    }
}

DdJson *
rig_verify (const Rig *rig)
{
  return call_must (call_new ("manager", "Verify"), rig->connection);
}

void
rig_wait_state (Rig *rig, const char *deal, const char *state)
{
  g_autoptr (DdJson) watched = call_must (call_text (call_new ("manager", "Watch"), deal), rig->connection);
  g_autoptr (DdJson) now = call_must (call_new (deal, "Get"), rig->connection);

  g_assert_null (watched);
  if (g_str_equal (text_at (now, "state"), state))
    return;
  g_clear_pointer (&rig->moved_state, g_free);
  while (g_strcmp0 (rig->moved_state, state) != 0 || g_strcmp0 (rig->moved_deal, deal) != 0)
    rig_iterate ();
}
