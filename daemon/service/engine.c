/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The engine (see engine.h).
 *
 * A job's decision is used as it is only when neither the deal nor a dataset moved since; the check is in the
 * transaction that appends. A key is looked up there too, so that of two equal calls at once only one has
 * an effect.
 */
#include "engine.h"

#include "completion.h"
#include "digest.h"
#include "inquiry.h"
#include "reply.h"

#include <string.h>

void
dd_checksum_add (GChecksum *checksum, gconstpointer data, gsize size)
{
  /* GChecksum takes a signed size. */
  while (size > 0)
    {
      gssize part = (gssize)MIN (size, (gsize)1 << 30);

      g_checksum_update (checksum, data, part);
      data = (const guchar *)data + part;
      size -= (gsize)part;
    }
}

DdRequest *
dd_request_new (const DdService *service, DdCommand *command, gint64 deal)
{
  DdRequest *request = g_new0 (DdRequest, 1);

  request->service = service;
  request->command = command;
  request->deal = deal;
  return request;
}

static void
forget_facts (DdRequest *request)
{
  dd_facts_clear (&request->facts);
  g_clear_pointer (&request->pins, dd_pins_free);
  g_clear_pointer (&request->decision, dd_decision_free);
}

void
dd_request_free (DdRequest *request)
{
  g_clear_pointer (&request->digesting, g_checksum_free);
  forget_facts (request);
  g_clear_pointer (&request->command, dd_command_free);
  g_free (request->caller);
  g_free (request->key);
  g_free (request->format);
  g_clear_pointer (&request->map, g_hash_table_unref);
  g_clear_pointer (&request->document, g_bytes_unref);
  g_clear_pointer (&request->read, dd_deal_free);
  g_clear_pointer (&request->asked, dd_decision_free);
  g_clear_pointer (&request->working, dd_proposal_unref);
  g_clear_pointer (&request->working_sheet, dd_sheet_unref);
  g_clear_error (&request->error);
  dd_reply_clear (&request->reply);
  g_clear_pointer (&request->result_events, g_ptr_array_unref);
  g_free (request);
}

static void
finish_on_main (gpointer data)
{
  DdRequest *request = data;

  request->done (request, request->done_data);
}

static void
finish (DdRequest *request)
{
  dd_completion_push (request->service->completion, finish_on_main, request);
}

static void start_job (DdRequest *request);

/* --- the writer --- */

/* Whether the job's decision still rests on what is current. */
static gboolean
decision_stands (
  DdRequest *request, const DdDeal *deal, DdReader *reader, gboolean *out_stands, GError **error)
{
  if (request->decision == NULL || request->decided_version != deal->version)
    {
      *out_stands = FALSE;
      return TRUE;
    }
  return dd_pins_current (request->pins, reader, out_stands, error);
}

static void
keep_result (DdRequest *request, const DdDeal *deal, const DdDecision *decision, const guint8 head[32])
{
  g_clear_pointer (&request->result_events, g_ptr_array_unref);
  request->result_events = g_ptr_array_new ();
  for (guint i = 0; i < decision->events->len; i++)
    g_ptr_array_add (request->result_events, (gpointer)dd_event_type_name (
                                               ((DdEvent *)g_ptr_array_index (decision->events, i))->type));
  request->result_state = deal->state;
  request->orders_changed = (deal->changed & DD_CHANGED_ORDERS) != 0;
  request->next_timer = dd_deal_next_timer (deal);
  dd_reply_clear (&request->reply);
  request->reply =
    (DdReply){ deal->number, deal->version, dd_digest_format (head), dd_reply_build (deal, decision) };
}

/* The reply is what it would be, but for a head: no event has it, and the next one's salt is another. Nobody
 * is told of what didn't happen. */
static void
discard (DdRequest *request, DdTransaction *transaction)
{
  dd_transaction_discard (transaction);
  g_clear_pointer (&request->result_events, g_ptr_array_unref);
  request->orders_changed = FALSE;
  request->next_timer = 0;
  g_free (request->reply.head);
  request->reply.head = g_strdup ("");
}

static gboolean
append (
  DdRequest *request, DdTransaction *transaction, DdDeal *deal, const DdDecision *decision, GError **error)
{
  const DdCommand *command = request->command;
  DdAppend details = { command->now, command->occurred_at, command->actor, request->caller };
  guint8 head[32];

  if (decision->events->len == 0)
    return TRUE;
  if (!dd_transaction_append (transaction, deal, decision->events, &details, head, error))
    return FALSE;
  keep_result (request, deal, decision, head);
  if (request->dry_run)
    discard (request, transaction);
  if (request->key == NULL || request->dry_run)
    return TRUE;
  g_autoptr (GBytes) record = dd_reply_record (&request->reply);
  return dd_transaction_remember (transaction, request->uid, request->key, request->digest, record,
                                  command->now, error);
}

