/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The service: what the parts of the daemon share, made once in main() and passed down.
 *
 * Fields are set before the main loop runs and don't change after; what they point to says itself which
 * threads it allows.
 */
#pragma once

#include "host.h"
#include "store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DdBackground DdBackground;
typedef struct _DdCompletion DdCompletion;
typedef struct _DdWatchers DdWatchers;
typedef struct _DdHandoff DdHandoff;
typedef struct _DdHeads DdHeads;
typedef struct _DdTimers DdTimers;
typedef struct _DdAccess DdAccess;
typedef struct _DdPinCache DdPinCache;
typedef struct _DdDoor DdDoor;

typedef struct
{
  DdStore *store;
  DdHost *host;
  GDBusConnection *connection;
  DdCompletion *completion; /* brings results to the main thread */
  DdBackground *background; /* for long work */
  DdBackground *switching;  /* opens and closes plugins */
  DdAccess *access;         /* main thread */
  DdWatchers *watchers;     /* main thread */
  DdHandoff *handoff;       /* main thread */
  DdTimers *timers;         /* main thread */
  DdHeads *heads;           /* main thread */
  DdPinCache *pin_cache;    /* any thread */
  DdDoor *door;             /* main thread */
  char *provider;           /* legal name on documents */
  gint64 interest;          /* a year's, nanos, for present values; 0: none is computed */
  gboolean development;     /* session bus; the store is marked for ever */
  const char *bus_name;     /* "session", "system" or "address": for status */
  gboolean stopping;        /* main thread: new calls are refused */
} DdService;

/* The declaration of @name, the core's or a plugin's; (nullable). */
const DdDatasetDeclaration *dd_service_dataset (const DdService *service, const char *name);
/* The same; NULL with DD_ERROR_NOT_FOUND, which lists what there is. */
const DdDatasetDeclaration *
dd_service_find_dataset (const DdService *service, const char *name, GError **error);

/* Whether nothing but one call, which closed the door, has to do with the store. Main thread. */
gboolean dd_service_is_quiet (const DdService *service);

/* After the store was replaced: all that was remembered of the old one is forgotten, and watches end. Main
 * thread, before the door is opened. */
void dd_service_forget (const DdService *service);
/* Once it is: timers and orders are looked for anew. */
void dd_service_wake (const DdService *service);

/* Microseconds since 1970 UTC. */
gint64 dd_service_now (void);

G_END_DECLS
