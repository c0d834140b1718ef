/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asking a negotiation plugin for advice. A worker of the pool.
 */
#include "call.h"
#include "strategy/advice.h"

#include <string.h>

G_STATIC_ASSERT ((int)DEALDESK_ADVISE_OFFER == (int)DD_ADVISE_OFFER);
G_STATIC_ASSERT ((int)DEALDESK_ADVISE_ACCEPT == (int)DD_ADVISE_ACCEPT);
G_STATIC_ASSERT ((int)DEALDESK_ADVISE_HOLD == (int)DD_ADVISE_HOLD);

void
dd_advice_free (DdAdvice *advice)
{
  g_free (advice->plugin);
  g_free (advice->reason);
  g_free (advice);
}

static DealdeskResult
advise (DealdeskCall *call)
{
  const DdPlugin *plugin = call->plugin;
  DealdeskAdvice *advice = &call->advice;

  *advice = (DealdeskAdvice){ .size = sizeof *advice };

  DealdeskResult result =
    plugin->negotiation.advise (plugin->instance, &dd_call_functions, call, &call->negotiation, advice);

  if (result != DEALDESK_OK)
    return result;
  if (advice->action >= DD_N_ADVICE)
    dd_call_lie (call, "it advised the unknown action %u", advice->action);
  if (advice->total < 0)
    dd_call_lie (call, "it advised a negative total");
  if (memchr (advice->reason, '\0', sizeof advice->reason) == NULL)
    dd_call_lie (call, "it gave a reason without an end");
  else
    dd_call_check_text (call, advice->reason, "reason");
  return result;
}

static void
make_input (DealdeskCall *call, const DdOffer *offers, guint n_offers)
{
  DealdeskOffer *made = dd_arena_take (&call->arena, sizeof *made * (n_offers + 1));

  for (guint i = 0; i < n_offers; i++)
    made[i] = (DealdeskOffer){
      .by_customer = offers[i].by_customer != FALSE,
      .revision = offers[i].revision,
      .time = offers[i].time,
      .total = offers[i].total,
    };
  call->negotiation = (DealdeskNegotiationInput){
    .size = sizeof call->negotiation,
    .n_offers = n_offers,
    .offers = made,
    .offer_stride = sizeof *made,
    .now = call->context.now,
  };
}

/* One that is there may be of another kind. The kinds are settled when the host starts. */
static void
complain_absent (const DdHost *host, const char *id, GError **error)
{
  for (guint i = 0; i < host->plugins->len; i++)
    {
      const DdPlugin *plugin = host->plugins->pdata[i];

      if (strcmp (plugin->id, id) == 0 && plugin->manifest != NULL &&
          (plugin->manifest->kinds & (1U << DD_KIND_NEGOTIATION)) == 0)
        {
          dd_fail (error, DD_ERROR_NOT_FOUND,
                   "%s is a plugin of kind %s; advice needs one of kind negotiation", id, plugin->kinds);
          return;
        }
    }
  dd_fail (error, DD_ERROR_NOT_FOUND, "no negotiation plugin %s is enabled", id);
}

static DdPlugin *
choose (DdHost *host, const char *id, GError **error)
{
  g_autoptr (GPtrArray) plugins = dd_host_enabled (host, DD_KIND_NEGOTIATION);

  for (guint i = 0; i < plugins->len; i++)
    {
      DdPlugin *plugin = plugins->pdata[i];

      if (id == NULL || strcmp (plugin->id, id) == 0)
        return plugin;
    }
  if (id != NULL)
    complain_absent (host, id, error);
  else
    dd_fail (error, DD_ERROR_UNAVAILABLE, "there is no advice: no negotiation plugin is enabled");
  return NULL;
}

DdAdvice *
dd_host_advise (DdHost *host,
                const DdCallContext *context,
                const char *id,
                const DdOffer *offers,
                guint n_offers,
                gint64 list_total,
                DdCurrency currency,
                gint64 opened,
                gint64 deadline,
                GError **error)
{
  g_autoptr (DealdeskCall) call = dd_call_new (host, context);
  DdPlugin *plugin = choose (host, id, error);
  gint64 total;

  if (plugin == NULL)
    return NULL;
  make_input (call, offers, n_offers);
  call->negotiation.list_total = list_total;
  call->negotiation.opened = opened;
  call->negotiation.deadline = deadline;
  memcpy (call->negotiation.currency, currency.code, sizeof call->negotiation.currency);
  if (!dd_call_run (call, plugin, DD_KIND_NEGOTIATION, advise, DD_ERROR_PLUGIN_FAILED, error) ||
      !dd_money_round_minor (call->advice.total, currency, &total, error))
    return NULL;

  DdAdvice *advice = g_new0 (DdAdvice, 1);

  advice->plugin = g_strdup (plugin->id);
  advice->action = call->advice.action;
  advice->total = total;
  advice->reason = g_strdup (call->advice.reason);
  return advice;
}
