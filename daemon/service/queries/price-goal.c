/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The discount that reaches a goal, as Price answers it (see price-goal.h). Pure.
 */
#include "queries/price-goal.h"

#include "queries/queries.h"

#include <string.h>

#define TOTAL  "total="
#define MARGIN "margin="

struct _DdPriceGoal
{
  DdGoal asked;         /* its currency "" while it is the offer's */
  DdGoalResult *result; /* (nullable) until found */
};

void
dd_price_goal_free (DdPriceGoal *goal)
{
  if (goal == NULL)
    return;
  dd_goal_result_free (goal->result);
  g_free (goal);
}

static gboolean
read_total (const char *text, DdGoal *out_goal, GError **error)
{
  DdMoney money;

  if (!dd_money_parse (text, &money, error))
    return FALSE;
  *out_goal = (DdGoal){ .kind = DD_GOAL_TOTAL, .currency = money.currency, .value = money.micros };
  return TRUE;
}

/* "22%", or "EUR 22%". */
static gboolean
read_margin (const char *text, DdGoal *out_goal, GError **error)
{
  DdGoal goal = { .kind = DD_GOAL_MARGIN };
  const char *space = strchr (text, ' ');
  const char *percent = space == NULL ? text : space + 1;

  if (space != NULL)
    {
      g_autofree char *code = g_strndup (text, (gsize)(space - text));

      if (!dd_currency_parse (code, &goal.currency, error))
        return FALSE;
    }
  if (!g_str_has_suffix (percent, "%"))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "a margin is a percentage, with its sign, such as 22%%");
  if (!dd_percent_parse (percent, &goal.value, error))
    return FALSE;
  if (goal.value > DD_NANOS)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a margin can't be beyond 100%%");
  *out_goal = goal;
  return TRUE;
}

DdPriceGoal *
dd_price_goal_read (const char *text, GError **error)
{
  g_autoptr (DdPriceGoal) goal = g_new0 (DdPriceGoal, 1);
  gboolean good;

  if (g_str_has_prefix (text, TOTAL))
    good = read_total (text + strlen (TOTAL), &goal->asked, error);
  else if (g_str_has_prefix (text, MARGIN))
    good = read_margin (text + strlen (MARGIN), &goal->asked, error);
  else
    good = dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "it should look like total=EUR 250000 or margin=22%%");
  if (!good)
    g_prefix_error (error, "goal “%.60s”: ", text);
  return good ? g_steal_pointer (&goal) : NULL;
}

/* An offer that says no currency is in that of its charges, where they are all in one. */
static gboolean
settle_currency (DdGoal *goal, const DdProposal *proposal, const DdSheet *sheet, GError **error)
{
  if (goal->currency.code[0] != '\0')
    return TRUE;
  if (proposal->currency.code[0] != '\0')
    goal->currency = proposal->currency;
  else if (sheet->figures->len == 1)
    goal->currency = g_array_index (sheet->figures, DdDealFigures, 0).currency;
  else
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "goal: the offer names no currency, so say of which the margin is: margin=EUR 22%%");
  return TRUE;
}

gboolean
dd_price_goal_find (DdPriceGoal *goal, const DdProposal *proposal, DdSheet **sheet, GError **error)
{
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);

  if (!settle_currency (&goal->asked, proposal, *sheet, error) ||
      !dd_goal_find ((const DdPriceLine *)(void *)lines->data, lines->len, (*sheet)->answers, &goal->asked,
                     &goal->result, error))
    return FALSE;
  dd_sheet_unref (*sheet);
  *sheet = dd_sheet_ref (goal->result->sheet);
  return TRUE;
}

/* A total is money, a margin a percentage. */
static void
put_measure (DdJsonWriter *writer, const char *key, const DdGoal *goal, gint64 value)
{
  if (goal->kind == DD_GOAL_TOTAL)
    dd_put_money (writer, key, value, goal->currency);
  else
    dd_put_percent (writer, key, value);
}

static const char *
outcome_name (DdGoalOutcome outcome)
{
  static const char *const names[] = {
    [DD_GOAL_REACHED] = "reached",
    [DD_GOAL_MET_WITHOUT] = "met-without",
    [DD_GOAL_BELOW_MARGIN] = "below-margin",
    [DD_GOAL_AT_FLOORS] = "at-floors",
    [DD_GOAL_FIXED] = "fixed",
    [DD_GOAL_REFUSED] = "refused",
    [DD_GOAL_NO_CURRENCY] = "no-currency",
    [DD_GOAL_NO_COST] = "no-cost",
  };

  return names[outcome];
}

static const char *
reason_name (DdGoalStopReason reason)
{
  static const char *const names[] = {
    [DD_GOAL_STOP_FLOOR] = "floor",
    [DD_GOAL_STOP_RATE] = "rate",
    [DD_GOAL_STOP_SHARE] = "share",
  };

  return names[reason];
}

static void
write_stop (DdJsonWriter *writer,
            const DdGoalResult *result,
            const DdProposal *proposal,
            const DdGoalStop *stop)
{
  const DdAnswers *answers = result->sheet->answers;
  const DdCharge *charge = &g_array_index (answers->charges, DdCharge, stop->charge);
  const DdChargeResult *priced = &g_array_index (result->sheet->results, DdChargeResult, stop->charge);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "charge", dd_answers_text (answers, charge->id));
  dd_put_percent (writer, "discount", g_array_index (result->discounts, gint64, stop->charge));
  if (charge->first_year != 0)
    dd_json_put_int64 (writer, "firstYear", charge->first_year);
  if (stop->reason == DD_GOAL_STOP_FLOOR)
    dd_put_money (writer, "floor", priced->floor, charge->currency);
  if (charge->last_year != 0)
    dd_json_put_int64 (writer, "lastYear", charge->last_year);
  dd_json_put_string (writer, "line",
                      ((const DdLine *)g_ptr_array_index (proposal->lines, charge->line))->id);
  dd_json_put_string (writer, "reason", reason_name (stop->reason));
  dd_json_write_end_object (writer);
}

/* Nothing was measured of a currency without a charge, or of charges without a cost; and costs without any
 * value have no margin. */
static gboolean
has_reached (const DdPriceGoal *goal)
{
  const DdGoalResult *result = goal->result;

  return result->outcome != DD_GOAL_NO_CURRENCY && result->outcome != DD_GOAL_NO_COST &&
         (goal->asked.kind == DD_GOAL_TOTAL || result->reached != -G_MAXINT64);
}

void
dd_price_goal_write (const DdPriceGoal *goal, const DdProposal *proposal, DdJsonWriter *writer)
{
  const DdGoalResult *result = goal->result;

  dd_json_write_key (writer, "goal");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "currency", goal->asked.currency.code);
  dd_put_percent (writer, "discount", result->discount);
  dd_json_put_string (writer, "kind", goal->asked.kind == DD_GOAL_TOTAL ? "total" : "margin");
  dd_json_put_string (writer, "outcome", outcome_name (result->outcome));
  if (has_reached (goal))
    put_measure (writer, "reached", &goal->asked, result->reached);
  dd_put_text (writer, "refusal", result->refusal);
  dd_json_write_key (writer, "stops");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < result->stops->len; i++)
    write_stop (writer, result, proposal, &g_array_index (result->stops, DdGoalStop, i));
  dd_json_write_end_array (writer);
  put_measure (writer, "wanted", &goal->asked, goal->asked.value);
  dd_json_write_end_object (writer);
}
