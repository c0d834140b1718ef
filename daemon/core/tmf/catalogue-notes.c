/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What of a catalogue has no place: counted, and told with the first of each kind. Pure; one thread.
 */
#include "tmf/catalogue-private.h"
#include "text-hash.h"

#include <string.h>

#define MAX_REMARKS 40

typedef struct
{
  char *what;
  char *first;
  guint count;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->what);
  g_free (note->first);
  g_free (note);
}

void
dd_catalogue_note (DdCatalogueReading *reading, const char *id, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;
  Note *note;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (reading->notes == NULL)
    {
      reading->notes = g_ptr_array_new_with_free_func (note_free);
      reading->by_what = g_hash_table_new (dd_text_hash, g_str_equal);
    }
  note = g_hash_table_lookup (reading->by_what, what);
  if (note == NULL)
    {
      note = g_new0 (Note, 1);
      note->what = g_steal_pointer (&what);
      note->first = g_strdup (id);
      g_ptr_array_add (reading->notes, note);
      g_hash_table_insert (reading->by_what, note->what, note);
    }
  note->count++;
}

void
dd_catalogue_tell (const DdCatalogueReading *reading, GPtrArray *remarks)
{
  guint n = reading->notes != NULL ? reading->notes->len : 0;

  for (guint i = 0; i < n && i < MAX_REMARKS; i++)
    {
      const Note *note = g_ptr_array_index (reading->notes, i);

      g_ptr_array_add (remarks, g_strdup_printf ("Not imported: %s (%u; the first: %s).", note->what,
                                                 note->count, note->first));
    }
  if (n > MAX_REMARKS)
    g_ptr_array_add (remarks, g_strdup_printf ("Not imported: %u more kinds of things.", n - MAX_REMARKS));
}

static gboolean
says_something (const DdJsonNode *node)
{
  switch (dd_json_type (node))
    {
    case DD_JSON_NULL:
      return FALSE;
    case DD_JSON_STRING:
      return dd_json_text (node)[0] != '\0';
    case DD_JSON_ARRAY:
    case DD_JSON_OBJECT:
      return dd_json_first (node) != NULL;
    case DD_JSON_BOOLEAN:
      return dd_json_boolean (node);
    case DD_JSON_NUMBER:
    default:
      return TRUE;
    }
}

const DdJsonNode *
dd_catalogue_member (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *node = dd_json_member (object, name);

  return node != NULL && says_something (node) ? node : NULL;
}

void
dd_catalogue_note_members (DdCatalogueReading *reading,
                           const DdJsonNode *object,
                           const char *of,
                           const char *id,
                           const char *const *known)
{
  for (const DdJsonNode *member = dd_json_first (object); member != NULL; member = dd_json_next (member))
    if (dd_json_name (member)[0] != '@' && says_something (member) &&
        !g_strv_contains (known, dd_json_name (member)))
      dd_catalogue_note (reading, id, "%s %.64s", of, dd_json_name (member));
}
