/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gate before the store (see gate.h). Main thread.
 */
#include "gate.h"

#include "error.h"

struct _DdGate
{
  gboolean closed;
  guint inside;
};

DdGate *
dd_gate_new (void)
{
  return g_new0 (DdGate, 1);
}

void
dd_gate_free (DdGate *gate)
{
  g_free (gate);
}

gboolean
dd_gate_enter (DdGate *gate, GError **error)
{
  if (gate->closed)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "the store is being restored: ask again");
  gate->inside++;
  return TRUE;
}

void
dd_gate_leave (DdGate *gate)
{
  gate->inside--;
}

void
dd_gate_close (DdGate *gate)
{
  gate->closed = TRUE;
}

void
dd_gate_open (DdGate *gate)
{
  gate->closed = FALSE;
}

gboolean
dd_gate_is_closed (const DdGate *gate)
{
  return gate->closed;
}

guint
dd_gate_inside (const DdGate *gate)
{
  return gate->inside;
}
