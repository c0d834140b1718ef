/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A store in a directory of its own, and its calls made to wait: what the store's tests share.
 */
#pragma once

#include "dataset.h"
#include "internal.h"

#include <glib/gstdio.h>
#include <string.h>

#define START G_GINT64_CONSTANT (1700000000000000)

typedef struct
{
  char *directory;
  char *path;
  DdStore *store;
} Fixture;

static inline void
fixture_open (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  const DdStoreOptions options = { .readers = 1 };

  fixture->store = dd_store_open (fixture->path, &options, &error);
  g_assert_no_error (error);
}

static inline void
fixture_close (Fixture *fixture)
{
  g_clear_pointer (&fixture->store, dd_store_close);
}

static inline void
fixture_init (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("dealdesk-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "deals.db", NULL);
  fixture_open (fixture);
}

static inline void
fixture_clear (Fixture *fixture)
{
  GDir *directory;
  const char *name;

  fixture_close (fixture);
  directory = g_dir_open (fixture->directory, 0, NULL);
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_clear_pointer (&directory, g_dir_close);
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* A call that is waited for. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean done;
  GError *error;
  DdStoreWork work;
  DdStoreRead read;
  gpointer data;
} Call;

static inline gboolean
call_work (DdTransaction *transaction, gpointer data, GError **error)
{
  Call *call = data;

  return call->work (transaction, call->data, error);
}

static inline gboolean
call_read (DdReader *reader, gpointer data, GError **error)
{
  Call *call = data;

  return call->read (reader, call->data, error);
}

static inline void
call_done (gpointer data, const GError *error)
{
  Call *call = data;

  g_mutex_lock (&call->mutex);
  call->error = error != NULL ? g_error_copy (error) : NULL;
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->mutex);
}

static inline gboolean
call_wait (Call *call, GError **error)
{
  g_mutex_lock (&call->mutex);
  while (!call->done)
    g_cond_wait (&call->cond, &call->mutex);
  g_mutex_unlock (&call->mutex);
  if (call->error == NULL)
    return TRUE;
  g_propagate_error (error, call->error);
  return FALSE;
}

static inline gboolean
write_now (DdStore *store, DdStoreWork work, gpointer data, GError **error)
{
  Call call = { .work = work, .data = data };

  dd_store_write (store, call_work, call_done, &call);
  return call_wait (&call, error);
}

static inline gboolean
read_now (DdStore *store, DdStoreRead read, gpointer data, GError **error)
{
  Call call = { .read = read, .data = data };

  dd_store_read (store, call_read, call_done, &call);
  return call_wait (&call, error);
}

static inline void
free_event (gpointer event)
{
  dd_event_free (event);
}

static inline GPtrArray *
events_new (void)
{
  return g_ptr_array_new_with_free_func (free_event);
}

static inline DdEvent *
add_event (GPtrArray *events, DdEventType type, const char *body)
{
  DdEvent *event = dd_event_new (type, g_strdup (body), strlen (body));

  g_ptr_array_add (events, event);
  return event;
}

/* Events of one append to @number; 0: a new deal, whose number is left there. */
typedef struct
{
  gint64 number;
  GPtrArray *events;
  gint64 time;
  guint8 head[DD_DIGEST_SIZE];
} Append;

static inline gboolean
append_work (DdTransaction *transaction, gpointer data, GError **error)
{
  Append *append = data;
  const DdAppend how = { .time = append->time, .actor = "anna", .caller = "uid:1000" };
  g_autoptr (DdDeal) deal = NULL;
  gint64 number = append->number;

  if (number == 0)
    {
      if (!dd_transaction_next_deal (transaction, &number, error))
        return FALSE;
      deal = dd_deal_new (number);
    }
  else
    deal = dd_reader_deal (dd_transaction_reader (transaction), number, error);
  if (deal == NULL || !dd_transaction_append (transaction, deal, append->events, &how, append->head, error))
    return FALSE;
  append->number = deal->number;
  return TRUE;
}

static inline void
append_now (DdStore *store, Append *append)
{
  g_autoptr (GError) error = NULL;

  if (append->time == 0)
    append->time = START;
  write_now (store, append_work, append, &error);
  g_assert_no_error (error);
}

