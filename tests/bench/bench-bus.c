/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench-bus: the daemon over the session bus, as its callers see it.
 *
 * Calls that wait for their replies are measured one by one, after a tenth as many to warm up; the figure is
 * the median, or the percentile in its name. Pipelined figures keep 32 calls in flight and count whole
 * replies. Every mutating call has an idempotency key of its own, as dealctl's have. start.empty is the
 * median time from spawning the daemon, on a store without deals, until the bus says that its name is owned;
 * start.first made that store.
 *
 * Limits are measured by the limit-… programs. Usage: bench-bus [start|get|reprice|move|pipelined|propose]:
 * only that part.
 */
#include "bus-daemon.h"

#define IN_FLIGHT       32
#define STARTS          41
#define REVISIONS_EACH  50
#define MOVE_DEALS      8
#define SYNC_MOVES      2000
#define PIPELINED_MOVES 30000
#define PROPOSALS       6000

/* --- one at a time --- */

typedef struct
{
  Daemon *daemon;
  const char *proposal;
  char *deal;
  guint n;
} Series;

typedef void (*Call) (Series *series);

/* Sorted microseconds of @count calls. (transfer full) */
static double *
time_calls (Series *series, Call call, guint count)
{
  double *samples = g_new (double, count);
  guint warm = MAX (count / 10, 5);

  for (series->n = 0; series->n < warm + count; series->n++)
    {
      double start = measure_now ();

      call (series);
      if (series->n >= warm)
        samples[series->n - warm] = measure_now () - start;
    }
  measure_sort (samples, count);
  return samples;
}

/* Even calls ask for totals only, odd ones for the flat reply: both are the figure. */
static void
reprice (Series *series)
{
  GVariantDict options;
  g_autoptr (GVariant) reply = NULL;

  g_variant_dict_init (&options, NULL);
  if (series->n % 2 == 1)
    g_variant_dict_insert (&options, "flat", "b", TRUE);
  reply = call_deal (series->daemon, series->deal, "Reprice",
                     g_variant_new ("(u@a{sv})", 1, g_variant_dict_end (&options)));
}

static void
measure_reprice (Daemon *daemon)
{
  static const guint sizes[] = { 1, 100, 1000, 10000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *proposal = make_proposal (daemon, sizes[i]);
      g_autofree char *deal = open_tabled_deal (daemon, proposal);
      g_autofree char *name = g_strdup_printf ("reprice.dbus.%u", sizes[i]);
      guint count = sizes[i] >= 1000 ? 300000 / sizes[i] + 70 : 2000;
      Series series = { .daemon = daemon, .deal = deal };
      g_autofree double *samples = time_calls (&series, reprice, count);

      measure_print (name, measure_at (samples, count, 0.5) / 1000, "ms");
    }
}

static void
get (Series *series)
{
  g_autoptr (GVariant) reply =
    call_deal (series->daemon, series->deal, "Get", g_variant_new ("(a{sv})", NULL));

  if (series->n == 0)
    measure_print ("get.1KiB.reply", (double)g_variant_get_size (reply) / 1024, "KiB");
}

static void
measure_get (Daemon *daemon)
{
  g_autofree char *proposal = make_proposal (daemon, 10);
  g_autofree char *deal = open_tabled_deal (daemon, proposal);
  Series series = { .daemon = daemon, .deal = deal };
  g_autofree double *samples = time_calls (&series, get, 3000);

  measure_print ("get.1KiB", measure_at (samples, 3000, 0.5), "us");
  measure_print ("get.1KiB.p99", measure_at (samples, 3000, 0.99), "us");
}

/* (transfer floating) */
static GVariant *
mutating_options (const char *kind, guint n, gboolean by_customer)
{
  GVariantDict options;
  g_autofree char *key = g_strdup_printf ("%s-%u", kind, n);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "as", "s", PROPOSER);
  g_variant_dict_insert (&options, "idempotency-key", "s", key);
  if (by_customer)
    {
      g_variant_dict_insert (&options, "customer-person", "s", "Sample person");
      g_variant_dict_insert (&options, "channel", "s", "portal");
    }
  return g_variant_dict_end (&options);
}

