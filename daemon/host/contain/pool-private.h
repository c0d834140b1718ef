/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the pool's threads (pool.c) and its watchdog (watchdog.c) share. All under the pool's lock.
 */
#pragma once

#include "contain/pool.h"

G_BEGIN_DECLS

typedef struct
{
  DdHostJob run;
  DdHostJobFailed failed;
  gpointer data;
} DdJob;

typedef struct
{
  DdPool *pool;
  GThread *thread;
  DdJob job;      /* in progress when watch is set */
  DdWatch *watch; /* (nullable): the plugin call in progress */
  gboolean stranded;
} DdWorker;

struct _DdPool
{
  GMutex *lock;
  GCond work;          /* a job was queued, or the pool closes */
  GCond idle;          /* a call ended */
  GCond alarm;         /* for the watchdog */
  GQueue jobs;         /* DdJob* */
  GPtrArray *workers;  /* DdWorker* that run, without stranded ones */
  GPtrArray *finished; /* DdWorker* that wait to be joined */
  DdTrace *trace;
  guint max_threads;
  guint n_waiting; /* workers without a job */
  guint n_stranded;
  gint64 deadline_usec;
  gint64 grace_usec;
  gboolean closing; /* no more jobs come */
  gboolean closed;  /* no more calls come: the watchdog may end */
  GThread *watchdog;
  gboolean watchdog_asleep;
};

/* Starts the watchdog. DD_ERROR_UNAVAILABLE. */
gboolean dd_watchdog_start (DdPool *pool, GError **error);

/* Makes sure that the watchdog looks before the call that begins now is late. With the lock. */
void dd_watchdog_wake (DdPool *pool);

/* Makes a thread when more is queued than threads wait, up to the bound. FALSE: there is none at all, and
 * none can be made; what is queued has nobody to run it. With the lock. */
gboolean dd_pool_staff (DdPool *pool, GError **error);

/* Adds @watch, which ended at @now (monotonic), to the trace. @fault: (nullable): why it failed. With the
 * lock. */
void dd_pool_note (DdPool *pool, const DdWatch *watch, gint64 now, const char *fault);

/* In the journal, which may block: without the lock. */
void dd_pool_tell_stopped (const char *id, const char *fault);

G_END_DECLS
