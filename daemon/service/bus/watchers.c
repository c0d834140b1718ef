/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Watchers and their signals (see watchers.h). Main thread.
 *
 * What the bus holds for one that doesn't read counts as ours: enough of it, and the bus reads nothing more
 * from us. So each watcher is pinged now and then, behind its signals. One that doesn't answer while many
 * more went out, or in time, is no watcher any more; the last that it is sent says so.
 */
#include "bus/watchers.h"

#include "bus/call.h"

#define MAX_WATCHES 1000 /* of one connection */

#define PING_EVERY  128 /* signals */
#define CUT_AFTER   512 /* signals behind a ping without an answer */
#define PING_TIME   (30 * 1000)
#define NEVER_ABOVE 4096 /* signals without an answer, also while no ping can be sent */

/* Of the 128 answers that the bus lets us wait for; polkit's are among them. */
#define MAX_PINGS 16

typedef struct
{
  GHashTable *deals; /* set of gint64* */
  guint watch;       /* of the bus name */
  guint unanswered;  /* signals behind the last ping that was answered */
  guint behind_ping; /* of these, those behind the ping that is under way */
  gboolean pinged;   /* a ping is under way */
  guint64 serial;    /* of this watcher: an answer may come after its name was another's */
} Watcher;

struct _DdWatchers
{
  const DdService *service;
  GHashTable *by_sender; /* unique name to Watcher */
  GCancellable *ending;
  guint pings; /* under way */
  guint64 last_serial;
};

/* A ping under way. */
typedef struct
{
  DdWatchers *watchers; /* gone, once it is cancelled */
  char *sender;
  guint64 serial;
} Ping;

static void
watcher_free (gpointer data)
{
  Watcher *watcher = data;

  g_hash_table_unref (watcher->deals);
  g_bus_unwatch_name (watcher->watch);
  g_free (watcher);
}

DdWatchers *
dd_watchers_new (const DdService *service)
{
  DdWatchers *watchers = g_new0 (DdWatchers, 1);

  watchers->service = service;
  watchers->by_sender = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, watcher_free);
  watchers->ending = g_cancellable_new ();
  return watchers;
}

void
dd_watchers_free (DdWatchers *watchers)
{
  g_cancellable_cancel (watchers->ending);
  g_object_unref (watchers->ending);
  g_hash_table_unref (watchers->by_sender);
  g_free (watchers);
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  g_hash_table_remove (((DdWatchers *)data)->by_sender, name);
}

gboolean
dd_watchers_add (DdWatchers *watchers, const char *sender, gint64 deal, GError **error)
{
  Watcher *watcher = g_hash_table_lookup (watchers->by_sender, sender);

  if (watcher != NULL && g_hash_table_size (watcher->deals) >= MAX_WATCHES &&
      !g_hash_table_contains (watcher->deals, &deal))
    return dd_fail (error, DD_ERROR_TOO_LARGE,
                    "this connection watches %u deals already; watch all with an empty id", MAX_WATCHES);
  if (watcher == NULL)
    {
      watcher = g_new0 (Watcher, 1);
      watcher->serial = ++watchers->last_serial;
      watcher->deals = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      g_hash_table_insert (watchers->by_sender, g_strdup (sender), watcher);
      watcher->watch =
        g_bus_watch_name_on_connection (watchers->service->connection, sender, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                        NULL, on_vanished, watchers, NULL);
    }
  g_hash_table_add (watcher->deals, g_memdup2 (&deal, sizeof deal));
  return TRUE;
}

void
dd_watchers_remove (DdWatchers *watchers, const char *sender, gint64 deal)
{
  Watcher *watcher = g_hash_table_lookup (watchers->by_sender, sender);

  if (watcher == NULL)
    return;
  g_hash_table_remove (watcher->deals, &deal);
  if (g_hash_table_size (watcher->deals) == 0)
    g_hash_table_remove (watchers->by_sender, sender);
}

/* --- signals --- */

static void
send_signal (const DdWatchers *watchers, const char *sender, const char *name, GVariant *parameters)
{
  g_dbus_connection_emit_signal (watchers->service->connection, sender, "/org/dealdesk1",
                                 dd_bus_manager.interface, name, parameters, NULL);
}

