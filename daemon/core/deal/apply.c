/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What each event does to a deal: one table, one small function a type.
 *
 * Deciding is elsewhere (decide.c); here nothing is judged, only recorded facts are folded in, so an
 * event of years ago gives the same state as on its day. One thread at a time.
 */
#include "deal/deal-private.h"

#include "deal/record.h"

/* What a deal keeps of approvals, which is part of its state. */
#define MAX_STANDING          1024
#define MAX_STANDING_GOVERNED 65536

typedef gboolean (*Apply) (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error);

/* The revision that @body names; DD_ERROR_STORE_DAMAGED when the deal has none such. */
static DdRevision *
named_revision (DdDeal *deal, const DdJsonNode *body, GError **error)
{
  gint64 number = dd_record_number (body, "revision");
  DdRevision *revision = number > 0 && number <= G_MAXUINT ? dd_deal_revision (deal, (guint)number) : NULL;

  if (revision == NULL)
    dd_fail (error, DD_ERROR_STORE_DAMAGED,
             "an event of D-%" G_GINT64_FORMAT " names revision %" G_GINT64_FORMAT ", which isn't there",
             deal->number, number);
  return revision;
}

static gboolean
apply_opened (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  deal->state = DD_DEAL_PREPARING;
  deal->title = dd_record_text (body, "title");
  deal->customer = dd_record_text (body, "customer");
  deal->customer_name = dd_record_text (body, "customerName");
  deal->owner = dd_record_text (body, "owner");
  deal->external_id = dd_record_text (body, "externalId");
  deal->request = dd_record_text (body, "request");
  deal->source = dd_record_text (body, "source");
  deal->expires = dd_record_number (body, "expires");
  deal->opened_at = time;
  return TRUE;
}

static gboolean
apply_drafted (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision;

  if (dd_record_number (body, "revision") != (gint64)deal->revisions->len + 1)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                    "D-%" G_GINT64_FORMAT " has %u revisions, and its next one isn't %" G_GINT64_FORMAT,
                    deal->number, deal->revisions->len, dd_record_number (body, "revision"));
  revision = dd_revision_new ();
  revision->revision = deal->revisions->len + 1;
  revision->state = DD_PROPOSAL_DRAFT;
  revision->side = dd_record_word (body, "side", dd_side_from_name, DD_SIDE_PROVIDER);
  revision->author = dd_record_text (body, "author");
  revision->recorder = dd_record_text (body, "recorder");
  revision->answers = (guint)dd_record_number (body, "answers");
  revision->proposal = dd_record_text (body, "proposal");
  revision->sheet = dd_record_text (body, "sheet");
  revision->view = dd_record_text (body, "view");
  revision->summary = dd_record_fragment (body, "summary");
  revision->open_choice = dd_record_flag (body, "openChoice");
  revision->valid_until = dd_record_number (body, "validUntil");
  revision->irrevocable_until = dd_record_number (body, "irrevocableUntil");
  dd_revision_read_asks (revision, body);
  g_ptr_array_add (deal->revisions, revision);
  deal->changed |= DD_CHANGED_REVISIONS;
  return TRUE;
}

static gboolean
apply_approval_requested (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = named_revision (deal, body, error);
  DdApprovalRequest *request = revision != NULL ? dd_approval_request_read (body, error) : NULL;

  if (request == NULL)
    return FALSE;
  request->time = time;
  if (request->kind == DD_REQUEST_TABLE)
    revision->state = DD_PROPOSAL_AWAITING_APPROVAL;
  g_ptr_array_add (deal->requests, request);
  deal->changed |= DD_CHANGED_REVISIONS | DD_CHANGED_APPROVALS;
  return TRUE;
}

/* The oldest go first: what isn't kept is asked again. */
static void
bound_standing (DdDeal *deal)
{
  gsize governed = 0;
  guint keep = deal->approvals->len;

  while (keep > 0 && deal->approvals->len - keep < MAX_STANDING)
    {
      governed += ((DdStanding *)g_ptr_array_index (deal->approvals, keep - 1))->governed->len;
      if (governed > MAX_STANDING_GOVERNED)
        break;
      keep--;
    }
  if (keep > 0)
    g_ptr_array_remove_range (deal->approvals, 0, keep);
}

/* An approval replaces what the same person approved of the same thing before; a refusal ends it. */
static void
keep_standing (DdDeal *deal,
               const DdRequirement *requirement,
               guint revision,
               const DdApprovalDecision *decision)
{
  DdStanding *standing = dd_standing_new (requirement, revision, decision->person, decision->time);

  for (guint i = deal->approvals->len; i > 0; i--)
    {
      const DdStanding *earlier = g_ptr_array_index (deal->approvals, i - 1);

      if (decision->approved ? dd_standing_replaces (standing, earlier)
                             : dd_standing_ends (standing, earlier))
        g_ptr_array_remove_index (deal->approvals, i - 1);
    }
  if (decision->approved && standing->governed->len > 0)
    g_ptr_array_add (deal->approvals, standing);
  else
    dd_standing_free (standing);
  bound_standing (deal);
}

