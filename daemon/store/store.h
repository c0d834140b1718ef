/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The store: every durable fact, in one SQLite database. The only place with SQL.
 *
 * One writer thread; reader threads with read-only connections that see only synced commits. Work that
 * waits together commits together, each piece in its own savepoint; nobody is told before the COMMIT.
 * A failed statement costs only its own work: when the transaction itself is gone (full disk, I/O
 * error), the batch stops and its pieces run again one by one. An unknown outcome of a commit ends the
 * process (the fatal callback) before anybody is answered.
 */
#pragma once

#include "deal/deal.h"
#include "deal/event.h"

G_BEGIN_DECLS

typedef struct _DdStore DdStore;

/* What a piece of work reads through; on a reader a snapshot, on the writer the open transaction. */
typedef struct _DdReader DdReader;

/* A piece of work inside the writer's savepoint. */
typedef struct _DdTransaction DdTransaction;

typedef struct
{
  guint readers;               /* threads; 0: 2 */
  gboolean development;        /* mark the store as development for ever (session bus) */
  gboolean refuse_development; /* refuse a store so marked (system bus) */
  gboolean unsafe_sync_off;    /* synchronous=OFF: only a test's control that must lose data */
  gint64 search_microseconds;  /* what one search may take; 0: a tenth of a second */
  /* Called on the writer's thread when a commit's outcome is unknown or the file is damaged; must not return.
   */
  void (*fatal) (const GError *error, gpointer data);
  gpointer fatal_data;
} DdStoreOptions;

/**
 * dd_store_open:
 * @path: of the database, in a directory that exists and that nobody else can write; or it is created there
 *
 * Recovers: a WAL that is found is checkpointed (TRUNCATE), synced, or the store isn't opened. Checks header,
 * schema version and the newest links of the chain; creates and syncs file and directory when new.
 * Errors: DD_ERROR_STORE_NEWER, DD_ERROR_STORE_DAMAGED, DD_ERROR_UNAVAILABLE (another daemon has it),
 * DD_ERROR_STORE_FULL. A store that is refused isn't written to. (transfer full)
 */
DdStore *dd_store_open (const char *path, const DdStoreOptions *options, GError **error);

/* Finishes queued work, checkpoints and closes. */
void dd_store_close (DdStore *store);

/* Runs on the writer's thread inside a savepoint. FALSE with @error set rolls back only this work. It may run
 * more than once (after a batch broke): it must start from nothing each time. */
typedef gboolean (*DdStoreWork) (DdTransaction *transaction, gpointer data, GError **error);

/* Of work that succeeds: nothing of what it wrote is kept. It was all done, to see what would come of it. */
void dd_transaction_discard (DdTransaction *transaction);

/* Runs on the writer's thread after COMMIT (or failure). @error: (nullable): owned by the caller. Must be
 * quick: usually it hands the result to another thread. */
typedef void (*DdStoreDone) (gpointer data, const GError *error);

/* Queues @work. @done is called exactly once. Any thread. */
void dd_store_write (DdStore *store, DdStoreWork work, DdStoreDone done, gpointer data);

/* Runs @read on a reader's thread in one snapshot, then @done there. Any thread. */
typedef gboolean (*DdStoreRead) (DdReader *reader, gpointer data, GError **error);
void dd_store_read (DdStore *store, DdStoreRead read, DdStoreDone done, gpointer data);

/* The same on the calling thread, with a connection that it borrows: for jobs that read between calls of
 * plugins. Any thread but the main one. */
gboolean dd_store_read_here (DdStore *store, DdStoreRead read, gpointer data, GError **error);

/* The reader within @transaction, which sees its own writes. */
DdReader *dd_transaction_reader (DdTransaction *transaction);

/* --- deals --- */

/* Takes the next free number. */
gboolean dd_transaction_next_deal (DdTransaction *transaction, gint64 *out_number, GError **error);

/* Who did it and when, the same for all events of one append. */
typedef struct
{
  gint64 time;        /* recorded at, microseconds since 1970 UTC */
  gint64 occurred_at; /* 0: the same */
  const char *actor;  /* the person */
  const char *caller; /* who called for them, such as "uid:1000" */
} DdAppend;

