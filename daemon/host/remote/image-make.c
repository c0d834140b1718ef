/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Making an image (see image.h): measured first, then written into a file in memory, which is sealed.
 *
 * A dataset's texts lie in one arena, and equal ones mostly follow each other: a text that is the same as the
 * last one of its column is taken over.
 */
#include "remote/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "remote/image-layout.h"

typedef struct
{
  const DdDataset *dataset;
  const guint *columns;
  guint n_columns;
  DdImageHead head;
  guint8 *bytes; /* of the image */
  guint32 texts_size;
} Maker;

static const DdCell *
cell_at (const Maker *maker, guint row, guint column)
{
  return &dd_dataset_row (maker->dataset, row)[maker->columns != NULL ? maker->columns[column] : column];
}

static gboolean
repeats (const Maker *maker, guint row, guint column)
{
  return row > 0 && strcmp (cell_at (maker, row, column)->text, cell_at (maker, row - 1, column)->text) == 0;
}

static guint64
align (guint64 size)
{
  return (size + 7) & ~(guint64)7;
}

/* In whole MiB, so that what is too large never looks as if it were not. */
static guint
mebibytes (guint64 size)
{
  return (guint)((size + (1U << 20) - 1) >> 20);
}

/* With the reader's own table (image.c). */
static guint64
needed (const Maker *maker)
{
  return maker->head.size + maker->head.n_slots * sizeof (gpointer);
}

static gboolean
check_size (const Maker *maker, guint64 taken, GError **error)
{
  guint64 size = needed (maker);

  if (size <= DD_IMAGES_MAX_BYTES - MIN (taken, DD_IMAGES_MAX_BYTES))
    return TRUE;
  return dd_fail (
    error, DD_ERROR_TOO_LARGE,
    "dataset %s is too large for the plugin's own process: it would take %u MiB there and other "
    "datasets take %u MiB, of %u MiB for all: name fewer columns in its file, or let it run in "
    "the daemon ([Plugins] InDaemon=)",
    dd_dataset_name (maker->dataset), mebibytes (size), mebibytes (taken), DD_IMAGES_MAX_BYTES >> 20);
}

static void
measure (Maker *maker)
{
  DdImageHead *head = &maker->head;
  guint64 texts_size = 1;

  head->magic = DD_IMAGE_MAGIC;
  head->hash_key = dd_hash_key_make ();
  head->n_rows = dd_dataset_n_rows (maker->dataset);
  head->n_columns = maker->n_columns;
  head->n_slots = head->n_rows > 0 ? 1 : 0;
  while (head->n_slots < 2 * (guint64)head->n_rows)
    head->n_slots *= 2;
  for (guint row = 0; row < head->n_rows; row++)
    for (guint column = 0; column < maker->n_columns; column++)
      {
        const char *text = cell_at (maker, row, column)->text;

        if (text[0] != '\0' && !repeats (maker, row, column))
          texts_size += strlen (text) + 1;
      }
  head->slots = align (sizeof *head);
  head->cells = head->slots + (guint64)head->n_slots * sizeof (DdImageSlot);
  head->texts = head->cells + (guint64)head->n_rows * maker->n_columns * sizeof (DdImageCell);
  head->size = head->texts + texts_size;
}

static guint32
write_text (Maker *maker, const char *text)
{
  guint32 place = maker->texts_size;
  gsize size = strlen (text) + 1;

  memcpy (maker->bytes + maker->head.texts + place, text, size);
  maker->texts_size += (guint32)size;
  return place;
}

static void
write_cells (Maker *maker)
{
  DdImageCell *cells = (DdImageCell *)(void *)(maker->bytes + maker->head.cells);

  maker->texts_size = 0;
  write_text (maker, "");
  for (guint row = 0; row < maker->head.n_rows; row++)
    for (guint column = 0; column < maker->n_columns; column++)
      {
        const DdCell *cell = cell_at (maker, row, column);
        DdImageCell *written = &cells[(gsize)row * maker->n_columns + column];

        written->number = cell->number;
        if (cell->text[0] == '\0')
          written->text = 0;
        else if (repeats (maker, row, column))
          written->text = (written - maker->n_columns)->text;
        else
          written->text = write_text (maker, cell->text);
      }
}

/* The leading key is always the plugin's first column: rows of one key lie together. */
static void
write_slots (Maker *maker)
{
  DdImageSlot *slots = (DdImageSlot *)(void *)(maker->bytes + maker->head.slots);
  const DdImageCell *cells = (const DdImageCell *)(const void *)(maker->bytes + maker->head.cells);
  guint32 row = 0;

  while (row < maker->head.n_rows)
    {
      const char *key = cell_at (maker, row, 0)->text;
      DdImageSlot slot = {
        .hash = dd_image_hash (&maker->head, key),
        .first = row,
        .key = cells[(gsize)row * maker->n_columns].text,
      };
      guint32 at = slot.hash & (maker->head.n_slots - 1);

      for (row++; row < maker->head.n_rows && repeats (maker, row, 0); row++)
        ;
      slot.n_rows = row - slot.first;
      while (slots[at].n_rows != 0)
        at = (at + 1) & (maker->head.n_slots - 1);
      slots[at] = slot;
    }
}

static gboolean
write_image (Maker *maker, int file, GError **error)
{
  if (ftruncate (file, (off_t)maker->head.size) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "there is no memory for an image: %s", g_strerror (errno));
  maker->bytes = mmap (NULL, maker->head.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (maker->bytes == MAP_FAILED)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "an image can't be mapped: %s", g_strerror (errno));
  memcpy (maker->bytes, &maker->head, sizeof maker->head);
  write_cells (maker);
  write_slots (maker);
  munmap (maker->bytes, maker->head.size);

  /* Nobody, we neither, can change what several processes read. */
  if (fcntl (file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "an image can't be sealed: %s", g_strerror (errno));
  return TRUE;
}

int
dd_image_make (const DdDataset *dataset,
               const guint *columns,
               guint n_columns,
               guint64 taken,
               guint64 *out_size,
               GError **error)
{
  Maker maker = { .dataset = dataset, .columns = columns, .n_columns = n_columns };
  int file;

  measure (&maker);
  if (!check_size (&maker, taken, error))
    return -1;
  file = memfd_create ("dealdesk-dataset", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE, "an image can't be made: %s", g_strerror (errno));
      return -1;
    }
  if (write_image (&maker, file, error))
    {
      *out_size = needed (&maker);
      return file;
    }
  close (file);
  return -1;
}