static gboolean
apply_approval_decided (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdApprovalRequest *request = dd_deal_request_for (deal, (guint)dd_record_number (body, "revision"));
  gint64 step = dd_record_number (body, "step");

  if (request == NULL || step < 1 || step > request->steps->len)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                    "a decision in D-%" G_GINT64_FORMAT " names a step that isn't there", deal->number);

  DdRequirement *requirement = g_ptr_array_index (request->steps, step - 1);
  DdApprovalDecision *decision = g_new0 (DdApprovalDecision, 1);
  decision->person = dd_record_text (body, "person");
  decision->approved = dd_record_flag (body, "approved");
  decision->reason = dd_record_text (body, "reason");
  decision->time = time;
  g_ptr_array_add (requirement->decisions, decision);
  keep_standing (deal, requirement, request->revision, decision);
  deal->changed |= DD_CHANGED_APPROVALS;
  return TRUE;
}

static gboolean
apply_approval_closed (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = named_revision (deal, body, error);
  DdApprovalRequest *request = revision != NULL ? dd_deal_request_for (deal, revision->revision) : NULL;
  g_autofree char *outcome = dd_record_text (body, "outcome");

  if (revision == NULL)
    return FALSE;
  if (request == NULL)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "D-%" G_GINT64_FORMAT " closes a request that isn't open",
                    deal->number);
  revision->state = dd_record_word (body, "state", dd_proposal_state_from_name, revision->state);
  if (dd_record_flag (body, "approved"))
    {
      revision->approved = TRUE;
      /* Where earlier approvals held nobody read it: who wrote it wrote it since the last approval. */
      if (g_strcmp0 (outcome, DD_OUTCOME_STANDING) != 0)
        deal->last_approved = revision->revision;
    }
  g_ptr_array_remove (deal->requests, request);
  deal->changed |= DD_CHANGED_REVISIONS | DD_CHANGED_APPROVALS;
  return TRUE;
}

static gboolean
apply_tabled (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = named_revision (deal, body, error);

  if (revision == NULL)
    return FALSE;
  revision->state = DD_PROPOSAL_TABLED;
  revision->variant = dd_record_flag (body, "variant");
  revision->tabled_at = time;
  revision->ended_at = 0;
  revision->approved = revision->side == DD_SIDE_PROVIDER;
  deal->last_tabled = revision->revision;
  deal->state = DD_DEAL_NEGOTIATING;
  deal->changed |= DD_CHANGED_REVISIONS;
  return TRUE;
}

static gboolean
apply_proposal_ended (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = named_revision (deal, body, error);

  if (revision == NULL)
    return FALSE;
  revision->state = dd_record_word (body, "state", dd_proposal_state_from_name, revision->state);
  revision->ended_at = time;
  deal->changed |= DD_CHANGED_REVISIONS;
  return TRUE;
}

static gboolean
apply_extended (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = named_revision (deal, body, error);

  if (revision == NULL)
    return FALSE;
  revision->valid_until = dd_record_number (body, "validUntil");
  deal->changed |= DD_CHANGED_REVISIONS;
  return TRUE;
}

static gboolean
apply_asked (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdQuestionState *question = g_new0 (DdQuestionState, 1);

  question->number = (guint)dd_record_number (body, "number");
  question->side = dd_record_word (body, "side", dd_side_from_name, DD_SIDE_PROVIDER);
  question->on_line = dd_record_flag (body, "onLine");
  question->subject = dd_record_text (body, "subject");
  g_ptr_array_add (deal->questions, question);
  return TRUE;
}

static gboolean
apply_answered (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  gint64 number = dd_record_number (body, "number");

  if (number < 1 || number > deal->questions->len)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "an answer in D-%" G_GINT64_FORMAT " names no question",
                    deal->number);
  ((DdQuestionState *)g_ptr_array_index (deal->questions, number - 1))->answered = TRUE;
  return TRUE;
}

/* Said again, it changes nothing: the log has each time, and the state must not grow with them. */
static gboolean
apply_acknowledged (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  g_autofree char *clause = dd_record_text (body, "clause");
  g_autofree char *sha256 = dd_record_text (body, "sha256");
  g_autofree char *person = dd_record_text (body, "person");
  DdAcknowledgement *acknowledgement;

  for (guint i = 0; i < deal->acknowledgements->len; i++)
    {
      const DdAcknowledgement *given = g_ptr_array_index (deal->acknowledgements, i);

      if (g_strcmp0 (given->clause, clause) == 0 && g_strcmp0 (given->sha256, sha256) == 0 &&
          g_strcmp0 (given->person, person) == 0)
        return TRUE;
    }
  acknowledgement = g_new0 (DdAcknowledgement, 1);
  acknowledgement->clause = g_steal_pointer (&clause);
  acknowledgement->sha256 = g_steal_pointer (&sha256);
  acknowledgement->person = g_steal_pointer (&person);
  g_ptr_array_add (deal->acknowledgements, acknowledgement);
  return TRUE;
}

