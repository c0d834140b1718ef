/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A real daemon on a bus of its own, in a temporary directory.
 *
 * Processes are this fixture's children and end with it; it ends nothing else. It waits for the name's owner
 * and for signals, never for a time. A daemon that must not end, and ends, ends the test, with what it said.
 * Main thread.
 */
#pragma once

#include "call.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder; /* everything below is in it */
  char *state;
  char *spool;
  char *config;
  char *database; /* state/dealdesk.db */
  char *plugins;  /* as --plugin-dir; the shipped ones, unless a test sets others before the start */
  char *preload;  /* (nullable): a library that the daemon is started with */
  char *address;
  GPtrArray *environment; /* "NAME=value" of the daemon */
  GDBusConnection *connection;
  GSubprocess *bus;
  GSubprocess *daemon; /* (nullable) */
  guint moved;         /* subscription of Moved */
  char *moved_deal;    /* of the last Moved signal */
  char *moved_state;
  guint n_moved;
} Rig;

/* A bus without a daemon; with a configuration that names the spool. */
Rig *rig_new (void);
/* Stops the daemon, which must end well, then the bus, and removes the folder. */
void rig_free (Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

/* Starts the daemon; it owns its name afterwards. */
void rig_start (Rig *rig);
/* Starts a daemon that should end by itself: its exit status; what it said in @out_said. */
int rig_start_in_vain (Rig *rig, char **out_said);
/* SIGKILL; SIGTERM, its exit status; waits until it ends by itself, its exit status. */
void rig_kill (Rig *rig);
int rig_stop (Rig *rig);
int rig_wait_end (Rig *rig);
/* What the daemon wrote since rig_new(). */
char *rig_said (const Rig *rig);
pid_t rig_pid (const Rig *rig);

/* A connection more to the bus, for another client. */
GDBusConnection *rig_connect (const Rig *rig);

void rig_write_config (const Rig *rig, const char *spool);
/* Appends groups of its own to the configuration. */
void rig_add_config (const Rig *rig, const char *text);

/* A directory of plugins of the test's own, with the shipped ones. Before the start. */
void rig_copy_plugins (Rig *rig);
/* Adds the zoo's @id. @text: of its file, after Id, Module and Abi. */
void rig_add_animal (const Rig *rig, const char *id, const char *text);
void rig_import (const Rig *rig, const char *dataset, const char *csv, gssize length);
void rig_import_samples (const Rig *rig);

/* The text of a file below the source's top; "data/samples/request-linden.json". */
char *source_text (const char *path, gsize *out_length);
/* (nullable): a file of TM Forum's or MEF's, which isn't part of the source. */
char *shared_path (const char *path);

/* Verify must pass; its answer. */
DdJson *rig_verify (const Rig *rig);

/* Waits until the deal is in @state, by its Moved signals. */
void rig_wait_state (Rig *rig, const char *deal, const char *state);

/* One iteration of the main context, blocking. */
void rig_iterate (void);

G_END_DECLS
