/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See pages.h. Blocks are never unmapped, so that an address means one input for ever; the list of them only
 * grows.
 */
#include "checks/pages.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TEXT_BLOCK (256 * 1024)

typedef enum
{
  STATE_OPEN,
  STATE_SEALED,
  STATE_RETIRED
} State;

typedef struct Block
{
  struct Block *next; /* of all that there ever were */
  struct Block *mate; /* of the same pages */
  const char *what;
  char *begin; /* of the mapping */
  gsize size;  /* without the forbidden page */
  State state;
  gboolean stays_open;
} Block;

struct _DdPages
{
  Block *blocks;
  Block *texts; /* (nullable): filled from its end */
  gsize texts_left;
};

static Block *all_blocks; /* atomic: read by the handler */
static DdTrial *watcher;

static gsize
page_size (void)
{
  return (gsize)sysconf (_SC_PAGESIZE);
}

/* --- faults --- */

static void
tell (const Block *block, const char *address)
{
  char text[512];
  const char *wrong = "it wrote to %s; inputs are the host's: copy what is to be changed";

  if (address >= block->begin + block->size)
    wrong = "it reached past the end of %s: counts and lengths say where that is";
  else if (block->state == STATE_RETIRED)
    wrong = "it used %s of an earlier call: nothing of a call may be kept beyond it";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  snprintf (text, sizeof text, wrong, block->what);
#pragma GCC diagnostic pop
  dd_trial_fail_plainly (watcher, text);
  dd_trial_end (watcher);
}

/* Async-signal-safe as far as glibc's snprintf() of a plain string is. */
static void
handle_fault (int number, siginfo_t *info, void *context)
{
  const char *address = info->si_addr;

  for (const Block *block = g_atomic_pointer_get (&all_blocks); block != NULL; block = block->next)
    if (address >= block->begin && address < block->begin + block->size + page_size ())
      tell (block, address);

  /* not ours: the instruction comes again, and kills */
  signal (number, SIG_DFL);
}

void
dd_pages_watch (DdTrial *trial)
{
  struct sigaction action = { .sa_sigaction = handle_fault, .sa_flags = SA_SIGINFO };

  watcher = trial;
  sigaction (SIGSEGV, &action, NULL);
  sigaction (SIGBUS, &action, NULL);
}

/* --- blocks --- */

DdPages *
dd_pages_new (void)
{
  return g_new0 (DdPages, 1);
}

static Block *
add_block (DdPages *pages, gsize size, const char *what)
{
  gsize page = page_size ();
  Block *block = g_new0 (Block, 1);
  gsize rounded = (MAX (size, 1) + page - 1) / page * page;
  char *begin = mmap (NULL, rounded + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (begin == MAP_FAILED || mprotect (begin + rounded, page, PROT_NONE) != 0)
    g_error ("no memory for inputs");
  *block =
    (Block){ .next = all_blocks, .mate = pages->blocks, .what = what, .begin = begin, .size = rounded };
  pages->blocks = block;
  g_atomic_pointer_set (&all_blocks, block);
  return block;
}

gpointer
dd_pages_take (DdPages *pages, gsize size, const char *what)
{
  const Block *block = add_block (pages, size, what);

  return block->begin + block->size - size;
}

gpointer
dd_pages_take_open (DdPages *pages, gsize size, const char *what)
{
  gpointer piece = dd_pages_take (pages, size, what);

  pages->blocks->stays_open = TRUE;
  return piece;
}

const char *
dd_pages_text (DdPages *pages, const char *text)
{
  gsize size = strlen (text != NULL ? text : "") + 1;
  char *copy;

  if (size > TEXT_BLOCK / 4)
    {
      copy = dd_pages_take (pages, size, "a text");
      return memcpy (copy, text, size);
    }
  if (pages->texts == NULL || pages->texts_left < size)
    {
      pages->texts = add_block (pages, TEXT_BLOCK, "a text");
      pages->texts_left = TEXT_BLOCK;
    }
  pages->texts_left -= size;
  copy = pages->texts->begin + pages->texts_left;
  return memcpy (copy, text != NULL ? text : "", size);
}

static void
protect (DdPages *pages, State state, int protection)
{
  for (Block *block = pages->blocks; block != NULL; block = block->mate)
    {
      if (state == STATE_SEALED && block->stays_open)
        continue;
      block->state = state;
      if (state == STATE_RETIRED)
        madvise (block->begin, block->size, MADV_DONTNEED);
      mprotect (block->begin, block->size, protection);
    }
}

void
dd_pages_seal (DdPages *pages)
{
  pages->texts = NULL;
  protect (pages, STATE_SEALED, PROT_READ);
}

void
dd_pages_retire (DdPages *pages)
{
  protect (pages, STATE_RETIRED, PROT_NONE);
  g_free (pages);
}
