/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Orders as files: each order becomes DEAL-ORDER-KEY.json in one directory, whole or not at all;
 * DEAL-KEY.json when its id can't be part of a file's name. Keys are never the same for two orders.
 *
 * The document is written to a file without a name, synced, and linked to its name, which is never replaced;
 * then the directory is synced. So a name means a whole document, and the same key has effect once: a file
 * that is there (or in taken/, where its reader moves it) with the same bytes is the delivery itself. One
 * instance; any thread.
 */
#include "dealdesk-plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a reader moves what it took, within the directory; read here only to know what was delivered. */
#define TAKEN "taken"

#define MAX_PART 64

typedef struct
{
  char *directory;
} Spool;

typedef struct
{
  char *text;
  uint32_t size;
} Receipt;

static DealdeskDelivery __attribute__ ((format (printf, 3, 4)))
answer (const Receipt *receipt, DealdeskDelivery delivery, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (receipt->text, receipt->size, format, arguments);
  va_end (arguments);
  return delivery;
}

static int
is_plain (const char *text)
{
  size_t length = strlen (text);

  if (length == 0 || length > MAX_PART || text[0] == '-')
    return 0;
  return strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* 1: the same bytes, 0: other bytes, -1: can't be read (errno) */
static int
compare_file (int file, const DealdeskOrder *order)
{
  char buffer[16384];
  uint32_t done = 0;
  ssize_t n_read;

  while ((n_read = read (file, buffer, sizeof buffer)) != 0)
    {
      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read < 0)
        return -1;
      if ((size_t)n_read > order->length - done ||
          memcmp (buffer, order->document + done, (size_t)n_read) != 0)
        return 0;
      done += (uint32_t)n_read;
    }
  return done == order->length;
}

/* Makes sure that what is there stays: its own bytes and its name. */
static DealdeskDelivery
settle (const Receipt *receipt, int directory, int file, const char *name)
{
  if (fsync (file) != 0 || fsync (directory) != 0)
    return answer (receipt, DEALDESK_UNKNOWN, "%s is there and can't be synced: %s", name, strerror (errno));
  return answer (receipt, DEALDESK_DELIVERED, "%s", name);
}

