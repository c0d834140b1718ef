/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The functions of an isolated plugin (see remote-calls.h): each asks its runner, and gives the answer to the
 * host as the plugin would, so that the same checks apply. A worker of the pool.
 *
 * Whatever goes wrong with the process is the plugin's fault; that there is none, or that it is busy, isn't.
 * Where it surely never saw the question, the call counts as not entered: an order is surely not delivered
 * then.
 */
#include "remote/remote-calls.h"

#include <string.h>

#include "remote/wire-layout.h"

#define BUSY "its process was busy with other calls for all of this one's time: ask again"

G_STATIC_ASSERT (sizeof (((DealdeskAdvice *)NULL)->reason) <= sizeof (((DdWireAnswer *)NULL)->text));

static gboolean
offer_datasets (DdRemote *remote, DealdeskCall *call)
{
  const DdPlugin *plugin = call->plugin;

  dd_remote_keep (remote, call->datasets);
  for (guint i = 0; i < plugin->manifest->datasets->len; i++)
    {
      const DdDatasetView *view = &plugin->views[i];
      g_autoptr (GError) error = NULL;

      if (!dd_remote_offer (remote, i, call->datasets[i], view->columns, view->n_columns, &error))
        {
          /* A dataset that can't be shown isn't the plugin's fault. */
          dd_call_unasked (call, (DdErrorCode)error->code, error->message);
          return FALSE;
        }
    }
  return TRUE;
}

/* Waits for the plugin's turn; its time begins then. NULL: it never came; otherwise the question, to go on
 * with. */
static DdWireWriter *
begin (DdRemote *remote, DealdeskCall *call)
{
  g_autoptr (GError) error = NULL;

  if (!dd_remote_enter (remote, dd_remote_deadline (remote, call->watch.started)))
    {
      dd_call_unasked (call, DD_ERROR_UNAVAILABLE, BUSY);
      return NULL;
    }
  if (!dd_pool_begin (call->host->pool, &call->watch))
    {
      dd_remote_leave (remote);
      dd_call_unasked (call, DD_ERROR_UNAVAILABLE, BUSY);
      return NULL;
    }
  if (dd_remote_rests (remote, &error))
    {
      dd_remote_leave (remote);
      dd_call_unasked (call, DD_ERROR_UNAVAILABLE, error->message);
      return NULL;
    }
  if (!offer_datasets (remote, call))
    {
      dd_remote_leave (remote);
      return NULL;
    }

  DdWireWriter *writer = dd_remote_begin (remote);
  DdWireCall *head = dd_wire_add (writer, sizeof *head);

  head->kind = call->kind;
  head->query = call->kind == DD_KIND_HANDOFF && call->query;
  head->deadline = dd_remote_deadline (remote, call->watch.started);
  head->kill = dd_remote_end (remote, call->watch.started);
  return writer;
}

static const DdWireAnswer *
take_answer (DdRemote *remote, const DealdeskHost *host, DealdeskCall *call, DdWireReader *reader)
{
  const DdWireAnswer *answer = dd_wire_take (reader, 1, sizeof *answer);
  gint64 deadline = dd_remote_deadline (remote, call->watch.started);
  gboolean handoff = call->kind == DD_KIND_HANDOFF;

  /* The plugin saw the deadline by the clock, perhaps before the watchdog did. What comes too late isn't
   * looked at; an order that was delivered late was delivered all the same. */
  if (g_get_monotonic_time () >= deadline)
    g_atomic_int_set (&call->watch.expired, TRUE);
  if (answer != NULL && !handoff && g_atomic_int_get (&call->watch.expired))
    return NULL;
  if (answer != NULL && answer->overflow != 0)
    dd_call_lie (call, "it answered more than %u MiB", DD_WIRE_MAX_BYTES >> 20);
  if (answer != NULL &&
      dd_answer_replay (reader, host, call, handoff ? dd_remote_end (remote, call->watch.started) : deadline))
    return answer;
  dd_call_lie (call, "its process gave an answer that is none, and was ended");
  dd_remote_break (remote);
  return NULL;
}

