/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The block allocator (see arena.h). One thread at a time.
 */
#include "json/arena.h"

#include <string.h>

#define MIN_BLOCK 512

/* Blocks double up to this: few calls for a large document, little waste at its end. */
#define MAX_BLOCK (512 * 1024)

typedef struct _Block Block;

struct _Block
{
  Block *older;
  char bytes[];
};

void
dd_arena_init (DdArena *arena, gsize first_size)
{
  *arena = (DdArena){ .next_size = CLAMP (first_size, MIN_BLOCK, MAX_BLOCK) };
}

void
dd_arena_clear (DdArena *arena)
{
  for (Block *block = arena->newest; block != NULL;)
    {
      Block *older = block->older;

      g_free (block);
      block = older;
    }
  *arena = (DdArena){ 0 };
}

void
dd_arena_grow (DdArena *arena, gsize size)
{
  /* Whole pointers, so that the top never splits an aligned piece's room. */
  gsize n_bytes = (MAX (size, arena->next_size) + sizeof (gpointer) - 1) & ~(sizeof (gpointer) - 1);
  Block *block = g_malloc (sizeof *block + n_bytes);

  block->older = arena->newest;
  arena->newest = block;
  arena->bottom = block->bytes;
  arena->top = block->bytes + n_bytes;
  arena->next_size = MIN (arena->next_size * 2, MAX_BLOCK);
}

char *
dd_arena_copy_text (DdArena *arena, const char *text, gsize length)
{
  if (G_UNLIKELY ((gsize)(arena->top - arena->bottom) < length + 1))
    dd_arena_grow (arena, length + 1);
  arena->top -= length + 1;
  memcpy (arena->top, text, length);
  arena->top[length] = '\0';
  return arena->top;
}
