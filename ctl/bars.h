/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A waterfall as bars: each step's reaches from the running value before it to the one after it.
 *
 * Amounts stay the exact texts that they came as; only the bars' places are rounded, in integers. What a bar
 * shows is also said beside it, before it in reading order, so neither its length nor a colour is needed.
 * Pure; one thread at a time.
 */
#pragma once

#include "style.h"

G_BEGIN_DECLS

typedef struct _CtlBars CtlBars;

CtlBars *ctl_bars_new (void);
void ctl_bars_free (CtlBars *bars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlBars, ctl_bars_free)

/* The next step. @effect is printed as it is; @after is an amount such as "EUR 12.345678901", where the next
 * bar begins. The first bar begins at zero. Texts are safe to print (text.h). Errors:
 * DD_ERROR_INVALID_ARGUMENT, DD_ERROR_OVERFLOW. */
gboolean
ctl_bars_add (CtlBars *bars, const char *label, const char *effect, const char *after, GError **error);

/* Where the bar of step @index lies when all that the steps reach, and zero, is @width units wide: from
 * @out_first, @out_length of them. A step that changes anything has one at least. */
void ctl_bars_place (const CtlBars *bars, guint index, guint width, guint *out_first, guint *out_length);

/* A row a step, with as wide a bar as the terminal has room for beside the texts; where that is too little,
 * the bar stands below them. What is no terminal gets the rows of one of 80 columns. */
void ctl_bars_print (const CtlBars *bars, const CtlStyle *style, GString *out);

G_END_DECLS
