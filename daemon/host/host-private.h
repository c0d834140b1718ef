/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The host's parts, for its own files.
 */
#pragma once

#include "host.h"
#include "contain/pool.h"

G_BEGIN_DECLS

struct _DdHost
{
  GMutex lock;           /* the pool's state and every plugin's guarded fields */
  GMutex admin;          /* one dd_host_enable() or _disable() at a time */
  GPtrArray *plugins;    /* DdPlugin*, in the order of calling; fixed after dd_host_new() */
  GPtrArray *datasets;   /* DdDatasetDeclaration*; fixed after dd_host_new() */
  char *handoff;         /* (nullable): the configured sink's id */
  gint64 start_usec;     /* that the start of a plugin's process may take */
  DdCrashNotes *crashes; /* (nullable): without a file, or when it can't be had */
  DdPool *pool;
};

/* The enabled plugins of @kind, in the order of calling. (element-type DdPlugin) (transfer container) */
GPtrArray *dd_host_enabled (DdHost *host, DdKind kind);

/* --- quarantine.c --- */

/* @path: (nullable). What goes wrong is told in the journal: plugins run nevertheless. */
void dd_host_open_crash_notes (DdHost *host, const char *path);

/* Finds @plugin's note. TRUE: it is refused for its crashes. Before it is loaded, and once it is known
 * whether it is isolated. */
gboolean dd_host_quarantine (DdHost *host, DdPlugin *plugin);

/* Durably, and lifts its quarantine: it is disabled then. With the administration's lock. */
gboolean dd_host_forget_crashes (DdHost *host, DdPlugin *plugin, GError **error);

/* At an orderly end, when every plugin is closed that can be. */
void dd_host_end_crash_notes (DdHost *host);

/* Whether every plugin of @kind is there, but for those that an administrator turned off. One that was
 * refused is missing: nobody else knows what it would have answered. DD_ERROR_UNAVAILABLE. Any thread. */
gboolean dd_host_check_complete (DdHost *host, DdKind kind, GError **error);

/* --- start.c --- */

/* All that are to run. Each is enabled afterwards, or is refused, disabled or quarantined. */
void dd_host_start_plugins (DdHost *host, const DdHostOptions *options);

/* Maps, checks and opens @plugin, which is startable and isn't enabled; refuses it when that fails. With the
 * administration's lock. */
gboolean dd_host_start_plugin (DdHost *host, DdPlugin *plugin, GError **error);

G_END_DECLS
