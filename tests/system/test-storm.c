/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Eight clients, a storm of moves, kill -9 at a random moment, again and again.
 *
 * After each restart the chains must verify, and the log is compared with the answers; in the end every
 * unanswered move is sent again, all is answered, and the spool is compared, too.
 *
 * $DEALDESK_STORM_ROUNDS: how often the daemon is killed; 12 without it, 100 for a release.
 * $DEALDESK_STORM_MS: the longest time before a kill; 300 without it, more for a slow build. Each client is a
 * thread; the main thread kills, restarts and checks while they are joined.
 */
#include "storm-client.h"

static gpointer
run_client (gpointer data)
{
  while (storm_client_move (data))
    ;
  return NULL;
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
run_round (Rig *rig, StormClient *clients)
{
  GThread *threads[STORM_CLIENTS];

  for (guint i = 0; i < STORM_CLIENTS; i++)
    threads[i] = g_thread_new ("client", run_client, &clients[i]);
  g_usleep ((gulong)g_test_rand_int_range (0, (gint32)setting ("DEALDESK_STORM_MS", 300)) * 1000);
  rig_kill (rig);
  for (guint i = 0; i < STORM_CLIENTS; i++)
    g_thread_join (threads[i]);
}

static void
test_storm (void)
{
  g_autoptr (Rig) rig = rig_new ();
  StormClient clients[STORM_CLIENTS] = { 0 };
  guint rounds = setting ("DEALDESK_STORM_ROUNDS", 12), unanswered = 0;

  rig_start (rig);
  storm_prepare (rig);
  storm_clients_start (rig, clients);
  for (guint round = 0; round < rounds; round++)
    {
      run_round (rig, clients);
      unanswered += storm_count_unanswered (clients);
      rig_start (rig);
      g_autoptr (DdJson) verified = rig_verify (rig);
      storm_check_log (rig, clients);
    }
  for (guint i = 0; i < STORM_CLIENTS; i++)
    if (clients[i].call != NULL)
      g_assert_true (storm_client_move (&clients[i]));
  storm_check_log (rig, clients);
  storm_check_spool (rig);
  g_test_message ("%u rounds, %u moves, %u without an answer at a kill", rounds, storm_count_moves (clients),
                  unanswered);
  /* A storm in which nothing was in flight would show nothing. */
  g_assert_cmpuint (unanswered, >, 0);
  storm_clients_end (clients);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/storm/kill-9-loses-and-doubles-nothing", test_storm);
  return g_test_run ();
}
