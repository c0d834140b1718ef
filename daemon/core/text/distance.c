/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Distances of words (see distance.h). Any thread.
 */
#include "text/distance.h"

#include <string.h>

/* A beginning shorter than this is one of too much. */
#define MIN_PREFIX 3

/* How many slips a word of @length characters may have. */
static guint
slips (glong length)
{
  return (guint)CLAMP (length / 4, 1, 3);
}

/* FALSE: it is too long, or no UTF-8. */
static gboolean
take_apart (const char *text, gunichar *out_characters, guint *out_length)
{
  guint n = 0;

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (n == DD_DISTANCE_MAX_LENGTH)
        return FALSE;
      out_characters[n++] = g_utf8_get_char (text);
    }
  *out_length = n;
  return TRUE;
}

guint
dd_text_distance (const char *a, const char *b)
{
  gunichar from[DD_DISTANCE_MAX_LENGTH];
  gunichar to[DD_DISTANCE_MAX_LENGTH];
  guint rows[3][DD_DISTANCE_MAX_LENGTH + 1];
  guint n_from = 0, n_to = 0;

  if (!take_apart (a, from, &n_from) || !take_apart (b, to, &n_to))
    return G_MAXUINT;
  for (guint k = 0; k <= n_to; k++)
    rows[0][k] = k;
  for (guint i = 1; i <= n_from; i++)
    {
      guint *row = rows[i % 3];
      const guint *before = rows[(i + 2) % 3];
      const guint *before_that = rows[(i + 1) % 3];

      row[0] = i;
      for (guint k = 1; k <= n_to; k++)
        {
          row[k] = MIN (MIN (before[k], row[k - 1]) + 1, before[k - 1] + (from[i - 1] != to[k - 1]));
          if (i > 1 && k > 1 && from[i - 1] == to[k - 2] && from[i - 2] == to[k - 1])
            row[k] = MIN (row[k], before_that[k - 2] + 1);
        }
    }
  return rows[n_from % 3][n_to];
}

void
dd_nearest_init (DdNearest *nearest, const char *wanted)
{
  *nearest = (DdNearest){ .wanted = g_utf8_casefold (wanted, -1) };
}

void
dd_nearest_clear (DdNearest *nearest)
{
  for (guint i = 0; i < nearest->n; i++)
    g_free (nearest->names[i]);
  g_free (nearest->wanted);
  *nearest = (DdNearest){ 0 };
}

/* A beginning is as near as one slip. */
static guint
distance_of (const DdNearest *nearest, const char *text)
{
  g_autofree char *folded = NULL;
  glong length = g_utf8_strlen (nearest->wanted, -1);
  gsize size = strlen (nearest->wanted), text_size = strlen (text);

  /* Folding and comparing cost most: what is longer or shorter by too much is far. */
  if (text_size + 3 * 4 < size)
    return G_MAXUINT;
  folded = g_utf8_casefold (text, -1);
  if (length >= MIN_PREFIX && g_str_has_prefix (folded, nearest->wanted))
    return text_size == size ? 0 : 1;
  if (text_size > size + 3 * 4)
    return G_MAXUINT;
  return dd_text_distance (nearest->wanted, folded);
}

void
dd_nearest_offer (DdNearest *nearest, const char *text, const char *name)
{
  guint distance = distance_of (nearest, text);
  guint place = nearest->n;

  if (distance > slips (g_utf8_strlen (nearest->wanted, -1)))
    return;
  for (guint i = 0; i < nearest->n; i++)
    if (strcmp (nearest->names[i], name) == 0)
      return;
  while (place > 0 && nearest->distances[place - 1] > distance)
    place--;
  if (place == DD_NEAREST_MAX)
    return;
  if (nearest->n == DD_NEAREST_MAX)
    g_free (nearest->names[--nearest->n]);
  for (guint i = nearest->n; i > place; i--)
    {
      nearest->names[i] = nearest->names[i - 1];
      nearest->distances[i] = nearest->distances[i - 1];
    }
  nearest->names[place] = g_strdup (name);
  nearest->distances[place] = distance;
  nearest->n++;
}

char *
dd_nearest_question (const DdNearest *nearest)
{
  GString *text = g_string_new (nearest->n > 0 ? "; did you mean " : "");

  for (guint i = 0; i < nearest->n; i++)
    g_string_append_printf (text, "%s%s",
                            i == 0                ? ""
                            : i + 1 == nearest->n ? " or "
                                                  : ", ",
                            nearest->names[i]);
  if (nearest->n > 0)
    g_string_append_c (text, '?');
  return g_string_free (text, FALSE);
}
