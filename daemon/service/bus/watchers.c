/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Watchers and their signals (see watchers.h). Main thread.
 */
#include "bus/watchers.h"

#include "bus/call.h"

#define MAX_WATCHES 1000 /* of one connection */

typedef struct
{
  GHashTable *deals; /* set of gint64* */
  guint watch;       /* of the bus name */
} Watcher;

struct _DdWatchers
{
  const DdService *service;
  GHashTable *by_sender; /* unique name to Watcher */
};

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
  return watchers;
}

void
dd_watchers_free (DdWatchers *watchers)
{
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
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "this connection watches %u deals already; watch all with an empty id", MAX_WATCHES);
  if (watcher == NULL)
    {
      watcher = g_new0 (Watcher, 1);
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

void
dd_watchers_emit (DdWatchers *watchers, const DdRequest *request)
{
  static const gint64 all = 0;
  g_autoptr (GVariant) parameters = NULL;
  GHashTableIter iter;
  gpointer sender, value;

  g_hash_table_iter_init (&iter, watchers->by_sender);
  while (g_hash_table_iter_next (&iter, &sender, &value))
    {
      const Watcher *watcher = value;
      if (!g_hash_table_contains (watcher->deals, &all) &&
          !g_hash_table_contains (watcher->deals, &request->reply.deal))
        continue;
      if (parameters == NULL)
        {
          g_autofree char *id = dd_deal_id_format (request->reply.deal);
          parameters = g_variant_ref_sink (g_variant_new (
            "(sts@as)", id, (guint64)request->reply.version, dd_deal_state_name (request->result_state),
            g_variant_new_strv ((const char *const *)request->result_events->pdata,
                                request->result_events->len)));
        }
      g_dbus_connection_emit_signal (watchers->service->connection, sender, "/org/dealdesk1",
                                     dd_bus_manager.interface, "Moved", parameters, NULL);
    }
}
