/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two halves told as one (see halves.h).
 */
#include "halves.h"

static gboolean
tell (const DdHalves *halves, gint64 done, gint64 all)
{
  return halves->progress == NULL || halves->progress (done, all, halves->data);
}

gboolean
dd_halves_copied (const DdHalves *halves, gint64 done, gint64 all)
{
  return tell (halves, done, 2 * all);
}

gboolean
dd_halves_verified (gint64 done, gint64 all, gpointer data)
{
  const DdHalves *halves = data;
  gint64 share = all > 0 ? (gint64)((__int128)halves->bytes * done / all) : 0;

  return tell (halves, halves->bytes + share, 2 * halves->bytes);
}
