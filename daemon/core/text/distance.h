/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How far a word is from another, for "did you mean …?". Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Characters; longer texts are near nothing but themselves. */
#define DD_DISTANCE_MAX_LENGTH 63

/**
 * dd_text_distance:
 *
 * How many characters must be put in, left out, replaced or exchanged with their neighbour to make @b of @a
 * (optimal string alignment). G_MAXUINT when one of them is too long, or isn't UTF-8.
 */
guint dd_text_distance (const char *a, const char *b);

#define DD_NEAREST_MAX 3

/* The nearest of what was offered, nearest first. */
typedef struct
{
  char *wanted; /* case folded */
  char *names[DD_NEAREST_MAX];
  guint distances[DD_NEAREST_MAX];
  guint n;
} DdNearest;

/* @wanted: what was asked for, and doesn't exist. */
void dd_nearest_init (DdNearest *nearest, const char *wanted);
void dd_nearest_clear (DdNearest *nearest);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DdNearest, dd_nearest_clear)

/* Takes @name in, if @text, which is it or describes it, is near enough: a slip in four characters, but three
 * at most, or a longer text of the same beginning. Case doesn't count. */
void dd_nearest_offer (DdNearest *nearest, const char *text, const char *name);

/* "; did you mean A, B or C?", or "". (transfer full) */
char *dd_nearest_question (const DdNearest *nearest);

G_END_DECLS
