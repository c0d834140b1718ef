/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Quotas (see quota.h).
 *
 * GDBus runs filters, for what comes in and what goes out, in its one worker thread: all state is that
 * thread's, and there is no lock. Only the number of calls under way is read by others.
 */
#include "access/quota.h"

#include "error-names.h"
#include "error.h"

#include <string.h>

#define BUS      "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"

/* No method takes more than one document. */
#define MAX_FDS 1

/* The bus gives a connection, ours too, 128 answers to wait for, and a call may wait for polkit: one user
 * mustn't take all of them. */
const DdQuotaLimits dd_quota_limits = { .calls = 64, .bytes = 64 * 1024 * 1024 };

/* What a user, or a name whose user isn't known yet, has under way. */
typedef struct
{
  gint64 uid;  /* -1: not known yet */
  guint peers; /* that count here */
  guint calls;
  gsize bytes;
} Account;

typedef struct
{
  Account *account;
  GHashTable *calls; /* serial to Charge */
  gboolean gone;     /* left the bus; kept until its calls are answered */
} Peer;

typedef struct
{
  gsize bytes;
  gboolean silent; /* the caller wants no answer */
} Charge;

struct _DdQuota
{
  GDBusConnection *connection;
  DdQuotaLimits limits;
  guint filter;
  guint watch;
  GHashTable *peers;     /* unique name to Peer */
  GHashTable *accounts;  /* uid (gint64*) to Account; those that are known */
  GHashTable *questions; /* serial of a question for a uid to the unique name */
  guint in_flight;       /* atomic */
};

/* --- accounts --- */

static void
leave_account (DdQuota *quota, Account *account)
{
  account->peers--;
  if (account->peers > 0)
    return;
  if (account->uid >= 0)
    g_hash_table_remove (quota->accounts, &account->uid);
  g_free (account);
}

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  g_hash_table_unref (peer->calls);
  g_free (peer);
}

static void
remove_peer (DdQuota *quota, const char *name, Peer *peer)
{
  leave_account (quota, peer->account);
  g_hash_table_remove (quota->peers, name);
}

/* Moves what @peer has under way to its user's account. */
static void
learn (DdQuota *quota, Peer *peer, guint32 uid)
{
  const gint64 key = uid;
  Account *own = peer->account;
  Account *account = g_hash_table_lookup (quota->accounts, &key);

  if (account == NULL)
    {
      account = g_new0 (Account, 1);
      account->uid = key;
      g_hash_table_insert (quota->accounts, &account->uid, account);
    }
  account->peers++;
  account->calls += own->calls;
  account->bytes += own->bytes;
  peer->account = account;
  leave_account (quota, own);
}

static void
ask (DdQuota *quota, const char *name)
{
  g_autoptr (GDBusMessage) question =
    g_dbus_message_new_method_call (BUS, BUS_PATH, BUS, "GetConnectionUnixUser");
  guint32 serial = 0;

  g_dbus_message_set_body (question, g_variant_new ("(s)", name));
  if (g_dbus_connection_send_message (quota->connection, question, G_DBUS_SEND_MESSAGE_FLAGS_NONE, &serial,
                                      NULL))
    g_hash_table_insert (quota->questions, GUINT_TO_POINTER (serial), g_strdup (name));
}

static Peer *
peer_of (DdQuota *quota, const char *name)
{
  Peer *peer = g_hash_table_lookup (quota->peers, name);

  if (peer != NULL)
    return peer;
  peer = g_new0 (Peer, 1);
  peer->calls = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  peer->account = g_new0 (Account, 1);
  peer->account->uid = -1;
  peer->account->peers = 1;
  g_hash_table_insert (quota->peers, g_strdup (name), peer);
  ask (quota, name);
  return peer;
}

/* --- calls --- */

static gsize
text_size (const char *text)
{
  return text != NULL ? strlen (text) : 0;
}

static gsize
message_size (GDBusMessage *message)
{
  GVariant *body = g_dbus_message_get_body (message);

  return (body != NULL ? g_variant_get_size (body) : 0) + text_size (g_dbus_message_get_path (message)) +
         text_size (g_dbus_message_get_interface (message)) + text_size (g_dbus_message_get_member (message));
}

