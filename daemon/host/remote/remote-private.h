/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What remote.c (asking) and remote-start.c (starting and ending) share.
 */
#pragma once

#include "remote/child.h"
#include "remote/remote.h"

G_BEGIN_DECLS

/* A dataset as the runner has it, or will have it before the next question. */
typedef struct
{
  DdDataset *dataset; /* (nullable): which one the image is of */
  int image;          /* its descriptor, or -1 */
  guint64 size;       /* that the runner needs for it; 0 without one */
  gboolean sent;      /* to the process that runs now */
  guint64 held;       /* the size of what that process has in its place */
} DdRemoteImage;

struct _DdRemote
{
  char *id;
  char *path;
  char *digest;
  char *runner_path;
  char *runner_dir; /* (nullable) */
  gboolean network;
  guint n_images;
  gint64 deadline_usec;
  gint64 grace_usec;
  gint64 idle_usec;

  GMutex lock;
  GCond left;
  gboolean busy; /* somebody has entered */

  /* of whoever has entered */
  DdVoice *voice;
  gboolean told;      /* that there is no socket of systemd's */
  int socket;         /* -1: no process */
  DdChild *child;     /* (nullable): NULL for systemd's, and without a process */
  gboolean failed;    /* the last process did */
  gboolean opened;    /* the facts are known */
  gint64 rests_until; /* monotonic, microseconds; 0: it doesn't */
  GError *rests_for;  /* (nullable): why it couldn't be started */
  DdRemoteFacts facts;
  DdWireWriter hello;
  DdWireWriter question;
  DdFrame answer;
  guint32 serial;
  DdRemoteImage *images;

  gint pid;      /* atomic */
  gint restarts; /* atomic */
};

/* Starts a process and settles with it what it is. */
gboolean dd_remote_start (DdRemote *remote, gint64 until, GError **error);

/* Forgets the process, which has ended or will when it sees the connection's end. */
void dd_remote_drop (DdRemote *remote);

/* Lets the plugin close and the process end until @until, then kills it. */
void dd_remote_let_end (DdRemote *remote, gint64 until);

/* Kills it, where that is ours to do. */
void dd_remote_kill (DdRemote *remote);

/* The connection failed: ends the process, and says what happened. @cause: of the failure. Returns FALSE. */
gboolean
dd_remote_fail (DdRemote *remote, DdWireResult result, gint64 until, const GError *cause, GError **error);

G_END_DECLS
