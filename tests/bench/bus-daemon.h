/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What bench-bus measures: dealdeskd of this build on the session bus, with a store of its own on disk, the
 * sample datasets, and deals made from the sample offerings.
 *
 * The store lies below the current folder (run.py: the build's), never on a tmpfs, which knows no sync.
 * Failures end the program. Main thread.
 */
#pragma once

#include "measure.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUS_NAME        "org.dealdesk1"
#define ROOT_PATH       "/org/dealdesk1"
#define MAX_INLINE      (64 * 1024)
#define CALL_TIMEOUT_MS (60 * 1000)
#define PROPOSER                                                                                             \
  "anna" /* of the sample authority: may grant what these proposals grant, so nobody is asked */

typedef struct
{
  GDBusConnection *connection;
  char *folder; /* state, spool and configuration */
  GSubprocess *process;
  GPtrArray *offerings; /* (element-type utf8): ids of the sample catalogue */
} Daemon;

/* --- calls --- */

static inline char *
deal_path (const char *deal)
{
  return g_strdup_printf (ROOT_PATH "/deal/D_%s", deal + 2);
}

/* @arguments: (transfer floating). (transfer full) */
static inline GVariant *
call_with_fds (Daemon *daemon,
               const char *path,
               const char *interface,
               const char *method,
               GVariant *arguments,
               GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_with_unix_fd_list_sync (
    daemon->connection, BUS_NAME, path, interface, method, arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
    CALL_TIMEOUT_MS, fds, NULL, NULL, &error);

  measure_require (reply != NULL, method, error);
  return reply;
}

static inline GVariant *
call_deal (Daemon *daemon, const char *deal, const char *method, GVariant *arguments)
{
  g_autofree char *path = deal_path (deal);

  return call_with_fds (daemon, path, "org.dealdesk1.Deal", method, arguments, NULL);
}

/* @text as a document: bytes, or above 64 KiB a sealed memfd, which is added to @fds. (transfer floating) */
static inline GVariant *
make_document (const char *text, GUnixFDList *fds)
{
  gsize size = strlen (text);
  g_autoptr (GError) error = NULL;
  int fd, handle;

  if (size <= MAX_INLINE)
    return g_variant_new_variant (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, size, 1));
  fd = memfd_create ("bench-bus", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  measure_require (fd >= 0 && write (fd, text, size) == (ssize_t)size &&
                     fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0,
                   "memfd", NULL);
  handle = g_unix_fd_list_append (fds, fd, &error);
  measure_require (handle >= 0, "memfd", error);
  close (fd);
  return g_variant_new_variant (g_variant_new_handle (handle));
}

/* --- the daemon's life --- */

static inline char *
required_variable (const char *name)
{
  const char *value = g_getenv (name);

  measure_require (value != NULL, name, NULL);
  return (char *)value;
}

static inline void
set_up_daemon (Daemon *daemon)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *spool = NULL, *config = NULL, *text = NULL;
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *samples =
    g_build_filename (required_variable ("DEALDESK_SOURCE"), "data", "samples", NULL);
  g_autofree char *catalogue = g_build_filename (samples, "charges.csv", NULL);
  g_autofree char *rows = NULL;
  g_auto (GStrv) lines = NULL;

  daemon->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  measure_require (daemon->connection != NULL, "session bus", error);
  daemon->folder = g_build_filename (here, "bench-bus-XXXXXX", NULL);
  measure_require (g_mkdtemp (daemon->folder) != NULL, daemon->folder, NULL);
  spool = g_build_filename (daemon->folder, "spool", NULL);
  measure_require (g_mkdir (spool, 0700) == 0, spool, NULL);
  config = g_build_filename (daemon->folder, "dealdesk.conf", NULL);
  text =
    g_strdup_printf ("[Provider]\nName=Sample Networks AG\n\n[plugin handoff-spool]\ndirectory=%s\n", spool);
  measure_require (g_file_set_contents (config, text, -1, &error), config, error);

  measure_require (g_file_get_contents (catalogue, &rows, NULL, &error), catalogue, error);
  lines = g_strsplit (rows, "\n", -1);
  /* Those that the catalogue prices; the rows of one lie together. */
  daemon->offerings = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      gsize length = strcspn (lines[i], ",");

      if (length > 0 && strncmp (lines[i], lines[i - 1], length + 1) != 0)
        g_ptr_array_add (daemon->offerings, g_strndup (lines[i], length));
    }
}

