/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A copy of the whole store, made while it is used.
 *
 * The copy is that of one commit: SQLite's backup, a step at a time on the writer's connection, takes what is
 * committed meanwhile along. It lies beside the store until it was verified; then it has no name any more,
 * only the descriptor that is handed over. What a crash leaves is removed at the next start.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

/**
 * dd_store_backup:
 * @progress: (nullable): in bytes; half of all is copying, half verifying
 * @out_descriptor: (transfer full): the copy, open for reading only, at its beginning
 * @out_bytes: its size
 * @out_report: what verifying it gave; its head is the copy's newest
 *
 * Errors: DD_ERROR_STORE_FULL, before or while it is copied; DD_ERROR_STORE_DAMAGED; DD_ERROR_UNAVAILABLE.
 * One at a time, on a thread that is neither the store's nor the main one.
 */
gboolean dd_store_backup (DdStore *store,
                          DdStoreProgress progress,
                          gpointer progress_data,
                          int *out_descriptor,
                          gint64 *out_bytes,
                          DdVerifyReport *out_report,
                          GError **error);

/* --- for the store's other files --- */

/* The copy's name while it has one. (transfer full) */
char *dd_backup_path (const char *path);

/* DD_ERROR_STORE_FULL unless @bytes more fit beside @path, and something is left for who works meanwhile. */
gboolean dd_store_check_space (const char *path, gint64 bytes, GError **error);

/* Removes what unfinished copies and restores left beside @path. The lock is held. */
void dd_store_remove_leftovers (const char *path);

G_END_DECLS