/* What an earlier delivery left in @directory under @name. 0: nothing is there. */
static int
find_earlier (const Receipt *receipt,
              int directory,
              const char *name,
              const DealdeskOrder *order,
              DealdeskDelivery *out_delivery)
{
  int file = openat (directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat status;
  int same;

  if (file < 0 && errno == ENOENT)
    return 0;
  if (file < 0 || fstat (file, &status) != 0 || !S_ISREG (status.st_mode))
    {
      *out_delivery = answer (receipt, DEALDESK_UNKNOWN, "%s is there and isn't a file that can be read: %s",
                              name, file < 0 ? strerror (errno) : "not a regular file");
      if (file >= 0)
        close (file);
      return 1;
    }
  same = compare_file (file, order);
  if (same < 0)
    *out_delivery =
      answer (receipt, DEALDESK_UNKNOWN, "%s is there and can't be read: %s", name, strerror (errno));
  else if (same == 0)
    *out_delivery = answer (receipt, DEALDESK_REJECTED, "%s is there with another content", name);
  else
    *out_delivery = settle (receipt, directory, file, name);
  close (file);
  return 1;
}

/* A reader moves a file from the directory to taken/: in this order it can't be missed in both. */
static int
find_delivered (const Receipt *receipt,
                int directory,
                const char *name,
                const DealdeskOrder *order,
                DealdeskDelivery *out_delivery)
{
  int taken;
  int found;

  if (find_earlier (receipt, directory, name, order, out_delivery))
    return 1;
  taken = openat (directory, TAKEN, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (taken < 0 && errno == ENOENT)
    return 0;
  if (taken < 0)
    {
      *out_delivery =
        answer (receipt, DEALDESK_UNKNOWN, "the directory " TAKEN " can't be opened: %s", strerror (errno));
      return 1;
    }
  found = find_earlier (receipt, taken, name, order, out_delivery);
  close (taken);
  return found;
}

static int
write_all (int file, const char *bytes, size_t length)
{
  while (length > 0)
    {
      ssize_t n_written = write (file, bytes, length);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        return 0;
      bytes += n_written;
      length -= (size_t)n_written;
    }
  return 1;
}

/* Links the nameless file; without privilege only its path in /proc can be linked. */
static int
link_file (int file, int directory, const char *name)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/self/fd/%d", file);
  return linkat (AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW) == 0;
}

static DealdeskDelivery
write_file (const Receipt *receipt, int directory, const char *name, const DealdeskOrder *order)
{
  DealdeskDelivery delivery;
  int file = openat (directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0640);

  if (file < 0)
    return answer (receipt, DEALDESK_RETRY, "no file can be made in the directory: %s", strerror (errno));
  if (!write_all (file, order->document, order->length) || fsync (file) != 0)
    delivery = answer (receipt, DEALDESK_RETRY, "the order can't be written: %s", strerror (errno));
  else if (link_file (file, directory, name))
    delivery = fsync (directory) == 0
                 ? answer (receipt, DEALDESK_DELIVERED, "%s", name)
                 : answer (receipt, DEALDESK_UNKNOWN, "%s was written, and its directory can't be synced: %s",
                           name, strerror (errno));
  else if (errno != EEXIST)
    delivery = answer (receipt, DEALDESK_RETRY, "%s can't be named: %s", name, strerror (errno));
  else if (!find_earlier (receipt, directory, name, order, &delivery))
    delivery = answer (receipt, DEALDESK_UNKNOWN,
                       "%s was there for a moment: another delivery of it is going on", name);
  close (file);
  return delivery;
}

static DealdeskDelivery
deliver (void *instance,
         const DealdeskHost *host,
         DealdeskCall *call,
         const DealdeskOrder *order,
         char *receipt_text,
         uint32_t receipt_size)
{
  const Spool *spool = instance;
  Receipt receipt = { receipt_text, receipt_size };
  DealdeskDelivery delivery;
  char name[3 * (MAX_PART + 1) + sizeof ".json"];
  int directory;

  (void)host;
  (void)call;
  if (!is_plain (order->key) || !is_plain (order->deal))
    return answer (&receipt, DEALDESK_REJECTED,
                   "key and deal must be of letters, digits and -, at most %d characters", MAX_PART);
  if (is_plain (order->order))
    snprintf (name, sizeof name, "%s-%s-%s.json", order->deal, order->order, order->key);
  else
    snprintf (name, sizeof name, "%s-%s.json", order->deal, order->key);
  directory = open (spool->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (directory < 0)
    return answer (&receipt, DEALDESK_RETRY, "the spool directory can't be opened: %s", strerror (errno));
  if (!find_delivered (&receipt, directory, name, order, &delivery))
    delivery = write_file (&receipt, directory, name, order);
  close (directory);
  return delivery;
}

static DealdeskResult
open_spool (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  Spool *spool;

  if (n_options < 1 || options[0].text[0] != '/')
    {
      snprintf (message, 256, "the option directory must be the absolute path of the directory for orders");
      return DEALDESK_FAILED;
    }
  spool = malloc (sizeof *spool);
  if (spool != NULL && (spool->directory = strdup (options[0].text)) != NULL)
    {
      *instance = spool;
      return DEALDESK_OK;
    }
  free (spool);
  snprintf (message, 256, "out of memory");
  return DEALDESK_FAILED;
}

static void
close_spool (void *instance)
{
  Spool *spool = instance;

  free (spool->directory);
  free (spool);
}

static const DealdeskHandoff handoff = {
  .size = sizeof handoff,
  .dedupe = DEALDESK_DEDUPE_KEY,
  .deliver = deliver,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "handoff-spool",
  .version = "1",
  .open = open_spool,
  .close = close_spool,
  .handoff = &handoff,
};
