/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What this process holds: memory, files, threads (see checks.h). Any thread.
 */
#include "checks/checks.h"

#include <malloc.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_ADDRESS)
size_t __sanitizer_get_current_allocated_bytes (void);
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
size_t __sanitizer_get_current_allocated_bytes (void);
#define SANITIZED 1
#endif
#endif

void
dd_usage_prepare (void)
{
  /* mallinfo2() knows the first arena only: there must be no other */
  mallopt (M_ARENA_MAX, 1);
}

gboolean
dd_usage_is_sanitized (void)
{
#ifdef SANITIZED
  return TRUE;
#else
  return FALSE;
#endif
}

gsize
dd_usage_memory (void)
{
#ifdef SANITIZED
  return __sanitizer_get_current_allocated_bytes ();
#else
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
#endif
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

guint
dd_usage_files (void)
{
  return count_entries ("/proc/self/fd");
}

guint
dd_usage_threads (void)
{
  return count_entries ("/proc/self/task");
}
