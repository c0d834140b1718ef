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

/* Of a plugin's images together: as much again can be needed for what is found in them, of the memory that a
 * runner is left (runner/confine-limits.c). */
#define DD_IMAGES_MAX_BYTES (192U << 20)

/* Makes the image of @dataset. @columns: (nullable): which of its columns, in order; NULL: the first
 * @n_columns. @taken: how much the plugin's other images need. Returns the descriptor, or -1; @out_size: what
 * a runner needs for it. DD_ERROR_TOO_LARGE, DD_ERROR_UNAVAILABLE. Any thread. */
int dd_image_make (const DdDataset *dataset,
                   const guint *columns,
                   guint n_columns,
                   guint64 taken,
                   guint64 *out_size,
                   GError **error);

/* An image as it is read; one thread. */
typedef struct _DdImage DdImage;

/* Maps @descriptor, which stays the caller's. Checks what can be checked at once; every number in it is
 * checked when it is used. (transfer full) DD_ERROR_INVALID_ARGUMENT. */
DdImage *dd_image_open (int descriptor, guint n_columns, GError **error);
void dd_image_free (DdImage *image);

/* The rows whose leading key is @key; they live as long as @image. */
DealdeskRows dd_image_find (DdImage *image, const char *key);
guint32 dd_image_n_rows (const DdImage *image);

G_END_DECLS
