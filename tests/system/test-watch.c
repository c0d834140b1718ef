/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Watching misses nothing: many watchers at once, signals that get lost, a daemon that is killed, and a
 * watcher that doesn't read for a while. What each saw is held against the deals' logs.
 *
 * Watchers follow as dealctl does (ctl/follow.h), each on a connection of its own, some dozen to a thread;
 * one is dealctl itself.
 */
#include "watchers.h"

#include "fault.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define IN_FLIGHT 32

/* --- moves --- */

typedef struct
{
  const Rig *rig;
  GPtrArray *deals; /* (element-type utf8): asked in turns */
  guint sent;
  guint done;
  guint count;
} Asking;

static void ask_next (Asking *asking);

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *asking = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  g_assert_no_error (error);
  asking->done++;
  ask_next (asking);
}

static void
ask_next (Asking *asking)
{
  const char *deal;
  g_autofree char *path = NULL;

  if (asking->sent == asking->count)
    return;
  deal = asking->deals->pdata[asking->sent++ % asking->deals->len];
  path = g_strdup_printf ("/org/dealdesk1/deal/D_%s", deal + 2);
  g_dbus_connection_call (asking->rig->connection, "org.dealdesk1", path, "org.dealdesk1.Deal", "Ask",
                          g_variant_new_parsed ("('', 'Why?', {'as': <'anna'>})"), NULL,
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, on_asked, asking);
}

/* @each questions on each of @deals. */
static void
ask_all (const Rig *rig, GPtrArray *deals, guint each)
{
  Asking asking = { .rig = rig, .deals = deals, .count = each * deals->len };

  for (guint i = 0; i < IN_FLIGHT; i++)
    ask_next (&asking);
  while (asking.done < asking.count)
    rig_iterate ();
}

/* (element-type utf8) */
static GPtrArray *
open_deals (const Rig *rig, guint n)
{
  GPtrArray *deals = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (deals, open_small (rig, 1, NULL));
  return deals;
}

/* --- tests --- */

#define THREADS    4
#define EACH       25
#define ASKED_EACH 10

/* A hundred connections, each on its own deal, but one in 25 on all. */
static void
test_many (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GPtrArray) deals = NULL;
  Crowd *crowds[THREADS];

  rig_start (rig);
  rig_import_samples (rig);
  deals = open_deals (rig, THREADS * EACH);
  for (guint i = 0; i < THREADS; i++)
    {
      crowds[i] = crowd_new (rig, EACH);
      for (guint k = 0; k < EACH; k++)
        {
          crowds[i]->watchers[k].deal = k == 0 ? "" : deals->pdata[i * EACH + k];
          crowds[i]->watchers[k].expected = k == 0 ? deals->len * ASKED_EACH : ASKED_EACH;
        }
      crowd_start (crowds[i]);
    }
  for (guint i = 0; i < THREADS; i++)
    crowd_wait_on (crowds[i]);
  ask_all (rig, deals, ASKED_EACH);
  for (guint i = 0; i < THREADS; i++)
    {
      crowd_join (crowds[i]);
      for (guint k = 0; k < EACH; k++)
        {
          const Watcher *watcher = &crowds[i]->watchers[k];

          for (guint d = 0; d < deals->len; d++)
            if (k == 0 || strcmp (deals->pdata[d], watcher->deal) == 0)
              check_seen (rig, &watcher->seen, deals->pdata[d], 1);
        }
      crowd_free (crowds[i]);
    }
}

/* A gap is noticed by what comes after it, so the last signal comes through. */
static gboolean
loses_most (guint64 version, gpointer data)
{
  return version % 3 != 0 && version < *(const guint64 *)data;
}

/* One that takes signals as they come, as a client does that doesn't look at versions. */
typedef struct
{
  guint events;
  guint64 last;
} Naive;

static void
on_naive (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer data)
{
  Naive *naive = data;
  g_autofree const char **events = NULL;

  g_variant_get (parameters, "(&st&s^a&s)", NULL, &naive->last, NULL, &events);
  naive->events += g_strv_length ((char **)events);
}

#define GAP_DEALS 10
#define GAP_ASKED 30

