/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Confirmed orders reach the spool once each: through a missing directory, and through kill -9 at any moment
 * around the signature.
 */
#include "moves.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_KILLS    16
#define LONGEST_US 30000

static Rig *
rig_with_samples (void)
{
  Rig *rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  return rig;
}

/* The deal's one order is the spool's one file for it, byte for byte what was confirmed. */
static void
check_delivered_once (Rig *rig, const char *deal)
{
  g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_autofree char *prefix = g_strconcat (deal, "-", NULL);
  const char *key = text_at (orders, "orders/0/key");
  guint n = 0;

  g_assert_cmpuint (dd_json_length (at (dd_json_root (orders), "orders")), ==, 1);
  g_assert_cmpstr (text_at (orders, "orders/0/state"), ==, "delivered");
  for (guint i = 0; i < names->len; i++)
    if (g_str_has_prefix (names->pdata[i], prefix))
      {
        g_assert_nonnull (strstr (names->pdata[i], key));
        n++;
      }
  g_assert_cmpuint (n, ==, 1);
}

/* Waits by the deal's signals until an attempt failed and is recorded. */
static void
wait_attempt (Rig *rig, const char *deal)
{
  g_autoptr (DdJson) watched = call_must (call_text (call_new ("manager", "Watch"), deal), rig->connection);

  for (;;)
    {
      g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
      guint seen = rig->n_moved;
      const char *note = text_at (orders, "orders/0/note");

      g_assert_cmpstr (text_at (orders, "orders/0/state"), ==, "pending");
      if (note != NULL && strstr (note, "directory") != NULL)
        return;
      while (rig->n_moved == seen)
        rig_iterate ();
    }
}

static void
test_missing_directory (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *fingerprint = NULL;
  g_autofree char *deal = agreed_deal (rig, &fingerprint);

  g_assert_cmpint (g_rmdir (rig->spool), ==, 0);
  g_autoptr (DdJson) done = call_must (last_signature (deal, fingerprint), rig->connection);
  g_assert_cmpstr (text_at (done, "state"), ==, "signed");
  wait_attempt (rig, deal);
  g_autoptr (DdJson) status = call_must (call_new ("manager", "Status"), rig->connection);
  g_assert_cmpstr (text_at (status, "store/pendingOrders"), ==, "1");

  g_assert_cmpint (g_mkdir (rig->spool, 0700), ==, 0);
  rig_wait_state (rig, deal, "closed");
  check_delivered_once (rig, deal);
}

/* As above, with the daemon killed while the order waits. */
static void
test_missing_directory_across_a_restart (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *fingerprint = NULL;
  g_autofree char *deal = agreed_deal (rig, &fingerprint);

  g_assert_cmpint (g_rmdir (rig->spool), ==, 0);
  g_autoptr (DdJson) done = call_must (last_signature (deal, fingerprint), rig->connection);
  wait_attempt (rig, deal);
  rig_kill (rig);
  g_assert_cmpint (g_mkdir (rig->spool, 0700), ==, 0);
  rig_start (rig);
  rig_wait_state (rig, deal, "closed");
  check_delivered_once (rig, deal);
}

typedef struct
{
  Call *call;
  GDBusConnection *connection;
  gboolean answered;
} Signing;

static gpointer
sign_in_thread (gpointer data)
{
  Signing *signing = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (signing->call, signing->connection, &error);

  signing->answered = answer != NULL;
  return NULL;
}

/* kill -9 somewhere between the call and the recorded delivery. */
static void
test_kill_around_signing (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autoptr (GDBusConnection) client = rig_connect (rig);
  guint answered = 0;

  for (guint i = 0; i < N_KILLS; i++)
    {
      g_autofree char *fingerprint = NULL;
      g_autofree char *deal = agreed_deal (rig, &fingerprint);
      g_autoptr (Call) call = last_signature (deal, fingerprint);
      Signing signing = { call, client, FALSE };
      GThread *thread = g_thread_new ("signing", sign_in_thread, &signing);
      g_autoptr (GError) error = NULL;

      g_usleep ((gulong)g_test_rand_int_range (0, LONGEST_US));
      rig_kill (rig);
      g_thread_join (thread);
      answered += signing.answered;
      rig_start (rig);
      g_autoptr (Answer) again = call_send (call, client, &error);
      g_assert_no_error (error);
      rig_wait_state (rig, deal, "closed");
      check_delivered_once (rig, deal);
    }
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_autoptr (DdJson) verified = rig_verify (rig);
  g_assert_cmpuint (names->len, ==, N_KILLS);
  g_test_message ("of %u signatures %u were answered before the kill", N_KILLS, answered);
}

/* The bytes of the deal's order. */
static char *
order_bytes (Rig *rig, const char *deal)
{
  g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);

  return node_text (at (dd_json_root (orders), "orders/0/document"));
}

/* The order arrived, and the daemon died before it could record that: it is known, not written a second time,
 * also when its reader took it away meanwhile. */
static void
test_delivered_and_not_recorded (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *fingerprint = NULL;
  g_autofree char *deal = agreed_deal (rig, &fingerprint);
  g_autofree char *taken = g_build_filename (rig->spool, "taken", NULL);

  g_assert_cmpint (g_rmdir (rig->spool), ==, 0);
  g_autoptr (DdJson) done = call_must (last_signature (deal, fingerprint), rig->connection);
  wait_attempt (rig, deal);
  g_autofree char *bytes = order_bytes (rig, deal);
  g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
  g_autofree char *name = g_strdup_printf ("%s-1-%s.json", deal, text_at (orders, "orders/0/key"));
  g_autofree char *path = g_build_filename (taken, name, NULL);
  rig_kill (rig);

  g_assert_cmpint (g_mkdir_with_parents (taken, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, bytes, -1, NULL));
  rig_start (rig);
  rig_wait_state (rig, deal, "closed");
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_assert_cmpuint (names->len, ==, 1);
  g_assert_cmpstr (names->pdata[0], ==, "taken");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handoff/an-order-waits-for-its-directory", test_missing_directory);
  g_test_add_func ("/handoff/an-order-waits-for-its-directory-across-a-restart",
                   test_missing_directory_across_a_restart);
  g_test_add_func ("/handoff/kill-9-around-the-signature-delivers-once", test_kill_around_signing);
  g_test_add_func ("/handoff/an-order-that-arrived-unrecorded-is-not-sent-again",
                   test_delivered_and_not_recorded);
  return g_test_run ();
}