/* The time of opening a fresh deal isn't the move's: it is opened by the call before. */
static void
propose (Series *series)
{
  g_autoptr (GVariant) reply = call_deal (series->daemon, series->deal, "Propose",
                                          g_variant_new ("(@v@a{sv})", make_document (series->proposal, NULL),
                                                         mutating_options ("sync", series->n, FALSE)));
}

static void
measure_move (Daemon *daemon)
{
  g_autofree char *proposal = make_proposal (daemon, 10);
  g_autofree double *samples = g_new (double, SYNC_MOVES);
  Series series = { .daemon = daemon, .proposal = proposal };
  guint warm = SYNC_MOVES / 10;

  for (series.n = 0; series.n < warm + SYNC_MOVES; series.n++)
    {
      double start;

      if (series.n % REVISIONS_EACH == 0)
        {
          g_free (series.deal);
          series.deal = open_deal (daemon, proposal);
        }
      start = measure_now ();
      propose (&series);
      if (series.n >= warm)
        samples[series.n - warm] = measure_now () - start;
    }
  g_free (series.deal);
  measure_sort (samples, SYNC_MOVES);
  measure_print ("move.sync", measure_at (samples, SYNC_MOVES, 0.5) / 1000, "ms");
  measure_print ("move.sync.p99", measure_at (samples, SYNC_MOVES, 0.99) / 1000, "ms");
}

/* --- pipelined --- */

typedef struct _Pipeline Pipeline;

/* One call's arguments; @n counts from 0. (transfer floating) */
typedef GVariant *(*Arguments) (Pipeline *pipeline, guint n);

struct _Pipeline
{
  Daemon *daemon;
  const char *method;
  const char *proposal;
  Arguments arguments;
  GPtrArray *paths; /* of deals, taken in turns */
  guint lanes;      /* how many deals are in turns at once */
  guint each;       /* calls on a deal before its lane goes on to the next one */
  guint sent;
  guint to_come;
  guint count;
  GMainLoop *loop;
};

static void send_next (Pipeline *pipeline, guint lane);

typedef struct
{
  Pipeline *pipeline;
  guint lane;
} Flight;

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Flight *flight = data;
  Pipeline *pipeline = flight->pipeline;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  measure_require (reply != NULL, pipeline->method, error);
  if (--pipeline->to_come == 0)
    g_main_loop_quit (pipeline->loop);
  else if (pipeline->sent < pipeline->count)
    send_next (pipeline, flight->lane);
}

/* A lane's calls go to its own deals, so that its next one goes out only after its last one came back. */
static void
send_next (Pipeline *pipeline, guint lane)
{
  Flight *flight = g_new (Flight, 1);
  guint turn = pipeline->sent / (pipeline->lanes * pipeline->each);
  const char *path =
    pipeline->paths->pdata[(turn * pipeline->lanes + lane % pipeline->lanes) % pipeline->paths->len];

  *flight = (Flight){ pipeline, lane };
  g_dbus_connection_call (pipeline->daemon->connection, BUS_NAME, path, "org.dealdesk1.Deal",
                          pipeline->method, pipeline->arguments (pipeline, pipeline->sent++), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, NULL, on_reply, flight);
}

/* Calls a second. */
static double
run_pipeline (Pipeline *pipeline, guint count)
{
  double start = measure_now ();

  pipeline->count = pipeline->sent + count;
  pipeline->to_come = count;
  for (guint lane = 0; lane < IN_FLIGHT; lane++)
    send_next (pipeline, lane);
  g_main_loop_run (pipeline->loop);
  return count / (measure_now () - start) * 1e6;
}

static GVariant *
acknowledge_arguments (Pipeline *pipeline, guint n)
{
  return g_variant_new ("(us@a{sv})", 1, "liability", mutating_options ("acknowledge", n, TRUE));
}

static GVariant *
propose_arguments (Pipeline *pipeline, guint n)
{
  return g_variant_new ("(@v@a{sv})", make_document (pipeline->proposal, NULL),
                        mutating_options ("propose", n, FALSE));
}

