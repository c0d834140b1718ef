/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two sheets of one proposal: which charges came out otherwise, and which rules made them.
 *
 * Charges are the same by line, id, type, period, currency and contract years; steps of a charge by stage and
 * rule, or by kind (of a spread: its label) without one. Results are indexes into the sheets, which they
 * don't own. Pure.
 */
#pragma once

#include "price/pair.h"
#include "price/sheet.h"

G_BEGIN_DECLS

typedef enum
{
  DD_CHANGE_CHANGED, /* the rule says something else than then */
  DD_CHANGE_FOLLOWS, /* it says the same; its effect follows from another change */
  DD_CHANGE_NEW,
  DD_CHANGE_GONE,
  DD_N_CHANGES
} DdChange;

/* A step whose effect isn't what it was. */
typedef struct
{
  DdPair step;        /* in the sheets' steps */
  gint64 effect_then; /* as the charge's results are; 0 where there is no such step */
  gint64 effect_now;
  guint32 source_then; /* label in that sheet's answers, or DD_NO_LABEL */
  guint32 source_now;
  guint8 change; /* DdChange */
} DdStepChange;

/* A charge whose net, list, tax or cost isn't what it was. */
typedef struct
{
  DdPair charge;
  guint32 first_step; /* of the difference's steps */
  guint32 n_steps;
} DdChargeChange;

typedef struct
{
  const DdSheet *then;
  const DdSheet *now;
  GArray *charges; /* DdChargeChange, by line */
  GArray *steps;   /* DdStepChange, by stage within their charge */
  GArray *totals;  /* DdPair: all of them, changed or not */
  GArray *sources; /* DdPair: those whose version isn't what it was */
} DdSheetDifference;

/* @then, @now: (transfer none): of the same lines; they must outlive what is returned. (transfer full) */
DdSheetDifference *dd_sheet_compare (const DdSheet *then, const DdSheet *now);
void dd_sheet_difference_free (DdSheetDifference *difference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdSheetDifference, dd_sheet_difference_free)

/* "changed", "follows", "new", "gone" */
const char *dd_change_name (DdChange change);

G_END_DECLS
