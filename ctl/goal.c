/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What --goal came to (see goal.h). One thread.
 */
#include "goal.h"
#include "fault.h"
#include "i18n.h"
#include "shapes.h"
#include "text.h"

#include <string.h>

/* "at its floor, EUR 300.00" */
static char *
format_reason (const DdJsonNode *row)
{
  const char *reason = ctl_shape_text (row, "reason");

  if (g_str_equal (reason, "floor"))
    return g_strdup_printf (_ ("at its floor, %s"), ctl_shape_text (row, "floor"));
  if (g_str_equal (reason, "rate"))
    return g_strdup (_ ("usage: no volume is known, so it is in no total"));
  if (g_str_equal (reason, "share"))
    return g_strdup (_ ("a share: it follows other charges"));
  return g_strdup (reason);
}

const CtlField ctl_goal_fields[] = {
  { "kind", NULL, CTL_CELL_TEXT, NULL },     { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "wanted", NULL, CTL_CELL_TEXT, NULL },   { "outcome", NULL, CTL_CELL_TEXT, NULL },
  { "discount", NULL, CTL_CELL_TEXT, NULL }, { "reached", NULL, CTL_CELL_TEXT, NULL },
  { "refusal", NULL, CTL_CELL_TEXT, NULL },  CTL_FIELD_END,
};

static const CtlField stop_fields[] = {
  { "line", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "charge", N_ ("Charge"), CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, ctl_shape_years },
  { "lastYear", NULL, CTL_CELL_NUMBER, NULL },
  { "discount", N_ ("Its discount"), CTL_CELL_TEXT, NULL },
  { "reason", N_ ("Why no more"), CTL_CELL_PROSE, format_reason },
  { "floor", NULL, CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

const CtlSection ctl_goal_stops = { "stops", NULL, CTL_SHAPE_ROWS, stop_fields, NULL, NULL };

/* The same for people, of the member alone. */
static const CtlSection stop_sections[] = {
  { "stops", N_ ("What doesn't get all of the discount, or any more"), CTL_SHAPE_ROWS, stop_fields, NULL,
    NULL },
  CTL_SECTION_END,
};

gboolean
ctl_goal_check (const char *text, GError **error)
{
  static const char *const known[] = { "total=", "margin=" };

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (known); i++)
    if (g_str_has_prefix (text, known[i]) && text[strlen (known[i])] != '\0')
      return TRUE;
  return text == NULL ||
         ctl_usage (error, _ ("--goal “%s”: it should look like total=\"EUR 250000\" or margin=22%%"), text);
}

/* An outcome as a sentence. */
typedef struct
{
  const char *kind; /* (nullable): of both */
  const char *outcome;
  gboolean reached;
  char *(*say) (const DdJsonNode *goal, const char *reached);
} Outcome;

static const char *
discount_of (const DdJsonNode *goal)
{
  return ctl_shape_text (goal, "discount");
}

static const char *
wanted_of (const DdJsonNode *goal)
{
  return ctl_shape_text (goal, "wanted");
}

static char *
say_total (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (_ ("A discount of %s brings the total to %s; at most %s was wanted."),
                          discount_of (goal), reached, wanted_of (goal));
}

static char *
say_total_met (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (_ ("The total is %s without a discount; at most %s was wanted."), reached,
                          wanted_of (goal));
}

static char *
say_floors (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (_ ("A total of %s can't be reached: floors end it at %s, with a discount of %s."),
                          wanted_of (goal), reached, discount_of (goal));
}

static char *
say_fixed (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (
    _ ("A total of %s can't be reached: %s is left that no discount moves, with one of %s."),
    wanted_of (goal), reached, discount_of (goal));
}

static char *
say_refused (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (
    _ ("A total of %s can't be reached: beyond a discount of %s, which comes to %s, there is no price: %s"),
    wanted_of (goal), discount_of (goal), reached, ctl_shape_text (goal, "refusal"));
}

static char *
say_margin (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (_ ("A discount of %s leaves a margin of %s; at least %s was wanted."),
                          discount_of (goal), reached, wanted_of (goal));
}

static char *
say_below_margin (const DdJsonNode *goal, const char *reached)
{
  if (*reached == '\0')
    return g_strdup_printf (
      _ ("A margin of %s can't be reached: there are costs and no value, without a discount."),
      wanted_of (goal));
  /* Rounded, it may look like the one that was wanted. */
  if (g_str_equal (reached, wanted_of (goal)))
    reached = ctl_shape_text (goal, "reached");
  return g_strdup_printf (_ ("A margin of %s can't be reached: it is %s without a discount."),
                          wanted_of (goal), reached);
}

static char *
say_no_currency (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (_ ("There is nothing to look for: no charge is in %s."),
                          ctl_shape_text (goal, "currency"));
}

static char *
say_no_cost (const DdJsonNode *goal, const char *reached)
{
  return g_strdup_printf (_ ("There is no margin: no charge in %s that counts has a cost."),
                          ctl_shape_text (goal, "currency"));
}

static const Outcome outcomes[] = {
  { "total", "reached", TRUE, say_total },      { "margin", "reached", TRUE, say_margin },
  { NULL, "met-without", TRUE, say_total_met }, { NULL, "below-margin", FALSE, say_below_margin },
  { NULL, "at-floors", FALSE, say_floors },     { NULL, "fixed", FALSE, say_fixed },
  { NULL, "refused", FALSE, say_refused },      { NULL, "no-currency", FALSE, say_no_currency },
  { NULL, "no-cost", FALSE, say_no_cost },
};

/* (nullable): one that a newer daemon knows */
static const Outcome *
outcome_of (const DdJsonNode *goal)
{
  const char *outcome = ctl_shape_text (goal, "outcome");
  const char *kind = ctl_shape_text (goal, "kind");

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_str_equal (outcomes[i].outcome, outcome) &&
        (outcomes[i].kind == NULL || g_str_equal (outcomes[i].kind, kind)))
      return &outcomes[i];
  return NULL;
}

gboolean
ctl_goal_print (const DdJsonNode *goal, GError **error)
{
  const Outcome *outcome = outcome_of (goal);
  g_autofree char *reached = ctl_cell_format (CTL_CELL_PERCENT, dd_json_member (goal, "reached"), TRUE);
  g_autofree char *sentence =
    outcome == NULL ? g_strdup (ctl_shape_text (goal, "outcome")) : outcome->say (goal, reached);
  g_autofree char *clean = ctl_text_clean (sentence);
  g_autofree char *line = g_strconcat (clean, "\n\n", NULL);

  return ctl_run_print_text (line, error);
}

gboolean
ctl_goal_print_stops (CtlRun *run, const DdJsonNode *goal, GError **error)
{
  g_autoptr (GString) stops = g_string_new (NULL);

  ctl_output_text (stop_sections, goal, &run->style, stops);
  if (stops->len > 0)
    g_string_prepend_c (stops, '\n');
  return stops->len == 0 || ctl_run_print_text (stops->str, error);
}

gboolean
ctl_goal_reached (const DdJsonNode *goal, GError **error)
{
  const Outcome *outcome = outcome_of (goal);

  return (outcome != NULL && outcome->reached) ||
         dd_fail (error, DD_ERROR_FAILED, _ ("--goal: no discount reaches %s"),
                  ctl_shape_text (goal, "wanted"));
}
