/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rows of methods against the interface's XML, the polkit policy and the names of errors.
 */
#include "bus/call.h"

#include "error-names.h"
#include "interface-xml.h"

#include <string.h>

static const DdInterface *const interfaces[] = { &dd_bus_manager, &dd_bus_deal, &dd_bus_approvals,
                                                 &dd_bus_catalog, &dd_bus_plugins };

static GDBusNodeInfo *
parse (void)
{
  g_autoptr (GError) error = NULL;
  GDBusNodeInfo *node = g_dbus_node_info_new_for_xml (dd_interface_xml, &error);

  g_assert_no_error (error);
  return node;
}

static guint
count_rows (const char *interface, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    for (const DdMethod *method = interfaces[i]->methods; method->name != NULL; method++)
      n += g_str_equal (interfaces[i]->interface, interface) && g_str_equal (method->name, name);
  return n;
}

static void
test_every_method_has_one_row (void)
{
  g_autoptr (GDBusNodeInfo) node = parse ();
  guint n_methods = 0, n_rows = 0;

  for (guint i = 0; node->interfaces[i] != NULL; i++)
    for (guint k = 0; node->interfaces[i]->methods != NULL && node->interfaces[i]->methods[k] != NULL;
         k++, n_methods++)
      {
        g_test_message ("%s.%s", node->interfaces[i]->name, node->interfaces[i]->methods[k]->name);
        g_assert_cmpuint (count_rows (node->interfaces[i]->name, node->interfaces[i]->methods[k]->name), ==,
                          1);
      }
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    for (const DdMethod *method = interfaces[i]->methods; method->name != NULL; method++)
      n_rows++;
  g_assert_cmpuint (n_methods, >, 0);
  g_assert_cmpuint (n_rows, ==, n_methods);
}

static GDBusMethodInfo *
info_of (GDBusNodeInfo *node, const char *interface, const char *name)
{
  return g_dbus_interface_info_lookup_method (g_dbus_node_info_lookup_interface (node, interface), name);
}

static gboolean
gives (const GDBusMethodInfo *info, const char *name)
{
  for (guint i = 0; info->out_args != NULL && info->out_args[i] != NULL; i++)
    if (g_str_equal (info->out_args[i]->name, name))
      return TRUE;
  return FALSE;
}

/* A method that answers with the deal's version and its head writes; all else doesn't. */
static void
test_mutating_methods_build_a_command (void)
{
  g_autoptr (GDBusNodeInfo) node = parse ();

  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    for (const DdMethod *method = interfaces[i]->methods; method->name != NULL; method++)
      {
        const GDBusMethodInfo *info = info_of (node, interfaces[i]->interface, method->name);
        g_test_message ("%s.%s", interfaces[i]->interface, method->name);
        g_assert_cmpint (method->build != NULL, ==, gives (info, "version") && gives (info, "head"));
        g_assert_cmpuint ((method->build != NULL) + (method->read != NULL) + (method->job != NULL) +
                            (method->background != NULL) + (method->serve != NULL),
                          ==, 1);
      }
}

static void
test_options_come_last (void)
{
  g_autoptr (GDBusNodeInfo) node = parse ();

  for (guint i = 0; node->interfaces[i] != NULL; i++)
    for (guint k = 0; node->interfaces[i]->methods != NULL && node->interfaces[i]->methods[k] != NULL; k++)
      {
        const GDBusMethodInfo *info = node->interfaces[i]->methods[k];
        guint n = info->in_args != NULL ? g_strv_length ((char **)info->in_args) : 0;
        g_assert_cmpuint (n, >, 0);
        g_assert_cmpstr (info->in_args[n - 1]->name, ==, "options");
        g_assert_cmpstr (info->in_args[n - 1]->signature, ==, "a{sv}");
      }
}

