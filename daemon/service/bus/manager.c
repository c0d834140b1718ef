/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The Manager: a row a method. Main thread.
 */
#include "bus/call.h"
#include "bus/restoring.h"
#include "bus/watchers.h"
#include "commands/commands.h"
#include "queries/queries.h"

static const char *const open_options[] = { "customer s", "expires s", "format s",
                                            "map a{ss}",  "title s",   NULL };
static const char *const list_options[] = { "customer s", "state s", NULL };
static const char *const price_options[] = { "by s", "customer s", "goal s", "map a{ss}", "why-not s", NULL };
static const char *const verify_options[] = { "head s", "progress u", NULL };
static const char *const backup_options[] = { "progress u", NULL };
static const char *const restore_options[] = { "dry-run b", "progress u", NULL };

static gboolean
watched_deal (DdBusCall *call, gint64 *out_deal, GError **error)
{
  const char *id;

  g_variant_get_child (call->parameters, 0, "&s", &id);
  if (id[0] != '\0')
    return dd_deal_id_parse (id, out_deal, error);
  *out_deal = 0;
  return TRUE;
}

static void
serve_watch (DdBusCall *call)
{
  g_autoptr (GError) error = NULL;
  gint64 deal;

  if (watched_deal (call, &deal, &error) &&
      dd_watchers_add (call->service->watchers, g_dbus_method_invocation_get_sender (call->invocation), deal,
                       &error))
    dd_bus_call_return (call, NULL);
  else
    dd_bus_call_fail (call, error);
}

static void
serve_unwatch (DdBusCall *call)
{
  g_autoptr (GError) error = NULL;
  gint64 deal;

  if (!watched_deal (call, &deal, &error))
    {
      dd_bus_call_fail (call, error);
      return;
    }
  dd_watchers_remove (call->service->watchers, g_dbus_method_invocation_get_sender (call->invocation), deal);
  dd_bus_call_return (call, NULL);
}

static const DdMethod methods[] = {
  { .name = "Open", .action = "negotiate", .options = open_options, .opens = TRUE, .build = dd_build_open },
  { .name = "List", .action = "read", .options = list_options, .read = dd_query_list_deals },
  { .name = "Search", .action = "read", .read = dd_query_search },
  { .name = "Price", .action = "read", .options = price_options, .job = dd_query_price },
  { .name = "Status", .action = "read", .read = dd_query_status },
  { .name = "Verify", .action = "administer", .options = verify_options, .background = dd_query_verify },
  { .name = "Backup", .action = "administer", .options = backup_options, .background = dd_query_backup },
  { .name = "Restore", .action = "administer", .options = restore_options, .serve = dd_serve_restore },
  { .name = "Watch", .action = "read", .serve = serve_watch },
  { .name = "Unwatch", .action = "read", .serve = serve_unwatch },
  { 0 },
};

const DdInterface dd_bus_manager = { "org.dealdesk1.Manager", methods };
