/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A child process: started with one socket, ended, and never left behind as a zombie.
 *
 * Each has a thread that does nothing but wait for its end, so that whoever waits here may do so with a
 * limit. Any thread.
 */
#pragma once

#include <sys/types.h>

#include "remote/voice.h"

G_BEGIN_DECLS

typedef struct _DdChild DdChild;

/* Where a child finds its socket. */
#define DD_CHILD_SOCKET 3

/* Runs @path. It gets @socket as descriptor 3, no input, little of the environment, and nothing that we write
 * to: what it writes is told by @voice (nullable: nobody hears it). DD_ERROR_UNAVAILABLE. (transfer full) */
DdChild *dd_child_spawn (const char *path, int socket, DdVoice *voice, GError **error);

/* Forgets it; it may live on. */
void dd_child_unref (DdChild *child);

pid_t dd_child_pid (const DdChild *child);

/* Does nothing once it has ended. */
void dd_child_kill (DdChild *child);

/* Waits for its end until @until (monotonic, microseconds). Whether it has ended. */
gboolean dd_child_wait (DdChild *child, gint64 until);

/* How it ended, as "ended by signal 11 (Segmentation fault)"; only once it has. (transfer full) */
char *dd_child_describe_end (DdChild *child);

/* Whether it ended with status 0. */
gboolean dd_child_ended_well (DdChild *child);

G_END_DECLS
