/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A field a line: its label and its value. Pure.
 */
#pragma once

#include "colour.h"
#include "style.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;
  const char *value;
  CtlTone tone; /* of the value */
} CtlEntry;

/* The widest label's width of @n_entries entries whose value isn't empty. */
guint ctl_record_label_width (const CtlEntry *entries, guint n_entries);

/* One line an entry, the values aligned behind labels of @label_width columns; entries without a value are
 * left out. Where a value is wider than the terminal leaves room for, it goes on below itself; where a piece
 * of it has no room there, it stands below its label. @indent: spaces before each line. */
void ctl_record_append (GString *out,
                        const CtlEntry *entries,
                        guint n_entries,
                        guint label_width,
                        guint indent,
                        const CtlStyle *style);

G_END_DECLS
