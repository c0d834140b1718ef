/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a proposal comes to in each dimension that somebody's authority may end in.
 *
 * The core measures, approval plugins judge. A measure that the proposal doesn't have is absent, never zero.
 * Pure; any thread.
 */
#pragma once

#include "deal/proposal.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* When a later value is worse for the provider than one that was approved. */
typedef enum
{
  DD_WORSE_HIGHER,
  DD_WORSE_LOWER,
  DD_WORSE_CHANGED, /* it has no order: any other value is */
  DD_N_WORSE
} DdWorse;

typedef struct
{
  const char *name; /* "discount.list", "clause.rung" …; see DealdeskMeasure for all */
  gint64 value;     /* nanos of a percentage, micros of an amount, else a plain number; 0 with text */
  DdCurrency currency;
  gboolean percent;
  const char *subject;  /* (nullable): the line, clause or parameter that it is of; NULL: the whole deal */
  const char *category; /* (nullable): of a line's offering */
  const char *text;     /* (nullable): the value, where it is no number */
  DdWorse worse;
} DdMeasure;

/* What was measured, with the texts that it borrows. */
typedef struct
{
  GArray *list; /* DdMeasure */
  GStringChunk *texts;
} DdMeasures;

/**
 * dd_measures_take:
 * @sheet: of @proposal
 * @credit_class: (nullable): the customer's, where it is known
 *
 * Figures come once for each currency of the sheet; a margin that isn't known is no measure. Returns:
 * (transfer full)
 */
DdMeasures *dd_measures_take (const DdProposal *proposal, const DdSheet *sheet, const char *credit_class);

/* The discounts of each line, after that. @categories: (array) (element-type utf8): of each line's offering,
 * NULL where it has none. */
void dd_measures_add_lines (DdMeasures *measures,
                            const DdProposal *proposal,
                            const DdSheet *sheet,
                            const char *const *categories);
void dd_measures_free (DdMeasures *measures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdMeasures, dd_measures_free)

const char *dd_worse_name (DdWorse worse); /* "higher", "lower", "changed" */
int dd_worse_from_name (const char *text);

/* "12.5%", "EUR 1000.00", "48", or the text. (transfer full) */
char *dd_measure_format (const DdMeasure *measure);

G_END_DECLS
