/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Texts about concepts (see topic.h). Any thread.
 */
#include "topic.h"

#include <gio/gio.h>
#include <string.h>

#define FOLDER    "/org/dealdesk1/topics/"
#define EXTENSION ".txt"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char **
ctl_topic_names (void)
{
  g_auto (GStrv) files = g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; files != NULL && files[i] != NULL; i++)
    if (g_str_has_suffix (files[i], EXTENSION))
      g_ptr_array_add (names, g_strndup (files[i], strlen (files[i]) - strlen (EXTENSION)));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

static char *
load (const char *language, const char *name)
{
  g_autofree char *path = g_strconcat (FOLDER, language, name, EXTENSION, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize length;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  return g_strndup (text, length);
}

char *
ctl_topic_text (const char *name)
{
  const char *const *languages = g_get_language_names ();

  if (strchr (name, '/') != NULL)
    return NULL;
  for (guint i = 0; languages[i] != NULL; i++)
    {
      g_autofree char *folder = g_strconcat (languages[i], "/", NULL);
      char *text = load (folder, name);

      if (text != NULL)
        return text;
    }
  return load ("", name);
}

char *
ctl_topic_title (const char *name)
{
  char *text = ctl_topic_text (name);

  if (text != NULL)
    text[strcspn (text, "\n")] = '\0';
  return text;
}
