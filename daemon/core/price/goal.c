/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The discount that reaches a goal (see goal.h): bisection over whole sheets.
 *
 * The sheet without a discount says which charges can move, and how far: each one's limit is the largest
 * percentage that keeps its floor, and doesn't depend on the others, since nothing before negotiated does.
 * A discount then is a rule for each, of the discount or the limit, whichever is smaller. Everything is
 * computed from that sheet's own answers, whose charges are cut into contract years already. Pure.
 */
#include "price/goal.h"

#include "price/pricing.h"

/* Behind every other rule of its stage; of rules of this priority, behind every id in letters and digits. */
#define RULE_PRIORITY G_MAXINT32
#define RULE_ID       "~goal"
#define RULE_LABEL    "Discount to reach the goal"

/* The limit of a charge that doesn't move. */
#define FIXED -1

typedef struct
{
  const DdPriceLine *lines;
  guint n_lines;
  const DdGoal *goal;
  gint64 target;  /* the goal's value; when a total can't be reached, the nearest that can */
  DdSheet *base;  /* without a discount */
  gint64 *limits; /* nanos, one a charge of the base's answers; or FIXED */
} Search;

/* A discount that was tried. */
typedef struct
{
  gint64 steps;   /* of DD_GOAL_STEP */
  DdSheet *sheet; /* NULL: refused */
  GError *error;
} Trial;

void
dd_goal_result_free (DdGoalResult *result)
{
  if (result == NULL)
    return;
  g_free (result->refusal);
  g_array_unref (result->discounts);
  g_array_unref (result->stops);
  dd_sheet_unref (result->sheet);
  g_free (result);
}

static void
trial_clear (Trial *trial)
{
  g_clear_pointer (&trial->sheet, dd_sheet_unref);
  g_clear_error (&trial->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trial, trial_clear)

static void
trial_take (Trial *trial, Trial *from)
{
  trial_clear (trial);
  *trial = *from;
  *from = (Trial){ 0 };
}

static const DdCharge *
charge_at (const Search *search, guint32 index)
{
  return &g_array_index (search->base->answers->charges, DdCharge, index);
}

static const DdChargeResult *
result_at (const DdSheet *sheet, guint32 index)
{
  return &g_array_index (sheet->results, DdChargeResult, index);
}

/* Whether the charge is one of those that the goal is about. */
static gboolean
concerns (const Search *search, guint32 index)
{
  const DdCharge *charge = charge_at (search, index);
  guint action = search->lines[charge->line].action;

  return result_at (search->base, index)->counted &&
         dd_currency_equal (charge->currency, search->goal->currency) &&
         (action == DD_ACTION_ADD || action == DD_ACTION_MODIFY);
}

/* What the discount comes off: after all of negotiated, before it is rounded to the minor unit. */
static gint64
value_before (const DdSheet *sheet, guint32 index)
{
  const DdChargeResult *result = result_at (sheet, index);
  const DdStep *steps = &g_array_index (sheet->steps, DdStep, result->first_step);
  gint64 value = 0;

  for (guint32 i = 0; i < result->n_steps && steps[i].stage <= DD_STAGE_NEGOTIATED; i++)
    {
      if (steps[i].kind == DD_STEP_ROUND || steps[i].kind == DD_STEP_INSTALLED)
        break;
      value = steps[i].after;
    }
  return value;
}

/* As the engine does it. It can't overflow: rounded, the value was in range, and it falls. */
static gint64
value_after (gint64 value, gint64 discount, gint64 minor)
{
  DdWide after = dd_wide_divide_rounded ((DdWide)value * (DD_NANOS - discount), DD_NANOS);

  return (gint64)(dd_wide_divide_rounded (after, minor) * minor);
}

/* The largest discount that keeps @floor. */
static gint64
limit_of (gint64 value, gint64 floor, gint64 minor)
{
  gint64 kept = 0;
  gint64 beyond = DD_NANOS + 1;

  while (beyond - kept > 1)
    {
      gint64 middle = kept + (beyond - kept) / 2;

      if (value_after (value, middle, minor) >= floor)
        kept = middle;
      else
        beyond = middle;
    }
  return kept;
}

/* Returns the fewest steps that bring every charge to its limit. */
static gint64
find_limits (Search *search)
{
  guint32 n_charges = search->base->results->len;
  gint64 minor = dd_currency_minor_micros (search->goal->currency);
  gint64 largest = 0;

  search->limits = g_new (gint64, MAX (n_charges, 1));
  for (guint32 i = 0; i < n_charges; i++)
    {
      const DdChargeResult *result = result_at (search->base, i);

      search->limits[i] = FIXED;
      if (!concerns (search, i) || result->rate || charge_at (search, i)->mode == DD_TIER_SHARE)
        continue;
      search->limits[i] = limit_of (value_before (search->base, i), result->floor, minor);
      largest = MAX (largest, search->limits[i]);
    }
  return largest / DD_GOAL_STEP + (largest % DD_GOAL_STEP != 0);
}

static gint64
discount_of (const Search *search, guint32 index, gint64 discount)
{
  return search->limits[index] == FIXED ? 0 : MIN (discount, search->limits[index]);
}

static void
add_rules (const Search *search, DdAnswers *answers, gint64 discount)
{
  DdAdjustment rule = {
    .id = dd_answers_label (answers, RULE_ID),
    .label = dd_answers_label (answers, RULE_LABEL),
    .source = DD_NO_LABEL,
    .group = DD_NO_LABEL,
    .priority = RULE_PRIORITY,
    .stage = DD_STAGE_NEGOTIATED,
    .kind = DD_ADJUST_PERCENT_OFF,
    .currency = search->goal->currency,
  };

  for (guint32 i = 0; i < search->base->results->len; i++)
    {
      rule.charge = i;
      rule.value = discount_of (search, i, discount);
      if (rule.value > 0)
        g_array_append_val (answers->adjustments, rule);
    }
}

static void
try_discount (const Search *search, gint64 steps, Trial *out_trial)
{
  DdAnswers *answers;

  *out_trial = (Trial){ .steps = steps };
  if (steps == 0)
    {
      out_trial->sheet = dd_sheet_ref (search->base);
      return;
    }
  answers = dd_answers_copy (search->base->answers);
  add_rules (search, answers, steps * DD_GOAL_STEP);
  out_trial->sheet = dd_sheet_compute (search->lines, search->n_lines, answers, &out_trial->error);
}

static const DdDealFigures *
find_figures (const DdSheet *sheet, DdCurrency currency)
{
  for (guint i = 0; i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);

      if (dd_currency_equal (figures->currency, currency))
        return figures;
    }
  return NULL;
}

