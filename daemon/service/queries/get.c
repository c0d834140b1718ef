/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Get: a deal as the provider's side sees it. On a reader.
 *
 * All comes from the state, but for the texts of questions and the request's remarks, which are in the log.
 */
#include "queries/queries.h"

#include "deal/record.h"
#include "digest.h"

static gboolean
is_acknowledged (const DdDeal *deal, const DdAsk *ask)
{
  for (guint i = 0; i < deal->acknowledgements->len; i++)
    {
      const DdAcknowledgement *given = g_ptr_array_index (deal->acknowledgements, i);
      if (g_str_equal (given->clause, ask->clause) && g_str_equal (given->sha256, ask->sha256))
        return TRUE;
    }
  return FALSE;
}

static void
write_asks (DdJsonWriter *writer, const DdDeal *deal, const DdRevision *revision)
{
  dd_json_write_key (writer, "asks");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < revision->asks->len; i++)
    {
      const DdAsk *ask = g_ptr_array_index (revision->asks, i);
      dd_json_write_begin_object (writer);
      dd_json_put_boolean (writer, "acknowledged", is_acknowledged (deal, ask));
      dd_json_put_string (writer, "clause", ask->clause);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_revision (DdJsonWriter *writer, const DdDeal *deal, const DdRevision *revision)
{
  dd_json_write_begin_object (writer);
  dd_record_put_number (writer, "answers", revision->answers);
  write_asks (writer, deal, revision);
  dd_json_put_string (writer, "author", revision->author);
  dd_json_put_string (writer, "fingerprint", revision->view);
  dd_put_time (writer, "irrevocableUntil", revision->irrevocable_until);
  dd_record_put_flag (writer, "openChoice", revision->open_choice);
  dd_json_put_int64 (writer, "revision", revision->revision);
  dd_json_put_string (writer, "sheet", revision->sheet);
  dd_json_put_string (writer, "side", dd_side_name (revision->side));
  dd_json_put_string (writer, "state", dd_proposal_state_name (revision->state));
  dd_record_put_fragment (writer, "summary", revision->summary);
  dd_put_time (writer, "tabledAt", revision->tabled_at);
  dd_put_time (writer, "validUntil", revision->valid_until);
  dd_record_put_flag (writer, "variant", revision->variant);
  dd_json_write_end_object (writer);
}

static void
write_decision (DdJsonWriter *writer, const DdApprovalDecision *decision)
{
  dd_json_write_begin_object (writer);
  dd_json_put_boolean (writer, "approved", decision->approved);
  dd_json_put_string (writer, "person", decision->person);
  dd_json_put_string (writer, "reason", decision->reason);
  if (decision->standing != 0)
    dd_json_put_int64 (writer, "standing", decision->standing);
  dd_put_time (writer, "time", decision->time);
  dd_json_write_end_object (writer);
}

static void
write_people (DdJsonWriter *writer, const char *key, const GPtrArray *people)
{
  dd_json_write_key (writer, key);
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < people->len; i++)
    dd_json_write_string (writer, g_ptr_array_index (people, i));
  dd_json_write_end_array (writer);
}

static void
write_step (DdJsonWriter *writer, const DdApprovalRequest *request, const DdRequirement *step)
{
  dd_json_write_begin_object (writer);
  write_people (writer, "candidates", step->candidates);
  dd_json_write_key (writer, "decisions");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < step->decisions->len; i++)
    write_decision (writer, g_ptr_array_index (step->decisions, i));
  dd_json_write_end_array (writer);
  if (step->informed->len > 0)
    write_people (writer, "informed", step->informed);
  dd_json_put_int64 (writer, "level", step->level);
  dd_json_put_string (writer, "limit", step->limit);
  dd_json_put_string (writer, "measure", step->measure);
  dd_json_put_int64 (writer, "need", step->need);
  dd_json_put_string (writer, "note", step->note);
  dd_json_put_boolean (writer, "open", dd_requirement_open (request, step));
  dd_json_put_string (writer, "plugin", step->plugin);
  dd_json_put_string (writer, "rule", step->rule);
  dd_json_put_int64 (writer, "step", step->step);
  dd_json_put_string (writer, "subject", step->subject);
  dd_json_put_string (writer, "value", step->value);
  dd_json_write_end_object (writer);
}

static void
write_request (DdJsonWriter *writer, const DdApprovalRequest *request)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "kind", dd_request_kind_name (request->kind));
  dd_json_put_string (writer, "requester", request->requester);
  dd_json_put_int64 (writer, "revision", request->revision);
  dd_json_put_string (writer, "sheet", request->sheet);
  dd_put_time (writer, "since", request->time);
  dd_json_write_key (writer, "steps");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < request->steps->len; i++)
    write_step (writer, request, g_ptr_array_index (request->steps, i));
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
}

