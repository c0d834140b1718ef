/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The things of two sides paired by their keys, to see what is new, gone or changed. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DD_NOWHERE G_MAXUINT32

/* The same thing on both sides, by index; DD_NOWHERE where it isn't there. */
typedef struct
{
  guint32 then;
  guint32 now;
} DdPair;

/* A thing of one side, by index. */
typedef struct
{
  guint32 index;
  guint32 side; /* 0: then, 1: now */
} DdPairItem;

/* Compares the keys of two things, of the same side or not. */
typedef int (*DdPairCompare) (const DdPairItem *a, const DdPairItem *b, gpointer data);

/* (element-type DdPairItem): appends the things from @first to @first + @n - 1. */
void dd_pair_add (GArray *items, guint32 side, guint32 first, guint32 n);

/* Of several with one key, the first is paired with the first. Sorts @items. (transfer full)
 * (element-type DdPair): in the order of the keys */
GArray *dd_pair_up (GArray *items, DdPairCompare compare, gpointer data);

G_END_DECLS
