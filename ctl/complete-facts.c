/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What only the daemon knows about a word to complete (see complete.h). Whatever goes wrong, nothing is
 * added. One thread.
 */
#include "complete.h"

#include <string.h>

#define PATIENCE_MS 1000
#define MAX_DEALS   500

/* Without a question to the user: completion never asks for a password. (transfer full) (nullable) */
static GVariant *
ask (
  CtlCompletion *completion, const char *path, const char *interface, const char *method, GVariant *arguments)
{
  g_autoptr (GVariant) held = g_variant_ref_sink (arguments);
  g_autofree char *full = g_strconcat ("org.dealdesk1.", interface, NULL);
  CtlBus *bus = ctl_run_bus (completion->run, NULL);

  if (bus == NULL)
    return NULL;
  return g_dbus_connection_call_sync (ctl_bus_connection (bus), "org.dealdesk1", path, full, method, held,
                                      NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE_MS, NULL, NULL);
}

static GVariant *
no_options (void)
{
  return g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

static void
add_deals (CtlCompletion *completion)
{
  g_autoptr (GVariant) reply = ask (completion, CTL_PATH_MANAGER, "Manager", "List",
                                    g_variant_new ("(su@a{sv})", "", MAX_DEALS, no_options ()));
  g_autoptr (GVariantIter) deals = NULL;
  const char *id, *state, *title, *customer;

  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a(sstsssx)s)")))
    return;
  g_variant_get (reply, "(a(sstsssx)&s)", &deals, NULL);
  while (g_variant_iter_next (deals, "(&s&st&s&s&sx)", &id, &state, NULL, &title, &customer, NULL, NULL))
    {
      g_autofree char *help = g_strdup_printf ("%s, %s, %s", title, customer, state);

      ctl_completion_add (completion, id, g_strdelimit (help, "\n\t", ' '));
    }
}

/* Those whose deals there are. */
static void
add_people (CtlCompletion *completion)
{
  g_autoptr (GVariant) reply = ask (completion, CTL_PATH_MANAGER, "Manager", "List",
                                    g_variant_new ("(su@a{sv})", "", MAX_DEALS, no_options ()));
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GVariantIter) deals = NULL;
  const char *owner;

  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a(sstsssx)s)")))
    return;
  g_variant_get (reply, "(a(sstsssx)&s)", &deals, NULL);
  while (g_variant_iter_next (deals, "(&s&st&s&s&sx)", NULL, NULL, NULL, NULL, NULL, &owner, NULL))
    if (*owner != '\0' && g_hash_table_add (known, (gpointer)owner))
      ctl_completion_add (completion, owner, NULL);
}

/* @first: the deal, as the line names it. */
static void
add_revisions (CtlCompletion *completion, const char *first)
{
  const char *digits = first != NULL && g_ascii_strncasecmp (first, "D-", 2) == 0 ? first + 2 : first;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) document = NULL;
  g_autoptr (DdJson) json = NULL;
  g_autofree char *path = NULL;
  const DdJsonNode *revisions;

  if (digits == NULL || *digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
    return;
  path = g_strconcat (CTL_PATH_DEAL "D_", digits, NULL);
  reply = ask (completion, path, "Deal", "Get", g_variant_new ("(@a{sv})", no_options ()));
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    return;
  g_variant_get (reply, "(v)", &document);
  /* A deal so large that it comes as a descriptor has more revisions than anybody completes. */
  if (!g_variant_is_of_type (document, G_VARIANT_TYPE_BYTESTRING))
    return;
  json = dd_json_parse (g_variant_get_data (document), g_variant_get_size (document), NULL, NULL);
  revisions = json == NULL ? NULL : dd_json_member (dd_json_root (json), "revisions");
  if (revisions == NULL || dd_json_type (revisions) != DD_JSON_ARRAY)
    return;
  for (const DdJsonNode *each = dd_json_first (revisions); each != NULL; each = dd_json_next (each))
    {
      const DdJsonNode *number = dd_json_member (each, "revision");
      const DdJsonNode *state = dd_json_member (each, "state");

      if (number != NULL && dd_json_type (number) == DD_JSON_NUMBER)
        ctl_completion_add (completion, dd_json_text (number),
                            state != NULL && dd_json_type (state) == DD_JSON_STRING ? dd_json_text (state)
                                                                                    : NULL);
    }
}

/* The first column of the one array that @method of @interface returns, and the column @help beside it. */
static void
add_rows (CtlCompletion *completion, const char *path, const char *interface, const char *method, guint help)
{
  g_autoptr (GVariant) reply =
    ask (completion, path, interface, method, g_variant_new ("(@a{sv})", no_options ()));
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (reply, 0);

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autoptr (GVariant) word = g_variant_get_child_value (row, 0);
      g_autoptr (GVariant) text = g_variant_get_child_value (row, help);

      ctl_completion_add (
        completion, g_variant_get_string (word, NULL),
        g_variant_is_of_type (text, G_VARIANT_TYPE_STRING) ? g_variant_get_string (text, NULL) : NULL);
    }
}

void
ctl_complete_facts (CtlCompletion *completion, const char *placeholder, const char *first)
{
  static const char *const revisions[] = { "REVISION", "FROM", "TO", NULL };

  if (g_str_equal (placeholder, "DEAL"))
    add_deals (completion);
  else if (g_str_equal (placeholder, "PERSON"))
    add_people (completion);
  else if (g_strv_contains (revisions, placeholder))
    add_revisions (completion, first);
  else if (g_str_equal (placeholder, "DATASET"))
    add_rows (completion, CTL_PATH_CATALOG, "Catalog", "Datasets", 0);
  else if (g_str_equal (placeholder, "PLUGIN"))
    add_rows (completion, CTL_PATH_PLUGINS, "Plugins", "List", 2);
}