static void
tell_unwatched (const DdWatchers *watchers, const char *sender, const Watcher *watcher)
{
  GHashTableIter iter;
  gpointer deal;

  g_hash_table_iter_init (&iter, watcher->deals);
  while (g_hash_table_iter_next (&iter, &deal, NULL))
    {
      g_autofree char *id =
        *(const gint64 *)deal != 0 ? dd_deal_id_format (*(const gint64 *)deal) : g_strdup ("");

      send_signal (watchers, sender, "Unwatched", g_variant_new ("(s)", id));
    }
}

static void
cut_off (DdWatchers *watchers, const char *sender)
{
  const Watcher *watcher = g_hash_table_lookup (watchers->by_sender, sender);

  g_message ("%s doesn't read what it watches: its watches end", sender);
  tell_unwatched (watchers, sender, watcher);
  g_hash_table_remove (watchers->by_sender, sender);
}

/* Any answer will do, a refusal too: it was read. That the bus could hold no ping, or that the peer is gone,
 * says nothing. */
static void
on_pong (GObject *source, GAsyncResult *result, gpointer data)
{
  Ping *ping = data;
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  g_clear_pointer (&reply, g_variant_unref);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      Watcher *watcher = g_hash_table_lookup (ping->watchers->by_sender, ping->sender);

      ping->watchers->pings--;
      if (watcher != NULL && watcher->serial == ping->serial)
        {
          watcher->pinged = FALSE;
          if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
              g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY))
            cut_off (ping->watchers, ping->sender);
          else if (!g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED))
            watcher->unanswered = watcher->behind_ping;
        }
    }
  g_free (ping->sender);
  g_free (ping);
}

static void
send_ping (DdWatchers *watchers, const char *sender, Watcher *watcher)
{
  Ping *ping = g_new (Ping, 1);

  *ping = (Ping){ watchers, g_strdup (sender), watcher->serial };
  watcher->pinged = TRUE;
  watcher->behind_ping = 0;
  watchers->pings++;
  g_dbus_connection_call (watchers->service->connection, sender, "/org/dealdesk1",
                          "org.freedesktop.DBus.Peer", "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          PING_TIME, watchers->ending, on_pong, ping);
}

/* FALSE: it has too much that it didn't read. */
static gboolean
count_signal (DdWatchers *watchers, const char *sender, Watcher *watcher)
{
  watcher->unanswered++;
  if (watcher->pinged)
    watcher->behind_ping++;
  else if (watcher->unanswered >= PING_EVERY && watchers->pings < MAX_PINGS)
    send_ping (watchers, sender, watcher);
  return watcher->unanswered <= NEVER_ABOVE && !(watcher->pinged && watcher->behind_ping >= CUT_AFTER);
}

/* (transfer full) */
static GVariant *
moved (const DdRequest *request)
{
  g_autofree char *id = dd_deal_id_format (request->reply.deal);

  return g_variant_ref_sink (g_variant_new (
    "(sts@as)", id, (guint64)request->reply.version, dd_deal_state_name (request->result_state),
    g_variant_new_strv ((const char *const *)request->result_events->pdata, request->result_events->len)));
}

void
dd_watchers_emit (DdWatchers *watchers, const DdRequest *request)
{
  static const gint64 all = 0;
  g_autoptr (GVariant) parameters = NULL;
  g_autoptr (GPtrArray) too_slow = NULL; /* (element-type utf8) */
  GHashTableIter iter;
  gpointer sender, value;

  g_hash_table_iter_init (&iter, watchers->by_sender);
  while (g_hash_table_iter_next (&iter, &sender, &value))
    {
      Watcher *watcher = value;

      if (!g_hash_table_contains (watcher->deals, &all) &&
          !g_hash_table_contains (watcher->deals, &request->reply.deal))
        continue;
      if (parameters == NULL)
        parameters = moved (request);
      send_signal (watchers, sender, "Moved", parameters);
      if (count_signal (watchers, sender, watcher))
        continue;
      if (too_slow == NULL)
        too_slow = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (too_slow, g_strdup (sender));
    }
  for (guint i = 0; too_slow != NULL && i < too_slow->len; i++)
    cut_off (watchers, too_slow->pdata[i]);
}

void
dd_watchers_end_all (DdWatchers *watchers)
{
  GHashTableIter iter;
  gpointer sender, watcher;

  g_hash_table_iter_init (&iter, watchers->by_sender);
  while (g_hash_table_iter_next (&iter, &sender, &watcher))
    tell_unwatched (watchers, sender, watcher);
  g_hash_table_remove_all (watchers->by_sender);
}
