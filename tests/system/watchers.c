/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Watchers (see watchers.h).
 */
#include "watchers.h"

#include <string.h>

/* --- what was seen --- */

void
seen_init (Seen *seen)
{
  seen->by_deal = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  seen->n = 0;
}

void
see (Seen *seen, const char *deal, guint64 version, const char *type)
{
  GPtrArray *events = g_hash_table_lookup (seen->by_deal, deal);

  if (events == NULL)
    {
      events = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (seen->by_deal, g_strdup (deal), events);
    }
  g_ptr_array_add (events, g_strdup_printf ("%" G_GUINT64_FORMAT " %s", version, type));
  seen->n++;
}

static void
see_move (Seen *seen, const CtlMove *move)
{
  guint n = g_strv_length ((char **)move->events);

  for (guint i = 0; i < n; i++)
    see (seen, move->deal, move->version - n + i + 1, move->events[i]);
}

/* The log's events of @deal above version @after, in the same form. */
static GPtrArray *
logged (const Rig *rig, const char *deal, guint64 after)
{
  GPtrArray *events = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) pages = read_log (rig->connection, deal);

  for (guint i = 0; i < pages->len; i++)
    {
      const DdJsonNode *rows = at (dd_json_root (pages->pdata[i]), "events");

      for (const DdJsonNode *row = dd_json_first (rows); row != NULL; row = dd_json_next (row))
        {
          const char *version = dd_json_text (dd_json_member (row, "version"));

          if (g_ascii_strtoull (version, NULL, 10) > after)
            g_ptr_array_add (events,
                             g_strdup_printf ("%s %s", version, dd_json_text (dd_json_member (row, "type"))));
        }
    }
  return events;
}

void
check_seen (const Rig *rig, const Seen *seen, const char *deal, guint64 after)
{
  GPtrArray *events = g_hash_table_lookup (seen->by_deal, deal);
  g_autoptr (GPtrArray) log = logged (rig, deal, after);

  g_assert_cmpuint (log->len, >, 0);
  g_assert_nonnull (events);
  for (guint i = 0; i < MIN (log->len, events->len); i++)
    g_assert_cmpstr (events->pdata[i], ==, log->pdata[i]);
  g_assert_cmpuint (events->len, ==, log->len);
}

/* --- watchers --- */

static gboolean
on_move (const CtlMove *move, gpointer data, GError **error)
{
  Watcher *watcher = data;

  see_move (&watcher->seen, move);
  return watcher->seen.n < watcher->expected;
}

static void
on_ended (GError *error, gpointer data)
{
  Watcher *watcher = data;

  g_assert_no_error (error);
  watcher->ended = TRUE;
  watcher->crowd->running--;
}

GDBusMessage *
lose (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  Watcher *watcher = data;
  guint64 version = 0;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_SIGNAL ||
      g_strcmp0 (g_dbus_message_get_member (message), "Moved") != 0)
    return message;
  g_variant_get_child (g_dbus_message_get_body (message), 1, "t", &version);
  if (!watcher->crowd->loses (version, watcher->crowd->loses_data))
    return message;
  g_atomic_int_inc (&watcher->dropped);
  g_object_unref (message);
  return NULL;
}

static void
start_watcher (Crowd *crowd, Watcher *watcher)
{
  CtlBusPlace place = { .address = crowd->rig->address };
  CtlFollower follower = { on_move, NULL, on_ended, watcher };
  g_autoptr (GError) error = NULL;

  watcher->crowd = crowd;
  seen_init (&watcher->seen);
  watcher->bus = ctl_bus_open (&place, &error);
  g_assert_no_error (error);
  if (crowd->loses != NULL)
    watcher->filter = g_dbus_connection_add_filter (ctl_bus_connection (watcher->bus), lose, watcher, NULL);
  watcher->follow = ctl_follow_new (watcher->bus, NULL, watcher->deal, -1, &follower);
}

static gpointer
run_crowd (gpointer data)
{
  Crowd *crowd = data;
  guint n_on = 0;

  g_main_context_push_thread_default (crowd->context);
  for (guint i = 0; i < crowd->n; i++)
    start_watcher (crowd, &crowd->watchers[i]);
  for (; n_on < crowd->n; g_main_context_iteration (crowd->context, n_on < crowd->n))
    for (n_on = 0; n_on < crowd->n && ctl_follow_is_on (crowd->watchers[n_on].follow);)
      n_on++;
  g_atomic_int_set (&crowd->on, TRUE);
  g_main_context_wakeup (NULL);
  while (crowd->running > 0)
    g_main_context_iteration (crowd->context, TRUE);
  for (guint i = 0; i < crowd->n; i++)
    ctl_follow_free (crowd->watchers[i].follow);
  g_main_context_pop_thread_default (crowd->context);
  return NULL;
}

Crowd *
crowd_new (const Rig *rig, guint n)
{
  Crowd *crowd = g_new0 (Crowd, 1);

  crowd->rig = rig;
  crowd->n = crowd->running = n;
  crowd->watchers = g_new0 (Watcher, n);
  crowd->context = g_main_context_new ();
  return crowd;
}

void
crowd_start (Crowd *crowd)
{
  crowd->thread = g_thread_new ("watchers", run_crowd, crowd);
}

void
crowd_wait_on (Crowd *crowd)
{
  while (!g_atomic_int_get (&crowd->on))
    rig_iterate ();
}

void
crowd_join (Crowd *crowd)
{
  g_thread_join (crowd->thread);
  crowd->thread = NULL;
}

void
crowd_free (Crowd *crowd)
{
  for (guint i = 0; i < crowd->n; i++)
    {
      ctl_bus_free (crowd->watchers[i].bus);
      g_hash_table_unref (crowd->watchers[i].seen.by_deal);
    }
  g_main_context_unref (crowd->context);
  g_free (crowd->watchers);
  g_free (crowd);
}