/**
 * dd_transaction_append:
 * @deal: the state that the events were decided on, read in this transaction (version 0: a new deal); it is
 *   brought up to date by applying them
 * @events: (element-type DdEvent): at least one
 * @out_head: (out) (array fixed-size=32): the deal's chain head after them
 *
 * Appends to the deal's chain, keeps the documents, and projects the new state into rows.
 * DD_ERROR_CONFLICT when the stored version isn't deal->version; DD_ERROR_TOO_LARGE when the state would
 * exceed 8 MiB.
 */
gboolean dd_transaction_append (DdTransaction *transaction,
                                DdDeal *deal,
                                const GPtrArray *events,
                                const DdAppend *append,
                                guint8 out_head[32],
                                GError **error);

/* (transfer full): DD_ERROR_NOT_FOUND. */
DdDeal *dd_reader_deal (DdReader *reader, gint64 number, GError **error);

/* Only its version, which tells whether a state that was read is still the current one. DD_ERROR_NOT_FOUND.
 */
gboolean dd_reader_deal_version (DdReader *reader, gint64 number, gint64 *out_version, GError **error);

/* (transfer full): a document by its SHA-256 (hex). DD_ERROR_NOT_FOUND. */
GBytes *dd_reader_document (DdReader *reader, const char *sha256, GError **error);

typedef struct
{
  gint64 number;
  gint64 version;
  gint64 updated_at;
  guint8 state; /* DdDealState */
  const char *title;
  const char *customer;
  const char *owner;
} DdDealRow;

/* Pages of deals, newest number first, below @before (0: from the newest). @state: -1 for any. @customer:
 * (nullable). The row is valid during the call; FALSE stops. */
typedef gboolean (*DdDealRowFunc) (const DdDealRow *row, gpointer data);
gboolean dd_reader_list_deals (DdReader *reader,
                               int state,
                               const char *customer,
                               gint64 before,
                               guint limit,
                               DdDealRowFunc func,
                               gpointer data,
                               GError **error);

typedef struct
{
  gint64 number;
  gint64 version;
  guint8 state; /* DdDealState */
  const char *title;
  const char *customer;
  const char *owner;
  const char *where; /* what matched, the words between ‹ and ›, and what stands about it */
} DdFoundRow;

typedef gboolean (*DdFoundRowFunc) (const DdFoundRow *row, gpointer data);
/* Deals in which each word of @text begins a word, and each "phrase" stands; at most @limit, the newest
 * first. The row is valid during the call; FALSE stops. DD_ERROR_INVALID_ARGUMENT; DD_ERROR_TOO_LARGE, also
 * when it takes too long. */
gboolean dd_reader_search (
  DdReader *reader, const char *text, guint limit, DdFoundRowFunc func, gpointer data, GError **error);

typedef struct
{
  gint64 version; /* in the deal, from 1 */
  gint64 time;
  gint64 occurred_at;
  DdEventType type;
  const char *actor;
  const char *caller;
  const char *body;   /* (nullable): NULL once erased */
  const guint8 *head; /* 32 bytes */
} DdLogRow;

typedef gboolean (*DdLogRowFunc) (const DdLogRow *row, gpointer data);
/* A deal's events with version > @after, oldest first. */
gboolean dd_reader_log (DdReader *reader,
                        gint64 number,
                        gint64 after,
                        guint limit,
                        DdLogRowFunc func,
                        gpointer data,
                        GError **error);

typedef struct
{
  gint64 deal;
  guint revision;
  guint step;
  const char *measure;
  const char *value;
  const char *title; /* the deal's */
  const char *requester;
  gint64 since;
} DdApprovalRow;

typedef gboolean (*DdApprovalRowFunc) (const DdApprovalRow *row, gpointer data);
/* Open steps that one of @candidates ("user:carla", "group:…"; NULL-terminated; NULL: anybody) may decide,
 * each once, at most @limit, in order of (deal, revision, step) after the three that are given. */
