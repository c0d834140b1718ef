/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A store that comes in: copied, verified, compared with ours (see restore.h). The caller's thread.
 */
#include "backup.h"
#include "halves.h"
#include "incoming.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (1024 * 1024)

char *
dd_restore_path (const char *path)
{
  return g_strconcat (path, ".restore", NULL);
}

/* --- copying --- */

static gboolean
write_all (int descriptor, const char *path, const guint8 *bytes, gsize length, gint64 at, GError **error)
{
  while (length > 0)
    {
      ssize_t n = pwrite (descriptor, bytes, length, at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return dd_store_fail_errno (path, "can't be written", error);
      bytes += n;
      at += n;
      length -= (gsize)n;
    }
  return TRUE;
}

/* No more than it had when it was looked at: it may grow. */
static gboolean
copy_bytes (int from, int to, const char *path, const DdHalves *halves, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  gint64 at = 0;

  while (at < halves->bytes)
    {
      ssize_t n = pread (from, chunk, (gsize)MIN (CHUNK, halves->bytes - at), at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the copy can't be read: %s", g_strerror (errno));
      if (n == 0)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the copy got shorter while it was read");
      if (!write_all (to, path, chunk, (gsize)n, at, error))
        return FALSE;
      at += n;
      if (!dd_halves_copied (halves, at, halves->bytes))
        return dd_fail (error, DD_ERROR_UNAVAILABLE,
                        "restoring was interrupted: the daemon stops; ask again");
    }
  return TRUE;
}

/* The store's own file lacks what its log still has, and would be swapped with itself. */
static gboolean
check_other_file (const DdStore *store, const struct stat *given, GError **error)
{
  struct stat own;

  if (stat (store->path, &own) != 0)
    return dd_store_fail_errno (store->path, "can't be looked at, and the copy might be it", error);
  if (own.st_dev != given->st_dev || own.st_ino != given->st_ino)
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                  "the copy is the daemon's own store; give a copy that “dealctl backup” made");
}

static gboolean
copy_file (const DdStore *store, int from, const char *path, DdHalves *halves, GError **error)
{
  struct stat status;
  gboolean copied;
  int to;

  if (fstat (from, &status) != 0 || !S_ISREG (status.st_mode))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the copy's descriptor should be of a regular file");
  if (!check_other_file (store, &status, error))
    return FALSE;
  halves->bytes = status.st_size;
  if (!dd_store_check_space (path, halves->bytes, error))
    return FALSE;
  to = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (to < 0)
    return dd_store_fail_errno (path, "can't be created", error);
  copied = copy_bytes (from, to, path, halves, error);
  close (to);
  return copied;
}

/* --- checking --- */

static gboolean
check_mark (DdConnection *connection, const DdStore *store, GError **error)
{
  gint64 development = 0;

  if (!dd_store_read_development (connection, &development, error))
    return FALSE;
  if ((development != 0) == store->options.development)
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                  development != 0
                    ? "it is a development store, where anyone could act as anyone; this daemon's isn't one"
                    : "it is no development store, and this daemon's is one, where anyone can act as anyone");
}

static gboolean
check (DdIncoming *incoming, const DdStore *store, DdHalves *halves, GError **error)
{
  const DdStoreOptions any = { 0 };
  DdVerify verify = { .progress = dd_halves_verified, .progress_data = halves };

  if (!dd_store_check (incoming->path, &any, error))
    return FALSE;
  incoming->connection = dd_connection_open (incoming->path, DD_CONNECTION_IMMUTABLE, error);
  verify.connection = incoming->connection;
  if (verify.connection == NULL || !check_mark (verify.connection, store, error) ||
      !dd_verify_structure (&verify, error) || !dd_verify_run (&verify, error))
    return FALSE;
  incoming->report = verify.report;
  return TRUE;
}

/* The name that it has here says nothing to who sent it, and what is wrong with it isn't wrong with the
 * store.
 */
static void
name_copy (const char *path, GError *error)
{
  static const char store[] = "the store: ";
  g_autoptr (GString) text = g_string_new (error->message);

  g_string_replace (text, path, "the copy", 0);
  g_string_replace (text, "the store's ", "its ", 0);
  if (g_str_has_prefix (text->str, store))
    g_string_erase (text, 0, strlen (store));
  if (!g_str_has_prefix (text->str, "the copy") && error->code != DD_ERROR_STORE_FULL &&
      error->code != DD_ERROR_UNAVAILABLE)
    g_string_prepend (text, "the copy: ");
  g_free (error->message);
  error->message = g_strdup (text->str);
}