/* What @sheet comes to, in the goal's terms. */
static gint64
measure (const Search *search, const DdSheet *sheet)
{
  const DdDealFigures *figures = find_figures (sheet, search->goal->currency);

  return search->goal->kind == DD_GOAL_TOTAL ? figures->contract_value : figures->margin;
}

/* Whether the discount has come to where the goal turns: a total is reached, a margin lost. What has no price
 * is beyond. */
static gboolean
is_turned (const Search *search, const Trial *trial)
{
  gint64 value;

  if (trial->sheet == NULL)
    return TRUE;
  value = measure (search, trial->sheet);
  return search->goal->kind == DD_GOAL_TOTAL ? value <= search->target : value < search->target;
}

/* Between @before, not turned, and @turned, which is, until they are neighbours. */
static void
bisect (const Search *search, Trial *before, Trial *turned)
{
  while (turned->steps - before->steps > 1)
    {
      g_auto (Trial) trial = { 0 };

      try_discount (search, before->steps + (turned->steps - before->steps) / 2, &trial);
      trial_take (is_turned (search, &trial) ? turned : before, &trial);
    }
}

static void
add_stop (GArray *stops, guint32 charge, DdGoalStopReason reason)
{
  DdGoalStop stop = { .charge = charge, .reason = reason };

  g_array_append_val (stops, stop);
}

/* Rounding may bring it there before its limit does. */
static gboolean
is_at_floor (const Search *search, const DdGoalResult *result, guint32 index)
{
  const DdChargeResult *priced = result_at (result->sheet, index);
  gint64 limit = search->limits[index];

  return (limit <= result->discount && limit < DD_NANOS) ||
         (priced->floor > 0 && priced->negotiated <= priced->floor);
}

