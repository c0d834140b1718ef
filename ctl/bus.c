/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls to the daemon (see bus.h). One thread; calls block, as the program has nothing else to do.
 *
 * Of a lost reply: the daemon may have died before or after the move was on disk. It comes back by itself, so
 * for RETURN_MAX the same message, with the same key, is offered until somebody takes it. It is taken once
 * only: a command that kills the daemon must not kill it again and again.
 */
#include "bus.h"
#include "document.h"
#include "fault.h"
#include "i18n.h"
#include "interface-xml.h"
#include "progress.h"

#include <unistd.h>

#define BUS_NAME        "org.dealdesk1"
#define RETURN_MAX      (10 * G_USEC_PER_SEC)
#define LEAVE_MAX       (2 * G_USEC_PER_SEC)
#define POLL_STEP       (G_USEC_PER_SEC / 20)
#define DEFAULT_TIMEOUT (120 * 1000)

/* There is one call at a time. */
#define PROGRESS_JOB 1

struct _CtlBus
{
  char *address;
  GDBusConnection *connection;
  GDBusNodeInfo *interfaces;
  GDBusCallFlags flags;
};

struct _CtlRequest
{
  char *path;
  char *interface;
  char *method;
  GPtrArray *arguments; /* (element-type GVariant) */
  GVariantDict options;
  GUnixFDList *fds;
  char *key;     /* (nullable) */
  gboolean once; /* never sent again */
  int timeout;
  char *what; /* (nullable): for its progress */
  char *unit;
  GVariant *message; /* (nullable): the arguments, once they are complete */
};

struct _CtlReply
{
  GVariant *value;
  GUnixFDList *fds;
};

static gboolean
connect_bus (CtlBus *bus, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_clear_object (&bus->connection);
  bus->connection = g_dbus_connection_new_for_address_sync (bus->address,
                                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                            NULL, NULL, &local);
  if (bus->connection == NULL)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, _ ("can't reach the bus at %s: %s"), bus->address,
                    local->message);
  g_dbus_connection_set_exit_on_close (bus->connection, FALSE);
  return TRUE;
}

CtlBus *
ctl_bus_open (const CtlBusPlace *place, GError **error)
{
  g_autoptr (CtlBus) bus = g_new0 (CtlBus, 1);
  g_autoptr (GError) local = NULL;

  if (place->address != NULL)
    bus->address = g_strdup (place->address);
  else
    bus->address =
      g_dbus_address_get_for_bus_sync (place->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, &local);
  if (bus->address == NULL)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE,
               place->session ? _ ("there is no session bus: %s") : _ ("there is no system bus: %s"),
               local->message);
      return NULL;
    }
  bus->interfaces = g_dbus_node_info_new_for_xml (dd_interface_xml, error);
  if (bus->interfaces == NULL || !connect_bus (bus, error))
    return NULL;
  /* An authorisation agent may ask only where somebody can answer. */
  if (isatty (STDIN_FILENO))
    bus->flags |= G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION;
  return g_steal_pointer (&bus);
}

void
ctl_bus_free (CtlBus *bus)
{
  if (bus == NULL)
    return;
  g_clear_object (&bus->connection);
  g_clear_pointer (&bus->interfaces, g_dbus_node_info_unref);
  g_free (bus->address);
  g_free (bus);
}

GDBusConnection *
ctl_bus_connection (CtlBus *bus)
{
  return bus->connection;
}

CtlRequest *
ctl_request_new (const char *path, const char *interface, const char *method)
{
  CtlRequest *request = g_new0 (CtlRequest, 1);

  request->path = g_strdup (path);
  request->interface = g_strconcat (BUS_NAME ".", interface, NULL);
  request->method = g_strdup (method);
  request->arguments = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_variant_dict_init (&request->options, NULL);
  request->fds = g_unix_fd_list_new ();
  request->timeout = DEFAULT_TIMEOUT;
  return request;
}

void
ctl_request_free (CtlRequest *request)
{
  if (request == NULL)
    return;
  g_free (request->path);
  g_free (request->interface);
  g_free (request->method);
  g_ptr_array_unref (request->arguments);
  g_variant_dict_clear (&request->options);
  g_object_unref (request->fds);
  g_free (request->key);
  g_free (request->what);
  g_free (request->unit);
  g_clear_pointer (&request->message, g_variant_unref);
  g_free (request);
}

void
ctl_request_add (CtlRequest *request, GVariant *argument)
{
  g_ptr_array_add (request->arguments, g_variant_ref_sink (argument));
}

gboolean
ctl_request_add_descriptor (CtlRequest *request, int descriptor, GError **error)
{
  int handle = g_unix_fd_list_append (request->fds, descriptor, error);

  if (handle < 0)
    return FALSE;
  ctl_request_add (request, g_variant_new_handle (handle));
  return TRUE;
}

