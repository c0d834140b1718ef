/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Arguments of the right types and of no sense: every call of every method is answered, and the service
 * lives.
 *
 * The sequence is the same each time (or as the seed of g_test_init() says), so that what breaks breaks
 * again.
 */
#include "fixture.h"

#include "interface-xml.h"

#include <string.h>

#define N_CALLS   2000
#define IN_FLIGHT 32

static const char *const texts[] = {
  "",
  "D-1",
  "D-0",
  "..",
  "../../etc/passwd",
  "%s%n",
  "\xf0\x9f\x92\xa9",
  "\xe2\x80\xae",
  "a\nb\tc",
  "tmf648",
  "proposal",
  "sheet",
  "view",
  "retry",
  "delivered",
  "members",
  "pricing-catalogue",
  "line:1",
  "clause:liability",
  "2099-01-01T00:00:00Z",
  "anna",
  "9999-99-99T99:99:99Z",
  "-1",
  "18446744073709551616",
  "0",
  "NaN",
  "{}",
  "EUR",
  "1=1",
  "portal",
};

static const char *const documents[] = {
  "",
  "{",
  "{}",
  "[]",
  "null",
  "\"\\ud800\"",
  "{\"lines\":[]}",
  "{\"lines\":[{\"id\":\"1\"}]}",
  "{\"quoteItem\":[]}",
  "{\"lines\":[{\"id\":\"1\",\"offering\":\"dia-1000\",\"quantity\":\"999999999\"}],\"currency\":\"EUR\"}",
  "group,person\n\"",
  "group,person\na,b\n",
  "\xff\xfe",
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
};

static const char *
any_text (void)
{
  return texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))];
}

static GVariant *
random_text (void)
{
  gint32 kind = g_test_rand_int_range (0, 20);
  g_autofree char *text = NULL;

  if (kind > 2)
    return g_variant_new_string (any_text ());
  text = g_strnfill (kind == 0 ? 70000 : 200, (char)g_test_rand_int_range (' ', 127));
  return g_variant_new_string (text);
}

static guint64
random_number (void)
{
  static const guint64 edges[] = { 0,    1,          2,           3,          100,        1000,
                                   1001, G_MAXINT32, G_MAXUINT32, G_MAXINT64, G_MAXUINT64 };

  return edges[g_test_rand_int_range (0, G_N_ELEMENTS (edges))];
}

static GVariant *random_value (const char *type);

static GVariant *
random_document (void)
{
  const char *text = documents[g_test_rand_int_range (0, G_N_ELEMENTS (documents))];

  switch (g_test_rand_int_range (0, 10))
    {
    case 0:
      return g_variant_new_handle ((gint32)random_number ());
    case 1:
      return random_value ("s");
    default:
      return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1);
    }
}

static GVariant *
random_options (void)
{
  static const char *const keys[][2] = {
    { "as", "s" },
    { "idempotency-key", "s" },
    { "expected-version", "t" },
    { "occurred-at", "s" },
    { "customer-person", "s" },
    { "channel", "s" },
    { "evidence", "s" },
    { "map", "a{ss}" },
    { "format", "s" },
    { "revision", "u" },
    { "draft", "b" },
    { "variant", "b" },
    { "reason", "s" },
    { "plugin", "s" },
    { "state", "s" },
    { "dry-run", "b" },
    { "head", "s" },
    { "flat", "b" },
    { "progress", "u" },
    { "customer", "s" },
    { "unknown", "s" },
  };
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (gint32 n = g_test_rand_int_range (0, 3) * g_test_rand_int_range (0, 2); n > 0; n--)
    {
      const char *const *key = keys[g_test_rand_int_range (0, G_N_ELEMENTS (keys))];
      g_variant_builder_add (&builder, "{sv}", key[0], random_value (key[1]));
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
random_value (const char *type)
{
  if (g_str_equal (type, "a{sv}"))
    return random_options ();
  if (g_str_equal (type, "a{ss}"))
    return g_variant_new_parsed ("{%s: %s}", any_text (), any_text ());
  switch (type[0])
    {
    case 's':
      return random_text ();
    case 'u':
      return g_variant_new_uint32 ((guint32)random_number ());
    case 't':
      return g_variant_new_uint64 (random_number ());
    case 'b':
      return g_variant_new_boolean (g_test_rand_bit ());
    case 'h':
      return g_variant_new_handle (g_test_rand_int_range (0, 3));
    case 'v':
      return g_variant_new_variant (random_document ());
    default:
      g_error ("no garbage of type %s", type);
    }
}

static GVariant *
random_arguments (const GDBusMethodInfo *info)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; info->in_args[i] != NULL; i++)
    g_variant_builder_add_value (&builder, random_value (info->in_args[i]->signature));
  return g_variant_builder_end (&builder);
}

