/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The engine: the pipeline that every mutating command takes. It knows no command.
 *
 * main thread -> a job on the host's pool, when the command may have questions: read, dd_decide(), answer
 * with plugins and datasets, and again until none remain -> the writer: state and versions are checked (or
 * the command is decided there when it asks nothing), events appended, the reply kept under its idempotency
 * key -> main thread. When something moved meanwhile it goes round again. At most three hops.
 */
#pragma once

#include "deal/decide.h"
#include "pins.h"
#include "reply.h"

G_BEGIN_DECLS

typedef struct _DdRequest DdRequest;

/* Runs in a job before anything else: parses what was too large for the main thread. */
typedef gboolean (*DdRequestPrepare) (DdRequest *request, GError **error);

/* Main thread; owns @request from then on. */
typedef void (*DdRequestDone) (DdRequest *request, gpointer data);

struct _DdRequest
{
  /* Given by the caller; owned by the request. */
  const DdService *service;
  DdCommand *command;
  gint64 deal; /* 0 for open */
  guint32 uid;
  char *caller;             /* "uid:1000" */
  char *key;                /* (nullable): idempotency key */
  guint8 digest[32];        /* over method and arguments, for the key */
  GChecksum *digesting;     /* (nullable): the digest so far: the job adds the document */
  GHashTable *map;          /* (nullable): the customer's offering ids to ours */
  GBytes *document;         /* (nullable): for prepare */
  char *format;             /* (nullable): for prepare */
  DdRequestPrepare prepare; /* (nullable) */
  gboolean dry_run;         /* all is decided and written as ever, and then rolled back */
  gboolean may_ask;         /* the command may have questions: begin with a job */
  DdRequestDone done;
  gpointer done_data;

  /* The engine's own, one thread at a time. */
  gboolean prepared;
  DdFacts facts;
  DdPins *pins;         /* (nullable): what the facts rest on */
  DdDecision *decision; /* (nullable): what the job decided */
  gint64 decided_version;
  gboolean needs_job; /* the writer found questions, or something moved */
  guint rounds;
  DdDeal *read;           /* (nullable): the state that the job read last */
  DdDecision *asked;      /* (nullable): the questions that it led to */
  DdProposal *working;    /* (nullable): being priced */
  DdSheet *working_sheet; /* (nullable) */

  /* The result. */
  GError *error;       /* (nullable) */
  DdReply reply;       /* its document is NULL until there is one */
  guint8 result_state; /* DdDealState */
  GPtrArray
    *result_events; /* (nullable) (element-type utf8): names, for signals; NULL when nothing was appended */
  gboolean orders_changed;
  gint64 next_timer;
};

DdRequest *dd_request_new (const DdService *service, DdCommand *command, gint64 deal);
void dd_request_free (DdRequest *request);

void dd_checksum_add (GChecksum *checksum, gconstpointer data, gsize size);

/* @request: (transfer full). done is called once, on the main thread. Any thread. */
void dd_engine_run (DdRequest *request);

G_END_DECLS