static void
write_orders (DdJsonWriter *writer, const DdDeal *deal)
{
  dd_json_write_key (writer, "orders");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->orders->len; i++)
    {
      const DdOrder *order = g_ptr_array_index (deal->orders, i);
      dd_json_write_begin_object (writer);
      dd_json_put_int64 (writer, "attempts", order->attempts);
      dd_json_put_string (writer, "id", order->id);
      dd_json_put_string (writer, "key", order->key);
      if (order->state == DD_ORDER_PENDING)
        dd_put_time (writer, "nextAttempt", order->next_attempt);
      dd_put_text (writer, "note", order->note);
      dd_json_put_string (writer, "state", dd_order_state_name (order->state));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_signatures (DdJsonWriter *writer, const DdDeal *deal)
{
  dd_json_write_key (writer, "signatures");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->signatures->len; i++)
    {
      const DdSignature *signature = g_ptr_array_index (deal->signatures, i);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "person", signature->person);
      dd_json_put_string (writer, "side", dd_side_name (signature->side));
      dd_put_time (writer, "time", signature->time);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

/* --- from the log --- */

typedef struct
{
  GHashTable *asked;    /* question's number to its text */
  GHashTable *answered; /* question's number to its answer */
  char *remarks;        /* (nullable): canonical JSON */
  char *kept;           /* (nullable) */
  char *head;           /* hex, of the newest row that was read */
} Texts;

static gboolean
on_row (const DdLogRow *row, gpointer data)
{
  Texts *texts = data;

  g_free (texts->head);
  texts->head = dd_digest_format (row->head);
  if (row->body == NULL ||
      (row->type != DD_EVENT_OPENED && row->type != DD_EVENT_ASKED && row->type != DD_EVENT_ANSWERED))
    return TRUE;
  g_autoptr (DdJson) json = dd_json_parse (row->body, strlen (row->body), NULL, NULL);
  const DdJsonNode *body = json != NULL ? dd_json_root (json) : NULL;
  if (body == NULL)
    return TRUE;
  if (row->type == DD_EVENT_OPENED)
    {
      texts->remarks = dd_record_fragment (body, "remarks");
      texts->kept = dd_record_fragment (body, "kept");
    }
  else
    g_hash_table_insert (row->type == DD_EVENT_ASKED ? texts->asked : texts->answered,
                         GUINT_TO_POINTER (dd_record_number (body, "number")), dd_record_text (body, "text"));
  return TRUE;
}

static gboolean
read_texts (DdReader *reader, const DdDeal *deal, Texts *texts, GError **error)
{
  texts->asked = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  texts->answered = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  /* Without questions only the first event has text, and only the last one the head. */
  if (deal->questions->len > 0)
    return dd_reader_log (reader, deal->number, 0, G_MAXUINT, on_row, texts, error);
  return dd_reader_log (reader, deal->number, 0, 1, on_row, texts, error) &&
         (deal->version == 1 ||
          dd_reader_log (reader, deal->number, deal->version - 1, 1, on_row, texts, error));
}

static void
texts_clear (Texts *texts)
{
  g_clear_pointer (&texts->asked, g_hash_table_unref);
  g_clear_pointer (&texts->answered, g_hash_table_unref);
  g_free (texts->remarks);
  g_free (texts->kept);
  g_free (texts->head);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Texts, texts_clear)

static void
write_questions (DdJsonWriter *writer, const DdDeal *deal, const Texts *texts)
{
  dd_json_write_key (writer, "questions");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->questions->len; i++)
    {
      const DdQuestionState *question = g_ptr_array_index (deal->questions, i);
      g_autofree char *subject =
        question->subject != NULL
          ? g_strconcat (question->on_line ? "line:" : "clause:", question->subject, NULL)
          : NULL;
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "answer",
                          g_hash_table_lookup (texts->answered, GUINT_TO_POINTER (question->number)));
      dd_json_put_boolean (writer, "answered", question->answered);
      dd_json_put_int64 (writer, "number", question->number);
      dd_json_put_string (writer, "side", dd_side_name (question->side));
      dd_json_put_string (writer, "subject", subject);
      dd_json_put_string (writer, "text",
                          g_hash_table_lookup (texts->asked, GUINT_TO_POINTER (question->number)));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_head (DdJsonWriter *writer, const DdDeal *deal, const Texts *texts, gboolean development)
{
  g_autofree char *id = dd_deal_id_format (deal->number);

  dd_record_put_number (writer, "accepted", deal->accepted);
  dd_json_put_string (writer, "agreement", deal->agreement);
  dd_json_put_string (writer, "customer", deal->customer);
  dd_json_put_string (writer, "customerName", deal->customer_name);
  dd_record_put_flag (writer, "development", development);
  dd_put_time (writer, "expires", deal->expires);
  dd_json_put_string (writer, "externalId", deal->external_id);
  dd_json_put_string (writer, "head", texts->head);
  dd_json_put_string (writer, "id", id);
  dd_record_put_fragment (writer, "kept", texts->kept);
  dd_json_put_int64 (writer, "number", deal->number);
  dd_put_time (writer, "openedAt", deal->opened_at);
  dd_json_put_string (writer, "owner", deal->owner);
  dd_record_put_fragment (writer, "remarks", texts->remarks);
  dd_json_put_string (writer, "state", dd_deal_state_name (deal->state));
  dd_json_put_string (writer, "title", deal->title);
  dd_put_time (writer, "updatedAt", deal->updated_at);
  dd_json_put_int64 (writer, "version", deal->version);
}

gboolean
dd_query_get (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, query->call->deal, error);
  g_autoptr (DdJsonWriter) writer = NULL;
  g_auto (Texts) texts = { 0 };
  guint wanted = dd_options_number (query->call->options, "revision");
  const DdRevision *revision = NULL;

  if (deal == NULL || !read_texts (reader, deal, &texts, error))
    return FALSE;
  if (wanted != 0 && (revision = dd_query_revision (deal, wanted, error)) == NULL)
    return FALSE;

  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  write_head (writer, deal, &texts, query->call->service->development);
  write_orders (writer, deal);
  if (revision != NULL && !dd_put_document (writer, "proposal", reader, revision->proposal, error))
    return FALSE;
  write_questions (writer, deal, &texts);
  dd_json_write_key (writer, "requests");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->requests->len; i++)
    write_request (writer, g_ptr_array_index (deal->requests, i));
  dd_json_write_end_array (writer);
  dd_json_write_key (writer, "revisions");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->revisions->len; i++)
    write_revision (writer, deal, g_ptr_array_index (deal->revisions, i));
  dd_json_write_end_array (writer);
  write_signatures (writer, deal);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}
