/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The runner's loop: a call, its answer, the next one (see serve.h).
 *
 * Before it ends between two calls it says so: then the daemon knows that a question that it sent in the same
 * moment was never read. Within the plugin the daemon ends us when we are late; the alarm does when there is
 * no daemon any more, or when we aren't its child.
 */
#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "confine.h"
#include "error.h"
#include "remote/wire-layout.h"

/* The daemon's patience with a plugin that closes, and ours after it. */
#define CLOSE_USEC (2 * G_USEC_PER_SEC + DD_RUNNER_ALARM_USEC)

/* Whoever started us has something to ask: that it comes a moment later isn't idleness. */
#define FIRST_USEC (10 * G_USEC_PER_SEC)

gboolean
dd_runner_send (
  DdRunner *runner, DdFrameType type, guint32 serial, const DdWireWriter *writer, GError **error)
{
  return dd_frame_send (runner->socket, type, serial, writer, -1, G_MAXINT64, error) == DD_WIRE_DONE;
}

static timer_t alarm_timer;

gboolean
dd_runner_make_alarm (GError **error)
{
  struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL };

  return timer_create (CLOCK_MONOTONIC, &event, &alarm_timer) == 0 ||
         dd_fail (error, DD_ERROR_UNAVAILABLE, "no timer can be made: %s", g_strerror (errno));
}

void
dd_runner_set_alarm (gint64 usec)
{
  struct itimerspec timer = { .it_value = { .tv_sec = usec / G_USEC_PER_SEC,
                                            .tv_nsec = usec % G_USEC_PER_SEC * 1000 } };

  timer_settime (alarm_timer, 0, &timer, NULL);
}

void
dd_runner_close (DdRunner *runner)
{
  dd_runner_set_alarm (CLOSE_USEC);
  dd_plugin_close (runner->plugin);
  dd_runner_set_alarm (0);
}

static gboolean
take_image (DdRunner *runner, GError **error)
{
  DdFrame *frame = &runner->question;
  const GPtrArray *datasets = runner->plugin->manifest->datasets;
  DdWireReader reader;
  const DdWireImage *image;

  if (!dd_wire_open (&reader, frame->body.data, frame->body.length, error))
    return FALSE;
  image = dd_wire_take (&reader, 1, sizeof *image);
  if (image == NULL || image->dataset >= datasets->len || frame->descriptor < 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the daemon gave an image of no dataset");

  const DdDatasetDeclaration *declaration = datasets->pdata[image->dataset];
  DdImage **place = &runner->images[image->dataset];

  /* There may not be room for both. */
  g_clear_pointer (place, dd_image_free);
  *place = dd_image_open (frame->descriptor, declaration->columns->len, error);
  return *place != NULL;
}

static gboolean
answer_call (DdRunner *runner, GError **error)
{
  const DdFrame *question = &runner->question;
  const DdWireCall *head = (const DdWireCall *)(const void *)(question->body.data + sizeof (DdWireBody));

  if (question->body.length < sizeof (DdWireBody) + sizeof *head)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the daemon's question is too short");
  dd_runner_set_alarm (MAX (head->kill - g_get_monotonic_time (), 0) + DD_RUNNER_ALARM_USEC);

  gboolean done = dd_runner_call (runner, error) &&
                  dd_runner_send (runner, DD_FRAME_ANSWER, question->serial, &runner->answer, error);

  dd_runner_set_alarm (0);
  return done;
}

/* The kernel would end us within a call when the time that we may use is over. */
static gboolean
is_worn (void)
{
  struct rusage usage;

  return getrusage (RUSAGE_SELF, &usage) == 0 &&
         usage.ru_utime.tv_sec + usage.ru_stime.tv_sec >= DD_CONFINE_CPU_SECONDS / 2;
}

static int
say_farewell (DdRunner *runner)
{
  dd_runner_close (runner);
  dd_wire_begin (&runner->answer);
  dd_runner_send (runner, DD_FRAME_BYE, 0, &runner->answer, NULL);
  return EXIT_SUCCESS;
}

static int
fail (const GError *error)
{
  g_printerr ("dealdesk-runner: %s\n", error->message);
  return EXIT_FAILURE;
}

int
dd_runner_serve (DdRunner *runner)
{
  gint64 patience = MAX (runner->idle_usec, FIRST_USEC);

  for (;;)
    {
      DdFrame *frame = &runner->question;
      g_autoptr (GError) error = NULL;
      gint64 until = g_get_monotonic_time () + patience;
      DdWireResult result = dd_frame_receive (runner->socket, frame, TRUE, until, &error);
      gboolean done = FALSE;

      if (result == DD_WIRE_LATE || (result == DD_WIRE_DONE && is_worn ()))
        return say_farewell (runner);
      if (result == DD_WIRE_CLOSED)
        {
          dd_runner_close (runner);
          return EXIT_SUCCESS;
        }
      patience = frame->type == DD_FRAME_CALL ? runner->idle_usec : patience;
      if (result == DD_WIRE_DONE && frame->type == DD_FRAME_CALL)
        done = answer_call (runner, &error);
      else if (result == DD_WIRE_DONE && frame->type == DD_FRAME_IMAGE)
        done = take_image (runner, &error);
      else if (result == DD_WIRE_DONE)
        dd_fail (&error, DD_ERROR_INVALID_ARGUMENT, "the daemon sent a frame of type %u", frame->type);
      if (frame->descriptor >= 0)
        close (frame->descriptor);
      frame->descriptor = -1;
      if (!done)
        return fail (error);
    }
}
