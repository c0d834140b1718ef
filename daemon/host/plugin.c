/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A plugin's life outside calls: made, refused, opened, closed (see plugin.h). One thread at a time.
 */
#include "plugin.h"

#include <string.h>

#include "error.h"

DdPlugin *
dd_plugin_new (const char *path)
{
  DdPlugin *plugin = g_new0 (DdPlugin, 1);
  g_autofree char *name = g_path_get_basename (path);

  plugin->path = g_strdup (path);
  plugin->id = g_strndup (name, strlen (name) - strlen (".plugin"));
  plugin->kinds = g_strdup ("");
  plugin->reason = g_strdup ("");
  plugin->state = DD_PLUGIN_DISABLED;
  return plugin;
}

void
dd_plugin_free (DdPlugin *plugin)
{
  if (plugin->views != NULL)
    for (guint i = 0; i < plugin->manifest->datasets->len; i++)
      g_free (plugin->views[i].columns);
  g_free (plugin->views);
  g_clear_pointer (&plugin->remote, dd_remote_free);
  g_clear_pointer (&plugin->manifest, dd_manifest_free);
  g_clear_pointer (&plugin->options, g_array_unref);
  g_clear_pointer (&plugin->option_texts, g_ptr_array_unref);
  g_free (plugin->id);
  g_free (plugin->path);
  g_free (plugin->kinds);
  g_free (plugin->reason);
  g_free (plugin);
}

void
dd_plugin_refuse (DdPlugin *plugin, const char *reason)
{
  plugin->state = DD_PLUGIN_REFUSED;
  g_free (plugin->reason);
  plugin->reason = g_utf8_make_valid (reason, -1);
}

gboolean
dd_plugin_is_passed_over (const DdPlugin *plugin, const DdHostOptions *options)
{
  return options->handoff != NULL && plugin->state != DD_PLUGIN_REFUSED && plugin->manifest != NULL &&
         plugin->manifest->kinds == 1U << DD_KIND_HANDOFF && strcmp (plugin->id, options->handoff) != 0;
}

gboolean
dd_plugin_open (DdPlugin *plugin, GError **error)
{
  char message[256] = "";
  void *instance = NULL;
  const DealdeskOption *options = (const DealdeskOption *)(const void *)plugin->options->data;

  if (plugin->table.open != NULL &&
      plugin->table.open (options, plugin->options->len, &instance, message) != DEALDESK_OK)
    {
      message[sizeof message - 1] = '\0';

      g_autofree char *text = g_utf8_make_valid (message[0] != '\0' ? message : "it gave no reason", -1);

      return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "it could not be opened: %s", text);
    }
  plugin->instance = instance;
  return TRUE;
}

void
dd_plugin_close (DdPlugin *plugin)
{
  dd_crash_enter (plugin->crash);
  if (plugin->table.close != NULL)
    plugin->table.close (plugin->instance);
  dd_crash_leave ();
  plugin->instance = NULL;
}
