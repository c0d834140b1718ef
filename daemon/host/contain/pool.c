/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The pool's threads (see pool.h): made when there is work for them, kept until the end.
 */
#include "contain/pool-private.h"
#include "message-ids.h"

/* Threads that one plugin may have stranded at a time: each costs a stack for ever, so there are no more
 * trials. */
#define MAX_STRANDED 4

static GPrivate current_worker;

static gpointer
run_worker (gpointer data)
{
  DdWorker *worker = data;
  DdPool *pool = worker->pool;

  g_private_set (&current_worker, worker);
  g_mutex_lock (pool->lock);
  for (;;)
    {
      while (pool->jobs.length == 0 && !pool->closing)
        {
          pool->n_waiting++;
          g_cond_wait (&pool->work, pool->lock);
          pool->n_waiting--;
        }
      if (pool->jobs.length == 0)
        break;

      DdJob *job = g_queue_pop_head (&pool->jobs);

      worker->job = *job;
      g_free (job);
      g_mutex_unlock (pool->lock);
      worker->job.run (worker->job.data);
      g_mutex_lock (pool->lock);
    }
  g_ptr_array_remove_fast (pool->workers, worker);
  g_ptr_array_add (pool->finished, worker);
  g_cond_broadcast (&pool->idle);
  g_mutex_unlock (pool->lock);
  return NULL;
}

gboolean
dd_pool_staff (DdPool *pool, GError **error)
{
  g_autoptr (GError) cause = NULL;
  DdWorker *worker;

  if (pool->jobs.length <= pool->n_waiting || pool->workers->len >= pool->max_threads)
    return TRUE;
  worker = g_new0 (DdWorker, 1);
  worker->pool = pool;
  worker->thread = g_thread_try_new ("plugins", run_worker, worker, &cause);
  if (worker->thread != NULL)
    g_ptr_array_add (pool->workers, worker);
  else
    g_free (worker);
  return pool->workers->len > 0 ||
         dd_fail (error, DD_ERROR_UNAVAILABLE, "there is no thread to call plugins on: %s", cause->message);
}

DdPool *
dd_pool_new (GMutex *lock, guint max_threads, gint64 deadline_usec, gint64 grace_usec, GError **error)
{
  DdPool *pool = g_new0 (DdPool, 1);

  pool->lock = lock;
  g_cond_init (&pool->work);
  g_cond_init (&pool->idle);
  g_cond_init (&pool->alarm);
  g_queue_init (&pool->jobs);
  pool->trace = dd_trace_new ();
  pool->workers = g_ptr_array_new ();
  pool->finished = g_ptr_array_new_with_free_func (g_free);
  pool->max_threads = max_threads;
  pool->deadline_usec = deadline_usec;
  pool->grace_usec = grace_usec;
  if (!dd_watchdog_start (pool, error))
    {
      dd_pool_free (pool);
      return NULL;
    }
  return pool;
}

void
dd_pool_stop (DdPool *pool)
{
  g_mutex_lock (pool->lock);
  pool->closing = TRUE;
  g_cond_broadcast (&pool->work);
  while (pool->workers->len > 0)
    g_cond_wait (&pool->idle, pool->lock);
  pool->closed = TRUE;
  g_cond_signal (&pool->alarm);
  g_mutex_unlock (pool->lock);

  g_clear_pointer (&pool->watchdog, g_thread_join);
  for (guint i = 0; i < pool->finished->len; i++)
    g_thread_join (((DdWorker *)pool->finished->pdata[i])->thread);
  g_ptr_array_set_size (pool->finished, 0);
}

gboolean
dd_pool_free (DdPool *pool)
{
  dd_pool_stop (pool);

  /* A stranded thread comes back to the lock and the counts, if it ever does. */
  g_mutex_lock (pool->lock);

  gboolean stranded = pool->n_stranded > 0;

  g_mutex_unlock (pool->lock);
  if (stranded)
    return FALSE;
  g_ptr_array_unref (pool->finished);
  g_ptr_array_unref (pool->workers);
  dd_trace_free (pool->trace);
  g_cond_clear (&pool->work);
  g_cond_clear (&pool->idle);
  g_cond_clear (&pool->alarm);
  g_free (pool);
  return TRUE;
}

/* FALSE: it won't run. */
static gboolean
queue (DdPool *pool, const DdJob *job, GError **error)
{
  if (pool->closing)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "the daemon is stopping: ask again once it runs");
  g_queue_push_tail (&pool->jobs, g_memdup2 (job, sizeof *job));
  if (!dd_pool_staff (pool, error))
    {
      g_free (g_queue_pop_tail (&pool->jobs));
      return FALSE;
    }
  g_cond_signal (&pool->work);
  return TRUE;
}

void
dd_pool_run (DdPool *pool, DdHostJob run, DdHostJobFailed failed, gpointer data)
{
  const DdJob job = { run, failed, data };
  g_autoptr (GError) error = NULL;
  gboolean queued;

  g_mutex_lock (pool->lock);
  queued = queue (pool, &job, &error);
  g_mutex_unlock (pool->lock);
  if (!queued)
    failed (data, error);
}

