/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealdesk's own datasets: offerings, customers, sites, the customers' names for offerings, who is in which
 * group, exchange rates, and what customers pay today. Plugins may read them, and declare others. Any thread,
 * after the first call.
 */
#include "host.h"

static const char *const declarations[][12] = {
  { "offerings", "id key text", "name text", "category text optional", "unit text optional",
    "valid_from date optional", "valid_to date optional" },
  { "customers", "id key text", "name text", "segment text optional", "country text optional",
    "credit_class text optional" },
  { "sites", "id key text", "customer text optional", "name text optional", "street text optional",
    "city text optional", "postcode text optional", "country text optional" },
  { "aliases", "alias key text", "offering text" },
  { "members", "person key text", "group key text" },
  { "rates", "from key currency", "to key currency", "valid_from key date optional",
    "rate decimal min 0.000000001", "per integer optional min 1 default 1", "valid_to date optional" },
  { "installed", "customer key text", "offering key text", "site key text optional", "charge key text",
    "valid_from key date optional", "type enum(oneTime|recurring)",
    "period enum(day|week|month|quarter|year) optional", "net decimal min 0", "currency currency",
    "valid_to date optional" },
};

static gpointer
make_datasets (gpointer data)
{
  GPtrArray *datasets = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (declarations); i++)
    {
      DdDatasetDeclaration *declaration = dd_dataset_declaration_new (declarations[i][0]);
      for (guint k = 1; k < G_N_ELEMENTS (declarations[i]) && declarations[i][k] != NULL; k++)
        {
          g_autoptr (GError) error = NULL;
          if (!dd_dataset_declaration_add (declaration, declarations[i][k], &error))
            g_error ("core dataset %s: %s", declarations[i][0], error->message);
        }
      /* Fails where a dataset has no such columns. */
      dd_dataset_declaration_set_validity (declaration, "valid_from", "valid_to", NULL);
      g_ptr_array_add (datasets, declaration);
    }
  return datasets;
}

const GPtrArray *
dd_core_datasets (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_datasets, NULL);
}
