/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The prices of a customer view; for the files of this folder only. Pure; any thread.
 */
#pragma once

#include "json/writer.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* Goes through a sheet's charges beside the lines: both are in order of line, so each is looked at once. */
typedef struct
{
  const DdSheet *sheet; /* (nullable): no charges */
  guint next;           /* index of the first charge not yet written */
} DdViewPrices;

/* An array of the charges of line @line; lines must come in ascending order. */
void dd_view_write_charges (DdViewPrices *prices, guint line, DdJsonWriter *writer);

/* @sheet: (nullable) */
void dd_view_write_totals (const DdSheet *sheet, DdJsonWriter *writer);
void dd_view_write_contract_value (const DdSheet *sheet, DdJsonWriter *writer);

G_END_DECLS
