/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How moves write their events. Bodies are small canonical objects; contents go into documents beside them.
 * One thread at a time.
 */
#include "deal/move.h"

#include "deal/record.h"
#include "view/view.h"

gint64
dd_move_time (const DdMove *move)
{
  return move->command->occurred_at != 0 ? move->command->occurred_at : move->command->now;
}

DdJsonWriter *
dd_emit_begin (const DdMove *move)
{
  DdJsonWriter *writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  if (move->command->side == DD_SIDE_CUSTOMER)
    {
      dd_json_put_string (writer, "channel", move->command->channel);
      dd_json_put_string (writer, "evidence", move->command->evidence);
      dd_json_put_string (writer, "person", move->command->person);
    }
  return writer;
}

DdEvent *
dd_emit (DdMove *move, DdEventType type, DdJsonWriter *writer)
{
  gsize length = 0;

  dd_json_write_end_object (writer);
  char *body = dd_json_writer_finish (writer, &length);
  dd_json_writer_free (writer);

  DdEvent *event = dd_event_new (type, body, length);
  g_ptr_array_add (move->decision->events, event);
  return event;
}

static GBytes *
writer_bytes (DdJsonWriter *writer)
{
  return dd_json_writer_finish_bytes (writer);
}

/* What lists, histories and strategies want to know of a revision without its sheet. */
static void
put_summary (DdJsonWriter *writer, const DdSheet *sheet)
{
  dd_json_write_key (writer, "summary");
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "contract");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);
      g_autofree char *net = dd_money_format (figures->contract_value, figures->currency);
      g_autofree char *list = dd_money_format (figures->contract_list, figures->currency);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "list", list);
      dd_json_put_string (writer, "net", net);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_write_key (writer, "totals");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < sheet->totals->len; i++)
    {
      const DdTotal *total = &g_array_index (sheet->totals, DdTotal, i);
      g_autofree char *net = dd_money_format (total->net, total->currency);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "currency", total->currency.code);
      if (total->first_year != 0)
        dd_json_put_int64 (writer, "firstYear", total->first_year);
      if (total->last_year != 0)
        dd_json_put_int64 (writer, "lastYear", total->last_year);
      dd_json_put_string (writer, "net", net);
      if (total->period != DD_PERIOD_NONE)
        dd_json_put_string (writer, "period", dd_period_name (total->period));
      dd_json_put_string (writer, "type", dd_charge_type_name (total->type));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
}

static void
put_asks (DdJsonWriter *writer, const DdProposal *proposal)
{
  dd_json_write_key (writer, "asks");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->terms->len; i++)
    {
      const DdTerm *term = g_ptr_array_index (proposal->terms, i);
      if (!term->acknowledge)
        continue;
      g_autofree char *sha256 = dd_term_sha256 (term);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "clause", term->clause);
      dd_json_put_string (writer, "sha256", sha256);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static gboolean
has_open_choice (const DdProposal *proposal)
{
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);
      if (line->optional && line->chosen == DD_CHOICE_OPEN)
        return TRUE;
    }
  return FALSE;
}

static GBytes *
build_view (const DdMove *move, guint revision)
{
  g_autofree char *id = dd_deal_id_format (move->deal->number);
  DdParties parties = {
    .deal = id,
    .revision = revision,
    .side = move->command->side,
    .provider = move->facts->parties.provider,
    .customer = move->deal->customer,
    .customer_name = move->facts->parties.customer_name != NULL ? move->facts->parties.customer_name
                                                                : move->deal->customer_name,
    .development = move->facts->parties.development,
  };

  return dd_view_build (&parties, move->facts->proposal, move->facts->sheet);
}

/* Lines that would be agreed, and of which no order would tell anybody. */
static guint
count_unordered (const DdProposal *proposal)
{
  guint unordered = proposal->lines->len;

  for (guint i = 0; i < proposal->orders->len; i++)
    unordered -= ((const DdOrderPart *)g_ptr_array_index (proposal->orders, i))->lines->len;
  return unordered;
}

