/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Following deals (see follow.h).
 *
 * It watches before it reads where deals stand, so that nothing falls between; signals that come meanwhile
 * wait in the main context, and those whose events were read already are skipped.
 */
#include "follow.h"
#include "fault.h"
#include "i18n.h"
#include "json/json.h"

#include <inttypes.h>
#include <string.h>

#define PAGE 1000

/* A daemon that restores a store, or is about to end, refuses calls for a while. */
#define RETRY_SECONDS 1

struct _CtlFollow
{
  CtlBus *bus;                 /* borrowed */
  GDBusConnection *connection; /* its connection, as it was when we began */
  char *as;                    /* (nullable) */
  char *deal;                  /* "": all */
  CtlFollower follower;
  GHashTable *versions; /* a deal's number to its version */
  gboolean knows;       /* it is known where deals stood */
  gboolean begun;       /* it watched once */
  gboolean went_back;   /* since it watched last */
  gboolean on;
  gboolean ended;
  GSource *retry; /* (nullable) */
  guint moved;    /* subscriptions */
  guint unwatched;
  guint name;
};

/* --- ending --- */

static void
end (CtlFollow *follow, GError *error)
{
  if (follow->ended)
    {
      g_clear_error (&error);
      return;
    }
  follow->ended = TRUE;
  follow->on = FALSE;
  follow->follower.ended (error, follow->follower.data);
}

/* --- versions --- */

/* "D-1042" is 1042. */
static gpointer
key_of (const char *deal)
{
  return GSIZE_TO_POINTER (strlen (deal) > 2 ? (gsize)g_ascii_strtoull (deal + 2, NULL, 10) : 0);
}

/* 0 of a deal that wasn't there when we began. */
static guint64
known_version (const CtlFollow *follow, const char *deal)
{
  return (guint64)GPOINTER_TO_SIZE (g_hash_table_lookup (follow->versions, key_of (deal)));
}

static void
set_version (CtlFollow *follow, const char *deal, guint64 version)
{
  g_hash_table_insert (follow->versions, key_of (deal), GSIZE_TO_POINTER ((gsize)version));
}

/* --- calls --- */

static CtlReply *
send (CtlFollow *follow, CtlRequest *request, GError **error)
{
  ctl_request_option_text (request, "as", follow->as);
  return ctl_bus_send (follow->bus, request, error);
}

static CtlRequest *
deal_request (const char *deal, const char *method)
{
  g_autofree char *path = g_strconcat (CTL_PATH_DEAL, deal, NULL);

  path[strlen (CTL_PATH_DEAL) + 1] = '_';
  return ctl_request_new (path, "Deal", method);
}

static gboolean
watch (CtlFollow *follow, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Watch");
  g_autoptr (CtlReply) reply = NULL;

  ctl_request_add (request, g_variant_new_string (follow->deal));
  reply = send (follow, request, error);
  return reply != NULL;
}

static gboolean
read_version (CtlFollow *follow, guint64 *out_version, GError **error)
{
  g_autoptr (CtlRequest) request = deal_request (follow->deal, "Get");
  g_autoptr (CtlReply) reply = send (follow, request, error);
  g_autoptr (DdJson) json = reply != NULL ? ctl_reply_json (reply, 0, error) : NULL;
  gint64 version = 0;

  if (json == NULL ||
      !dd_json_get_int64 (dd_json_root (json), "version", TRUE, 0, G_MAXINT64, &version, error))
    return FALSE;
  *out_version = (guint64)version;
  return TRUE;
}

/* --- filling --- */

