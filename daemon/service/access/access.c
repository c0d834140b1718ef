/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Who calls, and whether they may (see access.h). Main thread.
 *
 * The bus tells a connection's uid once; it is kept until that connection leaves. Unique names are never used
 * again, so what is kept can't become another's.
 */
#include "access/access.h"

#include "access/polkit.h"
#include "access/quota.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define BUS_TIMEOUT_MS 5000

#define GONE   "the caller left the bus before it was authorised"
#define MAX_AS 256 /* bytes */

typedef struct
{
  gboolean known; /* the bus has said who it is */
  guint32 uid;
  char *user; /* user name, or "uid:1000" */
} Caller;

struct _DdAccess
{
  const DdService *service;
  DdQuota *quota;
  GHashTable *callers; /* unique name to Caller, from its first call until it leaves */
  guint watch;
};

typedef struct
{
  DdAccess *access;
  char *sender;
  char *as;
  GPtrArray *actions; /* (element-type utf8): full action ids that must all be allowed */
  gboolean personal;
  gboolean interactive;
  DdAccessAnswer answer;
  gpointer data;
} Check;

static void
caller_free (gpointer data)
{
  g_free (((Caller *)data)->user);
  g_free (data);
}

static void
check_free (Check *check)
{
  g_free (check->sender);
  g_free (check->as);
  g_ptr_array_unref (check->actions);
  g_free (check);
}

static void
refuse (Check *check, guint32 uid, DdErrorCode code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (DD_ERROR, code, message);

  check->answer (uid, NULL, NULL, error, check->data);
  check_free (check);
}

static void
allow (Check *check, const Caller *caller)
{
  check->answer (caller->uid, check->as != NULL ? check->as : caller->user,
                 check->access->service->development ? NULL : caller->user, NULL, check->data);
  check_free (check);
}

static void
on_polkit (gboolean allowed, const GError *error, gpointer data)
{
  Check *check = data;
  Caller *caller = g_hash_table_lookup (check->access->callers, check->sender);

  if (caller == NULL)
    {
      refuse (check, 0, DD_ERROR_NOT_AUTHORIZED, GONE);
      return;
    }
  if (!allowed)
    {
      g_autofree char *message = g_strdup_printf (
        "polkit doesn't allow %s%s%s", (char *)g_ptr_array_index (check->actions, check->actions->len - 1),
        error != NULL ? ": " : "", error != NULL ? error->message : "");
      refuse (check, caller->uid, DD_ERROR_NOT_AUTHORIZED, message);
      return;
    }
  g_ptr_array_remove_index (check->actions, check->actions->len - 1);
  if (check->actions->len == 0)
    allow (check, caller);
  else
    dd_polkit_check (check->access->service->connection, check->sender,
                     g_ptr_array_index (check->actions, check->actions->len - 1), check->interactive,
                     on_polkit, check);
}

static void
judge (Check *check, const Caller *caller)
{
  if (check->as != NULL && check->as[0] == '\0')
    refuse (check, caller->uid, DD_ERROR_INVALID_ARGUMENT, "“as” names nobody");
  else if (check->as != NULL && strlen (check->as) > MAX_AS)
    refuse (check, caller->uid, DD_ERROR_TOO_LARGE, "“as” should name a person in at most 256 bytes");
  else if (check->access->service->development)
    {
      if (caller->uid == (guint32)getuid ())
        allow (check, caller);
      else
        refuse (check, caller->uid, DD_ERROR_NOT_AUTHORIZED,
                "on the session bus only the daemon's own user may call");
    }
  else if (check->as != NULL && check->personal)
    refuse (check, caller->uid, DD_ERROR_NOT_AUTHORIZED, "nobody approves, refuses or signs for another");
  else
    dd_polkit_check (check->access->service->connection, check->sender,
                     g_ptr_array_index (check->actions, check->actions->len - 1), check->interactive,
                     on_polkit, check);
}

/* The name service may ask a network: never on the main thread. */
typedef struct
{
  Check *check;
  guint32 uid;
  char *user; /* NULL: it can't be known now */
} Lookup;

/* (transfer full): the user's name; "uid:1000" for a uid that has none; NULL when the name service fails,
 * since a person must not be taken for another one. */
