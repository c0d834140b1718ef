/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gate: nothing beyond standing authority leaves.
 *
 * The one function that lets a provider's tabling or acceptance pass. It fails closed: without
 * requirements that were computed for this content and this requester it only asks. Pure.
 */
#include "deal/move.h"

gboolean
dd_gate (DdMove *move, const char *requester, DdGate *out_gate, GError **error)
{
  const GPtrArray *requirements = move->facts->requirements;

  if (requirements == NULL || g_strcmp0 (move->facts->requester, requester) != 0)
    {
      move->decision->questions |= DD_QUESTION_REQUIREMENTS;
      g_free (move->decision->requester);
      move->decision->requester = g_strdup (requester);
      *out_gate = DD_GATE_ASK;
      return TRUE;
    }
  for (guint i = 0; i < requirements->len; i++)
    {
      const DdRequirement *requirement = g_ptr_array_index (requirements, i);
      if (!dd_requirement_can_be_met (requirement))
        return dd_fail (
          error, DD_ERROR_NO_AUTHORITY,
          "rule %s asks for more approvals of %s than its candidates can give; correct the rule",
          requirement->rule, requirement->measure);
    }
  *out_gate = requirements->len == 0 ? DD_GATE_PASS : DD_GATE_REQUEST;
  return TRUE;
}
