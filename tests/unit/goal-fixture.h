/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Goals that are looked for in a deal, for the tests of price/goal.h.
 */
#pragma once

#include "price-fixture.h"

#include "price/goal.h"

static inline const DdPriceLine *
lines_of (const Deal *deal)
{
  return (const DdPriceLine *)(gconstpointer)deal->lines->data;
}

static inline void
add_cost (Deal *deal, const char *cost)
{
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros (cost));
}

static inline DdGoalResult *
find (const Deal *deal, DdGoalKind kind, gint64 value)
{
  g_autoptr (GError) error = NULL;
  DdGoal goal = { .kind = kind, .currency = EUR, .value = value };
  DdGoalResult *result = NULL;
  gboolean found = dd_goal_find (lines_of (deal), deal->lines->len, deal->answers, &goal, &result, &error);

  g_assert_no_error (error);
  g_assert_true (found);
  return result;
}

static inline gint64
discount_at (const DdGoalResult *result, guint charge)
{
  return g_array_index (result->discounts, gint64, charge);
}

static inline gint64
net_at (const DdGoalResult *result, guint charge)
{
  return sheet_result (result->sheet, charge)->net;
}
