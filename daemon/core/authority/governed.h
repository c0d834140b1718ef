/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A dimension that a requirement governs, with what the proposal came to in it when approval was asked for:
 * an approval holds for no worse.
 *
 * It owns its texts, as it outlives the measure that it was taken from. Pure; any thread.
 */
#pragma once

#include "authority/measure.h"
#include "json/json.h"
#include "json/writer.h"

G_BEGIN_DECLS

typedef struct
{
  char *measure;
  char *subject; /* (nullable) */
  DdCurrency currency;
  guint8 percent;
  guint8 worse; /* DdWorse */
  gint64 value;
  char *text; /* (nullable) */
} DdGoverned;

DdGoverned *dd_governed_new (const DdMeasure *measure, DdWorse worse);
DdGoverned *dd_governed_copy (const DdGoverned *governed);
void dd_governed_free (DdGoverned *governed);
char *dd_governed_format (const DdGoverned *governed); /* as dd_measure_format() */

/* Member "governed" of the object in hand; nothing without any. */
void dd_governed_write_all (const GPtrArray *governed, DdJsonWriter *writer);
gboolean dd_governed_read_all (const DdJsonNode *node, GPtrArray *governed);

/* Whether @measure (nullable: it isn't measured any more) is no worse than what was governed. One that isn't
 * there counts as changed, and so does one of another kind: 30 and 30% have no order. */
gboolean dd_governed_covers (const DdGoverned *governed, const DdMeasure *measure);
gboolean dd_governed_is (const DdGoverned *governed, const DdMeasure *measure);

G_END_DECLS