void
dd_emit_drafted (DdMove *move, guint answers, guint *out_revision)
{
  const DdProposal *proposal = move->facts->proposal;
  guint revision = move->deal->revisions->len + 1;
  g_autoptr (GPtrArray) documents = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_document_free);
  g_autoptr (GBytes) view = build_view (move, revision);
  g_autoptr (DdJsonWriter) content = dd_json_writer_new ();
  DdJsonWriter *body = dd_emit_begin (move);

  dd_proposal_write (proposal, content);
  g_autoptr (GBytes) proposal_bytes = writer_bytes (content);
  DdDocument *proposal_document = dd_document_new (proposal_bytes);
  DdDocument *sheet_document = dd_document_new (move->facts->sheet_bytes);
  DdDocument *view_document = dd_document_new (view);
  g_ptr_array_add (documents, proposal_document);
  g_ptr_array_add (documents, sheet_document);
  g_ptr_array_add (documents, view_document);

  dd_record_put_number (body, "answers", answers);
  put_asks (body, proposal);
  dd_json_put_string (body, "author",
                      move->command->side == DD_SIDE_CUSTOMER ? move->command->person : move->command->actor);
  dd_record_put_number (body, "irrevocableUntil", proposal->irrevocable_until);
  dd_record_put_flag (body, "openChoice", has_open_choice (proposal));
  /* A customer's person is recorded by somebody of the provider. */
  dd_json_put_string (body, "recorder",
                      move->command->side == DD_SIDE_CUSTOMER ? move->command->actor
                                                              : move->command->recorder);
  dd_json_put_string (body, "proposal", proposal_document->sha256);
  dd_json_put_int64 (body, "revision", revision);
  dd_json_put_string (body, "sheet", sheet_document->sha256);
  dd_json_put_string (body, "side", dd_side_name (move->command->side));
  put_summary (body, move->facts->sheet);
  dd_record_put_number (body, "validUntil", proposal->valid_until);
  dd_json_put_string (body, "view", view_document->sha256);
  dd_emit (move, DD_EVENT_DRAFTED, body)->documents = g_steal_pointer (&documents);
  move->decision->unordered = count_unordered (proposal);
  *out_revision = revision;
}

void
dd_emit_request_closed (DdMove *move,
                        const DdApprovalRequest *request,
                        const char *outcome,
                        DdProposalState state,
                        gboolean approved)
{
  DdJsonWriter *body = dd_json_writer_new ();

  dd_json_write_begin_object (body);
  dd_record_put_flag (body, "approved", approved);
  dd_json_put_string (body, "outcome", outcome);
  dd_json_put_int64 (body, "revision", request->revision);
  dd_json_put_string (body, "state", dd_proposal_state_name (state));
  dd_emit (move, DD_EVENT_APPROVAL_CLOSED, body);
}

/* Requests that rest on @revision: its own acceptance, and tablings that answer it, but for that of @except,
 * which is performed. */
static void
close_requests_on (DdMove *move, const DdRevision *revision, guint except)
{
  for (guint i = 0; i < move->deal->requests->len; i++)
    {
      const DdApprovalRequest *request = g_ptr_array_index (move->deal->requests, i);
      const DdRevision *asked = dd_deal_revision (move->deal, request->revision);
      if (request->kind == DD_REQUEST_ACCEPT && request->revision == revision->revision)
        dd_emit_request_closed (move, request, "overtaken", asked->state, FALSE);
      else if (request->kind == DD_REQUEST_TABLE && asked->answers == revision->revision &&
               request->revision != except)
        dd_emit_request_closed (move, request, "overtaken", DD_PROPOSAL_DRAFT, FALSE);
    }
}

void
dd_emit_end (DdMove *move, const DdRevision *revision, DdProposalState state, const char *reason)
{
  DdJsonWriter *body = dd_emit_begin (move);

  dd_json_put_string (body, "reason", reason);
  dd_json_put_int64 (body, "revision", revision->revision);
  dd_json_put_string (body, "state", dd_proposal_state_name (state));
  dd_emit (move, DD_EVENT_PROPOSAL_ENDED, body);
}

