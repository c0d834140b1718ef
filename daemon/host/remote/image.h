/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A dataset as one plugin sees it, in one piece of memory that another process can map.
 *
 * The image holds the plugin's own columns only, in its order. It has no addresses: places are numbers, so it
 * means the same wherever it is mapped. The daemon makes it once a version, in a sealed memory file, and
 * hands over the descriptor; the runner answers lookups from it by itself.
 */
#pragma once

#include "dealdesk-plugin.h"
#include "dataset.h"

G_BEGIN_DECLS

/* Makes the image of @dataset. @columns: (nullable): which of its columns, in order; NULL: the first
 * @n_columns. Returns the descriptor, or -1. DD_ERROR_UNAVAILABLE. Any thread. */
int dd_image_make (const DdDataset *dataset, const guint *columns, guint n_columns, GError **error);

/* An image as it is read; one thread. */
typedef struct _DdImage DdImage;

/* Maps @descriptor, which stays the caller's. Checks what can be checked at once; every number in it is
 * checked when it is used. (transfer full) DD_ERROR_INVALID_ARGUMENT. */
DdImage *dd_image_open (int descriptor, guint n_columns, GError **error);
void dd_image_free (DdImage *image);

/* The rows whose leading key is @key; they live as long as @image. */
DealdeskRows dd_image_find (DdImage *image, const char *key);

G_END_DECLS
