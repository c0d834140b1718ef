/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The plugin host: finds, orders, loads, calls and contains plugins.
 *
 * NAME.plugin is read and checked before any code is loaded; the symbol must agree with it. A plugin that
 * can't be used is refused by name, and the rest runs. Calls happen on the host's own bounded pool of threads
 * (dd_host_run()), each with a deadline; a call that hangs strands one thread, which is replaced, and the
 * plugin's breaker opens. What comes back is checked before anybody else sees it.
 */
#pragma once

#include "authority/requirement.h"
#include "dataset.h"
#include "deal/proposal.h"
#include "price/sheet.h"

G_BEGIN_DECLS

typedef struct _DdHost DdHost;

/* The configuration's group of a plugin's options: this, then the id. */
#define DD_HOST_OPTIONS_GROUP "plugin "

typedef struct
{
  const char *const *directories; /* NULL-terminated: searched in order */
  const char *const *disabled;    /* (nullable): plugin ids that the configuration turns off */
  const char *handoff;            /* (nullable): the sink that orders go to; default: the only one */
  GKeyFile *options;              /* (nullable): groups "plugin ID" with option = value */
  const GPtrArray *own_datasets; /* (nullable) (element-type DdDatasetDeclaration*): the core's, which plugins
                                    see columns of; must outlive the host */
  const char *shipped_dir;       /* (nullable): where the shipped plugins are, whose word on where they run is
                                    believed; default: where they are installed */
  const char *const *in_daemon; /* (nullable): ids of those that run in the daemon, beside the shipped ones */
  const char *const *isolated;  /* (nullable): ids of shipped ones that run in a runner like all others */
  const char *const *network;   /* (nullable): ids of those that may use the network */
  const char *runner_path;      /* (nullable): the runners' program; default: the installed one */
  const char *runner_dir;       /* (nullable): where systemd's sockets of runners may be */
  gint64 idle_usec;             /* without a call a runner ends; 0: 60 s */
  guint threads;                /* 0: 2 */
  gint64 deadline_usec;         /* of one call; 0: 5 s */
  gint64 grace_usec;            /* after it, until the call's thread is given up; 0: 1 s */
  gint64 start_usec;            /* for the processes of all plugins to start together; 0: 20 s */
  const char *crash_file;       /* (nullable): notes which plugin crashed the daemon; see crash.h */
} DdHostOptions;

/* dealdesk's own: what own_datasets is in the daemon. (element-type DdDatasetDeclaration*) (transfer none) */
const GPtrArray *dd_core_datasets (void);

/* The columns of its offerings. */
enum
{
  DD_OFFERING_ID,
  DD_OFFERING_NAME,
  DD_OFFERING_CATEGORY,
  DD_OFFERING_UNIT,
  DD_OFFERING_VALID_FROM,
  DD_OFFERING_VALID_TO
};

/* Loads all that can be loaded. Never fails for a bad plugin: see dd_host_list(). (transfer full) */
DdHost *dd_host_new (const DdHostOptions *options, GError **error);

/* Takes no more jobs (each one's failed is called), ends those that were taken, and the threads. After it
 * nothing of the host calls back, and what isn't "From a job" still works. Blocks like dd_host_disable(). */
void dd_host_stop (DdHost *host);

/* Stops it, unless it was, and closes every plugin. */
void dd_host_free (DdHost *host);

typedef void (*DdHostJob) (gpointer data);
typedef void (*DdHostJobFailed) (gpointer data, const GError *error);

/**
 * dd_host_run:
 * @job: runs once on one of the pool's threads; only a job may call the dd_host_* functions that say "From a
 * job"
 * @failed: called instead of the rest of @job, on the watchdog's thread, when a plugin call of @job hung past
 *   its deadline and grace; or at once, on the calling thread and with DD_ERROR_UNAVAILABLE, when the host
 *   stops. Must be quick: usually it hands @error to another thread
 * @data: shared by both
 *
 * Either @job returns, or @failed is called; never both. From the moment of @failed, @data is its alone: the
 * stranded thread, should the plugin ever return, ends there and never comes back into @job. So a job holds
 * no lock across a dd_host_* call, and keeps all that must be released reachable from @data. What the plugin
 * itself sees is the host's own copy or reference. A delivery that hung has an unknown outcome. Any thread.
 */