/* Only starts it; its name comes later. Its messages go to standard error. */
static inline void
spawn_daemon (Daemon *daemon)
{
  g_autoptr (GError) error = NULL;
  const char *build = required_variable ("DEALDESK_BUILD");
  g_autofree char *program = g_build_filename (build, "daemon", "dealdeskd", NULL);
  g_autofree char *plugins = g_build_filename (build, "plugins", NULL);
  g_autofree char *state = g_build_filename (daemon->folder, "state", NULL);
  g_autofree char *config = g_build_filename (daemon->folder, "dealdesk.conf", NULL);

  daemon->process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--session", "--state-dir",
                                      state, "--config", config, "--plugin-dir", plugins, NULL);
  measure_require (daemon->process != NULL, program, error);
}

/* Asks it to end, as a service manager would, and waits. */
static inline void
end_daemon (Daemon *daemon)
{
  g_subprocess_send_signal (daemon->process, SIGTERM);
  g_subprocess_wait (daemon->process, NULL, NULL);
  measure_require (g_subprocess_get_successful (daemon->process), "dealdeskd didn't end well", NULL);
  g_clear_object (&daemon->process);
}

static inline void
wait_for_name (Daemon *daemon)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GVariant) reply =
        g_dbus_connection_call_sync (daemon->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "NameHasOwner", g_variant_new ("(s)", BUS_NAME),
                                     G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
      gboolean owned = FALSE;

      g_variant_get (reply, "(b)", &owned);
      if (owned)
        return;
      g_usleep (5000);
    }
  measure_require (FALSE, "dealdeskd didn't come", NULL);
}

/* Its resident memory, from /proc. */
static inline double
daemon_rss_mib (Daemon *daemon)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/statm", g_subprocess_get_identifier (daemon->process));
  g_autofree char *text = NULL;
  unsigned long all = 0, resident = 0;

  measure_require (g_file_get_contents (path, &text, NULL, NULL) &&
                     sscanf (text, "%lu %lu", &all, &resident) == 2,
                   path, NULL);
  return (double)resident * (double)sysconf (_SC_PAGESIZE) / (1024 * 1024);
}

static inline void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* --- what it holds --- */

static inline void
import_samples (Daemon *daemon)
{
  static const char *const tables[] = { "offerings", "customers", "sites", "aliases", "members",
                                        "authority", "charges",   "tiers", "costs" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = g_strconcat (tables[i], ".csv", NULL);
      g_autofree char *path =
        g_build_filename (required_variable ("DEALDESK_SOURCE"), "data", "samples", name, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
      g_autoptr (GVariant) reply = NULL;

      measure_require (g_file_get_contents (path, &text, NULL, &error), path, error);
      reply = call_with_fds (daemon, ROOT_PATH "/catalog", "org.dealdesk1.Catalog", "Import",
                             g_variant_new ("(s@va{sv})", tables[i], make_document (text, fds), NULL), fds);
    }
}

/* A proposal of @n lines, each an offering of the catalogue in turn, with two clauses, one to be
 * acknowledged. */
static inline char *
make_proposal (Daemon *daemon, guint n)
{
  GString *text = g_string_new ("{\"commitment\":36,\"currency\":\"EUR\",\"lines\":[");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s{\"id\":\"%u\",\"offering\":\"%s\",\"quantity\":%u}", i > 0 ? "," : "",
                            i + 1, (char *)daemon->offerings->pdata[i % daemon->offerings->len], 1 + i % 5);
  g_string_append (
    text, "],\"terms\":["
          "{\"clause\":\"payment\",\"rung\":\"preferred\",\"title\":\"Payment\",\"text\":\"Payable within 30 "
          "days.\"},"
          "{\"clause\":\"liability\",\"rung\":\"preferred\",\"title\":\"Liability\",\"acknowledge\":true,"
          "\"text\":\"Liability is limited to the charges of one year.\"}]}");
  return g_string_free (text, FALSE);
}

/* Opens a deal that asks for what @proposal offers. (transfer full): its id. */
static inline char *
open_deal (Daemon *daemon, const char *proposal)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *document = make_document (proposal, fds);
  GVariantDict options;
  g_autoptr (GVariant) reply = NULL;
  char *deal = NULL;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "format", "s", "proposal");
  g_variant_dict_insert (&options, "customer", "s", "linden-market");
  reply = call_with_fds (daemon, ROOT_PATH, "org.dealdesk1.Manager", "Open",
                         g_variant_new ("(@v@a{sv})", document, g_variant_dict_end (&options)), fds);
  g_variant_get_child (reply, 0, "s", &deal);
  return deal;
}

/* The same, its request tabled as revision 1. */
static inline char *
open_tabled_deal (Daemon *daemon, const char *proposal)
{
  char *deal = open_deal (daemon, proposal);
  GVariantDict options;
  g_autoptr (GVariant) reply = NULL;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "as", "s", PROPOSER);
  reply = call_deal (daemon, deal, "Propose",
                     g_variant_new ("(@v@a{sv})", make_document ("", NULL), g_variant_dict_end (&options)));
  return deal;
}
