/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Copies of a store, taken and put back over the bus, and what is known of a store at a moment.
 */
#pragma once

#include "faults.h"
#include "moves.h"

G_BEGIN_DECLS

typedef struct
{
  char *path;
  guint64 bytes;
  guint64 events;
  char *head;
} Copy;

/* Manager.Backup into rig->folder/@name; it must succeed. */
Copy *copy_take (const Rig *rig, GDBusConnection *connection, const char *name);
void copy_free (Copy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copy, copy_free)

/* A call of Manager.Restore with the file at @path. */
Call *restore_call (const char *path, gboolean dry_run);
/* It must succeed: its document; @out_head: (nullable). */
DdJson *restore (const Rig *rig, const char *path, gboolean dry_run, char **out_head);
/* It must be refused, saying @words, and change nothing. */
void restore_refused (const Rig *rig, const char *path, const char *error, const char *words);

/* The store's newest head. */
char *head_of (const Rig *rig);
/* Verify finds @head, or doesn't. */
gboolean has_head (const Rig *rig, const char *head);

/* Names in the state directory with @part in them. */
guint count_files (const Rig *rig, const char *part);

/* A statement on the file at @path, which nobody uses. */
void change_copy (const char *path, const char *sql);

/* The rig's daemon gets a disk that fails when the result says so. Before it is started. */
Faults *rig_faults (Rig *rig);

G_END_DECLS
