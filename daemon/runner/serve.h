/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the runner's files share: the one plugin, and the daemon's connection. The runner's one thread, from
 * start to end.
 */
#pragma once

#include "remote/image.h"
#include "plugin.h"
#include "remote/wire.h"

G_BEGIN_DECLS

typedef struct
{
  int socket;
  DdPlugin *plugin;
  DdImage **images; /* one for each of the plugin's datasets; NULL: not given yet */
  gint64 idle_usec; /* without a call it ends */
  DdFrame question;
  DdWireWriter answer;
} DdRunner;

/* load.c: takes the daemon's first frame, confines this process, loads and opens the plugin, and says so.
 * FALSE: the daemon was told why not, where it still listens. */
gboolean dd_runner_load (DdRunner *runner, GError **error);

/* serve.c: answers calls until the daemon closes the connection, or nothing comes for a while. The exit
 * status. */
int dd_runner_serve (DdRunner *runner);

/* calls.c: does what the question of a CALL says, and writes the answer. FALSE: the question can't be read.
 */
gboolean dd_runner_call (DdRunner *runner, GError **error);

/* Sends @type with what @writer holds, and waits until it is gone. */
gboolean dd_runner_send (
  DdRunner *runner, DdFrameType type, guint32 serial, const DdWireWriter *writer, GError **error);

G_END_DECLS
