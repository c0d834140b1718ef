/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Timers (see timers.h). Main thread, but for reading.
 *
 * The store knows each deal's next moment. What is due is read in pages and put through the engine as a
 * command like any other. Between, one alarm sleeps until the next moment, but never longer than a minute:
 * the wall clock may jump.
 */
#include "timers.h"

#include "announce.h"
#include "completion.h"
#include "gate.h"

#define PAGE             64
#define LONGEST_SLEEP_US G_TIME_SPAN_MINUTE
/* After a failure: a full disk must not become a storm. */
#define PAUSE_US G_TIME_SPAN_SECOND

struct _DdTimers
{
  const DdService *service;
  guint alarm; /* source id, or 0 */
  gint64 alarm_time;
  gboolean busy;   /* a page is being read or worked on */
  gboolean again;  /* woken meanwhile */
  guint running;   /* commands of the page that aren't done */
  gboolean failed; /* reading the page, or one of its commands */
  GArray *due;     /* gint64 */
  gint64 next;
  gint64 now;
};

static void look (DdTimers *timers);

static gboolean
on_alarm (gpointer data)
{
  DdTimers *timers = data;

  timers->alarm = 0;
  timers->alarm_time = 0;
  look (timers);
  return G_SOURCE_REMOVE;
}

static void
set_alarm (DdTimers *timers, gint64 time)
{
  gint64 now = dd_service_now ();
  gint64 latest = now + LONGEST_SLEEP_US;
  gint64 moment = time == 0 || time > latest ? latest : time;

  if (timers->alarm != 0 && timers->alarm_time <= moment)
    return;
  if (timers->alarm != 0)
    g_source_remove (timers->alarm);
  timers->alarm_time = moment;
  timers->alarm = g_timeout_add ((guint)(MAX (moment - now, 0) / 1000 + 1), on_alarm, timers);
}

static void
finish_page (DdTimers *timers)
{
  gboolean more = timers->due->len == PAGE || timers->again;

  timers->busy = FALSE;
  timers->again = FALSE;
  if (timers->failed)
    set_alarm (timers, dd_service_now () + PAUSE_US);
  else if (more)
    look (timers);
  else
    set_alarm (timers, timers->next);
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
  if (dd_gate_is_closed (timers->service->gate))
    return;
  timers->busy = TRUE;
  timers->now = dd_service_now ();
  dd_store_read (timers->service->store, read_due, read_done, timers);
}

DdTimers *
dd_timers_new (const DdService *service)
{
  DdTimers *timers = g_new0 (DdTimers, 1);

  timers->service = service;
  timers->due = g_array_new (FALSE, FALSE, sizeof (gint64));
  look (timers);
  return timers;
}

void
dd_timers_free (DdTimers *timers)
{
  if (timers->alarm != 0)
    g_source_remove (timers->alarm);
  g_array_unref (timers->due);
  g_free (timers);
}

void
dd_timers_wake (DdTimers *timers, gint64 time)
{
  if (timers->busy)
    timers->again = TRUE;
  else
    set_alarm (timers, time);
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