void dd_host_run (DdHost *host, DdHostJob job, DdHostJobFailed failed, gpointer data);

typedef struct
{
  const char *id;
  const char *version;
  const char *kinds;  /* "pricing", "pricing;approval" … */
  const char *stage;  /* "" unless pricing */
  const char *path;   /* of the .plugin file */
  const char *state;  /* "enabled", "disabled", "refused", "quarantined", "failing" */
  const char *reason; /* why refused, quarantined or failing; "" otherwise */
  guint64 calls;
  guint64 failures;
  guint64 total_usec;
} DdPluginInfo;

/* In the order in which pricing calls them, then those that were refused. @func must not call the host. */
typedef void (*DdPluginInfoFunc) (const DdPluginInfo *info, gpointer data);
void dd_host_list (DdHost *host, DdPluginInfoFunc func, gpointer data);

typedef struct
{
  const char *name;
  const char *type;        /* "text", "percent" … */
  const char *value;       /* in use */
  const char *fallback;    /* the default */
  const char *description; /* "" when there is none */
} DdPluginOption;

/* What else there is to know of one plugin. Of one whose file can't be read there is only what @info has. */
typedef struct
{
  DdPluginInfo info;
  const char *isolation;    /* "process" or "daemon" */
  const char *module;       /* the shared object's path; "" */
  gboolean network;         /* it may use the network */
  gint64 pid;               /* of its process; 0: none runs */
  guint restarts;           /* of its process */
  const char *last_fault;   /* (nullable): since it was opened; whether it is called or not */
  const GPtrArray *options; /* (element-type DdPluginOption) */
  /* (element-type DdDatasetDeclaration): what it reads, with the columns that it names */
  const GPtrArray *datasets;
} DdPluginDetail;

/* Calls @func, which must not call the host, once. DD_ERROR_NOT_FOUND. Any thread. */
typedef void (*DdPluginDetailFunc) (const DdPluginDetail *detail, gpointer data);
gboolean
dd_host_describe (DdHost *host, const char *id, DdPluginDetailFunc func, gpointer data, GError **error);

/* The calls of one plugin for one deal, of one kind. */
typedef struct
{
  const char *plugin;
  const char *kind;
  guint64 calls;
  guint64 failures;
  guint64 total_usec;
  const char *last_fault; /* (nullable): why the last one that failed did */
  gint64 last_at;         /* microseconds since 1970 UTC */
} DdCallSum;

/* The calls for @deal ("D-1042") since the host began, as far back as it remembers: the last few thousand of
 * all.
 * @func must not call the host. Any thread. */
typedef void (*DdCallSumFunc) (const DdCallSum *sum, gpointer data);
void dd_host_calls (DdHost *host, const char *deal, DdCallSumFunc func, gpointer data);

/* Blocks up to one call's deadline and grace: not on the main thread, and not from a job. While a call of the
 * plugin hangs it can't be closed: it is disabled, and enabling is DD_ERROR_UNAVAILABLE until the call
 * returns. Drains the plugin's calls, then closes it; its module stays mapped. DD_ERROR_NOT_FOUND. Enabling
 * opens it again, closes its breaker, and forgets, durably, that it crashed. */
gboolean dd_host_disable (DdHost *host, const char *id, GError **error);
gboolean dd_host_enable (DdHost *host, const char *id, GError **error);

/* The datasets that the loaded plugins declare; (transfer none) (element-type DdDatasetDeclaration*). Two
 * plugins that declare one dataset must agree on the columns that both name; the result has all columns. */
const GPtrArray *dd_host_datasets (DdHost *host);
const DdDatasetDeclaration *dd_host_dataset (DdHost *host, const char *name); /* (nullable) */

/* Gives the compiled dataset @name at the version pinned for this job. (transfer none), valid during the
 * call. */
typedef DdDataset *(*DdDatasetSource) (const DdDatasetDeclaration *declaration,
                                       gpointer data,
                                       GError **error);

typedef struct
{
  DdDatasetSource datasets;
  gpointer datasets_data;
  const char *customer;
  const char *segment; /* "" when unknown */
  const char *country;
  const char *deal;  /* (nullable): "D-1042", for the trace; no plugin sees it */
  const char *owner; /* (nullable): of the deal; approvals only */
  gint64 now;        /* microseconds since 1970 UTC */
  const DdDataset
    *offerings; /* (nullable): the core's, as pinned for this job; for a pricing run, the next too */
  const DdDataset *rates; /* (nullable) */
  GPtrArray *misses; /* (nullable) (element-type DdMiss): gets the rules of a pricing run that didn't apply */
  const char *asked_rule; /* (nullable): the only one that is asked about */
} DdCallContext;