/* Asks, and replays what the plugin called. NULL: there is no answer, and it is noted why. */
static const DdWireAnswer *
ask (DdRemote *remote,
     const DealdeskHost *host,
     DealdeskCall *call,
     const DdWireWriter *question,
     DdWireReader *reader)
{
  g_autoptr (GError) error = NULL;
  gboolean sent = FALSE;

  if (question->overflowed)
    {
      dd_call_unasked (call, DD_ERROR_TOO_LARGE,
                       "what it would be asked is larger than a runner can be given");
      return NULL;
    }
  if (dd_remote_ask (remote, dd_remote_end (remote, call->watch.started), reader, &sent, &error))
    return take_answer (remote, host, call, reader);
  if (!sent)
    call->entered = FALSE;
  if (!sent && g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE))
    dd_call_unasked (call, DD_ERROR_UNAVAILABLE, error->message);
  else
    dd_call_lie (call, "%s", error->message);
  return NULL;
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  DdWireWriter *question = begin (instance, call);
  DealdeskResult result = DEALDESK_FAILED;
  const char *asked_rule = NULL;
  gboolean explaining = host->explaining (call, &asked_rule);
  DdWireReader reader;

  if (question == NULL)
    return DEALDESK_FAILED;
  dd_question_price (question, input, call->answers->charges->len, explaining, asked_rule);

  const DdWireAnswer *answer = ask (instance, host, call, question, &reader);

  if (answer != NULL)
    result = (DealdeskResult)answer->result;
  dd_remote_leave (instance);
  return result;
}

static DealdeskResult
require (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskApprovalInput *input)
{
  DdWireWriter *question = begin (instance, call);
  DealdeskResult result = DEALDESK_FAILED;
  DdWireReader reader;

  if (question == NULL)
    return DEALDESK_FAILED;
  dd_question_require (question, input);

  const DdWireAnswer *answer = ask (instance, host, call, question, &reader);

  if (answer != NULL)
    result = (DealdeskResult)answer->result;
  dd_remote_leave (instance);
  return result;
}

static DealdeskResult
advise (void *instance,
        const DealdeskHost *host,
        DealdeskCall *call,
        const DealdeskNegotiationInput *input,
        DealdeskAdvice *advice)
{
  DdWireWriter *question = begin (instance, call);
  DealdeskResult result = DEALDESK_FAILED;
  DdWireReader reader;

  if (question == NULL)
    return DEALDESK_FAILED;
  dd_question_advise (question, input);

  const DdWireAnswer *answer = ask (instance, host, call, question, &reader);

  if (answer != NULL)
    {
      result = (DealdeskResult)answer->result;
      advice->action = answer->action;
      advice->total = answer->total;
      memcpy (advice->reason, answer->text, sizeof advice->reason);
    }
  dd_remote_leave (instance);
  return result;
}

static DealdeskDelivery
deliver (void *instance,
         const DealdeskHost *host,
         DealdeskCall *call,
         const DealdeskOrder *order,
         char *receipt,
         uint32_t receipt_size)
{
  DdWireWriter *question = begin (instance, call);
  DealdeskDelivery delivery = DEALDESK_UNKNOWN;
  DdWireReader reader;

  if (question == NULL)
    return DEALDESK_UNKNOWN;
  dd_question_deliver (question, order);

  const DdWireAnswer *answer = ask (instance, host, call, question, &reader);

  if (answer != NULL)
    {
      delivery = (DealdeskDelivery)answer->result;
      memcpy (receipt, answer->text, MIN (receipt_size, sizeof answer->text));
    }
  dd_remote_leave (instance);
  return delivery;
}

static void
close_remote (void *instance)
{
  dd_remote_close (instance);
}

/* The kinds never change, so nothing else does. */
static gboolean
is_filled (const DdPlugin *plugin, const DdRemoteFacts *facts)
{
  return plugin->table.close == close_remote && strcmp (plugin->table.version, facts->version) == 0 &&
         plugin->handoff.dedupe == facts->dedupe;
}

void
dd_remote_fill_tables (DdPlugin *plugin, const DdRemoteFacts *facts)
{
  guint kinds = plugin->manifest->kinds;

  /* Calls read the tables before they have entered the plugin and after: what stays the same isn't written.
   */
  if (is_filled (plugin, facts))
    return;

  plugin->table = (DealdeskPlugin){
    .abi = DEALDESK_ABI,
    .size = sizeof plugin->table,
    .id = plugin->id,
    .version = g_intern_string (facts->version),
    .close = close_remote,
  };
  plugin->pricing = (DealdeskPricing){ .size = sizeof plugin->pricing };
  plugin->approval = (DealdeskApproval){ .size = sizeof plugin->approval };
  plugin->negotiation = (DealdeskNegotiation){ .size = sizeof plugin->negotiation };
  plugin->handoff = (DealdeskHandoff){ .size = sizeof plugin->handoff, .dedupe = facts->dedupe };
  if (kinds & (1U << DD_KIND_PRICING))
    plugin->pricing.price = price;
  if (kinds & (1U << DD_KIND_APPROVAL))
    plugin->approval.require = require;
  if (kinds & (1U << DD_KIND_NEGOTIATION))
    plugin->negotiation.advise = advise;
  if (kinds & (1U << DD_KIND_HANDOFF))
    plugin->handoff.deliver = deliver;
  if (facts->dedupe == DEALDESK_DEDUPE_QUERY)
    plugin->handoff.query = deliver;
}