static void
test_gaps (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GPtrArray) deals = NULL;
  g_autoptr (Crowd) crowd = NULL;
  guint64 last = 1 + GAP_ASKED;
  Naive naive = { 0 };
  Watcher control = { 0 };
  GDBusConnection *connection;
  guint filter, subscription;

  rig_start (rig);
  rig_import_samples (rig);
  deals = open_deals (rig, GAP_DEALS);
  crowd = crowd_new (rig, GAP_DEALS + 1);
  crowd->loses = loses_most;
  crowd->loses_data = &last;
  for (guint i = 0; i <= GAP_DEALS; i++)
    {
      crowd->watchers[i].deal = i < GAP_DEALS ? deals->pdata[i] : "";
      crowd->watchers[i].expected = i < GAP_DEALS ? GAP_ASKED : GAP_DEALS * GAP_ASKED;
    }
  crowd_start (crowd);
  crowd_wait_on (crowd);

  connection = rig_connect (rig);
  control.crowd = crowd;
  filter = g_dbus_connection_add_filter (connection, lose, &control, NULL);
  subscription =
    g_dbus_connection_signal_subscribe (connection, "org.dealdesk1", "org.dealdesk1.Manager", "Moved", NULL,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_naive, &naive, NULL);
  g_autoptr (DdJson) none =
    call_must (call_text (call_new ("manager", "Watch"), deals->pdata[0]), connection);

  ask_all (rig, deals, GAP_ASKED);
  crowd_join (crowd);
  for (guint i = 0; i < GAP_DEALS; i++)
    {
      g_assert_cmpint (g_atomic_int_get (&crowd->watchers[i].dropped), >, 0);
      check_seen (rig, &crowd->watchers[i].seen, deals->pdata[i], 1);
      check_seen (rig, &crowd->watchers[GAP_DEALS].seen, deals->pdata[i], 1);
    }
  /* The control. */
  while (naive.last < last)
    rig_iterate ();
  g_assert_cmpuint (naive.events, >, 0);
  g_assert_cmpuint (naive.events, <, GAP_ASKED);
  g_dbus_connection_signal_unsubscribe (connection, subscription);
  g_dbus_connection_remove_filter (connection, filter);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_object_unref (connection);
}

static gboolean
loses_all (guint64 version, gpointer data)
{
  return g_atomic_int_get ((gint *)data);
}

/* Every signal of the first daemon's is lost; the second one's logs have it all. */
static void
test_restart (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GPtrArray) deals = NULL;
  g_autoptr (Crowd) crowd = crowd_new (rig, 3);
  gint deaf = TRUE;

  rig_start (rig);
  rig_import_samples (rig);
  deals = open_deals (rig, 5);
  crowd->loses = loses_all;
  crowd->loses_data = &deaf;
  for (guint i = 0; i < crowd->n; i++)
    {
      crowd->watchers[i].deal = i == 0 ? "" : deals->pdata[i];
      crowd->watchers[i].expected = i == 0 ? deals->len * 20 : 20;
    }
  crowd_start (crowd);
  crowd_wait_on (crowd);
  ask_all (rig, deals, 10);
  rig_kill (rig);
  g_atomic_int_set (&deaf, FALSE);
  rig_start (rig);
  ask_all (rig, deals, 10);
  crowd_join (crowd);
  for (guint i = 0; i < deals->len; i++)
    {
      check_seen (rig, &crowd->watchers[0].seen, deals->pdata[i], 1);
      if (i > 0 && i < crowd->n)
        check_seen (rig, &crowd->watchers[i].seen, deals->pdata[i], 1);
    }
}

/* --- one that doesn't read --- */

/* Resident, in KiB. */
static guint64
memory_of (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/statm", (int)pid);
  g_autofree char *text = NULL;
  const char *second;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  second = strchr (text, ' ');
  return g_ascii_strtoull (second, NULL, 10) * (guint64)sysconf (_SC_PAGESIZE) / 1024;
}

/* dealctl watch --json on all deals; it writes into @path. */
static GSubprocess *
start_dealctl (const Rig *rig, const char *path)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_stdout_file_path (launcher, path);
  process = g_subprocess_launcher_spawn (launcher, &error, DEALCTL, "watch", "--json", "--address",
                                         rig->address, NULL);
  g_assert_no_error (error);
  return process;
}

/* What it has written so far, line by line; @out_from_log: how many moves came without a signal. */
static void
read_lines (const char *path, Seen *seen, guint *out_from_log)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  seen_init (seen);
  *out_from_log = 0;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  /* What follows the last line end isn't a line yet. */
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DdJson) json = dd_json_parse (lines[i], strlen (lines[i]), NULL, &error);
      const DdJsonNode *events;
      guint64 version;

      g_assert_no_error (error);
      events = at (dd_json_root (json), "events");
      version = g_ascii_strtoull (text_at (json, "version"), NULL, 10) - dd_json_length (events);
      *out_from_log += text_at (json, "state") == NULL;
      for (const DdJsonNode *event = dd_json_first (events); event != NULL; event = dd_json_next (event))
        see (seen, text_at (json, "deal"), ++version, dd_json_text (event));
    }
}

