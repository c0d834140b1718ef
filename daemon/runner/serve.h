/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the runner's files share: the one plugin, and the daemon's connection. The runner's one thread, from
 * start to end.
 */
#pragma once

#include <sys/stat.h>

#include "remote/image.h"
#include "plugin.h"
#include "remote/wire-layout.h"

G_BEGIN_DECLS

typedef struct
{
  int socket;
  DdPlugin *plugin;
  gboolean in_unit;        /* systemd started it, confined by a unit */
  DdWireDigest module;     /* of what is loaded */
  struct stat module_file; /* as it was read */
  DdImage **images;        /* one for each of the plugin's datasets; NULL: not given yet */
  gint64 idle_usec;        /* without a call it ends */
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

/* module-file.c: reads the module's file, before this process is confined, and notes which one it is.
 * DD_ERROR_PLUGIN_REFUSED: it can't be read, or isn't @wanted (all zero: any). */
gboolean dd_runner_read_module (DdRunner *runner, const DdWireDigest *wanted, GError **error);

/* Whether its path still names what was read: so nothing else was mapped, if it did before and does after. */
gboolean dd_runner_check_module (const DdRunner *runner, GError **error);

/* What the alarm waits for after the daemon's own patience, in microseconds. */
#define DD_RUNNER_ALARM_USEC ((gint64)G_USEC_PER_SEC)

/* serve.c: what dd_runner_set_alarm() sets; before this process is confined, which may make no more.
 * DD_ERROR_UNAVAILABLE. */
gboolean dd_runner_make_alarm (GError **error);

/* Ends the process @usec after now, by a signal that can't be blocked; 0: not any more. For a plugin that
 * hangs: one that means harm can set the timer, too, and is the daemon's or its unit's to end. */
void dd_runner_set_alarm (gint64 usec);

/* serve.c: lets the plugin close, and doesn't wait for it for ever. */
void dd_runner_close (DdRunner *runner);

/* Sends @type with what @writer holds, and waits until it is gone. */
gboolean dd_runner_send (
  DdRunner *runner, DdFrameType type, guint32 serial, const DdWireWriter *writer, GError **error);

G_END_DECLS
