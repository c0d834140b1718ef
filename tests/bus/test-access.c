/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The service as on the system bus, before a polkit that the test plays: what it is asked, and what follows
 * from its answers or its silence.
 *
 * Polkit's messages wait in a queue until the test answers them, in the one loop that the service runs in
 * too.
 */
#include "fixture.h"

#include "access/access.h"

#include <string.h>

#define POLKIT  "org.freedesktop.PolicyKit1"
#define N_CALLS 64 /* of dd_quota_limits */

static const char xml[] =
  "<node><interface name='org.freedesktop.PolicyKit1.Authority'>"
  "<method name='CheckAuthorization'><arg type='(sa{sv})' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='a{ss}' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='(bba{ss})' direction='out'/></method>"
  "<method name='CancelCheckAuthorization'><arg type='s' direction='in'/></method>"
  "</interface></node>";

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *polkit;
  GQueue questions;  /* (element-type GDBusMethodInvocation): owned until they are answered */
  gboolean says_yes; /* to everything, by itself */
  Server *server;
  GDBusConnection *caller;
} Fixture;

static void
answer (GDBusMethodInvocation *question, gboolean allowed)
{
  g_dbus_method_invocation_return_value (question, g_variant_new ("((bba{ss}))", allowed, FALSE, NULL));
}

static void
on_question (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *method,
             GVariant *parameters,
             GDBusMethodInvocation *invocation,
             gpointer data)
{
  Fixture *f = data;

  if (f->says_yes)
    answer (invocation, TRUE);
  else
    g_queue_push_tail (&f->questions, invocation);
}

static void
must_be (GDBusConnection *connection, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, arguments,
    NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_n_children (reply), ==, 1);
}

