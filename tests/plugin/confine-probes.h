/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a plugin might try, one thing a probe. Each runs once, in a process of its own.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a probe goes: 0 when it worked, otherwise its errno. Unconfined each of them works. */
typedef struct
{
  const char *name;
  int (*run) (void);
  int alone;    /* confined, with nothing given */
  int writable; /* with a directory to write to */
  int network;  /* with the network */
} ConfineProbe;

extern const ConfineProbe confine_probes[];
extern const guint confine_n_probes;

/* Where the probes look; set before they run. */
typedef struct
{
  char *plugins; /* has "module.so" and "file" */
  char *spool;   /* has "old" */
  char *other;   /* has "secret" */
  guint16 port;  /* something listens on 127.0.0.1 */
} ConfinePlaces;

extern ConfinePlaces confine_places;

G_END_DECLS