DdIncoming *
dd_incoming_open (
  DdStore *store, int descriptor, DdStoreProgress progress, gpointer progress_data, GError **error)
{
  g_autoptr (DdIncoming) incoming = g_new0 (DdIncoming, 1);
  g_autoptr (GError) local = NULL;
  DdHalves halves = { progress, progress_data, 0 };

  incoming->path = dd_restore_path (store->path);
  dd_store_remove_file (incoming->path);
  if (copy_file (store, descriptor, incoming->path, &halves, &local) &&
      check (incoming, store, &halves, &local))
    return g_steal_pointer (&incoming);
  name_copy (incoming->path, local);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

void
dd_incoming_free (DdIncoming *incoming)
{
  g_clear_pointer (&incoming->connection, dd_connection_close);
  dd_store_remove_file (incoming->path);
  g_free (incoming->path);
  g_free (incoming);
}

const DdVerifyReport *
dd_incoming_report (const DdIncoming *incoming)
{
  return &incoming->report;
}

/* --- comparing --- */

typedef struct
{
  gint64 number;
  gint64 last_event;
  gint64 time;
  guint8 head[DD_DIGEST_SIZE];
} Link;

/* The newest batch whose number is at most @number. */
static gboolean
read_link (DdConnection *connection, gint64 number, Link *link, GError **error)
{
  static const char sql[] = "SELECT number, last_event, time, head FROM batch WHERE number <= ?1"
                            " ORDER BY number DESC LIMIT 1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  step = dd_step (connection, statement, error);
  if (step < 0)
    return FALSE;
  if (step == 0)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the chain has no beginning");
  link->number = sqlite3_column_int64 (statement, 0);
  link->last_event = sqlite3_column_int64 (statement, 1);
  link->time = sqlite3_column_int64 (statement, 2);
  return dd_column_digest (connection, statement, 3, link->head, error);
}

typedef struct
{
  gint64 number;
  Link link;
} ReadLink;

static gboolean
read_ours (DdReader *reader, gpointer data, GError **error)
{
  ReadLink *read = data;

  return read_link (reader->connection, read->number, &read->link, error);
}

/* Chains that have a head in common have all before it in common: by halves. @common: number -1: nothing. */
static gboolean
find_common (const DdIncoming *incoming, DdStore *store, gint64 newest, Link *common, GError **error)
{
  gint64 low = 0, high = MIN (newest, incoming->report.batches);

  common->number = -1;
  while (low <= high)
    {
      ReadLink ours = { .number = low + (high - low) / 2 };
      Link theirs;

      if (!dd_store_read_here (store, read_ours, &ours, error) ||
          !read_link (incoming->connection, ours.number, &theirs, error))
        return FALSE;
      if (memcmp (ours.link.head, theirs.head, DD_DIGEST_SIZE) == 0)
        {
          *common = theirs;
          low = ours.number + 1;
        }
      else
        high = ours.number - 1;
    }
  return TRUE;
}

typedef struct
{
  gint64 after;
  gint64 last;
  gint64 count;
} CountDeals;

static gboolean
count_deals (DdReader *reader, gpointer data, GError **error)
{
  static const char sql[] =
    "SELECT count (*) FROM event WHERE sequence > ?1 AND sequence <= ?2 AND version = 1";
  CountDeals *part = data;
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, part->after);
  sqlite3_bind_int64 (statement, 2, part->last);
  if (dd_step (reader->connection, statement, error) < 0)
    return FALSE;
  part->count = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* As many events a time as don't hold a snapshot for long. */
#define PAGE_EVENTS 65536

gboolean
dd_incoming_compare (const DdIncoming *incoming, DdStore *store, DdLoss *out_loss, GError **error)
{
  ReadLink newest = { .number = G_MAXINT64 };
  Link common;
  DdLoss loss = { 0 };
  gint64 first;

  if (!dd_store_read_here (store, read_ours, &newest, error) ||
      !find_common (incoming, store, newest.link.number, &common, error))
    return FALSE;
  loss.related = common.number >= 0;
  first = loss.related ? common.last_event : 0;
  loss.events = newest.link.last_event - first;
  loss.time = loss.related ? common.time : 0;
  memcpy (loss.head, newest.link.head, DD_DIGEST_SIZE);
  for (gint64 at = first; at < newest.link.last_event; at += PAGE_EVENTS)
    {
      CountDeals part = { at, MIN (at + PAGE_EVENTS, newest.link.last_event), 0 };

      if (!dd_store_read_here (store, count_deals, &part, error))
        return FALSE;
      loss.deals += part.count;
    }
  *out_loss = loss;
  return TRUE;
}
