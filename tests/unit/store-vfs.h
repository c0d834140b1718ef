/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A VFS over SQLite's own that fails on demand and knows what a power cut leaves.
 *
 * Of each file it keeps what is durable (its content at the last sync) and the writes since then. A cut
 * writes, for each file, the durable content with a random choice of the 512-byte sectors written since, torn
 * as a disk may tear them, and ends the process. Registered as the default VFS, for a process of its own; any
 * thread.
 */
#pragma once

#include <errno.h>
#include <glib.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512

typedef struct
{
  gint64 offset;
  guint8 *bytes; /* NULL: a truncation to offset */
  int length;
} VfsWrite;

/* A file by its name, for as long as the process lives. */
typedef struct
{
  GByteArray *durable;
  GArray *pending; /* VfsWrite */
} VfsImage;

typedef struct
{
  sqlite3_file base;
  VfsImage *image; /* NULL: a temporary file */
  gboolean wal;
  sqlite3_file *real;
} VfsFile;

static struct
{
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  GRecMutex mutex;
  GHashTable *images; /* base name to VfsImage */
  const char *cut_directory;
  gint64 operations;         /* writes, truncations and syncs so far */
  gint64 cut_at;             /* the operation before which the power goes; 0: never */
  int wal_writes_until_full; /* writes to the WAL that still fit; -1: all */
  int full_times;            /* how many times one is then refused */
  gboolean fail_wal_sync;
} vfs_state;

static inline void
vfs_patch (GByteArray *content, gint64 offset, const guint8 *bytes, guint length)
{
  guint end = (guint)offset + length;
  guint old = content->len;

  if (old < end)
    {
      g_byte_array_set_size (content, end);
      memset (content->data + old, 0, end - old);
    }
  memcpy (content->data + offset, bytes, length);
}

/* @random: (nullable): NULL applies all of it. */
static inline void
vfs_apply (GByteArray *content, const VfsWrite *change, GRand *random)
{
  if (change->bytes == NULL)
    {
      if (random == NULL || g_rand_boolean (random))
        g_byte_array_set_size (content, MIN (content->len, (guint)change->offset));
      return;
    }
  for (int at = 0; at < change->length;)
    {
      int part = (int)MIN (SECTOR - (change->offset + at) % SECTOR, change->length - at);

      if (random == NULL || g_rand_boolean (random))
        vfs_patch (content, change->offset + at, change->bytes + at, (guint)part);
      at += part;
    }
}

static inline void
vfs_forget_pending (VfsImage *image)
{
  for (guint i = 0; i < image->pending->len; i++)
    g_free (g_array_index (image->pending, VfsWrite, i).bytes);
  g_array_set_size (image->pending, 0);
}

/* Leaves in the cut directory what the disks would hold, and ends the process. */
static inline void
vfs_cut_power (void)
{
  GRand *random = g_rand_new_with_seed ((guint32)vfs_state.cut_at);
  GHashTableIter iterator;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iterator, vfs_state.images);
  while (g_hash_table_iter_next (&iterator, &name, &value))
    {
      VfsImage *image = value;
      char *path = g_build_filename (vfs_state.cut_directory, name, NULL);

      for (guint i = 0; i < image->pending->len; i++)
        vfs_apply (image->durable, &g_array_index (image->pending, VfsWrite, i), random);
      g_file_set_contents (path, (const char *)image->durable->data, image->durable->len, NULL);
      g_free (path);
    }
  _exit (0);
}

/* Before each operation that changes a file; with the lock held. */
static inline void
vfs_count (void)
{
  vfs_state.operations++;
  if (vfs_state.cut_at != 0 && vfs_state.operations >= vfs_state.cut_at)
    vfs_cut_power ();
}

static inline int
vfs_close (sqlite3_file *file)
{
  VfsFile *self = (VfsFile *)file;
  int code = self->real->pMethods != NULL ? self->real->pMethods->xClose (self->real) : SQLITE_OK;

  g_free (self->real);
  return code;
}

static inline int
vfs_read (sqlite3_file *file, void *out, int length, sqlite3_int64 offset)
{
  VfsFile *self = (VfsFile *)file;

  return self->real->pMethods->xRead (self->real, out, length, offset);
}

static inline int
vfs_write (sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
  VfsFile *self = (VfsFile *)file;
  int code = SQLITE_OK;

  g_rec_mutex_lock (&vfs_state.mutex);
  vfs_count ();
  if (self->wal && vfs_state.wal_writes_until_full == 0 && vfs_state.full_times > 0)
    {
      vfs_state.full_times--;
      vfs_state.wal_writes_until_full = vfs_state.full_times > 0 ? 0 : -1;
      code = SQLITE_FULL;
    }
  else if (self->wal && vfs_state.wal_writes_until_full > 0)
    vfs_state.wal_writes_until_full--;
  if (code == SQLITE_OK && self->image != NULL)
    {
      VfsWrite change = { .offset = offset, .length = length };

      change.bytes = g_memdup2 (bytes, (gsize)length);
      g_array_append_val (self->image->pending, change);
    }
  if (code == SQLITE_OK)
    code = self->real->pMethods->xWrite (self->real, bytes, length, offset);
  g_rec_mutex_unlock (&vfs_state.mutex);
  return code;
}

static inline int
vfs_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  VfsFile *self = (VfsFile *)file;
  VfsWrite change = { .offset = size };
  int code;

  g_rec_mutex_lock (&vfs_state.mutex);
  vfs_count ();
  if (self->image != NULL)
    g_array_append_val (self->image->pending, change);
  code = self->real->pMethods->xTruncate (self->real, size);
  g_rec_mutex_unlock (&vfs_state.mutex);
  return code;
}

