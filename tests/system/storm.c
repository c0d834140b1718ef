/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Comparing a storm's moves with the log (see storm.h).
 */
#include "storm.h"

#include <string.h>

void
storm_move_free (gpointer data)
{
  StormMove *move = data;

  g_free (move->actor);
  g_free (move->deal);
  g_free (move->head);
  g_free (move);
}

void
storm_event_free (gpointer data)
{
  StormEvent *event = data;

  g_free (event->deal);
  g_free (event->type);
  g_free (event->actor);
  g_free (event->head);
  g_free (event);
}

/* One append: events of one deal, one after the other, the leading one once. */
static char *
check_append (const StormMove *move, const GPtrArray *made)
{
  const StormEvent *last = NULL;
  guint leading = 0;
  guint64 lowest = G_MAXUINT64;

  for (guint i = 0; i < made->len; i++)
    {
      const StormEvent *event = made->pdata[i];

      leading += strcmp (event->type, move->leading) == 0;
      lowest = MIN (lowest, event->version);
      if (last == NULL || event->version > last->version)
        last = event;
      if (strcmp (event->deal, last->deal) != 0)
        return g_strdup_printf ("%s had its effect in %s and in %s", move->actor, event->deal, last->deal);
    }
  if (leading != 1)
    return g_strdup_printf ("%s made %u events of type %s instead of one", move->actor, leading,
                            move->leading);
  if (last->version - lowest + 1 != made->len)
    return g_strdup_printf ("%s made %u events that aren't one append", move->actor, made->len);
  if (move->state == MOVE_DONE && (strcmp (last->deal, move->deal) != 0 || last->version != move->version))
    return g_strdup_printf ("%s was answered with version %" G_GUINT64_FORMAT
                            " of %s; it is at %" G_GUINT64_FORMAT " of %s",
                            move->actor, move->version, move->deal, last->version, last->deal);
  if (move->state == MOVE_DONE && strcmp (last->head, move->head) != 0)
    return g_strdup_printf ("%s was answered with another head than the log has", move->actor);
  return NULL;
}

static char *
check_move (const StormMove *move, const GPtrArray *made)
{
  if (made == NULL || made->len == 0)
    return move->state == MOVE_DONE ? g_strdup_printf ("%s was answered and isn't in the log", move->actor)
                                    : NULL;
  if (move->state == MOVE_REFUSED)
    return g_strdup_printf ("%s was refused and is in the log", move->actor);
  return check_append (move, made);
}

/* Every deal's versions are 1, 2 … once each. */
static char *
check_versions (const GPtrArray *events)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) highest = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) count = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer deal, value;

  for (guint i = 0; i < events->len; i++)
    {
      const StormEvent *event = events->pdata[i];
      gsize most = GPOINTER_TO_SIZE (g_hash_table_lookup (highest, event->deal));

      if (!g_hash_table_add (seen, g_strdup_printf ("%s/%" G_GUINT64_FORMAT, event->deal, event->version)))
        return g_strdup_printf ("version %" G_GUINT64_FORMAT " of %s is there twice", event->version,
                                event->deal);
      g_hash_table_insert (highest, event->deal, GSIZE_TO_POINTER (MAX (most, event->version)));
      g_hash_table_insert (
        count, event->deal,
        GSIZE_TO_POINTER (GPOINTER_TO_SIZE (g_hash_table_lookup (count, event->deal)) + 1));
    }
  g_hash_table_iter_init (&iter, highest);
  while (g_hash_table_iter_next (&iter, &deal, &value))
    if (g_hash_table_lookup (count, deal) != value)
      return g_strdup_printf ("%s has gaps below version %" G_GSIZE_FORMAT, (char *)deal,
                              GPOINTER_TO_SIZE (value));
  return NULL;
}

char *
storm_find_fault (const GPtrArray *moves, const GPtrArray *events)
{
  g_autoptr (GHashTable) by_actor =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  char *fault = check_versions (events);

  for (guint i = 0; i < events->len; i++)
    {
      StormEvent *event = events->pdata[i];
      GPtrArray *made = g_hash_table_lookup (by_actor, event->actor);

      if (made == NULL)
        g_hash_table_insert (by_actor, event->actor, made = g_ptr_array_new ());
      g_ptr_array_add (made, event);
    }
  for (guint i = 0; i < moves->len && fault == NULL; i++)
    fault =
      check_move (moves->pdata[i], g_hash_table_lookup (by_actor, ((StormMove *)moves->pdata[i])->actor));
  return fault;
}
