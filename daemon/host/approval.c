/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asking every approval plugin what must be agreed by whom. Fails closed: without a plugin, or with one whose
 * rules can't be asked, the answer is a refusal. A worker of the pool.
 */
#include "call.h"

#include <string.h>

static DealdeskResult
require (DealdeskCall *call)
{
  const DdPlugin *plugin = call->plugin;

  return plugin->approval.require (plugin->instance, &dd_call_functions, call, &call->approval);
}

static void
make_input (DealdeskCall *call,
            const DdMeasure *measures,
            guint n_measures,
            const char *requester,
            const GPtrArray *groups)
{
  guint n_groups = groups != NULL ? groups->len : 0;
  DealdeskMeasure *made = dd_arena_take (&call->arena, sizeof *made * (n_measures + 1));
  const char **names = dd_arena_take (&call->arena, sizeof *names * (n_groups + 1));

  for (guint i = 0; i < n_measures; i++)
    {
      made[i] = (DealdeskMeasure){
        .name = dd_call_text (call, measures[i].name),
        .value = measures[i].value,
        .percent = measures[i].percent != FALSE,
        .subject = dd_call_text (call, measures[i].subject),
        .category = dd_call_text (call, measures[i].category),
        .text = dd_call_text (call, measures[i].text),
        .worse = measures[i].worse,
      };
      memcpy (made[i].currency, measures[i].currency.code, sizeof made[i].currency);
    }
  for (guint i = 0; i < n_groups; i++)
    names[i] = dd_call_text (call, groups->pdata[i]);
  call->approval = (DealdeskApprovalInput){
    .size = sizeof call->approval,
    .n_measures = n_measures,
    .measures = made,
    .measure_stride = sizeof *made,
    .n_groups = n_groups,
    .requester = dd_call_text (call, requester),
    .groups = names,
    .customer = call->context.customer,
    .segment = call->context.segment,
    .country = call->context.country,
    .date = call->date,
    .owner = dd_call_text (call, call->context.owner),
  };
}

static gboolean
check_all_there (DdHost *host, const GPtrArray *plugins, GError **error)
{
  if (!dd_host_check_complete (host, DD_KIND_APPROVAL, error))
    return FALSE;
  if (plugins->len == 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "nothing can be approved: no approval plugin is enabled, so nobody knows who may agree");
  return TRUE;
}

static int
compare_requirements (gconstpointer a, gconstpointer b)
{
  const DdRequirement *first = *(DdRequirement *const *)a;
  const DdRequirement *second = *(DdRequirement *const *)b;
  int order = first->level < second->level ? -1 : first->level > second->level;

  if (order == 0)
    order = strcmp (first->plugin, second->plugin);
  if (order == 0)
    order = strcmp (first->rule, second->rule);
  if (order == 0)
    order = strcmp (first->measure, second->measure);
  return order != 0 ? order : strcmp (first->value, second->value);
}

static void
free_requirement (gpointer data)
{
  dd_requirement_free (data);
}

GPtrArray *
dd_host_require (DdHost *host,
                 const DdCallContext *context,
                 const DdMeasure *measures,
                 guint n_measures,
                 const char *requester,
                 const GPtrArray *groups,
                 GError **error)
{
  g_autoptr (DealdeskCall) call = dd_call_new (host, context);
  GPtrArray *plugins = dd_host_enabled (host, DD_KIND_APPROVAL);

  call->plugins = plugins;
  if (!check_all_there (host, plugins, error))
    return NULL;
  make_input (call, measures, n_measures, requester, groups);
  call->requirements = g_ptr_array_new_with_free_func (free_requirement);
  for (guint i = 0; i < plugins->len; i++)
    if (!dd_call_run (call, plugins->pdata[i], DD_KIND_APPROVAL, require, DD_ERROR_NO_AUTHORITY, error))
      return NULL;
  g_ptr_array_sort (call->requirements, compare_requirements);
  for (guint i = 0; i < call->requirements->len; i++)
    ((DdRequirement *)call->requirements->pdata[i])->step = i + 1;
  return g_steal_pointer (&call->requirements);
}
