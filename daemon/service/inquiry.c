/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answering dd_decide()'s questions (see inquiry.h). From a job.
 *
 * The deal and the datasets' versions are read in one snapshot, once. Each round decides; what it asks is
 * answered from documents, which never change, and by plugins, outside of any snapshot. One round more, with
 * all answers, decides for good. Whether the deal moved meanwhile is for the writer to see.
 */
#include "inquiry.h"

#include "contents.h"
#include "pricing.h"

/* Price, requirements and the final decision take three; they count on when it is asked again for a state
 * that moved. */
#define MAX_ROUNDS 12

#define CUSTOMER_NAME 1

static void
set_parties (DdRequest *request, const DdDeal *deal)
{
  DdPartyNames *parties = &request->facts.parties;

  g_free (parties->provider);
  g_free (parties->customer_name);
  parties->provider = g_strdup (request->service->provider);
  parties->customer_name =
    g_strdup (dd_pins_text (request->pins, "customers", deal->customer, CUSTOMER_NAME));
  parties->development = request->service->development;
}

static gboolean
load_content (DdRequest *request, DdReader *reader, GError **error)
{
  const DdRevision *revision = dd_deal_revision (request->read, request->asked->content_revision);

  g_clear_pointer (&request->facts.proposal, dd_proposal_unref);
  g_clear_pointer (&request->facts.sheet, dd_sheet_unref);
  request->facts.proposal = dd_contents_proposal (reader, revision->proposal, TRUE, error);
  if (request->facts.proposal == NULL)
    return FALSE;
  request->facts.sheet = dd_contents_sheet (reader, request->facts.proposal, revision->sheet, error);
  if (request->facts.sheet == NULL)
    return FALSE;
  request->facts.revision = revision->revision;
  request->facts.has_content = TRUE;
  set_parties (request, request->read);
  return TRUE;
}

/* What is to be priced: the command's own proposal, or the request's lines. */
static gboolean
load_working (DdRequest *request, DdReader *reader, GError **error)
{
  g_clear_pointer (&request->working, dd_proposal_unref);
  if (request->command->proposal != NULL)
    request->working = dd_proposal_ref (request->command->proposal);
  else
    request->working = dd_contents_proposal (reader, request->read->request, FALSE, error);
  return request->working != NULL;
}

static gboolean
read_deal (DdReader *reader, gpointer data, GError **error)
{
  DdRequest *request = data;

  if (request->pins == NULL)
    request->pins = dd_pins_new (request->service, reader, error);
  if (request->pins == NULL)
    return FALSE;
  g_clear_pointer (&request->read, dd_deal_free);
  request->read = request->deal != 0 ? dd_reader_deal (reader, request->deal, error) : dd_deal_new (0);
  return request->read != NULL;
}

/* Documents never change: they need not be from the snapshot that the deal was read in. */
static gboolean
load_documents (DdReader *reader, gpointer data, GError **error)
{
  DdRequest *request = data;
  guint questions = request->asked->questions;

  if ((questions & DD_QUESTION_CONTENT) && !load_content (request, reader, error))
    return FALSE;
  return !(questions & DD_QUESTION_PRICE) || load_working (request, reader, error);
}

/* A command that brings its proposal needs nothing from the store to be priced. */
static gboolean
needs_store (const DdRequest *request)
{
  return (request->asked->questions & DD_QUESTION_CONTENT) ||
         ((request->asked->questions & DD_QUESTION_PRICE) && request->command->proposal == NULL);
}

static gboolean
price (DdRequest *request, GError **error)
{
  DdPricingRequest pricing = { .customer = request->read->customer,
                               .map = request->map,
                               .now = request->command->now,
                               .deal = request->deal };
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  g_clear_pointer (&request->working_sheet, dd_sheet_unref);
  request->working_sheet =
    dd_pricing_run (request->service, request->pins, &pricing, request->working, FALSE, error);
  if (request->working_sheet == NULL)
    return FALSE;

  dd_sheet_write (request->working_sheet, writer);
  g_clear_pointer (&request->facts.sheet_bytes, g_bytes_unref);
  request->facts.sheet_bytes = dd_json_writer_finish_bytes (writer);
  g_clear_pointer (&request->facts.proposal, dd_proposal_unref);
  request->facts.proposal = g_steal_pointer (&request->working);
  g_clear_pointer (&request->facts.sheet, dd_sheet_unref);
  request->facts.sheet = g_steal_pointer (&request->working_sheet);
  request->facts.revision = 0;
  request->facts.has_content = TRUE;
  set_parties (request, request->read);
  return TRUE;
}

/* The groups, today, of everybody whose approval may still stand. */
static GHashTable *
groups_of_approvers (const DdPins *pins, const DdDeal *deal)
{
  GHashTable *groups =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < deal->approvals->len; i++)
    {
      const DdStanding *standing = g_ptr_array_index (deal->approvals, i);

      if (!g_hash_table_contains (groups, standing->person))
        g_hash_table_insert (groups, g_strdup (standing->person), dd_pins_groups (pins, standing->person));
    }
  return groups;
}

static gboolean
require (DdRequest *request, GError **error)
{
  DdPricingRequest pricing = { .customer = request->read->customer,
                               .owner = request->read->owner,
                               .map = request->map,
                               .now = request->command->now,
                               .deal = request->deal };
  const char *requester = request->asked->requester;

  g_clear_pointer (&request->facts.requirements, g_ptr_array_unref);
  g_clear_pointer (&request->facts.measures, dd_measures_free);
  g_free (request->facts.requester);
  request->facts.requester = g_strdup (requester);
  request->facts.requirements =
    dd_pricing_requirements (request->service, request->pins, &pricing, request->facts.proposal,
                             request->facts.sheet, request->facts.requester, &request->facts.measures, error);
  g_clear_pointer (&request->facts.approvers, g_hash_table_unref);
  request->facts.approvers = groups_of_approvers (request->pins, request->read);
  return request->facts.requirements != NULL;
}

static gboolean
answer (DdRequest *request, GError **error)
{
  guint questions = request->asked->questions;

  if (needs_store (request))
    {
      if (!dd_store_read_here (request->service->store, load_documents, request, error))
        return FALSE;
    }
  else if (!load_documents (NULL, request, error))
    return FALSE;
  if ((questions & DD_QUESTION_PRICE) && !price (request, error))
    return FALSE;
  if ((questions & DD_QUESTION_REQUIREMENTS) && !require (request, error))
    return FALSE;
  if (questions & DD_QUESTION_GROUPS)
    {
      g_clear_pointer (&request->facts.groups, g_ptr_array_unref);
      request->facts.groups = dd_pins_groups (request->pins, request->command->actor);
    }
  return TRUE;
}

gboolean
dd_inquiry_run (DdRequest *request, GError **error)
{
  g_clear_pointer (&request->decision, dd_decision_free);
  if (!dd_store_read_here (request->service->store, read_deal, request, error))
    return FALSE;
  for (; request->rounds < MAX_ROUNDS; request->rounds++)
    {
      g_clear_pointer (&request->asked, dd_decision_free);
      request->asked = dd_decide (request->read, request->command, &request->facts, error);
      if (request->asked == NULL)
        return FALSE;
      if (request->asked->questions == 0)
        {
          request->decision = g_steal_pointer (&request->asked);
          request->decided_version = request->read->version;
          return TRUE;
        }
      if (!answer (request, error))
        return FALSE;
    }
  return dd_fail (error, DD_ERROR_CONFLICT,
                  "the deal or a dataset changed again and again while this was decided; try it again");
}
