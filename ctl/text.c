/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Text for a terminal (see text.h). Pure; any thread.
 */
#include "text.h"

#include <string.h>

#define DIGEST_LENGTH 64

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

static guint
width_of (const char *text, const char *end)
{
  guint width = 0;

  for (const char *at = text; at < end; at = g_utf8_next_char (at))
    width += char_width (g_utf8_get_char (at));
  return width;
}

guint
ctl_text_width (const char *text)
{
  return width_of (text, text + strlen (text));
}

char *
ctl_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c))
        g_string_append_c (clean, ' ');
      else if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
        g_string_append_unichar (clean, 0xfffd);
      else
        g_string_append_unichar (clean, c);
    }
  return g_string_free (clean, FALSE);
}

gboolean
ctl_text_is_digest (const char *text)
{
  return strlen (text) == DIGEST_LENGTH && strspn (text, "0123456789abcdef") == DIGEST_LENGTH;
}

/* "·", which separates what was found, is no letter that iconv knows another one for. (transfer full) */
static char *
replace_dots (const char *text, const char *charset)
{
  g_autofree char *there = g_convert ("·", -1, charset, "UTF-8", NULL, NULL, NULL);
  GString *replaced = g_string_new (text);

  if (there == NULL)
    g_string_replace (replaced, "·", "-", 0);
  return g_string_free (replaced, FALSE);
}

char *
ctl_text_for_charset (const char *text, const char *charset)
{
  g_autofree char *spaced = NULL;
  g_autofree char *loose = NULL;
  g_autofree char *narrow = NULL;
  char *back = NULL;

  if (charset == NULL || g_str_is_ascii (text))
    return g_strdup (text);
  spaced = replace_dots (text, charset);
  text = spaced;
  loose = g_strconcat (charset, "//TRANSLIT", NULL);
  narrow = g_convert (text, -1, loose, "UTF-8", NULL, NULL, NULL);
  back = narrow == NULL ? NULL : g_convert (narrow, -1, "UTF-8", charset, NULL, NULL, NULL);
  /* The C locale's iconv gives up at what it has no custom for. */
  return back == NULL ? g_str_to_ascii (text, "C") : back;
}

/* Whether "2026-11-24" stands before @space; a day and its time may stand in two lines. */
static gboolean
is_after_day (const char *start, const char *space)
{
  return space - start >= 10 && space[-3] == '-' && space[-6] == '-' && g_ascii_isdigit (space[-10]);
}

/* "EUR 12" and "12 000" are one piece: @space lies inside an amount. */
static gboolean
is_held (const char *start, const char *space)
{
  const char *next = space + 1;

  if (*next == '-' || *next == '+')
    next++;
  if (space == start || !g_ascii_isdigit (*next))
    return FALSE;
  if (g_ascii_isdigit (space[-1]))
    return !is_after_day (start, space);
  return space - start >= 3 && g_ascii_isupper (space[-1]) && g_ascii_isupper (space[-2]) &&
         g_ascii_isupper (space[-3]);
}

/* Whether a line may end before @at, which lies inside a text that begins at @start. */
static gboolean
may_end (const char *start, const char *at)
{
  const char *before = g_utf8_find_prev_char (start, at);

  if (before == NULL || *at == '\0')
    return *at == '\0';
  if (*at == ' ')
    return !is_held (start, at);
  if (*before == '/')
    return at - start > 1 && *at != '/' && !g_ascii_isdigit (*at);
  if (*before == ',')
    return !g_ascii_isdigit (*at);
  return g_unichar_iswide (g_utf8_get_char (before)) || g_unichar_iswide (g_utf8_get_char (at));
}

/* The end of the piece that begins at @at. */
static const char *
piece_end (const char *start, const char *at)
{
  const char *end = at;

  if (*end == '\0')
    return end;
  do
    end = g_utf8_next_char (end);
  while (*end != '\0' && (!may_end (start, end) || g_unichar_iszerowidth (g_utf8_get_char (end))));
  return end;
}

guint
ctl_text_widest_piece (const char *text)
{
  const char *at = text + strspn (text, " ");
  guint widest = 0;

  while (*at != '\0')
    {
      const char *end = piece_end (text, at);

      widest = MAX (widest, width_of (at, end));
      at = end + strspn (end, " ");
    }
  return widest;
}

char **
ctl_text_wrap (const char *text, guint width)
{
  GPtrArray *lines = g_ptr_array_new ();
  const char *at = text + strspn (text, " ");

  while (*at != '\0')
    {
      const char *line = at;
      const char *end = piece_end (text, line);
      guint used = width_of (line, end);

      at = end + strspn (end, " ");
      while (*at != '\0')
        {
          const char *next = piece_end (text, at);

          used += width_of (end, next);
          if (used > width)
            break;
          end = next;
          at = end + strspn (end, " ");
        }
      g_ptr_array_add (lines, g_strndup (line, (gsize)(end - line)));
    }
  if (lines->len == 0)
    g_ptr_array_add (lines, g_strdup (""));
  g_ptr_array_add (lines, NULL);
  return (char **)g_ptr_array_free (lines, FALSE);
}

static void
append_paragraph (GString *out, GString *paragraph, guint width)
{
  g_auto (GStrv) lines = NULL;

  if (paragraph->len == 0)
    return;
  lines = ctl_text_wrap (paragraph->str, width);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (out, "%s\n", lines[i]);
  g_string_truncate (paragraph, 0);
}

/* Where in a line that begins with a space the text after its last gap of two spaces begins; 0 without one.
 */
static gsize
gap_end (const char *line)
{
  gsize length = strlen (line);

  for (gsize i = length; i > 2; i--)
    if (line[i - 1] == ' ' && line[i - 2] == ' ' && line[i] != ' ' && strspn (line, " ") < i)
      return i;
  return 0;
}

/* "  term   what it is" */
static void
append_line (GString *out, const char *line, guint width)
{
  gsize start = gap_end (line);
  guint column = width_of (line, line + start);
  g_auto (GStrv) lines = NULL;

  if (start == 0 || column >= width || ctl_text_width (line) <= width)
    {
      g_string_append_printf (out, "%s\n", line);
      return;
    }
  lines = ctl_text_wrap (line + start, width - column);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (out, "%*.*s%s\n", (int)(i == 0 ? start : column), i == 0 ? (int)start : 0, line,
                            lines[i]);
}

char *
ctl_text_fill (const char *text, guint width)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) paragraph = g_string_new (NULL);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (*lines[i] != '\0' && *lines[i] != ' ')
        {
          g_string_append_printf (paragraph, "%s%s", paragraph->len == 0 ? "" : " ", lines[i]);
          continue;
        }
      append_paragraph (out, paragraph, width);
      if (*lines[i] == ' ')
        append_line (out, lines[i], width);
      /* The end of the last line begins no other. */
      else if (lines[i + 1] != NULL)
        g_string_append_c (out, '\n');
    }
  append_paragraph (out, paragraph, width);
  return g_string_free (out, FALSE);
}