static void
setup (Fixture *f, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { on_question, NULL, NULL, { 0 } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  guint id;

  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->polkit = bus_connect ();
  id = g_dbus_connection_register_object (f->polkit, "/org/freedesktop/PolicyKit1/Authority",
                                          node->interfaces[0], &vtable, f, NULL, NULL);
  g_assert_cmpuint (id, !=, 0);
  must_be (f->polkit, "RequestName", g_variant_new ("(su)", POLKIT, 0u));
  f->server = server_start (bus_connect (), FALSE);
  f->caller = bus_connect ();
}

static void
teardown (Fixture *f, gconstpointer data)
{
  g_assert_true (g_queue_is_empty (&f->questions));
  bus_disconnect (f->caller);
  server_stop (f->server);
  bus_disconnect (f->polkit);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
}

static GDBusMethodInvocation *
next_message (Fixture *f)
{
  while (g_queue_is_empty (&f->questions))
    g_main_context_iteration (NULL, TRUE);
  return g_queue_pop_head (&f->questions);
}

/* The next question to polkit, which must be about @action and @caller. */
static GDBusMethodInvocation *
next_question (Fixture *f, GDBusConnection *caller, const char *action, guint flags)
{
  GDBusMethodInvocation *question = next_message (f);
  const char *kind, *found_action, *name;
  g_autoptr (GVariant) subject = NULL;
  g_autofree char *full = g_strconcat ("org.dealdesk1.", action, NULL);
  guint found_flags;

  g_assert_cmpstr (g_dbus_method_invocation_get_method_name (question), ==, "CheckAuthorization");
  g_variant_get (g_dbus_method_invocation_get_parameters (question), "((&s@a{sv})&s@a{ss}u&s)", &kind,
                 &subject, &found_action, NULL, &found_flags, NULL);
  g_assert_cmpstr (kind, ==, "system-bus-name");
  g_assert_true (g_variant_lookup (subject, "name", "&s", &name));
  g_assert_cmpstr (name, ==, g_dbus_connection_get_unique_name (caller));
  g_assert_cmpuint (g_variant_n_children (subject), ==, 1);
  g_assert_cmpstr (found_action, ==, full);
  g_assert_cmpuint (found_flags, ==, flags);
  return question;
}

static Pending *
start_status (Fixture *f, GDBusConnection *caller, GDBusMessageFlags flags)
{
  return call_start (caller, f->server, MANAGER, "Status", g_variant_new_parsed ("(@a{sv} {},)"), NULL,
                     flags);
}

static void
must_succeed (Pending *call)
{
  call_wait (call);
  g_assert_no_error (call->error);
  call_free (call);
}

static char *
make_deal (Fixture *f)
{
  char *path;

  f->says_yes = TRUE;
  import_samples (f->caller, f->server, g_get_user_name ());
  path = open_deal (f->caller, f->server);
  f->says_yes = FALSE;
  return path;
}

static char *
get_deal (Fixture *f, const char *path)
{
  g_autoptr (GVariant) reply = NULL;

  f->says_yes = TRUE;
  reply = call_good (f->caller, f->server, path, DEAL, "Get", g_variant_new_parsed ("(@a{sv} {},)"));
  f->says_yes = FALSE;
  return document_text (reply, NULL);
}

static void
test_yes_and_no (Fixture *f, gconstpointer data)
{
  Pending *call = start_status (f, f->caller, 0);

  answer (next_question (f, f->caller, "read", 0), TRUE);
  must_succeed (call);
  call = start_status (f, f->caller, 0);
  answer (next_question (f, f->caller, "read", 0), FALSE);
  g_assert_nonnull (strstr (must_have_failed (call, "NotAuthorized"), "org.dealdesk1.read"));
  call_free (call);
}

static void
test_error (Fixture *f, gconstpointer data)
{
  Pending *call = start_status (f, f->caller, 0);

  g_dbus_method_invocation_return_dbus_error (next_question (f, f->caller, "read", 0),
                                              "org.freedesktop.PolicyKit1.Error.Failed", "no such action");
  must_have_failed (call, "NotAuthorized");
  call_free (call);
}

static void
test_absent (Fixture *f, gconstpointer data)
{
  must_be (f->polkit, "ReleaseName", g_variant_new ("(s)", POLKIT));
  Pending *call = start_status (f, f->caller, 0);
  must_have_failed (call, "NotAuthorized");
  call_free (call);
}

static void
test_interactive (Fixture *f, gconstpointer data)
{
  Pending *call = start_status (f, f->caller, G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION);

  answer (next_question (f, f->caller, "read", 1), TRUE);
  must_succeed (call);
}

/* The daemon's own deadline ends the call: the caller's is for ever. */
static void
test_frozen (Fixture *f, gconstpointer data)
{
  GDBusConnection *other = bus_connect ();
  Pending *frozen = start_status (f, f->caller, 0);
  GDBusMethodInvocation *question = next_question (f, f->caller, "read", 0);
  Pending *served = start_status (f, other, 0);
  GDBusMethodInvocation *cancel;
  const char *asked, *cancelled;

  answer (next_question (f, other, "read", 0), TRUE);
  must_succeed (served);
  g_assert_false (frozen->done);
  must_have_failed (frozen, "NotAuthorized");
  cancel = next_message (f);
  g_assert_cmpstr (g_dbus_method_invocation_get_method_name (cancel), ==, "CancelCheckAuthorization");
  g_variant_get (g_dbus_method_invocation_get_parameters (cancel), "(&s)", &cancelled);
  g_variant_get_child (g_dbus_method_invocation_get_parameters (question), 4, "&s", &asked);
  g_assert_cmpstr (asked, ==, cancelled);
  g_dbus_method_invocation_return_value (cancel, NULL);
  /* Too late. */
  answer (question, TRUE);
  settle (f->caller);
  call_free (frozen);
  bus_disconnect (other);
}

static Pending *
start_customer_question (Fixture *f, const char *path)
{
  return call_start (f->caller, f->server, path, DEAL, "Ask",
                     g_variant_new_parsed (
                       "('', 'Why?', {'as': <'anna'>, 'customer-person': <'J. L.'>, 'channel': <'mail'>})"),
                     NULL, 0);
}

static void
test_several_actions (Fixture *f, gconstpointer data)
{
  static const char *const actions[] = { "negotiate", "record-customer", "act-for" };
  g_autofree char *path = make_deal (f);
  g_autofree char *before = get_deal (f, path);

  for (guint refused = 0; refused < G_N_ELEMENTS (actions); refused++)
    {
      g_autofree char *after = NULL;
      Pending *call = start_customer_question (f, path);
      for (guint i = 0; i <= refused; i++)
        answer (next_question (f, f->caller, actions[i], 0), i < refused);
      g_assert_nonnull (strstr (must_have_failed (call, "NotAuthorized"), actions[refused]));
      call_free (call);
      after = get_deal (f, path);
      g_assert_cmpstr (before, ==, after);
    }
  Pending *call = start_customer_question (f, path);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    answer (next_question (f, f->caller, actions[i], 0), TRUE);
  must_succeed (call);
}

/* Polkit isn't even asked: the queue must be empty at the end. */
static void
test_never_for_another (Fixture *f, gconstpointer data)
{
  static const char *const calls[][2] = {
    { "Approve", "(@u 1, @u 0, 'x', {'as': <'carla'>})" },
    { "Refuse", "(@u 1, @u 0, 'x', 'no', {'as': <'carla'>})" },
    { "Sign", "('x', {'as': <'carla'>})" },
    { "Approve", "(@u 1, @u 0, 'x', {'as': <'carla'>, 'customer-person': <'J. L.'>, 'channel': <'mail'>})" },
    { "Refuse",
      "(@u 1, @u 0, 'x', 'no', {'as': <'carla'>, 'customer-person': <'J. L.'>, 'channel': <'mail'>})" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *message = call_bad (f->caller, f->server, "/org/dealdesk1/deal/D_1", DEAL, calls[i][0],
                                           g_variant_new_parsed (calls[i][1]), "NotAuthorized");
      g_assert_nonnull (strstr (message, "for another"));
    }
}

static void
test_vanished (Fixture *f, gconstpointer data)
{
  g_autofree char *path = make_deal (f);
  g_autofree char *before = get_deal (f, path);
  g_autofree char *after = NULL;

  for (guint i = 0; i < 20; i++)
    {
      GDBusConnection *gone = bus_connect ();
      Pending *call = call_start (gone, f->server, path, DEAL, "Ask",
                                  g_variant_new_parsed ("('', 'Why?', @a{sv} {})"), NULL, 0);
      GDBusMethodInvocation *question = next_question (f, gone, "negotiate", 0);
      bus_disconnect (gone);
      call_free (call);
      settle (f->server->service->connection);
      answer (question, TRUE);
      settle (f->caller);
    }
  after = get_deal (f, path);
  g_assert_cmpstr (before, ==, after);
}

static char *
text_after (const char *text, const char *mark)
{
  const char *at = strstr (text, mark);

  g_assert_nonnull (at);
  at += strlen (mark);
  return g_strndup (at, strcspn (at, "\""));
}

/* Tables 18% off, which must wait for approval; its sheet. */
static char *
propose (Fixture *f, const char *path, const char *discount)
{
  g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed ("{'as': <'anna'>}"));
  g_autoptr (GVariant) reply = call_good (f->caller, f->server, path, DEAL, "Propose",
                                          g_variant_new ("(@v@a{sv})", proposal (discount), options));
  g_autofree char *text = document_text (reply, NULL);

  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "requirements"));
  return text_after (text, "\"sheet\":\"");
}

