/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Looking at JSON text (see json-text.h). Pure; any thread.
 */
#include "json/json-text.h"

#include <string.h>

#define ESCAPE_LENGTH 6 /* of \uXXXX */

void
dd_json_text_place (const char *text, gsize offset, guint *out_line, guint *out_column)
{
  const char *place = text + offset;
  const char *line = text;
  guint n_lines = 1;

  for (const char *end; (end = memchr (line, '\n', (gsize)(place - line))) != NULL; line = end + 1)
    n_lines++;
  *out_line = n_lines;
  *out_column = (guint)g_utf8_strlen (line, place - line) + 1;
}

gsize
dd_json_text_string_begin (const char *text, gsize closing)
{
  /* An escaped quote has a backslash before it; the opening quote, outside of the string, never has. */
  gsize begin = closing - 1;

  while (text[begin] != '"' || (begin > 0 && text[begin - 1] == '\\'))
    begin--;
  return begin;
}

static guint
read_escape (const char *escape)
{
  guint unit = 0;

  for (guint i = 2; i < ESCAPE_LENGTH; i++)
    unit = unit * 16 + (guint)g_ascii_xdigit_value (escape[i]);
  return unit;
}

static gboolean
is_low_surrogate (const char *escape, const char *end)
{
  return end - escape >= ESCAPE_LENGTH && escape[0] == '\\' && escape[1] == 'u' &&
         (read_escape (escape) & 0xfc00) == 0xdc00;
}

const char *
dd_json_text_lone_surrogate (const char *raw, const char *end)
{
  while ((raw = memchr (raw, '\\', (gsize)(end - raw))) != NULL)
    {
      if (raw[1] != 'u')
        {
          raw += 2;
          continue;
        }

      guint kind = read_escape (raw) & 0xfc00;

      if (kind == 0xdc00 || (kind == 0xd800 && !is_low_surrogate (raw + ESCAPE_LENGTH, end)))
        return raw;
      raw += kind == 0xd800 ? 2 * ESCAPE_LENGTH : ESCAPE_LENGTH;
    }
  return NULL;
}