/* Why a call of @size more can't be taken, or NULL. The bus itself refuses a serial twice, but not of calls
 * that want no answer; such a one would escape the count. */
static char *
find_reason (const DdQuota *quota, const Peer *peer, GDBusMessage *message, gsize size)
{
  const Account *account = peer->account;

  if (g_hash_table_contains (peer->calls, GUINT_TO_POINTER (g_dbus_message_get_serial (message))))
    return g_strdup ("a call with this serial is under way");
  if (g_dbus_message_get_num_unix_fds (message) > MAX_FDS)
    return g_strdup_printf ("a call may carry %d file descriptor, for its document", MAX_FDS);
  if (account->calls >= quota->limits.calls)
    return g_strdup_printf ("this user has %u calls under way, and no more are taken; wait for an answer",
                            account->calls);
  if (size > quota->limits.bytes || account->bytes > quota->limits.bytes - size)
    return g_strdup_printf ("this user's calls under way would have more than %" G_GSIZE_FORMAT
                            " bytes; send documents in memfds",
                            quota->limits.bytes);
  return NULL;
}

static void
refuse (DdQuota *quota, GDBusMessage *call, const char *reason)
{
  g_autofree char *name = g_strconcat (DD_BUS_ERROR_PREFIX, dd_bus_error_names[DD_ERROR_UNAVAILABLE], NULL);
  g_autoptr (GDBusMessage) reply = NULL;

  if (g_dbus_message_get_flags (call) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED)
    return;
  reply = g_dbus_message_new_method_error_literal (call, name, reason);
  g_dbus_connection_send_message (quota->connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

/* @message without the wish for no answer: its end must be seen. (transfer full) of both */
static GDBusMessage *
want_answer (GDBusMessage *message)
{
  g_autoptr (GDBusMessage) original = message;
  GDBusMessage *copy = g_dbus_message_copy (original, NULL);

  if (copy != NULL)
    g_dbus_message_set_flags (copy,
                              g_dbus_message_get_flags (copy) & ~G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  return copy;
}

static GDBusMessage *
take_call (DdQuota *quota, GDBusMessage *message)
{
  const char *sender = g_dbus_message_get_sender (message);
  gboolean silent = (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED) != 0;
  gsize size = message_size (message);
  g_autofree char *reason = NULL;
  Peer *peer;
  Charge *charge;

  if (sender == NULL)
    return message;
  peer = peer_of (quota, sender);
  reason = find_reason (quota, peer, message, size);
  if (reason != NULL)
    {
      refuse (quota, message, reason);
      g_object_unref (message);
      return NULL;
    }
  if (silent)
    message = want_answer (message);
  if (message == NULL)
    return NULL;
  charge = g_new0 (Charge, 1);
  charge->bytes = size;
  charge->silent = silent;
  g_hash_table_insert (peer->calls, GUINT_TO_POINTER (g_dbus_message_get_serial (message)), charge);
  peer->account->calls++;
  peer->account->bytes += size;
  g_atomic_int_inc (&quota->in_flight);
  return message;
}

static GDBusMessage *
give_back (DdQuota *quota, GDBusMessage *answer)
{
  const char *name = g_dbus_message_get_destination (answer);
  gpointer serial = GUINT_TO_POINTER (g_dbus_message_get_reply_serial (answer));
  Peer *peer = name != NULL ? g_hash_table_lookup (quota->peers, name) : NULL;
  const Charge *charge = peer != NULL ? g_hash_table_lookup (peer->calls, serial) : NULL;
  gboolean silent;

  if (charge == NULL)
    return answer;
  silent = charge->silent;
  peer->account->calls--;
  peer->account->bytes -= charge->bytes;
  (void)g_atomic_int_dec_and_test (&quota->in_flight);
  g_hash_table_remove (peer->calls, serial);
  if (peer->gone && g_hash_table_size (peer->calls) == 0)
    remove_peer (quota, name, peer);
  if (!silent)
    return answer;
  g_object_unref (answer);
  return NULL;
}

/* --- what the bus says --- */

static gboolean
is_from_bus (GDBusMessage *message)
{
  return g_strcmp0 (g_dbus_message_get_sender (message), BUS) == 0;
}

/* The bus's answer to ask(), which nobody else waits for. */
static GDBusMessage *
take_answer (DdQuota *quota, GDBusMessage *message)
{
  gpointer serial = GUINT_TO_POINTER (g_dbus_message_get_reply_serial (message));
  const char *name = is_from_bus (message) ? g_hash_table_lookup (quota->questions, serial) : NULL;
  GVariant *body = g_dbus_message_get_body (message);
  Peer *peer;

  if (name == NULL)
    return message;
  peer = g_hash_table_lookup (quota->peers, name);
  if (peer != NULL && body != NULL && g_variant_is_of_type (body, G_VARIANT_TYPE ("(u)")))
    {
      guint32 uid;
      g_variant_get (body, "(u)", &uid);
      learn (quota, peer, uid);
    }
  g_hash_table_remove (quota->questions, serial);
  g_object_unref (message);
  return NULL;
}

static void
see_signal (DdQuota *quota, GDBusMessage *message)
{
  GVariant *body = g_dbus_message_get_body (message);
  const char *name, *new_owner;
  Peer *peer;

  if (!is_from_bus (message) || g_strcmp0 (g_dbus_message_get_member (message), "NameOwnerChanged") != 0 ||
      body == NULL || !g_variant_is_of_type (body, G_VARIANT_TYPE ("(sss)")))
    return;
  g_variant_get (body, "(&s&s&s)", &name, NULL, &new_owner);
  peer = new_owner[0] == '\0' ? g_hash_table_lookup (quota->peers, name) : NULL;
  if (peer == NULL)
    return;
  peer->gone = TRUE;
  if (g_hash_table_size (peer->calls) == 0)
    remove_peer (quota, name, peer);
}

static GDBusMessage *
filter (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  DdQuota *quota = data;

  switch (g_dbus_message_get_message_type (message))
    {
    case G_DBUS_MESSAGE_TYPE_METHOD_CALL:
      return incoming ? take_call (quota, message) : message;
    case G_DBUS_MESSAGE_TYPE_METHOD_RETURN:
    case G_DBUS_MESSAGE_TYPE_ERROR:
      return incoming ? take_answer (quota, message) : give_back (quota, message);
    case G_DBUS_MESSAGE_TYPE_SIGNAL:
      if (incoming)
        see_signal (quota, message);
      return message;
    case G_DBUS_MESSAGE_TYPE_INVALID:
    default:
      return message;
    }
}

/* --- life --- */

/* The filter reads the signal; the subscription only makes the bus send it. */
static void
ignore_signal (GDBusConnection *connection,
               const char *sender,
               const char *path,
               const char *interface,
               const char *signal,
               GVariant *parameters,
               gpointer data)
{
}

/* Called when the filter can't run any more. */
static void
destroy (gpointer data)
{
  DdQuota *quota = data;
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, quota->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    leave_account (quota, ((Peer *)peer)->account);
  g_hash_table_unref (quota->peers);
  g_hash_table_unref (quota->accounts);
  g_hash_table_unref (quota->questions);
  g_free (quota);
}

DdQuota *
dd_quota_new (GDBusConnection *connection, const DdQuotaLimits *limits)
{
  DdQuota *quota = g_new0 (DdQuota, 1);

  quota->connection = connection;
  quota->limits = *limits;
  quota->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, peer_free);
  quota->accounts = g_hash_table_new (g_int64_hash, g_int64_equal);
  quota->questions = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  quota->watch = g_dbus_connection_signal_subscribe (connection, BUS, BUS, "NameOwnerChanged", BUS_PATH, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, ignore_signal, NULL, NULL);
  quota->filter = g_dbus_connection_add_filter (connection, filter, quota, destroy);
  return quota;
}

void
dd_quota_free (DdQuota *quota)
{
  GDBusConnection *connection = quota->connection;

  g_dbus_connection_signal_unsubscribe (connection, quota->watch);
  g_dbus_connection_remove_filter (connection, quota->filter);
}

guint
dd_quota_in_flight (const DdQuota *quota)
{
  return (guint)g_atomic_int_get (&quota->in_flight);
}
