/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Restore (see restoring.h): main thread -> the background thread copies and verifies what came -> main
 * thread: the door is closed, and what is inside comes out -> the background thread swaps -> main thread:
 * what was remembered of the old store is forgotten, the door is opened.
 *
 * Until the swap everything can be given up, and nothing has changed.
 */
#include "bus/restoring.h"

#include "background.h"
#include "bus/progress.h"
#include "completion.h"
#include "digest.h"
#include "doubt.h"
#include "door.h"
#include "message-ids.h"
#include "restore.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

/* How long calls under way may take to end. */
#define QUIET_USEC    (60 * G_USEC_PER_SEC)
#define QUIET_STEP_MS 10

typedef struct
{
  DdBusCall *call;
  DdProgress progress;
  int descriptor;
  gboolean dry_run;
  gint64 deadline;      /* monotonic: to be quiet */
  DdIncoming *incoming; /* (nullable): made and freed on the background thread */
  DdVerifyReport report;
  DdLoss loss;
  gint64 time;
  char *kept; /* (nullable): where the replaced store is */
  guint8 head[32];
  GError *error;
} Restore;

/* One at a time: what comes in has one place. Main thread. */
static gboolean under_way;

static void
restore_free (Restore *restore)
{
  if (restore->descriptor >= 0)
    close (restore->descriptor);
  g_clear_error (&restore->error);
  g_free (restore->kept);
  g_free (restore);
  under_way = FALSE;
}

/* --- answering --- */

static GBytes *
describe (const Restore *restore)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *copy_head = dd_digest_format (restore->report.head);
  g_autofree char *lost_head = dd_digest_format (restore->loss.head);

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "copy");
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "deals", restore->report.deals);
  dd_json_put_int64 (writer, "events", restore->report.events);
  dd_json_put_string (writer, "head", copy_head);
  dd_json_write_end_object (writer);
  if (restore->kept != NULL)
    dd_json_put_string (writer, "kept", restore->kept);
  dd_json_write_key (writer, "lost");
  dd_json_write_begin_object (writer);
  if (restore->loss.time != 0)
    {
      g_autofree char *since = dd_time_format (restore->loss.time);
      dd_json_put_string (writer, "after", since);
    }
  dd_json_put_int64 (writer, "deals", restore->loss.deals);
  dd_json_put_int64 (writer, "events", restore->loss.events);
  dd_json_put_string (writer, "head", lost_head);
  dd_json_put_boolean (writer, "sameStore", restore->loss.related);
  dd_json_write_end_object (writer);
  dd_json_write_end_object (writer);
  return dd_json_writer_finish_bytes (writer);
}

static void
answer (Restore *restore)
{
  DdBusCall *call = restore->call;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) document = NULL;
  g_autofree char *head = NULL;
  GVariant *reply;

  if (restore->error != NULL)
    {
      dd_bus_call_fail (call, restore->error);
      return;
    }
  document = describe (restore);
  reply = dd_document_variant (document, &fds, &restore->error);
  if (reply == NULL)
    {
      dd_bus_call_fail (call, restore->error);
      return;
    }
  head = dd_digest_format (restore->dry_run ? restore->report.head : restore->head);
  dd_bus_call_return (call, g_variant_new ("(s@v)", head, reply));
}

/* --- the swap --- */

static void
tell_journal (const Restore *restore)
{
  g_autofree char *head = dd_digest_format (restore->head);
  g_autofree char *lost = dd_digest_format (restore->loss.head);

  dd_journal (G_LOG_LEVEL_WARNING, DD_MESSAGE_RESTORED,
              "The store was restored by %s (%s): %" G_GINT64_FORMAT " events and %" G_GINT64_FORMAT
              " deals up to head %s are only in %s; the chain's head is now %s",
              restore->call->actor, restore->call->caller, restore->loss.events, restore->loss.deals, lost,
              restore->kept, head);
}

static void
on_swapped (gpointer data)
{
  Restore *restore = data;
  const DdService *service = restore->call->service;

  if (restore->error == NULL)
    {
      dd_service_forget (service);
      tell_journal (restore);
    }
  dd_background_interrupt (service->background, service->stopping);
  dd_door_open (service->door);
  answer (restore);
  restore_free (restore);
  dd_service_wake (service);
}

