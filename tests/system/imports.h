/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Imports of a vendor list of 100,000 rows, and what is stored of them.
 *
 * Each attempt marks its rows with its number, in their cost, so that a version tells which attempt made it,
 * and whether all of its rows are of that one. Main thread.
 */
#pragma once

#include "copies.h"

G_BEGIN_DECLS

#define N_ROWS 100000
#define HEADER "vendor,part,from,currency,cost\n"

/* Rows @first to @end of attempt @mark. */
void append_rows (GString *csv, guint first, guint end, guint mark);
/* All rows of a new attempt. (transfer full) */
char *vendor_list (guint *out_mark);

/* --- what is stored --- */

typedef struct
{
  Rig *rig;
  char *deal;
  GArray *marks; /* guint: of each version, from 1 */
} Store;

guint64 version_of (const Rig *rig, const char *dataset);
/* The mark of @version, which all its rows have; 0: it isn't whole. */
guint mark_of (const Rig *rig, guint64 version);
/* What the vendor's part is sold at on a deal: the mark of the version that prices read. */
guint priced_mark (const Rig *rig, const char *deal);

/* Starts the daemon, with the samples, a deal that has a vendor's part, and one import. */
Store store_new (Rig *rig);
void store_clear (Store *store);

/* That the current version is a whole one, that prices read it, and that the store is sound. When it is one
 * more than was known it is attempt @mark; without one (0) it mustn't be. Whether it is. */
gboolean check_store (Store *store, guint mark);

/* --- imports --- */

typedef struct
{
  GDBusConnection *connection;
  Call *call;
  GThread *thread;
  guint heard;
  gint progressed; /* atomic */
  gint ended;      /* atomic */
  Answer *answer;  /* (nullable): it was refused or lost */
  GError *error;
} Import;

/* Sends it, on a connection and a thread of its own. */
Import *start_import (const Rig *rig, const char *csv);
/* Until rows are being read; it may have ended. */
void wait_progress (Import *import);
/* Waits for the answer, and frees it: the version, or 0 and the error's name. */
guint64 end_import (Import *import, char **out_error);
/* An import that nothing disturbs: it makes one version. */
void import_well (Store *store);
/* After an import that the daemon didn't outlive: starts another, and checks the store. */
gboolean look_after (Store *store, Import *import, guint mark);

G_END_DECLS
