/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The word that was probably meant (see word.h). Pure; any thread.
 */
#include "word.h"
#include "i18n.h"
#include "text/distance.h"

#include <string.h>

#define MOST_LISTED 16

const char *
ctl_word_nearest (const char *word, const char *const *words)
{
  const char *nearest = NULL;
  guint least = strlen (word) < 4 ? 2 : 3; /* above the distance that still counts as a slip */

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint distance = dd_text_distance (word, words[i]);

      /* A beginning is meant as it is. */
      if (strlen (word) > 2 && g_str_has_prefix (words[i], word))
        distance = 0;
      if (distance < least)
        {
          least = distance;
          nearest = words[i];
        }
    }
  return nearest;
}

void
ctl_word_suggest (const char *const *names, const char *word, GError **error)
{
  const char *nearest = ctl_word_nearest (word, names);
  g_autofree char *listed = g_strjoinv (", ", (char **)names);
  g_autofree char *message = NULL;

  if (error == NULL || *error == NULL || names[0] == NULL)
    return;
  if (nearest != NULL)
    message = g_strdup_printf (_ ("%s; did you mean %s?"), (*error)->message, nearest);
  else if (g_strv_length ((char **)names) <= MOST_LISTED)
    message = g_strdup_printf (_ ("%s; there are %s"), (*error)->message, listed);
  else
    return;
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}
