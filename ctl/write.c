/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing to a descriptor (see write.h). Any thread.
 */
#include "write.h"

#include <errno.h>
#include <unistd.h>

gboolean
ctl_write_all (int descriptor, gconstpointer bytes, gsize length)
{
  const guint8 *rest = bytes;

  while (length > 0)
    {
      gssize written = write (descriptor, rest, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      rest += written;
      length -= (gsize)written;
    }
  return TRUE;
}
