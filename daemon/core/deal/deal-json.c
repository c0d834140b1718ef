/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal's state as canonical JSON and back. What is read back writes the same bytes. One thread at a time.
 */
#include "deal/deal-private.h"

#include "deal/record.h"

void
dd_revision_write_asks (const DdRevision *revision, DdJsonWriter *writer)
{
  if (revision->asks->len == 0)
    return;
  dd_json_write_key (writer, "asks");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < revision->asks->len; i++)
    {
      const DdAsk *ask = g_ptr_array_index (revision->asks, i);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "clause", ask->clause);
      dd_json_put_string (writer, "sha256", ask->sha256);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

void
dd_revision_read_asks (DdRevision *revision, const DdJsonNode *node)
{
  for (const DdJsonNode *n = dd_record_elements (node, "asks"); n != NULL; n = dd_json_next (n))
    {
      DdAsk *ask = g_new0 (DdAsk, 1);
      ask->clause = dd_record_text (n, "clause");
      ask->sha256 = dd_record_text (n, "sha256");
      g_ptr_array_add (revision->asks, ask);
    }
}

static void
write_revision (const DdRevision *revision, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_record_put_number (writer, "answers", revision->answers);
  dd_record_put_flag (writer, "approved", revision->approved);
  dd_revision_write_asks (revision, writer);
  dd_json_put_string (writer, "author", revision->author);
  dd_record_put_number (writer, "endedAt", revision->ended_at);
  dd_record_put_number (writer, "irrevocableUntil", revision->irrevocable_until);
  dd_record_put_flag (writer, "openChoice", revision->open_choice);
  dd_json_put_string (writer, "proposal", revision->proposal);
  dd_json_put_string (writer, "recorder", revision->recorder);
  dd_json_put_string (writer, "sheet", revision->sheet);
  dd_json_put_string (writer, "side", dd_side_name (revision->side));
  dd_json_put_string (writer, "state", dd_proposal_state_name (revision->state));
  dd_record_put_fragment (writer, "summary", revision->summary);
  dd_record_put_number (writer, "tabledAt", revision->tabled_at);
  dd_record_put_number (writer, "validUntil", revision->valid_until);
  dd_record_put_flag (writer, "variant", revision->variant);
  dd_json_put_string (writer, "view", revision->view);
  dd_json_write_end_object (writer);
}

static void
read_revision (DdDeal *deal, const DdJsonNode *node)
{
  DdRevision *revision = dd_revision_new ();

  revision->revision = deal->revisions->len + 1;
  revision->answers = (guint)dd_record_number (node, "answers");
  revision->approved = dd_record_flag (node, "approved");
  dd_revision_read_asks (revision, node);
  revision->author = dd_record_text (node, "author");
  revision->recorder = dd_record_text (node, "recorder");
  revision->ended_at = dd_record_number (node, "endedAt");
  revision->irrevocable_until = dd_record_number (node, "irrevocableUntil");
  revision->open_choice = dd_record_flag (node, "openChoice");
  revision->proposal = dd_record_text (node, "proposal");
  revision->sheet = dd_record_text (node, "sheet");
  revision->side = dd_record_word (node, "side", dd_side_from_name, DD_SIDE_PROVIDER);
  revision->state = dd_record_word (node, "state", dd_proposal_state_from_name, DD_PROPOSAL_DRAFT);
  revision->summary = dd_record_fragment (node, "summary");
  revision->tabled_at = dd_record_number (node, "tabledAt");
  revision->valid_until = dd_record_number (node, "validUntil");
  revision->variant = dd_record_flag (node, "variant");
  revision->view = dd_record_text (node, "view");
  g_ptr_array_add (deal->revisions, revision);
}

