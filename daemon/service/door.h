/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The door before the store: calls go in when they are authorised, and come out when they are answered. While
 * it is closed none goes in, timers and deliveries begin nothing, and who closed it waits until the rest is
 * out. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DdDoor DdDoor;

DdDoor *dd_door_new (void);
void dd_door_free (DdDoor *door);

/* DD_ERROR_UNAVAILABLE while it is closed. */
gboolean dd_door_enter (DdDoor *door, GError **error);
void dd_door_leave (DdDoor *door);

/* One at a time closes it, itself being inside. */
void dd_door_close (DdDoor *door);
void dd_door_open (DdDoor *door);
gboolean dd_door_is_closed (const DdDoor *door);

/* Calls that are inside. */
guint dd_door_inside (const DdDoor *door);

G_END_DECLS