static const char *
path_of (const char *interface)
{
  static const char *const deals[] = { "/org/dealdesk1/deal/D_1", "/org/dealdesk1/deal/D_2",
                                       "/org/dealdesk1/deal/D_0", "/org/dealdesk1/deal/D_999" };

  if (g_str_equal (interface, DEAL))
    return deals[g_test_rand_int_range (0, G_N_ELEMENTS (deals))];
  if (g_str_has_suffix (interface, ".Approvals"))
    return "/org/dealdesk1/approvals";
  if (g_str_has_suffix (interface, ".Catalog"))
    return "/org/dealdesk1/catalog";
  return g_str_has_suffix (interface, ".Plugins") ? "/org/dealdesk1/plugins" : "/org/dealdesk1";
}

/* All methods, as pairs of interface and method. */
static GPtrArray *
list_methods (const GDBusNodeInfo *node)
{
  GPtrArray *methods = g_ptr_array_new ();

  for (guint i = 0; node->interfaces[i] != NULL; i++)
    for (guint k = 0; node->interfaces[i]->methods[k] != NULL; k++)
      {
        g_ptr_array_add (methods, node->interfaces[i]);
        g_ptr_array_add (methods, node->interfaces[i]->methods[k]);
      }
  return methods;
}

/* Answered by a value, or by an error of ours: never by a lost connection or a fault of the dispatch. */
static void
check_answer (Pending *call)
{
  call_wait (call);
  if (call->error != NULL)
    {
      g_autofree char *name = g_dbus_error_get_remote_error (call->error);
      g_test_message ("%s", call->error->message);
      g_assert_nonnull (name);
      g_assert_true (g_str_has_prefix (name, "org.dealdesk1.Error."));
      g_assert_cmpstr (name, !=, "org.dealdesk1.Error.StoreDamaged");
      g_assert_true (g_utf8_validate (call->error->message, -1, NULL));
    }
  call_free (call);
}

static void
test_garbage (void)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (dd_interface_xml, NULL);
  g_autoptr (GPtrArray) methods = list_methods (node);
  Pending *calls[IN_FLIGHT] = { NULL };
  GDBusConnection *caller;
  Server *server;

  g_test_dbus_up (bus);
  server = server_start (bus_connect (), TRUE);
  caller = bus_connect ();
  import_samples (caller, server, "carla");
  g_free (open_deal (caller, server));
  for (guint i = 0; i < N_CALLS; i++)
    {
      /* Every method in turn, and more of those of a deal. */
      guint at = i < methods->len / 2 ? i : (guint)g_test_rand_int_range (0, (gint32)methods->len / 2);
      const GDBusInterfaceInfo *interface = g_ptr_array_index (methods, 2 * at);
      const GDBusMethodInfo *method = g_ptr_array_index (methods, 2 * at + 1);
      if (calls[i % IN_FLIGHT] != NULL)
        check_answer (calls[i % IN_FLIGHT]);
      calls[i % IN_FLIGHT] = call_start (caller, server, path_of (interface->name), interface->name,
                                         method->name, random_arguments (method), NULL, 0);
    }
  for (guint i = 0; i < IN_FLIGHT; i++)
    check_answer (calls[i]);
  g_variant_unref (call_good (caller, server, MANAGER, "Verify", g_variant_new_parsed ("(@a{sv} {},)")));
  bus_disconnect (caller);
  server_stop (server);
  g_test_dbus_down (bus);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/garbage/every-call-is-answered-and-the-store-stays-sound", test_garbage);
  return g_test_run ();
}