static gboolean
report (CtlFollow *follow, const CtlMove *move, GError **error)
{
  g_autoptr (GError) local = NULL;

  set_version (follow, move->deal, move->version);
  if (follow->ended || follow->follower.moved (move, follow->follower.data, &local))
    return TRUE;
  if (local == NULL)
    {
      end (follow, NULL);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
report_event (CtlFollow *follow, const char *deal, const DdJsonNode *event, GError **error)
{
  const char *types[] = { NULL, NULL };
  CtlMove move = { .deal = deal, .events = types };
  gint64 version = 0;

  if (!dd_json_get_text (event, "type", TRUE, &types[0], error) ||
      !dd_json_get_int64 (event, "version", TRUE, 1, G_MAXINT64, &version, error))
    return FALSE;
  move.version = (guint64)version;
  return report (follow, &move, error);
}

/* One page of the log, of @limit events at most; @out_n: how many there were. */
static gboolean
fill_page (CtlFollow *follow, const char *deal, guint limit, guint *out_n, GError **error)
{
  g_autoptr (CtlRequest) request = deal_request (deal, "Log");
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *events = NULL;

  ctl_request_add (request, g_variant_new_uint64 (known_version (follow, deal)));
  ctl_request_add (request, g_variant_new_uint32 (limit));
  reply = send (follow, request, error);
  json = reply != NULL ? ctl_reply_json (reply, 0, error) : NULL;
  if (json == NULL || !dd_json_get_array (dd_json_root (json), "events", TRUE, &events, error))
    return FALSE;
  *out_n = dd_json_length (events);
  for (const DdJsonNode *event = dd_json_first (events); event != NULL; event = dd_json_next (event))
    if (!report_event (follow, deal, event, error))
      return FALSE;
  return TRUE;
}

/* Reports the log's events up to version @last. */
static gboolean
fill (CtlFollow *follow, const char *deal, guint64 last, GError **error)
{
  guint n = PAGE;

  for (guint64 known; n > 0 && !follow->ended && (known = known_version (follow, deal)) < last;)
    if (!fill_page (follow, deal, (guint)MIN (last - known, PAGE), &n, error))
      return FALSE;
  return TRUE;
}

/* --- where deals stand --- */

static void catch_up (CtlFollow *follow);

/* At first it is only noted; later what happened since is reported. A version that went back is of a store
 * that was restored: no event is to be reported, and it goes on from there. */
static gboolean
take_version (CtlFollow *follow, const char *deal, guint64 version, GError **error)
{
  guint64 known = known_version (follow, deal);

  if (follow->knows && version > known)
    return fill (follow, deal, version, error);
  if (follow->knows && version < known && !follow->begun)
    return ctl_usage (error, _ ("--since %" PRIu64 ": %s is at version %" PRIu64), known, deal, version);
  follow->went_back = follow->went_back || version < known;
  set_version (follow, deal, version);
  return TRUE;
}

/* *@before moves on, to "" at the end. @listed: (element-type key_of()): gets the page's deals. */
static gboolean
take_page (CtlFollow *follow, char **before, GHashTable *listed, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "List");
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (GVariant) deals = NULL;
  GVariantIter iter;
  const char *deal;
  guint64 version;

  ctl_request_add (request, g_variant_new_string (*before));
  ctl_request_add (request, g_variant_new_uint32 (PAGE));
  reply = send (follow, request, error);
  if (reply == NULL)
    return FALSE;
  g_free (*before);
  g_variant_get (ctl_reply_value (reply), "(@a(sstsssx)s)", &deals, before);
  g_variant_iter_init (&iter, deals);
  while (g_variant_iter_next (&iter, "(&s&st&s&s&sx)", &deal, NULL, &version, NULL, NULL, NULL, NULL))
    {
      g_hash_table_add (listed, key_of (deal));
      if (!take_version (follow, deal, version, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_gone (gpointer key, gpointer value, gpointer listed)
{
  return !g_hash_table_contains (listed, key);
}

static gboolean
take_all (CtlFollow *follow, GError **error)
{
  g_autofree char *before = g_strdup ("");
  g_autoptr (GHashTable) listed = g_hash_table_new (NULL, NULL);

  do
    if (!take_page (follow, &before, listed, error))
      return FALSE;
  while (before[0] != '\0' && !follow->ended);
  /* A deal is never deleted. */
  if (!follow->ended && g_hash_table_foreach_remove (follow->versions, is_gone, listed) > 0)
    follow->went_back = TRUE;
  return TRUE;
}

static gboolean
take_one (CtlFollow *follow, GError **error)
{
  guint64 version = 0;

  return read_version (follow, &version, error) && take_version (follow, follow->deal, version, error);
}

static void
forget_retry (CtlFollow *follow)
{
  if (follow->retry != NULL)
    g_source_destroy (follow->retry);
  g_clear_pointer (&follow->retry, g_source_unref);
}

static gboolean
on_retry (gpointer data)
{
  forget_retry (data);
  catch_up (data);
  return G_SOURCE_REMOVE;
}

/* Of a daemon that is away or busy; any other error ends it. (transfer full) @error */
static void
bear (CtlFollow *follow, GError *error)
{
  if (!follow->begun || !g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE))
    {
      end (follow, error);
      return;
    }
  g_error_free (error);
  if (follow->retry != NULL)
    return;
  follow->retry = g_timeout_source_new_seconds (RETRY_SECONDS);
  g_source_set_callback (follow->retry, on_retry, follow, NULL);
  g_source_attach (follow->retry, g_main_context_get_thread_default ());
}

static void
tell_restored (CtlFollow *follow)
{
  follow->went_back = FALSE;
  if (!follow->ended && follow->follower.restored != NULL)
    follow->follower.restored (follow->follower.data);
}

static void
catch_up (CtlFollow *follow)
{
  GError *error = NULL;

  if (follow->ended)
    return;
  follow->on = watch (follow, &error) &&
               (follow->deal[0] != '\0' ? take_one (follow, &error) : take_all (follow, &error));
  follow->knows = follow->knows || follow->on;
  follow->begun = follow->begun || follow->on;
  if (!follow->on)
    bear (follow, error);
  else if (follow->went_back)
    tell_restored (follow);
}

/* --- signals --- */

/* Events that were reported already come off the front. */
static gboolean
take_move (CtlFollow *follow, CtlMove *move, guint n_events, GError **error)
{
  guint64 first = move->version > n_events ? move->version - n_events : 0; /* the version before them */
  guint64 known = known_version (follow, move->deal);

  if (known < first && !fill (follow, move->deal, first, error))
    return FALSE;
  known = known_version (follow, move->deal);
  if (follow->ended || move->version <= known)
    return TRUE;
  if (known > first)
    move->events += known - first;
  return report (follow, move, error);
}

static void
on_moved (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *signal,
          GVariant *parameters,
          gpointer data)
{
  CtlFollow *follow = data;
  g_autofree const char **events = NULL;
  GError *error = NULL;
  CtlMove move;

  if (follow->ended || !follow->knows || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(stsas)")))
    return;
  g_variant_get (parameters, "(&st&s^a&s)", &move.deal, &move.version, &move.state, &events);
  if (*follow->deal != '\0' && !g_str_equal (move.deal, follow->deal))
    return;
  move.events = events;
  if (!take_move (follow, &move, g_strv_length ((char **)events), &error))
    bear (follow, error);
}

static void
on_unwatched (GDBusConnection *connection,
              const char *sender,
              const char *path,
              const char *interface,
              const char *signal,
              GVariant *parameters,
              gpointer data)
{
  CtlFollow *follow = data;
  const char *deal;

  if (follow->ended || !follow->knows || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(s)")))
    return;
  g_variant_get (parameters, "(&s)", &deal);
  if (g_str_equal (deal, follow->deal))
    catch_up (follow);
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  catch_up (data);
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  CtlFollow *follow = data;

  /* Gone while we watched, it comes back; not there at all, there is nothing to watch. */
  follow->on = FALSE;
  if (connection == NULL)
    end (follow, g_error_new (DD_ERROR, DD_ERROR_UNAVAILABLE, _ ("the bus is gone")));
  else if (!follow->begun)
    end (follow, ctl_fault_translate (g_error_new (G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN, "not there")));
}

static guint
subscribe (CtlFollow *follow, const char *signal, GDBusSignalCallback callback)
{
  return g_dbus_connection_signal_subscribe (follow->connection, "org.dealdesk1", "org.dealdesk1.Manager",
                                             signal, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, callback, follow,
                                             NULL);
}

CtlFollow *
ctl_follow_new (CtlBus *bus, const char *as, const char *deal, gint64 since, const CtlFollower *follower)
{
  CtlFollow *follow = g_new0 (CtlFollow, 1);

  follow->bus = bus;
  follow->connection = g_object_ref (ctl_bus_connection (bus));
  follow->as = g_strdup (as);
  follow->deal = g_strdup (deal);
  follow->follower = *follower;
  follow->versions = g_hash_table_new (NULL, NULL);
  if (since >= 0)
    {
      set_version (follow, deal, (guint64)since);
      follow->knows = TRUE;
    }
  follow->moved = subscribe (follow, "Moved", on_moved);
  follow->unwatched = subscribe (follow, "Unwatched", on_unwatched);
  follow->name =
    g_bus_watch_name_on_connection (follow->connection, "org.dealdesk1", G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                    on_appeared, on_vanished, follow, NULL);
  return follow;
}

void
ctl_follow_free (CtlFollow *follow)
{
  forget_retry (follow);
  g_bus_unwatch_name (follow->name);
  g_dbus_connection_signal_unsubscribe (follow->connection, follow->moved);
  g_dbus_connection_signal_unsubscribe (follow->connection, follow->unwatched);
  g_object_unref (follow->connection);
  g_hash_table_unref (follow->versions);
  g_free (follow->as);
  g_free (follow->deal);
  g_free (follow);
}

gboolean
ctl_follow_is_on (const CtlFollow *follow)
{
  return follow->on;
}
