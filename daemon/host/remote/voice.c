/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Output of plugins' processes (see voice.h). It is read to its end, told or not, since nobody may wait for
 * us to read; but for one that writes without end. What isn't told costs no more than reading it.
 */
#include "remote/voice.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What a pipe holds. */
#define PIECE (64 * 1024)

struct _DdVoice
{
  gint ref_count; /* atomic */
  char *id;
  GMutex lock;
  gint64 since;        /* of the minute, monotonic, microseconds; 0: there was none yet */
  guint told;          /* lines in it, without those that were one too many */
  guint64 bytes;       /* read in it */
  gboolean complained; /* in it, that these are too many */
};

typedef enum
{
  HEAR_TELL,
  HEAR_DROP,
  HEAR_END
} Hearing;

/* One process's output. */
typedef struct
{
  DdVoice *voice;
  GString *line;
  gboolean lost; /* the beginning of the line was dropped, and so is its end */
} Ear;

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

/* With the lock. */
static void
renew_minute (DdVoice *voice)
{
  gint64 now = g_get_monotonic_time ();

  if (voice->since != 0 && now - voice->since < 60 * G_USEC_PER_SEC)
    return;
  voice->since = now;
  voice->told = 0;
  voice->bytes = 0;
  voice->complained = FALSE;
}

/* What becomes of @n bytes that were read. */
static Hearing
hear (DdVoice *voice, gsize n)
{
  Hearing hearing = HEAR_TELL;
  gboolean complain = FALSE;

  g_mutex_lock (&voice->lock);
  renew_minute (voice);
  voice->bytes += n;
  if (voice->bytes > DD_VOICE_BYTES)
    {
      hearing = HEAR_END;
      complain = !voice->complained;
      voice->complained = TRUE;
    }
  else if (voice->told > DD_VOICE_LINES)
    hearing = HEAR_DROP;
  g_mutex_unlock (&voice->lock);
  if (complain)
    g_message ("Plugin %s writes more than %u KiB a minute: its process is ended", voice->id,
               DD_VOICE_BYTES >> 10);
  return hearing;
}

/* How many lines were told in this minute before one that is told now. */
static guint
count (DdVoice *voice)
{
  guint told;

  g_mutex_lock (&voice->lock);
  renew_minute (voice);
  told = voice->told;
  voice->told += told <= DD_VOICE_LINES;
  g_mutex_unlock (&voice->lock);
  return told;
}

static void
tell_line (DdVoice *voice, const GString *line)
{
  guint told = count (voice);
  g_autofree char *valid = NULL;

  if (told > DD_VOICE_LINES)
    return;
  if (told == DD_VOICE_LINES)
    {
      g_message ("Plugin %s writes more than %d lines a minute: the rest isn't told", voice->id,
                 DD_VOICE_LINES);
      return;
    }

  valid = g_utf8_make_valid (line->str, (gssize)line->len);

  /* What a terminal would obey. */
  for (char *byte = valid; *byte != '\0'; byte++)
    if (g_ascii_iscntrl (*byte))
      *byte = ' ';
  g_message ("Plugin %s writes: %s", voice->id, valid);
}

static void
take (Ear *ear, const char *bytes, gsize n)
{
  GString *line = ear->line;

  for (gsize i = 0; i < n; i++)
    if (bytes[i] != '\n')
      {
        if (!ear->lost && line->len < DD_VOICE_MAX_LINE)
          g_string_append_c (line, bytes[i]);
      }
    else
      {
        if (line->len > 0)
          tell_line (ear->voice, line);
        g_string_truncate (line, 0);
        ear->lost = FALSE;
      }
}

static void
drop (Ear *ear, const char *bytes, gsize n)
{
  g_string_truncate (ear->line, 0);
  ear->lost = bytes[n - 1] != '\n';
}

gboolean
dd_voice_tell (DdVoice *voice, int descriptor)
{
  g_autofree char *bytes = g_malloc (PIECE);
  Ear ear = { .voice = voice, .line = g_string_new (NULL) };
  Hearing hearing = HEAR_TELL;
  ssize_t n;

  while (hearing != HEAR_END && ((n = read (descriptor, bytes, PIECE)) > 0 || (n < 0 && errno == EINTR)))
    {
      if (n < 0)
        continue;
      hearing = hear (voice, (gsize)n);
      if (hearing == HEAR_TELL)
        take (&ear, bytes, (gsize)n);
      else
        drop (&ear, bytes, (gsize)n);
    }
  if (ear.line->len > 0)
    tell_line (voice, ear.line);
  g_string_free (ear.line, TRUE);
  close (descriptor);
  return hearing != HEAR_END;
}
