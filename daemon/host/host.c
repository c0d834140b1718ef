/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The host's start and end (see host.h). What can't be used is refused by name, in the order in which faults
 * show: file, order, datasets, and then those of its start (start.c).
 */
#include "host-private.h"

#define DEFAULT_THREADS  2
#define DEFAULT_DEADLINE (5 * G_USEC_PER_SEC)
#define DEFAULT_GRACE    (1 * G_USEC_PER_SEC)
#define DEFAULT_START    (20 * G_USEC_PER_SEC)

/* Hosts that ended while a call of theirs hung: kept, and kept reachable, until the process ends. */
static GSList *abandoned;

/* Without its pool and its plugins. */
static void
free_empty (DdHost *host)
{
  g_free (host->handoff);
  g_mutex_clear (&host->admin);
  g_mutex_clear (&host->lock);
  g_free (host);
}

DdHost *
dd_host_new (const DdHostOptions *options, GError **error)
{
  g_return_val_if_fail (options->directories != NULL, NULL);

  if (options->deadline_usec < 0 || options->grace_usec < 0 || options->start_usec < 0)
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a limit of time for plugins can't be negative");
      return NULL;
    }

  DdHost *host = g_new0 (DdHost, 1);
  DdHostOptions settled = *options;

  settled.threads = options->threads != 0 ? options->threads : DEFAULT_THREADS;
  settled.deadline_usec = options->deadline_usec != 0 ? options->deadline_usec : DEFAULT_DEADLINE;
  settled.grace_usec = options->grace_usec != 0 ? options->grace_usec : DEFAULT_GRACE;
  settled.start_usec = options->start_usec != 0 ? options->start_usec : DEFAULT_START;
  g_mutex_init (&host->lock);
  g_mutex_init (&host->admin);
  host->handoff = g_strdup (options->handoff);
  host->start_usec = settled.start_usec;
  host->pool = dd_pool_new (&host->lock, settled.threads, settled.deadline_usec, settled.grace_usec, error);
  if (host->pool == NULL)
    {
      free_empty (host);
      return NULL;
    }
  host->plugins = dd_plugins_discover (options->directories);
  dd_plugins_order (host->plugins);
  host->datasets = dd_plugins_merge_datasets (host->plugins, options->own_datasets);
  dd_host_open_crash_notes (host, options->crash_file);
  dd_host_start_plugins (host, &settled);
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
  free_empty (host);
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
