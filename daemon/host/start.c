/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Starting plugins: each is placed, gets its options, and is opened, unless it is turned off or quarantined.
 *
 * Those with a process of their own start side by side, since each may take long, and all together have one
 * limit of time; those in the daemon meanwhile, one after the other, in the order of calling. A slow one may
 * keep others from what they need: so those that were late are tried once more, one after the other. What
 * becomes of one depends on no other. At start, one thread but for the opening; when one is enabled, the
 * administration's.
 */
#include "host-private.h"
#include "remote/isolate.h"

/* Of the time for all, that a late one may have at most: a fourth. */
#define LATE_SHARE 4

/* One that is opened beside others. */
typedef struct
{
  DdHost *host;
  DdPlugin *plugin;
  gint64 until; /* monotonic, microseconds */
  GThread *thread;
  gboolean late; /* it wasn't ready in time, and might be if it were alone */
} Opening;

static gboolean
load_and_open (DdPlugin *plugin, GError **error)
{
  return (plugin->loaded || dd_plugin_load (plugin, error)) && dd_plugin_open (plugin, error);
}

static gboolean
start (DdHost *host, DdPlugin *plugin, gint64 until, GError **error)
{
  g_autoptr (GError) reason = NULL;
  DdRemoteFacts facts;
  gboolean started;

  dd_crash_enter (plugin->crash);
  started =
    plugin->isolated ? dd_plugin_attach (plugin, until, &facts, &reason) : load_and_open (plugin, &reason);
  dd_crash_leave ();
  g_mutex_lock (&host->lock);
  if (started)
    {
      if (plugin->isolated)
        dd_plugin_adopt (plugin, &facts);
      plugin->state = DD_PLUGIN_ENABLED;
      plugin->opened = TRUE;
      plugin->version = plugin->table.version;
      plugin->breaker = (DdBreaker){ 0 };
      g_free (plugin->reason);
      plugin->reason = g_strdup ("");
    }
  else
    dd_plugin_refuse (plugin, reason->message);
  g_mutex_unlock (&host->lock);
  if (!started)
    dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "plugin %s: %s", plugin->id, reason->message);
  return started;
}

gboolean
dd_host_start_plugin (DdHost *host, DdPlugin *plugin, GError **error)
{
  return start (host, plugin, g_get_monotonic_time () + host->start_usec, error);
}

/* TRUE: it should be started. */
static gboolean
prepare (DdHost *host, DdPlugin *plugin, const DdHostOptions *options)
{
  g_autoptr (GError) error = NULL;

  plugin->passed_over = dd_plugin_is_passed_over (plugin, options);
  plugin->turned_off =
    plugin->passed_over || (options->disabled != NULL && g_strv_contains (options->disabled, plugin->id));
  if (plugin->state == DD_PLUGIN_REFUSED)
    return FALSE;
  if (!dd_plugin_place (plugin, options, &error) ||
      !dd_plugin_read_options (plugin, options->options, &error))
    {
      dd_plugin_refuse (plugin, error->message);
      return FALSE;
    }
  plugin->startable = TRUE;
  return !dd_host_quarantine (host, plugin) && !plugin->turned_off;
}

static gpointer
run_opening (gpointer data)
{
  Opening *opening = data;

  opening->late = !start (opening->host, opening->plugin, opening->until, NULL) &&
                  g_get_monotonic_time () >= opening->until;
  return NULL;
}

/* All within @usec, as long as the first attempt took at most: each has a share of what is left, and what one
 * doesn't need is the others'. */
static void
open_late_ones (Opening *openings, guint n_openings, gint64 usec)
{
  gint64 end = g_get_monotonic_time () + usec;
  guint n_left = 0;

  for (guint i = 0; i < n_openings; i++)
    n_left += openings[i].late;
  for (guint i = 0; i < n_openings; i++)
    if (openings[i].late)
      {
        gint64 now = g_get_monotonic_time ();

        start (openings[i].host, openings[i].plugin,
               now + MIN (MAX (end - now, 0) / n_left, usec / LATE_SHARE), NULL);
        n_left--;
      }
}

void
dd_host_start_plugins (DdHost *host, const DdHostOptions *options)
{
  gint64 until = g_get_monotonic_time () + options->start_usec;
  g_autofree Opening *openings = g_new0 (Opening, host->plugins->len + 1);
  g_autoptr (GPtrArray) inside = g_ptr_array_new ();
  guint n_openings = 0;

  for (guint i = 0; i < host->plugins->len; i++)
    {
      DdPlugin *plugin = host->plugins->pdata[i];

      if (!prepare (host, plugin, options))
        continue;
      if (plugin->isolated)
        openings[n_openings++] = (Opening){ .host = host, .plugin = plugin, .until = until };
      else
        g_ptr_array_add (inside, plugin);
    }
  for (guint i = 0; i < n_openings; i++)
    openings[i].thread = g_thread_try_new ("start", run_opening, &openings[i], NULL);
  for (guint i = 0; i < inside->len; i++)
    start (host, inside->pdata[i], until, NULL);
  for (guint i = 0; i < n_openings; i++)
    if (openings[i].thread != NULL)
      g_thread_join (openings[i].thread);
    else
      openings[i].late = TRUE; /* there was no thread to be had */
  open_late_ones (openings, n_openings, options->start_usec);
}
