/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * order-journal: appends each order to DEAL.orders in the directory of option `directory`, one a line: key,
 * tab, document.
 *
 * A line that ends is whole and synced before the order counts as delivered. A line without its end is what a
 * crash left: the next delivery cuts it off. A key that is there isn't appended again, so the same key has
 * effect once. The file is locked meanwhile. One instance; any thread.
 */
#include "dealdesk-plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
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

/* Whether @key begins one of the file's lines; where the last whole line ends. -1: it can't be read. */
static int
find_key (FILE *file, const char *key, off_t *out_end)
{
  size_t key_length = strlen (key);
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int found = 0;

  *out_end = 0;
  while ((length = getline (&line, &size, file)) > 0 && line[length - 1] == '\n')
    {
      *out_end += length;
      if (strncmp (line, key, key_length) == 0 && line[key_length] == '\t')
        found = 1;
    }
  free (line);
  return ferror (file) ? -1 : found;
}

/* JSON has line ends between its parts only: a blank does as well there. */
static int
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
  return fflush (file) == 0 && !ferror (file);
}

/* The file is open and locked. */
static DealdeskDelivery
append (FILE *file, int directory, const DealdeskOrder *order, char *receipt, uint32_t size)
{
  off_t end;
  int found = find_key (file, order->key, &end);

  if (found < 0)
    return say (receipt, size, DEALDESK_UNKNOWN, "the journal can't be read");
  clearerr (file);
  if (!found && (ftruncate (fileno (file), end) != 0 || fseeko (file, end, SEEK_SET) != 0))
    return say (receipt, size, DEALDESK_RETRY, "the journal can't be prepared");
  if (!found && !write_line (file, order))
    return say (receipt, size, DEALDESK_UNKNOWN, "the order can't be written");
  if (fsync (fileno (file)) != 0 || fsync (directory) != 0)
    return say (receipt, size, DEALDESK_UNKNOWN, "the journal can't be synced");
  snprintf (receipt, size, "%.64s.orders", order->deal);
  return DEALDESK_DELIVERED;
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
  char name[80];

  (void)host;
  (void)call;
  if (!is_plain (order->deal) || !is_plain (order->key))
    {
      errno = EINVAL;
      return say (receipt, size, DEALDESK_REJECTED, "deal and key must be of letters, digits and -");
    }
  snprintf (name, sizeof name, "%s.orders", order->deal);

  int directory = open (journal->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int descriptor =
    directory >= 0 ? openat (directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640) : -1;
  FILE *file = descriptor >= 0 && flock (descriptor, LOCK_EX) == 0 ? fdopen (descriptor, "r+") : NULL;

  delivery = file != NULL ? append (file, directory, order, receipt, size)
                          : say (receipt, size, DEALDESK_RETRY, "the journal can't be opened");
  if (file != NULL)
    fclose (file); /* unlocks it; all of it is synced */
  else if (descriptor >= 0)
    close (descriptor);
  if (directory >= 0)
    close (directory);
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
