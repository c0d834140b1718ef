/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Quotas: an object that keeps its callers waiting, behind the filter. All callers are one user here, as on
 * any bus of one's own.
 */
#include "fixture.h"

#include "access/quota.h"

#include <string.h>

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *connection;
  Server server; /* only its name: there is no service */
  DdQuota *quota;
  GPtrArray *waiting; /* (element-type GDBusMethodInvocation) */
  GDBusConnection *caller;
} Fixture;

static const char xml[] = "<node><interface name='t.Wait'><method name='Wait'><arg name='text' type='s' "
                          "direction='in'/></method></interface></node>";

static const DdQuotaLimits limits = { .calls = 8, .bytes = 100000 };

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  g_ptr_array_add (((Fixture *)data)->waiting, invocation);
}

static void
setup (Fixture *f, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { on_call, NULL, NULL, { 0 } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  guint id;

  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->connection = bus_connect ();
  f->server.name = g_strdup (g_dbus_connection_get_unique_name (f->connection));
  f->quota = dd_quota_new (f->connection, &limits);
  f->waiting = g_ptr_array_new ();
  id = g_dbus_connection_register_object (f->connection, "/", node->interfaces[0], &vtable, f, NULL, NULL);
  g_assert_cmpuint (id, !=, 0);
  f->caller = bus_connect ();
  settle (f->connection);
}

static void
teardown (Fixture *f, gconstpointer data)
{
  bus_disconnect (f->caller);
  dd_quota_free (f->quota);
  bus_disconnect (f->connection);
  g_ptr_array_unref (f->waiting);
  g_free (f->server.name);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
}

static Pending *
start (Fixture *f, GDBusConnection *caller, const char *text)
{
  return call_start (caller, &f->server, "/", "t.Wait", "Wait", g_variant_new ("(s)", text), NULL, 0);
}

static void
wait_for (Fixture *f, guint n)
{
  while (f->waiting->len < n)
    g_main_context_iteration (NULL, TRUE);
}

/* Answers all that wait, and the callers get it. */
static void
answer (Fixture *f, Pending **calls, guint n)
{
  for (guint i = 0; i < f->waiting->len; i++)
    g_dbus_method_invocation_return_value (g_ptr_array_index (f->waiting, i), NULL);
  g_ptr_array_set_size (f->waiting, 0);
  for (guint i = 0; i < n; i++)
    {
      call_wait (calls[i]);
      g_assert_no_error (calls[i]->error);
      call_free (calls[i]);
    }
}

/* From here on the service knows who @caller is: the bus answered its question before it answers one put
 * later. */
static void
introduce (Fixture *f, GDBusConnection *caller)
{
  Pending *call = start (f, caller, "");

  wait_for (f, 1);
  answer (f, &call, 1);
  settle (f->connection);
}

static void
must_be_refused (Pending *call)
{
  g_test_message ("%s", must_have_failed (call, "Unavailable"));
  call_free (call);
}

static void
test_calls (Fixture *f, gconstpointer data)
{
  Pending *calls[8];

  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 8; i++)
        calls[i] = start (f, f->caller, "");
      wait_for (f, 8);
      g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 8);
      must_be_refused (start (f, f->caller, ""));
      g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 8);
      answer (f, calls, 8);
      g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
    }
}

static void
test_other_connection (Fixture *f, gconstpointer data)
{
  GDBusConnection *other = bus_connect ();
  Pending *calls[8];

  introduce (f, f->caller);
  introduce (f, other);
  for (guint i = 0; i < 8; i++)
    calls[i] = start (f, i % 2 == 0 ? f->caller : other, "");
  wait_for (f, 8);
  must_be_refused (start (f, f->caller, ""));
  must_be_refused (start (f, other, ""));
  answer (f, calls, 8);
  calls[0] = start (f, other, "");
  wait_for (f, 1);
  answer (f, calls, 1);
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
  bus_disconnect (other);
}

static void
test_bytes (Fixture *f, gconstpointer data)
{
  g_autofree char *half = g_strnfill (60000, 'x');
  g_autofree char *all = g_strnfill (100001, 'x');
  Pending *call;

  must_be_refused (start (f, f->caller, all));
  call = start (f, f->caller, half);
  wait_for (f, 1);
  must_be_refused (start (f, f->caller, half));
  answer (f, &call, 1);
  call = start (f, f->caller, half);
  wait_for (f, 1);
  answer (f, &call, 1);
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
}

