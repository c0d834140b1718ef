/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How wide the columns of a table are where it is too wide for the terminal. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Between two columns. */
#define CTL_LAYOUT_GAP 2

typedef struct
{
  guint natural;  /* with nothing wrapped; 0: the column isn't there */
  guint least;    /* with everything wrapped that may be: 1 to @natural */
  guint readable; /* wrapped, and still read with ease: @least to @natural */
  gboolean wraps; /* its texts may be wrapped; of another, only its heading */
} CtlColumnSize;

/* Fills @widths, which is undefined when it returns FALSE: even wrapped, the columns have no room. Room goes
 * to texts before headings, first until all are readable, and to the one that it saves most lines. @columns:
 * 0 is unlimited. */
gboolean ctl_layout_fit (const CtlColumnSize *sizes, guint n_sizes, guint columns, guint *widths);

G_END_DECLS
