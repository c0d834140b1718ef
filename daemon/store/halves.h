/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Progress of work whose first half is copying a store, and whose second is verifying the copy. Any thread,
 * one at a time.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

typedef struct
{
  DdStoreProgress progress; /* (nullable) */
  gpointer data;
  gint64 bytes; /* of the copy; before dd_halves_verified() */
} DdHalves;

/* So many bytes of @all are copied. FALSE: stop. */
gboolean dd_halves_copied (const DdHalves *halves, gint64 done, gint64 all);

/* A DdStoreProgress of the verification. @halves: a DdHalves */
gboolean dd_halves_verified (gint64 done, gint64 all, gpointer halves);

G_END_DECLS
