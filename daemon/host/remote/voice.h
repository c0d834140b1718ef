/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a plugin's processes write to their output, as lines of our journal.
 *
 * Each line is told as the plugin's, whatever it says: no output of ours is shared with it. Lines are cut,
 * and only so many a minute are told, for all processes of the plugin together, so that it can't make the
 * journal drop our own. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a line, in bytes; what follows is dropped. */
#define DD_VOICE_MAX_LINE 512

/* Lines that are told in a minute. */
#define DD_VOICE_LINES 60

/* Bytes that may be written in a minute: whoever writes more is only keeping us busy. */
#define DD_VOICE_BYTES (1U << 20)

typedef struct _DdVoice DdVoice;

/* @id: the plugin's. (transfer full) */
DdVoice *dd_voice_new (const char *id);
DdVoice *dd_voice_ref (DdVoice *voice);
void dd_voice_unref (DdVoice *voice);

/* Tells what comes out of @descriptor until nothing can come any more, and closes it. FALSE: until it was too
 * much; the process that writes must be ended. */
gboolean dd_voice_tell (DdVoice *voice, int descriptor);

G_END_DECLS