/* Asks until there is an answer to it: from then on it watches. Returns how often it asked each deal. */
static guint
wait_for_dealctl (const Rig *rig, GPtrArray *deals, const char *path)
{
  for (guint asked = 1;; asked++)
    {
      guint from_log;
      Seen seen;

      ask_all (rig, deals, 1);
      g_usleep (G_USEC_PER_SEC / 20);
      read_lines (path, &seen, &from_log);
      g_hash_table_unref (seen.by_deal);
      if (seen.n > 0)
        return asked;
    }
}

static gboolean
was_cut_off (const Rig *rig)
{
  g_autofree char *said = rig_said (rig);

  return strstr (said, "doesn't read what it watches") != NULL;
}

#define STOPPED_DEALS  20
#define STOPPED_ROUNDS 100 /* of 20 moves; above 128 + 512 it must be cut off */
#define MEMORY_KIB     (16 * 1024)

/* AddressSanitizer keeps what was freed. */
#ifdef __SANITIZE_ADDRESS__
#define DAEMON_KIB (1024 * 1024)
#else
#define DAEMON_KIB MEMORY_KIB
#endif

/* The version from which on it was complete; all of it must be there. */
static void
check_lines (const Rig *rig, GPtrArray *deals, const Seen *seen)
{
  for (guint i = 0; i < deals->len; i++)
    {
      const GPtrArray *events = g_hash_table_lookup (seen->by_deal, deals->pdata[i]);

      g_assert_nonnull (events);
      check_seen (rig, seen, deals->pdata[i], g_ascii_strtoull (events->pdata[0], NULL, 10) - 1);
    }
}

static void
test_stopped (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GPtrArray) deals = NULL;
  g_autoptr (Crowd) crowd = crowd_new (rig, 1);
  g_autofree char *path = g_build_filename (rig->folder, "moves.json", NULL);
  g_autoptr (GSubprocess) dealctl = NULL;
  guint64 daemon_before, bus_before;
  pid_t bus_pid = (pid_t)g_ascii_strtoll (g_subprocess_get_identifier (rig->bus), NULL, 10);
  guint asked, from_log = 0;
  Seen seen;

  rig_start (rig);
  rig_import_samples (rig);
  deals = open_deals (rig, STOPPED_DEALS);
  dealctl = start_dealctl (rig, path);
  asked = wait_for_dealctl (rig, deals, path);
  crowd->watchers[0].deal = "";
  crowd->watchers[0].expected = deals->len * STOPPED_ROUNDS;
  crowd_start (crowd);
  crowd_wait_on (crowd);
  daemon_before = memory_of (rig_pid (rig));
  bus_before = memory_of (bus_pid);

  g_subprocess_send_signal (dealctl, SIGSTOP);
  ask_all (rig, deals, STOPPED_ROUNDS);
  g_assert_true (was_cut_off (rig));
  crowd_join (crowd);
  for (guint i = 0; i < deals->len; i++)
    check_seen (rig, &crowd->watchers[0].seen, deals->pdata[i], 1 + asked);
  g_assert_cmpuint (memory_of (rig_pid (rig)), <, daemon_before + DAEMON_KIB);
  g_assert_cmpuint (memory_of (bus_pid), <, bus_before + MEMORY_KIB);

  g_subprocess_send_signal (dealctl, SIGCONT);
  for (gboolean complete = FALSE; !complete;)
    {
      const GPtrArray *events;
      g_autofree char *end = g_strdup_printf ("%u asked", 1 + asked + STOPPED_ROUNDS);

      g_usleep (G_USEC_PER_SEC / 20);
      read_lines (path, &seen, &from_log);
      complete = TRUE;
      for (guint i = 0; i < deals->len; i++)
        {
          events = g_hash_table_lookup (seen.by_deal, deals->pdata[i]);
          complete = complete && events != NULL && strcmp (events->pdata[events->len - 1], end) == 0;
        }
      if (!complete)
        g_hash_table_unref (seen.by_deal);
    }
  check_lines (rig, deals, &seen);
  g_assert_cmpuint (from_log, >, 0);
  g_hash_table_unref (seen.by_deal);
  g_subprocess_send_signal (dealctl, SIGTERM);
  g_subprocess_wait (dealctl, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (dealctl), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ctl_fault_register ();
  g_test_add_func ("/watch/a-hundred-watchers-miss-nothing", test_many);
  g_test_add_func ("/watch/lost-signals-are-read-from-the-log-and-who-ignores-gaps-misses-them", test_gaps);
  g_test_add_func ("/watch/a-killed-daemon-costs-no-event", test_restart);
  g_test_add_func ("/watch/one-that-doesnt-read-is-cut-off-without-harm-and-resumes", test_stopped);
  return g_test_run ();
}
