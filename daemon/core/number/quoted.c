/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Quoting of text from outside (see quoted.h). Pure; any thread.
 */
#include "number/quoted.h"

#include <string.h>

/* Enough to recognise an id, a name or a number by. */
#define MAX_QUOTED_CHARACTERS 48

char *
dd_quote (const char *text, gssize length)
{
  gsize size = length < 0 ? strlen (text) : (gsize)length;
  gsize taken = MIN (size, MAX_QUOTED_CHARACTERS * 4);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)taken);
  GString *quoted = g_string_new ("\"");
  guint n_characters = 0;
  const char *cursor = valid;

  for (; *cursor != '\0' && n_characters < MAX_QUOTED_CHARACTERS; cursor = g_utf8_next_char (cursor))
    {
      gunichar character = g_utf8_get_char (cursor);

      n_characters++;
      if (!g_unichar_isprint (character))
        g_string_append_printf (quoted, "\\u%04x", character);
      else
        g_string_append_unichar (quoted, character);
    }
  if (*cursor != '\0' || taken < size)
    g_string_append (quoted, "…");
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}
