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

#define MAX_GOVERNED 16384

/* Of all requirements' candidates and informed. */
#define MAX_CANDIDATE_BYTES (1U << 20)

/* Of all requirements. */
#define MAX_ALL_GOVERNED   65536
#define MAX_GOVERNED_BYTES (8U << 20)

/* "user:NAME", "group:NAME" or "role:NAME". */
static gboolean
candidate_is_sound (const char *text)
{
  static const char *const kinds[] = { "user:", "group:", "role:" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (text, kinds[i]) && text[strlen (kinds[i])] != '\0')
      return TRUE;
  return FALSE;
}

static gboolean
check_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  if (call->requirements->len >= MAX_REQUIREMENTS)
    dd_call_lie (call, "it gave more than %d requirements", MAX_REQUIREMENTS);
  else if (requirement->level > MAX_LEVEL)
    dd_call_lie (call, "it gave a requirement at level %u, above %d", requirement->level, MAX_LEVEL);
  else if (requirement->need == 0)
    dd_call_lie (call, "it gave a requirement that needs nobody");
  else if (requirement->n_candidates == 0 || requirement->n_candidates > MAX_CANDIDATES)
    dd_call_lie (call, "it gave a requirement with %u candidates: 1 to %d are possible",
                 requirement->n_candidates, MAX_CANDIDATES);
  else if (requirement->n_informed > MAX_CANDIDATES)
    dd_call_lie (call, "it gave a requirement that %u are to be informed of: %d are possible",
                 requirement->n_informed, MAX_CANDIDATES);
  else if (requirement->n_governed > MAX_GOVERNED)
    dd_call_lie (call, "it gave a requirement that governs %u measures: %d are possible",
                 requirement->n_governed, MAX_GOVERNED);
  else if (dd_call_check_text (call, requirement->rule, "rule id") &&
           dd_call_check_text (call, requirement->measure, "measure") &&
           dd_call_check_text (call, requirement->value, "value") &&
           dd_call_check_text (call, requirement->limit, "limit") &&
           (requirement->subject == NULL || dd_call_check_text (call, requirement->subject, "subject")))
    return TRUE;
  return FALSE;
}

static gboolean
take_people (DealdeskCall *call, const char *rule, const char *const *people, guint n, GPtrArray *taken)
{
  for (guint i = 0; i < n; i++)
    {
      const char *candidate = people[i];

      if (!dd_call_check_text (call, candidate, "candidate") ||
          !dd_call_count_text (call, candidate, MAX_CANDIDATE_BYTES, "candidates"))
        return FALSE;
      if (!candidate_is_sound (candidate))
        {
          g_autofree char *quoted = dd_quote (candidate, -1);

          dd_call_lie (call,
                       "rule %s gave the candidate %s, which is none of user:NAME, group:NAME, role:NAME",
                       rule, quoted);
          return FALSE;
        }
      g_ptr_array_add (taken, g_strdup (candidate));
    }
  return TRUE;
}

/* "" is how a plugin sees what isn't there. */
static const char *
or_null (const char *text)
{
  return text[0] != '\0' ? text : NULL;
}

/* What doesn't fit isn't copied: the caller says so. */
static void
govern (DealdeskCall *call, const DealdeskMeasure *given, DdWorse worse, GPtrArray *governed)
{
  DdMeasure measure = {
    .name = given->name,
    .value = given->value,
    .percent = given->percent != 0,
    .subject = or_null (given->subject),
    .text = or_null (given->text),
  };

  memcpy (measure.currency.code, given->currency, sizeof measure.currency.code);
  call->governed_bytes += strlen (given->subject) + strlen (given->text);
  if (call->governed_bytes <= MAX_GOVERNED_BYTES)
    g_ptr_array_add (governed, dd_governed_new (&measure, worse));
}

/* Without a word of it: every measure of that name and subject. */
static void
govern_named (DealdeskCall *call, const DealdeskRequirement *requirement, GPtrArray *governed)
{
  const DealdeskApprovalInput *input = &call->approval;
  const char *subject = requirement->subject != NULL ? requirement->subject : "";
  DdWorse worse = requirement->higher_is_worse != 0 ? DD_WORSE_HIGHER : DD_WORSE_LOWER;

  for (guint i = 0; i < input->n_measures; i++)
    {
      const DealdeskMeasure *measure = dealdesk_measure (input, i);

      if (g_str_equal (measure->name, requirement->measure) && g_str_equal (measure->subject, subject))
        govern (call, measure, worse, governed);
    }
}

static gboolean
take_governed (DealdeskCall *call, const DealdeskRequirement *requirement, GPtrArray *governed)
{
  const DealdeskApprovalInput *input = &call->approval;

  for (guint i = 0; i < requirement->n_governed; i++)
    {
      const DealdeskGoverned *given = &requirement->governed[i];

      if (given->measure >= input->n_measures || given->worse >= DD_N_WORSE)
        {
          dd_call_lie (call,
                       "rule %s governs measure %u, worse when %u: there are %u measures, and directions 0 "
                       "to %d",
                       requirement->rule, given->measure, given->worse, input->n_measures, DD_N_WORSE - 1);
          return FALSE;
        }
      govern (call, dealdesk_measure (input, given->measure), (DdWorse)given->worse, governed);
    }
  if (governed->len == 0)
    govern_named (call, requirement, governed);
  call->n_governed += governed->len;
  if (call->n_governed <= MAX_ALL_GOVERNED && call->governed_bytes <= MAX_GOVERNED_BYTES)
    return TRUE;
  dd_call_lie (call, "its requirements govern more than %d measures, or %u MiB of texts", MAX_ALL_GOVERNED,
               MAX_GOVERNED_BYTES >> 20);
  return FALSE;
}

static void
take_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  DdRequirement *answer = dd_requirement_new ();

  g_ptr_array_add (call->requirements, answer);
  answer->plugin = g_strdup (call->plugin->id);
  answer->rule = g_strdup (requirement->rule);
  answer->measure = g_strdup (requirement->measure);
  answer->subject = g_strdup (requirement->subject != NULL ? or_null (requirement->subject) : NULL);
  answer->value = g_strdup (requirement->value);
  answer->limit = g_strdup (requirement->limit);
  answer->higher_is_worse = requirement->higher_is_worse != 0;
  answer->level = requirement->level;
  answer->need = requirement->need;
  if (take_people (call, requirement->rule, requirement->candidates, requirement->n_candidates,
                   answer->candidates) &&
      take_people (call, requirement->rule, requirement->informed, requirement->n_informed, answer->informed))
    take_governed (call, requirement, answer->governed);
}

void
dd_call_add_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  DealdeskRequirement known = { 0 };

  if (call->lie != NULL)
    return;
  if (call->requirements == NULL)
    {
      dd_call_lie (call, "it asked for an approval, but approves nothing now");
      return;
    }
  if (requirement->size < DD_FIRST_REQUIREMENT_SIZE)
    {
      dd_call_lie (call, "it gave a requirement of %u bytes, short of %u", requirement->size,
                   (guint)DD_FIRST_REQUIREMENT_SIZE);
      return;
    }
  memcpy (&known, requirement, MIN (requirement->size, sizeof known));
  if (check_requirement (call, &known))
    take_requirement (call, &known);
}