static Pending *
start_approval (Fixture *f, GDBusConnection *caller, const char *path, guint revision, const char *sheet)
{
  return call_start (caller, f->server, path, DEAL, "Approve",
                     g_variant_new ("(uusa{sv})", revision, 0u, sheet, NULL), NULL, 0);
}

static void
test_amended_meanwhile (Fixture *f, gconstpointer data)
{
  g_autofree char *path = make_deal (f);
  g_autofree char *sheet = NULL, *other_sheet = NULL, *before = NULL, *after = NULL;
  GDBusConnection *approver = bus_connect ();
  GDBusMethodInvocation *first, *second;
  Pending *old, *slot, *good;

  f->says_yes = TRUE;
  sheet = propose (f, path, "18%");
  f->says_yes = FALSE;
  old = start_approval (f, approver, path, 1, sheet);
  first = next_question (f, approver, "approve", 0);
  slot = start_approval (f, approver, path, 2, sheet);
  second = next_question (f, approver, "approve", 0);

  f->says_yes = TRUE;
  g_variant_unref (call_good (f->caller, f->server, path, DEAL, "Withdraw",
                              g_variant_new_parsed ("(@u 1, {'as': <'anna'>})")));
  other_sheet = propose (f, path, "24%");
  f->says_yes = FALSE;
  g_assert_cmpstr (sheet, !=, other_sheet);
  before = get_deal (f, path);
  answer (first, TRUE);
  answer (second, TRUE);
  call_wait (old);
  g_assert_nonnull (old->error);
  must_have_failed (slot, "Conflict");
  after = get_deal (f, path);
  g_assert_cmpstr (before, ==, after);

  /* The control: the sheet that stands gets past that check. (On a bus of one's own there is one user only,
   * who wrote the revision in anna's name, and so may not approve it.) */
  good = start_approval (f, approver, path, 2, other_sheet);
  answer (next_question (f, approver, "approve", 0), TRUE);
  must_have_failed (good, "NoAuthority");
  call_free (good);
  call_free (old);
  call_free (slot);
  bus_disconnect (approver);
}

