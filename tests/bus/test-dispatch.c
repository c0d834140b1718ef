/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The way of a call to its row: options, deal ids, introspection, expected versions.
 */
#include "fixture.h"

#include <string.h>

typedef struct
{
  GTestDBus *bus;
  Server *server;
  GDBusConnection *caller;
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->server = server_start (bus_connect (), TRUE);
  f->caller = bus_connect ();
}

static void
teardown (Fixture *f, gconstpointer data)
{
  bus_disconnect (f->caller);
  server_stop (f->server);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
}

static void
test_unknown_option (Fixture *f, gconstpointer data)
{
  g_autofree char *message =
    call_bad (f->caller, f->server, MANAGER, "List",
              g_variant_new_parsed ("('', @u 10, {'colour': <'red'>})"), "InvalidArgument");

  g_assert_nonnull (strstr (message, "colour"));
  g_assert_nonnull (strstr (message, "as, customer, state"));
}

static void
test_option_of_another_method (Fixture *f, gconstpointer data)
{
  g_autofree char *key = call_bad (f->caller, f->server, MANAGER, "Status",
                                   g_variant_new_parsed ("({'idempotency-key': <'k'>},)"), "InvalidArgument");
  g_autofree char *empty = call_bad (f->caller, f->server, MANAGER, "Status",
                                     g_variant_new_parsed ("({'': <'k'>},)"), "InvalidArgument");
  g_autofree char *part = call_bad (f->caller, f->server, MANAGER, "Status",
                                    g_variant_new_parsed ("({'a': <'k'>},)"), "InvalidArgument");
}

static void
test_wrong_option_type (Fixture *f, gconstpointer data)
{
  g_autofree char *message =
    call_bad (f->caller, f->server, MANAGER, "List", g_variant_new_parsed ("('', @u 10, {'state': <@u 4>})"),
              "InvalidArgument");
  g_autofree char *as = call_bad (f->caller, f->server, MANAGER, "Status",
                                  g_variant_new_parsed ("({'as': <@as []>},)"), "InvalidArgument");

  g_assert_nonnull (strstr (message, "type s"));
  g_assert_nonnull (strstr (as, "“as” must be of type s"));
}

static void
test_person_names (Fixture *f, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (257, 'a');
  g_autofree char *nobody = call_bad (f->caller, f->server, MANAGER, "Status",
                                      g_variant_new_parsed ("({'as': <''>},)"), "InvalidArgument");
  g_autofree char *long_name = call_bad (f->caller, f->server, MANAGER, "Status",
                                         g_variant_new_parsed ("({'as': <%s>},)", longest), "TooLarge");
}

static void
test_deal_paths (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = { "D_0", "D_x", "D_", "D", "_", "D_01", "D__1", "D_99999999999999999999",
                                     "d_1", "X_1", "D1" };
  g_autofree char *digits = g_strnfill (200000, '9');
  g_autofree char *long_path = g_strdup_printf ("/org/dealdesk1/deal/D_%s", digits);
  g_autofree char *message = NULL, *missing = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/org/dealdesk1/deal/%s", bad[i]);
      g_test_message ("%s", path);
      g_free (call_bad (f->caller, f->server, path, DEAL, "Get", g_variant_new_parsed ("(@a{sv} {},)"),
                        "InvalidArgument"));
    }
  message = call_bad (f->caller, f->server, long_path, DEAL, "Get", g_variant_new_parsed ("(@a{sv} {},)"),
                      "InvalidArgument");
  g_assert_cmpuint (strlen (message), <, 500);
  missing = call_bad (f->caller, f->server, "/org/dealdesk1/deal/D_9223372036854775807", DEAL, "Get",
                      g_variant_new_parsed ("(@a{sv} {},)"), "NotFound");
}

static void
test_deal_ids_as_arguments (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = {
    "..", "../..", "D-", "D-0", "D_1", "D-+1", "D- 1", "D-1 ", "D-1\n", "1", "D-99999999999999999999"
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      g_free (call_bad (f->caller, f->server, MANAGER, "Watch", g_variant_new ("(sa{sv})", bad[i], NULL),
                        "InvalidArgument"));
    }
}

static char *
introspect (Fixture *f, const char *path)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, path, "org.freedesktop.DBus.Introspectable", "Introspect", NULL);
  char *text;

  g_variant_get (reply, "(s)", &text);
  return text;
}

static void
test_introspection (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *there = NULL, *missing = NULL, *bad = NULL, *all = NULL;

  import_samples (f->caller, f->server, "carla");
  path = open_deal (f->caller, f->server);
  there = introspect (f, path);
  missing = introspect (f, "/org/dealdesk1/deal/D_4711");
  bad = introspect (f, "/org/dealdesk1/deal/nonsense");
  all = introspect (f, "/org/dealdesk1/deal");
  g_assert_nonnull (strstr (there, "org.dealdesk1.Deal"));
  g_assert_cmpstr (there, ==, missing);
  g_assert_cmpstr (there, ==, bad);
  g_assert_null (strstr (all, "D_"));
  g_assert_null (strstr (all, "org.dealdesk1.Deal"));
}

static void
test_expected_version (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL, *message = NULL, *later = NULL;
  g_autoptr (GVariant) before = NULL, after = NULL;

  import_samples (f->caller, f->server, "carla");
  path = open_deal (f->caller, f->server);
  before = call_good (f->caller, f->server, path, DEAL, "Get", g_variant_new_parsed ("(@a{sv} {},)"));
  message = call_bad (
    f->caller, f->server, path, DEAL, "Ask",
    g_variant_new_parsed ("('', 'Why?', {'as': <'anna'>, 'expected-version': <@t 18446744073709551615>})"),
    "Conflict");
  later =
    call_bad (f->caller, f->server, path, DEAL, "Withdraw",
              g_variant_new_parsed ("(@u 0, {'as': <'anna'>, 'expected-version': <@t 2>})"), "Conflict");
  after = call_good (f->caller, f->server, path, DEAL, "Get", g_variant_new_parsed ("(@a{sv} {},)"));
  g_assert_true (g_variant_equal (before, after));
}

#define ADD(name, test) g_test_add ("/dispatch/" name, Fixture, NULL, setup, test, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("an-unknown-option-is-refused-and-the-known-ones-are-listed", test_unknown_option);
  ADD ("an-option-of-another-method-is-refused", test_option_of_another_method);
  ADD ("an-option-of-another-type-is-refused", test_wrong_option_type);
  ADD ("as-names-somebody-in-few-bytes", test_person_names);
  ADD ("a-path-that-names-no-deal-is-refused", test_deal_paths);
  ADD ("an-argument-that-names-no-deal-is-refused", test_deal_ids_as_arguments);
  ADD ("introspection-is-alike-for-every-id-and-lists-none", test_introspection);
  ADD ("another-expected-version-is-a-conflict-and-changes-nothing", test_expected_version);
  return g_test_run ();
}
