/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Events: their names, and the documents beside them.
 */
#include "deal/event.h"

#include <string.h>

static void
test_names_are_unique_and_read_back (void)
{
  for (int i = 0; i < DD_N_EVENT_TYPES; i++)
    {
      g_assert_cmpint (strlen (dd_event_type_name (i)), >, 0);
      g_assert_cmpint (dd_event_type_from_name (dd_event_type_name (i)), ==, i);
    }
  g_assert_cmpint (dd_event_type_from_name (""), ==, -1);
  g_assert_cmpint (dd_event_type_from_name ("Opened"), ==, -1);
}

static void
test_a_document_is_named_by_its_digest (void)
{
  DdEvent *event = dd_event_new (DD_EVENT_DRAFTED, g_strdup ("{}"), 2);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);

  g_assert_null (event->documents);
  g_assert_cmpstr (dd_event_add_document (event, bytes), ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpuint (event->documents->len, ==, 1);
  g_assert_true (((DdDocument *)event->documents->pdata[0])->bytes == bytes);
  dd_event_free (event);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/names-are-unique-and-read-back", test_names_are_unique_and_read_back);
  g_test_add_func ("/event/a-document-is-named-by-its-digest", test_a_document_is_named_by_its_digest);
  return g_test_run ();
}
