/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The host's functions inside a runner: lookups are answered here, everything else is written down in the
 * order in which the plugin calls it, for the daemon to check.
 */
#pragma once

#include "serve.h"

G_BEGIN_DECLS

/* The call in progress: what the plugin has as DealdeskCall. */
typedef struct
{
  const DdRunner *runner;
  DdWireWriter *writer;
  gint64 deadline;     /* monotonic, microseconds */
  guint32 next_charge; /* the index of the next that it opens */
  gboolean explaining;
  const char *asked_rule; /* (nullable) */
  guint n_misses;         /* written down */
} DdRecord;

/* Unlike the daemon's these check nothing: what is wrong is written down as it is. */
extern const DealdeskHost dd_record_functions;

static inline DealdeskCall *
dd_record_call (DdRecord *record)
{
  return (DealdeskCall *)(void *)record;
}

G_END_DECLS
