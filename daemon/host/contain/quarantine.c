/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Which plugins aren't opened, for having crashed the daemon; and what must not go on without them.
 *
 * The notes (crash.h) are read once, at the start, before any code of a plugin runs. An orderly end forgets
 * the crashes of those that were opened and closed again: only crashes in a row count. What an administrator
 * enables begins anew. One thread at a time, but for the check.
 */
#include "host-private.h"
#include "message-ids.h"

#include <string.h>

void
dd_host_open_crash_notes (DdHost *host, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  host->crashes = dd_crash_notes_open (path, &error);
  if (host->crashes == NULL)
    dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_CRASH_NOTES_REPLACED,
                "Plugins that crash won't be known at the next start: %s", error->message);
}

static char *
describe_crash (int signal, gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *text = moment != NULL ? g_date_time_format (moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  return g_strdup_printf ("signal %d (%s), %s", signal, strsignal (signal), text != NULL ? text : "");
}

gboolean
dd_host_quarantine (DdHost *host, DdPlugin *plugin)
{
  int signal = 0;
  gint64 time = 0;
  guint count;

  if (host->crashes == NULL || plugin->isolated)
    return FALSE;
  plugin->crash = dd_crash_notes_get (host->crashes, plugin->id);
  if (plugin->crash == NULL)
    {
      dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_CRASH_NOTES_REPLACED,
                  "Whether plugin %s crashes won't be known at the next start: there is no room for its note",
                  plugin->id);
      return FALSE;
    }
  count = dd_crash_note_count (plugin->crash, &signal, &time);
  if (count == 0 || plugin->turned_off)
    return FALSE;

  g_autofree char *crash = describe_crash (signal, time);

  if (count < DD_CRASH_LIMIT)
    {
      dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_PLUGIN_CRASHED,
                  "Plugin %s ended the daemon: %s. If it does so again, it is quarantined", plugin->id,
                  crash);
      return FALSE;
    }

  g_autofree char *reason =
    g_strdup_printf ("it ended the daemon %u times in a row, last by %s; enable it to try "
                     "it again, or let it run in a process of its own",
                     count, crash);

  dd_plugin_refuse (plugin, reason);
  plugin->quarantined = TRUE;
  return TRUE;
}

void
dd_host_end_crash_notes (DdHost *host)
{
  if (host->crashes == NULL)
    return;
  for (guint i = 0; i < host->plugins->len; i++)
    {
      const DdPlugin *plugin = host->plugins->pdata[i];

      if (plugin->crash != NULL && plugin->opened && plugin->stranded == 0)
        dd_crash_note_clear (host->crashes, plugin->crash, FALSE, NULL);
    }
}

gboolean
dd_host_forget_crashes (DdHost *host, DdPlugin *plugin, GError **error)
{
  if (plugin->crash == NULL)
    return TRUE;
  if (!dd_crash_note_clear (host->crashes, plugin->crash, TRUE, error))
    return FALSE;
  g_mutex_lock (&host->lock);
  if (plugin->quarantined)
    {
      plugin->quarantined = FALSE;
      plugin->state = DD_PLUGIN_DISABLED;
    }
  g_mutex_unlock (&host->lock);
  return TRUE;
}

/* The kinds that are missing with it: of a file that doesn't say them, all. */
static guint
kinds_of (const DdPlugin *plugin)
{
  guint kinds = plugin->manifest != NULL ? plugin->manifest->kinds : plugin->said_kinds;

  return kinds != 0 ? kinds : G_MAXUINT;
}

/* One whose id an earlier file has is missed in none: that one answers. */
static gboolean
is_missed (const DdPlugin *plugin, DdKind kind)
{
  return plugin->state == DD_PLUGIN_REFUSED && !plugin->turned_off && !plugin->duplicate &&
         (kinds_of (plugin) & (1U << kind)) != 0;
}

static const char *
name_kind (const DdPlugin *plugin, DdKind kind)
{
  return kinds_of (plugin) != G_MAXUINT ? dd_kind_name (kind) : "unreadable";
}

gboolean
dd_host_check_complete (DdHost *host, DdKind kind, GError **error)
{
  gboolean complete = TRUE;

  g_mutex_lock (&host->lock);
  for (guint i = 0; i < host->plugins->len && complete; i++)
    {
      const DdPlugin *plugin = host->plugins->pdata[i];

      if (!is_missed (plugin, kind))
        continue;
      complete =
        dd_fail (error, DD_ERROR_UNAVAILABLE, "%s plugin %s is %s (%s): mend it, disable it, or remove it",
                 name_kind (plugin, kind), plugin->id, plugin->quarantined ? "quarantined" : "refused",
                 plugin->reason);
    }
  g_mutex_unlock (&host->lock);
  return complete;
}
