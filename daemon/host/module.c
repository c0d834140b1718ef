/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Mapping a plugin's module and taking over its tables.
 *
 * A table is copied up to the size that its author compiled against, into ours; a size below that of the
 * ABI's first release is refused. Once mapped a module stays: a thread may still be in it. At start, one
 * thread.
 */
#include "plugin.h"

#include <string.h>

#include "error.h"
#include "first-sizes.h"
#include "number/quoted.h"

static gboolean
copy_table (gpointer copy,
            gsize copy_size,
            gconstpointer table,
            gsize size,
            gsize first_size,
            const char *name,
            GError **error)
{
  if (size < first_size)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "its %s table says %" G_GSIZE_FORMAT " bytes, short of the %" G_GSIZE_FORMAT " of ABI %d",
                    name, size, first_size, DEALDESK_ABI);
  memset (copy, 0, copy_size);
  memcpy (copy, table, MIN (size, copy_size));
  return TRUE;
}

static gboolean
check_identity (const DdPlugin *plugin, GError **error)
{
  const DealdeskPlugin *table = &plugin->table;
  const char *id = table->id != NULL ? table->id : "";
  const char *version = table->version != NULL ? table->version : "";
  g_autofree char *quoted_id = dd_quote (id, -1);
  g_autofree char *quoted_version = dd_quote (version, -1);

  if (strcmp (id, plugin->id) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its module says that it is %s, its file says %s",
                    quoted_id, plugin->id);
  if (version[0] == '\0' || strlen (version) > 64 || !g_utf8_validate (version, -1, NULL))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its module gives no version of 1 to 64 characters");
  if (plugin->manifest->version != NULL && strcmp (version, plugin->manifest->version) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its module is version %s, its file says %s",
                    quoted_version, plugin->manifest->version);
  return TRUE;
}

static gboolean
copy_kinds (DdPlugin *plugin, GError **error)
{
  const DealdeskPlugin *table = &plugin->table;

  if (table->pricing != NULL && !copy_table (&plugin->pricing, sizeof plugin->pricing, table->pricing,
                                             table->pricing->size, DD_FIRST_PRICING_SIZE, "pricing", error))
    return FALSE;
  if (table->approval != NULL &&
      !copy_table (&plugin->approval, sizeof plugin->approval, table->approval, table->approval->size,
                   DD_FIRST_APPROVAL_SIZE, "approval", error))
    return FALSE;
  if (table->negotiation != NULL &&
      !copy_table (&plugin->negotiation, sizeof plugin->negotiation, table->negotiation,
                   table->negotiation->size, DD_FIRST_NEGOTIATION_SIZE, "negotiation", error))
    return FALSE;
  if (table->handoff != NULL && !copy_table (&plugin->handoff, sizeof plugin->handoff, table->handoff,
                                             table->handoff->size, DD_FIRST_HANDOFF_SIZE, "handoff", error))
    return FALSE;
  return TRUE;
}

static gboolean
check_kinds (const DdPlugin *plugin, GError **error)
{
  guint offered = 0;

  offered |= plugin->pricing.price != NULL ? 1U << DD_KIND_PRICING : 0;
  offered |= plugin->approval.require != NULL ? 1U << DD_KIND_APPROVAL : 0;
  offered |= plugin->negotiation.advise != NULL ? 1U << DD_KIND_NEGOTIATION : 0;
  offered |= plugin->handoff.deliver != NULL ? 1U << DD_KIND_HANDOFF : 0;
  if (offered != plugin->manifest->kinds)
    {
      g_autofree char *text = dd_kinds_format (offered);

      return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its module offers \"%s\", its file says \"%s\"", text,
                      plugin->kinds);
    }
  if (plugin->handoff.deliver == NULL)
    return TRUE;
  if (plugin->handoff.dedupe > DEALDESK_DEDUPE_QUERY ||
      (plugin->handoff.dedupe == DEALDESK_DEDUPE_QUERY) != (plugin->handoff.query != NULL))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "its handoff table must have query() with dedupe QUERY, and only then");
  return TRUE;
}

gboolean
dd_plugin_load (DdPlugin *plugin, GError **error)
{
  gpointer symbol = NULL;
  GModule *module = g_module_open (plugin->manifest->module_path, G_MODULE_BIND_LOCAL);

  if (module == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s", g_module_error ());
  g_module_make_resident (module);
  plugin->module = module;
  if (!g_module_symbol (module, "dealdesk_plugin", &symbol) || symbol == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s doesn't export dealdesk_plugin",
                    plugin->manifest->module_path);

  const DealdeskPlugin *table = symbol;

  if (table->abi != DEALDESK_ABI)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "its module was built for ABI %u, and this dealdesk has ABI %d", table->abi,
                    DEALDESK_ABI);
  plugin->loaded = copy_table (&plugin->table, sizeof plugin->table, table, table->size, DD_FIRST_PLUGIN_SIZE,
                               "plugin", error) &&
                   check_identity (plugin, error) && copy_kinds (plugin, error) &&
                   check_kinds (plugin, error);
  return plugin->loaded;
}
