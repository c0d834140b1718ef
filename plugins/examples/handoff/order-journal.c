/* SPDX-License-Identifier: LGPL-2.1-or-later OR 0BSD
 *
 * order-journal: keeps each deal's orders in DEAL.orders in the directory of option `directory`, one a line:
 * key, tab, document.
 *
 * A delivery writes the file anew beside the old one, with the order's line unless its key is there, syncs
 * it, and only then gives it the name: the name always means a whole, synced file, and the same key has
 * effect once. A line without its end is none. The directory is locked meanwhile. One instance; any thread.
 */
#include "dealdesk-plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct
{
  char *directory;
} Journal;

/* Writes why into receipt; returns delivery. */
static DealdeskDelivery
say (char *receipt, uint32_t size, DealdeskDelivery delivery, const char *what)
{
  snprintf (receipt, size, "%.160s: %.64s", what, strerror (errno));
  dealdesk_mend (receipt);
  return delivery;
}

static int
is_plain (const char *text)
{
  size_t length = strlen (text);

  return length > 0 && length <= 64 &&
         strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* Copies the whole lines of @from; whether @key begins one of them. -1: not all could be read. */
static int
copy_lines (FILE *from, FILE *to, const char *key)
{
  size_t key_length = strlen (key);
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int found = 0;

  while ((length = getline (&line, &size, from)) > 0 && line[length - 1] == '\n')
    {
      fwrite (line, 1, (size_t)length, to);
      if (strncmp (line, key, key_length) == 0 && line[key_length] == '\t')
        found = 1;
    }

  /* getline() fails in other ways than at the end, as without memory: what it didn't give isn't absent. */
  if (length < 0 && !feof (from))
    found = -1;
  free (line);
  return found;
}

/* JSON has line ends between its parts only: a blank does as well there. */
static void
write_line (FILE *file, const DealdeskOrder *order)
{
  const char *rest = order->document;
  const char *end = order->document + order->length;

  fprintf (file, "%s\t", order->key);
  for (const char *line_end; (line_end = memchr (rest, '\n', (size_t)(end - rest))) != NULL;
       rest = line_end + 1)
    {
      fwrite (rest, 1, (size_t)(line_end - rest), file);
      putc (' ', file);
    }
  fwrite (rest, 1, (size_t)(end - rest), file);
  putc ('\n', file);
}

/* @journal (nullable) with the order's line, once, in @draft, synced. Sets errno when it can't be. */
static int
make_draft (FILE *journal, FILE *draft, const DealdeskOrder *order)
{
  int found = journal != NULL ? copy_lines (journal, draft, order->key) : 0;

  if (found < 0)
    return 0;
  if (!found)
    write_line (draft, order);
  return !ferror (draft) && fflush (draft) == 0 && fsync (fileno (draft)) == 0;
}

static FILE *
open_in (int directory, const char *name, int flags, const char *mode)
{
  int descriptor = openat (directory, name, flags | O_CLOEXEC | O_NOFOLLOW, 0640);
  FILE *file = descriptor >= 0 ? fdopen (descriptor, mode) : NULL;

  if (file == NULL && descriptor >= 0)
    close (descriptor);
  return file;
}

/* Always a file of its own, never what a failed attempt left: its bytes may be lost, and a second fsync()
 * wouldn't say so. */
static int
write_draft (int directory, const char *name, const char *draft_name, const DealdeskOrder *order)
{
  FILE *journal = open_in (directory, name, O_RDONLY, "r");
  FILE *draft = NULL;
  int made = 0;
  int why;

  if ((journal != NULL || errno == ENOENT) && (unlinkat (directory, draft_name, 0) == 0 || errno == ENOENT))
    draft = open_in (directory, draft_name, O_WRONLY | O_CREAT | O_EXCL, "w");
  if (draft != NULL)
    made = make_draft (journal, draft, order);
  why = errno;
  if (draft != NULL)
    fclose (draft);
  if (journal != NULL)
    fclose (journal);
  errno = why;
  return made;
}

/* The directory is locked. */
static DealdeskDelivery
append (int directory, const DealdeskOrder *order, char *receipt, uint32_t size)
{
  char name[80];
  char draft_name[88];

  snprintf (name, sizeof name, "%s.orders", order->deal);
  snprintf (draft_name, sizeof draft_name, "%s.new", name);
  if (!write_draft (directory, name, draft_name, order) ||
      renameat (directory, draft_name, directory, name) != 0)
    return say (receipt, size, DEALDESK_RETRY, "the journal can't be written");
  if (fsync (directory) != 0)
    return say (receipt, size, DEALDESK_UNKNOWN, "the journal's directory can't be synced");
  snprintf (receipt, size, "%s", name);
  return DEALDESK_DELIVERED;
}

/* Waits for others that write here, and no longer than the call may: a late answer is a fault. */
static int
lock (const DealdeskHost *host, DealdeskCall *call, int directory)
{
  const struct timespec pause = { .tv_nsec = 1000000 };

  while (flock (directory, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK || host->cancelled (call))
        return 0;
      nanosleep (&pause, NULL);
    }
  return 1;
}

static DealdeskDelivery
deliver (void *instance,
         const DealdeskHost *host,
         DealdeskCall *call,
         const DealdeskOrder *order,
         char *receipt,
         uint32_t size)
{
  const Journal *journal = instance;
  DealdeskDelivery delivery;

  if (!is_plain (order->deal) || !is_plain (order->key))
    {
      errno = EINVAL;
      return say (receipt, size, DEALDESK_REJECTED, "deal and key must be of letters, digits and -");
    }

  int directory = open (journal->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (directory >= 0 && lock (host, call, directory))
    delivery = append (directory, order, receipt, size);
  else
    delivery = say (receipt, size, DEALDESK_RETRY, "the directory can't be opened and locked");
  if (directory >= 0)
    close (directory); /* unlocks it */
  return delivery;
}

static DealdeskResult
open_journal (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  const char *directory = dealdesk_option_text (options, n_options, "directory");
  Journal *journal;

  if (directory[0] != '/')
    {
      snprintf (message, 256,
                "option directory must be set: the absolute path of the directory for journals");
      return DEALDESK_FAILED;
    }
  journal = malloc (sizeof *journal);
  if (journal == NULL || (journal->directory = strdup (directory)) == NULL)
    {
      free (journal);
      snprintf (message, 256, "out of memory");
      return DEALDESK_FAILED;
    }
  *instance = journal;
  return DEALDESK_OK;
}

static void
close_journal (void *instance)
{
  Journal *journal = instance;

  free (journal->directory);
  free (journal);
}

static const DealdeskHandoff handoff = {
  .size = sizeof handoff,
  .dedupe = DEALDESK_DEDUPE_KEY,
  .deliver = deliver,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "order-journal",
  .version = "1",
  .open = open_journal,
  .close = close_journal,
  .handoff = &handoff,
};
