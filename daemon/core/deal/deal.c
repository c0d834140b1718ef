/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal's state as a value: making, finding, freeing, naming (see deal.h). One thread at a time.
 */
#include "deal/deal.h"

#include "deal/deal-private.h"

static const char *const deal_states[] = { "preparing", "negotiating", "agreed",    "signed",
                                           "closed",    "declined",    "withdrawn", "expired" };
static const char *const proposal_states[] = { "draft",    "awaiting-approval", "refused",
                                               "tabled",   "superseded",        "accepted",
                                               "declined", "withdrawn",         "lapsed" };
static const char *const order_states[] = { "pending", "delivered", "held" };

G_STATIC_ASSERT (G_N_ELEMENTS (deal_states) == DD_N_DEAL_STATES);
G_STATIC_ASSERT (G_N_ELEMENTS (proposal_states) == DD_N_PROPOSAL_STATES);
G_STATIC_ASSERT (G_N_ELEMENTS (order_states) == DD_N_ORDER_STATES);

static int
index_of (const char *const *names, int n_names, const char *text)
{
  for (int i = 0; i < n_names; i++)
    if (g_str_equal (names[i], text))
      return i;
  return -1;
}

const char *
dd_deal_state_name (DdDealState state)
{
  return deal_states[state];
}

int
dd_deal_state_from_name (const char *text)
{
  return index_of (deal_states, DD_N_DEAL_STATES, text);
}

const char *
dd_proposal_state_name (DdProposalState state)
{
  return proposal_states[state];
}

int
dd_proposal_state_from_name (const char *text)
{
  return index_of (proposal_states, DD_N_PROPOSAL_STATES, text);
}

const char *
dd_order_state_name (DdOrderState state)
{
  return order_states[state];
}

int
dd_order_state_from_name (const char *text)
{
  return index_of (order_states, DD_N_ORDER_STATES, text);
}

static void
ask_free (gpointer data)
{
  DdAsk *ask = data;

  g_free (ask->clause);
  g_free (ask->sha256);
  g_free (ask);
}

DdRevision *
dd_revision_new (void)
{
  DdRevision *revision = g_new0 (DdRevision, 1);

  revision->asks = g_ptr_array_new_with_free_func (ask_free);
  return revision;
}

void
dd_revision_free (DdRevision *revision)
{
  g_free (revision->author);
  g_free (revision->recorder);
  g_free (revision->proposal);
  g_free (revision->sheet);
  g_free (revision->view);
  g_free (revision->summary);
  g_ptr_array_unref (revision->asks);
  g_free (revision);
}

static void
acknowledgement_free (gpointer data)
{
  DdAcknowledgement *acknowledgement = data;

  g_free (acknowledgement->clause);
  g_free (acknowledgement->sha256);
  g_free (acknowledgement->person);
  g_free (acknowledgement);
}

static void
question_free (gpointer data)
{
  g_free (((DdQuestionState *)data)->subject);
  g_free (data);
}

static void
signature_free (gpointer data)
{
  g_free (((DdSignature *)data)->person);
  g_free (data);
}

static void
order_free (gpointer data)
{
  DdOrder *order = data;

  g_free (order->id);
  g_free (order->key);
  g_free (order->document);
  g_free (order->note);
  g_free (order);
}

DdDeal *
dd_deal_new (gint64 number)
{
  DdDeal *deal = g_new0 (DdDeal, 1);

  deal->number = number;
  deal->revisions = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_revision_free);
  deal->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_approval_request_free);
  deal->approvals = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_standing_free);
  deal->acknowledgements = g_ptr_array_new_with_free_func (acknowledgement_free);
  deal->questions = g_ptr_array_new_with_free_func (question_free);
  deal->signatures = g_ptr_array_new_with_free_func (signature_free);
  deal->orders = g_ptr_array_new_with_free_func (order_free);
  return deal;
}

void
dd_deal_free (DdDeal *deal)
{
  g_free (deal->title);
  g_free (deal->customer);
  g_free (deal->customer_name);
  g_free (deal->owner);
  g_free (deal->external_id);
  g_free (deal->request);
  g_free (deal->source);
  g_free (deal->agreement);
  g_ptr_array_unref (deal->revisions);
  g_ptr_array_unref (deal->requests);
  g_ptr_array_unref (deal->approvals);
  g_ptr_array_unref (deal->acknowledgements);
  g_ptr_array_unref (deal->questions);
  g_ptr_array_unref (deal->signatures);
  g_ptr_array_unref (deal->orders);
  g_free (deal);
}

DdRevision *
dd_deal_revision (const DdDeal *deal, guint revision)
{
  return revision > 0 && revision <= deal->revisions->len ? g_ptr_array_index (deal->revisions, revision - 1)
                                                          : NULL;
}

DdApprovalRequest *
dd_deal_request_for (const DdDeal *deal, guint revision)
{
  for (guint i = 0; i < deal->requests->len; i++)
    {
      DdApprovalRequest *request = g_ptr_array_index (deal->requests, i);
      if (request->revision == revision)
        return request;
    }
  return NULL;
}

DdOrder *
dd_deal_order (const DdDeal *deal, const char *id)
{
  for (guint i = 0; i < deal->orders->len; i++)
    {
      DdOrder *order = g_ptr_array_index (deal->orders, i);
      if (g_str_equal (order->id, id))
        return order;
    }
  return NULL;
}

static gint64
earlier (gint64 a, gint64 b)
{
  return a == 0 || (b != 0 && b < a) ? b : a;
}

gint64
dd_deal_lapse (const DdDeal *deal, const DdRevision *revision)
{
  return earlier (earlier (revision->valid_until, deal->expires), revision->ended_at);
}

gint64
dd_deal_next_timer (const DdDeal *deal)
{
  gint64 next = deal->expires;

  if (deal->state != DD_DEAL_PREPARING && deal->state != DD_DEAL_NEGOTIATING)
    return 0;
  for (guint i = 0; i < deal->revisions->len; i++)
    {
      const DdRevision *revision = g_ptr_array_index (deal->revisions, i);
      if ((revision->state == DD_PROPOSAL_TABLED || revision->state == DD_PROPOSAL_AWAITING_APPROVAL) &&
          revision->valid_until != 0)
        next = earlier (next, revision->valid_until + 1);
    }
  return next;
}

char *
dd_deal_id_format (gint64 number)
{
  return g_strdup_printf ("D-%" G_GINT64_FORMAT, number);
}

gboolean
dd_deal_id_parse (const char *text, gint64 *out_number, GError **error)
{
  guint64 number = 0;

  if (!g_str_has_prefix (text, "D-") ||
      !g_ascii_string_to_unsigned (text + 2, 10, 1, G_MAXINT64, &number, NULL) || text[2] == '0' ||
      text[2] == '+')
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "“%.40s” is no deal's id; it should look like D-1042",
                    text);
  *out_number = (gint64)number;
  return TRUE;
}
