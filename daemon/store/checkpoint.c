/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checkpoints: the writer's thread, between batches, after it replied. Another thread doing it made both the
 * slowest calls and the WAL grow.
 */
#include "internal.h"

#define PAGE_BYTES    4096
#define PASSIVE_PAGES (4 * 1024 * 1024 / PAGE_BYTES)
#define RESTART_PAGES (64 * 1024 * 1024 / PAGE_BYTES)
/* While a reader keeps the WAL from beginning anew, a checkpoint each batch would only cost syncs. */
#define GROWTH_PAGES (PASSIVE_PAGES / 4)

static int
note_pages (void *data, sqlite3 *db, const char *schema, int pages)
{
  DdCheckpoint *checkpoint = data;

  if (pages < checkpoint->wal_pages)
    checkpoint->last_pages = 0; /* it began anew */
  checkpoint->wal_pages = pages;
  return SQLITE_OK;
}

void
dd_checkpoint_watch (DdConnection *connection, DdCheckpoint *checkpoint)
{
  sqlite3_wal_hook (connection->db, note_pages, checkpoint);
}

gboolean
dd_checkpoint_if_due (DdConnection *connection, DdCheckpoint *checkpoint, GError **error)
{
  int mode = checkpoint->wal_pages >= RESTART_PAGES ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  int code;

  if (checkpoint->wal_pages < PASSIVE_PAGES ||
      (checkpoint->last_pages > 0 && checkpoint->wal_pages - checkpoint->last_pages < GROWTH_PAGES))
    return TRUE;
  checkpoint->last_pages = checkpoint->wal_pages;
  code = sqlite3_wal_checkpoint_v2 (connection->db, "main", mode, NULL, NULL);
  switch (code & 0xff)
    {
    case SQLITE_OK:
    case SQLITE_BUSY: /* a reader is in the way: the next one tries again */
    case SQLITE_LOCKED:
    case SQLITE_FULL: /* all of it is still in the WAL; commands get the error when that can't grow either */
      return TRUE;
    default:
      return dd_connection_fail (connection, code, error);
    }
}
