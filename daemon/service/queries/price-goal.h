/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Price's option "goal": the discount that reaches a total or a margin, and what stops it. Pure.
 */
#pragma once

#include "deal/proposal.h"
#include "json/writer.h"
#include "price/goal.h"

G_BEGIN_DECLS

typedef struct _DdPriceGoal DdPriceGoal;

/* @text: "total=EUR 250000", "margin=22%", "margin=EUR 22%". (transfer full) (nullable) */
DdPriceGoal *dd_price_goal_read (const char *text, GError **error);
void dd_price_goal_free (DdPriceGoal *goal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdPriceGoal, dd_price_goal_free)

/* Looks for it on @sheet, @proposal's without a discount to reach it, and puts the sheet with the discount in
 * its place. A margin that names no currency is of the offer's. It computes some forty sheets: in a job. */
gboolean dd_price_goal_find (DdPriceGoal *goal, const DdProposal *proposal, DdSheet **sheet, GError **error);

/* "goal" of the object that is open in @writer; after dd_price_goal_find(). */
void dd_price_goal_write (const DdPriceGoal *goal, const DdProposal *proposal, DdJsonWriter *writer);

G_END_DECLS
