/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks of the module itself: does it map, what does it export, are its tables sound. A child's main thread.
 */
#include "checks/checks.h"

#include <dlfcn.h>
#include <string.h>

#include "checks/exports.h"
#include "plugin.h"

#define SYMBOL "dealdesk_plugin"

/* NULL, and a failure, when it can't be mapped or has no symbol. */
static const DealdeskPlugin *
map (DdTrial *trial, const DdSubject *subject)
{
  void *module;
  const DealdeskPlugin *table;

  dd_trial_at (trial, "mapping the module, which runs its constructors");
  module = dlopen (subject->manifest->module_path, RTLD_NOW | RTLD_LOCAL);
  if (module == NULL)
    {
      dd_trial_fail (trial, "%s: link it against all that it uses", dlerror ());
      return NULL;
    }
  table = dlsym (module, SYMBOL);
  if (table == NULL)
    dd_trial_fail (trial,
                   "it doesn't export " SYMBOL ": DEALDESK_EXPORT const DealdeskPlugin " SYMBOL " = { … };");
  return table;
}

void
dd_check_load (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  map (trial, subject);
}

void
dd_check_abi (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  const DealdeskPlugin *table = map (trial, subject);

  if (table == NULL)
    return;
  if (table->abi != DEALDESK_ABI)
    dd_trial_fail (trial,
                   ".abi is %u, and this is ABI %d: set it to DEALDESK_ABI and compile against this header",
                   table->abi, DEALDESK_ABI);
  else if (table->size > sizeof *table)
    dd_trial_warn (trial,
                   "it was compiled against a later header: its table has %u bytes, ours %" G_GSIZE_FORMAT,
                   table->size, sizeof *table);
}

void
dd_check_tables (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  DdPlugin *plugin = dd_plugin_new (subject->staged_manifest);
  g_autoptr (GError) error = NULL;

  plugin->manifest = dd_manifest_read (subject->staged_manifest, NULL);
  plugin->kinds = dd_kinds_format (plugin->manifest->kinds);
  dd_trial_at (trial, "reading its tables");
  if (!dd_plugin_load (plugin, &error))
    dd_trial_fail (trial, "%s", error->message);
  else if (plugin->table.open != NULL && plugin->table.close == NULL)
    dd_trial_warn (trial, "it has open() and no close(): what open() made is never released");
}

void
dd_check_exports (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = dd_exports_read (subject->manifest->module_path, &error);
  g_autoptr (GString) others = g_string_new (NULL);
  guint n = 0;

  if (names == NULL)
    {
      dd_trial_skip (trial, "%s", error->message);
      return;
    }
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      /* those of the compiler and linker begin with _ */
      if (name[0] == '_' || strcmp (name, SYMBOL) == 0)
        continue;
      if (n++ < 10)
        g_string_append_printf (others, "%s%s", others->len > 0 ? ", " : "", name);
    }
  if (n > 0)
    dd_trial_warn (trial, "it exports %u names besides: %s%s; compile with -fvisibility=hidden", n,
                   others->str, n > 10 ? " …" : "");
}
