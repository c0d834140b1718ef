/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What only the daemon knows about a word to complete (see complete.h). Whatever goes wrong, nothing is
 * added. One thread.
 */
#include "complete.h"
#include "shapes.h"

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

/* (transfer full) (nullable) */
static GVariantIter *
list_deals (CtlCompletion *completion)
{
  g_autoptr (GVariant) reply = ask (completion, CTL_PATH_MANAGER, "Manager", "List",
                                    g_variant_new ("(su@a{sv})", "", MAX_DEALS, no_options ()));
  GVariantIter *deals;

  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a(sstsssx)s)")))
    return NULL;
  g_variant_get (reply, "(a(sstsssx)&s)", &deals, NULL);
  return deals;
}

static void
add_deals (CtlCompletion *completion, const char *first)
{
  g_autoptr (GVariantIter) deals = list_deals (completion);
  const char *id, *state, *title, *customer;

  while (deals != NULL &&
         g_variant_iter_next (deals, "(&s&st&s&s&sx)", &id, &state, NULL, &title, &customer, NULL, NULL))
    {
      g_autofree char *help = g_strdup_printf ("%s, %s, %s", title, customer, state);
      /* A shell passes over what doesn't begin as the word does. */
      g_autofree char *word = *completion->prefix == 'd' ? g_ascii_strdown (id, -1) : g_strdup (id);

      ctl_completion_add (completion, word, g_strdelimit (help, "\n\t", ' '));
    }
}

/* Those whose deals there are. */
static void
add_people (CtlCompletion *completion, const char *first)
{
  g_autoptr (GVariantIter) deals = list_deals (completion);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  const char *owner;

  while (deals != NULL &&
         g_variant_iter_next (deals, "(&s&st&s&s&sx)", NULL, NULL, NULL, NULL, NULL, &owner, NULL))
    if (*owner != '\0' && g_hash_table_add (known, (gpointer)owner))
      ctl_completion_add (completion, owner, NULL);
}

/* @first: (nullable): the deal, as the line names it. (transfer full) (nullable) */
static DdJson *
get_deal (CtlCompletion *completion, const char *first)
{
  const char *digits = first != NULL && g_ascii_strncasecmp (first, "D-", 2) == 0 ? first + 2 : first;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) document = NULL;
  g_autofree char *path = NULL;

  if (digits == NULL || *digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
    return NULL;
  path = g_strconcat (CTL_PATH_DEAL "D_", digits, NULL);
  reply = ask (completion, path, "Deal", "Get", g_variant_new ("(@a{sv})", no_options ()));
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    return NULL;
  g_variant_get (reply, "(v)", &document);
  /* A deal so large that it comes as a descriptor has more than anybody completes. */
  if (!g_variant_is_of_type (document, G_VARIANT_TYPE_BYTESTRING))
    return NULL;
  return dd_json_parse (g_variant_get_data (document), g_variant_get_size (document), NULL, NULL);
}

/* The first of @object's array @key; NULL without one. */
static const DdJsonNode *
first_of (const DdJsonNode *object, const char *key)
{
  const DdJsonNode *array = dd_json_member (object, key);

  return array == NULL || dd_json_type (array) != DD_JSON_ARRAY ? NULL : dd_json_first (array);
}

/* @word of each in the deal's array @key, and its state beside it. */
static void
add_parts (CtlCompletion *completion, const char *first, const char *key, const char *word)
{
  g_autoptr (DdJson) json = get_deal (completion, first);

  for (const DdJsonNode *each = json == NULL ? NULL : first_of (dd_json_root (json), key); each != NULL;
       each = dd_json_next (each))
    if (*ctl_shape_text (each, word) != '\0')
      ctl_completion_add (completion, ctl_shape_text (each, word), ctl_shape_text (each, "state"));
}

static void
add_revisions (CtlCompletion *completion, const char *first)
{
  add_parts (completion, first, "revisions", "revision");
}

static void
add_orders (CtlCompletion *completion, const char *first)
{
  add_parts (completion, first, "orders", "id");
}

/* Of acknowledge alone: those that still wait to be acknowledged, of any revision. */
static void
add_clauses (CtlCompletion *completion, const char *first)
{
  g_autoptr (DdJson) json =
    g_str_equal (completion->run->verb->name, "acknowledge") ? get_deal (completion, first) : NULL;
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (const DdJsonNode *revision = json == NULL ? NULL : first_of (dd_json_root (json), "revisions");
       revision != NULL; revision = dd_json_next (revision))
    for (const DdJsonNode *each = first_of (revision, "asks"); each != NULL; each = dd_json_next (each))
      {
        const char *clause = ctl_shape_text (each, "clause");

        if (*clause != '\0' && !ctl_shape_is_true (each, "acknowledged") &&
            g_hash_table_add (known, (gpointer)clause))
          ctl_completion_add (completion, clause, NULL);
      }
}

static void
add_datasets (CtlCompletion *completion, const char *first)
{
  g_autoptr (GVariant) reply =
    ask (completion, CTL_PATH_CATALOG, "Catalog", "Datasets", g_variant_new ("(@a{sv})", no_options ()));
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (reply, 0);

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *name;

      g_variant_get_child (row, 0, "&s", &name);
      ctl_completion_add (completion, name, name);
    }
}

/* Columns of a plugin's row. */
enum
{
  PLUGIN_ID = 0,
  PLUGIN_KINDS = 2,
  PLUGIN_STATE = 4
};

static void
add_plugins (CtlCompletion *completion, const char *first)
{
  /* Those that plugin enable can open, disabled, failing or otherwise. */
  gboolean shut = g_strcmp0 (first, "enable") == 0;
  const char *kind = g_str_equal (completion->run->verb->name, "advise") ? "negotiation" : NULL;
  g_autoptr (GVariant) reply =
    ask (completion, CTL_PATH_PLUGINS, "Plugins", "List", g_variant_new ("(@a{sv})", no_options ()));
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (reply, 0);

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *id, *kinds, *state;
      g_auto (GStrv) each = NULL;

      g_variant_get_child (row, PLUGIN_ID, "&s", &id);
      g_variant_get_child (row, PLUGIN_KINDS, "&s", &kinds);
      g_variant_get_child (row, PLUGIN_STATE, "&s", &state);
      each = g_strsplit_set (kinds, ", ", -1);
      if ((!shut || !g_str_equal (state, "enabled")) &&
          (kind == NULL || g_strv_contains ((const char *const *)each, kind)))
        ctl_completion_add (completion, id, kinds);
    }
}

void
ctl_complete_facts (CtlCompletion *completion, const char *placeholder, const char *first)
{
  static const struct
  {
    const char *placeholder;
    void (*add) (CtlCompletion *completion, const char *first);
  } facts[] = {
    { "DEAL", add_deals },     { "PERSON", add_people },    { "REVISION", add_revisions },
    { "FROM", add_revisions }, { "TO", add_revisions },     { "CLAUSE", add_clauses },
    { "ORDER", add_orders },   { "DATASET", add_datasets }, { "PLUGIN", add_plugins },
  };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (g_str_equal (placeholder, facts[i].placeholder))
      {
        facts[i].add (completion, first);
        return;
      }
}
