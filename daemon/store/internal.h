/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files of the store share; nothing above includes it.
 *
 * A connection belongs to one thread at a time: the writer's to the writer's thread, each reader's to
 * its reader. All SQL goes through it, so that damage and failed syncs are noticed wherever they show.
 */
#pragma once

#include "digest.h"
#include "store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

#define DD_SALT_SIZE 16

#define DD_STORE_APPLICATION_ID 0x44644431 /* "DdD1" */
#define DD_STORE_SCHEMA_VERSION 1

/* --- connection.c --- */

typedef struct
{
  sqlite3 *db;
  GHashTable *statements; /* the SQL's address to its prepared statement */
  GError *fault;          /* (nullable): damage or a failed sync that was seen: the process must end */
} DdConnection;

typedef enum
{
  DD_CONNECTION_READER,    /* can't write */
  DD_CONNECTION_CHECKER,   /* can't write the file, but temporary tables */
  DD_CONNECTION_IMMUTABLE, /* the same, of a file that nobody changes: without locks and without a WAL */
  DD_CONNECTION_COPY,      /* takes a copy, which is worth nothing before it is whole: no log, no syncs */
  DD_CONNECTION_WRITER,
  DD_CONNECTION_CREATOR
} DdConnectionKind;

DdConnection *dd_connection_open (const char *path, DdConnectionKind kind, GError **error);
void dd_connection_close (DdConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdConnection, dd_connection_close)

/* A prepared statement, released (reset, unbound) when its variable ends; bound text may be borrowed. */
typedef sqlite3_stmt DdStatement;
void dd_statement_release (DdStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdStatement, dd_statement_release)

/* @sql must be a static array: its address is the key of the cache. It must not be in use already. */
DdStatement *dd_connection_prepare (DdConnection *connection, const char *sql, GError **error);

/* 1: a row; 0: the end; -1: @error is set. */
int dd_step (DdConnection *connection, DdStatement *statement, GError **error);
/* Runs to the end. */
gboolean dd_step_done (DdConnection *connection, DdStatement *statement, GError **error);
/* Both for a static SQL text without parameters. */
gboolean dd_connection_run (DdConnection *connection, const char *sql, GError **error);
gboolean dd_connection_execute (DdConnection *connection, const char *script, GError **error);

/* The first column of @sql's one row; 0 when there is none. */
gboolean
dd_connection_query_number (DdConnection *connection, const char *sql, gint64 *out_number, GError **error);

/* Sets @error from SQLite's @code, and notes the fault when it is one. Returns FALSE. */
gboolean dd_connection_fail (DdConnection *connection, int code, GError **error);

void dd_bind_text (DdStatement *statement, int index, const char *text);
void dd_bind_digest (DdStatement *statement, int index, const guint8 digest[DD_DIGEST_SIZE]);
const char *dd_column_text (DdStatement *statement, int column); /* "" for NULL */
/* DD_ERROR_STORE_DAMAGED, noted as a fault, unless it is a digest. */
gboolean dd_column_digest (DdConnection *connection,
                           DdStatement *statement,
                           int column,
                           guint8 out_digest[DD_DIGEST_SIZE],
                           GError **error);

/* --- chain.c --- */

/* What is hashed of an event, but the sequence: that is the store's own chain's. */
typedef struct
{
  gint64 deal;
  gint64 version;
  gint64 time;
  gint64 occurred_at;
  const char *type;
  const char *actor;
  const char *caller;
} DdEventHeader;

void dd_chain_digest (const void *data, gsize length, guint8 out_digest[DD_DIGEST_SIZE]);
void dd_chain_body_digest (const guint8 salt[DD_SALT_SIZE],
                           const char *body,
                           gsize length,
                           guint8 out_digest[DD_DIGEST_SIZE]);
/* @previous and @out_head may be the same. */
void dd_chain_event_head (const guint8 previous[DD_DIGEST_SIZE],
                          const DdEventHeader *header,
                          const guint8 body_digest[DD_DIGEST_SIZE],
                          guint8 out_head[DD_DIGEST_SIZE]);

/* A batch's links, as bytes that its content digest is taken over. */
void dd_chain_link_event (
  GByteArray *links, gint64 sequence, gint64 deal, gint64 version, const guint8 head[DD_DIGEST_SIZE]);
void dd_chain_link_dataset (GByteArray *links,
                            const DdEventHeader *header,
                            gint64 rows,
                            const guint8 digest[DD_DIGEST_SIZE]);
void dd_chain_batch_content (const GByteArray *events,
                             const GByteArray *datasets,
                             guint8 out_content[DD_DIGEST_SIZE]);
void dd_chain_batch_head (const guint8 previous[DD_DIGEST_SIZE],
                          gint64 number,
                          gint64 first,
                          gint64 last,
                          gint64 time,
                          const guint8 content[DD_DIGEST_SIZE],
                          guint8 out_head[DD_DIGEST_SIZE]);

