/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The word diff of two texts; for the files of this folder only. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A part of the result: '=' in both, '-' only before, '+' only after. */
typedef struct
{
  char kind;
  char *text;
} DdWordRun;

/* The "=" and "-" runs joined give @before, the "=" and "+" runs joined @after, exactly. No two runs of a
 * kind follow each other, and "-" comes before "+". (transfer full) (element-type DdWordRun) */
GArray *dd_words_compare (const char *before, const char *after);

G_END_DECLS
