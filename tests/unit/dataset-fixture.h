/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A declaration with a column of each type, and texts read against it: what the datasets' tests share.
 */
#pragma once

#include "store-fixture.h"
#include "datasets/datasets.h"

static inline DdDatasetDeclaration *
declare (const char *name, const char *const *columns)
{
  DdDatasetDeclaration *declaration = dd_dataset_declaration_new (name);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; columns[i] != NULL; i++)
    {
      dd_dataset_declaration_add (declaration, columns[i], &error);
      g_assert_no_error (error);
    }
  return declaration;
}

static const char *const rates_columns[] = {
  "offering key text",         "from key optional quantity", "price decimal",
  "discount optional percent", "currency currency",          "valid_to optional date",
  "active optional boolean",   "count optional integer",     NULL
};

#define RATES_HEADER "offering,from,price,discount,currency,valid_to,active,count\n"

static inline DdDataset *
parse (const DdDatasetDeclaration *declaration, const char *text, GError **error)
{
  return dd_dataset_parse_csv (declaration, "rates.csv", text, strlen (text), error);
}
