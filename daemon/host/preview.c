/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checking plugins before a start (see check.h). It goes the way of dd_host_new() up to where code would be
 * loaded.
 */
#include "preview.h"

#include "remote/isolate.h"
#include "plugin.h"

#include <string.h>

typedef struct
{
  const DdHostOptions *options;
  GPtrArray *plugins; /* DdPlugin */
  DdHostFinding finding;
  gpointer data;
} Check;

static void
complain (const Check *check, const char *file, const char *group, const char *key, const char *format, ...)
  G_GNUC_PRINTF (5, 6);

static void
complain (const Check *check, const char *file, const char *group, const char *key, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  check->finding (file, group, key, message, check->data);
}

/* (nullable): the usable one, else any of that id. */
static const DdPlugin *
find_plugin (const Check *check, const char *id)
{
  const DdPlugin *found = NULL;

  for (guint i = 0; i < check->plugins->len; i++)
    {
      const DdPlugin *plugin = check->plugins->pdata[i];

      if (!g_str_equal (plugin->id, id))
        continue;
      if (plugin->state != DD_PLUGIN_REFUSED)
        return plugin;
      found = plugin;
    }
  return found;
}

static gboolean
is_on (const Check *check, const DdPlugin *plugin)
{
  return plugin->state != DD_PLUGIN_REFUSED &&
         (check->options->disabled == NULL || !g_strv_contains (check->options->disabled, plugin->id));
}

/* --- options --- */

static const DdOptionSpec *
find_spec (const DdPlugin *plugin, const char *name)
{
  for (guint i = 0; i < plugin->manifest->options->len; i++)
    {
      const DdOptionSpec *spec = plugin->manifest->options->pdata[i];

      if (g_str_equal (spec->name, name))
        return spec;
    }
  return NULL;
}

static char *
list_specs (const DdPlugin *plugin)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < plugin->manifest->options->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            ((const DdOptionSpec *)plugin->manifest->options->pdata[i])->name);
  return g_string_free (list, FALSE);
}

static void
check_option (const Check *check, const DdPlugin *plugin, const char *group, const char *key)
{
  const DdOptionSpec *spec = find_spec (plugin, key);
  g_autofree char *text = g_key_file_get_string (check->options->options, group, key, NULL);
  g_autoptr (GError) reason = NULL;
  gint64 number;

  if (spec == NULL)
    {
      g_autofree char *known = list_specs (plugin);

      complain (check, NULL, group, key, "%s has no such option; it has %s", plugin->id,
                known[0] != '\0' ? known : "none");
    }
  else if (text == NULL)
    complain (check, NULL, group, key, "it isn't text: a backslash begins \\n, \\t, \\s or \\\\");
  else if (!dd_option_parse (spec->type, text, &number, &reason))
    complain (check, NULL, group, key, "%s; it is of type %s", reason->message,
              dd_option_type_name (spec->type));
}

static void
check_group (const Check *check, const char *group)
{
  const char *id = group + strlen (DD_HOST_OPTIONS_GROUP);
  const DdPlugin *plugin = find_plugin (check, id);
  g_auto (GStrv) keys = g_key_file_get_keys (check->options->options, group, NULL, NULL);

  if (plugin == NULL)
    {
      complain (check, NULL, group, NULL, "there is no plugin %s in the directories of plugins", id);
      return;
    }
  for (guint i = 0; plugin->manifest != NULL && keys != NULL && keys[i] != NULL; i++)
    check_option (check, plugin, group, keys[i]);
}

static void
check_required (const Check *check, const DdPlugin *plugin)
{
  g_autofree char *group = g_strconcat (DD_HOST_OPTIONS_GROUP, plugin->id, NULL);
  gboolean wanted = is_on (check, plugin) && !dd_plugin_is_passed_over (plugin, check->options);

  for (guint i = 0; wanted && i < plugin->manifest->options->len; i++)
    {
      const DdOptionSpec *spec = plugin->manifest->options->pdata[i];
      g_autofree char *text = check->options->options != NULL
                                ? g_key_file_get_string (check->options->options, group, spec->name, NULL)
                                : NULL;

      if (spec->required && (text == NULL || text[0] == '\0'))
        complain (check, NULL, group, spec->name,
                  "%s needs it, and would be refused without; set it, or name %s in [Plugins] Disabled=",
                  plugin->id, plugin->id);
    }
}

