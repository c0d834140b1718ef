/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals: a row a method. Main thread.
 */
#include "bus/call.h"
#include "queries/queries.h"

static const char *const list_options[] = { "all b", NULL };

static const DdMethod methods[] = {
  { .name = "List", .action = "read", .options = list_options, .read = dd_query_list_approvals },
  { 0 },
};

const DdInterface dd_bus_approvals = { "org.dealdesk1.Approvals", methods };
