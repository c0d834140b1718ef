/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the handler (crash.c) and the file (crash-file.c) share: the records as they lie in the file.
 *
 * A record's count and the start that counted last are one word, so that a thread that dies at any moment
 * leaves one or the other. Everything is of fixed size and in the machine's own byte order: the file never
 * leaves it.
 */
#pragma once

#include "contain/crash.h"

G_BEGIN_DECLS

#define DD_CRASH_ID_BYTES 72 /* ids have up to 64 */

struct _DdCrashNote
{
  char id[DD_CRASH_ID_BYTES]; /* "" when it is free; the rest is zero */
  guint64 crashes;            /* atomic: the start that noted one last, and how many */
  gint64 time;                /* microseconds since 1970 UTC */
  gint32 signal;
  guint32
    run; /* the start that this is; set before the plugin is entered, so that the handler needs no more */
  guint8 zero[32];
};

G_STATIC_ASSERT (sizeof (DdCrashNote) == 128);

static inline guint64
dd_crash_pack (guint32 run, guint32 count)
{
  return (guint64)run << 32 | count;
}

static inline guint32
dd_crash_run (guint64 crashes)
{
  return (guint32)(crashes >> 32);
}

static inline guint32
dd_crash_count (guint64 crashes)
{
  return (guint32)crashes;
}

/* Takes over the fatal signals, once for the process. */
void dd_crash_watch (void);

gboolean dd_crash_is_fatal (int signal);

G_END_DECLS