/* --- transactions --- */

/* What the counter row counts; in a transaction, what it adds. */
typedef struct
{
  gint64 deals;
  gint64 events;
  gint64 pending_orders;
  gint64 held_orders;
  gint64 open_approvals;
} DdCounters;

/* Adds @sign times what @deal counts for, its existence and events aside. */
void dd_counters_add_deal (DdCounters *counters, const DdDeal *deal, int sign);

typedef struct _DdDatasetCache DdDatasetCache;

struct _DdReader
{
  DdConnection *connection;
  DdStore *store;
  const DdCounters *pending; /* (nullable): the writer's, not yet in the row */
};

/* The part of a transaction that a rolled back savepoint takes back with it. */
typedef struct
{
  DdCounters counters;
  gint64 next_sequence;
  gint64 time;
  guint n_event_bytes;
  guint n_dataset_bytes;
} DdTransactionMark;

struct _DdTransaction
{
  DdReader reader;
  gint64 batch; /* its number, when it adds anything */
  gint64 first_sequence;
  guint8 previous[DD_DIGEST_SIZE]; /* head of the batch before */
  GByteArray *event_links;
  GByteArray *dataset_links;
  DdTransactionMark mark; /* as it is now; the byte counts only in a copy */
  gint64 pruned_at;       /* when no idempotency key was too old, by the appends' times */
  gboolean discard;       /* the piece under way is rolled back though it succeeds */
  gboolean alone;         /* a batch is made even if it adds nothing */
};

/* --- store.c --- */

typedef struct _DdWriter DdWriter;
typedef struct _DdReaders DdReaders;

struct _DdStore
{
  char *path;
  int lock; /* descriptor that holds the lock */
  DdStoreOptions options;
  DdWriter *writer;
  DdReaders *readers;
  DdDatasetCache *cache;
};

/* Calls the fatal callback, and ends the process should it return. Writer's thread. */
void dd_store_end_process (DdStore *store, const GError *error) G_GNUC_NORETURN;

/* --- store.c: its connections and threads, without its lock --- */

gboolean dd_store_start (DdStore *store, GError **error);
/* Finishes what was queued. */
void dd_store_stop (DdStore *store);

/* --- create.c, recover.c --- */

/* Makes the database beside @path, complete and synced, then renames it there. */
gboolean dd_store_create (const char *path, GError **error);
gboolean dd_store_sync_directory (const char *path, GError **error);
gboolean dd_store_sync_file (const char *path, GError **error);
/* Sets @error from errno. Returns FALSE. */
gboolean dd_store_fail_errno (const char *path, const char *what, GError **error);
/* @path, and what SQLite has beside it. */
void dd_store_remove_file (const char *path);
/* SQLite keeps each statement as it was written: a sound store has the schema's, each once, and no other. */
gboolean dd_store_check_schema (DdConnection *connection, GError **error);
/* Reads only. */
gboolean dd_store_check (const char *path, const DdStoreOptions *options, GError **error);

/* The highest number that a deal was given. */
gboolean dd_store_read_last_deal (DdConnection *connection, gint64 *out_number, GError **error);

/* Not 0: the store was ever open where anyone could act as anyone. */
gboolean dd_store_read_development (DdConnection *connection, gint64 *out_development, GError **error);
/* Moves a WAL that is found into the database, synced. */
gboolean dd_store_recover (DdConnection *writer, GError **error);

/* --- writer.c, checkpoint.c, readers.c --- */

DdWriter *dd_writer_start (DdStore *store, DdConnection *connection /* (transfer full) */);
void dd_writer_stop (DdWriter *writer);

/* A copy that the writer makes between batches, a step at a time (backup.c). */
typedef struct _DdCopy DdCopy;

/* Hands @copy to the writer until it finishes it; there must be no other. */
void dd_writer_copy (DdWriter *writer, DdCopy *copy);
/* FALSE: it is whole, or failed. Writer's thread, as the next. */
gboolean dd_copy_step (DdCopy *copy, DdConnection *source);
/* It fails: the writer stops. */
void dd_copy_give_up (DdCopy *copy);
/* Wakes who waits for it. */
void dd_copy_finish (DdCopy *copy);

typedef struct
{
  int wal_pages;  /* in the WAL after the last commit */
  int last_pages; /* when the last checkpoint ran */
} DdCheckpoint;

void dd_checkpoint_watch (DdConnection *connection, DdCheckpoint *checkpoint);
/* FALSE: a sync or I/O error; the process must end. */
gboolean dd_checkpoint_if_due (DdConnection *connection, DdCheckpoint *checkpoint, GError **error);

DdReaders *dd_readers_start (DdStore *store, guint n, GError **error);
/* Finishes what was asked; later reads are refused. */
void dd_readers_stop (DdReaders *readers);
void dd_readers_free (DdReaders *readers);

