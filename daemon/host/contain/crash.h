/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Crash notes: which plugin a thread was inside when a fatal signal ended the daemon.
 *
 * A plugin inside the daemon that crashes takes the daemon with it. Its name must survive that, or each start
 * would end in the same way: so the notes are a file that is mapped before any plugin runs, and a handler of
 * the fatal signals writes into it. What isn't a crash of a plugin is never noted: a signal from another
 * process, SIGKILL, a loss of power, an exit, a crash elsewhere in the daemon.
 *
 * A note counts daemons that ended so, one each, since the last orderly end. The file is a hint for the next
 * start and no record: one that isn't exactly ours in every field is replaced by an empty one.
 *
 * The notes are opened and freed on one thread; enter and leave are of any thread; a note is read and cleared
 * by one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So many crashes without an orderly end between, and a plugin isn't opened any more. */
#define DD_CRASH_LIMIT 2

typedef struct _DdCrashNotes DdCrashNotes;
typedef struct _DdCrashNote DdCrashNote;

/* Maps the file @path, making or replacing it (0600) as needed, and watches the fatal signals from now on. A
 * file that isn't to be trusted is told in the journal. Errors: DD_ERROR_UNAVAILABLE. (transfer full) */
DdCrashNotes *dd_crash_notes_open (const char *path, GError **error);

/* No thread is inside a plugin whose note is @notes'. */
void dd_crash_notes_free (DdCrashNotes *notes);

/* The note of the plugin @id, made when there is none. (transfer none) (nullable): NULL when there is room
 * for no more. */
DdCrashNote *dd_crash_notes_get (DdCrashNotes *notes, const char *id);

/* How often it ended the daemon. @out_signal: the last one's, @out_time: microseconds since 1970 UTC; both
 * only above 0. */
guint dd_crash_note_count (const DdCrashNote *note, int *out_signal, gint64 *out_time);

/* Forgets, at first in memory that outlives the process. @durably: and on disk, before it returns. */
gboolean dd_crash_note_clear (DdCrashNotes *notes, DdCrashNote *note, gboolean durably, GError **error);

/* The calling thread is inside the plugin of @note from here on (nullable: of none that counts), until it
 * leaves. Doesn't nest. */
void dd_crash_enter (DdCrashNote *note);
void dd_crash_leave (void);

G_END_DECLS