static void
test_every_action_is_in_the_policy (void)
{
  g_autofree char *policy = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (SOURCE_DIR "/data/polkit/org.dealdesk1.policy", &policy, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    for (const DdMethod *method = interfaces[i]->methods; method->name != NULL; method++)
      {
        g_autofree char *mark = g_strdup_printf ("<action id=\"org.dealdesk1.%s\">", method->action);
        g_test_message ("%s: %s", method->name, method->action);
        g_assert_nonnull (strstr (policy, mark));
        g_assert_false (method->build != NULL && g_str_equal (method->action, "read"));
      }
}

/* The comment that precedes @method of @interface; empty when there is none right before it. */
static char *
comment_of (const char *interface, const char *method)
{
  g_autofree char *part_mark = g_strdup_printf ("<interface name=\"%s\">", interface);
  g_autofree char *mark = g_strdup_printf ("<method name=\"%s\">", method);
  const char *part = strstr (dd_interface_xml, part_mark);
  const char *at = strstr (part, mark);
  g_autofree char *before = g_strndup (part, (gsize)(at - part));
  const char *start = g_strrstr (before, "<!--");
  const char *end = g_strrstr (before, "-->");

  if (start == NULL || strstr (start, "</method>") != NULL)
    return g_strdup ("");
  return g_strndup (start, (gsize)(end - start));
}

static gboolean
is_common (const DdMethod *method, const char *name)
{
  g_autofree char *start = g_strconcat (name, " ", NULL);
  const char *const *common = method->build != NULL ? dd_mutating_options : dd_reading_options;

  for (; *common != NULL; common++)
    if (g_str_has_prefix (*common, start))
      return TRUE;
  return FALSE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* "NAME" (TYPE…) in the comment: "map" (a{ss}: …). (element-type utf8): "NAME TYPE", in order of names. */
static GPtrArray *
documented_options (const DdMethod *method, const char *comment)
{
  g_autoptr (GRegex) regex = g_regex_new ("\"([a-z-]+)\" \\((a\\{ss\\}|[a-z])[:)]", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);

  for (g_regex_match (regex, comment, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);
      g_autofree char *type = g_match_info_fetch (match, 2);
      if (!is_common (method, name))
        g_ptr_array_add (found, g_strdup_printf ("%s %s", name, type));
    }
  g_ptr_array_sort (found, compare);
  return found;
}

static void
test_documented_options_are_the_rows (void)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    for (const DdMethod *method = interfaces[i]->methods; method->name != NULL; method++)
      {
        g_autofree char *comment = comment_of (interfaces[i]->interface, method->name);
        g_autoptr (GPtrArray) documented = documented_options (method, comment);
        guint n_options = method->options != NULL ? g_strv_length ((char **)method->options) : 0;
        g_test_message ("%s.%s", interfaces[i]->interface, method->name);
        g_assert_cmpuint (documented->len, ==, n_options);
        for (guint k = 0; k < n_options; k++, n++)
          g_assert_cmpstr (g_ptr_array_index (documented, k), ==, method->options[k]);
      }
  g_assert_cmpuint (n, >, 10);
}

static void
test_every_error_has_its_own_name (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (G_N_ELEMENTS (dd_bus_error_names), ==, DD_N_ERRORS);
  for (guint i = 0; i < DD_N_ERRORS; i++)
    {
      g_autofree char *name = g_strconcat (DD_BUS_ERROR_PREFIX, dd_bus_error_names[i], NULL);
      g_assert_true (g_dbus_is_interface_name (name));
      g_assert_true (g_hash_table_add (seen, (gpointer)dd_bus_error_names[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rows/every-method-of-the-xml-has-one-row-and-no-row-is-left-over",
                   test_every_method_has_one_row);
  g_test_add_func ("/rows/a-method-that-answers-version-and-head-builds-a-command",
                   test_mutating_methods_build_a_command);
  g_test_add_func ("/rows/every-method-ends-in-options", test_options_come_last);
  g_test_add_func ("/rows/every-action-is-in-the-policy-and-reading-never-writes",
                   test_every_action_is_in_the_policy);
  g_test_add_func ("/rows/documented-options-are-those-of-the-row", test_documented_options_are_the_rows);
  g_test_add_func ("/rows/every-error-code-has-a-name-of-its-own", test_every_error_has_its_own_name);
  return g_test_run ();
}
