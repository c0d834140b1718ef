/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Results on their way to the main thread (see completion.h).
 *
 * A batch of the writer finishes many calls at once: only the push that finds the queue empty wakes the main
 * loop, so that a batch costs one wake-up, not one a call.
 */
#include "completion.h"

typedef struct
{
  DdCompletionFunc func;
  gpointer data;
} Item;

struct _DdCompletion
{
  GMutex mutex;
  GArray *items;   /* Item; guarded by mutex */
  GSource *source; /* (nullable): attached and not run yet; guarded by mutex */
  GArray *running; /* main thread */
};

DdCompletion *
dd_completion_new (void)
{
  DdCompletion *completion = g_new0 (DdCompletion, 1);

  g_mutex_init (&completion->mutex);
  completion->items = g_array_new (FALSE, FALSE, sizeof (Item));
  completion->running = g_array_new (FALSE, FALSE, sizeof (Item));
  return completion;
}

void
dd_completion_free (DdCompletion *completion)
{
  if (completion->source != NULL)
    g_source_destroy (completion->source);
  g_clear_pointer (&completion->source, g_source_unref);
  g_mutex_clear (&completion->mutex);
  g_array_unref (completion->items);
  g_array_unref (completion->running);
  g_free (completion);
}

static gboolean
run (gpointer data)
{
  DdCompletion *completion = data;
  GArray *items;

  g_mutex_lock (&completion->mutex);
  items = completion->items;
  completion->items = completion->running;
  completion->running = items;
  g_clear_pointer (&completion->source, g_source_unref);
  g_mutex_unlock (&completion->mutex);

  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);
      item->func (item->data);
    }
  g_array_set_size (items, 0);
  return G_SOURCE_REMOVE;
}

void
dd_completion_push (DdCompletion *completion, DdCompletionFunc func, gpointer data)
{
  Item item = { func, data };

  g_mutex_lock (&completion->mutex);
  g_array_append_val (completion->items, item);
  if (completion->source == NULL)
    {
      completion->source = g_idle_source_new ();
      g_source_set_priority (completion->source, G_PRIORITY_DEFAULT);
      g_source_set_callback (completion->source, run, completion, NULL);
      g_source_attach (completion->source, NULL);
    }
  g_mutex_unlock (&completion->mutex);
}
