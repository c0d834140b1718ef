/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plugins: a row a method. Main thread; opening and closing a plugin wait for it, so they have a thread of
 * their own, which no backup holds up.
 */
#include "bus/call.h"
#include "background.h"
#include "completion.h"
#include "queries/queries.h"

static void
add_plugin (const DdPluginInfo *info, gpointer data)
{
  g_variant_builder_add (data, "(sssssssttt)", info->id, info->version, info->kinds, info->stage, info->state,
                         info->reason, info->path, info->calls, info->failures, info->total_usec);
}

static void
serve_list (DdBusCall *call)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sssssssttt)"));
  dd_host_list (call->service->host, add_plugin, &rows);
  dd_bus_call_return (call, g_variant_new ("(a(sssssssttt))", &rows));
}

typedef struct
{
  DdBusCall *call;
  gboolean enable;
  GError *error;
} Switch;

static void
finish_switch (gpointer data)
{
  Switch *change = data;

  if (change->error != NULL)
    dd_bus_call_fail (change->call, change->error);
  else
    dd_bus_call_return (change->call, NULL);
  g_clear_error (&change->error);
  g_free (change);
}

static void
run_switch (gpointer data)
{
  Switch *change = data;
  DdBusCall *call = change->call;
  const char *id;

  g_variant_get_child (call->parameters, 0, "&s", &id);
  if (change->enable)
    dd_host_enable (call->service->host, id, &change->error);
  else
    dd_host_disable (call->service->host, id, &change->error);
  dd_completion_push (call->service->completion, finish_switch, change);
}

static void
start_switch (DdBusCall *call, gboolean enable)
{
  Switch *change = g_new0 (Switch, 1);

  change->call = call;
  change->enable = enable;
  dd_background_run (call->service->switching, run_switch, change);
}

static void
serve_enable (DdBusCall *call)
{
  start_switch (call, TRUE);
}

static void
serve_disable (DdBusCall *call)
{
  start_switch (call, FALSE);
}

static const char *const why_options[] = { "revision u", NULL };

/* Options may hold what a sink asks for, such as a token: they aren't for everybody who reads. */
static const DdMethod methods[] = {
  { .name = "List", .action = "read", .serve = serve_list },
  { .name = "Info", .action = "administer", .read = dd_query_plugin_info },
  { .name = "Why", .action = "read", .options = why_options, .read = dd_query_plugin_why },
  { .name = "Enable", .action = "administer", .serve = serve_enable },
  { .name = "Disable", .action = "administer", .serve = serve_disable },
  { 0 },
};

const DdInterface dd_bus_plugins = { "org.dealdesk1.Plugins", methods };
