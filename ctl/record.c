/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A field a line (see record.h). Pure; any thread.
 */
#include "record.h"
#include "i18n.h"
#include "text.h"

#define GAP   2 /* behind a label and its colon */
#define BELOW 2 /* how far in a value stands that has no room beside its label */

guint
ctl_record_label_width (const CtlEntry *entries, guint n_entries)
{
  guint width = 0;

  for (guint i = 0; i < n_entries; i++)
    if (*entries[i].value != '\0')
      width = MAX (width, ctl_text_width (entries[i].label));
  return width;
}

static void
append_entry (GString *out, const CtlEntry *entry, guint label_width, guint indent, const CtlStyle *style)
{
  const char *colon = _ (":"); /* in some languages with a space before it */
  guint colon_width = ctl_text_width (colon);
  guint beside = indent + label_width + colon_width + GAP;
  guint start = beside;
  g_auto (GStrv) lines = NULL;

  g_string_append_printf (out, "%*s%s%s", (int)indent, "", entry->label, colon);
  if (style->columns > 0 && beside + ctl_text_widest_piece (entry->value) > style->columns)
    {
      start = indent + BELOW;
      g_string_append_c (out, '\n');
    }
  lines = ctl_text_wrap (entry->value, style->columns == 0      ? G_MAXUINT
                                       : style->columns > start ? style->columns - start
                                                                : 1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint padding =
        i > 0 || start != beside ? start : beside - indent - ctl_text_width (entry->label) - colon_width;

      g_string_append_printf (out, "%*s", (int)padding, "");
      ctl_colour_append (out, lines[i], entry->tone, style->colour);
      g_string_append_c (out, '\n');
    }
}

void
ctl_record_append (GString *out,
                   const CtlEntry *entries,
                   guint n_entries,
                   guint label_width,
                   guint indent,
                   const CtlStyle *style)
{
  for (guint i = 0; i < n_entries; i++)
    if (*entries[i].value != '\0')
      append_entry (out, &entries[i], label_width, indent, style);
}
