/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an approval plugin answers, checked.
 */
#include "call.h"
#include "first-sizes.h"

#include <string.h>

#include "number/quoted.h"

#define MAX_REQUIREMENTS 1024
#define MAX_CANDIDATES   1024
#define MAX_LEVEL        1000

/* Of all requirements' candidates. */
#define MAX_CANDIDATE_BYTES (1U << 20)

static gboolean
candidate_is_sound (const char *text)
{
  return (g_str_has_prefix (text, "user:") && text[strlen ("user:")] != '\0') ||
         (g_str_has_prefix (text, "group:") && text[strlen ("group:")] != '\0');
}

static gboolean
check_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  if (call->requirements == NULL)
    dd_call_lie (call, "it asked for an approval, but approves nothing now");
  else if (requirement->size < DD_FIRST_REQUIREMENT_SIZE)
    dd_call_lie (call, "it gave a requirement of %u bytes, short of %u", requirement->size,
                 (guint)DD_FIRST_REQUIREMENT_SIZE);
  else if (call->requirements->len >= MAX_REQUIREMENTS)
    dd_call_lie (call, "it gave more than %d requirements", MAX_REQUIREMENTS);
  else if (requirement->level > MAX_LEVEL)
    dd_call_lie (call, "it gave a requirement at level %u, above %d", requirement->level, MAX_LEVEL);
  else if (requirement->need == 0)
    dd_call_lie (call, "it gave a requirement that needs nobody");
  else if (requirement->n_candidates == 0 || requirement->n_candidates > MAX_CANDIDATES)
    dd_call_lie (call, "it gave a requirement with %u candidates: 1 to %d are possible",
                 requirement->n_candidates, MAX_CANDIDATES);
  else if (dd_call_check_text (call, requirement->rule, "rule id") &&
           dd_call_check_text (call, requirement->measure, "measure") &&
           dd_call_check_text (call, requirement->value, "value") &&
           dd_call_check_text (call, requirement->limit, "limit"))
    return TRUE;
  return FALSE;
}

void
dd_call_add_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  if (call->lie != NULL || !check_requirement (call, requirement))
    return;

  DdRequirement *answer = dd_requirement_new ();

  g_ptr_array_add (call->requirements, answer);
  answer->plugin = g_strdup (call->plugin->id);
  answer->rule = g_strdup (requirement->rule);
  answer->measure = g_strdup (requirement->measure);
  answer->value = g_strdup (requirement->value);
  answer->limit = g_strdup (requirement->limit);
  answer->higher_is_worse = requirement->higher_is_worse != 0;
  answer->level = requirement->level;
  answer->need = requirement->need;
  for (guint i = 0; i < requirement->n_candidates; i++)
    {
      const char *candidate = requirement->candidates[i];

      if (!dd_call_check_text (call, candidate, "candidate") ||
          !dd_call_count_text (call, candidate, MAX_CANDIDATE_BYTES, "candidates"))
        return;
      if (!candidate_is_sound (candidate))
        {
          g_autofree char *quoted = dd_quote (candidate, -1);

          dd_call_lie (call, "rule %s gave the candidate %s, which is neither user:NAME nor group:NAME",
                       requirement->rule, quoted);
        }
      g_ptr_array_add (answer->candidates, g_strdup (candidate));
    }
}
