/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gate: nothing beyond standing authority leaves.
 *
 * The one function that lets a provider's tabling or acceptance pass. It fails closed: without
 * requirements that were computed for this content and this requester it only asks. Pure.
 */
#include "deal/move.h"

DdGate
dd_gate (DdMove *move, const char *requester)
{
  const DdFacts *facts = move->facts;

  if (facts->requirements == NULL || g_strcmp0 (facts->requester, requester) != 0)
    {
      move->decision->questions |= DD_QUESTION_REQUIREMENTS;
      g_free (move->decision->requester);
      move->decision->requester = g_strdup (requester);
      return DD_GATE_ASK;
    }
  return facts->requirements->len == 0 ? DD_GATE_PASS : DD_GATE_REQUEST;
}