static void
test_quota (Fixture *f, gconstpointer data)
{
  Pending *calls[N_CALLS];
  Pending *more;

  for (guint round = 0; round < 2; round++)
    {
      GDBusMethodInvocation *questions[N_CALLS];
      GDBusConnection *other = bus_connect ();
      for (guint i = 0; i < N_CALLS; i++)
        calls[i] = start_status (f, i % 2 == 0 ? f->caller : other, 0);
      for (guint i = 0; i < N_CALLS; i++)
        questions[i] = next_message (f);
      g_assert_cmpuint (dd_access_in_flight (f->server->service->access), ==, N_CALLS);
      more = start_status (f, f->caller, 0);
      must_have_failed (more, "Unavailable");
      call_free (more);
      for (guint i = 0; i < N_CALLS; i++)
        answer (questions[i], TRUE);
      for (guint i = 0; i < N_CALLS; i++)
        must_succeed (calls[i]);
      g_assert_cmpuint (dd_access_in_flight (f->server->service->access), ==, 0);
      bus_disconnect (other);
    }
}

#define ADD(name, test) g_test_add ("/access/" name, Fixture, NULL, setup, test, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("polkit-is-asked-about-the-callers-bus-name-and-its-word-counts", test_yes_and_no);
  ADD ("an-error-of-polkit-is-a-no", test_error);
  ADD ("without-polkit-nothing-is-allowed", test_absent);
  ADD ("the-wish-for-interaction-is-passed-on", test_interactive);
  ADD ("a-frozen-polkit-is-a-no-is-cancelled-and-others-are-served", test_frozen);
  ADD ("every-action-is-asked-and-each-can-refuse", test_several_actions);
  ADD ("nobody-approves-refuses-or-signs-for-another", test_never_for_another);
  ADD ("a-caller-that-left-while-polkit-thought-changes-nothing", test_vanished);
  ADD ("what-was-amended-while-polkit-thought-is-not-approved", test_amended_meanwhile);
  ADD ("a-user-has-64-calls-under-way-over-all-connections", test_quota);
  return g_test_run ();
}
