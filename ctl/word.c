/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The word that was probably meant (see word.h). Pure; any thread.
 */
#include "word.h"
#include "text/distance.h"

#include <string.h>

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
