/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A bus call on its way: one table row a method says what it needs and who serves it.
 *
 * Main thread, but for the query functions, which say where they run.
 */
#pragma once

#include "engine.h"
#include "queries/price-goal.h"

G_BEGIN_DECLS

typedef struct _DdBusCall DdBusCall;
typedef struct _DdQuery DdQuery;

/* Makes the command of a mutating method; NULL with an error when its arguments can't be. (transfer full) */
typedef DdRequest *(*DdBuild) (DdBusCall *call, GError **error);

/* Answers a reading method. On a reader's thread, or in a job (@reader is NULL). */
typedef gboolean (*DdAnswer) (DdQuery *query, DdReader *reader, GError **error);

/* Serves a method on the main thread, at once; it must not block. */
typedef void (*DdServe) (DdBusCall *call);

typedef struct
{
  const char *name;
  const char *action;         /* polkit action, without its prefix */
  const char *const *options; /* (nullable): its own options: "NAME TYPE" */
  gboolean opens;             /* its reply begins with the new deal's id */
  DdBuild build;              /* one of these five */
  DdAnswer read;              /* on a reader */
  DdAnswer job;               /* in a job on the host's pool */
  DdAnswer background;        /* on the background thread: what takes long */
  DdServe serve;
} DdMethod;

typedef struct
{
  const char *interface;
  const DdMethod *methods; /* ends with a NULL name */
} DdInterface;

extern const DdInterface dd_bus_manager;
extern const DdInterface dd_bus_deal;
extern const DdInterface dd_bus_approvals;
extern const DdInterface dd_bus_catalog;
extern const DdInterface dd_bus_plugins;

/* Common options of mutating methods, and of all. */
extern const char *const dd_mutating_options[];
extern const char *const dd_reading_options[];

typedef struct
{
  char *key;       /* owned: a message's variant lets go of its children when it is serialised */
  GVariant *value; /* owned */
} DdOption;

/* A call's options, taken apart once. */
typedef struct
{
  GVariant *variant;
  GArray *entries; /* DdOption */
} DdOptions;

struct _DdBusCall
{
  const DdService *service;
  const DdMethod *method;
  GDBusMethodInvocation *invocation; /* owned until it is answered */
  GVariant *parameters;              /* owned */
  DdOptions *options;                /* owned */
  gint64 deal;                       /* of a deal object; otherwise 0 */
  guint32 uid;
  char *caller;    /* "uid:1000" */
  char *actor;     /* the person: "as", or the caller's user name */
  char *recorder;  /* (nullable): the caller's own name, when they act for another */
  gboolean inside; /* passed the door */
};

/* What a reading method runs on, and where its answer goes. */
struct _DdQuery
{
  DdBusCall *call;
  gint64 now;
  GBytes *in;             /* (nullable): the call's document */
  GVariantBuilder values; /* the reply's values before the document */
  GBytes *document;       /* (nullable): the reply's last value */
  GVariant *value;        /* (nullable), floating: the document as it goes into the reply */
  GUnixFDList *fds;       /* (nullable): with it */
  GError *error;
  /* What a job has in the making: it hangs here, not on the stack, since a plugin may never return. */
  DdPins *pins;
  DdDeal *deal;
  DdProposal *proposal;
  DdSheet *sheet;
  DdSheet *recorded; /* (nullable): a revision's, computed again */
  GPtrArray *misses; /* (nullable) (element-type DdMiss) */
  DdPriceGoal *goal; /* (nullable) */
  gboolean mapped;   /* the proposal is a revision's: shared, and mapped already */
};

/* Answers and frees @call. */
void dd_bus_call_fail (DdBusCall *call, const GError *error);
void dd_bus_call_return (DdBusCall *call, GVariant *values);
void dd_bus_call_free (DdBusCall *call);

/* Serve @call, which is authorised, by its row; they own it from then on (command-call.c, query-call.c). */
void dd_bus_call_command (DdBusCall *call);
void dd_bus_call_query (DdBusCall *call);

/* --- documents (document.c) --- */

/* The bytes of the variant at @index: ay, or a sealed memfd. An empty ay gives NULL without an error.
 * @max_bytes: DD_ERROR_TOO_LARGE above. (transfer full) (nullable) */
GBytes *
dd_bus_call_document (DdBusCall *call, guint index, gsize max_bytes, gboolean required, GError **error);

/* @bytes as a variant for a reply; @fds gets the memfd when it is large. Returns a floating variant. */
GVariant *dd_document_variant (GBytes *bytes, GUnixFDList **fds, GError **error);

#define DD_MAX_DOCUMENT (32 * 1024 * 1024)
#define DD_MAX_TABLE    (512 * 1024 * 1024)

/* --- errors (error.c) --- */

/* The one place where an error becomes a bus error. */
void dd_return_error (GDBusMethodInvocation *invocation, const GError *error);

/* --- options (options.c) --- */

/* Reads @variant (a{sv}) against what @method knows; NULL with an error. (transfer full) */
DdOptions *dd_options_read (GVariant *variant, const DdMethod *method, GError **error);
void dd_options_free (DdOptions *options);

/* What is absent is NULL, FALSE, 0 or -1. Borrowed text lives as long as @options. */
const char *dd_options_text (const DdOptions *options, const char *key);
gboolean dd_options_flag (const DdOptions *options, const char *key);
guint dd_options_number (const DdOptions *options, const char *key);
gint64 dd_options_version (const DdOptions *options, const char *key);
GHashTable *dd_options_map (const DdOptions *options, const char *key); /* (transfer full) */

/* --- objects (objects.c) --- */

/* Puts every object on @service's connection. */
gboolean dd_objects_register (const DdService *service, GError **error);

G_END_DECLS
