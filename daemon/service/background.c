/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A background thread (see background.h).
 */
#include "background.h"

typedef struct
{
  void (*func) (gpointer data); /* NULL: stop */
  gpointer data;
} Piece;

struct _DdBackground
{
  GAsyncQueue *queue; /* Piece* */
  GThread *thread;
  gint waiting;     /* atomic: queued or running */
  gint interrupted; /* atomic */
};

static gpointer
run (gpointer data)
{
  DdBackground *background = data;

  for (;;)
    {
      g_autofree Piece *piece = g_async_queue_pop (background->queue);

      if (piece->func == NULL)
        return NULL;
      piece->func (piece->data);
      g_atomic_int_add (&background->waiting, -1);
    }
}

static void
push (DdBackground *background, void (*func) (gpointer data), gpointer data)
{
  Piece *piece = g_new (Piece, 1);

  *piece = (Piece){ func, data };
  g_async_queue_push (background->queue, piece);
}

DdBackground *
dd_background_new (const char *name)
{
  DdBackground *background = g_new0 (DdBackground, 1);

  background->queue = g_async_queue_new ();
  background->thread = g_thread_new (name, run, background);
  return background;
}

void
dd_background_free (DdBackground *background)
{
  push (background, NULL, NULL);
  g_thread_join (background->thread);
  g_async_queue_unref (background->queue);
  g_free (background);
}

void
dd_background_run (DdBackground *background, void (*func) (gpointer data), gpointer data)
{
  g_atomic_int_inc (&background->waiting);
  push (background, func, data);
}

gboolean
dd_background_is_busy (DdBackground *background)
{
  return g_atomic_int_get (&background->waiting) > 0;
}

void
dd_background_interrupt (DdBackground *background, gboolean interrupted)
{
  g_atomic_int_set (&background->interrupted, interrupted);
}

gboolean
dd_background_is_interrupted (DdBackground *background)
{
  return g_atomic_int_get (&background->interrupted);
}
