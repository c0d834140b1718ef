/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Timers (see timers.h). Main thread, but for reading.
 *
 * The store knows each deal's next moment. What is due is read in pages and put through the engine as a
 * command like any other. Between, one alarm waits for the next moment.
 */
#include "timers.h"

#include "alarm.h"
#include "announce.h"
#include "completion.h"
#include "door.h"

#define PAGE 64
/* After a failure: a full disk must not become a storm. */
#define PAUSE_US G_TIME_SPAN_SECOND

struct _DdTimers
{
  const DdService *service;
  DdAlarm alarm;
  gboolean busy;   /* a page is being read or worked on */
  gboolean again;  /* woken meanwhile */
  guint running;   /* commands of the page that aren't done */
  gboolean failed; /* reading the page, or one of its commands */
  GArray *due;     /* gint64 */
  gint64 next;
  gint64 now;
};

static void look (DdTimers *timers);

static void
finish_page (DdTimers *timers)
{
  gboolean more = timers->due->len == PAGE || timers->again;

  timers->busy = FALSE;
  timers->again = FALSE;
  if (timers->failed)
    dd_alarm_set (&timers->alarm, dd_service_now () + PAUSE_US);
  else if (more)
    look (timers);
  else
    dd_alarm_set (&timers->alarm, timers->next);
}

static void
on_command_done (DdRequest *request, gpointer data)
{
  DdTimers *timers = data;

  timers->failed = timers->failed || request->error != NULL;
  /* A deal whose timer ran may want another before all that were known. */
  if (request->next_timer != 0 && (timers->next == 0 || request->next_timer < timers->next))
    timers->next = request->next_timer;
  if (request->error != NULL)
    g_warning ("timer of D-%" G_GINT64_FORMAT ": %s", request->deal, request->error->message);
  dd_announce (timers->service, request);
  dd_request_free (request);
  if (--timers->running == 0)
    finish_page (timers);
}

static void
on_read (gpointer data)
{
  DdTimers *timers = data;

  if (timers->due->len == 0)
    {
      finish_page (timers);
      return;
    }
  timers->running = timers->due->len;
  for (guint i = 0; i < timers->due->len; i++)
    {
      DdCommand *command = dd_command_new (DD_COMMAND_TIMER);
      DdRequest *request = dd_request_new (timers->service, command, g_array_index (timers->due, gint64, i));
      command->actor = g_strdup ("timer");
      command->now = timers->now;
      request->caller = g_strdup ("daemon");
      request->done = on_command_done;
      request->done_data = timers;
      dd_engine_run (request);
    }
}

static gboolean
read_due (DdReader *reader, gpointer data, GError **error)
{
  DdTimers *timers = data;

  g_array_set_size (timers->due, 0);
  return dd_reader_due_timers (reader, timers->now, PAGE, timers->due, &timers->next, error);
}

static void
read_done (gpointer data, const GError *error)
{
  DdTimers *timers = data;

  timers->failed = error != NULL;
  if (error != NULL)
    g_warning ("timers can't be read: %s", error->message);
  dd_completion_push (timers->service->completion, on_read, timers);
}

static void
look (DdTimers *timers)
{
  if (timers->busy)
    {
      timers->again = TRUE;
      return;
    }
  if (dd_door_is_closed (timers->service->door))
    return;
  timers->busy = TRUE;
  timers->now = dd_service_now ();
  dd_store_read (timers->service->store, read_due, read_done, timers);
}

static void
on_alarm (gpointer data)
{
  look (data);
}

DdTimers *
dd_timers_new (const DdService *service)
{
  DdTimers *timers = g_new0 (DdTimers, 1);

  timers->service = service;
  timers->alarm = (DdAlarm){ .ring = on_alarm, .data = timers };
  timers->due = g_array_new (FALSE, FALSE, sizeof (gint64));
  look (timers);
  return timers;
}

void
dd_timers_free (DdTimers *timers)
{
  dd_alarm_clear (&timers->alarm);
  g_array_unref (timers->due);
  g_free (timers);
}

void
dd_timers_wake (DdTimers *timers, gint64 time)
{
  if (timers->busy)
    timers->again = TRUE;
  else
    dd_alarm_set (&timers->alarm, time);
}

gboolean
dd_timers_are_busy (const DdTimers *timers)
{
  return timers->busy;
}

void
dd_timers_look_again (DdTimers *timers)
{
  look (timers);
}
