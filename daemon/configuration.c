/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The configuration file (see configuration.h).
 */
#include "configuration.h"

#include "error.h"
#include "number/decimal.h"

#include <string.h>

const DdConfigKey dd_config_keys[] = {
  { "Store", "Path", DD_STATE_DIR "/dealdesk.db" },
  { "Provider", "Name", NULL },
  { "Pricing", "Interest", "0%" },
  { "Plugins", "Directories", "" },
  { "Plugins", "Disabled", "" },
  { "Plugins", "InDaemon", "" },
  { "Plugins", "Isolated", "" },
  { "Plugins", "Network", "" },
  { "Handoff", "Plugin", "" },
  { NULL, NULL, NULL },
};

const char *
dd_config_plugin (const char *group)
{
  return g_str_has_prefix (group, DD_HOST_OPTIONS_GROUP) ? group + strlen (DD_HOST_OPTIONS_GROUP) : NULL;
}

gboolean
dd_config_knows_group (const char *group)
{
  for (const DdConfigKey *known = dd_config_keys; known->group != NULL; known++)
    if (g_str_equal (known->group, group))
      return TRUE;
  return dd_config_plugin (group) != NULL;
}

gboolean
dd_config_knows_key (const char *group, const char *key)
{
  for (const DdConfigKey *known = dd_config_keys; known->group != NULL; known++)
    if (g_str_equal (known->group, group) && g_str_equal (known->key, key))
      return TRUE;
  return dd_config_plugin (group) != NULL;
}

char *
dd_config_list_known (const char *group)
{
  GString *list = g_string_new (NULL);
  const char *last = NULL;

  for (const DdConfigKey *known = dd_config_keys; known->group != NULL; known++)
    {
      const char *name = group == NULL ? known->group : known->key;

      if ((group != NULL && !g_str_equal (group, known->group)) || g_strcmp0 (name, last) == 0)
        continue;
      g_string_append_printf (list, "%s%s", last != NULL ? ", " : "", name);
      last = name;
    }
  return g_string_free (list, FALSE);
}

GKeyFile *
dd_config_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) config = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  const char *from = path != NULL ? path : DD_CONFIG_FILE;

  if (g_key_file_load_from_file (config, from, G_KEY_FILE_NONE, &local) ||
      (path == NULL && g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT)))
    return g_steal_pointer (&config);
  dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s: %s", from, local->message);
  return NULL;
}

gboolean
dd_config_check_known (GKeyFile *config, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (config, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto (GStrv) keys = g_key_file_get_keys (config, groups[i], NULL, NULL);

      if (!dd_config_knows_group (groups[i]))
        {
          g_autofree char *known = dd_config_list_known (NULL);

          return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                          "the configuration has a group [%s]; it knows %s and “plugin ID”", groups[i],
                          known);
        }
      for (guint k = 0; keys != NULL && keys[k] != NULL; k++)
        if (!dd_config_knows_key (groups[i], keys[k]))
          return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                          "the configuration's group [%s] knows no key “%s”", groups[i], keys[k]);
    }
  return TRUE;
}

static char **
get_list (GKeyFile *config, const char *key)
{
  return g_key_file_get_string_list (config, "Plugins", key, NULL, NULL);
}

/* In order: @named (nullable) by the command line, the configuration's, the installed one. Of two plugins
 * with one id the first counts. (transfer full) */
static char **
plugin_directories (GKeyFile *config, char **named)
{
  g_auto (GStrv) configured = get_list (config, "Directories");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (named != NULL)
    g_strv_builder_addv (builder, (const char **)named);
  if (configured != NULL)
    g_strv_builder_addv (builder, (const char **)configured);
  g_strv_builder_add (builder, DD_PLUGIN_DIR);
  return g_strv_builder_end (builder);
}

void
dd_config_host_init (DdConfigHost *host, GKeyFile *config, char **named)
{
  *host = (DdConfigHost){
    .directories = plugin_directories (config, named),
    .disabled = get_list (config, "Disabled"),
    .in_daemon = get_list (config, "InDaemon"),
    .isolated = get_list (config, "Isolated"),
    .network = get_list (config, "Network"),
    .handoff = g_key_file_get_string (config, "Handoff", "Plugin", NULL),
  };
  host->options = (DdHostOptions){
    .own_datasets = dd_core_datasets (),
    .directories = (const char *const *)host->directories,
    .disabled = (const char *const *)host->disabled,
    .in_daemon = (const char *const *)host->in_daemon,
    .isolated = (const char *const *)host->isolated,
    .network = (const char *const *)host->network,
    .handoff = host->handoff,
    .options = config,
  };
}

void
dd_config_host_clear (DdConfigHost *host)
{
  g_strfreev (host->directories);
  g_strfreev (host->disabled);
  g_strfreev (host->in_daemon);
  g_strfreev (host->isolated);
  g_strfreev (host->network);
  g_free (host->handoff);
}

char *
dd_config_store_path (GKeyFile *config, const char *state_dir)
{
  char *configured = state_dir == NULL ? g_key_file_get_string (config, "Store", "Path", NULL) : NULL;

  return configured != NULL
           ? configured
           : g_build_filename (state_dir != NULL ? state_dir : DD_STATE_DIR, "dealdesk.db", NULL);
}

gboolean
dd_config_interest (GKeyFile *config, gint64 *out_nanos, GError **error)
{
  g_autofree char *text = g_key_file_get_string (config, "Pricing", "Interest", NULL);
  gint64 nanos = 0;

  if (text != NULL && (!dd_percent_parse (text, &nanos, NULL) || nanos < 0 || nanos > DD_NANOS))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "[Pricing] Interest=%.40s should be a year's percentage from 0%% to 100%%, such as 6.5%%",
                    text);
  *out_nanos = nanos;
  return TRUE;
}
