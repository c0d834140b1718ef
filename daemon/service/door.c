/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The door before the store (see door.h). Main thread.
 */
#include "door.h"

#include "error.h"

struct _DdDoor
{
  gboolean closed;
  guint inside;
};

DdDoor *
dd_door_new (void)
{
  return g_new0 (DdDoor, 1);
}

void
dd_door_free (DdDoor *door)
{
  g_free (door);
}

gboolean
dd_door_enter (DdDoor *door, GError **error)
{
  if (door->closed)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "the store is being restored: ask again");
  door->inside++;
  return TRUE;
}

void
dd_door_leave (DdDoor *door)
{
  door->inside--;
}

void
dd_door_close (DdDoor *door)
{
  door->closed = TRUE;
}

void
dd_door_open (DdDoor *door)
{
  door->closed = FALSE;
}

gboolean
dd_door_is_closed (const DdDoor *door)
{
  return door->closed;
}

guint
dd_door_inside (const DdDoor *door)
{
  return door->inside;
}
