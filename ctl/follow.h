/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Following deals: each of their events once and in order, whatever becomes of signals.
 *
 * The last version of each deal is known. A signal whose events don't follow it tells of a gap, which is read
 * from the deal's log first; so is what happened while nobody told us, because the daemon was away or had
 * ended the watch. One thread, in its thread-default main context; calls block.
 */
#pragma once

#include "bus.h"

G_BEGIN_DECLS

/* Events that belong together, or one of the log. */
typedef struct
{
  const char *deal;
  guint64 version;           /* after them */
  const char *state;         /* (nullable): of the log it isn't known */
  const char *const *events; /* their types, NULL-terminated */
} CtlMove;

typedef struct
{
  /* FALSE ends it: without @error because it is enough. */
  gboolean (*moved) (const CtlMove *move, gpointer data, GError **error);
  /* (nullable): a deal's version went back, or it is gone: an older store took the place of the one that was
   * followed. Told once, when it watches again; what comes next follows what that store has. */
  void (*restored) (gpointer data);
  /* It is over; nothing is called after. @error: (nullable) (transfer full) */
  void (*ended) (GError *error, gpointer data);
  gpointer data;
} CtlFollower;

typedef struct _CtlFollow CtlFollow;

/* @as: (nullable). @deal: "" for all. @since: a version of @deal, after which events are reported first
 * (CTL_USAGE_ERROR if it isn't there yet); -1: only what happens from now on. The daemon must be there at
 * first, or come when it is asked for. */
CtlFollow *
ctl_follow_new (CtlBus *bus, const char *as, const char *deal, gint64 since, const CtlFollower *follower);
void ctl_follow_free (CtlFollow *follow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlFollow, ctl_follow_free)

/* Whether it watches by now. */
gboolean ctl_follow_is_on (const CtlFollow *follow);

G_END_DECLS
