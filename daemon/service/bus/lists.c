/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals and Catalog: a row a method. Main thread.
 */
#include "bus/call.h"
#include "bus/import.h"
#include "queries/queries.h"

static const char *const list_options[] = { "all b", NULL };
static const char *const import_options[] = { "dry-run b", "file-name s", NULL };

static const DdMethod approvals_methods[] = {
  { .name = "List", .action = "read", .options = list_options, .read = dd_query_list_approvals },
  { 0 },
};

static const DdMethod catalog_methods[] = {
  { .name = "Import", .action = "administer", .options = import_options, .serve = dd_serve_import },
  { .name = "Datasets", .action = "read", .read = dd_query_datasets },
  { 0 },
};

const DdInterface dd_bus_approvals = { "org.dealdesk1.Approvals", approvals_methods };
const DdInterface dd_bus_catalog = { "org.dealdesk1.Catalog", catalog_methods };
