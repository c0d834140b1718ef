/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The host's start and end (see host.h). What can't be used is refused by name, in the order in which faults
 * show: file, order, datasets, place, options, quarantine, module, open.
 */
#include "host-private.h"
#include "remote/isolate.h"

#include <string.h>

#define DEFAULT_THREADS  2
#define DEFAULT_DEADLINE (5 * G_USEC_PER_SEC)
#define DEFAULT_GRACE    (1 * G_USEC_PER_SEC)

/* Hosts that ended while a call of theirs hung: kept, and kept reachable, until the process ends. */
static GSList *abandoned;

static gboolean
load_and_open (DdPlugin *plugin, GError **error)
{
  if (plugin->isolated)
    return dd_plugin_attach (plugin, error);
  return (plugin->module != NULL || dd_plugin_load (plugin, error)) && dd_plugin_open (plugin, error);
}

gboolean
dd_host_start_plugin (DdHost *host, DdPlugin *plugin, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean started;

  dd_crash_enter (plugin->crash);
  started = load_and_open (plugin, &reason);
  dd_crash_leave ();
  g_mutex_lock (&host->lock);
  if (started)
    {
      plugin->state = DD_PLUGIN_ENABLED;
      plugin->opened = TRUE;
      plugin->breaker = (DdBreaker){ 0 };
    }
  else
    dd_plugin_refuse (plugin, reason->message);
  g_mutex_unlock (&host->lock);
  if (!started)
    dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "plugin %s: %s", plugin->id, reason->message);
  return started;
}

/* Only a sink, and orders go to another one: it needn't be set up. One of several kinds is opened for those.
 */
static gboolean
is_passed_over (const DdPlugin *plugin, const DdHostOptions *options)
{
  return options->handoff != NULL && plugin->state != DD_PLUGIN_REFUSED && plugin->manifest != NULL &&
         plugin->manifest->kinds == 1U << DD_KIND_HANDOFF && strcmp (plugin->id, options->handoff) != 0;
}

static void
start_plugins (DdHost *host, const DdHostOptions *options)
{
  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPlugin *plugin = host->plugins->pdata[i];
      g_autoptr (GError) error = NULL;

      plugin->passed_over = is_passed_over (plugin, options);
      plugin->turned_off =
        plugin->passed_over || (options->disabled != NULL && g_strv_contains (options->disabled, plugin->id));
      if (plugin->state == DD_PLUGIN_REFUSED)
        continue;
      if (!dd_plugin_place (plugin, options, &error) ||
          !dd_plugin_read_options (plugin, options->options, &error))
        dd_plugin_refuse (plugin, error->message);
      else if (!dd_host_quarantine (host, plugin) && !plugin->turned_off)
        dd_host_start_plugin (host, plugin, NULL);
    }
}

DdHost *
dd_host_new (const DdHostOptions *options, GError **error)
{
  g_return_val_if_fail (options->directories != NULL, NULL);

  if (options->deadline_usec < 0 || options->grace_usec < 0)
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a plugin call's deadline can't be negative");
      return NULL;
    }

  DdHost *host = g_new0 (DdHost, 1);
  DdHostOptions settled = *options;

  settled.threads = options->threads != 0 ? options->threads : DEFAULT_THREADS;
  settled.deadline_usec = options->deadline_usec != 0 ? options->deadline_usec : DEFAULT_DEADLINE;
  settled.grace_usec = options->grace_usec != 0 ? options->grace_usec : DEFAULT_GRACE;
  g_mutex_init (&host->lock);
  g_mutex_init (&host->admin);
  host->handoff = g_strdup (options->handoff);
  host->pool = dd_pool_new (&host->lock, settled.threads, settled.deadline_usec, settled.grace_usec);
  host->plugins = dd_plugins_discover (options->directories);
  dd_plugins_order (host->plugins);
  host->datasets = dd_plugins_merge_datasets (host->plugins, options->own_datasets);
  dd_host_open_crash_notes (host, options->crash_file);
  start_plugins (host, &settled);
  return host;
}

void
dd_host_stop (DdHost *host)
{
  dd_pool_stop (host->pool);
}

void
dd_host_free (DdHost *host)
{
  gboolean ended = dd_pool_free (host->pool);

  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPlugin *plugin = host->plugins->pdata[i];

      g_mutex_lock (&host->lock);

      gboolean close = plugin->state == DD_PLUGIN_ENABLED && plugin->stranded == 0;

      plugin->state = plugin->state == DD_PLUGIN_ENABLED ? DD_PLUGIN_DISABLED : plugin->state;
      g_mutex_unlock (&host->lock);
      if (close)
        dd_plugin_close (plugin);
    }

  dd_host_end_crash_notes (host);

  /* A stranded thread would come back to the lock and its plugin: for its sake they stay. */
  if (!ended)
    {
      abandoned = g_slist_prepend (abandoned, host);
      return;
    }
  g_ptr_array_unref (host->plugins);
  g_ptr_array_unref (host->datasets);
  g_clear_pointer (&host->crashes, dd_crash_notes_free);
  g_free (host->handoff);
  g_mutex_clear (&host->admin);
  g_mutex_clear (&host->lock);
  g_free (host);
}

void
dd_host_run (DdHost *host, DdHostJob job, DdHostJobFailed failed, gpointer data)
{
  dd_pool_run (host->pool, job, failed, data);
}

GPtrArray *
dd_host_enabled (DdHost *host, DdKind kind)
{
  GPtrArray *enabled = g_ptr_array_new ();

  g_mutex_lock (&host->lock);
  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPlugin *plugin = host->plugins->pdata[i];

      if (plugin->state == DD_PLUGIN_ENABLED && plugin->manifest->kinds & (1U << kind))
        g_ptr_array_add (enabled, plugin);
    }
  g_mutex_unlock (&host->lock);
  return enabled;
}
