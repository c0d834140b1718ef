/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A block allocator: many small pieces that are freed together.
 *
 * Aligned pieces grow from a block's bottom and text from its top, so text costs no padding. Nothing is
 * freed alone. One thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *bottom; /* the free part of the newest block */
  char *top;
  gpointer newest; /* blocks, linked from newest to oldest */
  gsize next_size;
} DdArena;

/* @first_size: bytes that the first block should hold. */
void dd_arena_init (DdArena *arena, gsize first_size);
void dd_arena_clear (DdArena *arena);

/* Makes a new block in which @size bytes are free. */
void dd_arena_grow (DdArena *arena, gsize size);

/* @size bytes, aligned for pointers, not zeroed. */
static inline gpointer
dd_arena_take (DdArena *arena, gsize size)
{
  gsize rounded = (size + sizeof (gpointer) - 1) & ~(sizeof (gpointer) - 1);

  if (G_UNLIKELY ((gsize)(arena->top - arena->bottom) < rounded))
    dd_arena_grow (arena, rounded);

  gpointer piece = arena->bottom;

  arena->bottom += rounded;
  return piece;
}

/* A copy of @length bytes of @text, with a NUL behind. */
char *dd_arena_copy_text (DdArena *arena, const char *text, gsize length);

G_END_DECLS