/* Calls every enabled pricing plugin in order, and gives the answers with every dataset's and plugin's
 * version among its sources. All lines must have an offering. One that was refused counts as failing: nobody
 * else knows what it would have charged. Errors: DD_ERROR_UNPRICED, DD_ERROR_PLUGIN_FAILED (naming plugin,
 * and line where it is known), DD_ERROR_UNAVAILABLE (no plugin prices, or one was refused). (transfer full).
 * From a job. */
DdAnswers *
dd_host_price (DdHost *host, const DdCallContext *context, const DdProposal *proposal, GError **error);

/* Appends to @answers, after what the lines of @proposal state, the installed nets that they don't: those of
 * the rows of @installed (nullable), the core's dataset, for @customer (nullable), offering, site and charge
 * of the lines that modify or delete, on the day of @now. Its version becomes a source once a row was taken.
 * DD_ERROR_UNPRICED: two lines would take one row, a row can't be right, or of a line that deletes nothing is
 * known. Any thread. */
gboolean dd_host_add_installed (const DdDataset *installed,
                                const char *customer,
                                gint64 now,
                                const DdProposal *proposal,
                                DdAnswers *answers,
                                GError **error);

/* A rule that didn't apply, and why. */
typedef struct
{
  char *plugin;
  guint32 line; /* index; G_MAXUINT32: all */
  char *rule;
  char *reason;
} DdMiss;

/* (element-type DdMiss) (transfer full): to be given as DdCallContext.misses. */
GPtrArray *dd_misses_new (void);

/* Asks every enabled approval plugin; one that was refused counts as failing, since nobody else knows its
 * rules. Requirements are numbered from 1 in order of level, plugin, rule. Errors: DD_ERROR_NO_AUTHORITY,
 * DD_ERROR_PLUGIN_FAILED, DD_ERROR_UNAVAILABLE (no approval plugin: fail closed). (transfer full)
 * (element-type DdRequirement*). From a job. */
GPtrArray *dd_host_require (DdHost *host,
                            const DdCallContext *context,
                            const DdMeasure *measures,
                            guint n_measures,
                            const char *requester,
                            const GPtrArray *groups,
                            GError **error);

typedef struct
{
  gboolean by_customer;
  guint revision;
  gint64 time;
  gint64 total;
} DdOffer;

typedef struct
{
  char *plugin;
  guint action; /* DdAdviceAction */
  gint64 total; /* micros */
  char *reason;
} DdAdvice;

void dd_advice_free (DdAdvice *advice);

/* Asks the negotiation plugin @id (nullable: the first). (transfer full). From a job. */
DdAdvice *dd_host_advise (DdHost *host,
                          const DdCallContext *context,
                          const char *id,
                          const DdOffer *offers,
                          guint n_offers,
                          gint64 list_total,
                          DdCurrency currency,
                          gint64 opened,
                          gint64 deadline,
                          GError **error);

typedef enum
{
  DD_DELIVERY_DELIVERED,
  DD_DELIVERY_RETRY,
  DD_DELIVERY_REJECTED,
  DD_DELIVERY_UNKNOWN
} DdDelivery;

/* Delivers one order through the handoff plugin. @again: an earlier attempt's outcome is unknown: with a sink
 * that queries it is asked first; with one that can't tell duplicates the answer is UNKNOWN, and nothing is
 * sent, unless @released: a person took that upon them. A plugin that fails gives UNKNOWN. @out_receipt:
 * (transfer full). From a job. */
DdDelivery dd_host_deliver (DdHost *host,
                            const DdCallContext *context,
                            const char *key,
                            const char *deal,
                            const char *order,
                            GBytes *document,
                            gboolean again,
                            gboolean released,
                            char **out_receipt);

/* Whether a handoff plugin is there, and its id ("" otherwise). */
const char *dd_host_sink (DdHost *host);

/* Where they would go: the configuration's, or the only one that there is, whatever its state; "" when there
 * is none, or several and none is named. (transfer none) */
const char *dd_host_sink_wanted (DdHost *host);

G_END_DECLS
