/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fuzzing tables: a table is taken whole or refused with one error that is UTF-8; every row that is taken is
 * found by its key.
 */
#include "dataset.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const DdDatasetDeclaration *
declaration (void)
{
  static const char *const columns[] = {
    "id key text",       "day key date optional",  "name text optional",
    "price decimal",     "share percent optional", "quantity quantity optional",
    "currency currency", "flag boolean optional",  "count integer optional"
  };
  static DdDatasetDeclaration *table;

  if (table != NULL)
    return table;
  table = dd_dataset_declaration_new ("fuzz");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (!dd_dataset_declaration_add (table, columns[i], NULL))
      g_error ("column %s", columns[i]);
  return table;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset =
    dd_dataset_parse_csv (declaration (), "fuzz.csv", (const char *)data, size, &error);

  if (dataset == NULL && (error == NULL || !g_utf8_validate (error->message, -1, NULL)))
    g_error ("a refusal without an error in UTF-8");
  for (guint i = 0; dataset != NULL && i < dd_dataset_n_rows (dataset); i++)
    {
      guint first = 0;
      guint n = dd_dataset_find (dataset, dd_dataset_row (dataset, i)[0].text, &first);
      if (i < first || i >= first + n)
        g_error ("row %u isn't found by its key", i);
    }
  return 0;
}
