/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The options that end every method: a key that the method doesn't know, or of another type, is refused.
 * Any thread.
 */
#include "bus/call.h"

#include <string.h>

#include "text-hash.h"

const char *const dd_mutating_options[] = {
  "as s",       "channel s",          "customer-person s", "dry-run b",
  "evidence s", "expected-version t", "idempotency-key s", "occurred-at s",
  NULL,
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

void
dd_options_free (DdOptions *options)
{
  g_array_unref (options->entries);
  g_variant_unref (options->variant);
  g_free (options);
}

static void
entry_clear (gpointer data)
{
  DdOption *option = data;

  g_free (option->key);
  g_variant_unref (option->value);
}

static gboolean
fail_option (
  const DdMethod *method, const char *const *common, const char *key, const char *type, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (type != NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s: option “%s” must be of type %s", method->name, key,
                    type);
  list_known (text, common);
  list_known (text, method->options);
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s knows no option “%.60s”; it knows %s", method->name,
                  key, text->str);
}

DdOptions *
dd_options_read (GVariant *variant, const DdMethod *method, GError **error)
{
  const char *const *common = method->build != NULL ? dd_mutating_options : dd_reading_options;
  DdOptions *options = g_new0 (DdOptions, 1);
  GVariantIter iter;
  GVariant *value;
  char *key;

  options->variant = g_variant_ref (variant);
  options->entries = g_array_new (FALSE, FALSE, sizeof (DdOption));
  g_array_set_clear_func (options->entries, entry_clear);
  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_next (&iter, "{sv}", &key, &value))
    {
      const char *type = known_type (common, key);
      DdOption option = { key, value };

      g_array_append_val (options->entries, option);
      if (type == NULL)
        type = known_type (method->options, key);
      if (type != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE (type)))
        continue;
      fail_option (method, common, key, type, error);
      dd_options_free (options);
      return NULL;
    }
  return options;
}

/* (nullable), borrowed: the value of @key. Its type was checked. */
static GVariant *
find (const DdOptions *options, const char *key)
{
  for (guint i = 0; i < options->entries->len; i++)
    if (g_str_equal (g_array_index (options->entries, DdOption, i).key, key))
      return g_array_index (options->entries, DdOption, i).value;
  return NULL;
}

const char *
dd_options_text (const DdOptions *options, const char *key)
{
  GVariant *value = find (options, key);

  return value != NULL ? g_variant_get_string (value, NULL) : NULL;
}

gboolean
dd_options_flag (const DdOptions *options, const char *key)
{
  GVariant *value = find (options, key);

  return value != NULL && g_variant_get_boolean (value);
}

guint
dd_options_number (const DdOptions *options, const char *key)
{
  GVariant *value = find (options, key);

  return value != NULL ? g_variant_get_uint32 (value) : 0;
}

gint64
dd_options_version (const DdOptions *options, const char *key)
{
  GVariant *value = find (options, key);

  return value != NULL ? (gint64)MIN (g_variant_get_uint64 (value), G_MAXINT64) : -1;
}

GHashTable *
dd_options_map (const DdOptions *options, const char *key)
{
  GVariant *value = find (options, key);
  GHashTable *map;
  GVariantIter iter;
  char *from, *to;

  if (value == NULL)
    return NULL;
  map = g_hash_table_new_full (dd_text_hash, g_str_equal, g_free, g_free);
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{ss}", &from, &to))
    g_hash_table_insert (map, from, to);
  return map;
}
