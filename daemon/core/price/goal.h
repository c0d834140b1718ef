/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The discount that reaches a goal: "what may we give, for the whole to come to EUR 500000?"
 *
 * One percentage comes off every charge that can move: of the goal's currency, on a counted line that adds or
 * modifies, no usage rate and no share of other charges. It is the last rule of stage negotiated, on top of
 * what the lines negotiate already. A charge whose floor it would undercut gets the part of it that keeps the
 * floor. Shares follow what they're a share of. Exact and deterministic: it is found by computing whole
 * sheets. Pure; any thread.
 */
#pragma once

#include "price/sheet.h"

G_BEGIN_DECLS

/* 0.0001%: what discounts that are looked for are multiples of. */
#define DD_GOAL_STEP (DD_NANOS / 1000000)

typedef enum
{
  DD_GOAL_TOTAL, /* a contract value, micros */
  DD_GOAL_MARGIN /* of the charges with a cost, nanos of their value, as in DdDealFigures */
} DdGoalKind;

typedef struct
{
  DdGoalKind kind;
  DdCurrency currency;
  gint64 value;
} DdGoal;

typedef enum
{
  DD_GOAL_REACHED,
  DD_GOAL_MET_WITHOUT,  /* a total: the contract value is at or below it without any discount */
  DD_GOAL_BELOW_MARGIN, /* a margin: it is below the goal without any discount */
  DD_GOAL_AT_FLOORS,    /* a total: above it with all that floors let go */
  DD_GOAL_FIXED,        /* a total: above it at 100%, for what is left can't move: shares' fees and minimums,
                         * spread surcharges */
  DD_GOAL_REFUSED,      /* a total: a rule refuses the discount that it needs; see refusal */
  DD_GOAL_NO_CURRENCY,  /* no charge is in the goal's currency */
  DD_GOAL_NO_COST,      /* a margin: no counted charge of the currency has a cost */
} DdGoalOutcome;

typedef enum
{
  DD_GOAL_STOP_FLOOR, /* it is at its floor, or was below */
  DD_GOAL_STOP_RATE,  /* a usage rate: its volume isn't known, so it is no part of a contract value */
  DD_GOAL_STOP_SHARE  /* it follows the charges that it is a share of */
} DdGoalStopReason;

typedef struct
{
  guint32 charge; /* index, among the sheet's answers */
  DdGoalStopReason reason;
} DdGoalStop;

typedef struct
{
  DdGoalOutcome outcome;
  gint64 discount;   /* nanos, a multiple of DD_GOAL_STEP; 0 where there is nothing to look for */
  gint64 reached;    /* micros of a total, nanos of a margin: what the sheet comes to; 0 with NO_CURRENCY, and
                      * NO_COST */
  char *refusal;     /* (nullable): why the next step of the discount has no price */
  GArray *discounts; /* gint64, nanos, one a charge of the sheet: the discount, or less at a floor, or 0 */
  GArray *stops;     /* DdGoalStop, in order of charge: counted charges of the currency on lines that add or
                      * modify that don't get all of the discount, or any further one */
  DdSheet *sheet;    /* with the discount */
} DdGoalResult;

/**
 * dd_goal_find:
 * @lines: the proposal's lines, in order
 * @answers: (transfer none): what the plugins said
 * @out_result: (out) (transfer full)
 *
 * For a total, the smallest discount at which the contract value is at or below it: amounts are whole minor
 * units, so a little less than a round percentage often does. For a margin, the largest at which it is at or
 * above; once every charge is at its floor, or free, no larger one. Where the goal can't be reached, the
 * result is the smallest discount that comes nearest, and the outcome says why.
 *
 * Value and margin fall as the discount grows, and then there is one such discount. Three things can make
 * them rise on the way: a share's threshold no longer reached, rules added up to more than 100% off a share,
 * and how a spread falls among lines of different length. Then the discount is one of those on
 * which the goal turns: the next step, of a total the one before, is on its other side.
 *
 * It takes about twenty computations, and forty where floors end it. The sheet's answers are cut into
 * contract years (see dd_sheet_compute()); with its own discounts a charge of each class of years reaches its
 * own floor.
 *
 * Errors: DD_ERROR_INVALID_ARGUMENT (a margin beyond 100%), and those of dd_sheet_compute() without a
 * discount. Returns: FALSE with @error
 */
gboolean dd_goal_find (const DdPriceLine *lines,
                       guint n_lines,
                       const DdAnswers *answers,
                       const DdGoal *goal,
                       DdGoalResult **out_result,
                       GError **error);

void dd_goal_result_free (DdGoalResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdGoalResult, dd_goal_result_free)

G_END_DECLS
