/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The threads that run jobs, and the watchdog over the plugin calls within them.
 *
 * A job runs on one of a bounded number of threads. A plugin call inside it is entered and left through
 * dd_pool_enter() and dd_pool_leave(): past its deadline it is asked to stop, and past the grace its thread
 * is given up (stranded): the job has failed, another thread takes its place, and should the call ever
 * return, its thread ends inside dd_pool_leave(). All state is under one lock, which is the host's.
 */
#pragma once

#include "host.h"
#include "plugin.h"
#include "contain/trace.h"

G_BEGIN_DECLS

typedef struct _DdPool DdPool;

/* A plugin call in progress, as the watchdog sees it. */
typedef struct
{
  DdPlugin *plugin;
  DdKind kind;
  const char *deal;       /* (nullable): whose call it is; lives as long as the call */
  gint expired;           /* atomic: the call should stop */
  gboolean unasked;       /* the plugin wasn't asked, which isn't its fault */
  gboolean trial;         /* it is its breaker's trial */
  gint64 started;         /* monotonic, microseconds */
  gint64 when;            /* the same in microseconds since 1970 UTC */
  GDestroyNotify abandon; /* frees @data when a stranded call returns after all */
  gpointer data;
} DdWatch;

/* @lock: (transfer none): must outlive every thread, stranded ones too. DD_ERROR_UNAVAILABLE: there is no
 * thread for the watchdog. */
DdPool *
dd_pool_new (GMutex *lock, guint max_threads, gint64 deadline_usec, gint64 grace_usec, GError **error);

/* Runs what is queued, ends the threads that can end; more is refused. Once more does nothing. */
void dd_pool_stop (DdPool *pool);

/* Stops it first. FALSE: some threads are stranded, and @pool stays. */
gboolean dd_pool_free (DdPool *pool);

/* @failed is called at once when there is nobody to run it: DD_ERROR_UNAVAILABLE. */
void dd_pool_run (DdPool *pool, DdHostJob job, DdHostJobFailed failed, gpointer data);

/* The calls that have ended; with the lock. */
const DdTrace *dd_pool_trace (DdPool *pool);

/* Whether the calling thread is one of @pool's. */
gboolean dd_pool_is_worker (DdPool *pool);

/* Begins a call of @watch->plugin on this worker. FALSE: the plugin isn't enabled, or its breaker is open:
 * DD_ERROR_UNAVAILABLE or DD_ERROR_PLUGIN_FAILED. */
gboolean dd_pool_enter (DdPool *pool, DdWatch *watch, GError **error);

/* The call that was entered had to wait for its turn, and begins only now: its time does, too. FALSE: it was
 * given up meanwhile, and may not begin any more. */
gboolean dd_pool_begin (DdPool *pool, DdWatch *watch);

/* Ends it. Doesn't return on a stranded thread. @fault: whether the plugin misbehaved: (nullable): why.
 * @said: (nullable): why it says that it failed, without a fault. */
void dd_pool_leave (DdPool *pool, DdWatch *watch, const char *fault, const char *said);

/* Waits until no call of @plugin is waited for. With the lock held. */
void dd_pool_drain (DdPool *pool, const DdPlugin *plugin);

G_END_DECLS
