/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Delivering one order through the handoff plugin. A worker of the pool.
 *
 * The answer is never better than what is known: whatever goes wrong once the plugin may have sent something
 * is UNKNOWN; RETRY is only said when surely nothing was sent.
 */
#include "call.h"

#include <string.h>

G_STATIC_ASSERT ((int)DEALDESK_DELIVERED == (int)DD_DELIVERY_DELIVERED);
G_STATIC_ASSERT ((int)DEALDESK_RETRY == (int)DD_DELIVERY_RETRY);
G_STATIC_ASSERT ((int)DEALDESK_REJECTED == (int)DD_DELIVERY_REJECTED);
G_STATIC_ASSERT ((int)DEALDESK_UNKNOWN == (int)DD_DELIVERY_UNKNOWN);

static DealdeskResult
deliver (DealdeskCall *call)
{
  const DdPlugin *plugin = call->plugin;
  const DealdeskHandoff *handoff = &plugin->handoff;

  memset (call->receipt, 0, sizeof call->receipt);

  /* Enabled again meanwhile, with a module that has none. */
  if (call->query && handoff->query == NULL)
    {
      call->delivery = DEALDESK_UNKNOWN;
      g_strlcpy (call->receipt, "the sink can't be asked any more", sizeof call->receipt);
      return DEALDESK_OK;
    }
  call->delivery = (call->query ? handoff->query : handoff->deliver) (
    plugin->instance, &dd_call_functions, call, &call->order, call->receipt, sizeof call->receipt);
  if ((guint)call->delivery > DEALDESK_UNKNOWN)
    dd_call_lie (call, "it answered the unknown outcome %u", (guint)call->delivery);
  if (memchr (call->receipt, '\0', sizeof call->receipt) == NULL)
    dd_call_lie (call, "it gave a receipt without an end");
  else
    dd_call_check_text (call, call->receipt, "receipt");
  return DEALDESK_OK;
}

/* Without a name in the configuration it is the only one there is, and not the only one that is left: an
 * order that goes elsewhere can't be taken back. */
static DdPlugin *
choose (DdHost *host)
{
  g_autoptr (GPtrArray) plugins = dd_host_enabled (host, DD_KIND_HANDOFF);

  if (host->handoff == NULL)
    return plugins->len == 1 && dd_host_check_complete (host, DD_KIND_HANDOFF, NULL) ? plugins->pdata[0]
                                                                                     : NULL;
  for (guint i = 0; i < plugins->len; i++)
    if (strcmp (((const DdPlugin *)plugins->pdata[i])->id, host->handoff) == 0)
      return plugins->pdata[i];
  return NULL;
}

const char *
dd_host_sink (DdHost *host)
{
  const DdPlugin *plugin = choose (host);

  return plugin != NULL ? plugin->id : "";
}

/* Refused ones and disabled ones too. */
const char *
dd_host_sink_wanted (DdHost *host)
{
  const char *only = "";
  guint n = 0;

  if (host->handoff != NULL)
    return host->handoff;
  for (guint i = 0; i < host->plugins->len; i++)
    {
      const DdPlugin *plugin = host->plugins->pdata[i];

      if (plugin->manifest == NULL || (plugin->manifest->kinds & (1U << DD_KIND_HANDOFF)) == 0)
        continue;
      only = plugin->id;
      n++;
    }
  return n == 1 ? only : "";
}

/* Between calls an administrator may have it opened anew. */
static guint
dedupe_of (DdHost *host, const DdPlugin *plugin)
{
  guint dedupe;

  g_mutex_lock (&host->lock);
  dedupe = plugin->handoff.dedupe;
  g_mutex_unlock (&host->lock);
  return dedupe;
}

/* Nothing was sent now; what an earlier attempt did stays as unknown as it was. */
static DdDelivery
not_sent (DdHost *host, const DdPlugin *plugin, gboolean again)
{
  gboolean harmless = plugin != NULL && dedupe_of (host, plugin) == DEALDESK_DEDUPE_KEY;

  return again && !harmless ? DD_DELIVERY_UNKNOWN : DD_DELIVERY_RETRY;
}

static void
make_order (DealdeskCall *call, const char *key, const char *deal, const char *order, GBytes *document)
{
  gsize length = 0;

  call->document = g_bytes_ref (document);

  const char *bytes = g_bytes_get_data (document, &length);

  call->order = (DealdeskOrder){
    .size = sizeof call->order,
    .length = (uint32_t)length,
    .key = dd_call_text (call, key),
    .deal = dd_call_text (call, deal),
    .order = dd_call_text (call, order),
    .document = bytes,
  };
}

/* One attempt or query. */
static DdDelivery
attempt (DealdeskCall *call, DdPlugin *plugin, gboolean query, gboolean again, char **out_receipt)
{
  g_autoptr (GError) error = NULL;

  call->query = query;
  g_free (*out_receipt);
  *out_receipt = NULL;
  if (dd_call_run (call, plugin, DD_KIND_HANDOFF, deliver, DD_ERROR_PLUGIN_FAILED, &error))
    {
      *out_receipt = g_strdup (call->receipt);
      return (DdDelivery)call->delivery;
    }
  *out_receipt = g_strdup (error->message);

  /* Whether the plugin ran at all: only then is the outcome in doubt. */
  return call->entered ? DD_DELIVERY_UNKNOWN : not_sent (call->host, plugin, again);
}

DdDelivery
dd_host_deliver (DdHost *host,
                 const DdCallContext *context,
                 const char *key,
                 const char *deal,
                 const char *order,
                 GBytes *document,
                 gboolean again,
                 gboolean released,
                 char **out_receipt)
{
  g_autoptr (DealdeskCall) call = dd_call_new (host, context);
  DdPlugin *plugin = choose (host);
  g_autofree char *receipt = NULL;
  DdDelivery delivery = DD_DELIVERY_RETRY;
  gboolean send = TRUE;

  if (plugin == NULL)
    {
      *out_receipt =
        g_strdup ("no handoff plugin is enabled, or there are several and the configuration names none");
      return not_sent (host, NULL, again);
    }
  if (g_bytes_get_size (document) >= G_MAXUINT32)
    {
      *out_receipt = g_strdup ("the order is larger than 4 GiB");
      return again ? DD_DELIVERY_UNKNOWN : DD_DELIVERY_REJECTED;
    }
  make_order (call, key, deal, order, document);
  if (again && !released && dedupe_of (host, plugin) == DEALDESK_DEDUPE_NONE)
    {
      *out_receipt = g_strdup ("whether it was sent before is unknown, and the sink can't tell duplicates");
      return DD_DELIVERY_UNKNOWN;
    }
  if (again && dedupe_of (host, plugin) == DEALDESK_DEDUPE_QUERY)
    {
      delivery = attempt (call, plugin, TRUE, TRUE, &receipt);
      send = delivery == DD_DELIVERY_RETRY;
      again = !send;
    }
  if (send)
    delivery = attempt (call, plugin, FALSE, again, &receipt);
  *out_receipt = g_steal_pointer (&receipt);
  return delivery;
}
