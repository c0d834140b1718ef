/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files of the catalogue's reader share: offerings and prices as they are kept until all are read.
 */
#pragma once

#include "json/json.h"
#include "number/money.h"
#include "price/answers.h"
#include "tmf/catalogue.h"

G_BEGIN_DECLS

#define DD_DAY_SIZE (sizeof "2026-12-31")

/* "2026-12-31", or "" where it is open. */
typedef struct
{
  char from[DD_DAY_SIZE];
  char to[DD_DAY_SIZE];
} DdCatalogueDays;

typedef struct
{
  const char *id;
  const char *name;
  guint32 line;
  gboolean charged; /* it is a charge, or a tier of one; otherwise it counts by its parts only */
  guint8 type;      /* DdChargeType */
  guint8 period;    /* DdPeriod */
  guint8 mode;      /* DdTierMode: of tiers that are its parts; FLAT: it names none */
  DdCurrency currency;
  gint64 price;       /* nanos */
  gint64 per;         /* micros; 0: one unit */
  const char *units;  /* (nullable) */
  gboolean ranged;    /* it holds for quantities from here to there: */
  gint64 first;       /* micros */
  gint64 last;        /* micros, inclusive; G_MAXINT64: open */
  gboolean exclusive; /* the range ends below its last */
  DdCatalogueDays days;
  GPtrArray *parts; /* (nullable): const char*: ids of prices */
} DdCataloguePrice;

typedef struct
{
  const char *id;
  const char *name;
  const char *category; /* (nullable) */
  guint32 line;
  DdCatalogueDays days;
  GPtrArray *prices; /* const char*: ids */
} DdCatalogueOffering;

typedef struct
{
  GStringChunk *texts;
  GHashTable *prices;   /* id to DdCataloguePrice* */
  GHashTable *left_out; /* ids of prices that are there and aren't imported */
  GPtrArray *offerings; /* DdCatalogueOffering* */
  GHashTable *ids;      /* offerings' ids to their lines */
  GPtrArray *notes;     /* what has no place */
  GHashTable *by_what;  /* the same */
  gboolean has_per;     /* whether any price does */
  gboolean has_days;
} DdCatalogueReading;

/* --- catalogue-notes.c --- */

/* Counts @what, which has no place, of @id. */
void dd_catalogue_note (DdCatalogueReading *reading, const char *id, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
void dd_catalogue_tell (const DdCatalogueReading *reading, GPtrArray *remarks);

/* Notes the members of @object that say something and aren't in @known. @of: "offerings'". */
void dd_catalogue_note_members (DdCatalogueReading *reading,
                                const DdJsonNode *object,
                                const char *of,
                                const char *id,
                                const char *const *known);

/* The member @name, when it is there and says something. (nullable) */
const DdJsonNode *dd_catalogue_member (const DdJsonNode *object, const char *name);

/* --- catalogue-read.c --- */

/* @offering: a DdCatalogueOffering. */
void dd_catalogue_offering_free (gpointer offering);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdCatalogueOffering, dd_catalogue_offering_free)

/* id, or else name, which one of the two must be. Kept. */
gboolean dd_catalogue_read_id (DdCatalogueReading *reading,
                               const DdJsonNode *object,
                               const char **out_id,
                               const char **out_name,
                               GError **error);

/* Whether it is in use; notes it when it isn't. */
gboolean dd_catalogue_in_use (DdCatalogueReading *reading,
                              const DdJsonNode *object,
                              const char *of,
                              const char *id,
                              gboolean *out_used,
                              GError **error);

gboolean dd_catalogue_read_days (const DdJsonNode *object, DdCatalogueDays *out_days, GError **error);

/* Adds the ids of what @array refers to. */
gboolean dd_catalogue_read_references (DdCatalogueReading *reading,
                                       const DdJsonNode *array,
                                       GPtrArray *ids,
                                       GError **error);

gboolean dd_catalogue_read_offering (DdCatalogueReading *reading,
                                     const DdJsonNode *object,
                                     guint32 line,
                                     GError **error);

/* --- catalogue-amount.c --- */

/* Lower-case letters and digits of @text only: "One-Time Fee" is "onetimefee". (transfer full) */
char *dd_catalogue_fold (const char *text);

/* Which of @groups, each "a|b|c", has @text folded; -1: none. */
int dd_catalogue_find_folded (const char *const *groups, guint n_groups, const char *text);

gboolean dd_catalogue_read_period (const DdJsonNode *object, DdCataloguePrice *price, GError **error);
gboolean dd_catalogue_read_amount (const DdJsonNode *object, DdCataloguePrice *price, GError **error);
gboolean dd_catalogue_read_unit (DdCatalogueReading *reading,
                                 const DdJsonNode *object,
                                 DdCataloguePrice *price,
                                 GError **error);

/* The one value of the one characteristic in @uses, when it is a range of quantity. (nullable) */
const DdJsonNode *dd_catalogue_find_range (const DdJsonNode *uses);
gboolean dd_catalogue_read_range (const DdJsonNode *range, DdCataloguePrice *price, GError **error);

/* --- catalogue-price.c --- */

/* @price: a DdCataloguePrice. */
void dd_catalogue_price_free (gpointer price);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdCataloguePrice, dd_catalogue_price_free)

/* The key of the price @id that is written inside @offering. Kept. */
const char *dd_catalogue_scoped (DdCatalogueReading *reading, const char *offering, const char *id);

/* @inside: (nullable): the id of the offering that it is written in: it may have none of its own. @out_id:
 * kept; the price's. */
gboolean dd_catalogue_read_price (DdCatalogueReading *reading,
                                  const DdJsonNode *object,
                                  const char *inside,
                                  guint32 line,
                                  const char **out_id,
                                  GError **error);

/* --- catalogue-tables.c --- */

/* Writes all rows. @file_name: for errors. */
gboolean dd_catalogue_write (DdCatalogueReading *reading,
                             const char *file_name,
                             DdCatalogue *catalogue,
                             GError **error);

G_END_DECLS