void dd_transaction_init (DdTransaction *transaction, DdStore *store, DdConnection *connection);
void dd_transaction_clear (DdTransaction *transaction);

/* Opens and closes the chained part of a transaction (transaction.c). */
gboolean dd_transaction_begin (DdTransaction *transaction, GError **error);
gboolean dd_transaction_finish (DdTransaction *transaction, GError **error);
DdTransactionMark dd_transaction_take_mark (const DdTransaction *transaction);
void dd_transaction_return_to (DdTransaction *transaction, const DdTransactionMark *mark);

/* Removes some idempotency keys that are too old (idempotency.c). */
gboolean dd_transaction_prune_keys (DdTransaction *transaction, GError **error);

/* --- near.c --- */

/* DD_ERROR_NOT_FOUND, naming deals that are there and whose number is nearly @number. Returns FALSE. */
gboolean dd_fail_no_deal (DdConnection *connection, gint64 number, GError **error);

/* --- documents.c, replay.c, projections --- */

gboolean dd_document_store (DdConnection *connection, const DdDocument *document, GError **error);
gboolean dd_document_exists (DdConnection *connection,
                             const guint8 digest[DD_DIGEST_SIZE],
                             gboolean *out_exists,
                             GError **error);
/* Every document that @body names must be there; @code when one isn't. */
gboolean
dd_documents_check_named (DdConnection *connection, const DdJsonNode *body, DdErrorCode code, GError **error);

/* @body: NULL once an event's body, or one before it, is erased. */
typedef gboolean (*DdReplayFunc) (
  const guint8 head[DD_DIGEST_SIZE], DdEventType type, const DdJsonNode *body, gpointer data, GError **error);

/* Checks the chain of deal @number and applies its events. @each: (nullable). @out_erased: a body is gone, so
 * the state can't be known; then @out_deal is NULL. A deal without events has version 0. */
gboolean dd_replay_deal (DdConnection *connection,
                         gint64 number,
                         DdReplayFunc each,
                         gpointer data,
                         DdDeal **out_deal,
                         guint8 out_head[DD_DIGEST_SIZE],
                         gboolean *out_erased,
                         GError **error);

/* What the deal's row held before; compared, so that only columns that changed are written. */
typedef struct
{
  gint64 version; /* 0: there is no row */
  guint8 state;
  gint64 next_timer;
  char *title;
  char *customer;
  char *owner;
} DdDealRowBefore;

void dd_deal_row_before (DdDealRowBefore *before, const DdDeal *deal);
void dd_deal_row_before_clear (DdDealRowBefore *before);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DdDealRowBefore, dd_deal_row_before_clear)

/* Each writes a deal's rows of one projection; the last two replace those that are there. Table names are not
 * qualified: verify has temporary tables of the same names. */
gboolean dd_project_deal (DdConnection *connection,
                          const DdDealRowBefore *before,
                          const DdDeal *deal,
                          const guint8 head[DD_DIGEST_SIZE],
                          GError **error);
gboolean dd_project_approvals (DdConnection *connection, const DdDeal *deal, GError **error);
gboolean dd_project_outbox (DdConnection *connection, const DdDeal *deal, GError **error);
/* All of them: of the last two those in deal->changed. */
gboolean dd_project (DdConnection *connection,
                     const DdDealRowBefore *before,
                     const DdDeal *deal,
                     const guint8 head[DD_DIGEST_SIZE],
                     GError **error);

/* --- verify --- */

typedef struct
{
  DdConnection *connection;
  const guint8 *newest_head; /* (nullable) */
  gboolean found;            /* newest_head was met */
  DdStoreProgress progress;  /* (nullable) */
  gpointer progress_data;
  gint64 slice_end; /* monotonic microseconds */
  gint64 done;
  gint64 all;
  DdVerifyReport report;
} DdVerify;

/* All of it, on verify->connection. */
gboolean dd_verify_run (DdVerify *verify, GError **error);

/* The structure of the file itself: pages, trees, indexes. */
gboolean dd_verify_structure (DdVerify *verify, GError **error);

/* A slice: one snapshot, ended in time and begun anew. */
gboolean dd_verify_begin_slice (DdVerify *verify, GError **error);
gboolean dd_verify_end_slice (DdVerify *verify, GError **error);
gboolean dd_verify_slice_over (const DdVerify *verify);
void dd_verify_note_head (DdVerify *verify, const guint8 *head);

/* The newest batch and its events only. */
gboolean dd_verify_tail (DdVerify *verify, GError **error);
/* Events from sequence @first on: each one's link and body. */
gboolean dd_verify_tail_events (DdVerify *verify, gint64 first, GError **error);
gboolean dd_verify_batches (DdVerify *verify, GError **error);
gboolean dd_verify_deals (DdVerify *verify, GError **error);
gboolean dd_verify_documents (DdVerify *verify, GError **error);
gboolean dd_verify_datasets (DdVerify *verify, GError **error);

G_END_DECLS
