/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How far long work is, to the caller who asked for it with the option "progress"; and whether the work is to
 * go on. One thread at a time, any one.
 */
#pragma once

#include "bus/call.h"

G_BEGIN_DECLS

typedef struct
{
  const DdBusCall *call; /* borrowed */
  guint job;             /* the caller's number for it; 0: the caller doesn't want to know */
  gint64 told;           /* monotonic microseconds */
} DdProgress;

/* @call's: it must live as long. */
DdProgress dd_progress_of (const DdBusCall *call);

/* Signals @done of @all, ten times a second at most. FALSE: the daemon wants the work to stop. A
 * DdStoreProgress, with the DdProgress as its data. */
gboolean dd_progress_tell (gint64 done, gint64 all, gpointer progress);

G_END_DECLS