static inline int
vfs_sync (sqlite3_file *file, int flags)
{
  VfsFile *self = (VfsFile *)file;

  g_rec_mutex_lock (&vfs_state.mutex);
  vfs_count ();
  if (self->wal && vfs_state.fail_wal_sync)
    {
      g_rec_mutex_unlock (&vfs_state.mutex);
      return SQLITE_IOERR_FSYNC;
    }
  if (self->image != NULL)
    {
      for (guint i = 0; i < self->image->pending->len; i++)
        vfs_apply (self->image->durable, &g_array_index (self->image->pending, VfsWrite, i), NULL);
      vfs_forget_pending (self->image);
    }
  g_rec_mutex_unlock (&vfs_state.mutex);
  return SQLITE_OK;
}

#define VFS_REAL(file) ((VfsFile *)(file))->real

static inline int
vfs_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return VFS_REAL (file)->pMethods->xFileSize (VFS_REAL (file), size);
}

static inline int
vfs_lock (sqlite3_file *file, int lock)
{
  return VFS_REAL (file)->pMethods->xLock (VFS_REAL (file), lock);
}

static inline int
vfs_unlock (sqlite3_file *file, int lock)
{
  return VFS_REAL (file)->pMethods->xUnlock (VFS_REAL (file), lock);
}

static inline int
vfs_check_lock (sqlite3_file *file, int *out)
{
  return VFS_REAL (file)->pMethods->xCheckReservedLock (VFS_REAL (file), out);
}

static inline int
vfs_control (sqlite3_file *file, int operation, void *argument)
{
  return VFS_REAL (file)->pMethods->xFileControl (VFS_REAL (file), operation, argument);
}

static inline int
vfs_sector_size (sqlite3_file *file)
{
  return SECTOR;
}

static inline int
vfs_characteristics (sqlite3_file *file)
{
  return VFS_REAL (file)->pMethods->xDeviceCharacteristics (VFS_REAL (file));
}

static inline int
vfs_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
  return VFS_REAL (file)->pMethods->xShmMap (VFS_REAL (file), page, size, extend, out);
}

static inline int
vfs_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return VFS_REAL (file)->pMethods->xShmLock (VFS_REAL (file), offset, n, flags);
}

static inline void
vfs_shm_barrier (sqlite3_file *file)
{
  VFS_REAL (file)->pMethods->xShmBarrier (VFS_REAL (file));
}

static inline int
vfs_shm_unmap (sqlite3_file *file, int remove)
{
  return VFS_REAL (file)->pMethods->xShmUnmap (VFS_REAL (file), remove);
}

static const sqlite3_io_methods vfs_methods = {
  .iVersion = 2,
  .xClose = vfs_close,
  .xRead = vfs_read,
  .xWrite = vfs_write,
  .xTruncate = vfs_truncate,
  .xSync = vfs_sync,
  .xFileSize = vfs_size,
  .xLock = vfs_lock,
  .xUnlock = vfs_unlock,
  .xCheckReservedLock = vfs_check_lock,
  .xFileControl = vfs_control,
  .xSectorSize = vfs_sector_size,
  .xDeviceCharacteristics = vfs_characteristics,
  .xShmMap = vfs_shm_map,
  .xShmLock = vfs_shm_lock,
  .xShmBarrier = vfs_shm_barrier,
  .xShmUnmap = vfs_shm_unmap,
};

/* What is there when a file is first opened counts as durable. */
static inline VfsImage *
vfs_image (const char *path)
{
  char *name = g_path_get_basename (path);
  VfsImage *image = g_hash_table_lookup (vfs_state.images, name);
  char *text = NULL;
  gsize length;

  if (image != NULL)
    {
      g_free (name);
      return image;
    }
  image = g_new0 (VfsImage, 1);
  image->durable = g_byte_array_new ();
  image->pending = g_array_new (FALSE, FALSE, sizeof (VfsWrite));
  if (g_file_get_contents (path, &text, &length, NULL))
    g_byte_array_append (image->durable, (const guint8 *)text, (guint)length);
  g_free (text);
  g_hash_table_insert (vfs_state.images, name, image);
  return image;
}

static inline int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  VfsFile *self = (VfsFile *)file;
  int code;

  memset (self, 0, sizeof *self);
  self->real = g_malloc0 ((gsize)vfs_state.real->szOsFile);
  code = vfs_state.real->xOpen (vfs_state.real, name, self->real, flags, out_flags);
  if (code != SQLITE_OK)
    {
      g_free (self->real);
      return code;
    }
  self->wal = (flags & SQLITE_OPEN_WAL) != 0;
  g_rec_mutex_lock (&vfs_state.mutex);
  if (name != NULL && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) != 0)
    self->image = vfs_image (name);
  g_rec_mutex_unlock (&vfs_state.mutex);
  self->base.pMethods = &vfs_methods;
  return SQLITE_OK;
}

static inline void
vfs_register (void)
{
  vfs_state.real = sqlite3_vfs_find (NULL);
  vfs_state.vfs = *vfs_state.real;
  vfs_state.vfs.szOsFile = sizeof (VfsFile);
  vfs_state.vfs.pNext = NULL;
  vfs_state.vfs.zName = "faults";
  vfs_state.vfs.xOpen = vfs_open;
  vfs_state.images = g_hash_table_new (g_str_hash, g_str_equal);
  vfs_state.wal_writes_until_full = -1;
  g_rec_mutex_init (&vfs_state.mutex);
  sqlite3_vfs_register (&vfs_state.vfs, 1);
}
