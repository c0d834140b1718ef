/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gate: nothing beyond standing authority leaves.
 *
 * The one function that lets a provider's tabling or acceptance pass. It fails closed: without
 * requirements that were computed for this content and this requester it only asks. What people approved
 * before counts for what it covers (authority/standing.h), and each step says whether it did. Pure.
 */
#include "deal/move.h"

#include <string.h>

#define OWNER "role:owner"

gboolean
dd_gate_wrote (
  const DdDeal *deal, guint revision, const char *requester, const char *recorder, const char *person)
{
  if (g_strcmp0 (requester, person) == 0 || g_strcmp0 (recorder, person) == 0)
    return TRUE;
  for (guint i = MIN (deal->last_approved + 1, revision); i <= MIN (revision, deal->revisions->len); i++)
    {
      const DdRevision *written = dd_deal_revision (deal, i);
      gboolean counts = written->side == DD_SIDE_PROVIDER || i == revision;

      if (counts && g_strcmp0 (written->recorder, person) == 0)
        return TRUE;
      if (written->side == DD_SIDE_PROVIDER && g_strcmp0 (written->author, person) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether @person wrote a provider's revision after the one that they approved, or called for who did:
 * somebody else's approval of that one doesn't revive theirs. */
static gboolean
wrote_since (const DdDeal *deal, const DdStanding *standing)
{
  for (guint i = standing->revision + 1; i <= deal->revisions->len; i++)
    {
      const DdRevision *written = dd_deal_revision (deal, i);

      if (written->side == DD_SIDE_PROVIDER && (g_strcmp0 (written->author, standing->person) == 0 ||
                                                g_strcmp0 (written->recorder, standing->person) == 0))
        return TRUE;
    }
  return FALSE;
}

/* The revision that is asked about: of new content the one that it will be. */
static guint
asked_revision (const DdMove *move)
{
  return move->facts->revision != 0 ? move->facts->revision : move->deal->revisions->len + 1;
}

/* Why @standing doesn't cover @step; NULL: it does. (transfer full) (nullable) */
static char *
why_not (const DdMove *move,
         const char *requester,
         GHashTable *measures,
         const DdRequirement *step,
         const DdStanding *standing)
{
  const GPtrArray *groups = g_hash_table_lookup (move->facts->approvers, standing->person);

  if (!dd_requirement_has_candidate (step, standing->person, groups))
    return g_strdup ("may not decide this");
  if (wrote_since (move->deal, standing) ||
      dd_gate_wrote (move->deal, asked_revision (move), requester, move->command->recorder, standing->person))
    return g_strdup ("wrote or asked for what came after");

  return dd_standing_worse (standing, step, measures);
}

static gboolean
has_decided (const DdRequirement *step, const char *person)
{
  for (guint i = 0; i < step->decisions->len; i++)
    if (g_str_equal (((DdApprovalDecision *)g_ptr_array_index (step->decisions, i))->person, person))
      return TRUE;
  return FALSE;
}

/* Lets earlier approvals count for @step, and notes what they did or why they don't: the newest speaks. */
static void
apply_standing (const DdMove *move, const char *requester, GHashTable *measures, DdRequirement *step)
{
  const GPtrArray *approvals = move->deal->approvals;

  for (guint i = approvals->len; i > 0; i--)
    {
      const DdStanding *standing = g_ptr_array_index (approvals, i - 1);
      g_autofree char *reason = NULL;

      if (!dd_standing_concerns (standing, step) || has_decided (step, standing->person))
        continue;
      reason = why_not (move, requester, measures, step, standing);
      if (reason == NULL)
        {
          const DdApprovalDecision decision = {
            .person = standing->person,
            .approved = TRUE,
            .time = standing->time,
            .standing = standing->revision,
          };

          dd_requirement_decide (step, &decision);
        }
      if (step->note == NULL || reason == NULL)
        {
          g_free (step->note);
          step->note = reason == NULL
                         ? g_strdup_printf ("not asked again: %s approved revision %u, and nothing is worse",
                                            standing->person, standing->revision)
                         : g_strdup_printf ("asked again: %s approved revision %u, but %s", standing->person,
                                            standing->revision, reason);
        }
    }
}

/* Who the owner is may change, so a request names the person. */
static void
name_owner (const DdDeal *deal, GPtrArray *people)
{
  for (guint i = 0; i < people->len; i++)
    if (deal->owner != NULL && g_str_equal (g_ptr_array_index (people, i), OWNER))
      {
        g_free (people->pdata[i]);
        people->pdata[i] = g_strconcat ("user:", deal->owner, NULL);
      }
}

static GPtrArray *
make_steps (const DdMove *move, const char *requester)
{
  const GPtrArray *requirements = move->facts->requirements;
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_requirement_free);
  g_autoptr (GHashTable) measures = NULL;

  if (move->facts->approvers != NULL && move->facts->measures != NULL)
    measures = dd_standing_index (move->facts->measures->list);
  for (guint i = 0; i < requirements->len; i++)
    {
      DdRequirement *step = dd_requirement_copy (g_ptr_array_index (requirements, i));

      g_ptr_array_add (steps, step);
      name_owner (move->deal, step->candidates);
      name_owner (move->deal, step->informed);
      if (measures != NULL)
        apply_standing (move, requester, measures, step);
    }
  return steps;
}

gboolean
dd_gate (DdMove *move, const char *requester, DdGate *out_gate, GError **error)
{
  gboolean met = TRUE;

  if (move->facts->requirements == NULL || g_strcmp0 (move->facts->requester, requester) != 0)
    {
      move->decision->questions |= DD_QUESTION_REQUIREMENTS;
      g_free (move->decision->requester);
      move->decision->requester = g_strdup (requester);
      *out_gate = DD_GATE_ASK;
      return TRUE;
    }
  g_clear_pointer (&move->decision->steps, g_ptr_array_unref);
  move->decision->steps = make_steps (move, requester);
  for (guint i = 0; i < move->decision->steps->len; i++)
    {
      const DdRequirement *step = g_ptr_array_index (move->decision->steps, i);

      if (!dd_requirement_can_be_met (step))
        return dd_fail (
          error, DD_ERROR_NO_AUTHORITY,
          "rule %s asks for more approvals of %s than its candidates can give; correct the rule", step->rule,
          step->measure);
      met = met && dd_requirement_met (step);
    }
  *out_gate = met ? DD_GATE_PASS : DD_GATE_REQUEST;
  return TRUE;
}
