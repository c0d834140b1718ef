/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an administrator sees of the plugins, and does with them. Any thread; enabling and disabling one at a
 * time.
 */
#include "host-private.h"

#include <string.h>

/* One that was refused and that nobody misses is as good as disabled. */
static const char *
state_name (const DdPlugin *plugin)
{
  if (plugin->state == DD_PLUGIN_REFUSED && !plugin->turned_off)
    return plugin->quarantined ? "quarantined" : "refused";
  if (plugin->state == DD_PLUGIN_REFUSED)
    return "disabled";
  if (plugin->state == DD_PLUGIN_DISABLED)
    return "disabled";
  return dd_breaker_is_open (&plugin->breaker) ? "failing" : "enabled";
}

/* Borrowed. */
static const char *
reason_of (const DdPlugin *plugin)
{
  if (plugin->passed_over)
    return "another sink is selected: [Handoff] Plugin=";
  return plugin->state == DD_PLUGIN_REFUSED || dd_breaker_is_open (&plugin->breaker) ? plugin->reason : "";
}

static DdPluginInfo
make_info (const DdPlugin *plugin)
{
  const DdManifest *manifest = plugin->manifest;

  return (DdPluginInfo){
    .id = plugin->id,
    .version = plugin->version != NULL && plugin->state != DD_PLUGIN_REFUSED ? plugin->version : "",
    .kinds = plugin->kinds,
    .stage = manifest != NULL && manifest->stage >= 0 ? dd_stage_name (manifest->stage) : "",
    .path = plugin->path,
    .state = state_name (plugin),
    .reason = reason_of (plugin),
    .calls = plugin->calls,
    .failures = plugin->failures,
    .total_usec = plugin->total_usec,
  };
}

void
dd_host_list (DdHost *host, DdPluginInfoFunc func, gpointer data)
{
  g_mutex_lock (&host->lock);
  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPluginInfo info = make_info (host->plugins->pdata[i]);

      func (&info, data);
    }
  g_mutex_unlock (&host->lock);
}

/* The one that isn't refused wins: an id may be refused in one directory and usable in another. Of refused
 * ones, the first. With the lock. */
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
      refused = refused != NULL ? refused : plugin;
    }
  if (refused == NULL)
    dd_fail (error, DD_ERROR_NOT_FOUND, "there is no plugin %s", id);
  return refused;
}

/* What each of its options is, and what it would be without the configuration. */
static GPtrArray *
list_options (const DdPlugin *plugin)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; plugin->manifest != NULL && i < plugin->manifest->options->len; i++)
    {
      const DdOptionSpec *spec = plugin->manifest->options->pdata[i];
      gboolean read = plugin->options != NULL && i < plugin->options->len;
      DdPluginOption *option = g_new (DdPluginOption, 1);

      *option = (DdPluginOption){
        .name = spec->name,
        .type = dd_option_type_name (spec->type),
        .value = read ? g_array_index (plugin->options, DealdeskOption, i).text : spec->value,
        .fallback = spec->value,
        .description = spec->description != NULL ? spec->description : "",
      };
      g_ptr_array_add (list, option);
    }
  return list;
}

/* With the lock. */
static void
describe (const DdPlugin *plugin, DdPluginDetailFunc func, gpointer data)
{
  const DdManifest *manifest = plugin->manifest;
  g_autoptr (GPtrArray) options = list_options (plugin);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  pid_t pid = 0;
  DdPluginDetail detail = {
    .info = make_info (plugin),
    .isolation = plugin->isolated ? "process" : "daemon",
    .module = manifest != NULL ? manifest->module_path : "",
    .network = plugin->network,
    .last_fault = plugin->state != DD_PLUGIN_REFUSED && plugin->reason[0] != '\0' ? plugin->reason : NULL,
    .options = options,
    .datasets = manifest != NULL ? manifest->datasets : none,
  };

  if (plugin->remote != NULL)
    dd_remote_describe (plugin->remote, &pid, &detail.restarts);
  detail.pid = pid;
  func (&detail, data);
}

gboolean
dd_host_describe (DdHost *host, const char *id, DdPluginDetailFunc func, gpointer data, GError **error)
{
  const DdPlugin *plugin;

  g_mutex_lock (&host->lock);
  plugin = find_plugin (host, id, error);
  if (plugin != NULL)
    describe (plugin, func, data);
  g_mutex_unlock (&host->lock);
  return plugin != NULL;
}

void
dd_host_calls (DdHost *host, const char *deal, DdCallSumFunc func, gpointer data)
{
  g_mutex_lock (&host->lock);
  dd_trace_sum (dd_pool_trace (host->pool), deal, func, data);
  g_mutex_unlock (&host->lock);
}

/* A file that was refused and has the id, too, is no longer missed either. With the lock. */
static void
turn_off_refused (DdHost *host, const char *id)
{
  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPlugin *plugin = host->plugins->pdata[i];

      if (plugin->state == DD_PLUGIN_REFUSED && strcmp (plugin->id, id) == 0)
        plugin->turned_off = TRUE;
    }
}

static gboolean
disable (DdHost *host, const char *id, GError **error)
{
  DdPlugin *plugin;
  gboolean close = FALSE;

  g_mutex_lock (&host->lock);
  plugin = find_plugin (host, id, error);
  turn_off_refused (host, id);
  if (plugin != NULL && plugin->state != DD_PLUGIN_REFUSED)
    {
      close = plugin->state == DD_PLUGIN_ENABLED;
      plugin->state = DD_PLUGIN_DISABLED;
      dd_pool_drain (host->pool, plugin);

      /* A stranded thread may still use the instance: then it is never closed. */
      close = close && plugin->stranded == 0;
    }
  g_mutex_unlock (&host->lock);
  if (close)
    dd_plugin_close (plugin);
  return plugin != NULL;
}

/* Whether @plugin must be started, and can be. With the lock. */
static gboolean
prepare_to_enable (DdPlugin *plugin, gboolean *out_start, GError **error)
{
  gboolean running = plugin->state == DD_PLUGIN_ENABLED;

  if (plugin->state == DD_PLUGIN_REFUSED && !plugin->startable)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "plugin %s was refused: %s; mend it, and restart the daemon", plugin->id, plugin->reason);
  plugin->turned_off = FALSE;
  plugin->passed_over = FALSE;
  if (running)
    plugin->breaker = (DdBreaker){ 0 };
  else if (plugin->stranded > 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "%u call(s) of plugin %s never returned, so it can't be opened again: restart the daemon",
                    plugin->stranded, plugin->id);
  *out_start = !running;
  return TRUE;
}

static gboolean
enable (DdHost *host, const char *id, GError **error)
{
  DdPlugin *plugin;
  gboolean possible;
  gboolean start = FALSE;

  g_mutex_lock (&host->lock);
  plugin = find_plugin (host, id, error);
  g_mutex_unlock (&host->lock);
  if (plugin == NULL || !dd_host_forget_crashes (host, plugin, error))
    return FALSE;
  g_mutex_lock (&host->lock);
  possible = prepare_to_enable (plugin, &start, error);
  g_mutex_unlock (&host->lock);
  return possible && (!start || dd_host_start_plugin (host, plugin, error));
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
