/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The clients of a storm (see storm-client.h).
 */
#include "storm-client.h"

#include <string.h>

#define MOST_MOVES 2000 /* of one client: how many people the datasets know */

/* --- one client's way --- */

static const char offer_text[] =
  "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\"},{\"id\":\"2\",\"offering\":\"uni-1g\"}],"
  "\"terms\":[{\"clause\":\"liability\",\"rung\":\"preferred\",\"title\":\"Liability\",\"text\":\"Up to a "
  "limit.\","
  "\"acknowledge\":true}],\"orders\":[{\"id\":\"1\",\"lines\":[\"1\",\"2\"]}],\"commitment\":12}";

static Call *
make_open (StormClient *client)
{
  Call *call = call_document (call_new ("manager", "Open"), offer_text, -1);

  call_option (call, "format", g_variant_new_string ("proposal"));
  return call_option (call, "customer", g_variant_new_string ("linden-market"));
}

static Call *
make_propose (StormClient *client)
{
  return call_document (call_new (client->deal, "Propose"), NULL, 0);
}

static Call *
make_propose_again (StormClient *client)
{
  return call_document (call_new (client->deal, "Propose"), offer_text, -1);
}

static Call *
make_ask (StormClient *client)
{
  return call_customer (
    call_text (call_text (call_new (client->deal, "Ask"), "clause:liability"), "Why a limit?"), "J. Linden");
}

static Call *
make_answer (StormClient *client)
{
  return call_text (call_number (call_new (client->deal, "Answer"), 1), "Because there must be one.");
}

static Call *
make_counter (StormClient *client)
{
  return call_customer (call_document (call_number (call_new (client->deal, "Counter"), 2), offer_text, -1),
                        "J. Linden");
}

static Call *
make_acknowledge (StormClient *client)
{
  return call_customer (call_text (call_number (call_new (client->deal, "Acknowledge"), 3), "liability"),
                        "J. Linden");
}

/* The fingerprint came with the counter's answer. */
static Call *
make_accept (StormClient *client)
{
  return call_text (call_number (call_new (client->deal, "Accept"), 3), client->fingerprint);
}

static Call *
make_customer_sign (StormClient *client)
{
  return call_customer (call_text (call_new (client->deal, "Sign"), client->fingerprint), "J. Linden");
}

static Call *
make_sign (StormClient *client)
{
  return call_text (call_new (client->deal, "Sign"), client->fingerprint);
}

static const struct
{
  Call *(*make) (StormClient *client);
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
prepare_move (StormClient *client)
{
  StormMove *move = g_new0 (StormMove, 1);

  g_assert_cmpuint (client->moves->len, <, MOST_MOVES);
  move->actor = g_strdup_printf ("c%u-%u", client->number, client->moves->len);
  client->on_shared = client->step > 0 && g_rand_int_range (client->random, 0, 3) == 0;
  if (client->on_shared)
    client->call = call_text (call_text (call_new (STORM_SHARED_DEAL, "Ask"), ""), move->actor);
  else
    client->call = way[client->step].make (client);
  move->leading = client->on_shared ? "asked" : way[client->step].leading;
  call_key (call_as (client->call, move->actor), move->actor);
  g_ptr_array_add (client->moves, move);
}

static void
note_answer (StormClient *client, const Answer *answer)
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
  move->deal = g_strdup (client->on_shared ? STORM_SHARED_DEAL : client->deal);
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

gboolean
storm_client_move (StormClient *client)
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
all_moves (const StormClient *clients)
{
  GPtrArray *moves = g_ptr_array_new ();

  for (guint i = 0; i < STORM_CLIENTS; i++)
    for (guint k = 0; k < clients[i].moves->len; k++)
      g_ptr_array_add (moves, clients[i].moves->pdata[k]);
  return moves;
}

void
storm_check_log (Rig *rig, const StormClient *clients)
{
  g_autoptr (GPtrArray) deals = list_deals (rig);
  g_autoptr (GPtrArray) events = all_events (rig, deals);
  g_autoptr (GPtrArray) moves = all_moves (clients);
  g_autofree char *fault = storm_find_fault (moves, events);

  if (fault != NULL)
    g_error ("%s", fault);
}

void
storm_check_spool (Rig *rig)
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

/* --- all of them --- */

static char *
many_people (void)
{
  GString *text = g_string_new ("group,person\n");

  for (guint i = 0; i < STORM_CLIENTS; i++)
    for (guint k = 0; k < MOST_MOVES; k++)
      g_string_append_printf (text, "sales,c%u-%u\n", i, k);
  return g_string_free (text, FALSE);
}

void
storm_prepare (Rig *rig)
{
  g_autofree char *people = many_people ();
  g_autofree char *shared = NULL;

  rig_import_samples (rig);
  rig_import (rig, "members", people, -1);
  shared = open_small (rig, 1, NULL);
  g_assert_cmpstr (shared, ==, STORM_SHARED_DEAL);
}

void
storm_clients_start (Rig *rig, StormClient *clients)
{
  for (guint i = 0; i < STORM_CLIENTS; i++)
    {
      clients[i].number = i;
      clients[i].connection = rig_connect (rig);
      clients[i].random = g_rand_new_with_seed (g_test_rand_int ());
      clients[i].moves = g_ptr_array_new_with_free_func (storm_move_free);
    }
}

void
storm_clients_end (StormClient *clients)
{
  for (guint i = 0; i < STORM_CLIENTS; i++)
    {
      g_dbus_connection_close_sync (clients[i].connection, NULL, NULL);
      g_object_unref (clients[i].connection);
      g_rand_free (clients[i].random);
      g_ptr_array_unref (clients[i].moves);
      g_free (clients[i].deal);
      g_free (clients[i].fingerprint);
      g_clear_pointer (&clients[i].call, call_free);
    }
}

guint
storm_count_moves (const StormClient *clients)
{
  guint n = 0;

  for (guint i = 0; i < STORM_CLIENTS; i++)
    n += clients[i].moves->len;
  return n;
}

guint
storm_count_unanswered (const StormClient *clients)
{
  guint n = 0;

  for (guint i = 0; i < STORM_CLIENTS; i++)
    n += clients[i].call != NULL;
  return n;
}
