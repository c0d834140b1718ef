/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Limit: the smallest GDBus daemon: from its start until the bus says that its name is owned, and its memory
 * then.
 *
 * Starts itself again and again as that daemon and watches the session bus. Prints
 * limit.daemon.start.{p50,p99} in milliseconds and limit.daemon.rss in MiB. Usage: limit-daemon [serve]
 */
#include "measure.h"

#include <gio/gio.h>
#include <unistd.h>

#define NAME  "org.dealdesk1.Limit.Daemon"
#define TIMES 60

static int
serve (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_bus_own_name (G_BUS_TYPE_SESSION, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 0;
}

typedef struct
{
  GMainLoop *loop;
  const char *path;
  GSubprocess *daemon;
  double started;
  guint done;
  double samples[TIMES];
  double rss;
} Starts;

static double
resident_mib (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/statm", pid);
  g_autofree char *text = NULL;
  unsigned long all = 0, resident = 0;

  measure_require (g_file_get_contents (path, &text, NULL, NULL) &&
                     sscanf (text, "%lu %lu", &all, &resident) == 2,
                   path, NULL);
  return (double)resident * (double)sysconf (_SC_PAGESIZE) / (1024 * 1024);
}

static void
start_once (Starts *starts)
{
  g_autoptr (GError) error = NULL;

  starts->started = measure_now ();
  starts->daemon = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, starts->path, "serve", NULL);
  measure_require (starts->daemon != NULL, "daemon", error);
}

/* The name is owned: the sample ends; the daemon is ended, and its name with it. */
static void
appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  Starts *starts = data;

  starts->samples[starts->done++] = measure_now () - starts->started;
  starts->rss = resident_mib (g_subprocess_get_identifier (starts->daemon));
  g_subprocess_force_exit (starts->daemon);
}

static void
vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  Starts *starts = data;

  measure_require (connection != NULL, "session bus", NULL);
  if (starts->daemon != NULL)
    {
      g_subprocess_wait (starts->daemon, NULL, NULL);
      g_clear_object (&starts->daemon);
    }
  if (starts->done < TIMES)
    start_once (starts);
  else
    g_main_loop_quit (starts->loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = NULL;
  Starts starts = { 0 };

  if (argc == 2 && g_str_equal (argv[1], "serve"))
    return serve ();
  loop = g_main_loop_new (NULL, FALSE);
  starts.loop = loop;
  starts.path = argv[0];
  g_bus_watch_name (G_BUS_TYPE_SESSION, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, appeared, vanished, &starts,
                    NULL);
  g_main_loop_run (loop);

  measure_sort (starts.samples, TIMES);
  measure_print ("limit.daemon.start.p50", measure_at (starts.samples, TIMES, 0.5) / 1000, "ms");
  measure_print ("limit.daemon.start.p99", measure_at (starts.samples, TIMES, 0.99) / 1000, "ms");
  measure_print ("limit.daemon.rss", starts.rss, "MiB");
  return 0;
}