static void
write_acknowledgements (const DdDeal *deal, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "acknowledgements");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->acknowledgements->len; i++)
    {
      const DdAcknowledgement *acknowledgement = g_ptr_array_index (deal->acknowledgements, i);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "clause", acknowledgement->clause);
      dd_json_put_string (writer, "person", acknowledgement->person);
      dd_json_put_string (writer, "sha256", acknowledgement->sha256);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_orders (const DdDeal *deal, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "orders");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->orders->len; i++)
    {
      const DdOrder *order = g_ptr_array_index (deal->orders, i);
      dd_json_write_begin_object (writer);
      dd_record_put_number (writer, "attempts", order->attempts);
      dd_json_put_string (writer, "document", order->document);
      dd_json_put_string (writer, "id", order->id);
      dd_json_put_string (writer, "key", order->key);
      dd_record_put_number (writer, "nextAttempt", order->next_attempt);
      dd_json_put_string (writer, "note", order->note);
      dd_json_put_string (writer, "state", dd_order_state_name (order->state));
      dd_record_put_flag (writer, "trying", order->trying);
      dd_record_put_flag (writer, "released", order->released);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_questions (const DdDeal *deal, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "questions");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->questions->len; i++)
    {
      const DdQuestionState *question = g_ptr_array_index (deal->questions, i);
      dd_json_write_begin_object (writer);
      dd_record_put_flag (writer, "answered", question->answered);
      dd_json_put_int64 (writer, "number", question->number);
      dd_record_put_flag (writer, "onLine", question->on_line);
      dd_json_put_string (writer, "side", dd_side_name (question->side));
      dd_json_put_string (writer, "subject", question->subject);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_signatures (const DdDeal *deal, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "signatures");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->signatures->len; i++)
    {
      const DdSignature *signature = g_ptr_array_index (deal->signatures, i);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "person", signature->person);
      dd_json_put_string (writer, "side", dd_side_name (signature->side));
      dd_json_put_int64 (writer, "time", signature->time);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_approvals (const DdDeal *deal, DdJsonWriter *writer)
{
  if (deal->approvals->len == 0)
    return;
  dd_json_write_key (writer, "approvals");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->approvals->len; i++)
    dd_standing_write (g_ptr_array_index (deal->approvals, i), writer);
  dd_json_write_end_array (writer);
}

void
dd_deal_write (const DdDeal *deal, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_record_put_number (writer, "accepted", deal->accepted);
  write_acknowledgements (deal, writer);
  dd_json_put_string (writer, "agreement", deal->agreement);
  write_approvals (deal, writer);
  dd_json_put_string (writer, "customer", deal->customer);
  dd_json_put_string (writer, "customerName", deal->customer_name);
  dd_record_put_number (writer, "expires", deal->expires);
  dd_json_put_string (writer, "externalId", deal->external_id);
  dd_record_put_number (writer, "lastApproved", deal->last_approved);
  dd_record_put_number (writer, "lastTabled", deal->last_tabled);
  dd_json_put_int64 (writer, "number", deal->number);
  dd_json_put_int64 (writer, "openedAt", deal->opened_at);
  write_orders (deal, writer);
  dd_json_put_string (writer, "owner", deal->owner);
  write_questions (deal, writer);
  dd_record_put_number (writer, "reopenSides", deal->reopen_sides);
  dd_json_put_string (writer, "request", deal->request);
  dd_json_write_key (writer, "requests");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->requests->len; i++)
    dd_approval_request_write (g_ptr_array_index (deal->requests, i), writer);
  dd_json_write_end_array (writer);
  dd_json_write_key (writer, "revisions");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->revisions->len; i++)
    write_revision (g_ptr_array_index (deal->revisions, i), writer);
  dd_json_write_end_array (writer);
  write_signatures (deal, writer);
  dd_json_put_string (writer, "source", deal->source);
  dd_json_put_string (writer, "state", dd_deal_state_name (deal->state));
  dd_json_put_string (writer, "title", deal->title);
  dd_json_put_int64 (writer, "updatedAt", deal->updated_at);
  dd_json_put_int64 (writer, "version", deal->version);
  dd_json_write_end_object (writer);
}