static void
check_groups (const Check *check)
{
  g_auto (GStrv) groups = NULL;

  if (check->options->options == NULL)
    return;
  groups = g_key_file_get_groups (check->options->options, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], DD_HOST_OPTIONS_GROUP))
      check_group (check, groups[i]);
}

/* --- lists of ids --- */

static void
check_ids (const Check *check, const char *const *ids, const char *key)
{
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    if (find_plugin (check, ids[i]) == NULL)
      complain (check, NULL, "Plugins", key, "there is no plugin %s in the directories of plugins", ids[i]);
}

static void
check_sink (const Check *check)
{
  const char *id = check->options->handoff;
  const DdPlugin *sink = id != NULL ? find_plugin (check, id) : NULL;
  guint n = 0;

  for (guint i = 0; i < check->plugins->len; i++)
    {
      const DdPlugin *plugin = check->plugins->pdata[i];

      n += is_on (check, plugin) && (plugin->manifest->kinds & (1U << DD_KIND_HANDOFF)) != 0;
    }
  if (id == NULL && n > 1)
    complain (check, NULL, "Handoff", "Plugin", "%u plugins offer handoff: it should name one", n);
  if (id == NULL)
    return;
  if (sink == NULL)
    complain (check, NULL, "Handoff", "Plugin", "there is no plugin %s in the directories of plugins", id);
  else if (sink->manifest != NULL && (sink->manifest->kinds & (1U << DD_KIND_HANDOFF)) == 0)
    complain (check, NULL, "Handoff", "Plugin", "%s is of kind %s; one of kind handoff is needed", id,
              sink->kinds);
  else if (sink->state != DD_PLUGIN_REFUSED && !is_on (check, sink))
    complain (check, NULL, "Handoff", "Plugin", "%s is in [Plugins] Disabled=: no order would reach it", id);
}

/* --- all --- */

static void
check_files (const Check *check)
{
  for (guint i = 0; i < check->plugins->len; i++)
    {
      DdPlugin *plugin = check->plugins->pdata[i];
      g_autoptr (GError) error = NULL;

      if (plugin->state != DD_PLUGIN_REFUSED && !dd_plugin_place (plugin, check->options, &error))
        dd_plugin_refuse (plugin, error->message);
      if (plugin->state == DD_PLUGIN_REFUSED)
        complain (check, plugin->path, NULL, NULL, "it would be refused: %s", plugin->reason);
      else if (!g_file_test (plugin->manifest->module_path, G_FILE_TEST_IS_REGULAR))
        complain (check, plugin->path, "Plugin", "Module", "%s isn't there", plugin->manifest->module_path);
    }
}

void
dd_host_check (const DdHostOptions *options, DdHostFinding finding, gpointer data)
{
  g_autoptr (GPtrArray) plugins = dd_plugins_discover (options->directories);
  const Check check = { options, plugins, finding, data };
  GPtrArray *datasets;

  dd_plugins_order (plugins);
  datasets = dd_plugins_merge_datasets (plugins, options->own_datasets);
  check_files (&check);
  check_groups (&check);
  for (guint i = 0; i < plugins->len; i++)
    check_required (&check, plugins->pdata[i]);
  check_ids (&check, options->disabled, "Disabled");
  check_ids (&check, options->in_daemon, "InDaemon");
  check_ids (&check, options->isolated, "Isolated");
  check_ids (&check, options->network, "Network");
  check_sink (&check);
  g_ptr_array_unref (datasets);
}

void
dd_host_preview_options (const DdHostOptions *options, DdHostOptionFunc func, gpointer data)
{
  g_autoptr (GPtrArray) plugins = dd_plugins_discover (options->directories);

  for (guint i = 0; i < plugins->len; i++)
    {
      const DdPlugin *plugin = plugins->pdata[i];
      g_autofree char *group = g_strconcat (DD_HOST_OPTIONS_GROUP, plugin->id, NULL);

      for (guint k = 0; plugin->state != DD_PLUGIN_REFUSED && k < plugin->manifest->options->len; k++)
        {
          const DdOptionSpec *spec = plugin->manifest->options->pdata[k];
          g_autofree char *text = options->options != NULL
                                    ? g_key_file_get_string (options->options, group, spec->name, NULL)
                                    : NULL;

          func (plugin->id, spec->name, text != NULL ? text : spec->value, text != NULL, data);
        }
    }
}