/* GDBus answers these itself, in its own ways. */
static void
test_answers_of_gdbus (Fixture *f, gconstpointer data)
{
  static const char *const bad[][3] = { { "/", "t.Wait", "Nothing" },
                                        { "/nowhere", "t.Wait", "Wait" },
                                        { "/", "t.Other", "Wait" },
                                        { "/", "t.Wait", "Wait" } };

  for (guint i = 0; i < 4 * limits.calls; i++)
    {
      const char *const *call = bad[i % G_N_ELEMENTS (bad)];
      Pending *pending =
        call_start (f->caller, &f->server, call[0], call[1], call[2], g_variant_new ("(u)", 1u), NULL, 0);
      g_autofree char *name = NULL;
      call_wait (pending);
      g_assert_nonnull (pending->error);
      name = g_dbus_error_get_remote_error (pending->error);
      g_assert_true (g_str_has_prefix (name, "org.freedesktop.DBus.Error."));
      call_free (pending);
    }
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
}

static void
send_silent (Fixture *f, guint32 serial)
{
  g_autoptr (GDBusMessage) message = g_dbus_message_new_method_call (f->server.name, "/", "t.Wait", "Wait");
  g_autoptr (GError) error = NULL;

  g_dbus_message_set_body (message, g_variant_new ("(s)", ""));
  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  if (serial != 0)
    g_dbus_message_set_serial (message, serial);
  g_dbus_connection_send_message (
    f->caller, message,
    serial != 0 ? G_DBUS_SEND_MESSAGE_FLAGS_PRESERVE_SERIAL : G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, &error);
  g_assert_no_error (error);
}

static GDBusMessage *
count_replies (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  if (incoming && g_strcmp0 (g_dbus_message_get_sender (message), "org.freedesktop.DBus") != 0)
    g_atomic_int_inc ((int *)data);
  return message;
}

static void
test_silent_calls (Fixture *f, gconstpointer data)
{
  static int replies;
  Pending *call = start (f, f->caller, "");
  guint filter;

  wait_for (f, 1);
  answer (f, &call, 1);
  filter = g_dbus_connection_add_filter (f->caller, count_replies, &replies, NULL);
  for (guint i = 0; i < 8; i++)
    send_silent (f, 0);
  wait_for (f, 8);
  for (guint i = 0; i < 8; i++)
    send_silent (f, 0);
  settle (f->caller);
  settle (f->connection);
  g_assert_cmpuint (f->waiting->len, ==, 8);
  answer (f, NULL, 0);
  settle (f->connection);
  settle (f->caller);
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&replies), ==, 0);
  g_dbus_connection_remove_filter (f->caller, filter);
}

/* The bus lets these through. */
static void
test_same_serial (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    send_silent (f, 4000);
  settle (f->caller);
  settle (f->connection);
  g_assert_cmpuint (f->waiting->len, ==, 1);
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 1);
  answer (f, NULL, 0);
  settle (f->connection);
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
}

static void
test_vanished (Fixture *f, gconstpointer data)
{
  GDBusConnection *gone = bus_connect ();
  Pending *calls[8];

  introduce (f, f->caller);
  introduce (f, gone);
  for (guint i = 0; i < 8; i++)
    calls[i] = start (f, gone, "");
  wait_for (f, 8);
  bus_disconnect (gone);
  for (guint i = 0; i < 8; i++)
    call_free (calls[i]);
  settle (f->connection);
  /* What it left behind still works. */
  must_be_refused (start (f, f->caller, ""));
  answer (f, NULL, 0);
  settle (f->connection);
  g_assert_cmpuint (dd_quota_in_flight (f->quota), ==, 0);
  calls[0] = start (f, f->caller, "");
  wait_for (f, 1);
  answer (f, calls, 1);
}

#define ADD(name, test) g_test_add ("/quota/" name, Fixture, NULL, setup, test, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("one-call-too-many-is-refused-and-answers-make-room", test_calls);
  ADD ("the-connections-of-a-user-count-together", test_other_connection);
  ADD ("one-byte-too-many-is-refused", test_bytes);
  ADD ("calls-that-reach-no-method-are-given-back", test_answers_of_gdbus);
  ADD ("calls-that-want-no-answer-count-and-get-none", test_silent_calls);
  ADD ("a-serial-under-way-is-refused", test_same_serial);
  ADD ("calls-of-a-caller-that-left-count-until-they-end", test_vanished);
  return g_test_run ();
}
