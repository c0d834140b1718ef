/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal: a row a method. Main thread.
 */
#include "bus/call.h"
#include "commands/commands.h"
#include "queries/queries.h"

static const char *const get_options[] = { "revision u", NULL };
static const char *const price_options[] = { "by s", "goal s", "map a{ss}", "why-not s", NULL };
static const char *const reprice_options[] = { "flat b", NULL };
static const char *const replay_options[] = { "ask-again b", NULL };
static const char *const propose_options[] = { "draft b", "map a{ss}", "revision u", "variant b", NULL };
static const char *const counter_options[] = { "map a{ss}", "variant b", NULL };
static const char *const reason_options[] = { "reason s", NULL };
static const char *const approve_options[] = { "comment s", NULL };
static const char *const view_options[] = { "draft b", NULL };
static const char *const export_options[] = { "draft b", "request b", NULL };
static const char *const advise_options[] = { "plugin s", NULL };

static const DdMethod methods[] = {
  { .name = "Get", .action = "read", .options = get_options, .read = dd_query_get },
  { .name = "View", .action = "read", .options = view_options, .read = dd_query_view },
  { .name = "Price", .action = "read", .options = price_options, .job = dd_query_price },
  { .name = "Reprice", .action = "read", .options = reprice_options, .job = dd_query_reprice },
  { .name = "Replay", .action = "read", .options = replay_options, .job = dd_query_replay },
  { .name = "Propose", .action = "negotiate", .options = propose_options, .build = dd_build_propose },
  { .name = "Counter", .action = "negotiate", .options = counter_options, .build = dd_build_counter },
  { .name = "Accept", .action = "negotiate", .build = dd_build_accept },
  { .name = "Decline", .action = "negotiate", .options = reason_options, .build = dd_build_decline },
  { .name = "Withdraw", .action = "negotiate", .options = reason_options, .build = dd_build_withdraw },
  { .name = "Extend", .action = "negotiate", .build = dd_build_extend },
  { .name = "Ask", .action = "negotiate", .build = dd_build_ask },
  { .name = "Answer", .action = "negotiate", .build = dd_build_answer },
  { .name = "Acknowledge", .action = "negotiate", .build = dd_build_acknowledge },
  { .name = "Approve", .action = "approve", .options = approve_options, .build = dd_build_approve },
  { .name = "Refuse", .action = "approve", .build = dd_build_refuse },
  { .name = "Sign", .action = "sign", .build = dd_build_sign },
  { .name = "ResolveOrder", .action = "administer", .build = dd_build_resolve_order },
  { .name = "Orders", .action = "read", .read = dd_query_orders },
  { .name = "Export", .action = "read", .options = export_options, .read = dd_query_export },
  { .name = "Log", .action = "read", .read = dd_query_log },
  { .name = "Advise", .action = "read", .options = advise_options, .job = dd_query_advise },
  { .name = "Diff", .action = "read", .read = dd_query_diff },
  { 0 },
};

const DdInterface dd_bus_deal = { "org.dealdesk1.Deal", methods };
