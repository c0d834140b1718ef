/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stacking: how the rules of one stage change one charge.
 *
 * Groups come one after the other, in the order that order.c put them in. A group opens at the running value;
 * its lowest override becomes that value first. Under add, everything counts from the opening value and is
 * summed exactly, so that each step shows the exact sum so far, rounded once. Where amounts are plain, for
 * one unit in the charge's currency, a fixed divisor serves; the others are added as fractions. Pure.
 */
#include "price/pricing.h"

static const DdAdjustment *
rule_at (const DdRun *run, guint32 place)
{
  return &run->pricing->adjustments[run->pricing->order[place]];
}

/* Whether the group opened high enough for the rule. */
static inline gboolean
takes_part (const DdRun *run, const DdAdjustment *rule)
{
  return G_LIKELY (rule->threshold == 0) || run->opening >= rule->threshold;
}

/* Costs, mark-ups, floors and taxes lie among the rules, but are no part of stacking. */
static inline gboolean
stacks (const DdRun *run, const DdAdjustment *rule)
{
  return takes_part (run, rule) && (rule->kind < DD_ADJUST_UNIT_OVERRIDE || rule->kind == DD_ADJUST_FACTOR);
}

/* Most percentages are whole thousandths of a percent; without the zeros products stay in 64 bits. */
static inline gboolean
scale (gint64 value, DdWide factor, gint64 *out, GError **error)
{
  if (G_LIKELY (factor == (gint64)factor && (gint64)factor % 10000 == 0))
    return dd_divide ((DdWide)value * ((gint64)factor / 10000), DD_NANOS / 10000, out, error);
  return dd_divide ((DdWide)value * factor, DD_NANOS, out, error);
}

static inline gboolean
is_amount (const DdAdjustment *rule)
{
  return rule->kind >= DD_ADJUST_UNIT_OFF && rule->kind <= DD_ADJUST_UNIT_OVERRIDE;
}

/* What @rule, an amount that needn't be plain, adds. */
static gboolean
add_amount (const DdRun *run, const DdAdjustment *rule, DdFraction *sum, GError **error)
{
  DdFraction amount;

  if (!dd_run_rule_amount (run, rule, run->units, &amount, error))
    return FALSE;
  if (rule->kind == DD_ADJUST_UNIT_OFF || rule->kind == DD_ADJUST_LINE_OFF)
    amount.numerator = -amount.numerator;
  return dd_fraction_add (sum, amount, error);
}

static gboolean
apply_amount (const DdRun *run, const DdAdjustment *rule, gint64 value, gint64 *out_after, GError **error)
{
  DdFraction after = { rule->kind == DD_ADJUST_UNIT_OVERRIDE ? 0 : value, 1 };

  return add_amount (run, rule, &after, error) && dd_fraction_round (after, out_after, error);
}

static inline gboolean
apply_rule (const DdRun *run, const DdAdjustment *rule, gint64 value, gint64 *out_after, GError **error)
{
  if (G_UNLIKELY (!run->plain) && is_amount (rule))
    return apply_amount (run, rule, value, out_after, error);
  switch ((DdAdjustKind)rule->kind)
    {
    case DD_ADJUST_PERCENT_OFF:
      return scale (value, DD_NANOS - rule->value, out_after, error);
    case DD_ADJUST_PERCENT_ON:
      return scale (value, (DdWide)DD_NANOS + rule->value, out_after, error);
    case DD_ADJUST_UNIT_OFF:
      return dd_divide ((DdWide)value * DD_MICROS - (DdWide)rule->value * run->units, DD_MICROS, out_after,
                        error);
    case DD_ADJUST_UNIT_ON:
      return dd_divide ((DdWide)value * DD_MICROS + (DdWide)rule->value * run->units, DD_MICROS, out_after,
                        error);
    case DD_ADJUST_LINE_OFF:
      return dd_checked_subtract (value, rule->value, out_after, error);
    case DD_ADJUST_LINE_ON:
      return dd_checked_add (value, rule->value, out_after, error);
    case DD_ADJUST_UNIT_OVERRIDE:
      return dd_divide ((DdWide)rule->value * run->units, DD_MICROS, out_after, error);
    default: /* DD_ADJUST_FACTOR: no other kind stacks */
      return scale (value, rule->value, out_after, error);
    }
}

