/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The host's parts, for its own files.
 */
#pragma once

#include "host.h"
#include "pool.h"

G_BEGIN_DECLS

struct _DdHost
{
  GMutex lock;         /* the pool's state and every plugin's guarded fields */
  GMutex admin;        /* one dd_host_enable() or _disable() at a time */
  GPtrArray *plugins;  /* DdPlugin*, in the order of calling; fixed after dd_host_new() */
  GPtrArray *datasets; /* DdDatasetDeclaration*; fixed after dd_host_new() */
  char *handoff;       /* (nullable): the configured sink's id */
  DdPool *pool;
};

/* The enabled plugins of @kind, in the order of calling. (element-type DdPlugin) (transfer container) */
GPtrArray *dd_host_enabled (DdHost *host, DdKind kind);

/* Maps, checks and opens @plugin, which isn't enabled; refuses it when that fails. */
gboolean dd_host_start_plugin (DdHost *host, DdPlugin *plugin, GError **error);

G_END_DECLS
