/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The trace of plugin calls (see trace.h). Guarded by the host's lock.
 *
 * A call costs one slot: a deal's id is short, so only a fault is allocated.
 */
#include "contain/trace.h"

#include <string.h>

/* "D-" and a 64-bit number. */
#define DEAL_BYTES 24

typedef struct
{
  char deal[DEAL_BYTES]; /* "" for none */
  const char *plugin;
  char *fault; /* (nullable) */
  gint64 when;
  guint64 usec;
  DdKind kind;
} Slot;

struct _DdTrace
{
  guint64 added; /* ever; the next one's slot is this, modulo the size */
  Slot slots[DD_TRACE_CALLS];
};

DdTrace *
dd_trace_new (void)
{
  return g_new0 (DdTrace, 1);
}

void
dd_trace_free (DdTrace *trace)
{
  for (guint i = 0; i < DD_TRACE_CALLS; i++)
    g_free (trace->slots[i].fault);
  g_free (trace);
}

void
dd_trace_add (DdTrace *trace, const DdTraceCall *call)
{
  Slot *slot = &trace->slots[trace->added++ % DD_TRACE_CALLS];

  g_strlcpy (slot->deal, call->deal != NULL ? call->deal : "", sizeof slot->deal);
  slot->plugin = call->plugin;
  slot->kind = call->kind;
  slot->when = call->when;
  slot->usec = call->usec;
  g_free (slot->fault);
  slot->fault = g_strdup (call->fault);
}

static DdCallSum *
find_sum (GArray *sums, const Slot *slot)
{
  DdCallSum new_sum = { .plugin = slot->plugin, .kind = dd_kind_name (slot->kind) };

  for (guint i = 0; i < sums->len; i++)
    {
      DdCallSum *sum = &g_array_index (sums, DdCallSum, i);

      if (strcmp (sum->plugin, slot->plugin) == 0 && strcmp (sum->kind, new_sum.kind) == 0)
        return sum;
    }
  g_array_append_val (sums, new_sum);
  return &g_array_index (sums, DdCallSum, sums->len - 1);
}

void
dd_trace_sum (const DdTrace *trace, const char *deal, DdCallSumFunc func, gpointer data)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (DdCallSum));
  guint64 first = trace->added > DD_TRACE_CALLS ? trace->added - DD_TRACE_CALLS : 0;

  for (guint64 i = first; i < trace->added; i++)
    {
      const Slot *slot = &trace->slots[i % DD_TRACE_CALLS];

      if (strcmp (slot->deal, deal) != 0)
        continue;

      DdCallSum *sum = find_sum (sums, slot);

      sum->calls++;
      sum->total_usec += slot->usec;
      sum->last_at = slot->when;
      if (slot->fault != NULL)
        {
          sum->failures++;
          sum->last_fault = slot->fault;
        }
    }
  for (guint i = 0; i < sums->len; i++)
    func (&g_array_index (sums, DdCallSum, i), data);
}
