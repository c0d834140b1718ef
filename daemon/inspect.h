/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The configuration looked at without serving: what is wrong with it, and what holds. No code of a plugin is
 * loaded, and no store opened. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *config_file; /* (nullable): the default one */
  const char *state_dir;   /* (nullable) */
  char **plugin_dirs;      /* (nullable): of the command line */
  gboolean development;    /* for a start on another bus than the system's */
  gboolean json;           /* one JSON document instead of lines */
} DdInspection;

/* Prints each finding as one line, or that there is none. The exit status: 0 where there is none, 1
 * otherwise. */
int dd_inspect_check (const DdInspection *inspection);

/* Prints what holds, and where each value comes from: file or default. The exit status: 1 where the file
 * can't be read. */
int dd_inspect_show (const DdInspection *inspection);

G_END_DECLS
