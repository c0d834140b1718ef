/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Watchers, each on a connection of its own and some dozen to a thread, that follow deals as dealctl does;
 * and what they saw, to be held against the deals' logs.
 */
#pragma once

#include "moves.h"

#include "follow.h"

G_BEGIN_DECLS

/* "7 asked" … of each deal. */
typedef struct
{
  GHashTable *by_deal; /* to GPtrArray of texts */
  guint n;
} Seen;

void seen_init (Seen *seen);
void see (Seen *seen, const char *deal, guint64 version, const char *type);

/* All that is in the log of @deal above @after must be in @seen, once, and in order. */
void check_seen (const Rig *rig, const Seen *seen, const char *deal, guint64 after);

typedef struct _Crowd Crowd;

typedef struct
{
  Crowd *crowd;
  CtlBus *bus;
  CtlFollow *follow;
  const char *deal; /* "": all */
  Seen seen;
  guint expected; /* events; then it ends */
  guint filter;
  guint dropped; /* atomic */
  gboolean ended;
} Watcher;

/* The watchers of one thread; filled before it is started. */
struct _Crowd
{
  const Rig *rig;
  GThread *thread;
  GMainContext *context;
  Watcher *watchers;
  guint n;
  guint running;
  gint on; /* atomic: all of them watch */
  /* (nullable): on GDBus's thread: whether the signal of that version is lost */
  gboolean (*loses) (guint64 version, gpointer data);
  gpointer loses_data;
};

/* A filter of a connection, for a Watcher: loses signals as its crowd says. */
GDBusMessage *lose (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data);

Crowd *crowd_new (const Rig *rig, guint n);
void crowd_start (Crowd *crowd);
/* Waits until all of them watch. */
void crowd_wait_on (Crowd *crowd);
/* Waits until each has seen as much as it expects. */
void crowd_join (Crowd *crowd);
void crowd_free (Crowd *crowd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Crowd, crowd_free)

G_END_DECLS