/* What @rule adds to @opening, as a numerator over DD_NANOS. */
static inline gboolean
contribution (const DdRun *run, const DdAdjustment *rule, gint64 opening, DdWide *out_term, GError **error)
{
  gboolean off = FALSE;
  DdWide term = 0;

  switch ((DdAdjustKind)rule->kind)
    {
    case DD_ADJUST_PERCENT_OFF:
      off = TRUE;
      G_GNUC_FALLTHROUGH;
    case DD_ADJUST_PERCENT_ON:
      term = (DdWide)opening * rule->value;
      break;
    case DD_ADJUST_UNIT_OFF:
      off = TRUE;
      G_GNUC_FALLTHROUGH;
    case DD_ADJUST_UNIT_ON:
      term = (DdWide)rule->value * run->units;
      /* Anything larger is beyond the range anyway, and could not be scaled up. */
      term = dd_numerator_sane (term) ? term * (DD_NANOS / DD_MICROS) : DD_NUMERATOR_LIMIT;
      break;
    case DD_ADJUST_LINE_OFF:
      off = TRUE;
      G_GNUC_FALLTHROUGH;
    case DD_ADJUST_LINE_ON:
      term = (DdWide)rule->value * DD_NANOS;
      break;
    default: /* DD_ADJUST_FACTOR: no other kind stacks */
      term = (DdWide)opening * ((DdWide)rule->value - DD_NANOS);
    }
  if (!dd_numerator_sane (term))
    return dd_fail (error, DD_ERROR_OVERFLOW, "an adjustment left the exact range");
  *out_term = off ? -term : term;
  return TRUE;
}

/* Adds @rule to @sum, whose divisor is DD_NANOS where amounts are plain. */
static inline gboolean
add_rule (const DdRun *run,
          const DdAdjustment *rule,
          gint64 opening,
          DdFraction *sum,
          gint64 *out_after,
          GError **error)
{
  DdWide term = 0;

  if (G_LIKELY (run->plain))
    {
      if (!contribution (run, rule, opening, &term, error))
        return FALSE;
      sum->numerator += term;
      return dd_divide (sum->numerator, DD_NANOS, out_after, error);
    }
  if (is_amount (rule) ? !add_amount (run, rule, sum, error)
                       : !contribution (run, rule, opening, &term, error) ||
                           !dd_fraction_add (sum, (DdFraction){ term, DD_NANOS }, error))
    return FALSE;
  return dd_fraction_round (*sum, out_after, error);
}

static gboolean
fail_negative (const DdRun *run, const DdAdjustment *rule, gint64 after, GError **error)
{
  const char *label = dd_answers_text (run->pricing->answers, rule->label);
  g_autofree char *amount = run->result->rate ? dd_decimal_format (after, DD_NANOS_SCALE, 0)
                                              : dd_money_format (after, run->charge->currency);

  return dd_pricing_fail (run->pricing, run->index, DD_ERROR_INVALID_ARGUMENT, error,
                          "%s (%s, stage %s) would bring it to %s; a price can't be below zero",
                          label != NULL ? label : "an adjustment",
                          dd_adjust_kind_name ((DdAdjustKind)rule->kind),
                          dd_stage_name ((DdStage)rule->stage), amount);
}

static inline gboolean
take_rule (DdRun *run, guint32 place, gint64 after, GError **error)
{
  const DdAdjustment *rule = rule_at (run, place);

  if (G_UNLIKELY (after < 0))
    return fail_negative (run, rule, after, error);
  return dd_run_step (run, run->pricing->order[place], (DdStage)rule->stage, rule->kind, after, error);
}

