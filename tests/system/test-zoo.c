/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The zoo in runners of a real daemon, while eight clients negotiate: not one answer is lost, wrong or
 * doubled, and the daemon is the same process as before. And an animal inside the daemon that ends it: the
 * calls in flight are settled by their keys.
 *
 * The animals advise: so each misbehaves when its keeper asks it, and shipped plugins price. Two keepers and
 * the clients are threads with connections of their own; the main thread waits for them. The second test is
 * the first's control: what is harmless in a runner is the daemon's end inside.
 */
#include "storm-client.h"

#include <signal.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

#define N_KEEPERS 2
#define ROUNDS    3
/* Of one client: well below the number of people that the datasets know. */
#define ENOUGH_MOVES 1000

#define MANIFEST                                                                                             \
  "Kinds=negotiation\n[Option first]\nType=text\nDefault=none\n[Option second]\nType=text\nDefault=none\n"

typedef struct
{
  const char *id;
  gboolean advises; /* its misdeed is refused or harmless: it gives its advice; otherwise the call fails */
} Animal;

static const Animal animals[] = {
  { "advises-honest", TRUE }, { "advises-wild", FALSE },    { "advises-fork", TRUE },
  { "advises-abort", FALSE }, { "advises-memory", TRUE },   { "advises-noise", FALSE },
  { "advises-files", TRUE },  { "advises-quit", FALSE },    { "advises-connect", TRUE },
  { "advises-deep", FALSE },  { "advises-kill", TRUE },     { "advises-close", FALSE },
  { "advises-early", TRUE },  { "advises-leave", FALSE },   { "advises-leak", TRUE },
  { "advises-spin", FALSE },  { "advises-scribble", TRUE },
};

typedef struct
{
  guint number;
  GDBusConnection *connection;
  const char *price; /* of the deal of all, as it was */
  guint n_advised;
  guint n_failed;
} Keeper;

typedef struct
{
  StormClient clients[STORM_CLIENTS];
  GThread *threads[STORM_CLIENTS];
  gint over; /* atomic: the clients may stop */
} Crowd;

typedef struct
{
  StormClient *client;
  gint *over;
} Ticket;

/* --- clients --- */

static gpointer
run_client (gpointer data)
{
  g_autofree Ticket *ticket = data;

  while (!g_atomic_int_get (ticket->over) && ticket->client->moves->len < ENOUGH_MOVES &&
         storm_client_move (ticket->client))
    ;
  return NULL;
}

static void
let_in (Rig *rig, Crowd *crowd)
{
  storm_clients_start (rig, crowd->clients);
  for (guint i = 0; i < STORM_CLIENTS; i++)
    {
      Ticket *ticket = g_new (Ticket, 1);

      *ticket = (Ticket){ &crowd->clients[i], &crowd->over };
      crowd->threads[i] = g_thread_new ("client", run_client, ticket);
    }
}

static void
wait_for_clients (Crowd *crowd)
{
  for (guint i = 0; i < STORM_CLIENTS; i++)
    g_thread_join (crowd->threads[i]);
}

/* --- keepers --- */

static char *
price_of (GDBusConnection *connection)
{
  Call *call = call_document (call_number (call_new (STORM_SHARED_DEAL, "Price"), 0), NULL, 0);
  g_autoptr (DdJson) price = call_must (call, connection);

  return node_text (dd_json_root (price));
}

static Call *
advise (const char *id)
{
  return call_option (call_new (STORM_SHARED_DEAL, "Advise"), "plugin", g_variant_new_string (id));
}

/* AddressSanitizer leaves no limit for memory. */
static gboolean
should_advise (const Animal *animal)
{
  return animal->advises && !(SANITIZED && strcmp (animal->id, "advises-memory") == 0);
}

static void
visit (Keeper *keeper, const Animal *animal)
{
  g_autofree char *message = NULL;

  if (should_advise (animal))
    {
      g_autoptr (DdJson) advice = call_must (advise (animal->id), keeper->connection);

      g_assert_cmpstr (text_at (advice, "plugin"), ==, animal->id);
      g_assert_cmpstr (text_at (advice, "total"), ==, "EUR 42.00");
      keeper->n_advised++;
      return;
    }
  message = call_must_fail (advise (animal->id), keeper->connection, "PluginFailed");
  if (strstr (message, animal->id) == NULL)
    g_error ("“%s” doesn't name %s", message, animal->id);
  keeper->n_failed++;
}

/* One that spins costs its deadline: once is enough. */
static gboolean
is_slow (const Animal *animal)
{
  return strcmp (animal->id, "advises-spin") == 0;
}

static gpointer
run_keeper (gpointer data)
{
  Keeper *keeper = data;

  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (animals); i++)
    {
      guint n = (i + keeper->number * G_N_ELEMENTS (animals) / N_KEEPERS) % G_N_ELEMENTS (animals);
      g_autofree char *price = NULL;

      if (!is_slow (&animals[n]) || (keeper->number == 0 && i < G_N_ELEMENTS (animals)))
        visit (keeper, &animals[n]);
      price = price_of (keeper->connection);
      g_assert_cmpstr (price, ==, keeper->price);
    }
  return NULL;
}

