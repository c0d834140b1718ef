/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A TMF620 catalogue (v4.1) as tables: offerings and their prices become the datasets offerings, charges and
 * tiers.
 *
 * A file holds one offering or price, an array of them, or an object with the arrays productOffering and
 * productOfferingPrice. It is read piece by piece: of the file's JSON no more than one offering or price is
 * held. What a dataset has no place for is counted and told; what would make a wrong price is refused, with
 * file, line and path.
 *
 * - A price in use (lifecycleStatus Active, Launched or none) of priceType oneTime, recurring or usage is a
 *   charge of each offering that refers to it; its parts (bundledPopRelationship, popRelationship) are too. A
 *   bundled price's own amount isn't: it is its parts'.
 * - unitOfMeasure's amount is what the price is for (column per).
 * - Prices that differ by a range of quantity (a characteristic "quantity" or "volume" with valueFrom and
 *   valueTo) are tiers of one charge: by volume, unless the bundling price's pricingLogicAlgorithm is named
 *   volume, graduated or block.
 * - Prices that hold under another condition (a characteristic, term, place, constraint), percentages,
 *   alterations and taxes have no place.
 * - validFor gives the first and last day; an end at midnight is the day before.
 *
 * Pure; any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

typedef enum
{
  DD_CATALOGUE_OFFERINGS,
  DD_CATALOGUE_CHARGES,
  DD_CATALOGUE_TIERS,
  DD_N_CATALOGUE_TABLES
} DdCatalogueTableKind;

typedef struct
{
  GString *csv;  /* with its header; columns that no row needs may be missing */
  GArray *lines; /* guint32: of each row, the file's line that it was made of */
} DdCatalogueTable;

typedef struct
{
  DdCatalogueTable tables[DD_N_CATALOGUE_TABLES];
  GPtrArray *remarks; /* char*: what has no place, how often, and where first */
} DdCatalogue;

/* "offerings", "charges", "tiers" */
const char *dd_catalogue_table_name (DdCatalogueTableKind kind);

/* FALSE: reading is to stop. @done and @all: bytes. */
typedef gboolean (*DdCatalogueProgress) (gint64 done, gint64 all, gpointer data);

/* @file_name: for errors. @progress: (nullable). DD_ERROR_INVALID_ARGUMENT, DD_ERROR_TOO_LARGE, and
 * DD_ERROR_UNAVAILABLE when it was stopped. (transfer full) */
DdCatalogue *dd_catalogue_read (const char *file_name,
                                const char *text,
                                gsize length,
                                DdCatalogueProgress progress,
                                gpointer progress_data,
                                GError **error);
void dd_catalogue_free (DdCatalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdCatalogue, dd_catalogue_free)

G_END_DECLS
