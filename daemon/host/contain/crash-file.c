/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The file of crash notes (see crash.h): found and checked, or made anew; mapped until the end.
 *
 * All its blocks are written before it is mapped: a page that finds no room on a full disk would itself be a
 * fatal signal.
 */
#include "contain/crash-private.h"
#include "error.h"
#include "message-ids.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC     "DDCRASH"
#define VERSION   1
#define N_RECORDS 127

typedef struct
{
  char magic[8];
  guint32 version;
  guint32 record_bytes;
  guint32 n_records;
  guint32 run; /* the starts so far */
  guint8 zero[104];
} Header;

G_STATIC_ASSERT (sizeof (Header) == sizeof (DdCrashNote));

typedef struct
{
  Header header;
  DdCrashNote records[N_RECORDS];
} File;

struct _DdCrashNotes
{
  File *file;
};

/* --- trust --- */

static gboolean
is_zero (const void *bytes, gsize length)
{
  const guint8 *byte = bytes;

  for (gsize i = 0; i < length; i++)
    if (byte[i] != 0)
      return FALSE;
  return TRUE;
}

/* Lower-case words, and nothing after their end. */
static gboolean
is_id (const char *id)
{
  gsize length = strnlen (id, DD_CRASH_ID_BYTES);

  return length <= 64 && strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
         is_zero (id + length, DD_CRASH_ID_BYTES - length);
}

static gboolean
is_sound_record (const Header *header, const DdCrashNote *note)
{
  guint32 count = dd_crash_count (note->crashes);
  guint32 run = dd_crash_run (note->crashes);

  if (note->id[0] == '\0')
    return is_zero (note, sizeof *note);
  if (!is_id (note->id) || !is_zero (note->zero, sizeof note->zero) || note->run > header->run)
    return FALSE;
  /* A plugin at the limit isn't entered, so no count goes beyond it. What the handler writes after the count
   * may be missing. */
  return count <= DD_CRASH_LIMIT && run <= header->run && (count > 0) == (run > 0) &&
         (note->signal == 0 || dd_crash_is_fatal (note->signal)) && note->time >= 0;
}

static gboolean
is_sound (const File *file)
{
  const Header *header = &file->header;

  if (memcmp (header->magic, MAGIC, sizeof header->magic) != 0 || header->version != VERSION ||
      header->record_bytes != sizeof (DdCrashNote) || header->n_records != N_RECORDS ||
      header->run == G_MAXUINT32 || !is_zero (header->zero, sizeof header->zero))
    return FALSE;
  for (guint i = 0; i < N_RECORDS; i++)
    {
      if (!is_sound_record (header, &file->records[i]))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (file->records[i].id[0] != '\0' && strcmp (file->records[i].id, file->records[j].id) == 0)
          return FALSE;
    }
  return TRUE;
}

/* Why the open file can't be ours; NULL when it is as we would have made it. */
static const char *
find_fault (int fd)
{
  struct stat status;

  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    return "it is no plain file";
  if (status.st_uid != geteuid () || status.st_nlink != 1 || (status.st_mode & 07777) != 0600)
    return "it isn't the daemon's alone";
  if (status.st_size != sizeof (File))
    return "it has another size";
  return NULL;
}

static File *
map (int fd)
{
  File *file = mmap (NULL, sizeof (File), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

  return file == MAP_FAILED ? NULL : file;
}

/* The file as it is, or NULL. @out_fault: (nullable): why it isn't trusted; NULL when it isn't there. */
static File *
map_existing (const char *path, const char **out_fault)
{
  int fd = open (path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  File *file = NULL;

  *out_fault = NULL;
  if (fd < 0)
    {
      *out_fault = errno == ENOENT ? NULL : g_strerror (errno);
      return NULL;
    }
  *out_fault = find_fault (fd);
  if (*out_fault == NULL && posix_fallocate (fd, 0, sizeof (File)) != 0)
    *out_fault = "it can't be given its room on the disk";
  if (*out_fault == NULL && (file = map (fd)) == NULL)
    *out_fault = g_strerror (errno);
  close (fd);
  if (file != NULL && !is_sound (file))
    {
      *out_fault = "it is damaged, or of another version";
      munmap (file, sizeof (File));
      return NULL;
    }
  return file;
}

/* --- making --- */

static gboolean
write_all (int fd, const void *bytes, gsize length)
{
  const char *rest = bytes;

  while (length > 0)
    {
      gssize written = write (fd, rest, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      rest += written;
      length -= (gsize)written;
    }
  return TRUE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

/* In place of whatever is at @path, which is never written to. */
static File *
map_new (const char *path, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autofree File *empty = g_new0 (File, 1);
  File *file = NULL;
  int fd;

  empty->header = (Header){
    .magic = MAGIC,
    .version = VERSION,
    .record_bytes = sizeof (DdCrashNote),
    .n_records = N_RECORDS,
  };
  g_unlink (temporary);
  fd = open (temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0 && fchmod (fd, 0600) == 0 && write_all (fd, empty, sizeof *empty) && fsync (fd) == 0 &&
      rename (temporary, path) == 0 && sync_folder (path))
    file = map (fd);
  if (file == NULL)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE, "%s can't be made: %s", path, g_strerror (errno));
      g_unlink (temporary);
    }
  if (fd >= 0)
    close (fd);
  return file;
}

/* --- the notes --- */

DdCrashNotes *
dd_crash_notes_open (const char *path, GError **error)
{
  const char *fault = NULL;
  File *file = map_existing (path, &fault);

  if (fault != NULL)
    dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_CRASH_NOTES_REPLACED,
                "%s is replaced, and with it the notes of which plugin crashed: %s", path, fault);
  if (file == NULL)
    file = map_new (path, error);
  if (file == NULL)
    return NULL;

  DdCrashNotes *notes = g_new0 (DdCrashNotes, 1);

  notes->file = file;
  file->header.run++;
  dd_crash_watch ();
  return notes;
}

void
dd_crash_notes_free (DdCrashNotes *notes)
{
  munmap (notes->file, sizeof (File));
  g_free (notes);
}

/* Free, or else of a plugin without a crash, which has nothing to lose. */
static DdCrashNote *
find_room (File *file)
{
  DdCrashNote *spare = NULL;

  for (guint i = 0; i < N_RECORDS; i++)
    {
      DdCrashNote *note = &file->records[i];

      if (note->id[0] == '\0')
        return note;
      if (dd_crash_count (note->crashes) == 0 && note->run != file->header.run)
        spare = note;
    }
  return spare;
}

DdCrashNote *
dd_crash_notes_get (DdCrashNotes *notes, const char *id)
{
  File *file = notes->file;
  DdCrashNote *note = NULL;

  for (guint i = 0; i < N_RECORDS && note == NULL; i++)
    if (strcmp (file->records[i].id, id) == 0)
      note = &file->records[i];
  if (note == NULL && (note = find_room (file)) != NULL)
    {
      memset (note, 0, sizeof *note);
      g_strlcpy (note->id, id, sizeof note->id);
    }
  if (note != NULL)
    note->run = file->header.run;
  return note;
}

gboolean
dd_crash_note_clear (DdCrashNotes *notes, DdCrashNote *note, gboolean durably, GError **error)
{
  __atomic_store_n (&note->crashes, 0, __ATOMIC_SEQ_CST);
  note->signal = 0;
  note->time = 0;
  if (durably && msync (notes->file, sizeof (File), MS_SYNC) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "the crash notes can't be written: %s", g_strerror (errno));
  return TRUE;
}
