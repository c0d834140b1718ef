/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Placing plugins (see isolate.h).
 *
 * A file that says Isolation=daemon is believed of the plugins that were built with dealdesk, and they are
 * known by their id and by where their file and their module lie: anybody can take an id. Of all others the
 * configuration alone decides, and without its word they run in a runner. The network needs both: the file
 * that asks for it, and the configuration that allows it.
 */
#include "remote/isolate.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "remote/remote-calls.h"

#define DEFAULT_IDLE (60 * G_USEC_PER_SEC)

/* Built with dealdesk; the build makes the list. */
static const char *const shipped[] = { DD_SHIPPED_PLUGINS, NULL };

static gboolean
names (const char *const *ids, const DdPlugin *plugin)
{
  return ids != NULL && g_strv_contains (ids, plugin->id);
}

static gboolean
check_contradictions (const DdPlugin *plugin, const DdHostOptions *options, GError **error)
{
  const DdManifest *manifest = plugin->manifest;

  if (names (options->in_daemon, plugin) && names (options->isolated, plugin))
    return dd_fail (
      error, DD_ERROR_PLUGIN_REFUSED,
      "the configuration names it in InDaemon= and in Isolated=: it can only be in one of them");
  if (names (options->network, plugin) && !manifest->network)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "the configuration names it in Network=, and its file doesn't say Network=yes");
  if (manifest->network && !names (options->network, plugin))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "it needs the network (Network=yes), which the configuration doesn't allow: name it in "
                    "[Plugins] Network=");
  return TRUE;
}

/* Whether @path, links followed, is @directory/@id@suffix. */
static gboolean
is_file_of (const char *path, const char *directory, const char *id, const char *suffix)
{
  g_autofree char *name = g_strconcat (id, suffix, NULL);
  g_autofree char *wanted = g_build_filename (directory, name, NULL);
  char *real = realpath (path, NULL);
  gboolean is = real != NULL && strcmp (real, wanted) == 0;

  free (real);
  return is;
}

/* Whether its file and its module, links followed, are those of its id in the directory of the shipped ones
 * itself: a file from elsewhere says nothing of a shipped module. Who may change what is there was checked
 * when the file was read. */
static gboolean
is_shipped (const DdPlugin *plugin, const DdHostOptions *options)
{
  char *directory = realpath (options->shipped_dir != NULL ? options->shipped_dir : DD_PLUGIN_DIR, NULL);
  gboolean there = directory != NULL && names (shipped, plugin) &&
                   is_file_of (plugin->path, directory, plugin->id, ".plugin") &&
                   is_file_of (plugin->manifest->module_path, directory, plugin->id, ".so");

  free (directory);
  return there;
}

gboolean
dd_plugin_place (DdPlugin *plugin, const DdHostOptions *options, GError **error)
{
  gboolean inside = plugin->manifest->in_daemon && is_shipped (plugin, options);

  if (!check_contradictions (plugin, options, error))
    return FALSE;
  plugin->isolated = names (options->isolated, plugin) || (!inside && !names (options->in_daemon, plugin));
  plugin->network = plugin->manifest->network;
  if (!plugin->isolated)
    return TRUE;

  DdRemoteOptions remote = {
    .id = plugin->id,
    .path = plugin->path,
    .digest = plugin->manifest->digest,
    .n_datasets = plugin->manifest->datasets->len,
    .network = plugin->network,
    .runner_path = options->runner_path != NULL ? options->runner_path : DD_RUNNER_PATH,
    .runner_dir = options->runner_dir,
    .deadline_usec = options->deadline_usec,
    .grace_usec = options->grace_usec,
    .idle_usec = options->idle_usec != 0 ? options->idle_usec : DEFAULT_IDLE,
  };

  plugin->remote = dd_remote_new (&remote);
  return TRUE;
}

static gboolean
check_facts (const DdPlugin *plugin, const DdRemoteFacts *facts, GError **error)
{
  const DdManifest *manifest = plugin->manifest;

  if (manifest->version != NULL && strcmp (facts->version, manifest->version) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its module is version %s, its file says %s",
                    facts->version, manifest->version);
  if (facts->kinds != manifest->kinds)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "its module offers other kinds than its file, which says \"%s\"", plugin->kinds);
  if (facts->dedupe > DEALDESK_DEDUPE_QUERY)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its module tells duplicates by an unknown way, %u",
                    facts->dedupe);
  return TRUE;
}

gboolean
dd_plugin_attach (DdPlugin *plugin, gint64 until, DdRemoteFacts *out_facts, GError **error)
{
  const DealdeskOption *options = (const DealdeskOption *)(const void *)plugin->options->data;
  DdRemoteFacts facts;

  if (!dd_remote_open (plugin->remote, options, plugin->options->len, until, &facts, error))
    return FALSE;
  if (!check_facts (plugin, &facts, error))
    {
      dd_remote_close (plugin->remote);
      return FALSE;
    }
  *out_facts = facts;
  return TRUE;
}

void
dd_plugin_adopt (DdPlugin *plugin, const DdRemoteFacts *facts)
{
  dd_remote_fill_tables (plugin, facts);
  plugin->instance = plugin->remote;
}