const DdTrace *
dd_pool_trace (DdPool *pool)
{
  return pool->trace;
}

void
dd_pool_note (DdPool *pool, const DdWatch *watch, gint64 now, const char *fault)
{
  DdTraceCall call = {
    .deal = watch->deal,
    .plugin = watch->plugin->id,
    .kind = watch->kind,
    .when = watch->when,
    .usec = (guint64)(now - watch->started),
    .fault = fault,
  };

  dd_trace_add (pool->trace, &call);
}

gboolean
dd_pool_is_worker (DdPool *pool)
{
  const DdWorker *worker = g_private_get (&current_worker);

  return worker != NULL && worker->pool == pool;
}

static gboolean
admit (DdPlugin *plugin, DdWatch *watch, GError **error)
{
  if (plugin->state != DD_PLUGIN_ENABLED)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "plugin %s is no longer enabled: ask again", plugin->id);
  if (plugin->stranded >= MAX_STRANDED || !dd_breaker_admit (&plugin->breaker, watch->started, &watch->trial))
    return dd_fail (error, DD_ERROR_PLUGIN_FAILED,
                    "plugin %s is failing and rests for up to %d s; its last fault: %s", plugin->id,
                    (int)(DD_BREAKER_OPEN_USEC / G_USEC_PER_SEC), plugin->reason);
  return TRUE;
}

gboolean
dd_pool_enter (DdPool *pool, DdWatch *watch, GError **error)
{
  DdWorker *worker = g_private_get (&current_worker);
  DdPlugin *plugin = watch->plugin;
  gboolean admitted;

  g_assert (worker != NULL && worker->pool == pool && worker->watch == NULL);
  watch->started = g_get_monotonic_time ();
  watch->when = g_get_real_time ();
  watch->trial = FALSE;
  g_mutex_lock (pool->lock);
  admitted = admit (plugin, watch, error);
  if (admitted)
    {
      plugin->in_flight++;
      plugin->calls++;
      worker->watch = watch;
      dd_watchdog_wake (pool);
    }
  g_mutex_unlock (pool->lock);
  if (admitted)
    dd_crash_enter (plugin->crash);
  return admitted;
}

gboolean
dd_pool_begin (DdPool *pool, DdWatch *watch)
{
  const DdWorker *worker = g_private_get (&current_worker);
  gboolean begun;

  g_mutex_lock (pool->lock);
  begun = !worker->stranded;
  if (begun)
    {
      watch->started = g_get_monotonic_time ();
      g_atomic_int_set (&watch->expired, FALSE);
    }
  g_mutex_unlock (pool->lock);
  return begun;
}

/* TRUE: @fault is why the plugin isn't called any more. */
static gboolean
count (DdPool *pool, const DdWatch *watch, const char *fault, const char *said)
{
  DdPlugin *plugin = watch->plugin;
  gint64 now = g_get_monotonic_time ();

  plugin->total_usec += (guint64)(now - watch->started);
  dd_pool_note (pool, watch, now, fault != NULL ? fault : said);
  plugin->failures += !watch->unasked && (fault != NULL || said != NULL);
  if (watch->unasked)
    {
      if (watch->trial)
        dd_breaker_untried (&plugin->breaker);
      return FALSE;
    }
  if (fault == NULL)
    {
      dd_breaker_success (&plugin->breaker);
      return FALSE;
    }
  dd_breaker_fault (&plugin->breaker, now);
  g_free (plugin->reason);
  plugin->reason = g_strdup (fault);
  return dd_breaker_is_open (&plugin->breaker);
}

/* The call was given up long ago: its job is no longer ours. */
static void
end_stranded (DdWorker *worker, DdWatch *watch)
{
  DdPool *pool = worker->pool;

  pool->n_stranded--;
  watch->plugin->stranded--;
  g_cond_broadcast (&pool->idle);
  g_mutex_unlock (pool->lock);
  g_free (worker);
  watch->abandon (watch->data);
  g_thread_exit (NULL);
}

void
dd_pool_leave (DdPool *pool, DdWatch *watch, const char *fault, const char *said)
{
  DdWorker *worker = g_private_get (&current_worker);
  DdPlugin *plugin = watch->plugin;
  gboolean stopped;

  dd_crash_leave ();
  g_mutex_lock (pool->lock);
  if (worker->stranded)
    end_stranded (worker, watch);
  worker->watch = NULL;
  plugin->in_flight--;
  stopped = count (pool, watch, fault, said);
  g_cond_broadcast (&pool->idle);
  g_mutex_unlock (pool->lock);
  if (stopped)
    dd_pool_tell_stopped (plugin->id, fault);
}

void
dd_pool_tell_stopped (const char *id, const char *fault)
{
  dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_PLUGIN_STOPPED, "Plugin %s isn't called for now: %s", id,
              fault);
}

void
dd_pool_drain (DdPool *pool, const DdPlugin *plugin)
{
  while (plugin->in_flight > 0)
    g_cond_wait (&pool->idle, pool->lock);
}
