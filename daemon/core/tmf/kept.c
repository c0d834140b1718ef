/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Collecting what is kept, and the checks that kept members get. Pure; one thread at a time.
 */
#include "tmf/kept.h"

#include <string.h>

#include "number/decimal.h"
#include "text-hash.h"

#define MAX_SENTENCES 20 /* a request with hundreds of unknown members isn't told member by member */
#define MAX_NAMED     3  /* items that a sentence names */

typedef struct
{
  char *what;
  const char *ending;
  GString *items;
  guint count;
} Group;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->what);
  g_string_free (group->items, TRUE);
  g_free (group);
}

void
dd_keeper_init (DdKeeper *keeper)
{
  keeper->groups = g_ptr_array_new_with_free_func (group_free);
  keeper->by_what = g_hash_table_new (dd_text_hash, g_str_equal);
}

void
dd_keeper_clear (DdKeeper *keeper)
{
  g_hash_table_unref (keeper->by_what);
  g_ptr_array_unref (keeper->groups);
}

void
dd_keeper_note (DdKeeper *keeper, const char *what, const char *ending, const char *item)
{
  Group *group = g_hash_table_lookup (keeper->by_what, what);

  if (group == NULL)
    {
      group = g_new0 (Group, 1);
      group->what = g_strdup (what);
      group->ending = ending;
      group->items = g_string_new (NULL);
      g_ptr_array_add (keeper->groups, group);
      g_hash_table_insert (keeper->by_what, group->what, group);
    }
  if (group->count < MAX_NAMED)
    g_string_append_printf (group->items, "%s%s", group->count > 0 ? ", " : "", item);
  group->count++;
}

void
dd_keeper_tell (const DdKeeper *keeper, GPtrArray *remarks)
{
  for (guint i = 0; i < keeper->groups->len && i < MAX_SENTENCES; i++)
    {
      const Group *group = g_ptr_array_index (keeper->groups, i);
      g_autofree char *more =
        group->count > MAX_NAMED ? g_strdup_printf (" and %u more", group->count - MAX_NAMED) : g_strdup ("");

      g_ptr_array_add (remarks,
                       g_strdup_printf ("%s of item%s %s%s %s.", group->what, group->count > 1 ? "s" : "",
                                        group->items->str, more, group->ending));
    }
  if (keeper->groups->len > MAX_SENTENCES)
    g_ptr_array_add (remarks, g_strdup_printf ("%u more kinds of members are kept, and not mapped.",
                                               keeper->groups->len - MAX_SENTENCES));
}

static gboolean
check_container (const DdJsonNode *node, DdJsonType type, GError **error)
{
  if (dd_json_type (node) != type)
    return dd_json_complain (node, error,
                             "must be an %s, not a %s; leave it out when there is nothing to say",
                             dd_json_type_name (type), dd_json_type_name (dd_json_type (node)));
  if (type == DD_JSON_OBJECT)
    return TRUE;
  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = dd_json_next (child))
    if (!check_container (child, DD_JSON_OBJECT, error))
      return FALSE;
  return TRUE;
}

gboolean
dd_tmf_check_containers (const DdJsonNode *object, const DdContainer *containers, GError **error)
{
  for (const DdContainer *container = containers; container->name != NULL; container++)
    {
      const DdJsonNode *node = dd_json_member (object, container->name);

      if (node != NULL && !check_container (node, container->type, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
dd_tmf_check_money (const DdJsonNode *node, GError **error)
{
  const char *name = dd_json_name (node);
  gboolean amount =
    name != NULL && (strcmp (name, "dutyFreeAmount") == 0 || strcmp (name, "taxIncludedAmount") == 0);
  gint64 ignored;

  if (amount && (!check_container (node, DD_JSON_OBJECT, error) ||
                 !dd_json_get_decimal (node, "value", FALSE, DD_MICROS_SCALE, &ignored, error)))
    return FALSE;
  if (dd_json_type (node) != DD_JSON_OBJECT && dd_json_type (node) != DD_JSON_ARRAY)
    return TRUE;
  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = dd_json_next (child))
    if (!dd_tmf_check_money (child, error))
      return FALSE;
  return TRUE;
}

gboolean
dd_tmf_get_id (const DdJsonNode *object, const char *name, const char **out_id, GError **error)
{
  const char *text = NULL;

  if (!dd_json_get_text (object, name, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (text[0] == '\0' || strlen (text) > DD_TMF_MAX_ID)
    return dd_json_complain (dd_json_member (object, name), error, "must have 1 to %d bytes", DD_TMF_MAX_ID);
  for (const char *c = text; *c != '\0'; c++)
    if ((guchar)*c < 0x20 || *c == 0x7f)
      return dd_json_complain (dd_json_member (object, name), error, "must not hold control characters");
  *out_id = text;
  return TRUE;
}

gboolean
dd_tmf_has_only (const DdJsonNode *object, const char *const *names)
{
  for (const DdJsonNode *node = dd_json_first (object); node != NULL; node = dd_json_next (node))
    if (!g_strv_contains (names, dd_json_name (node)))
      return FALSE;
  return TRUE;
}
