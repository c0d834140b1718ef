/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For what output is laid out. Values only: who prints asks the terminal once (terminal.h).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint columns;       /* of the terminal; 0: it isn't for one, so that nothing is wrapped */
  gboolean colour;     /* headings are bold and states coloured; what they say never depends on it */
  const char *charset; /* (nullable): what can be shown; NULL: all of Unicode */
} CtlStyle;

G_END_DECLS
