/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The last sheet of each deal that was priced lately, so that pricing the deal again after an edit computes
 * only what the edit touches. Bounded by bytes.
 */
#pragma once

#include "price/sheet.h"

G_BEGIN_DECLS

/**
 * dd_sheets_compute:
 * @deal: its number
 * @answers: (transfer full)
 * @out_n_computed: (out) (optional): see dd_sheet_recompute()
 *
 * The sheet or error of dd_sheet_compute(), whatever is kept; a sheet is then kept in its turn. Any thread.
 * Returns: (transfer full) (nullable)
 */
DdSheet *dd_sheets_compute (gint64 deal,
                            const DdPriceLine *lines,
                            guint n_lines,
                            DdAnswers *answers,
                            guint *out_n_computed,
                            GError **error);

/* Keeps none any more. Any thread. */
void dd_sheets_forget (void);

/* What is kept now, bytes. Any thread. */
gsize dd_sheets_bytes (void);

G_END_DECLS