static void
read_lists (DdDeal *deal, const DdJsonNode *node)
{
  for (const DdJsonNode *n = dd_record_elements (node, "revisions"); n != NULL; n = dd_json_next (n))
    read_revision (deal, n);
  for (const DdJsonNode *n = dd_record_elements (node, "acknowledgements"); n != NULL; n = dd_json_next (n))
    {
      DdAcknowledgement *acknowledgement = g_new0 (DdAcknowledgement, 1);
      acknowledgement->clause = dd_record_text (n, "clause");
      acknowledgement->person = dd_record_text (n, "person");
      acknowledgement->sha256 = dd_record_text (n, "sha256");
      g_ptr_array_add (deal->acknowledgements, acknowledgement);
    }
  for (const DdJsonNode *n = dd_record_elements (node, "questions"); n != NULL; n = dd_json_next (n))
    {
      DdQuestionState *question = g_new0 (DdQuestionState, 1);
      question->answered = dd_record_flag (n, "answered");
      question->number = (guint)dd_record_number (n, "number");
      question->on_line = dd_record_flag (n, "onLine");
      question->side = dd_record_word (n, "side", dd_side_from_name, DD_SIDE_PROVIDER);
      question->subject = dd_record_text (n, "subject");
      g_ptr_array_add (deal->questions, question);
    }
  for (const DdJsonNode *n = dd_record_elements (node, "signatures"); n != NULL; n = dd_json_next (n))
    {
      DdSignature *signature = g_new0 (DdSignature, 1);
      signature->person = dd_record_text (n, "person");
      signature->side = dd_record_word (n, "side", dd_side_from_name, DD_SIDE_PROVIDER);
      signature->time = dd_record_number (n, "time");
      g_ptr_array_add (deal->signatures, signature);
    }
  for (const DdJsonNode *n = dd_record_elements (node, "orders"); n != NULL; n = dd_json_next (n))
    {
      DdOrder *order = g_new0 (DdOrder, 1);
      order->attempts = (guint)dd_record_number (n, "attempts");
      order->document = dd_record_text (n, "document");
      order->id = dd_record_text (n, "id");
      order->key = dd_record_text (n, "key");
      order->next_attempt = dd_record_number (n, "nextAttempt");
      order->note = dd_record_text (n, "note");
      order->state = dd_record_word (n, "state", dd_order_state_from_name, DD_ORDER_HELD);
      order->trying = dd_record_flag (n, "trying");
      order->released = dd_record_flag (n, "released");
      g_ptr_array_add (deal->orders, order);
    }
}

DdDeal *
dd_deal_read (const DdJsonNode *node, GError **error)
{
  g_autoptr (DdDeal) deal = dd_deal_new (dd_record_number (node, "number"));
  g_autofree char *state = dd_record_text (node, "state");

  if (deal->number <= 0 || state == NULL || dd_deal_state_from_name (state) < 0)
    {
      dd_fail (error, DD_ERROR_STORE_DAMAGED, "a stored deal lacks its number or a state that is known");
      return NULL;
    }
  deal->state = (guint8)dd_deal_state_from_name (state);
  deal->accepted = (guint)dd_record_number (node, "accepted");
  deal->agreement = dd_record_text (node, "agreement");
  deal->customer = dd_record_text (node, "customer");
  deal->customer_name = dd_record_text (node, "customerName");
  deal->expires = dd_record_number (node, "expires");
  deal->external_id = dd_record_text (node, "externalId");
  deal->last_approved = (guint)dd_record_number (node, "lastApproved");
  deal->last_tabled = (guint)dd_record_number (node, "lastTabled");
  deal->opened_at = dd_record_number (node, "openedAt");
  deal->owner = dd_record_text (node, "owner");
  deal->reopen_sides = (guint)dd_record_number (node, "reopenSides");
  deal->request = dd_record_text (node, "request");
  deal->source = dd_record_text (node, "source");
  deal->title = dd_record_text (node, "title");
  deal->updated_at = dd_record_number (node, "updatedAt");
  deal->version = dd_record_number (node, "version");
  read_lists (deal, node);
  for (const DdJsonNode *n = dd_record_elements (node, "requests"); n != NULL; n = dd_json_next (n))
    {
      DdApprovalRequest *request = dd_approval_request_read (n, error);
      if (request == NULL)
        return NULL;
      g_ptr_array_add (deal->requests, request);
    }
  for (const DdJsonNode *n = dd_record_elements (node, "approvals"); n != NULL; n = dd_json_next (n))
    {
      DdStanding *standing = dd_standing_read (n, error);
      if (standing == NULL)
        return NULL;
      g_ptr_array_add (deal->approvals, standing);
    }
  return g_steal_pointer (&deal);
}