/* A tenth as many calls warm up. */
static void
measure_pipeline (Pipeline *pipeline, const char *figure, guint n_deals, gboolean tabled, guint count)
{
  g_autofree char *proposal = make_proposal (pipeline->daemon, 10);

  pipeline->proposal = proposal;
  pipeline->loop = g_main_loop_new (NULL, FALSE);
  pipeline->paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_deals; i++)
    {
      g_autofree char *deal =
        tabled ? open_tabled_deal (pipeline->daemon, proposal) : open_deal (pipeline->daemon, proposal);

      g_ptr_array_add (pipeline->paths, deal_path (deal));
    }
  run_pipeline (pipeline, count / 10);
  measure_print (figure, run_pipeline (pipeline, count), "calls/s");
  g_ptr_array_unref (pipeline->paths);
  g_main_loop_unref (pipeline->loop);
}

static void
measure_acknowledge (Daemon *daemon)
{
  Pipeline acknowledge = { .daemon = daemon,
                           .method = "Acknowledge",
                           .arguments = acknowledge_arguments,
                           .lanes = MOVE_DEALS,
                           .each = G_MAXINT / MOVE_DEALS };

  measure_pipeline (&acknowledge, "move.pipelined", MOVE_DEALS, TRUE, PIPELINED_MOVES);
}

static void
measure_propose (Daemon *daemon)
{
  guint proposals = PROPOSALS + PROPOSALS / 10;
  Pipeline propose_each = { .daemon = daemon,
                            .method = "Propose",
                            .arguments = propose_arguments,
                            .lanes = IN_FLIGHT,
                            .each = REVISIONS_EACH };

  measure_pipeline (&propose_each, "propose.pipelined",
                    IN_FLIGHT * (proposals / (IN_FLIGHT * REVISIONS_EACH) + 1), FALSE, PROPOSALS);
}

/* --- starts --- */

typedef struct
{
  Daemon *daemon;
  GMainLoop *loop;
  double started;
  guint done;
  double samples[STARTS];
} Starts;

static void
start_once (Starts *starts)
{
  starts->started = measure_now ();
  spawn_daemon (starts->daemon);
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  Starts *starts = data;

  starts->samples[starts->done++] = measure_now () - starts->started;
  end_daemon (starts->daemon);
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  Starts *starts = data;

  measure_require (connection != NULL, "session bus", NULL);
  if (starts->done < STARTS)
    start_once (starts);
  else
    g_main_loop_quit (starts->loop);
}

/* Leaves a store that was imported into, and no daemon. */
static void
measure_starts (Daemon *daemon)
{
  Starts starts = { .daemon = daemon, .loop = g_main_loop_new (NULL, FALSE) };
  guint watch = g_bus_watch_name (G_BUS_TYPE_SESSION, BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                                  on_vanished, &starts, NULL);

  g_main_loop_run (starts.loop);
  g_bus_unwatch_name (watch);
  g_main_loop_unref (starts.loop);
  measure_print ("start.first", starts.samples[0] / 1000, "ms");
  measure_sort (starts.samples + 1, STARTS - 1);
  measure_print ("start.empty", measure_at (starts.samples + 1, STARTS - 1, 0.5) / 1000, "ms");
}

/* What @only names, or everything. */
static gboolean
is_wanted (const char *only, const char *part)
{
  return only == NULL || g_str_equal (only, part);
}

static void
measure_work (Daemon *daemon, const char *only)
{
  if (is_wanted (only, "get"))
    measure_get (daemon);
  if (is_wanted (only, "reprice"))
    measure_reprice (daemon);
  if (is_wanted (only, "move"))
    measure_move (daemon);
  if (is_wanted (only, "pipelined"))
    measure_acknowledge (daemon);
  if (is_wanted (only, "propose"))
    measure_propose (daemon);
}

int
main (int argc, char **argv)
{
  const char *only = argc == 2 ? argv[1] : NULL;
  Daemon daemon = { 0 };

  set_up_daemon (&daemon);
  if (is_wanted (only, "start"))
    measure_starts (&daemon);

  spawn_daemon (&daemon);
  wait_for_name (&daemon);
  g_usleep (G_USEC_PER_SEC / 2);
  measure_print ("rss.idle", daemon_rss_mib (&daemon), "MiB");
  import_samples (&daemon);
  measure_work (&daemon, only);
  measure_print ("rss.worked", daemon_rss_mib (&daemon), "MiB");
  end_daemon (&daemon);
  remove_folder (daemon.folder);

  g_ptr_array_unref (daemon.offerings);
  g_free (daemon.folder);
  g_object_unref (daemon.connection);
  return 0;
}