gboolean dd_reader_list_approvals (DdReader *reader,
                                   const char *const *candidates,
                                   gint64 after_deal,
                                   guint after_revision,
                                   guint after_step,
                                   guint limit,
                                   DdApprovalRowFunc func,
                                   gpointer data,
                                   GError **error);

typedef struct
{
  gint64 deal;
  const char *order;
  const char *key;
  const char *document;
  guint attempts;
  gboolean trying; /* as of DdOrder; or never tried here, of a deal that a restore brought back: it may have
                      been confirmed and sent after the copy was made */
  gboolean released;
} DdOrderRow;

typedef gboolean (*DdOrderRowFunc) (const DdOrderRow *row, gpointer data);
/* Pending orders that are due at @now, oldest first. */
gboolean dd_reader_due_orders (
  DdReader *reader, gint64 now, guint limit, DdOrderRowFunc func, gpointer data, GError **error);
/* The moment of the first pending attempt, due or not; 0: none is pending. */
gboolean dd_reader_next_order (DdReader *reader, gint64 *out_time, GError **error);

/* Pending and held orders that could be sent again as if nothing were in doubt: every attempt's outcome is
 * known, or a person released it. @order is valid during the call. */
typedef void (*DdSettledOrderFunc) (gint64 deal, const char *order, gboolean held, gpointer data);
gboolean dd_reader_settled_orders (DdReader *reader, DdSettledOrderFunc func, gpointer data, GError **error);

/* Deals whose timer is due at @now: their numbers (element-type gint64), and the moment of the next timer or
 * 0. */
gboolean dd_reader_due_timers (
  DdReader *reader, gint64 now, guint limit, GArray *out_deals, gint64 *out_next, GError **error);

/* --- idempotency --- */

/* Keys are scoped to @uid, and kept for 30 days at least, by the appends' own times: then batches that write
 * remove them, a few at a time. Found: TRUE with @out_reply (transfer full). Not found: TRUE with NULL. Found
 * with another digest: DD_ERROR_KEY_REUSED. @digest: 32 bytes over method and arguments. */
gboolean dd_reader_recall (DdReader *reader,
                           guint32 uid,
                           const char *key,
                           const guint8 digest[32],
                           GBytes **out_reply,
                           GError **error);
gboolean dd_transaction_remember (DdTransaction *transaction,
                                  guint32 uid,
                                  const char *key,
                                  const guint8 digest[32],
                                  GBytes *reply,
                                  gint64 time,
                                  GError **error);

/* --- integrity --- */

/* Called now and then in long work. FALSE: it is to stop, with DD_ERROR_UNAVAILABLE. */
typedef gboolean (*DdStoreProgress) (gint64 done, gint64 all, gpointer data);

typedef struct
{
  gint64 deals;
  gint64 events;
  gint64 documents;
  gint64 batches;
  guint8 head[32]; /* of the store's chain */
} DdVerifyReport;

/* Recomputes every chain and digest in slices (no snapshot lives over 100 ms), and compares projections with
 * what the events give. @progress: (nullable): each event counts twice. DD_ERROR_STORE_DAMAGED names the
 * first fault and its place.
 * @newest_head: (nullable): a head (of a deal or the store) that must be found. Runs on the calling thread
 * with a connection of its own. */
gboolean dd_store_verify (DdStore *store,
                          const guint8 *newest_head,
                          DdStoreProgress progress,
                          gpointer progress_data,
                          DdVerifyReport *out_report,
                          GError **error);

/* Throws the projections away and makes them anew from events, in one transaction. */
gboolean dd_transaction_rebuild (DdTransaction *transaction, GError **error);

typedef struct
{
  gint64 deals;
  gint64 events;
  gint64 pending_orders;
  gint64 held_orders;
  gint64 open_approvals;
  gint64 database_bytes;
  gint64 wal_bytes;
  gboolean development;
  guint8 head[32];
} DdStoreStatus;

/* Counters are maintained, not counted. */
gboolean dd_reader_status (DdReader *reader, DdStoreStatus *out_status, GError **error);

G_END_DECLS
