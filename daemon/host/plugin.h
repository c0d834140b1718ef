/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One plugin as the host holds it: its manifest, its tables, and how it fares.
 *
 * Tables are the host's own full-size copies: what an older author didn't have is zero. The fields under
 * "guarded" belong to the host's lock; all others don't change after dd_host_new(), except instance and
 * options, which only the administration (one at a time) changes while no call runs.
 */
#pragma once

#include <gmodule.h>

#include "contain/breaker.h"
#include "contain/crash.h"
#include "dealdesk-plugin.h"
#include "host.h"
#include "manifest.h"
#include "remote/remote.h"

G_BEGIN_DECLS

typedef enum
{
  DD_PLUGIN_REFUSED,
  DD_PLUGIN_DISABLED,
  DD_PLUGIN_ENABLED
} DdPluginState;

/* How a plugin sees a dataset: its own columns, in its own order. */
typedef struct
{
  const DdDatasetDeclaration *declaration; /* the host's merged one */
  guint *columns; /* (nullable): the merged column of each of its own; NULL: they are the same */
  guint n_columns;
} DdDatasetView;

typedef struct
{
  char *id; /* of a file that can't be read: its name without .plugin */
  char *path;
  char *kinds;          /* text */
  DdManifest *manifest; /* (nullable): NULL when it can't be read */
  GModule *module;
  DealdeskPlugin table;
  DealdeskPricing pricing;
  DealdeskApproval approval;
  DealdeskNegotiation negotiation;
  DealdeskHandoff handoff;
  GArray *options; /* DealdeskOption; text owned by option_texts */
  GPtrArray *option_texts;
  DdDatasetView *views; /* one for each of the manifest's datasets */
  gboolean isolated;    /* in a runner: the tables are proxies, and instance is remote */
  DdRemote *remote;     /* (nullable): NULL unless isolated */
  gboolean network;     /* its runner may use it */
  DdCrashNote
    *crash; /* (nullable): where it is noted that it crashed; NULL when isolated, or without notes */
  gboolean turned_off; /* by the configuration */
  gboolean startable;  /* it has its place and its options: what refused it since, its start did */
  gboolean loaded;     /* the tables are the module's, and are right */
  guint said_kinds;   /* refused, without a manifest: the kinds that its file says all the same; 0: unknown */
  gboolean duplicate; /* refused: an earlier file has its id, and counts instead of it */
  void *instance;

  /* guarded */
  DdPluginState state;
  gboolean quarantined; /* refused, for having crashed the daemon: until it is enabled */
  gboolean passed_over; /* a sink that the configuration doesn't name, and that nobody enabled since */
  gboolean opened;      /* at least once */
  const char *version;  /* (nullable): of what was opened last; not ours */
  char *reason;         /* why refused, or the last fault; "" */
  guint in_flight;      /* calls that are waited for */
  guint stranded;       /* calls that were given up and have not returned */
  DdBreaker breaker;
  guint64 calls;
  guint64 failures;
  guint64 total_usec;
} DdPlugin;

DdPlugin *dd_plugin_new (const char *path);
void dd_plugin_free (DdPlugin *plugin);

/* Refuses it: for good, unless it is startable. @reason: text for people */
void dd_plugin_refuse (DdPlugin *plugin, const char *reason);

/* Only a sink, and orders go to another one: it needn't be set up. One of several kinds is opened for those.
 */
gboolean dd_plugin_is_passed_over (const DdPlugin *plugin, const DdHostOptions *options);

/* Maps the module and takes over its tables, after checking each against the manifest. */
gboolean dd_plugin_load (DdPlugin *plugin, GError **error);

/* Makes the values of its options from the configuration (nullable) and the defaults. */
gboolean dd_plugin_read_options (DdPlugin *plugin, GKeyFile *configuration, GError **error);

/* Calls the plugin's own open and close; no other call may run. */
gboolean dd_plugin_open (DdPlugin *plugin, GError **error);
void dd_plugin_close (DdPlugin *plugin);

/* All *.plugin of @directories, in the order of the directories, by name; an id that came before wins.
 * (element-type DdPlugin) (transfer full) */
GPtrArray *dd_plugins_discover (const char *const *directories);

/* Sorts for calling: pricing by stage, then After and Before, ties by id; refuses cycles and conflicts, and
 * moves refused ones to the end. */
void dd_plugins_order (GPtrArray *plugins);

/* Whether what one plugin declares goes with dealdesk's own. (element-type DdDatasetDeclaration) */
gboolean dd_datasets_check (const GPtrArray *datasets, const GPtrArray *own, GError **error);

/* Merges what the plugins declare into one declaration a dataset, and makes their views; a plugin that
 * contradicts an earlier one, or @own (nullable), is refused. Without those of @own. (element-type
 * DdDatasetDeclaration) (transfer full) */
GPtrArray *dd_plugins_merge_datasets (GPtrArray *plugins, const GPtrArray *own);

G_END_DECLS
