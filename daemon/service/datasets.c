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

gint64
dd_service_now (void)
{
  return g_get_real_time ();
}