static gboolean
apply_override (DdRun *run, guint32 begin, guint32 end, GError **error)
{
  guint32 lowest = end;
  gint64 lowest_after = 0;
  gint64 after = 0;

  for (guint32 place = begin; place < end; place++)
    {
      const DdAdjustment *rule = rule_at (run, place);

      if (rule->kind != DD_ADJUST_UNIT_OVERRIDE || !takes_part (run, rule))
        continue;
      /* Where amounts aren't plain only what they come to can be compared. */
      if (run->plain)
        after = rule->value;
      else if (!apply_rule (run, rule, run->value, &after, error))
        return FALSE;
      if (lowest == end || after < lowest_after)
        {
          lowest = place;
          lowest_after = after;
        }
    }
  return lowest == end || (apply_rule (run, rule_at (run, lowest), run->value, &after, error) &&
                           take_rule (run, lowest, after, error));
}

static gboolean
apply_compound (DdRun *run, guint32 begin, guint32 end, GError **error)
{
  gint64 after = 0;

  for (guint32 place = begin; place < end; place++)
    {
      const DdAdjustment *rule = rule_at (run, place);

      if (stacks (run, rule) &&
          (!apply_rule (run, rule, run->value, &after, error) || !take_rule (run, place, after, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_added (DdRun *run, guint32 begin, guint32 end, GError **error)
{
  gint64 opening = run->value;
  DdFraction sum = { (DdWide)opening * DD_NANOS, DD_NANOS };
  const DdAdjustment *last = rule_at (run, begin);

  for (guint32 place = begin; place < end; place++)
    {
      const DdAdjustment *rule = rule_at (run, place);
      gint64 after = 0;

      if (!stacks (run, rule))
        continue;
      if (!add_rule (run, rule, opening, &sum, &after, error) ||
          !dd_run_step (run, run->pricing->order[place], (DdStage)rule->stage, rule->kind, after, error))
        return FALSE;
      last = rule;
    }
  /* Within the sum it may dip below zero; what comes out may not. */
  if (run->value < 0)
    return fail_negative (run, last, run->value, error);
  return TRUE;
}

static gboolean
apply_best (DdRun *run, guint32 begin, guint32 end, GError **error)
{
  guint32 best_place = end;
  gint64 best = 0;

  for (guint32 place = begin; place < end; place++)
    {
      const DdAdjustment *rule = rule_at (run, place);
      gint64 after = 0;

      if (!stacks (run, rule))
        continue;
      if (!apply_rule (run, rule, run->value, &after, error))
        return FALSE;
      if (best_place == end || after < best)
        {
          best_place = place;
          best = after;
        }
    }
  return best_place == end || take_rule (run, best_place, best, error);
}

/* A rule by itself is the same in every mode. */
static inline gboolean
apply_single (DdRun *run, guint32 place, GError **error)
{
  const DdAdjustment *rule = rule_at (run, place);
  gint64 after = 0;

  if (!stacks (run, rule) && (rule->kind != DD_ADJUST_UNIT_OVERRIDE || !takes_part (run, rule)))
    return TRUE;
  return apply_rule (run, rule, run->value, &after, error) && take_rule (run, place, after, error);
}

static gboolean
apply_group (DdRun *run, DdStage stage, guint32 begin, guint32 end, GError **error)
{
  const DdAdjustment *first = rule_at (run, begin);
  guint mode = first->mode;

  if (first->group == DD_NO_LABEL)
    mode = stage == DD_STAGE_PROMOTION ? DD_GROUP_BEST : DD_GROUP_COMPOUND;
  if (!apply_override (run, begin, end, error))
    return FALSE;
  if (mode == DD_GROUP_ADD)
    return apply_added (run, begin, end, error);
  return mode == DD_GROUP_BEST ? apply_best (run, begin, end, error)
                               : apply_compound (run, begin, end, error);
}

gboolean
dd_run_stage (DdRun *run, DdStage stage, guint32 *place, guint32 end, GError **error)
{
  guint32 begin = *place;

  while (begin < end && rule_at (run, begin)->stage == stage)
    {
      const DdAdjustment *first = rule_at (run, begin);
      guint32 group_end = begin + 1;

      while (group_end < end && rule_at (run, group_end)->stage == stage &&
             rule_at (run, group_end)->group == first->group)
        group_end++;
      run->opening = run->value;
      if (group_end - begin == 1 ? !apply_single (run, begin, error)
                                 : !apply_group (run, stage, begin, group_end, error))
        return FALSE;
      begin = group_end;
    }
  *place = begin;
  return TRUE;
}
