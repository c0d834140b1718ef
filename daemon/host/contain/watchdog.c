/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The watchdog: asks late calls to stop, and gives up those that don't.
 *
 * One thread, made with the pool. Every call has the same deadline, so one that begins now can't be
 * late before the watchdog's next look, unless it sleeps without a limit: only then is it woken, and calls
 * cost it nothing otherwise.
 */
#include "contain/pool-private.h"

/* A given-up job whose owner must be told, without the lock. */
typedef struct
{
  DdJob job;
  const char *id; /* (nullable): the plugin's whose call hangs; NULL: nobody is left to run it */
  char *reason;
} Loss;

static void
clear_loss (gpointer data)
{
  Loss *loss = data;

  g_free (loss->reason);
}

/* What is queued, and has nobody to run it. */
static void
give_up_queued (DdPool *pool, const GError *cause, GArray *losses)
{
  DdJob *job;

  while ((job = g_queue_pop_head (&pool->jobs)) != NULL)
    {
      Loss loss = { *job, NULL, g_strdup (cause->message) };

      g_array_append_val (losses, loss);
      g_free (job);
    }
}

static void
give_up (DdPool *pool, DdWorker *worker, gint64 now, GArray *losses)
{
  g_autoptr (GError) error = NULL;
  DdPlugin *plugin = worker->watch->plugin;
  char *reason =
    g_strdup_printf ("a call did not return within %.1f s and %.1f s of grace",
                     (double)pool->deadline_usec / G_USEC_PER_SEC, (double)pool->grace_usec / G_USEC_PER_SEC);
  Loss loss = { worker->job, plugin->id, reason };

  worker->stranded = TRUE;
  g_ptr_array_remove_fast (pool->workers, worker);
  g_thread_unref (worker->thread);
  pool->n_stranded++;
  plugin->in_flight--;
  plugin->stranded++;
  plugin->failures++;
  plugin->total_usec += (guint64)(now - worker->watch->started);
  dd_pool_note (pool, worker->watch, now, reason);
  dd_breaker_hang (&plugin->breaker, now);
  g_free (plugin->reason);
  plugin->reason = g_strdup (reason);
  g_array_append_val (losses, loss);
  if (!dd_pool_staff (pool, &error))
    give_up_queued (pool, error, losses);
  g_cond_broadcast (&pool->idle);
}

/* Marks and gives up what is due; returns when the next call is due, or 0. */
static gint64
look (DdPool *pool, GArray *losses)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = 0;

  for (guint i = pool->workers->len; i-- > 0;)
    {
      DdWorker *worker = pool->workers->pdata[i];
      DdWatch *watch = worker->watch;

      if (watch == NULL)
        continue;

      gint64 due = watch->started + pool->deadline_usec;

      if (now >= due)
        {
          g_atomic_int_set (&watch->expired, TRUE);
          due += pool->grace_usec;
        }
      if (now >= due)
        {
          give_up (pool, worker, now, losses);
          continue;
        }
      next = next == 0 ? due : MIN (next, due);
    }
  return next;
}

static void
tell_owners (DdPool *pool, GArray *losses)
{
  if (losses->len == 0)
    return;
  g_mutex_unlock (pool->lock);
  for (guint i = 0; i < losses->len; i++)
    {
      const Loss *loss = &g_array_index (losses, Loss, i);
      g_autoptr (GError) error = NULL;

      if (loss->id != NULL)
        {
          dd_pool_tell_stopped (loss->id, loss->reason);
          dd_fail (&error, DD_ERROR_PLUGIN_FAILED, "plugin %s failed: %s", loss->id, loss->reason);
        }
      else
        dd_fail (&error, DD_ERROR_UNAVAILABLE, "%s", loss->reason);
      loss->job.failed (loss->job.data, error);
    }
  g_array_set_size (losses, 0);
  g_mutex_lock (pool->lock);
}

static gpointer
run_watchdog (gpointer data)
{
  DdPool *pool = data;
  g_autoptr (GArray) losses = g_array_new (FALSE, FALSE, sizeof (Loss));
  gboolean quiet = FALSE;

  g_array_set_clear_func (losses, clear_loss);
  g_mutex_lock (pool->lock);
  while (!pool->closed)
    {
      gint64 next = look (pool, losses);

      if (losses->len > 0)
        {
          tell_owners (pool, losses);
          continue;
        }
      if (next != 0 || !quiet)
        {
          /* Between calls it looks once more after a deadline's time, so that a busy pool needn't wake it. */
          quiet = next == 0;
          g_cond_wait_until (&pool->alarm, pool->lock,
                             next != 0 ? next : g_get_monotonic_time () + pool->deadline_usec);
          continue;
        }
      pool->watchdog_asleep = TRUE;
      while (pool->watchdog_asleep && !pool->closed)
        g_cond_wait (&pool->alarm, pool->lock);
      quiet = FALSE;
    }
  g_mutex_unlock (pool->lock);
  return NULL;
}

gboolean
dd_watchdog_start (DdPool *pool, GError **error)
{
  g_autoptr (GError) cause = NULL;

  pool->watchdog = g_thread_try_new ("watchdog", run_watchdog, pool, &cause);
  return pool->watchdog != NULL || dd_fail (error, DD_ERROR_UNAVAILABLE,
                                            "there is no thread to watch over plugins: %s", cause->message);
}

void
dd_watchdog_wake (DdPool *pool)
{
  if (!pool->watchdog_asleep)
    return;
  pool->watchdog_asleep = FALSE;
  g_cond_signal (&pool->alarm);
}
