/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The storm's control: a log in which a move is lost, doubled or changed is seen to be wrong.
 */
#include "storm.h"

#include <string.h>

static GPtrArray *
good_moves (void)
{
  GPtrArray *moves = g_ptr_array_new_with_free_func (storm_move_free);

  for (guint i = 0; i < 3; i++)
    {
      StormMove *move = g_new0 (StormMove, 1);

      *move = (StormMove){ g_strdup_printf ("c-%u", i),       "asked", MOVE_DONE, g_strdup ("D-1"), i + 1,
                           g_strdup_printf ("head-%u", i + 1) };
      g_ptr_array_add (moves, move);
    }
  return moves;
}

static void
add_event (GPtrArray *events, guint64 version, const char *actor)
{
  StormEvent *event = g_new0 (StormEvent, 1);

  *event = (StormEvent){ g_strdup ("D-1"), version, g_strdup ("asked"), g_strdup (actor),
                         g_strdup_printf ("head-%" G_GUINT64_FORMAT, version) };
  g_ptr_array_add (events, event);
}

static GPtrArray *
good_events (guint n)
{
  GPtrArray *events = g_ptr_array_new_with_free_func (storm_event_free);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *actor = g_strdup_printf ("c-%u", i);

      add_event (events, i + 1, actor);
    }
  return events;
}

static void
assert_fault (const GPtrArray *moves, const GPtrArray *events, const char *words)
{
  g_autofree char *fault = storm_find_fault (moves, events);

  if (words == NULL)
    g_assert_cmpstr (fault, ==, NULL);
  else
    g_assert_nonnull (strstr (fault != NULL ? fault : "", words));
}

static void
test_control (void)
{
  g_autoptr (GPtrArray) moves = good_moves ();
  g_autoptr (GPtrArray) whole = good_events (3);
  g_autoptr (GPtrArray) lost = good_events (2);
  g_autoptr (GPtrArray) doubled = good_events (3);
  g_autoptr (GPtrArray) gap = good_events (3);
  StormMove *last = moves->pdata[2];

  assert_fault (moves, whole, NULL);
  assert_fault (moves, lost, "c-2 was answered and isn't in the log");
  add_event (doubled, 4, "c-1");
  assert_fault (moves, doubled, "c-1 made 2 events of type asked");
  add_event (gap, 5, "somebody");
  assert_fault (moves, gap, "gaps");
  add_event (gap, 5, "somebody");
  assert_fault (moves, gap, "twice");
  last->state = MOVE_REFUSED;
  assert_fault (moves, whole, "c-2 was refused and is in the log");
  last->state = MOVE_UNANSWERED;
  assert_fault (moves, whole, NULL);
  assert_fault (moves, lost, NULL);
  last->state = MOVE_DONE;
  g_free (last->head);
  last->head = g_strdup ("another");
  assert_fault (moves, whole, "another head");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/storm/a-lost-or-doubled-move-would-be-seen", test_control);
  return g_test_run ();
}
