/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The configuration file: which groups and keys there are, and what holds where a key isn't given. Main
 * thread, before the daemon serves.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *group;
  const char *key;
  const char *preset; /* (nullable): what holds without it; NULL: nothing does */
} DdConfigKey;

/* Ends with one whose group is NULL. Groups "plugin ID" are beside it: plugins declare their own options. */
extern const DdConfigKey dd_config_keys[];

/* The part of a group's name that is a plugin's id; NULL for another group. */
const char *dd_config_plugin (const char *group);

gboolean dd_config_knows_group (const char *group);
gboolean dd_config_knows_key (const char *group, const char *key);

/* @path: (nullable): the default file, which may be missing; a file that was named must be there. (transfer
 * full) DD_ERROR_INVALID_ARGUMENT. */
GKeyFile *dd_config_load (const char *path, GError **error);

/* Refuses the first group or key that isn't known. */
gboolean dd_config_check_known (GKeyFile *config, GError **error);

/* Where plugins are, in order: @named (nullable) by the command line, the configuration's, the installed one.
 * Of two plugins with one id the first counts. */
char **dd_config_plugin_directories (GKeyFile *config, char **named);

/* Where the store is. @state_dir: (nullable): of the command line. (transfer full) */
char *dd_config_store_path (GKeyFile *config, const char *state_dir);

G_END_DECLS
