/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The options that end every method: a key that the method doesn't know, or of another type, is refused.
 * Any thread.
 */
#include "bus/call.h"

#include <string.h>

const char *const dd_mutating_options[] = {
  "as s",          "channel s", "customer-person s", "evidence s", "expected-version t", "idempotency-key s",
  "occurred-at s", NULL,
};

const char *const dd_reading_options[] = { "as s", NULL };

/* The type of @key in @known ("NAME TYPE"), or NULL. */
static const char *
known_type (const char *const *known, const char *key)
{
  gsize length = strlen (key);

  for (; known != NULL && *known != NULL; known++)
    if (strncmp (*known, key, length) == 0 && (*known)[length] == ' ')
      return *known + length + 1;
  return NULL;
}

static void
list_known (GString *text, const char *const *known)
{
  for (; known != NULL && *known != NULL; known++)
    g_string_append_printf (text, "%s%.*s", text->len > 0 ? ", " : "", (int)(strchr (*known, ' ') - *known),
                            *known);
}

gboolean
dd_options_check (GVariant *options, const DdMethod *method, GError **error)
{
  const char *const *common = method->build != NULL ? dd_mutating_options : dd_reading_options;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      const char *type = known_type (common, key);
      if (type == NULL)
        type = known_type (method->options, key);
      if (type != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE (type)))
        continue;

      g_autoptr (GString) text = g_string_new (NULL);
      if (type != NULL)
        dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s: option “%s” must be of type %s", method->name, key,
                 type);
      else
        {
          list_known (text, common);
          list_known (text, method->options);
          dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s knows no option “%.60s”; it knows %s", method->name,
                   key, text->str);
        }
      g_variant_unref (value);
      return FALSE;
    }
  return TRUE;
}

const char *
dd_options_text (GVariant *options, const char *key)
{
  const char *text = NULL;

  return g_variant_lookup (options, key, "&s", &text) ? text : NULL;
}

gboolean
dd_options_flag (GVariant *options, const char *key)
{
  gboolean flag = FALSE;

  return g_variant_lookup (options, key, "b", &flag) && flag;
}

guint
dd_options_number (GVariant *options, const char *key)
{
  guint number = 0;

  return g_variant_lookup (options, key, "u", &number) ? number : 0;
}

GHashTable *
dd_options_map (GVariant *options, const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (options, key, G_VARIANT_TYPE ("a{ss}"));
  GHashTable *map;
  GVariantIter iter;
  char *from, *to;

  if (value == NULL)
    return NULL;
  map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{ss}", &from, &to))
    g_hash_table_insert (map, from, to);
  return map;
}