static char *
user_name (guint32 uid)
{
  struct passwd entry, *found = NULL;
  g_autofree char *buffer = NULL;
  gsize size = 4096;
  int failed;

  do
    {
      buffer = g_realloc (buffer, size);
      failed = getpwuid_r (uid, &entry, buffer, size, &found);
      size *= 4;
    }
  while (failed == ERANGE && size <= 4 * 1024 * 1024);
  if (found != NULL)
    return g_strdup (found->pw_name);
  return failed == 0 || failed == ENOENT || failed == ESRCH ? g_strdup_printf ("uid:%u", uid) : NULL;
}

static gboolean
on_named (gpointer data)
{
  Lookup *lookup = data;
  Check *check = lookup->check;
  Caller *caller = g_hash_table_lookup (check->access->callers, check->sender);

  if (caller == NULL)
    refuse (check, 0, DD_ERROR_NOT_AUTHORIZED, GONE);
  else if (lookup->user == NULL)
    refuse (check, lookup->uid, DD_ERROR_UNAVAILABLE,
            "the name service doesn't answer, so who calls isn't known; try again");
  else
    {
      if (!caller->known)
        {
          caller->uid = lookup->uid;
          caller->user = g_steal_pointer (&lookup->user);
          caller->known = TRUE;
        }
      judge (check, caller);
    }
  g_free (lookup->user);
  g_free (lookup);
  return G_SOURCE_REMOVE;
}

static gpointer
look_up (gpointer data)
{
  Lookup *lookup = data;

  lookup->user = user_name (lookup->uid);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_named, lookup, NULL);
  return NULL;
}

static void
on_uid (GObject *source, GAsyncResult *result, gpointer data)
{
  Check *check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Lookup *lookup;

  if (reply == NULL)
    {
      refuse (check, 0, DD_ERROR_NOT_AUTHORIZED, "the bus doesn't say who the caller is");
      return;
    }
  lookup = g_new0 (Lookup, 1);
  lookup->check = check;
  g_variant_get (reply, "(u)", &lookup->uid);
  g_thread_unref (g_thread_new ("user-name", look_up, lookup));
}

void
dd_access_check (DdAccess *access, const DdAccessQuestion *question, DdAccessAnswer answer, gpointer data)
{
  Check *check = g_new0 (Check, 1);
  const Caller *caller = g_hash_table_lookup (access->callers, question->sender);

  check->access = access;
  check->sender = g_strdup (question->sender);
  check->as = g_strdup (question->as);
  check->actions = g_ptr_array_new_with_free_func (g_free);
  if (question->as != NULL)
    g_ptr_array_add (check->actions, g_strdup ("org.dealdesk1.act-for"));
  if (question->customer)
    g_ptr_array_add (check->actions, g_strdup ("org.dealdesk1.record-customer"));
  g_ptr_array_add (check->actions, g_strconcat ("org.dealdesk1.", question->action, NULL));
  check->personal = question->personal;
  check->interactive = question->interactive;
  check->answer = answer;
  check->data = data;
  if (caller != NULL && caller->known)
    {
      judge (check, caller);
      return;
    }
  if (caller == NULL)
    g_hash_table_insert (access->callers, g_strdup (question->sender), g_new0 (Caller, 1));
  g_dbus_connection_call (access->service->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetConnectionUnixUser",
                          g_variant_new ("(s)", question->sender), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, BUS_TIMEOUT_MS, NULL, on_uid, check);
}

static void
on_owner_changed (GDBusConnection *connection,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *signal,
                  GVariant *parameters,
                  gpointer data)
{
  DdAccess *access = data;
  const char *name, *old_owner, *new_owner;

  g_variant_get (parameters, "(&s&s&s)", &name, &old_owner, &new_owner);
  if (name[0] == ':' && new_owner[0] == '\0')
    g_hash_table_remove (access->callers, name);
}

DdAccess *
dd_access_new (const DdService *service)
{
  DdAccess *access = g_new0 (DdAccess, 1);

  access->service = service;
  access->quota = dd_quota_new (service->connection, &dd_quota_limits);
  access->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, caller_free);
  access->watch = g_dbus_connection_signal_subscribe (
    service->connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
    "/org/freedesktop/DBus", NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, access, NULL);
  return access;
}

guint
dd_access_in_flight (const DdAccess *access)
{
  return dd_quota_in_flight (access->quota);
}

void
dd_access_free (DdAccess *access)
{
  g_dbus_connection_signal_unsubscribe (access->service->connection, access->watch);
  dd_quota_free (access->quota);
  g_hash_table_unref (access->callers);
  g_free (access);
}