/* A deal that was opened, and no more. */
static inline gint64
open_deal (DdStore *store, const char *customer)
{
  g_autoptr (GPtrArray) events = events_new ();
  g_autofree char *body =
    g_strdup_printf ("{\"customer\":\"%s\",\"owner\":\"anna\",\"title\":\"Branches\"}", customer);
  Append append = { .events = events };

  add_event (events, DD_EVENT_OPENED, body);
  append_now (store, &append);
  return append.number;
}

static inline void
append_one (DdStore *store, gint64 number, DdEventType type, const char *body)
{
  g_autoptr (GPtrArray) events = events_new ();
  Append append = { .number = number, .events = events };

  add_event (events, type, body);
  append_now (store, &append);
}

/* The first revision of @number with its documents, a request for approval with two steps, and an order. */
static inline void
fill_deal (DdStore *store, gint64 number)
{
  g_autoptr (GPtrArray) events = events_new ();
  g_autofree char *proposal_text = g_strdup_printf ("{\"proposal\":%" G_GINT64_FORMAT "}", number);
  g_autoptr (GBytes) proposal = g_bytes_new (proposal_text, strlen (proposal_text));
  g_autoptr (GBytes) sheet = g_bytes_new_static ("{\"sheet\":1}", 11);
  g_autofree char *drafted = NULL;
  g_autofree char *requested = NULL;
  g_autofree char *confirmed = NULL;
  g_autofree char *sheet_digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, sheet);
  g_autofree char *proposal_digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, proposal);
  Append append = { .number = number, .events = events };
  DdEvent *event;

  drafted = g_strdup_printf ("{\"author\":\"anna\",\"proposal\":\"%s\",\"revision\":1,\"sheet\":\"%s\","
                             "\"side\":\"provider\"}",
                             proposal_digest, sheet_digest);
  requested =
    g_strdup_printf ("{\"kind\":\"table\",\"requester\":\"anna\",\"revision\":1,\"sheet\":\"%s\",\"steps\":["
                     "{\"candidates\":[\"user:carla\",\"group:directors\"],\"higherIsWorse\":true,\"level\":"
                     "1,\"limit\":\"10%%\","
                     "\"measure\":\"discount.discretionary\",\"need\":1,\"plugin\":\"p\",\"rule\":\"r1\","
                     "\"step\":1,\"value\":\"18%%\"},"
                     "{\"candidates\":[\"user:carla\"],\"higherIsWorse\":true,\"level\":1,\"limit\":\"1\","
                     "\"measure\":\"contract.value\",\"need\":1,\"plugin\":\"p\",\"rule\":\"r2\",\"step\":2,"
                     "\"value\":\"2\"}]}",
                     sheet_digest);
  confirmed = g_strdup_printf ("{\"document\":\"%s\",\"id\":\"1\",\"key\":\"key-1\"}", proposal_digest);
  event = add_event (events, DD_EVENT_DRAFTED, drafted);
  dd_event_add_document (event, proposal);
  dd_event_add_document (event, sheet);
  add_event (events, DD_EVENT_APPROVAL_REQUESTED, requested);
  add_event (events, DD_EVENT_ORDER_CONFIRMED, confirmed);
  append_now (store, &append);
}

/* What a file of bytes is before and after. */
static inline char *
file_digest (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return g_strdup ("none");
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, length);
}

static inline void
raw_run (sqlite3 *db, const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

/* Changes the closed database as someone with the file would, past the triggers, which are put back. */
static inline void
tamper (const char *path, const char *sql)
{
  g_autoptr (GPtrArray) triggers = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT sql, name FROM sqlite_schema WHERE type = 'trigger'", -1,
                                       &statement, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_ptr_array_add (triggers, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
      g_ptr_array_add (triggers, g_strdup ((const char *)sqlite3_column_text (statement, 1)));
    }
  sqlite3_finalize (statement);
  for (guint i = 0; i < triggers->len; i += 2)
    {
      g_autofree char *drop = g_strdup_printf ("DROP TRIGGER %s", (const char *)triggers->pdata[i + 1]);

      raw_run (db, drop);
    }
  raw_run (db, sql);
  for (guint i = 0; i < triggers->len; i += 2)
    raw_run (db, triggers->pdata[i]);
  sqlite3_close (db);
}