/* What is lost is known only now: nobody adds anything any more. */
static void
swap (gpointer data)
{
  Restore *restore = data;
  const DdService *service = restore->call->service;

  restore->time = dd_service_now ();
  if (dd_incoming_compare (restore->incoming, service->store, &restore->loss, &restore->error))
    dd_store_replace (service->store, restore->incoming, restore->time, dd_doubt_orders, &restore->time,
                      &restore->kept, restore->head, &restore->error);
  g_clear_pointer (&restore->incoming, dd_incoming_free);
  dd_completion_push (service->completion, on_swapped, restore);
}

/* Here, since removing gigabytes takes its time. */
static void
give_up (gpointer data)
{
  Restore *restore = data;

  g_clear_pointer (&restore->incoming, dd_incoming_free);
  dd_completion_push (restore->call->service->completion, on_swapped, restore);
}

/* --- waiting until nobody is inside --- */

static gboolean
on_look (gpointer data)
{
  Restore *restore = data;
  const DdService *service = restore->call->service;
  gboolean quiet = dd_service_is_quiet (service);

  if (!quiet && !service->stopping && g_get_monotonic_time () < restore->deadline)
    return G_SOURCE_CONTINUE;
  if (quiet && !service->stopping)
    {
      dd_background_run (service->background, swap, restore);
      return G_SOURCE_REMOVE;
    }
  dd_fail (&restore->error, DD_ERROR_UNAVAILABLE,
           service->stopping
             ? "the daemon is stopping; nothing was changed: try again when it is back"
             : "calls under way didn't end in a minute, so the store can't be replaced; nothing was changed: "
               "try again");
  dd_background_run (service->background, give_up, restore);
  return G_SOURCE_REMOVE;
}

static void
on_received (gpointer data)
{
  Restore *restore = data;
  const DdService *service = restore->call->service;

  if (restore->error != NULL || restore->dry_run)
    {
      answer (restore);
      restore_free (restore);
      return;
    }
  restore->deadline = g_get_monotonic_time () + QUIET_USEC;
  dd_door_close (service->door);
  dd_background_interrupt (service->background, TRUE);
  g_timeout_add (QUIET_STEP_MS, on_look, restore);
}

/* On the background thread. */
static void
receive (gpointer data)
{
  Restore *restore = data;
  const DdService *service = restore->call->service;

  restore->incoming = dd_incoming_open (service->store, restore->descriptor, dd_progress_tell,
                                        &restore->progress, &restore->error);
  if (restore->incoming != NULL)
    {
      restore->report = *dd_incoming_report (restore->incoming);
      if (restore->dry_run)
        {
          dd_incoming_compare (restore->incoming, service->store, &restore->loss, &restore->error);
          g_clear_pointer (&restore->incoming, dd_incoming_free);
        }
    }
  dd_completion_push (service->completion, on_received, restore);
}

static int
take_descriptor (DdBusCall *call, GError **error)
{
  GUnixFDList *fds =
    g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (call->invocation));
  gint32 handle = -1;
  int descriptor = -1;

  g_variant_get_child (call->parameters, 0, "h", &handle);
  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    descriptor = g_unix_fd_list_get (fds, handle, NULL);
  if (descriptor < 0)
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the copy's handle has no file descriptor with it");
  return descriptor;
}

void
dd_serve_restore (DdBusCall *call)
{
  g_autoptr (GError) error = NULL;
  Restore *restore;
  int descriptor;

  if (under_way)
    {
      dd_fail (&error, DD_ERROR_UNAVAILABLE, "another restore is under way; wait for its end");
      dd_bus_call_fail (call, error);
      return;
    }
  descriptor = take_descriptor (call, &error);
  if (descriptor < 0)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  under_way = TRUE;
  restore = g_new0 (Restore, 1);
  restore->call = call;
  restore->progress = dd_progress_of (call);
  restore->descriptor = descriptor;
  restore->dry_run = dd_options_flag (call->options, "dry-run");
  dd_background_run (call->service->background, receive, restore);
}
