/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gate before the store: calls go in when they are authorised, and come out when they are answered. While
 * it is closed none goes in, timers and deliveries begin nothing, and who closed it waits until the rest is
 * out. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DdGate DdGate;

DdGate *dd_gate_new (void);
void dd_gate_free (DdGate *gate);

/* DD_ERROR_UNAVAILABLE while it is closed. */
gboolean dd_gate_enter (DdGate *gate, GError **error);
void dd_gate_leave (DdGate *gate);

/* One at a time closes it, itself being inside. */
void dd_gate_close (DdGate *gate);
void dd_gate_open (DdGate *gate);
gboolean dd_gate_is_closed (const DdGate *gate);

/* Calls that are inside. */
guint dd_gate_inside (const DdGate *gate);

G_END_DECLS