void
dd_emit_ended (DdMove *move, const DdRevision *revision, DdProposalState state, const char *reason)
{
  close_requests_on (move, revision, 0);
  dd_emit_end (move, revision, state, reason);
}

void
dd_emit_tabled (DdMove *move, guint revision, DdSide side, guint answers, gboolean variant)
{
  DdJsonWriter *body = dd_emit_begin (move);

  for (guint i = 0; i < move->deal->revisions->len; i++)
    {
      const DdRevision *other = g_ptr_array_index (move->deal->revisions, i);
      if (other->state != DD_PROPOSAL_TABLED || other->revision == revision)
        continue;
      gboolean answered = other->revision == answers;
      gboolean replaced = other->side == side && !variant && other->irrevocable_until <= move->command->now;
      if (!answered && !replaced)
        continue;
      close_requests_on (move, other, revision);
      dd_emit_end (move, other, DD_PROPOSAL_SUPERSEDED, answered ? "countered" : "replaced");
    }
  dd_json_put_int64 (body, "revision", revision);
  dd_record_put_flag (body, "variant", variant);
  dd_emit (move, DD_EVENT_TABLED, body);
}

void
dd_emit_request (DdMove *move, DdRequestKind kind, guint revision, const char *sheet, gboolean variant)
{
  DdApprovalRequest *request = dd_approval_request_new ();
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  request->kind = kind;
  request->revision = revision;
  request->requester = g_strdup (move->facts->requester);
  request->recorder = g_strdup (move->command->recorder);
  request->sheet = g_strdup (sheet);
  request->variant = variant != FALSE;
  /* The steps are the facts' own for this moment: written, never freed here. */
  g_ptr_array_unref (request->steps);
  request->steps = g_ptr_array_ref (move->decision->steps);
  dd_approval_request_write (request, writer);
  dd_approval_request_free (request);

  char *body = dd_json_writer_finish (writer, &length);
  g_ptr_array_add (move->decision->events, dd_event_new (DD_EVENT_APPROVAL_REQUESTED, body, length));
}

void
dd_emit_standing (DdMove *move, DdRequestKind kind, guint revision, const char *sheet, gboolean variant)
{
  const DdApprovalRequest request = { .kind = kind, .revision = revision };

  if (move->decision->steps == NULL || move->decision->steps->len == 0)
    return;
  dd_emit_request (move, kind, revision, sheet, variant);
  dd_emit_request_closed (move, &request, DD_OUTCOME_STANDING,
                          kind == DD_REQUEST_TABLE ? DD_PROPOSAL_DRAFT : DD_PROPOSAL_TABLED, TRUE);
}

void
dd_emit_agreed (DdMove *move, const DdRevision *revision)
{
  DdJsonWriter *body = dd_emit_begin (move);

  for (guint i = 0; i < move->deal->requests->len; i++)
    {
      const DdApprovalRequest *request = g_ptr_array_index (move->deal->requests, i);
      if (request->revision != revision->revision)
        dd_emit_request_closed (move, request, "overtaken",
                                request->kind == DD_REQUEST_TABLE ? DD_PROPOSAL_DRAFT : DD_PROPOSAL_TABLED,
                                FALSE);
    }
  for (guint i = 0; i < move->deal->revisions->len; i++)
    {
      const DdRevision *other = g_ptr_array_index (move->deal->revisions, i);
      if (other->state == DD_PROPOSAL_TABLED && other->revision != revision->revision)
        dd_emit_end (move, other, DD_PROPOSAL_SUPERSEDED, "another revision was accepted");
    }
  dd_json_put_string (body, "fingerprint", revision->view);
  dd_json_put_int64 (body, "revision", revision->revision);
  dd_emit (move, DD_EVENT_AGREED, body);
}

void
dd_emit_deal_ended (DdMove *move, DdDealState state, const char *reason)
{
  DdJsonWriter *body = dd_emit_begin (move);

  dd_json_put_string (body, "reason", reason);
  dd_json_put_string (body, "state", dd_deal_state_name (state));
  dd_emit (move, DD_EVENT_DEAL_ENDED, body);
}
