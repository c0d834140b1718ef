/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Eight clients, a storm of moves, kill -9 at a random moment, again and again.
 *
 * Each move has a key of its own and is made as a person of its own (storm.h). After each restart the chains
 * must verify; then every client sends its unanswered move again, with its key, before it goes on. In the end
 * all is answered, and the log and the spool are compared with the answers.
 *
 * $DEALDESK_STORM_ROUNDS: how often the daemon is killed; 12 without it, 100 for a release.
 * $DEALDESK_STORM_MS: the longest time before a kill; 300 without it, more for a slow build. Each client is a
 * thread with a connection of its own; the main thread kills, restarts and checks while they are joined.
 */
#include "moves.h"
#include "storm.h"

#include <string.h>

#define N_CLIENTS   8
#define MOST_MOVES  2000 /* of one client: how many people the datasets know */
#define SHARED_DEAL "D-1"

typedef struct
{
  guint number;
  Rig *rig;
  GDBusConnection *connection;
  GRand *random;
  GPtrArray *moves;   /* StormMove* */
  Call *call;         /* (nullable): not answered yet; of the newest move */
  gboolean on_shared; /* it asks about the deal of all, beside the way of its own */
  guint step;         /* of the own deal's way */
  char *deal;         /* the own one */
  char *fingerprint;  /* of the revision that both accepted */
} Client;

/* --- one client's way --- */

static const char offer_text[] =
  "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\"},{\"id\":\"2\",\"offering\":\"uni-1g\"}],"
  "\"terms\":[{\"clause\":\"liability\",\"title\":\"Liability\",\"text\":\"Up to a limit.\","
  "\"acknowledge\":true}],\"orders\":[{\"id\":\"1\",\"lines\":[\"1\",\"2\"]}],\"commitment\":12}";

static Call *
make_open (Client *client)
{
  Call *call = call_document (call_new ("manager", "Open"), offer_text, -1);

  call_option (call, "format", g_variant_new_string ("proposal"));
  return call_option (call, "customer", g_variant_new_string ("linden-market"));
}

static Call *
make_propose (Client *client)
{
  return call_document (call_new (client->deal, "Propose"), NULL, 0);
}

static Call *
make_propose_again (Client *client)
{
  return call_document (call_new (client->deal, "Propose"), offer_text, -1);
}

static Call *
make_ask (Client *client)
{
  return call_customer (
    call_text (call_text (call_new (client->deal, "Ask"), "clause:liability"), "Why a limit?"), "J. Linden");
}

static Call *
make_answer (Client *client)
{
  return call_text (call_number (call_new (client->deal, "Answer"), 1), "Because there must be one.");
}

static Call *
make_counter (Client *client)
{
  return call_customer (call_document (call_number (call_new (client->deal, "Counter"), 2), offer_text, -1),
                        "J. Linden");
}

static Call *
make_acknowledge (Client *client)
{
  return call_customer (call_text (call_number (call_new (client->deal, "Acknowledge"), 3), "liability"),
                        "J. Linden");
}

/* The fingerprint came with the counter's answer. */
static Call *
make_accept (Client *client)
{
  return call_text (call_number (call_new (client->deal, "Accept"), 3), client->fingerprint);
}

static Call *
make_customer_sign (Client *client)
{
  return call_customer (call_text (call_new (client->deal, "Sign"), client->fingerprint), "J. Linden");
}

static Call *
make_sign (Client *client)
{
  return call_text (call_new (client->deal, "Sign"), client->fingerprint);
}

static const struct
{
  Call *(*make) (Client *client);
  const char *leading;
} way[] = {
  { make_open, "opened" },
  { make_propose, "drafted" },
  { make_ask, "asked" },
  { make_answer, "answered" },
  { make_propose_again, "drafted" },
  { make_counter, "drafted" },
  { make_acknowledge, "acknowledged" },
  { make_accept, "agreed" },
  { make_customer_sign, "signed" },
  { make_sign, "signed" },
};

static void
prepare_move (Client *client)
{
  StormMove *move = g_new0 (StormMove, 1);

  g_assert_cmpuint (client->moves->len, <, MOST_MOVES);
  move->actor = g_strdup_printf ("c%u-%u", client->number, client->moves->len);
  client->on_shared = client->step > 0 && g_rand_int_range (client->random, 0, 3) == 0;
  if (client->on_shared)
    client->call = call_text (call_text (call_new (SHARED_DEAL, "Ask"), ""), move->actor);
  else
    client->call = way[client->step].make (client);
  move->leading = client->on_shared ? "asked" : way[client->step].leading;
  call_key (call_as (client->call, move->actor), move->actor);
  g_ptr_array_add (client->moves, move);
}

