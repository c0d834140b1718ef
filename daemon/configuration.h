/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The configuration file: which groups and keys there are, and what holds where a key isn't given. Main
 * thread, before the daemon serves.
 */
#pragma once

#include "host.h"

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

/* The known keys of @group, or with NULL the known groups, with ", " between. (transfer full) */
char *dd_config_list_known (const char *group);

/* @path: (nullable): the default file, which may be missing; a file that was named must be there. (transfer
 * full) DD_ERROR_INVALID_ARGUMENT. */
GKeyFile *dd_config_load (const char *path, GError **error);

/* Refuses the first group or key that isn't known. */
gboolean dd_config_check_known (GKeyFile *config, GError **error);

/* What the host is told: all that the configuration says of plugins. */
typedef struct
{
  DdHostOptions options; /* points into what follows, and into the configuration, which must outlive it */
  char **directories;
  char **disabled;
  char **in_daemon;
  char **isolated;
  char **network;
  char *handoff;
} DdConfigHost;

/* @named: (nullable): directories of plugins, of the command line; they come first. Freed by
 * dd_config_host_clear(). */
void dd_config_host_init (DdConfigHost *host, GKeyFile *config, char **named);
void dd_config_host_clear (DdConfigHost *host);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DdConfigHost, dd_config_host_clear)

/* Where the store is. @state_dir: (nullable): of the command line. (transfer full) */
char *dd_config_store_path (GKeyFile *config, const char *state_dir);

/* A year's interest for present values, nanos; 0, the default: none is computed. DD_ERROR_INVALID_ARGUMENT.
 */
gboolean dd_config_interest (GKeyFile *config, gint64 *out_nanos, GError **error);

G_END_DECLS
