/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Finding plugins: every *.plugin of the configured directories. At start, one thread.
 */
#include "plugin.h"

#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* A directory that isn't there holds no plugins: not every installation has every directory. */
static GPtrArray *
list_directory (const char *directory)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) handle = g_dir_open (directory, 0, NULL);
  const char *name;

  while (handle != NULL && (name = g_dir_read_name (handle)) != NULL)
    if (g_str_has_suffix (name, ".plugin") && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static const DdPlugin *
find_earlier (const GPtrArray *plugins, const char *id)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      const DdPlugin *plugin = plugins->pdata[i];

      if (plugin->state != DD_PLUGIN_REFUSED && strcmp (plugin->id, id) == 0)
        return plugin;
    }
  return NULL;
}

static DdPlugin *
read_one (const GPtrArray *plugins, const char *path)
{
  DdPlugin *plugin = dd_plugin_new (path);
  g_autoptr (GError) error = NULL;
  const DdPlugin *earlier = find_earlier (plugins, plugin->id);

  plugin->duplicate = earlier != NULL;
  plugin->manifest = dd_manifest_read (path, &error);
  if (plugin->manifest == NULL)
    {
      plugin->said_kinds = dd_manifest_peek_kinds (path);
      g_free (plugin->kinds);
      plugin->kinds = dd_kinds_format (plugin->said_kinds);
      dd_plugin_refuse (plugin, error->message);
      return plugin;
    }
  g_free (plugin->kinds);
  plugin->kinds = dd_kinds_format (plugin->manifest->kinds);
  if (earlier != NULL)
    {
      g_autofree char *reason = g_strdup_printf ("%s has the same id and comes first", earlier->path);

      dd_plugin_refuse (plugin, reason);
      g_clear_pointer (&plugin->manifest, dd_manifest_free);
    }
  return plugin;
}

GPtrArray *
dd_plugins_discover (const char *const *directories)
{
  GPtrArray *plugins = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_plugin_free);

  for (guint i = 0; directories[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) names = list_directory (directories[i]);

      for (guint j = 0; j < names->len; j++)
        {
          g_autofree char *path = g_build_filename (directories[i], names->pdata[j], NULL);

          g_ptr_array_add (plugins, read_one (plugins, path));
        }
    }
  return plugins;
}
