/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an administrator sees of the plugins, and does with them. Any thread; enabling and disabling one at a
 * time.
 */
#include "host-private.h"

#include <string.h>

static const char *
state_name (const DdPlugin *plugin)
{
  if (plugin->state == DD_PLUGIN_REFUSED)
    return "refused";
  if (plugin->state == DD_PLUGIN_DISABLED)
    return "disabled";
  return dd_breaker_is_open (&plugin->breaker) ? "failing" : "enabled";
}

void
dd_host_list (DdHost *host, DdPluginInfoFunc func, gpointer data)
{
  g_mutex_lock (&host->lock);
  for (guint i = 0; i < host->plugins->len; i++)
    {
      const DdPlugin *plugin = host->plugins->pdata[i];
      const DdManifest *manifest = plugin->manifest;
      gboolean explained = plugin->state == DD_PLUGIN_REFUSED || dd_breaker_is_open (&plugin->breaker);
      DdPluginInfo info = {
        .id = plugin->id,
        .version =
          plugin->table.version != NULL && plugin->state != DD_PLUGIN_REFUSED ? plugin->table.version : "",
        .kinds = plugin->kinds,
        .stage = manifest != NULL && manifest->stage >= 0 ? dd_stage_name (manifest->stage) : "",
        .path = plugin->path,
        .state = state_name (plugin),
        .reason = explained ? plugin->reason : "",
        .calls = plugin->calls,
        .failures = plugin->failures,
        .total_usec = plugin->total_usec,
      };

      func (&info, data);
    }
  g_mutex_unlock (&host->lock);
}

/* The one that isn't refused wins: an id may be refused in one directory and usable in another. */
static DdPlugin *
find_plugin (DdHost *host, const char *id, GError **error)
{
  DdPlugin *refused = NULL;

  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPlugin *plugin = host->plugins->pdata[i];

      if (strcmp (plugin->id, id) != 0)
        continue;
      if (plugin->state != DD_PLUGIN_REFUSED)
        return plugin;
      refused = plugin;
    }
  if (refused != NULL)
    dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "plugin %s was refused: %s", id, refused->reason);
  else
    dd_fail (error, DD_ERROR_NOT_FOUND, "there is no plugin %s", id);
  return NULL;
}

static gboolean
disable (DdHost *host, const char *id, GError **error)
{
  DdPlugin *plugin = find_plugin (host, id, error);
  gboolean close;

  if (plugin == NULL)
    return FALSE;
  g_mutex_lock (&host->lock);
  close = plugin->state == DD_PLUGIN_ENABLED;
  plugin->state = DD_PLUGIN_DISABLED;
  dd_pool_drain (host->pool, plugin);

  /* A stranded thread may still use the instance: then it is never closed. */
  close = close && plugin->stranded == 0;
  g_mutex_unlock (&host->lock);
  if (close)
    dd_plugin_close (plugin);
  return TRUE;
}

static gboolean
enable (DdHost *host, const char *id, GError **error)
{
  DdPlugin *plugin = find_plugin (host, id, error);
  guint stranded;

  if (plugin == NULL || plugin->state == DD_PLUGIN_ENABLED)
    return plugin != NULL;
  g_mutex_lock (&host->lock);
  stranded = plugin->stranded;
  g_mutex_unlock (&host->lock);
  if (stranded > 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "%u call(s) of plugin %s never returned, so it can't be opened again: restart the daemon",
                    stranded, id);
  return dd_host_start_plugin (host, plugin, error);
}

gboolean
dd_host_disable (DdHost *host, const char *id, GError **error)
{
  g_mutex_lock (&host->admin);

  gboolean done = disable (host, id, error);

  g_mutex_unlock (&host->admin);
  return done;
}

gboolean
dd_host_enable (DdHost *host, const char *id, GError **error)
{
  g_mutex_lock (&host->admin);

  gboolean done = enable (host, id, error);

  g_mutex_unlock (&host->admin);
  return done;
}

const GPtrArray *
dd_host_datasets (DdHost *host)
{
  return host->datasets;
}

const DdDatasetDeclaration *
dd_host_dataset (DdHost *host, const char *name)
{
  for (guint i = 0; i < host->datasets->len; i++)
    {
      const DdDatasetDeclaration *declaration = host->datasets->pdata[i];

      if (strcmp (declaration->name, name) == 0)
        return declaration;
    }
  return NULL;
}
