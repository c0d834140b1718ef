/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The description of a picture of waterfalls, as JSON:
 *
 *   {"title","headings":[of the steps, of their effects, of the amounts after them],"width": units of the
 * bars, "charges":[{"title","summary","steps":[{"label","effect","after","first","length","falls"}]}]}
 *
 * A step's bar takes @length units from @first. Who describes it has rounded them, so that no number here is
 * money: amounts are texts. Pure; any thread.
 */
#pragma once

#include "json/json.h"

G_BEGIN_DECLS

/* Of the description's bars. */
#define DD_WATERFALL_MAX_WIDTH 1000000
/* Rows of a picture: steps, and two more a charge. Beyond it nobody looks, and viewers fail. */
#define DD_WATERFALL_MAX_ROWS 10000

enum
{
  DD_WATERFALL_LABEL,
  DD_WATERFALL_EFFECT,
  DD_WATERFALL_AFTER,
  DD_WATERFALL_N_TEXTS
};

typedef struct
{
  const char *texts[DD_WATERFALL_N_TEXTS];
  gint64 first;
  gint64 length;
  gboolean falls; /* the amount after it is the lower one */
} DdWaterfallStep;

typedef struct
{
  const char *title;
  const char *summary;
  GArray *steps; /* of DdWaterfallStep */
} DdWaterfallCharge;

/* Texts are borrowed from @json. */
typedef struct
{
  DdJson *json;
  const char *title;
  const char *headings[DD_WATERFALL_N_TEXTS];
  gint64 width;
  guint n_rows;
  GArray *charges; /* of DdWaterfallCharge */
} DdWaterfall;

/* Errors: DD_ERROR_INVALID_ARGUMENT, DD_ERROR_TOO_LARGE. (transfer full) (nullable) */
DdWaterfall *dd_waterfall_read (const char *text, gsize length, GError **error);
void dd_waterfall_free (DdWaterfall *waterfall);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdWaterfall, dd_waterfall_free)

G_END_DECLS
