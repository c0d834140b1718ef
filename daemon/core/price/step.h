/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a step of a sheet is of: its rule, label and source. Pure.
 */
#pragma once

#include "price/sheet.h"

G_BEGIN_DECLS

/* "percent-off", "open", "round", … */
const char *dd_step_kind_name (guint kind);

/* (nullable): the adjustment's rule; a spread has none, nor has a step that no adjustment makes. */
const char *dd_step_rule (const DdAnswers *answers, const DdStep *step);
/* (nullable): of an adjustment or a spread. */
const char *dd_step_label (const DdAnswers *answers, const DdStep *step);
/* The label of the dataset or of "line", or DD_NO_LABEL. @contract: the same of the price that is contracted
 * for the step's charge. */
guint32 dd_step_source (const DdAnswers *answers, const DdStep *step, guint32 contract);

G_END_DECLS
