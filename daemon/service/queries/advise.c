/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Advise: what a negotiation plugin would do next. In a job.
 *
 * The plugin sees who offered what contract value when, and nothing else.
 */
#include "queries/queries.h"

#include "deal/record.h"
#include "pricing.h"
#include "strategy/advice.h"

static gboolean
load (DdReader *reader, gpointer data, GError **error)
{
  DdQuery *query = data;

  query->deal = dd_reader_deal (reader, query->call->deal, error);
  query->pins = query->deal != NULL ? dd_pins_new (query->call->service, reader, error) : NULL;
  return query->pins != NULL;
}

/* The first currency's contract value of @revision, at net and at list. */
static gboolean
contract_value (const DdRevision *revision, DdMoney *out_net, DdMoney *out_list, GError **error)
{
  g_autoptr (DdJson) json = revision->summary != NULL
                              ? dd_json_parse (revision->summary, strlen (revision->summary), NULL, error)
                              : NULL;
  const DdJsonNode *first = json != NULL ? dd_record_elements (dd_json_root (json), "contract") : NULL;
  g_autofree char *net = dd_record_text (first, "net");
  g_autofree char *list = dd_record_text (first, "list");

  if (net == NULL || list == NULL)
    return dd_fail (error, DD_ERROR_UNPRICED, "revision %u has no contract value", revision->revision);
  return dd_money_parse (net, out_net, error) && dd_money_parse (list, out_list, error);
}

static GArray *
offers_of (const DdDeal *deal, DdMoney *out_list, GError **error)
{
  g_autoptr (GArray) offers = g_array_new (FALSE, FALSE, sizeof (DdOffer));

  for (guint i = 0; i < deal->revisions->len; i++)
    {
      const DdRevision *revision = g_ptr_array_index (deal->revisions, i);
      DdMoney net = { 0 }, list = { 0 };

      if (revision->tabled_at == 0)
        continue;
      if (!contract_value (revision, &net, &list, error))
        return NULL;
      if (out_list->currency.code[0] != '\0' && !dd_currency_equal (list.currency, out_list->currency))
        continue;
      *out_list = list;
      DdOffer offer = { revision->side == DD_SIDE_CUSTOMER, revision->revision, revision->tabled_at,
                        net.micros };
      g_array_append_val (offers, offer);
    }
  if (offers->len == 0)
    {
      dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
               "nothing was tabled in D-%" G_GINT64_FORMAT " yet; propose first", deal->number);
      return NULL;
    }
  return g_steal_pointer (&offers);
}

/* What the customer has on the table, or G_MININT64. */
static gint64
customer_total (const DdDeal *deal, const GArray *offers)
{
  for (guint i = offers->len; i-- > 0;)
    {
      const DdOffer *offer = &g_array_index (offers, DdOffer, i);
      if (offer->by_customer && dd_deal_revision (deal, offer->revision)->state == DD_PROPOSAL_TABLED)
        return offer->total;
    }
  return G_MININT64;
}

/* Whom the advice would take beyond the caller: the gate asks anew when the move is made. */
static gboolean
put_needs (
  DdJsonWriter *writer, DdQuery *query, gint64 discount, gint64 total, DdCurrency currency, GError **error)
{
  g_autofree char *id = dd_deal_id_format (query->deal->number);
  DdCallContext context = dd_pricing_context (query->pins, query->deal->customer, id, query->now);
  g_autoptr (GPtrArray) groups = dd_pins_groups (query->pins, query->call->actor);
  g_autoptr (GPtrArray) needs = NULL;
  g_autoptr (GError) local = NULL;
  const DdMeasure measures[] = {
    { .name = "discount.discretionary", .value = discount, .currency = currency, .percent = TRUE },
    { .name = "contract.value", .value = total, .currency = currency, .worse = DD_WORSE_LOWER },
  };

  needs = dd_host_require (query->call->service->host, &context, measures, G_N_ELEMENTS (measures),
                           query->call->actor, groups, &local);
  if (needs == NULL && !g_error_matches (local, DD_ERROR, DD_ERROR_NO_AUTHORITY))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  dd_json_put_string (writer, "refused", local != NULL ? local->message : NULL);
  dd_json_write_key (writer, "needs");
  dd_json_write_begin_array (writer);
  for (guint i = 0; needs != NULL && i < needs->len; i++)
    dd_requirement_write (g_ptr_array_index (needs, i), writer);
  dd_json_write_end_array (writer);
  return TRUE;
}

static gboolean
answer_advice (DdQuery *query, const DdAdvice *advice, const GArray *offers, DdMoney list, GError **error)
{
  g_autoptr (DdJsonWriter) writer = NULL;
  gint64 discount = 0;

  if (!dd_advice_check (advice->action, advice->total, list.micros, customer_total (query->deal, offers),
                        &discount, error))
    return FALSE;
  g_autofree char *percent = dd_percent_format (discount);
  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "action", dd_advice_action_name (advice->action));
  dd_json_put_string (writer, "plugin", advice->plugin);
  dd_json_put_string (writer, "reason", advice->reason);
  if (advice->action != DD_ADVISE_HOLD)
    {
      dd_json_put_string (writer, "discount", percent);
      dd_put_money (writer, "total", advice->total, list.currency);
      if (!put_needs (writer, query, discount, advice->total, list.currency, error))
        return FALSE;
    }
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

gboolean
dd_query_advise (DdQuery *query, DdReader *reader, GError **error)
{
  const DdService *service = query->call->service;
  DdMoney list = { 0 };
  DdAdvice *advice;
  gboolean answered;

  if (!dd_store_read_here (service->store, load, query, error))
    return FALSE;
  if (query->deal->state > DD_DEAL_NEGOTIATING)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "D-%" G_GINT64_FORMAT " is %s: there is nothing to negotiate any more",
                    query->deal->number, dd_deal_state_name (query->deal->state));
  g_autoptr (GArray) offers = offers_of (query->deal, &list, error);
  if (offers == NULL)
    return FALSE;

  g_autofree char *id = dd_deal_id_format (query->deal->number);
  DdCallContext context = dd_pricing_context (query->pins, query->deal->customer, id, query->now);

  advice = dd_host_advise (service->host, &context, dd_options_text (query->call->options, "plugin"),
                           (const DdOffer *)(void *)offers->data, offers->len, list.micros, list.currency,
                           query->deal->opened_at,
                           query->deal->expires != 0 ? query->deal->expires : G_MININT64, error);
  if (advice == NULL)
    return FALSE;
  answered = answer_advice (query, advice, offers, list, error);
  dd_advice_free (advice);
  return answered;
}
