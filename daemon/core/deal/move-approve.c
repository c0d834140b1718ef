/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * approve and refuse: a candidate decides on exactly what was read; the last approval performs the requested
 * move in the same append. Any thread.
 */
#include "deal/move.h"

#include "deal/record.h"

static const DdApprovalRequest *
find_request (DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  const DdRevision *revision = dd_transition_revision (move, error);
  const DdApprovalRequest *request =
    revision != NULL ? dd_deal_request_for (move->deal, revision->revision) : NULL;

  if (revision == NULL)
    return NULL;
  if (request == NULL)
    {
      dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "revision %u of D-%" G_GINT64_FORMAT " waits for no approval",
               revision->revision, move->deal->number);
      return NULL;
    }
  if (g_strcmp0 (command->sheet, request->sheet) != 0)
    {
      dd_fail (error, DD_ERROR_CONFLICT,
               "the decision names another price sheet than revision %u's; read it again and decide then",
               revision->revision);
      return NULL;
    }
  if (dd_gate_wrote (move->deal, request->revision, request->requester, request->recorder, command->actor))
    {
      dd_fail (error, DD_ERROR_NO_AUTHORITY,
               "%s wrote, requested or recorded revision %u, and nobody approves what they wrote",
               command->actor, revision->revision);
      return NULL;
    }
  return request;
}

static gboolean
decided_already (const DdRequirement *requirement, const char *person)
{
  for (guint i = 0; i < requirement->decisions->len; i++)
    if (g_str_equal (((DdApprovalDecision *)g_ptr_array_index (requirement->decisions, i))->person, person))
      return TRUE;
  return FALSE;
}

/* The steps that the command decides; (transfer container), NULL with an error when there are none. */
static GPtrArray *
decidable_steps (DdMove *move, const DdApprovalRequest *request, GError **error)
{
  const DdCommand *command = move->command;
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_autoptr (GString) others = g_string_new (NULL);

  if (command->step > request->steps->len)
    {
      dd_fail (error, DD_ERROR_NOT_FOUND, "the request on revision %u has no step %u; it has %u",
               request->revision, command->step, request->steps->len);
      return NULL;
    }
  for (guint i = 0; i < request->steps->len; i++)
    {
      DdRequirement *step = g_ptr_array_index (request->steps, i);
      if (command->step != 0 && command->step != step->step)
        continue;
      if (dd_requirement_open (request, step) && !decided_already (step, command->actor) &&
          dd_requirement_has_candidate (step, command->actor, move->facts->groups))
        g_ptr_array_add (steps, step);
      else if (!dd_requirement_met (step))
        for (guint k = 0; k < step->candidates->len; k++)
          g_string_append_printf (others, "%s%s", others->len > 0 ? ", " : "",
                                  (char *)g_ptr_array_index (step->candidates, k));
    }
  if (steps->len > 0)
    return g_steal_pointer (&steps);
  dd_fail (error, DD_ERROR_NO_AUTHORITY, "no open step on revision %u is %s's to decide; candidates are %s",
           request->revision, command->actor, others->len > 0 ? others->str : "none any more");
  return NULL;
}

static void
emit_decisions (DdMove *move, const DdApprovalRequest *request, const GPtrArray *steps, gboolean approved)
{
  move->decision->revision = request->revision;
  move->decision->decided = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < steps->len; i++)
    {
      const DdRequirement *step = g_ptr_array_index (steps, i);
      DdJsonWriter *body = dd_json_writer_new ();

      g_array_append_val (move->decision->decided, step->step);
      dd_json_write_begin_object (body);
      dd_record_put_flag (body, "approved", approved);
      dd_json_put_string (body, "person", move->command->actor);
      dd_json_put_string (body, "reason", move->command->text);
      dd_json_put_int64 (body, "revision", request->revision);
      dd_json_put_string (body, "sheet", request->sheet);
      dd_json_put_int64 (body, "step", step->step);
      dd_emit (move, DD_EVENT_APPROVAL_DECIDED, body);
    }
}

/* Whether @request is met once the actor approved @steps. */
static gboolean
completes (const DdMove *move, const DdApprovalRequest *request, const GPtrArray *steps)
{
  for (guint i = 0; i < request->steps->len; i++)
    {
      const DdRequirement *step = g_ptr_array_index (request->steps, i);
      gboolean decided = g_ptr_array_find ((GPtrArray *)steps, step, NULL);

      if (!dd_requirement_met_with (step, decided ? move->command->actor : NULL))
        return FALSE;
    }
  return TRUE;
}

static gboolean
perform (DdMove *move, const DdApprovalRequest *request, GError **error)
{
  const DdRevision *revision = dd_deal_revision (move->deal, request->revision);

  if (revision->valid_until != 0 && revision->valid_until <= move->command->now)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "revision %u is no longer valid, so its approval would perform nothing",
                    revision->revision);
  if (request->kind == DD_REQUEST_ACCEPT)
    {
      dd_emit_request_closed (move, request, "approved", DD_PROPOSAL_TABLED, TRUE);
      dd_emit_agreed (move, revision);
      return TRUE;
    }
  dd_emit_request_closed (move, request, "approved", DD_PROPOSAL_DRAFT, TRUE);
  dd_emit_tabled (move, revision->revision, revision->side, revision->answers, request->variant);
  return TRUE;
}

gboolean
dd_move_approve (DdMove *move, GError **error)
{
  const DdApprovalRequest *request = find_request (move, error);
  g_autoptr (GPtrArray) steps = NULL;

  if (request == NULL)
    return FALSE;
  if (move->facts->groups == NULL)
    {
      move->decision->questions |= DD_QUESTION_GROUPS;
      return TRUE;
    }
  steps = decidable_steps (move, request, error);
  if (steps == NULL)
    return FALSE;
  emit_decisions (move, request, steps, TRUE);
  return !completes (move, request, steps) || perform (move, request, error);
}

gboolean
dd_move_refuse (DdMove *move, GError **error)
{
  const DdApprovalRequest *request = find_request (move, error);
  g_autoptr (GPtrArray) steps = NULL;

  if (request == NULL)
    return FALSE;
  if (move->command->text == NULL || move->command->text[0] == '\0')
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a refusal needs its reason");
  if (move->facts->groups == NULL)
    {
      move->decision->questions |= DD_QUESTION_GROUPS;
      return TRUE;
    }
  steps = decidable_steps (move, request, error);
  if (steps == NULL)
    return FALSE;
  emit_decisions (move, request, steps, FALSE);
  dd_emit_request_closed (move, request, "refused",
                          request->kind == DD_REQUEST_TABLE ? DD_PROPOSAL_REFUSED : DD_PROPOSAL_TABLED,
                          FALSE);
  return TRUE;
}
