/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An incoming store, as the store's files have it. One thread at a time.
 */
#pragma once

#include "internal.h"
#include "restore.h"

G_BEGIN_DECLS

struct _DdIncoming
{
  char *path;
  DdConnection *connection; /* (nullable): to what was verified; NULL once it is being made ready */
  DdVerifyReport report;
};

G_END_DECLS