/* Returns whether any charge is at its floor. */
static gboolean
find_stops (const Search *search, DdGoalResult *result)
{
  gboolean at_floor = FALSE;

  for (guint32 i = 0; i < search->base->results->len; i++)
    {
      gint64 discount = discount_of (search, i, result->discount);

      g_array_append_val (result->discounts, discount);
      if (!concerns (search, i))
        continue;
      if (result_at (search->base, i)->rate)
        add_stop (result->stops, i, DD_GOAL_STOP_RATE);
      else if (search->limits[i] == FIXED)
        add_stop (result->stops, i, DD_GOAL_STOP_SHARE);
      else if (is_at_floor (search, result, i))
        {
          add_stop (result->stops, i, DD_GOAL_STOP_FLOOR);
          at_floor = TRUE;
        }
    }
  return at_floor;
}

static DdGoalResult *
make_result (const Search *search, const Trial *trial, DdGoalOutcome outcome)
{
  DdGoalResult *result = g_new0 (DdGoalResult, 1);

  result->outcome = outcome;
  result->discount = trial->steps * DD_GOAL_STEP;
  result->sheet = dd_sheet_ref (trial->sheet);
  result->discounts = g_array_new (FALSE, FALSE, sizeof (gint64));
  result->stops = g_array_new (FALSE, FALSE, sizeof (DdGoalStop));
  if (outcome != DD_GOAL_NO_CURRENCY && outcome != DD_GOAL_NO_COST)
    result->reached = measure (search, trial->sheet);
  if (!find_stops (search, result) && outcome == DD_GOAL_AT_FLOORS)
    result->outcome = DD_GOAL_FIXED;
  return result;
}

/* The smallest discount that brings a total to what @most, all that has an effect, brings it to; @most itself
 * where the one that bisection comes to is refused. */
static DdGoalResult *
come_near (Search *search, Trial *none, const Trial *most)
{
  g_auto (Trial) turned = { .steps = most->steps, .sheet = dd_sheet_ref (most->sheet) };

  search->target = measure (search, most->sheet);
  if (is_turned (search, none))
    return make_result (search, none, DD_GOAL_AT_FLOORS);
  bisect (search, none, &turned);
  return make_result (search, turned.sheet != NULL ? &turned : most, DD_GOAL_AT_FLOORS);
}

/* Of the discounts from @none, which isn't turned, to the largest with an effect. */
static DdGoalResult *
search_up_to (Search *search, Trial *none, gint64 largest)
{
  gboolean total = search->goal->kind == DD_GOAL_TOTAL;
  g_auto (Trial) turned = { 0 };
  DdGoalResult *result;

  try_discount (search, largest, &turned);
  if (!is_turned (search, &turned))
    return total ? come_near (search, none, &turned) : make_result (search, &turned, DD_GOAL_REACHED);
  bisect (search, none, &turned);
  if (total && turned.sheet != NULL)
    return make_result (search, &turned, DD_GOAL_REACHED);
  result = make_result (search, none, total ? DD_GOAL_REFUSED : DD_GOAL_REACHED);
  result->refusal = turned.error != NULL ? g_strdup (turned.error->message) : NULL;
  return result;
}

static DdGoalResult *
run_search (Search *search)
{
  gboolean total = search->goal->kind == DD_GOAL_TOTAL;
  const DdDealFigures *figures = find_figures (search->base, search->goal->currency);
  gint64 largest = find_limits (search);
  g_auto (Trial) none = { 0 };

  try_discount (search, 0, &none);
  if (figures == NULL)
    return make_result (search, &none, DD_GOAL_NO_CURRENCY);
  if (!total && figures->margin == G_MININT64)
    return make_result (search, &none, DD_GOAL_NO_COST);
  if (is_turned (search, &none))
    return make_result (search, &none, total ? DD_GOAL_MET_WITHOUT : DD_GOAL_BELOW_MARGIN);
  return search_up_to (search, &none, largest);
}

gboolean
dd_goal_find (const DdPriceLine *lines,
              guint n_lines,
              const DdAnswers *answers,
              const DdGoal *goal,
              DdGoalResult **out_result,
              GError **error)
{
  g_autoptr (DdSheet) base = NULL;
  Search search = { .lines = lines, .n_lines = n_lines, .goal = goal, .target = goal->value };

  if (goal->kind == DD_GOAL_MARGIN && goal->value > DD_NANOS)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a margin can't be beyond 100%%");
  base = dd_sheet_compute (lines, n_lines, dd_answers_copy (answers), error);
  if (base == NULL)
    return FALSE;
  search.base = base;
  *out_result = run_search (&search);
  g_free (search.limits);
  return TRUE;
}
