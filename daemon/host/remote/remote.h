/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The life of one runner: the process that holds one isolated plugin, and the connection to it.
 *
 * It is started by the call that needs it, and again by the next one after it ended. One question at a time.
 * What it says is never trusted: whatever isn't an answer to the question ends the process, and is a fault of
 * the plugin; a question that isn't answered in time ends it too, so that no thread is ever left behind with
 * it.
 *
 * With `DIRECTORY/ID.sock` systemd starts it, confined by its unit as well; without, the daemon does. Any
 * thread; what says "entered" only between dd_remote_enter() and _leave().
 */
#pragma once

#include <sys/types.h>

#include "dataset.h"
#include "dealdesk-plugin.h"
#include "remote/wire.h"

G_BEGIN_DECLS

typedef struct _DdRemote DdRemote;

typedef struct
{
  const char *id;
  const char *path;        /* of NAME.plugin */
  const char *digest;      /* of its text, as it was read */
  guint n_datasets;        /* that it names */
  gboolean network;        /* the process may use it */
  const char *runner_path; /* the program */
  const char *runner_dir;  /* (nullable): where systemd's sockets may be */
  gint64 deadline_usec;    /* of a call */
  gint64 grace_usec;       /* until the call's thread would be given up */
  gint64 idle_usec;        /* without a call the process ends by itself */
} DdRemoteOptions;

DdRemote *dd_remote_new (const DdRemoteOptions *options);

/* Ends its process. */
void dd_remote_free (DdRemote *remote);

/* What the runner says of the module that it loaded. */
typedef struct
{
  guint8 module[32]; /* SHA-256 of its file */
  guint32 kinds;     /* bit set of 1 << DdKind */
  guint32 dedupe;
  char version[65]; /* 1 to 64 bytes of UTF-8 */
} DdRemoteFacts;

/* Starts the process, which loads and opens the plugin with @options until @until (monotonic, microseconds);
 * as often as it is started from now on, the facts must be the same. DD_ERROR_PLUGIN_REFUSED,
 * DD_ERROR_UNAVAILABLE, DD_ERROR_PLUGIN_FAILED: it failed, or wasn't ready in time. */
gboolean dd_remote_open (DdRemote *remote,
                         const DealdeskOption *options,
                         guint n_options,
                         gint64 until,
                         DdRemoteFacts *out_facts,
                         GError **error);

/* Lets the plugin close and its process end, unless none runs; waits for it, and kills it when that takes
 * long. */
void dd_remote_close (DdRemote *remote);

/* When a call that began at @started is late, and when its process is ended. Monotonic, microseconds. */
gint64 dd_remote_deadline (const DdRemote *remote, gint64 started);
gint64 dd_remote_end (const DdRemote *remote, gint64 started);

/* Waits for its turn until @until. FALSE: its turn didn't come in time. */
gboolean dd_remote_enter (DdRemote *remote, gint64 until);
void dd_remote_leave (DdRemote *remote);

/* Whether it can't be started, as a call has just found: the error is that call's. Then others needn't try.
 * Entered. */
gboolean dd_remote_rests (const DdRemote *remote, GError **error);

/* Forgets what answers lookups, but for @datasets, one for each of the plugin's: so that what is no longer
 * needed leaves room. Entered. */
void dd_remote_keep (DdRemote *remote, DdDataset *const *datasets);

/* What answers lookups of the plugin's dataset @index from the next question on. Entered. @columns: as of
 * dd_image_make(). */
gboolean dd_remote_offer (
  DdRemote *remote, guint index, DdDataset *dataset, const guint *columns, guint n_columns, GError **error);

/* The body of the next question, empty. Entered. */
DdWireWriter *dd_remote_begin (DdRemote *remote);

/* Asks it, and waits for the answer until @end. The answer is valid until dd_remote_leave(). On FALSE the
 * process has ended, and *@out_sent says whether the plugin may have seen the question. Entered. */
gboolean
dd_remote_ask (DdRemote *remote, gint64 end, DdWireReader *out_answer, gboolean *out_sent, GError **error);

/* Ends the process: its answer can't be right. Entered. */
void dd_remote_break (DdRemote *remote);

/* @out_pid: 0 while none runs, or while it is systemd's. @out_restarts: how often it was started again after
 * it failed. Waits for nothing. */
void dd_remote_describe (DdRemote *remote, pid_t *out_pid, guint *out_restarts);

G_END_DECLS
