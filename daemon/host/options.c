/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A plugin's options: the configuration's group "plugin ID" over the manifest's defaults, typed. An option
 * that the plugin doesn't know is an error: a misspelt limit must not silently be the default. At start, one
 * thread.
 */
#include "plugin.h"

#include <string.h>

#include "error.h"
#include "host.h"
#include "number/quoted.h"

static gboolean
check_known (const DdPlugin *plugin, GKeyFile *configuration, const char *group, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (configuration, group, NULL, NULL);
  const GPtrArray *specs = plugin->manifest->options;

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < specs->len && !known; j++)
        known = strcmp (((const DdOptionSpec *)specs->pdata[j])->name, keys[i]) == 0;
      if (!known)
        {
          g_autofree char *quoted = dd_quote (keys[i], -1);

          return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                          "the configuration's group [%s] has an unknown option %s", group, quoted);
        }
    }
  return TRUE;
}

gboolean
dd_plugin_read_options (DdPlugin *plugin, GKeyFile *configuration, GError **error)
{
  g_autofree char *group = g_strconcat (DD_HOST_OPTIONS_GROUP, plugin->id, NULL);
  const GPtrArray *specs = plugin->manifest->options;
  gboolean configured = configuration != NULL && g_key_file_has_group (configuration, group);

  plugin->options = g_array_new (FALSE, TRUE, sizeof (DealdeskOption));
  plugin->option_texts = g_ptr_array_new_with_free_func (g_free);
  if (configured && !check_known (plugin, configuration, group, error))
    return FALSE;
  for (guint i = 0; i < specs->len; i++)
    {
      const DdOptionSpec *spec = specs->pdata[i];
      g_autoptr (GError) reason = NULL;
      char *text = configured ? g_key_file_get_string (configuration, group, spec->name, NULL) : NULL;
      DealdeskOption option = { .name = spec->name };

      if (text == NULL)
        text = g_strdup (spec->value);
      g_ptr_array_add (plugin->option_texts, text);
      if (spec->required && text[0] == '\0')
        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                        "it needs its option %s: set %s= in the configuration's group [%s]", spec->name,
                        spec->name, group);
      if (!dd_option_parse (spec->type, text, &option.number, &reason))
        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] %s=: %s", group, spec->name, reason->message);
      option.text = text;
      g_array_append_val (plugin->options, option);
    }
  return TRUE;
}
