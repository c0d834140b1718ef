/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Putting a copy of the store in the store's place, while the daemon runs.
 *
 * What comes in is copied beside the store first and verified there, completely; only that copy is looked at
 * from then on. It is made ready (the restore is a batch of its own in its chain), synced, and then renamed
 * over the store, which stays beside it under another name. A crash at any moment leaves one whole store.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

typedef struct _DdIncoming DdIncoming;

/**
 * dd_incoming_open:
 * @descriptor: of a regular file, open for reading; borrowed
 * @progress: (nullable): in bytes; half of all is copying, half verifying
 *
 * Copies and verifies. It must be a sound store of this schema, and one for development only where ours is.
 * Errors: DD_ERROR_INVALID_ARGUMENT, DD_ERROR_STORE_DAMAGED, DD_ERROR_STORE_NEWER, DD_ERROR_STORE_FULL,
 * DD_ERROR_UNAVAILABLE. One at a time, on a thread that is neither the store's nor the main one. (transfer
 * full)
 */
DdIncoming *dd_incoming_open (
  DdStore *store, int descriptor, DdStoreProgress progress, gpointer progress_data, GError **error);

/* Removes its file. */
void dd_incoming_free (DdIncoming *incoming);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdIncoming, dd_incoming_free)

/* Borrowed. */
const DdVerifyReport *dd_incoming_report (const DdIncoming *incoming);

/* What the store has and the incoming one hasn't. */
typedef struct
{
  gboolean related; /* they have the beginning of their chains in common */
  gint64 events;    /* all of them, unless related */
  gint64 deals;     /* begun in those events */
  gint64 time;      /* of the newest batch that both have; 0: none, or the beginning */
  guint8 head[32];  /* the store's */
} DdLoss;

gboolean dd_incoming_compare (const DdIncoming *incoming, DdStore *store, DdLoss *out_loss, GError **error);

/**
 * dd_store_replace:
 * @time: of the restore
 * @work: runs in the incoming store's transaction that records the restore
 * @out_kept: (transfer full): where the store is that was replaced
 * @out_head: the new store's
 *
 * Nothing else may use @store meanwhile; a failure leaves the store as it was. @incoming is used up by
 * success. Where it isn't known which of the two the disk has, or the new one can't be opened again, the
 * process ends by the store's fatal callback: the next start finds a whole one.
 */
gboolean dd_store_replace (DdStore *store,
                           DdIncoming *incoming,
                           gint64 time,
                           DdStoreWork work,
                           gpointer data,
                           char **out_kept,
                           guint8 out_head[32],
                           GError **error);

/* --- for the store's other files --- */

/* The incoming store's name. (transfer full) */
char *dd_restore_path (const char *path);
/* How the names of replaced stores begin, without the folder. (transfer full) */
char *dd_restore_kept_prefix (const char *path);

G_END_DECLS
