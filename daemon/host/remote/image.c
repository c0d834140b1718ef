/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading an image (see image.h).
 *
 * Cells get addresses when their key is first asked for, and keep them: the same few keys come again and
 * again.
 */
#include "remote/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "error.h"
#include "remote/image-layout.h"
#include "json/arena.h"

struct _DdImage
{
  const guint8 *bytes;
  gsize size;
  DdImageHead head;
  guint32 texts_size;
  const DealdeskCell **made; /* (nullable) one a slot */
  DdArena arena;
};

static gboolean
check_head (const DdImageHead *head, guint64 size, guint n_columns)
{
  guint64 slots = head->slots;
  guint64 cells = slots + (guint64)head->n_slots * sizeof (DdImageSlot);
  guint64 n_cells = (guint64)head->n_rows * n_columns;

  if (head->magic != DD_IMAGE_MAGIC || head->n_columns != n_columns || n_columns == 0 || head->size != size)
    return FALSE;
  if ((head->n_slots & (head->n_slots - 1)) != 0 || (head->n_rows > 0 && head->n_slots <= head->n_rows))
    return FALSE;
  if (slots != sizeof *head || head->cells != cells || n_cells > size / sizeof (DdImageCell))
    return FALSE;
  return head->texts == cells + n_cells * sizeof (DdImageCell) && head->texts < size &&
         size - head->texts <= G_MAXUINT32;
}

/* A file that could still shrink would end this process when it does. */
static gboolean
is_sealed (int descriptor)
{
  int seals = fcntl (descriptor, F_GET_SEALS);

  return seals >= 0 && (seals & (F_SEAL_SHRINK | F_SEAL_WRITE)) == (F_SEAL_SHRINK | F_SEAL_WRITE);
}

DdImage *
dd_image_open (int descriptor, guint n_columns, GError **error)
{
  struct stat status;

  if (fstat (descriptor, &status) != 0 || !S_ISREG (status.st_mode) || !is_sealed (descriptor) ||
      (gsize)status.st_size < sizeof (DdImageHead))
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "what should be an image is not a sealed file in memory");
      return NULL;
    }

  gsize size = (gsize)status.st_size;
  void *bytes = mmap (NULL, size, PROT_READ, MAP_SHARED, descriptor, 0);

  if (bytes == MAP_FAILED)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE, "an image can't be mapped: %s", g_strerror (errno));
      return NULL;
    }

  DdImage *image = g_new0 (DdImage, 1);

  image->bytes = bytes;
  image->size = size;
  memcpy (&image->head, bytes, sizeof image->head);
  dd_arena_init (&image->arena, 4096);
  if (!check_head (&image->head, size, n_columns) || image->bytes[size - 1] != '\0')
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "an image's parts are not where its head says");
      dd_image_free (image);
      return NULL;
    }
  image->texts_size = (guint32)(size - image->head.texts);
  image->made = g_new0 (const DealdeskCell *, image->head.n_slots + 1);
  return image;
}

void
dd_image_free (DdImage *image)
{
  munmap ((void *)image->bytes, image->size);
  dd_arena_clear (&image->arena);
  g_free (image->made);
  g_free (image);
}

static const char *
text_at (const DdImage *image, guint32 place)
{
  return place < image->texts_size ? (const char *)image->bytes + image->head.texts + place : "";
}

/* The place of @key's slot. FALSE: there is none. */
static gboolean
find_slot (const DdImage *image, const char *key, guint32 *out_at)
{
  const DdImageSlot *slots = (const DdImageSlot *)(const void *)(image->bytes + image->head.slots);
  guint32 hash = dd_image_hash (&image->head, key);
  guint32 mask = image->head.n_slots - 1;

  for (guint32 i = 0; i < image->head.n_slots; i++)
    {
      guint32 at = (hash + i) & mask;

      if (slots[at].n_rows == 0)
        return FALSE;
      if (slots[at].hash == hash && strcmp (text_at (image, slots[at].key), key) == 0)
        {
          *out_at = at;
          return TRUE;
        }
    }
  return FALSE;
}

static const DealdeskCell *
make_cells (DdImage *image, const DdImageSlot *slot)
{
  gsize n_columns = image->head.n_columns;
  gsize n_cells = slot->n_rows * n_columns;
  const DdImageCell *cells =
    (const DdImageCell *)(const void *)(image->bytes + image->head.cells) + slot->first * n_columns;
  DealdeskCell *made = dd_arena_take (&image->arena, n_cells * sizeof *made);

  for (gsize i = 0; i < n_cells; i++)
    made[i] = (DealdeskCell){ cells[i].number, text_at (image, cells[i].text) };
  return made;
}

DealdeskRows
dd_image_find (DdImage *image, const char *key)
{
  const DdImageSlot *slots = (const DdImageSlot *)(const void *)(image->bytes + image->head.slots);
  guint32 n_columns = image->head.n_columns;
  guint32 at;

  if (!find_slot (image, key, &at))
    return (DealdeskRows){ NULL, 0, n_columns };

  const DdImageSlot *slot = &slots[at];

  if (slot->first > image->head.n_rows || slot->n_rows > image->head.n_rows - slot->first)
    return (DealdeskRows){ NULL, 0, n_columns };
  if (image->made[at] == NULL)
    image->made[at] = make_cells (image, slot);
  return (DealdeskRows){ image->made[at], slot->n_rows, n_columns };
}

guint32
dd_image_n_rows (const DdImage *image)
{
  return image->head.n_rows;
}
