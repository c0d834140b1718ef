/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The trace: the last calls of plugins, and for which deal each was made.
 *
 * It answers "who had a part in this deal" while the daemon runs; what lasts is in the deal's price sheets. A
 * ring of fixed size: the oldest call makes room. Guarded by the host's lock.
 */
#pragma once

#include "host.h"
#include "manifest.h"

G_BEGIN_DECLS

#define DD_TRACE_CALLS 4096

typedef struct _DdTrace DdTrace;

/* A call that has ended, or was given up. All text is borrowed, and copied when it is added; but @plugin is
 * an id that outlives the trace. */
typedef struct
{
  const char *deal;   /* "D-1042"; NULL: for none */
  const char *plugin; /* its id */
  DdKind kind;
  gint64 when;       /* it began; microseconds since 1970 UTC */
  guint64 usec;      /* it took */
  const char *fault; /* (nullable): why it failed */
} DdTraceCall;

DdTrace *dd_trace_new (void);
void dd_trace_free (DdTrace *trace);

void dd_trace_add (DdTrace *trace, const DdTraceCall *call);

/* The calls for @deal that are still there, summed up by plugin and kind, in the order of their first ones.
 * Text in what @func gets is the trace's. */
void dd_trace_sum (const DdTrace *trace, const char *deal, DdCallSumFunc func, gpointer data);

G_END_DECLS