static void
run_keepers (Rig *rig, Keeper *keepers)
{
  g_autofree char *price = price_of (rig->connection);
  GThread *threads[N_KEEPERS];

  for (guint i = 0; i < N_KEEPERS; i++)
    {
      keepers[i] = (Keeper){ .number = i, .connection = rig_connect (rig), .price = price };
      threads[i] = g_thread_new ("keeper", run_keeper, &keepers[i]);
    }
  for (guint i = 0; i < N_KEEPERS; i++)
    {
      g_thread_join (threads[i]);
      g_dbus_connection_close_sync (keepers[i].connection, NULL, NULL);
      g_object_unref (keepers[i].connection);
    }
}

/* --- the zoo --- */

static GSocket *
listen_on_loopback (guint16 *out_port)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;
  GSocket *listener =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_bind (listener, any, FALSE, &error);
  g_assert_no_error (error);
  g_socket_listen (listener, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (listener, &error);
  g_assert_no_error (error);
  *out_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return listener;
}

/* Something must be on the table before anybody is asked for advice. */
static void
set_the_table (Rig *rig)
{
  g_autoptr (DdJson) tabled = NULL;

  storm_prepare (rig);
  /* somebody of sales who makes no other move */
  tabled = propose (rig, STORM_SHARED_DEAL, NULL, "c0-1999");
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
}

/* What its animals look for is really there: a port, the daemon's own bus, a folder that its user may write
 * to. */
static void
fill_zoo (Rig *rig, guint16 port)
{
  g_autofree char *config = g_strdup_printf (
    "[plugin advises-connect]\nfirst=%u\nsecond=%s/bus\n\n[plugin advises-files]\nfirst=%s\n", port,
    rig->folder, rig->folder);

  rig_copy_plugins (rig);
  for (guint i = 0; i < G_N_ELEMENTS (animals); i++)
    rig_add_animal (rig, animals[i].id, MANIFEST);
  rig_add_config (rig, config);
}

static void
test_runners (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *planted = g_build_filename (rig->folder, "planted", NULL);
  g_autoptr (DdJson) verified = NULL;
  Keeper keepers[N_KEEPERS];
  Crowd crowd = { 0 };
  guint16 port;
  g_autoptr (GSocket) listener = listen_on_loopback (&port);
  pid_t daemon;

  fill_zoo (rig, port);
  rig_start (rig);
  daemon = rig_pid (rig);
  set_the_table (rig);
  let_in (rig, &crowd);
  run_keepers (rig, keepers);
  g_atomic_int_set (&crowd.over, TRUE);
  wait_for_clients (&crowd);

  g_assert_cmpint (rig_pid (rig), ==, daemon);
  g_assert_cmpuint (storm_count_unanswered (crowd.clients), ==, 0);
  for (guint i = 0; i < STORM_CLIENTS; i++)
    g_assert_cmpuint (crowd.clients[i].moves->len, >, 0);
  verified = rig_verify (rig);
  storm_check_log (rig, crowd.clients);
  storm_check_spool (rig);
  g_assert_false (g_file_test (planted, G_FILE_TEST_EXISTS));
  g_test_message ("%u moves, %u pieces of advice, %u failures of plugins", storm_count_moves (crowd.clients),
                  keepers[0].n_advised + keepers[1].n_advised, keepers[0].n_failed + keepers[1].n_failed);
  storm_clients_end (crowd.clients);
}

static void
test_inside (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (DdJson) verified = NULL;
  g_autoptr (Call) call = advise ("advises-wild");
  g_autoptr (GError) error = NULL;
  Crowd crowd = { 0 };
  int status;

  fill_zoo (rig, 1);
  rig_add_config (rig, "[Plugins]\nInDaemon=advises-wild\n");
  rig_start (rig);
  set_the_table (rig);
  let_in (rig, &crowd);
  for (guint i = 0; i < 20; i++)
    g_free (price_of (rig->connection));
  g_assert_null (call_send (call, rig->connection, &error));
  status = rig_wait_end (rig);
  if (SANITIZED)
    g_assert_cmpint (status, !=, 0);
  else
    g_assert_cmpint (status, ==, -SIGSEGV);
  wait_for_clients (&crowd);
  g_assert_cmpuint (storm_count_unanswered (crowd.clients), >, 0);

  rig_start (rig);
  verified = rig_verify (rig);
  storm_check_log (rig, crowd.clients);
  for (guint i = 0; i < STORM_CLIENTS; i++)
    g_assert_true (storm_client_move (&crowd.clients[i]));
  g_assert_cmpuint (storm_count_unanswered (crowd.clients), ==, 0);
  storm_check_log (rig, crowd.clients);
  storm_check_spool (rig);
  storm_clients_end (crowd.clients);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zoo/in-runners-it-costs-no-answer-and-no-wrong-one", test_runners);
  g_test_add_func ("/zoo/inside-a-crash-ends-the-daemon-and-keys-settle-what-was-in-flight", test_inside);
  return g_test_run ();
}
