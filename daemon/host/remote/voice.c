/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Output of plugins' processes (see voice.h). It is always read to its end, told or not: nobody may wait for
 * us to read.
 */
#include "remote/voice.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct _DdVoice
{
  gint ref_count; /* atomic */
  char *id;
  GMutex lock;
  gint64 since; /* of the minute, monotonic, microseconds; 0: there was none yet */
  guint told;   /* lines in it, without those that were one too many */
};

DdVoice *
dd_voice_new (const char *id)
{
  DdVoice *voice = g_new0 (DdVoice, 1);

  voice->ref_count = 1;
  voice->id = g_strdup (id);
  g_mutex_init (&voice->lock);
  return voice;
}

DdVoice *
dd_voice_ref (DdVoice *voice)
{
  g_atomic_int_inc (&voice->ref_count);
  return voice;
}

void
dd_voice_unref (DdVoice *voice)
{
  if (!g_atomic_int_dec_and_test (&voice->ref_count))
    return;
  g_mutex_clear (&voice->lock);
  g_free (voice->id);
  g_free (voice);
}

/* How many lines were told in this minute before one that is told now. */
static guint
count (DdVoice *voice)
{
  gint64 now = g_get_monotonic_time ();
  guint told;

  g_mutex_lock (&voice->lock);
  if (voice->since == 0 || now - voice->since >= 60 * G_USEC_PER_SEC)
    {
      voice->since = now;
      voice->told = 0;
    }
  told = voice->told;
  voice->told += told <= DD_VOICE_LINES;
  g_mutex_unlock (&voice->lock);
  return told;
}

static void
tell_line (DdVoice *voice, const GString *line)
{
  guint told = count (voice);
  g_autofree char *valid = g_utf8_make_valid (line->str, (gssize)line->len);

  if (told > DD_VOICE_LINES)
    return;
  if (told == DD_VOICE_LINES)
    {
      g_message ("Plugin %s writes more than %d lines a minute: the rest isn't told", voice->id,
                 DD_VOICE_LINES);
      return;
    }

  /* What a terminal would obey. */
  for (char *byte = valid; *byte != '\0'; byte++)
    if (g_ascii_iscntrl (*byte))
      *byte = ' ';
  g_message ("Plugin %s writes: %s", voice->id, valid);
}

static void
take (DdVoice *voice, GString *line, const char *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (bytes[i] == '\n' && line->len > 0)
      {
        tell_line (voice, line);
        g_string_truncate (line, 0);
      }
    else if (bytes[i] != '\n' && line->len < DD_VOICE_MAX_LINE)
      g_string_append_c (line, bytes[i]);
}

void
dd_voice_tell (DdVoice *voice, int descriptor)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char bytes[4096];
  ssize_t n;

  while ((n = read (descriptor, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR))
    take (voice, line, bytes, n > 0 ? (gsize)n : 0);
  if (line->len > 0)
    tell_line (voice, line);
  close (descriptor);
}