static void
note_answer (Client *client, const Answer *answer)
{
  StormMove *move = client->moves->pdata[client->moves->len - 1];
  gboolean opens = !client->on_shared && client->step == 0;
  g_autoptr (DdJson) reply = answer_json (answer);

  move->state = MOVE_DONE;
  if (opens)
    {
      g_free (client->deal);
      g_variant_get_child (answer->value, 0, "s", &client->deal);
    }
  move->deal = g_strdup (client->on_shared ? SHARED_DEAL : client->deal);
  g_variant_get_child (answer->value, opens ? 1 : 0, "t", &move->version);
  g_variant_get_child (answer->value, opens ? 2 : 1, "s", &move->head);
  if (client->on_shared)
    return;
  if (way[client->step].make == make_counter)
    {
      g_free (client->fingerprint);
      client->fingerprint = g_strdup (text_at (reply, "fingerprint"));
    }
  client->step = (client->step + 1) % G_N_ELEMENTS (way);
}

/* FALSE: the daemon is gone. */
static gboolean
make_move (Client *client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = NULL;

  if (client->call == NULL)
    prepare_move (client);
  answer = call_send (client->call, client->connection, &error);
  if (answer == NULL)
    {
      g_autofree char *refused = error_name (error);

      /* Nothing in a client's way is against a rule. */
      if (refused[0] != '\0')
        g_error ("%s, step %u: %s", ((StormMove *)client->moves->pdata[client->moves->len - 1])->actor,
                 client->step, error->message);
      return FALSE;
    }
  note_answer (client, answer);
  g_clear_pointer (&client->call, call_free);
  return TRUE;
}

static gpointer
run_client (gpointer data)
{
  while (make_move (data))
    ;
  return NULL;
}

/* --- the log and the spool --- */

static void
add_events (GPtrArray *events, const char *deal, const GPtrArray *pages)
{
  for (guint i = 0; i < pages->len; i++)
    for (const DdJsonNode *node = dd_json_first (at (dd_json_root (pages->pdata[i]), "events")); node != NULL;
         node = dd_json_next (node))
      {
        StormEvent *event = g_new0 (StormEvent, 1);

        event->deal = g_strdup (deal);
        event->version = g_ascii_strtoull (dd_json_text (dd_json_member (node, "version")), NULL, 10);
        event->type = g_strdup (dd_json_text (dd_json_member (node, "type")));
        event->actor = g_strdup (dd_json_text (dd_json_member (node, "actor")));
        event->head = g_strdup (dd_json_text (dd_json_member (node, "head")));
        g_ptr_array_add (events, event);
      }
}

/* (element-type utf8): all deals' ids, by keyset pages. */
static GPtrArray *
list_deals (Rig *rig)
{
  GPtrArray *deals = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *before = g_strdup ("");

  do
    {
      g_autoptr (Call) call = call_number (call_text (call_new ("manager", "List"), before), 500);
      g_autoptr (GError) error = NULL;
      g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
      g_autoptr (GVariantIter) rows = NULL;
      char *id;

      g_assert_no_error (error);
      g_clear_pointer (&before, g_free);
      g_variant_get (answer->value, "(a(sstsssx)s)", &rows, &before);
      while (g_variant_iter_next (rows, "(sstsssx)", &id, NULL, NULL, NULL, NULL, NULL, NULL))
        g_ptr_array_add (deals, id);
    }
  while (before[0] != '\0');
  return deals;
}

static GPtrArray *
all_events (Rig *rig, const GPtrArray *deals)
{
  GPtrArray *events = g_ptr_array_new_with_free_func (storm_event_free);

  for (guint i = 0; i < deals->len; i++)
    {
      g_autoptr (GPtrArray) pages = read_log (rig->connection, deals->pdata[i]);

      add_events (events, deals->pdata[i], pages);
    }
  return events;
}

static GPtrArray *
all_moves (Client *clients)
{
  GPtrArray *moves = g_ptr_array_new ();

  for (guint i = 0; i < N_CLIENTS; i++)
    for (guint k = 0; k < clients[i].moves->len; k++)
      g_ptr_array_add (moves, clients[i].moves->pdata[k]);
  return moves;
}

static void
check_log (Rig *rig, Client *clients)
{
  g_autoptr (GPtrArray) deals = list_deals (rig);
  g_autoptr (GPtrArray) events = all_events (rig, deals);
  g_autoptr (GPtrArray) moves = all_moves (clients);
  g_autofree char *fault = storm_find_fault (moves, events);

  if (fault != NULL)
    g_error ("%s", fault);
}

