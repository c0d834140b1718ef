/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Datasets by name: dealdesk's own, and what plugins declare. Any thread.
 */
#include "service.h"

const DdDatasetDeclaration *
dd_service_dataset (const DdService *service, const char *name)
{
  const GPtrArray *core = dd_core_datasets ();

  for (guint i = 0; i < core->len; i++)
    {
      const DdDatasetDeclaration *declaration = g_ptr_array_index (core, i);
      if (g_str_equal (declaration->name, name))
        return declaration;
    }
  return dd_host_dataset (service->host, name);
}

static void
append_names (GString *text, const GPtrArray *declarations)
{
  for (guint i = 0; i < declarations->len; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                            ((DdDatasetDeclaration *)g_ptr_array_index (declarations, i))->name);
}

const DdDatasetDeclaration *
dd_service_find_dataset (const DdService *service, const char *name, GError **error)
{
  const DdDatasetDeclaration *declaration = dd_service_dataset (service, name);
  g_autoptr (GString) known = NULL;

  if (declaration != NULL)
    return declaration;
  known = g_string_new (NULL);
  append_names (known, dd_core_datasets ());
  append_names (known, dd_host_datasets (service->host));
  dd_fail (error, DD_ERROR_NOT_FOUND, "there is no dataset “%.60s”; there are %s", name, known->str);
  return NULL;
}

gint64
dd_service_now (void)
{
  return g_get_real_time ();
}