gboolean
ctl_request_add_document (CtlRequest *request, GBytes *document, GError **error)
{
  GVariant *value = ctl_document_send (document, request->fds, error);

  if (value == NULL)
    return FALSE;
  ctl_request_add (request, value);
  return TRUE;
}

void
ctl_request_option (CtlRequest *request, const char *key, GVariant *value)
{
  g_variant_dict_insert_value (&request->options, key, value);
}

void
ctl_request_option_text (CtlRequest *request, const char *key, const char *text)
{
  if (text != NULL)
    ctl_request_option (request, key, g_variant_new_string (text));
}

void
ctl_request_set_key (CtlRequest *request, const char *key)
{
  g_free (request->key);
  request->key = g_strdup (key);
  ctl_request_option_text (request, "idempotency-key", key);
}

void
ctl_request_set_once (CtlRequest *request)
{
  request->once = TRUE;
}

void
ctl_request_set_timeout (CtlRequest *request, int milliseconds)
{
  request->timeout = milliseconds;
}

void
ctl_request_set_progress (CtlRequest *request, const char *what, const char *unit)
{
  if (!isatty (STDERR_FILENO))
    return;
  request->what = g_strdup (what);
  request->unit = g_strdup (unit);
  ctl_request_option (request, "progress", g_variant_new_uint32 (PROGRESS_JOB));
}

static void
complete_message (CtlRequest *request)
{
  if (request->message != NULL)
    return;
  ctl_request_add (request, g_variant_dict_end (&request->options));
  request->message = g_variant_ref_sink (
    g_variant_new_tuple ((GVariant **)request->arguments->pdata, request->arguments->len));
}

/* "(sv)" from a method's arguments. */
static char *
signature_of (GDBusArgInfo **arguments)
{
  GString *text = g_string_new ("(");

  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_string_append (text, arguments[i]->signature);
  return g_string_free (g_string_append_c (text, ')'), FALSE);
}

/* --- a call whose progress is shown --- */

typedef struct
{
  CtlProgress *progress;
  gboolean done;
  GVariant *value;
  GUnixFDList *fds;
  GError *error;
} Watched;

static void
on_progress (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer data)
{
  Watched *watched = data;
  guint64 done, total;
  guint job;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(utt)")))
    return;
  g_variant_get (parameters, "(utt)", &job, &done, &total);
  if (job == PROGRESS_JOB)
    ctl_progress_update (watched->progress, done, total);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Watched *watched = data;

  watched->value = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &watched->fds,
                                                                    result, &watched->error);
  watched->done = TRUE;
}

static GVariant *
call_watched (CtlBus *bus, const CtlRequest *request, const char *out, GUnixFDList **out_fds, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (CtlProgress) progress = ctl_progress_new (request->what, request->unit);
  Watched watched = { .progress = progress };
  guint signal;

  g_main_context_push_thread_default (context);
  signal = g_dbus_connection_signal_subscribe (bus->connection, BUS_NAME, BUS_NAME ".Manager", "Progress",
                                               CTL_PATH_MANAGER, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_progress,
                                               &watched, NULL);
  g_dbus_connection_call_with_unix_fd_list (
    bus->connection, BUS_NAME, request->path, request->interface, request->method, request->message,
    G_VARIANT_TYPE (out), bus->flags, request->timeout, request->fds, NULL, on_reply, &watched);
  while (!watched.done)
    g_main_context_iteration (context, TRUE);
  g_dbus_connection_signal_unsubscribe (bus->connection, signal);
  /* What was on its way to the subscription ends here too. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  if (watched.value == NULL)
    g_propagate_error (error, watched.error);
  *out_fds = watched.fds;
  return watched.value;
}

static CtlReply *
send_once (CtlBus *bus, const CtlRequest *request, GError **error)
{
  GDBusInterfaceInfo *interface = g_dbus_node_info_lookup_interface (bus->interfaces, request->interface);
  GDBusMethodInfo *method = g_dbus_interface_info_lookup_method (interface, request->method);
  g_autofree char *in = signature_of (method->in_args);
  g_autofree char *out = signature_of (method->out_args);
  g_autoptr (GUnixFDList) fds = NULL;
  GVariant *value;
  CtlReply *reply;

  g_assert (g_variant_is_of_type (request->message, G_VARIANT_TYPE (in)));
  if (request->what != NULL)
    value = call_watched (bus, request, out, &fds, error);
  else
    value = g_dbus_connection_call_with_unix_fd_list_sync (
      bus->connection, BUS_NAME, request->path, request->interface, request->method, request->message,
      G_VARIANT_TYPE (out), bus->flags, request->timeout, request->fds, &fds, NULL, error);
  if (value == NULL)
    return NULL;
  reply = g_new0 (CtlReply, 1);
  reply->value = value;
  reply->fds = g_steal_pointer (&fds);
  return reply;
}

/* (transfer full) (nullable): the daemon's unique name, NULL when it isn't there. */
static char *
name_owner (CtlBus *bus)
{
  g_autoptr (GVariant) value =
    g_dbus_connection_call_sync (bus->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                 "org.freedesktop.DBus", "GetNameOwner", g_variant_new ("(s)", BUS_NAME),
                                 G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, DEFAULT_TIMEOUT, NULL, NULL);
  char *owner = NULL;

  if (value != NULL)
    g_variant_get (value, "(s)", &owner);
  return owner;
}

/* A daemon that doesn't know what it committed is about to exit: a call to it would be lost as well. */
static void
wait_until_it_left (CtlBus *bus)
{
  g_autofree char *leaving = name_owner (bus);

  for (gint64 waited = 0; leaving != NULL && waited < LEAVE_MAX; waited += POLL_STEP)
    {
      g_autofree char *owner = name_owner (bus);

      if (g_strcmp0 (owner, leaving) != 0)
        return;
      g_usleep (POLL_STEP);
    }
}

/* Connects again until it works or @end (monotonic) is there. */
static gboolean
be_connected (CtlBus *bus, gint64 end, GError **error)
{
  while (bus->connection == NULL || g_dbus_connection_is_closed (bus->connection))
    {
      g_autoptr (GError) local = NULL;

      if (connect_bus (bus, &local))
        return TRUE;
      if (g_get_monotonic_time () >= end)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      g_usleep (POLL_STEP);
    }
  return TRUE;
}

static CtlReply *
send_again (CtlBus *bus, const CtlRequest *request, GError **error)
{
  gint64 end = g_get_monotonic_time () + RETURN_MAX;

  while (be_connected (bus, end, error))
    {
      g_autoptr (GError) local = NULL;
      CtlReply *reply = send_once (bus, request, &local);

      if (reply != NULL)
        return reply;
      if (!ctl_fault_is_away (local) || g_get_monotonic_time () >= end)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      g_usleep (POLL_STEP);
    }
  return NULL;
}

/* Whether @error, of the last try, leaves open what became of the first. */
static gboolean
is_unknown (const GError *error)
{
  return ctl_fault_is_lost_reply (error) || ctl_fault_is_away (error) ||
         g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE);
}