static gboolean
apply_agreed (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = named_revision (deal, body, error);

  if (revision == NULL)
    return FALSE;
  revision->state = DD_PROPOSAL_ACCEPTED;
  revision->ended_at = 0;
  revision->approved = TRUE;
  deal->accepted = revision->revision;
  deal->agreement = dd_record_text (body, "fingerprint");
  deal->state = DD_DEAL_AGREED;
  deal->changed |= DD_CHANGED_REVISIONS;
  return TRUE;
}

static gboolean
apply_reopened (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdRevision *revision = dd_deal_revision (deal, deal->accepted);

  deal->reopen_sides |= 1u << dd_record_word (body, "side", dd_side_from_name, DD_SIDE_PROVIDER);
  if (!dd_record_flag (body, "complete"))
    return TRUE;
  if (revision != NULL)
    {
      revision->state = DD_PROPOSAL_LAPSED;
      revision->ended_at = time;
    }
  deal->accepted = 0;
  deal->reopen_sides = 0;
  g_clear_pointer (&deal->agreement, g_free);
  g_ptr_array_set_size (deal->signatures, 0);
  deal->state = DD_DEAL_NEGOTIATING;
  deal->changed |= DD_CHANGED_REVISIONS;
  return TRUE;
}

static gboolean
apply_signed (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdSignature *signature = g_new0 (DdSignature, 1);

  signature->side = dd_record_word (body, "side", dd_side_from_name, DD_SIDE_PROVIDER);
  signature->person = dd_record_text (body, "person");
  signature->time = time;
  g_ptr_array_add (deal->signatures, signature);
  return TRUE;
}

static gboolean
apply_concluded (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  deal->state = DD_DEAL_SIGNED;
  return TRUE;
}

static gboolean
apply_order_confirmed (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  DdOrder *order = g_new0 (DdOrder, 1);

  order->id = dd_record_text (body, "id");
  order->key = dd_record_text (body, "key");
  order->document = dd_record_text (body, "document");
  order->state = DD_ORDER_PENDING;
  order->next_attempt = time;
  g_ptr_array_add (deal->orders, order);
  deal->changed |= DD_CHANGED_ORDERS;
  return TRUE;
}

static gboolean
apply_handoff_recorded (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  g_autofree char *id = dd_record_text (body, "order");
  DdOrder *order = id != NULL ? dd_deal_order (deal, id) : NULL;
  gboolean was_held;

  if (order == NULL)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "a handoff in D-%" G_GINT64_FORMAT " names no order",
                    deal->number);
  was_held = order->state == DD_ORDER_HELD;
  order->state = dd_record_word (body, "state", dd_order_state_from_name, order->state);
  order->attempts = (guint)dd_record_number (body, "attempts");
  order->next_attempt = dd_record_number (body, "nextAttempt");
  order->trying = dd_record_flag (body, "trying");
  order->released = was_held && order->state == DD_ORDER_PENDING;
  g_free (order->note);
  order->note = dd_record_text (body, "note");
  deal->changed |= DD_CHANGED_ORDERS;
  return TRUE;
}

static gboolean
apply_deal_ended (DdDeal *deal, const DdJsonNode *body, gint64 time, GError **error)
{
  deal->state = dd_record_word (body, "state", dd_deal_state_from_name, deal->state);
  return TRUE;
}

static const Apply apply_table[DD_N_EVENT_TYPES] = {
  [DD_EVENT_OPENED] = apply_opened,
  [DD_EVENT_DRAFTED] = apply_drafted,
  [DD_EVENT_APPROVAL_REQUESTED] = apply_approval_requested,
  [DD_EVENT_APPROVAL_DECIDED] = apply_approval_decided,
  [DD_EVENT_APPROVAL_CLOSED] = apply_approval_closed,
  [DD_EVENT_TABLED] = apply_tabled,
  [DD_EVENT_PROPOSAL_ENDED] = apply_proposal_ended,
  [DD_EVENT_EXTENDED] = apply_extended,
  [DD_EVENT_ASKED] = apply_asked,
  [DD_EVENT_ANSWERED] = apply_answered,
  [DD_EVENT_ACKNOWLEDGED] = apply_acknowledged,
  [DD_EVENT_AGREED] = apply_agreed,
  [DD_EVENT_REOPENED] = apply_reopened,
  [DD_EVENT_SIGNED] = apply_signed,
  [DD_EVENT_CONCLUDED] = apply_concluded,
  [DD_EVENT_ORDER_CONFIRMED] = apply_order_confirmed,
  [DD_EVENT_HANDOFF_RECORDED] = apply_handoff_recorded,
  [DD_EVENT_DEAL_ENDED] = apply_deal_ended,
};

gboolean
dd_deal_apply (DdDeal *deal, DdEventType type, const DdJsonNode *body, gint64 time, GError **error)
{
  if ((deal->version == 0) != (type == DD_EVENT_OPENED))
    return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                    "D-%" G_GINT64_FORMAT " must begin with being opened, once", deal->number);
  if (!apply_table[type](deal, body, time, error))
    return FALSE;
  deal->version++;
  deal->updated_at = time;
  return TRUE;
}
