/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Catalog: a row a method. Main thread.
 */
#include "bus/call.h"
#include "bus/import.h"
#include "queries/queries.h"

static const char *const import_options[] = { "dry-run b", "file-name s", "progress u", NULL };

static const char *const rows_options[] = { "key s", NULL };

static const DdMethod methods[] = {
  { .name = "Import", .action = "administer", .options = import_options, .serve = dd_serve_import },
  { .name = "ImportCatalogue",
    .action = "administer",
    .options = import_options,
    .serve = dd_serve_import_catalogue },
  { .name = "Datasets", .action = "read", .read = dd_query_datasets },
  { .name = "Rows", .action = "read", .options = rows_options, .read = dd_query_rows },
  { .name = "Differences", .action = "read", .read = dd_query_differences },
  { 0 },
};

const DdInterface dd_bus_catalog = { "org.dealdesk1.Catalog", methods };