static void
fail_unknown (const CtlRequest *request, GError **error)
{
  if (request->key != NULL)
    dd_fail (
      error, DD_ERROR_OUTCOME_UNKNOWN,
      _ ("no reply to %s, so it may or may not have happened; the same command with --key %s will tell, "
         "and does "
         "it at most once"),
      request->method, request->key);
  else
    dd_fail (error, DD_ERROR_OUTCOME_UNKNOWN, _ ("no reply to %s, so it may or may not have happened"),
             request->method);
}

CtlReply *
ctl_bus_send (CtlBus *bus, CtlRequest *request, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean lost;
  CtlReply *reply;

  complete_message (request);
  reply = send_once (bus, request, &local);
  if (reply != NULL)
    return reply;
  lost = ctl_fault_is_lost_reply (local);
  if (lost && !request->once)
    {
      if (local->domain == DD_ERROR)
        wait_until_it_left (bus);
      g_clear_error (&local);
      reply = send_again (bus, request, &local);
      if (reply != NULL)
        return reply;
    }
  if (lost && (request->key != NULL || request->once) && is_unknown (local))
    fail_unknown (request, error);
  else
    g_propagate_error (error, ctl_fault_translate (g_steal_pointer (&local)));
  return NULL;
}

void
ctl_reply_free (CtlReply *reply)
{
  if (reply == NULL)
    return;
  g_variant_unref (reply->value);
  g_clear_object (&reply->fds);
  g_free (reply);
}

GVariant *
ctl_reply_value (const CtlReply *reply)
{
  return reply->value;
}

int
ctl_reply_descriptor (const CtlReply *reply, guint index, GError **error)
{
  gint32 handle = -1;

  g_variant_get_child (reply->value, index, "h", &handle);
  if (reply->fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (reply->fds))
    return g_unix_fd_list_get (reply->fds, handle, error);
  dd_fail (error, DD_ERROR_FAILED, _ ("the daemon answered without the file descriptor that it should pass"));
  return -1;
}

GBytes *
ctl_reply_document (const CtlReply *reply, guint index, GError **error)
{
  g_autoptr (GVariant) value = g_variant_get_child_value (reply->value, index);

  return ctl_document_receive (value, reply->fds, error);
}

DdJson *
ctl_reply_json (const CtlReply *reply, guint index, GError **error)
{
  /* The daemon's own document: larger and deeper than what it takes from outside. */
  static const DdJsonLimits limits = { .max_bytes = (gsize)1024 * 1024 * 1024, .max_depth = 128 };
  g_autoptr (GBytes) document = ctl_reply_document (reply, index, error);
  gsize length;
  const char *text;

  if (document == NULL)
    return NULL;
  text = g_bytes_get_data (document, &length);
  return dd_json_parse (text == NULL ? "" : text, length, &limits, error);
}
