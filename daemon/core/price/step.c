/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a step is of (see step.h). Pure.
 */
#include "price/step.h"

const char *
dd_step_kind_name (guint kind)
{
  static const char *const own[] = { "open", "minimum", "maximum", "round", "installed", "contract" };

  G_STATIC_ASSERT (G_N_ELEMENTS (own) == DD_N_STEP_KINDS - DD_STEP_OPEN);
  return kind < DD_N_ADJUST_KINDS ? dd_adjust_kind_name (kind) : own[kind - DD_STEP_OPEN];
}

const char *
dd_step_rule (const DdAnswers *answers, const DdStep *step)
{
  if (step->adjustment == DD_NO_ADJUSTMENT || step->stage == DD_STAGE_SPREAD)
    return NULL;
  return dd_answers_text (answers, g_array_index (answers->adjustments, DdAdjustment, step->adjustment).id);
}

const char *
dd_step_label (const DdAnswers *answers, const DdStep *step)
{
  if (step->adjustment == DD_NO_ADJUSTMENT)
    return NULL;
  if (step->stage == DD_STAGE_SPREAD)
    return dd_answers_text (answers, g_array_index (answers->spreads, DdSpread, step->adjustment).label);
  return dd_answers_text (answers,
                          g_array_index (answers->adjustments, DdAdjustment, step->adjustment).label);
}

guint32
dd_step_source (const DdAnswers *answers, const DdStep *step, guint32 contract)
{
  if (step->adjustment != DD_NO_ADJUSTMENT)
    return step->stage == DD_STAGE_SPREAD
             ? DD_NO_LABEL
             : g_array_index (answers->adjustments, DdAdjustment, step->adjustment).source;
  if (step->kind == DD_STEP_CONTRACT)
    return contract;
  return step->stage == DD_STAGE_BASE ? g_array_index (answers->charges, DdCharge, step->charge).source
                                      : DD_NO_LABEL;
}
