/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Moved signals: who gets them, and who doesn't.
 */
#include "fixture.h"

#include <string.h>

typedef struct
{
  GDBusConnection *connection;
  guint subscription;
  guint n;
  char *last; /* "D-1 Asked" */
} Ear;

static void
on_moved (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *signal,
          GVariant *parameters,
          gpointer data)
{
  Ear *ear = data;
  const char *deal;

  g_assert_cmpstr (path, ==, "/org/dealdesk1");
  g_variant_get (parameters, "(&st&sas)", &deal, NULL, NULL, NULL);
  g_free (ear->last);
  ear->last = g_strdup (deal);
  ear->n++;
}

static Ear *
ear_new (void)
{
  Ear *ear = g_new0 (Ear, 1);

  ear->connection = bus_connect ();
  ear->subscription =
    g_dbus_connection_signal_subscribe (ear->connection, NULL, "org.dealdesk1.Manager", "Moved", NULL, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_moved, ear, NULL);
  return ear;
}

static void
ear_free (Ear *ear)
{
  g_dbus_connection_signal_unsubscribe (ear->connection, ear->subscription);
  bus_disconnect (ear->connection);
  g_free (ear->last);
  g_free (ear);
}

static void
watch (DealFixture *f, Ear *ear, const char *method, const char *id)
{
  g_autoptr (GVariant) reply =
    call_good (ear->connection, f->server, MANAGER, method, g_variant_new ("(sa{sv})", id, NULL));
}

/* Moves the deal, and waits until every ear has heard what it will hear. */
static void
move (DealFixture *f, Ear *a, Ear *b)
{
  g_autoptr (GVariant) reply = call_good (f->caller, f->server, f->deal, DEAL, "Ask",
                                          g_variant_new_parsed ("('', 'Why?', {'as': <'anna'>})"));

  /* Through the service's own connection, so that its signals are on the bus; then through the ears'. */
  settle (f->server->service->connection);
  settle (a->connection);
  if (b != NULL)
    settle (b->connection);
}

static void
test_unicast (DealFixture *f, gconstpointer data)
{
  Ear *watcher = ear_new ();
  Ear *other = ear_new ();

  watch (f, watcher, "Watch", "D-1");
  settle (other->connection);
  move (f, watcher, other);
  g_assert_cmpuint (watcher->n, ==, 1);
  g_assert_cmpstr (watcher->last, ==, "D-1");
  g_assert_cmpuint (other->n, ==, 0);
  ear_free (watcher);
  ear_free (other);
}

/* A rule for all of the interface's signals. (Eavesdropping is the bus's to refuse: the system bus does.) */
static void
test_eavesdropper (DealFixture *f, gconstpointer data)
{
  Ear *watcher = ear_new ();
  Ear *other = ear_new ();
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    other->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch",
    g_variant_new ("(s)", "type='signal',interface='org.dealdesk1.Manager'"), NULL, 0, -1, NULL, NULL);

  watch (f, watcher, "Watch", "");
  move (f, watcher, other);
  g_assert_cmpuint (watcher->n, ==, 1);
  g_assert_cmpuint (other->n, ==, 0);
  ear_free (watcher);
  ear_free (other);
}

static void
test_unwatch (DealFixture *f, gconstpointer data)
{
  Ear *ear = ear_new ();

  watch (f, ear, "Watch", "D-1");
  watch (f, ear, "Watch", "");
  watch (f, ear, "Watch", "D-1");
  move (f, ear, NULL);
  g_assert_cmpuint (ear->n, ==, 1);
  watch (f, ear, "Unwatch", "");
  move (f, ear, NULL);
  g_assert_cmpuint (ear->n, ==, 2);
  watch (f, ear, "Unwatch", "D-1");
  watch (f, ear, "Unwatch", "D-1");
  move (f, ear, NULL);
  g_assert_cmpuint (ear->n, ==, 2);
  ear_free (ear);
}

static void
test_other_deals (DealFixture *f, gconstpointer data)
{
  Ear *ear = ear_new ();

  watch (f, ear, "Watch", "D-2");
  move (f, ear, NULL);
  g_assert_cmpuint (ear->n, ==, 0);
  ear_free (ear);
}

static void
test_limit (DealFixture *f, gconstpointer data)
{
  Ear *ear = ear_new ();
  g_autofree char *message = NULL;

  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("D-%u", i);
      watch (f, ear, "Watch", id);
    }
  watch (f, ear, "Watch", "D-1000");
  message = call_bad (ear->connection, f->server, MANAGER, "Watch",
                      g_variant_new ("(sa{sv})", "D-1001", NULL), "TooLarge");
  g_assert_nonnull (strstr (message, "1000"));
  watch (f, ear, "Unwatch", "D-7");
  watch (f, ear, "Watch", "D-1001");
  ear_free (ear);
}

static void
test_vanished (DealFixture *f, gconstpointer data)
{
  Ear *gone = ear_new ();
  Ear *left = ear_new ();

  watch (f, gone, "Watch", "");
  watch (f, left, "Watch", "");
  ear_free (gone);
  move (f, left, NULL);
  move (f, left, NULL);
  g_assert_cmpuint (left->n, ==, 2);
  ear_free (left);
}

#define ADD(name, test) g_test_add ("/watch/" name, DealFixture, NULL, deal_set_up, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("only-the-watcher-hears", test_unicast);
  ADD ("a-match-rule-hears-nothing-of-others", test_eavesdropper);
  ADD ("a-move-is-heard-once-until-unwatched", test_unwatch);
  ADD ("a-watcher-of-one-deal-hears-of-no-other", test_other_deals);
  ADD ("a-connection-watches-at-most-1000-deals", test_limit);
  ADD ("a-watcher-that-left-harms-nobody", test_vanished);
  return g_test_run ();
}