/* The deal as it is now, which is what the job read unless its version moved; a new one gets its number here.
 * The job's copy serves one run: appending changes it. */
static DdDeal *
current_deal (DdRequest *request, DdTransaction *transaction, GError **error)
{
  DdReader *reader = dd_transaction_reader (transaction);
  gint64 number = 0, version = 0;

  if (request->deal == 0)
    return dd_transaction_next_deal (transaction, &number, error) ? dd_deal_new (number) : NULL;
  if (request->read != NULL)
    {
      if (!dd_reader_deal_version (reader, request->deal, &version, error))
        return NULL;
      if (version == request->read->version)
        return g_steal_pointer (&request->read);
    }
  return dd_reader_deal (reader, request->deal, error);
}

/* What a run left that didn't end in a commit. */
static void
forget_result (DdRequest *request)
{
  dd_reply_clear (&request->reply);
  g_clear_pointer (&request->result_events, g_ptr_array_unref);
  request->orders_changed = FALSE;
  request->next_timer = 0;
}

/* The first reply to this key, where there is one: a retry gets it even if the command would be refused by
 * now. */
static gboolean
recall (DdReader *reader, gpointer data, GError **error)
{
  DdRequest *request = data;
  g_autoptr (GBytes) record = NULL;

  if (request->key == NULL)
    return TRUE;
  if (!dd_reader_recall (reader, request->uid, request->key, request->digest, &record, error))
    return FALSE;
  return record == NULL || dd_reply_recall (&request->reply, record, error);
}

static gboolean
write_work (DdTransaction *transaction, gpointer data, GError **error)
{
  DdRequest *request = data;
  DdReader *reader = dd_transaction_reader (transaction);
  g_autoptr (DdDeal) deal = NULL;
  g_autoptr (DdDecision) fresh = NULL;
  gboolean stands = FALSE;

  /* The batch may run this again: nothing of an earlier run may show. */
  forget_result (request);
  request->needs_job = FALSE;

  if (!recall (reader, request, error))
    return FALSE;
  if (request->reply.document != NULL)
    return TRUE;
  deal = current_deal (request, transaction, error);
  if (deal == NULL || !decision_stands (request, deal, reader, &stands, error))
    return FALSE;
  if (stands)
    return append (request, transaction, deal, request->decision, error);
  if (request->pins != NULL)
    {
      request->needs_job = TRUE;
      return TRUE;
    }
  fresh = dd_decide (deal, request->command, &request->facts, error);
  if (fresh == NULL)
    return FALSE;
  request->needs_job = fresh->questions != 0;
  return request->needs_job || append (request, transaction, deal, fresh, error);
}

/* Pricing maps a proposal in place: with other datasets it begins from the document again. */
static void
forget_proposal (DdRequest *request)
{
  if (request->command->proposal == NULL || request->prepare == NULL)
    return;
  g_clear_pointer (&request->command->proposal, dd_proposal_unref);
  request->prepared = FALSE;
}

static void
write_done (gpointer data, const GError *error)
{
  DdRequest *request = data;

  if (error == NULL && request->needs_job)
    {
      forget_facts (request);
      forget_proposal (request);
      start_job (request);
      return;
    }
  if (error != NULL)
    {
      forget_result (request);
      request->error = g_error_copy (error);
    }
  finish (request);
}

/* --- the job --- */

/* A document's share of the digest: it may be large, and the main thread must not wait for it. */
static void
finish_digest (DdRequest *request)
{
  gsize length = sizeof request->digest;

  if (request->digesting == NULL)
    return;
  dd_checksum_add (request->digesting, g_bytes_get_data (request->document, NULL),
                   g_bytes_get_size (request->document));
  g_checksum_get_digest (request->digesting, request->digest, &length);
  g_clear_pointer (&request->digesting, g_checksum_free);
}

static gboolean
work (DdRequest *request, GError **error)
{
  finish_digest (request);
  if (!request->prepared && request->prepare != NULL && !request->prepare (request, error))
    return FALSE;
  request->prepared = TRUE;
  if (request->key != NULL && !dd_store_read_here (request->service->store, recall, request, error))
    return FALSE;
  return request->reply.document != NULL || !request->may_ask || dd_inquiry_run (request, error);
}

static void
job (gpointer data)
{
  DdRequest *request = data;

  if (work (request, &request->error) && request->reply.document == NULL)
    dd_store_write (request->service->store, write_work, write_done, request);
  else
    finish (request);
}

static void
job_failed (gpointer data, const GError *error)
{
  DdRequest *request = data;

  request->error = g_error_copy (error);
  finish (request);
}

static void
start_job (DdRequest *request)
{
  request->may_ask = TRUE;
  dd_host_run (request->service->host, job, job_failed, request);
}

void
dd_engine_run (DdRequest *request)
{
  if (request->may_ask || request->prepare != NULL)
    dd_host_run (request->service->host, job, job_failed, request);
  else
    dd_store_write (request->service->store, write_work, write_done, request);
}