/* Each confirmed order is in the spool once, in the bytes that were confirmed; and nothing else is. */
static void
check_spool (Rig *rig)
{
  g_autoptr (GPtrArray) deals = list_deals (rig);
  guint n = 0;

  for (guint i = 0; i < deals->len; i++)
    {
      g_autoptr (DdJson) state = call_must (call_new (deals->pdata[i], "Get"), rig->connection);

      if (strcmp (text_at (state, "state"), "signed") == 0)
        rig_wait_state (rig, deals->pdata[i], "closed");
      g_autoptr (DdJson) orders = call_must (call_new (deals->pdata[i], "Orders"), rig->connection);
      for (const DdJsonNode *order = dd_json_first (at (dd_json_root (orders), "orders")); order != NULL;
           order = dd_json_next (order), n++)
        {
          const char *key = dd_json_text (dd_json_member (order, "key"));
          g_autofree char *name = g_strdup_printf ("%s-1-%s.json", (char *)deals->pdata[i], key);
          g_autofree char *path = g_build_filename (rig->spool, name, NULL);
          g_autofree char *confirmed = node_text (dd_json_member (order, "document"));
          g_autofree char *written = NULL;

          g_assert_cmpstr (dd_json_text (dd_json_member (order, "state")), ==, "delivered");
          g_assert_true (g_file_get_contents (path, &written, NULL, NULL));
          g_assert_cmpstr (written, ==, confirmed);
        }
    }
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_assert_cmpuint (names->len, ==, n);
  g_test_message ("%u deals, %u orders", deals->len, n);
}

/* --- the storm --- */

static char *
many_people (void)
{
  GString *text = g_string_new ("group,person\n");

  for (guint i = 0; i < N_CLIENTS; i++)
    for (guint k = 0; k < MOST_MOVES; k++)
      g_string_append_printf (text, "sales,c%u-%u\n", i, k);
  return g_string_free (text, FALSE);
}

static void
start_clients (Rig *rig, Client *clients)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      clients[i].number = i;
      clients[i].rig = rig;
      clients[i].connection = rig_connect (rig);
      clients[i].random = g_rand_new_with_seed (g_test_rand_int ());
      clients[i].moves = g_ptr_array_new_with_free_func (storm_move_free);
    }
}

static void
end_clients (Client *clients)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_dbus_connection_close_sync (clients[i].connection, NULL, NULL);
      g_object_unref (clients[i].connection);
      g_rand_free (clients[i].random);
      g_ptr_array_unref (clients[i].moves);
      g_free (clients[i].deal);
      g_free (clients[i].fingerprint);
    }
}

/* A number from the environment, at least 1. */
static guint
setting (const char *name, guint usual)
{
  const char *text = g_getenv (name);
  guint number = text != NULL ? (guint)g_ascii_strtoull (text, NULL, 10) : usual;

  return CLAMP (number, 1, 100000);
}

static void
run_round (Rig *rig, Client *clients)
{
  GThread *threads[N_CLIENTS];

  for (guint i = 0; i < N_CLIENTS; i++)
    threads[i] = g_thread_new ("client", run_client, &clients[i]);
  g_usleep ((gulong)g_test_rand_int_range (0, (gint32)setting ("DEALDESK_STORM_MS", 300)) * 1000);
  rig_kill (rig);
  for (guint i = 0; i < N_CLIENTS; i++)
    g_thread_join (threads[i]);
}

static void
test_storm (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *people = many_people ();
  Client clients[N_CLIENTS] = { 0 };
  guint rounds = setting ("DEALDESK_STORM_ROUNDS", 12), unanswered = 0;

  rig_start (rig);
  rig_import_samples (rig);
  rig_import (rig, "members", people, -1);
  g_autofree char *shared = open_small (rig, 1, NULL);
  g_assert_cmpstr (shared, ==, SHARED_DEAL);
  start_clients (rig, clients);
  for (guint round = 0; round < rounds; round++)
    {
      run_round (rig, clients);
      for (guint i = 0; i < N_CLIENTS; i++)
        unanswered += clients[i].call != NULL;
      rig_start (rig);
      g_autoptr (DdJson) verified = rig_verify (rig);
      check_log (rig, clients);
    }
  for (guint i = 0; i < N_CLIENTS; i++)
    if (clients[i].call != NULL)
      g_assert_true (make_move (&clients[i]));
  check_log (rig, clients);
  check_spool (rig);
  g_autoptr (GPtrArray) moves = all_moves (clients);
  g_test_message ("%u rounds, %u moves, %u without an answer at a kill", rounds, moves->len, unanswered);
  /* A storm in which nothing was in flight would show nothing. */
  g_assert_cmpuint (unanswered, >, 0);
  end_clients (clients);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/storm/kill-9-loses-and-doubles-nothing", test_storm);
  return g_test_run ();
}
