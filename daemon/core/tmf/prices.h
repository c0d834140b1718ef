/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A sheet's prices in TM Forum's shape (QuotePrice of TMF648, OrderPrice of TMF622: the same members); for
 * the files of this folder only. Amounts are JSON numbers with exact text. Pure; one thread at a time.
 */
#pragma once

#include "json/writer.h"
#include "price/sheet.h"

G_BEGIN_DECLS

typedef struct
{
  const DdSheet *sheet; /* (nullable): no prices at all */
  guint n_lines;
  guint *first;     /* index of each line's first charge, and the end */
  gint64 *tax_rate; /* nanos, one a charge; negative: none, or more than one */
} DdTmfPrices;

void dd_tmf_prices_init (DdTmfPrices *prices, const DdSheet *sheet, guint n_lines);
void dd_tmf_prices_clear (DdTmfPrices *prices);

/* An array of the prices of line @line. */
void dd_tmf_write_line_prices (const DdTmfPrices *prices, guint line, DdJsonWriter *writer);

/* An array of sums by currency, type and period: the sheet's own, or those of some lines. */
void dd_tmf_write_totals (const DdTmfPrices *prices, DdJsonWriter *writer);
void
dd_tmf_write_totals_of (const DdTmfPrices *prices, const guint *lines, guint n_lines, DdJsonWriter *writer);

G_END_DECLS
